//! `cargo xtask oracle [FILTER] [--check]`: asks Helm's own packages every case below `testdata/` and writes what they answer
//! into the case. Only recorded sections change. With `--check` nothing is written and what would change is an error.
//!
//! The program that answers is in `xtask/oracle/`, the one for Helm 3 in a folder below; both are built here with Go. Tests never need it.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use plimsoll::internals::manifest::HelmVersion;
use serde_json::{Value, json};

use testkit::archive;
use testkit::cases::{self, Case, File, Section};

use crate::{Outcome, root};

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
    let questions: Vec<_> = wanted.iter().map(|(family, case)| question(family, case)).collect();
    for ((_, case), answer) in wanted.into_iter().zip(Oracle::new(&["-patience", "30s"])?.ask(&questions)?) {
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

/// Replaces what was recorded by the answer; a question that ended the program is recorded as that.
pub fn record(case: &mut Case, answer: &Value) {
    case.sections.retain(|section| !section.is_recorded());
    if answer.is_null() {
        case.sections.push(Section::recorded("dies", "", ""));
    }
    for section in answer.as_array().into_iter().flatten() {
        let field = |name: &str| section[name].as_str().unwrap_or_default();
        case.sections.push(Section::recorded(field("Kind"), field("Name"), field("Text")));
    }
}

/// Asks every question and gives the answers in the same order.
pub fn ask(questions: Vec<Value>) -> Result<Vec<Value>, String> {
    let answers = Oracle::new(&[])?.ask(&questions)?;
    match answers.iter().position(Value::is_null) {
        Some(at) => Err(format!("oracle: it ended at question {at}")),
        None => Ok(answers),
    }
}

/// The Go programs, each started when it is first asked and again whenever a question ended it.
pub struct Oracle {
    options: &'static [&'static str],
    running: Option<Running>,
}

struct Running {
    helm: HelmVersion,
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// The Helm that answers a question.
fn helm_of(question: &Value) -> HelmVersion {
    if question["Kind"] == "helm3" { HelmVersion::Helm3 } else { HelmVersion::Helm4 }
}

impl Oracle {
    /// `options` are those of the program that asks Helm 4.
    pub fn new(options: &'static [&'static str]) -> Result<Oracle, String> {
        Ok(Oracle { options, running: None })
    }

    /// Asks every question and gives the answers in the same order. A question that ends the program, as Go ends on a
    /// value that contains itself, or outlasts its patience, is answered by null.
    pub fn ask(&mut self, questions: &[Value]) -> Result<Vec<Value>, String> {
        let mut answers = Vec::with_capacity(questions.len());
        while let [first, ..] = &questions[answers.len()..] {
            let helm = helm_of(first);
            let left = questions[answers.len()..].iter();
            let asked = left.take_while(|question| helm_of(question) == helm).count();
            let given = self.ask_until_it_ends(helm, &questions[answers.len()..][..asked])?;
            let has_ended = given.len() < asked;
            answers.extend(given);
            if has_ended {
                answers.push(Value::Null);
                self.end();
            }
        }
        Ok(answers)
    }

    /// The answers up to the question that ends the program, if one does.
    fn ask_until_it_ends(&mut self, helm: HelmVersion, asked: &[Value]) -> Result<Vec<Value>, String> {
        if self.running.as_ref().is_some_and(|running| running.helm != helm) {
            self.end();
        }
        let running = match self.running.take() {
            Some(running) => running,
            None => self.start(helm)?,
        };
        let Running { questions, answers, .. } = self.running.insert(running);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut to = BufWriter::new(questions);
                // A program that went away is told by the answers that are missing.
                let _ = asked.iter().try_for_each(|question| writeln!(to, "{question}"));
            });
            // Half a line is the last word of a program that ended.
            let lines = answers.lines().take(asked.len());
            Ok(lines.map_while(|line| serde_json::from_str(&line.ok()?).ok()).collect())
        })
    }

    fn start(&self, helm: HelmVersion) -> Result<Running, String> {
        let options = if helm == HelmVersion::Helm4 { self.options } else { &[] };
        let mut child = Command::new(build(helm)?)
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .env_clear()
            .envs(std::env::vars().filter(|(name, _)| ["PATH", "TMPDIR"].contains(&name.as_str())))
            .env("TZ", "UTC")
            .spawn()
            .map_err(|error| format!("oracle: {error}"))?;
        let questions = child.stdin.take().expect("it is piped");
        let answers = BufReader::new(child.stdout.take().expect("it is piped"));
        Ok(Running { helm, child, questions, answers })
    }

    fn end(&mut self) {
        if let Some(Running { mut child, questions, .. }) = self.running.take() {
            drop(questions);
            // It ends by itself when there is nothing to read; how does not matter.
            let _ = child.wait();
        }
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        self.end();
    }
}

/// Builds the Go program that asks that Helm, once, and gives its path.
fn build(helm: HelmVersion) -> Result<PathBuf, String> {
    static HELM_4: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    static HELM_3: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let (built, source, program) = match helm {
        HelmVersion::Helm4 => (&HELM_4, "xtask/oracle", "target/oracle"),
        HelmVersion::Helm3 => (&HELM_3, "xtask/oracle/helm3", "target/oracle-helm3"),
    };
    built.get_or_init(|| build_now(&root().join(source), root().join(program))).clone()
}

fn build_now(source: &Path, program: PathBuf) -> Result<PathBuf, String> {
    let status = Command::new("go")
        .args(["build", "-o"])
        .args([program.as_path(), Path::new(".")])
        .current_dir(source)
        .status()
        .map_err(|error| format!("go: {error}: the oracle needs Go to be built"))?;
    if status.success() { Ok(program) } else { Err(format!("go build: {status}")) }
}
