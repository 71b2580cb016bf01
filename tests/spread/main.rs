//! A run of `check` that several machines share, and one that remembers what others found.

mod cache;
mod depfile;
mod elsewhere;
mod shards;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder with charts that are clean, warned of, refused, broken, empty and judged with several sets of values.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let root = folder.path();
    let pod = |extra: &str| format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec:\n{extra}");
    for (name, template) in [
        ("clean", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n".to_owned()),
        ("host", pod("  hostNetwork: {{ .Values.host }}\n  hostPID: true\n")),
        ("fails", "{{ fail \"not today\" }}\n".to_owned()),
        ("parse", "a: [\n".to_owned()),
        ("empty", "{{ if .Values.nothing }}a: b{{ end }}\n".to_owned()),
        ("kinds", "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: x}\nspec: {schedule: x}\n".to_owned()),
        (
            "secret",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: x\nstringData:\n  a: {{ .Values.host }}\n  b: 1\n"
                .to_owned(),
        ),
        ("sets", pod("  hostNetwork: {{ .Values.host }}\n  containers: [{name: a, image: b}]\n")),
        ("config", pod("  hostIPC: true\n")),
    ] {
        write(&root.join(name), "Chart.yaml", &format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n"));
        write(&root.join(name), "values.yaml", "host: true\nunread: 1\n");
        write(&root.join(name), "templates/a.yaml", &template);
    }
    write(&root.join("sets"), "values-prod.yaml", "host: false\n");
    write(&root.join("config"), ".plimsoll.yaml", "fail-on: never\n");
    // Whoever judges believes what configurations of the same checkout say.
    std::fs::create_dir(root.join(".git")).expect("it can be made");
    folder
}

/// Writes a file below a folder.
fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("it can be made");
    std::fs::write(path, text).expect("it can be written");
}

/// The program in the folder, whose home is empty.
fn program(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(words).current_dir(folder).env_clear().env("HOME", home(folder)).env("NO_COLOR", "1");
    command
}

/// A home that is not in the folder.
fn home(folder: &Path) -> PathBuf {
    let name = folder.file_name().expect("it has a name").to_string_lossy();
    std::env::temp_dir().join(format!("{name}-home"))
}

/// Runs the program in the folder.
fn plimsoll(folder: &Path, words: &[&str]) -> Output {
    program(folder, words).output().expect("the program runs")
}

/// What the program wrote.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
