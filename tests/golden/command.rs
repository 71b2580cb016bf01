//! The families of whole command lines: files are laid down in a fresh folder, the program runs there, and what it says must
//! be what Helm said.

use std::path::Path;
use std::process::Command;

use crate::archive;
use crate::cases::Case;
use crate::difference::compare;

/// Stands for the fresh folder in what was recorded.
const FOLDER: &str = "@DIR@";

/// What a command said and how it ended.
#[derive(Debug, PartialEq)]
pub struct Answer {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The exit code, unless a signal ended it.
    pub code: Option<i32>,
}

/// Runs the command line of the case with that program and compares standard output, standard error and the exit code.
pub fn run(case: &Case, program: &Path) -> Result<(), String> {
    recorded(case).compare(&answer(case, program)?)
}

/// What was recorded of the case.
pub fn recorded(case: &Case) -> Answer {
    let text = |kind| case.get(kind).unwrap_or_default();
    Answer { stdout: text("stdout"), stderr: text("stderr"), code: Some(i32::from(case.has("error"))) }
}

/// What the program answers.
pub fn answer(case: &Case, program: &Path) -> Result<Answer, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let home = std::fs::canonicalize(folder.path()).map_err(|error| error.to_string())?;
    lay_down(case, &home)?;
    let arguments = case.get("args").ok_or("no section `args`")?;
    let output = Command::new(program)
        .args(arguments.split('\n').filter(|_| !arguments.is_empty()))
        .current_dir(&home)
        .env_clear()
        .env("HOME", &home)
        .env("HELM_CACHE_HOME", home.join(".helm/cache"))
        .env("HELM_CONFIG_HOME", home.join(".helm/config"))
        .env("HELM_DATA_HOME", home.join(".helm/data"))
        .output()
        .map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&*home.to_string_lossy(), FOLDER);
    Ok(Answer { stdout: text(&output.stdout), stderr: text(&output.stderr), code: output.status.code() })
}

impl Answer {
    /// How the other differs from this, which was recorded.
    pub fn compare(&self, other: &Answer) -> Result<(), String> {
        compare("standard output", &self.stdout, &other.stdout)?;
        compare("standard error", &self.stderr, &other.stderr)?;
        if self.code == other.code {
            return Ok(());
        }
        Err(format!("exit code {:?}, wanted {:?}", other.code, self.code))
    }
}

/// Lays down the files, archives, copies and symbolic links of the case.
fn lay_down(case: &Case, home: &Path) -> Result<(), String> {
    let place = |name: &str| {
        let path = home.join(name);
        let folder = path.parent().unwrap_or(&path);
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok::<_, String>(path)
    };
    let told = |error: std::io::Error| error.to_string();
    for (name, text) in case.all("file") {
        std::fs::write(place(name)?, text).map_err(told)?;
    }
    for (name, text) in case.all("archive") {
        std::fs::write(place(name)?, archive::build(&text)?).map_err(told)?;
    }
    for (name, source) in case.all("copy") {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(source);
        std::fs::copy(&source, place(name)?).map_err(|error| format!("{}: {error}", source.display()))?;
    }
    for (name, target) in case.all("link") {
        std::os::unix::fs::symlink(target, place(name)?).map_err(told)?;
    }
    Ok(())
}
