//! Asks `plimsoll why` of the small charts in `testdata/why`. Each file holds a chart, a section a file, and questions: a
//! section `why WORDS…` says what is asked, and under it stands the answer: the template line, `<` the calls on the way,
//! outermost first, then each value with its path, what it is, and its layer, and `hides` the layers behind that.
//! `WHY=overwrite cargo test --test why` writes what the program says now; look at the difference before you commit it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value as Json;

/// What the sections with questions begin with.
const QUESTION: &str = "why ";

fn main() {
    let mut trials = Vec::new();
    let mut files: Vec<PathBuf> = fs::read_dir("testdata/why")
        .expect("the cases are there")
        .map(|entry| entry.expect("the folder is readable").path())
        .collect();
    files.sort();
    for path in files {
        let text = fs::read_to_string(&path).expect("the case is readable");
        if std::env::var("WHY").is_ok_and(|wish| wish == "overwrite") {
            overwrite(&path, &text);
            continue;
        }
        let case = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        for (name, wanted) in sections(&text).into_iter().filter(|(name, _)| name.starts_with(QUESTION)) {
            let text = text.clone();
            trials.push(Trial::test(format!("{case}: {name}"), move || check(&text, &name, &wanted)));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn check(text: &str, question: &str, wanted: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    write_chart(text, folder.path())?;
    let got = ask(question, folder.path())?;
    if got.trim() == wanted.trim() { Ok(()) } else { Err(format!("wanted\n{wanted}\ngot\n{got}").into()) }
}

fn overwrite(path: &Path, text: &str) {
    let folder = tempfile::tempdir().expect("there is a place for it");
    write_chart(text, folder.path()).expect("the chart can be written");
    let mut out = text.split("-- ").next().unwrap_or_default().to_owned();
    for (name, content) in sections(text) {
        let content = if name.starts_with(QUESTION) {
            ask(&name, folder.path()).expect("the program runs") + "\n"
        } else {
            content
        };
        write!(out, "-- {name} --\n{content}").expect("a string takes it");
    }
    fs::write(path, out).expect("the case is writable");
}

/// The parts of a case: `-- NAME --`, then the content.
fn sections(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (name, found.last_mut()) {
            (Some(name), _) => found.push((name.to_owned(), String::new())),
            (None, Some((_, content))) => content.push_str(line),
            (None, None) => {}
        }
    }
    found
}

fn write_chart(text: &str, folder: &Path) -> std::io::Result<()> {
    for (name, content) in sections(text).into_iter().filter(|(name, _)| !name.starts_with(QUESTION)) {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap_or(folder))?;
        fs::write(file, content)?;
    }
    Ok(())
}

/// Runs the question in the folder with the chart.
fn ask(question: &str, folder: &Path) -> std::io::Result<String> {
    let words = question.split_whitespace().skip(1);
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["why", "."])
        .args(words)
        .args(["--format", "json"])
        .current_dir(folder)
        .output()?;
    match serde_json::from_slice(&output.stdout) {
        Ok(answer) => Ok(told(&answer)),
        Err(_) => Ok(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// The answer in short.
fn told(answer: &Json) -> String {
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let list = |value: &Json| value.as_array().cloned().unwrap_or_default();
    let location = &answer["location"];
    let mut told = format!("{}:{}\n", text(&location["file"]), location["line"]);
    for site in list(&answer["includes"]) {
        told += &format!("< {}:{} {}\n", text(&site["file"]), site["line"], text(&site["template"]));
    }
    for value in list(&answer["values"]) {
        told += &told_value(&value);
    }
    for value in list(&answer["conditions"]) {
        told += &format!("if {}", told_value(&value));
    }
    told.trim_end().to_owned()
}

fn told_value(value: &Json) -> String {
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let line = |value: &Json| value.get("line").map_or(String::new(), |line| format!(":{line}"));
    let mut told = format!("{} ({}) = {} ", text(&value["key"]), text(&value["path"]), value["value"]);
    match (value["layer"].as_str(), value.get("nearest")) {
        (Some(layer), _) => told += &format!("{layer}{}", line(value)),
        (None, Some(near)) => {
            told += &format!("not set, {} {}{}", text(&near["path"]), text(&near["layer"]), line(near));
        }
        (None, None) => told += "not set",
    }
    told.push('\n');
    for shadow in value["shadows"].as_array().into_iter().flatten() {
        told += &format!("  hides {} {}{}\n", shadow["value"], text(&shadow["layer"]), line(shadow));
    }
    told
}
