//! What `plimsoll patch` makes of manifests: recorded cases in `testdata/patch/*.txt`, random pods in [`random`], and
//! what the service gives back in [`service`].
//!
//! A case begins with `=== manifest NAME`; `=== flags` (words) and `=== request` may follow. Then comes what was recorded:
//! `=== want` is what is printed and `=== said` what is said on standard error. Whatever is recorded, patching the result
//! again must change nothing, and no finding may be left that has a fix of the kind that was asked for.
//! `UPDATE=1 cargo test --test patch` records anew; look at the difference before you commit it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod random;
mod service;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use plimsoll::{cli, rules};
use serde_json::Value;

fn main() {
    let args = Arguments::from_args();
    let mut trials = vec![
        Trial::test("every_fix_is_shown", every_fix_is_shown),
        Trial::test("random_pods", random::pods),
        Trial::test("clean_pods", random::clean_pods),
        Trial::test("answers_of_the_service", service::answers),
    ];
    for file in files() {
        let cases = read(&file);
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if std::env::var_os("UPDATE").is_some() {
            let text: String = cases.iter().map(|case| case.run().text()).collect();
            std::fs::write(&file, text).expect("the case file is writable");
        }
        for case in cases {
            trials.push(Trial::test(format!("{stem}::{}", case.name), move || case.check()));
        }
    }
    libtest_mimic::run(&args, trials).exit();
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/patch");
    let entries = std::fs::read_dir(folder).expect("testdata/patch exists");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    files.sort();
    files
}

fn read(file: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(file).expect("the case file is readable");
    let mut cases: Vec<Case> = Vec::new();
    for section in text.strip_prefix("=== ").unwrap_or(&text).split("\n=== ") {
        let (head, body) = section.split_once('\n').unwrap_or((section, ""));
        let body = if body.is_empty() { String::new() } else { format!("{}\n", body.trim_end_matches('\n')) };
        match (head.split_once(' '), cases.last_mut()) {
            (Some(("manifest", name)), _) => {
                cases.push(Case { name: name.to_owned(), manifest: body, ..Case::default() });
            }
            (None, Some(case)) => *case.section(head) = body,
            _ => panic!("{}: `=== {head}` is no section", file.display()),
        }
    }
    cases
}

#[derive(Clone, Default)]
struct Case {
    name: String,
    manifest: String,
    flags: String,
    request: String,
    want: String,
    said: String,
}

impl Case {
    fn section(&mut self, name: &str) -> &mut String {
        match name {
            "flags" => &mut self.flags,
            "request" => &mut self.request,
            "want" => &mut self.want,
            "said" => &mut self.said,
            _ => panic!("`=== {name}` is no section"),
        }
    }

    fn text(&self) -> String {
        let mut text = format!("=== manifest {}\n{}", self.name, self.manifest);
        for (name, body) in
            [("flags", &self.flags), ("request", &self.request), ("want", &self.want), ("said", &self.said)]
        {
            if !body.is_empty() || name == "want" {
                let _ = write!(text, "=== {name}\n{body}");
            }
        }
        text
    }

    /// The case as the program answers it now.
    fn run(&self) -> Case {
        let (_, want, said) = self.plimsoll("patch", &self.manifest, &[]);
        Case { want, said, ..self.clone() }
    }

    fn plimsoll(&self, command: &str, manifest: &str, more: &[&str]) -> (u8, String, String) {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("the folder is writable");
            path.into_os_string()
        };
        let mut words: Vec<OsString> = vec!["plimsoll".into(), command.into()];
        words.extend(["--manifests".into(), file("manifests.yaml", manifest)]);
        if !self.request.is_empty() {
            words.extend(["--request".into(), file("request.yaml", &self.request)]);
        }
        let own = |word: &&str| command == "patch" || *word != "--unsafe";
        words.extend(
            self.flags.split_whitespace().filter(own).chain(more.iter().copied()).map(OsString::from),
        );
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = cli::run(&words, &mut out, &mut err);
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        (code, text(out), text(err))
    }

    fn check(&self) -> Result<(), Failed> {
        let (code, want, said) = self.plimsoll("patch", &self.manifest, &[]);
        if code != 0 {
            return Err(format!("exit code {code}\n{said}").into());
        }
        for (what, got, want) in [("printed", &want, &self.want), ("said", &said, &self.said)] {
            if got.trim_end() != want.trim_end() {
                return Err(format!("{what}\n{got}\nbut recorded is\n{want}").into());
            }
        }
        let (_, again, said_again) = self.plimsoll("patch", &want, &[]);
        let spoken = said_again.lines().filter(|line| !line.starts_with("hint: ")).count();
        if again != want || spoken > 0 && !said_again.contains(" is not mended: ") {
            return Err(format!("patching again changes it\n{said_again}{again}").into());
        }
        self.nothing_is_left(&want)
    }

    /// No finding is left with a fix of the kind that was asked for.
    fn nothing_is_left(&self, patched: &str) -> Result<(), Failed> {
        let (_, report, _) = self.plimsoll("check", patched, &["--format", "json"]);
        let report: Value = serde_json::from_str(&report)?;
        let kinds: &[&str] = if self.flags.contains("--unsafe") { &["safe", "unsafe"] } else { &["safe"] };
        for diagnostic in report["charts"][0]["diagnostics"].as_array().into_iter().flatten() {
            let kind = diagnostic["fix"]["applicability"].as_str().unwrap_or_default();
            if kinds.contains(&kind) && !self.said.contains(" is not mended: ") {
                return Err(format!("still found: {diagnostic}").into());
            }
        }
        Ok(())
    }
}

/// Each rule that has fixes is in a recorded case.
fn every_fix_is_shown() -> Result<(), Failed> {
    let cases: Vec<Case> = files().iter().flat_map(|file| read(file)).collect();
    let shown: BTreeSet<&str> =
        cases.iter().flat_map(|case| case.said.lines()).filter_map(|line| line.split(' ').next()).collect();
    let with_fix = rules::all().into_iter().filter(|rule| rule.fix.is_some());
    let missing: Vec<&str> = with_fix.map(|rule| rule.code).filter(|code| !shown.contains(code)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("no case for {}", missing.join(", ")).into()) }
}
