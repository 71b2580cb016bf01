//! The families of whole command lines: files are laid down in a fresh folder, the program runs there, and what it says must
//! be what Helm said.

use std::path::Path;
use std::process::Command;

use crate::cases::Case;
use crate::difference::compare;

/// Stands for the fresh folder in what was recorded.
const FOLDER: &str = "@DIR@";

/// Runs the command line of the case and compares standard output, standard error and the exit code.
pub fn run(case: &Case) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let home = std::fs::canonicalize(folder.path()).map_err(|error| error.to_string())?;
    for (name, text) in case.all("file") {
        lay_down(&home.join(name), &text)?;
    }
    let arguments = case.get("args").ok_or("no section `args`")?;
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(arguments.lines())
        .current_dir(&home)
        .env_clear()
        .env("HOME", &home)
        .env("HELM_CACHE_HOME", home.join(".helm/cache"))
        .env("HELM_CONFIG_HOME", home.join(".helm/config"))
        .env("HELM_DATA_HOME", home.join(".helm/data"))
        .output()
        .map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&*home.to_string_lossy(), FOLDER);
    compare("standard output", &case.get("stdout").unwrap_or_default(), &text(&output.stdout))?;
    compare("standard error", &case.get("stderr").unwrap_or_default(), &text(&output.stderr))?;
    let wanted = i32::from(case.has("error"));
    match output.status.code() {
        Some(code) if code == wanted => Ok(()),
        code => Err(format!("exit code {code:?}, wanted {wanted}")),
    }
}

fn lay_down(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
