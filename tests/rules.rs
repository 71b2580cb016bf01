//! Cases of rules beyond the examples in their texts: `testdata/rules/CODE.txt`, one trial for each section.
//!
//! A section starts with `=== bad NAME` or `=== good NAME`, where the name may end in words in brackets that say what the
//! text is (`[template]`, `[request service]`); without them it is `yaml`. A bad one must break the rule of the file, a good
//! one must not; other rules do not matter here.

use std::path::Path;

use libtest_mimic::{Arguments, Failed, Trial};
use plimsoll::policy::{self, Mode, Profile, Rule, example};
use plimsoll::rules;

fn main() {
    let args = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rules");
    let mut trials = Vec::new();
    for rule in rules::all() {
        let file = folder.join(format!("{}.txt", rule.code));
        if let Ok(text) = std::fs::read_to_string(&file) {
            trials.extend(sections(&text).map(|section| trial(rule, section)));
        }
    }
    libtest_mimic::run(&args, trials).exit();
}

/// The sections of a file, without the marks before them.
fn sections(text: &str) -> impl Iterator<Item = &str> {
    text.split("=== ").skip(1)
}

fn trial(rule: &'static Rule, section: &str) -> Trial {
    let (head, text) = section.split_once('\n').unwrap_or((section, ""));
    let (verdict, name) = head.split_once(' ').unwrap_or((head, ""));
    let (name, language) = match name.split_once(" [") {
        Some((name, language)) => (name, language.trim_end_matches(']').to_owned()),
        None => (name, "yaml".to_owned()),
    };
    let (bad, text) = (verdict == "bad", text.to_owned());
    Trial::test(format!("{}::{name}", rule.code), move || check(rule, bad, &language, &text))
}

fn check(rule: &'static Rule, bad: bool, language: &str, text: &str) -> Result<(), Failed> {
    let subject = example::subject(rule, language, text)?;
    let profile = Profile::built_in("nvcf").ok_or("the profile nvcf comes with Plimsoll")?;
    let found = policy::check(&subject, &[rule], &profile, Mode::Strict);
    match (bad, found.first()) {
        (true, None) => Err("the rule found nothing".into()),
        (false, Some(first)) => Err(format!("the rule found: {}", first.message).into()),
        _ => Ok(()),
    }
}
