//! What `plimsoll patch` makes of manifests: recorded cases in `testdata/patch/*.txt`, random pods in [`random`],
//! what the service gives back in [`service`], and charts that are mended where they lie in [`charts`].
//!
//! A case has a section `manifest`; `flags` (words) and `request` may follow. Then comes what was recorded: `want` is what is
//! printed and `said` what is said on standard error. Whatever is recorded, patching the result again must change nothing,
//! and no finding may be left that has a fix of the kind that was asked for.
//! `cargo xtask record patch` records anew; look at the difference before you commit it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod charts;
mod random;
mod service;

use std::collections::BTreeSet;
use std::ffi::OsString;

use libtest_mimic::{Arguments, Failed, Trial};
use plimsoll::internals::policy::Check;
use plimsoll::internals::{cli, rules};
use serde_json::Value;
use testkit::cases::{self, Case, File, Section};
use testkit::record::Driver;

fn main() {
    let args = Arguments::from_args();
    let driver = Driver { recorded: &["want", "said"], answer };
    let mut trials = driver.trials(&testkit::testdata().join("patch")).expect("the cases are sound");
    trials.extend([
        Trial::test("every_fix_is_shown", every_fix_is_shown),
        Trial::test("random_pods", random::pods),
        Trial::test("clean_pods", random::clean_pods),
        Trial::test("answers_of_the_service", service::answers),
        Trial::test("mended_charts", charts::mended),
        Trial::test("overlaid_charts", charts::overlaid),
        Trial::test("archived_charts", charts::archived),
    ]);
    libtest_mimic::run(&args, trials).exit();
}

/// What is printed and said; an error where that is not all that can be done.
fn answer(_: &File, case: &Case) -> Result<Vec<Section>, String> {
    let (code, want, said) = plimsoll(case, "patch", &lines(case, "manifest"), &[]);
    if code != 0 {
        return Err(format!("exit code {code}\n{said}"));
    }
    let (_, again, said_again) = plimsoll(case, "patch", &want, &[]);
    let spoken = said_again.lines().filter(|line| !line.starts_with("hint: ")).count();
    if again != want || spoken > 0 && !said_again.contains(" is not mended: ") {
        return Err(format!("patching again changes it\n{said_again}{again}"));
    }
    if !said.contains(" is not mended: ") {
        nothing_is_left(case, &want)?;
    }
    let said = said.trim_end();
    let said = (!said.is_empty()).then(|| Section::recorded("said", "", said));
    Ok([Section::recorded("want", "", want.trim_end())].into_iter().chain(said).collect())
}

/// The text of a section with a line break at its end, unless it is empty.
fn lines(case: &Case, kind: &str) -> String {
    case.get(kind).filter(|text| !text.is_empty()).map_or_else(String::new, |text| text + "\n")
}

/// Runs a command on a manifest, with the flags and the request of the case.
fn plimsoll(case: &Case, command: &str, manifest: &str, more: &[&str]) -> (u8, String, String) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("the folder is writable");
        path.into_os_string()
    };
    let mut words: Vec<OsString> = vec!["plimsoll".into(), command.into()];
    words.extend(["--manifests".into(), file("manifests.yaml", manifest)]);
    if case.has("request") {
        words.extend(["--request".into(), file("request.yaml", &lines(case, "request"))]);
    }
    let flags = lines(case, "flags");
    let own = |word: &&str| command == "patch" || *word != "--unsafe";
    words.extend(flags.split_whitespace().filter(own).chain(more.iter().copied()).map(OsString::from));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = cli::run(&words, &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
    (code, text(out), text(err))
}

/// No finding is left with a fix of the kind that was asked for.
fn nothing_is_left(case: &Case, patched: &str) -> Result<(), String> {
    let (_, report, _) = plimsoll(case, "check", patched, &["--format", "json"]);
    let report: Value = serde_json::from_str(&report).map_err(|error| error.to_string())?;
    let kinds: &[&str] =
        if lines(case, "flags").contains("--unsafe") { &["safe", "unsafe"] } else { &["safe"] };
    for diagnostic in report["charts"][0]["diagnostics"].as_array().into_iter().flatten() {
        let kind = diagnostic["fix"]["applicability"].as_str().unwrap_or_default();
        if kinds.contains(&kind) {
            return Err(format!("still found: {diagnostic}"));
        }
    }
    Ok(())
}

/// Each rule that has fixes is in a recorded case.
fn every_fix_is_shown() -> Result<(), Failed> {
    let files = cases::read_folder(&testkit::testdata().join("patch"))?;
    let said: Vec<String> =
        files.iter().flat_map(|file| &file.cases).filter_map(|case| case.get("said")).collect();
    let shown: BTreeSet<&str> =
        said.iter().flat_map(|said| said.lines()).filter_map(|line| line.split(' ').next()).collect();
    // Values are mended in their files, by another command.
    let is_of_values = |check| matches!(check, Check::Values(_) | Check::Chart(_));
    let with_fix = rules::all().into_iter().filter(|rule| rule.fix.is_some() && !is_of_values(rule.check));
    let missing: Vec<&str> = with_fix.map(|rule| rule.code).filter(|code| !shown.contains(code)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("no case for {}", missing.join(", ")).into()) }
}
