//! The families of whole command lines: files are laid down in a fresh folder, the program runs there, and what it says must
//! be what Helm said.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use testkit::archive;
use testkit::cases::Case;
use testkit::difference::compare;

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
    /// The files that it wrote, by their names, and their texts.
    pub wrote: BTreeMap<String, String>,
}

/// Runs the command line of the case with that program and compares standard output, standard error,
/// the exit code and the files that were written.
pub fn run(case: &Case, program: &Path) -> Result<(), String> {
    recorded(case).compare(&answer(case, program)?)
}

/// What was recorded of the case.
pub fn recorded(case: &Case) -> Answer {
    let text = |kind| case.get(kind).unwrap_or_default();
    let wrote = case.all("wrote").map(|(name, text)| (name.to_owned(), text)).collect();
    Answer { stdout: text("stdout"), stderr: text("stderr"), code: Some(i32::from(case.has("error"))), wrote }
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
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    Ok(Answer { stdout, stderr, code: output.status.code(), wrote: written(&home, case)? })
}

impl Answer {
    /// How the other differs from this, which was recorded.
    pub fn compare(&self, other: &Answer) -> Result<(), String> {
        compare("standard output", &self.stdout, &other.stdout)?;
        compare("standard error", &self.stderr, &other.stderr)?;
        if self.code != other.code {
            return Err(format!("exit code {:?}, wanted {:?}", other.code, self.code));
        }
        let listing = |answer: &Answer| -> String {
            answer.wrote.iter().map(|(name, text)| format!("=== {name}\n{text}\n")).collect()
        };
        compare("what was written to files", &listing(self), &listing(other))
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
        let source = testkit::testdata().join(source);
        std::fs::copy(&source, place(name)?).map_err(|error| format!("{}: {error}", source.display()))?;
    }
    for (name, target) in case.all("link") {
        std::os::unix::fs::symlink(target, place(name)?).map_err(told)?;
    }
    Ok(())
}

/// The files below the folder that were not given or have another text now; hidden ones do not count.
fn written(home: &Path, case: &Case) -> Result<BTreeMap<String, String>, String> {
    let given: BTreeMap<&str, String> = case.all("file").collect();
    let is_shown = |entry: &walkdir::DirEntry| !entry.file_name().to_string_lossy().starts_with('.');
    let mut wrote = BTreeMap::new();
    for entry in walkdir::WalkDir::new(home).min_depth(1).into_iter().filter_entry(is_shown) {
        let entry = entry.map_err(|error| error.to_string())?;
        let name = entry.path().strip_prefix(home).unwrap_or(entry.path()).display().to_string();
        let is_binary = case.all("archive").chain(case.all("copy")).any(|(known, _)| known == name);
        // Archives, what is signed and what is locked say when they were made.
        let is_dated = [".tgz", ".prov", ".lock"].iter().any(|ending| name.ends_with(ending));
        if is_binary || is_dated || !entry.file_type().is_file() {
            continue;
        }
        let text = std::fs::read(entry.path()).map_err(|error| format!("{name}: {error}"))?;
        let text = String::from_utf8_lossy(&text).into_owned();
        if given.get(name.as_str()) != Some(&text) {
            wrote.insert(name, text);
        }
    }
    Ok(wrote)
}
