//! `cargo xtask oracle [FILTER] [--check]`: asks Helm's own packages every case below `testdata/` and writes what they answer
//! into the case. Only recorded sections change. With `--check` nothing is written and what would change is an error.
//!
//! The program that answers is in `xtask/oracle/` and is built here with Go. Tests never need it.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::cases::{self, Case, File, Section};
use crate::{Outcome, archive, root};

/// Runs the task.
pub fn run(words: &[&str]) -> Outcome {
    let check = words.contains(&"--check");
    let filter = words.iter().find(|word| !word.starts_with("--")).copied().unwrap_or_default();
    let testdata = root().join("testdata");
    let mut files = cases::read_all(&testdata)?;
    let mut wanted: Vec<(&str, &mut Case)> = Vec::new();
    let before = files.clone();
    for File { title, cases, .. } in &mut files {
        let chosen = |case: &Case| format!("{title}::{}", case.name).contains(filter);
        let family = title.split("::").next().unwrap_or_default();
        wanted.extend(cases.iter_mut().filter(|case| chosen(case)).map(|case| (family, case)));
    }
    let count = wanted.len();
    let questions = wanted.iter().map(|(family, case)| question(family, case)).collect();
    for ((_, case), answer) in wanted.into_iter().zip(ask(questions)?) {
        record(case, &answer);
    }
    let mut changed = 0;
    for (file, before) in files.iter().zip(&before) {
        for (case, old) in file.cases.iter().zip(&before.cases).filter(|(case, old)| case != old) {
            changed += 1;
            println!("{} {}::{}", if old_is_new(old) { "new    " } else { "changed" }, file.title, case.name);
        }
        if !check && file != before {
            std::fs::write(&file.path, file.to_text()).map_err(|error| error.to_string())?;
        }
    }
    println!("{count} cases asked, {changed} {}", if check { "would change" } else { "changed" });
    if check && changed > 0 { Err("run `cargo xtask oracle`".to_owned()) } else { Ok(()) }
}

fn old_is_new(case: &Case) -> bool {
    !case.sections.iter().any(Section::is_recorded)
}

/// The case as the oracle wants it: what is given, without what was recorded.
pub fn question(family: &str, case: &Case) -> Value {
    let given = case.sections.iter().filter(|section| !section.is_recorded());
    let sections: Vec<Value> = given
        .map(|section| {
            let kind = section.kind.trim_end_matches("-json");
            let text = if kind == section.kind { None } else { serde_json::from_str(&section.text).ok() };
            let text = text.unwrap_or(Value::from(section.text.as_str()));
            // An archive is built here, so that Helm and ours read the same bytes.
            let bytes = match kind {
                "archive" => archive::build(&section.text).ok(),
                "copy" => std::fs::read(root().join("testdata").join(&section.text)).ok(),
                _ => None,
            };
            match bytes {
                Some(bytes) => {
                    json!({ "Kind": "bytes", "Name": section.name, "Text": STANDARD.encode(bytes) })
                }
                None => json!({ "Kind": kind, "Name": section.name, "Text": text }),
            }
        })
        .collect();
    json!({ "Kind": family, "Sections": sections })
}

/// Replaces what was recorded by the answer.
pub fn record(case: &mut Case, answer: &Value) {
    case.sections.retain(|section| !section.is_recorded());
    for section in answer.as_array().into_iter().flatten() {
        let field = |name: &str| section[name].as_str().unwrap_or_default();
        case.sections.push(Section::recorded(field("Kind"), field("Name"), field("Text")));
    }
}

/// Asks every question and gives the answers in the same order.
pub fn ask(questions: Vec<Value>) -> Result<Vec<Value>, String> {
    let count = questions.len();
    let answers = ask_until_it_ends(&build()?, questions)?;
    if answers.len() == count {
        Ok(answers)
    } else {
        Err(format!("oracle: it ended at question {}", answers.len()))
    }
}

/// As [`ask`], but a question that ends the program, as Go ends on a value that contains itself, is answered by null.
pub fn ask_all(mut questions: Vec<Value>) -> Result<Vec<Value>, String> {
    let program = build()?;
    let mut answers = Vec::with_capacity(questions.len());
    while !questions.is_empty() {
        let given = ask_until_it_ends(&program, questions.clone())?;
        let rest = questions.split_off((given.len() + 1).min(questions.len()));
        let ended = given.len() < questions.len();
        answers.extend(given);
        answers.extend(ended.then_some(Value::Null));
        questions = rest;
    }
    Ok(answers)
}

/// The answers up to the question that ends the program, if one does.
fn ask_until_it_ends(program: &Path, questions: Vec<Value>) -> Result<Vec<Value>, String> {
    let mut oracle = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .env_clear()
        .envs(std::env::vars().filter(|(name, _)| ["PATH", "TMPDIR"].contains(&name.as_str())))
        .env("TZ", "UTC")
        .spawn()
        .map_err(|error| format!("oracle: {error}"))?;
    let mut stdin = oracle.stdin.take().expect("it is piped");
    let writer = std::thread::spawn(move || {
        for question in questions {
            // A program that went away is told below, by the answers that are missing.
            if writeln!(stdin, "{question}").is_err() {
                break;
            }
        }
    });
    let stdout = BufReader::new(oracle.stdout.take().expect("it is piped"));
    let mut answers = Vec::new();
    for line in stdout.lines() {
        // Half a line is the last word of a program that ended.
        let Some(answer) = line.ok().and_then(|line| serde_json::from_str(&line).ok()) else { break };
        answers.push(answer);
    }
    writer.join().map_err(|_| "oracle: the writer of questions panicked")?;
    oracle.wait().map_err(|error| format!("oracle: {error}"))?;
    Ok(answers)
}

/// Builds the Go program, once, and gives its path.
fn build() -> Result<std::path::PathBuf, String> {
    static BUILT: OnceLock<Result<std::path::PathBuf, String>> = OnceLock::new();
    BUILT.get_or_init(build_now).clone()
}

fn build_now() -> Result<std::path::PathBuf, String> {
    let source: &Path = &root().join("xtask/oracle");
    let program = root().join("target/oracle");
    let status = Command::new("go")
        .args(["build", "-o"])
        .args([program.as_path(), Path::new(".")])
        .current_dir(source)
        .status()
        .map_err(|error| format!("go: {error}: the oracle needs Go to be built"))?;
    if status.success() { Ok(program) } else { Err(format!("go build: {status}")) }
}
