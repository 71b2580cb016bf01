//! Names that are not UTF-8, in every place where Helm takes one: `testdata/bytes/names.jsonl` holds command lines, files, and
//! what Helm 4.3.1 answered. Standard output is Helm's byte for byte; on standard error such bytes are made visible.
//! `HELM=helm cargo test --test bytes` asks Helm again and writes down what it says.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

/// A case. In its texts a byte that is in no character is written as `\xff`, and a backslash twice.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Case {
    name: String,
    args: Vec<String>,
    env: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
    code: i32,
    stdout: String,
    stderr: String,
    wrote: Vec<String>,
}

/// The bytes that a text stands for.
fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        if let Some(hex) = rest[at + 1..].strip_prefix('x') {
            bytes.push(u8::from_str_radix(&hex[..2], 16).unwrap());
            rest = &hex[2..];
        } else {
            bytes.push(b'\\');
            rest = &rest[at + 2..];
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

/// The text of bytes.
fn text(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(&chunk.valid().replace('\\', "\\\\"));
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    text
}

fn os(text: &str) -> OsString {
    OsString::from_vec(bytes(text))
}

/// What the program says in a folder that holds the case's files.
fn answer(program: &Path, case: &Case) -> Case {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in &case.files {
        let file = folder.path().join(os(name));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes(content)).unwrap();
    }
    let output = Command::new(program)
        .args(case.args.iter().map(|word| os(word)))
        .current_dir(folder.path())
        .env_clear()
        .envs(case.env.iter().map(|(name, value)| (os(name), os(value))))
        .env("HOME", "/nonexistent")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let here = text(fs::canonicalize(folder.path()).unwrap().as_os_str().as_bytes());
    let shown = |bytes: &[u8]| text(bytes).replace(&here, "DIR");
    let wrote = walkdir::WalkDir::new(folder.path()).into_iter().map(|entry| entry.unwrap().into_path());
    let wrote = wrote
        .filter(|path| path.is_file())
        .map(|path| text(path.strip_prefix(folder.path()).unwrap().as_os_str().as_bytes()));
    let mut wrote: Vec<String> = wrote.filter(|name| !case.files.contains_key(name)).collect();
    wrote.sort_unstable();
    Case {
        code: output.status.code().unwrap(),
        stdout: shown(&output.stdout),
        stderr: shown(&output.stderr),
        wrote,
        ..case.clone()
    }
}

/// Helm's words on standard error as ours are: with our name, and each byte that is in no character made visible.
fn visible(stderr: &str) -> String {
    stderr
        .replace("\"helm\"", "\"plimsoll\"")
        .replace("'helm ", "'plimsoll ")
        .replace("\\x", "\\\\x")
        .replace("\\\\\\x", "\\\\x")
}

#[test]
fn names_are_bytes_as_with_helm() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/bytes/names.jsonl");
    let recorded = fs::read_to_string(&file).unwrap();
    let cases: Vec<Case> = recorded.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    if let Some(helm) = std::env::var_os("HELM") {
        let helm = Path::new(&helm);
        let lines = cases.iter().map(|case| serde_json::to_string(&answer(helm, case)).unwrap() + "\n");
        fs::write(&file, lines.collect::<String>()).unwrap();
        return;
    }
    let mut differing = Vec::new();
    for case in &cases {
        let ours = answer(Path::new(env!("CARGO_BIN_EXE_plimsoll")), case);
        let wanted = Case { stderr: visible(&case.stderr), ..case.clone() };
        let told = |case: &Case| format!("{} {:?}\n{}\n{}", case.code, case.wrote, case.stdout, case.stderr);
        if told(&ours) != told(&wanted) {
            differing.push(format!("{}: wanted {}\nfound {}", case.name, told(&wanted), told(&ours)));
        }
    }
    assert!(differing.is_empty(), "{} of {}:\n{}", differing.len(), cases.len(), differing.join("\n\n"));
}

/// A place in a report names a file by its own bytes, as the message does.
#[test]
fn a_report_names_the_bytes_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let templates = folder.path().join("c/templates");
    fs::create_dir_all(&templates).unwrap();
    fs::write(folder.path().join("c/Chart.yaml"), "apiVersion: v2\nname: c\nversion: 0.1.0\n").unwrap();
    fs::write(templates.join(os("a\\xff\\x80.yaml")), "{{ fail \"x\" }}").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["check", "c", "--format", "json"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let names: Vec<&str> = report.to_string().matches("a\u{10ffff}\u{10ff80}.yaml").map(|_| "").collect();
    assert!(names.len() >= 2 && !report.to_string().contains("a\u{fffd}"), "{report}");
}
