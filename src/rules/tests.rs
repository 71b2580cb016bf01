//! What holds for every rule: it is registered, its text is complete, and its examples do what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::diagnostic::Severity;
use crate::policy::{self, Level, Mode, Profile, Rule, example};

/// The codes that an example breaks in strict mode, but for advice of other rules.
fn broken(rule: &'static Rule, language: &str, text: &str) -> BTreeSet<&'static str> {
    let subject = example::subject(rule, language, text).unwrap_or_else(|why| panic!("{}: {why}", rule.name));
    let profile = Profile::built_in("nvcf").unwrap();
    let found = policy::check(&subject, &super::all(), &profile, Mode::Strict);
    let counts = |severity, code| code == rule.code || severity >= Severity::Warning;
    found.iter().filter(|d| counts(d.severity, d.code)).map(|d| d.code).collect()
}

#[test]
fn bad_examples_break_their_rule_and_good_ones_none() {
    let mut wrong = Vec::new();
    for rule in super::all() {
        let examples = rule.explained().examples;
        assert!(examples.iter().any(|example| example.bad), "{} has no bad example", rule.name);
        assert!(examples.iter().any(|example| !example.bad), "{} has no good example", rule.name);
        for example in examples {
            let broken = broken(rule, &example.language, &example.text);
            let wanted = if example.bad { BTreeSet::from([rule.code]) } else { BTreeSet::new() };
            if broken != wanted {
                wrong.push(format!("{} {}: breaks {broken:?}\n{}", rule.code, rule.name, example.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_is_registered_under_its_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let mut files = BTreeSet::new();
    for folder in fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let stem = file.file_stem().unwrap().to_str().unwrap().replace('_', "-");
            files.extend((stem != "mod").then_some(stem));
        }
    }
    let names: BTreeSet<String> = super::all().iter().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(files, names);
}

#[test]
fn codes_are_in_order_and_families_stay_together() {
    for folder in super::FOLDERS {
        assert!(folder.is_sorted_by(|a, b| a.code < b.code && a.code[..3] == b.code[..3]), "{folder:?}");
    }
    let codes: BTreeSet<&str> = super::all().iter().map(|rule| rule.code).collect();
    assert_eq!(codes.len(), super::all().len());
}

#[test]
fn texts_are_complete() {
    let authorities = ["page", "service", "agent", "control plane", "Kubernetes", "Plimsoll"];
    for rule in super::all() {
        let docs = rule.explained();
        let parts = [("summary", &docs.summary), ("Why", &docs.why), ("Fix", &docs.fix)];
        for (part, text) in parts {
            assert!(text.trim().ends_with('.'), "{}: {part} is no sentence: {text:?}", rule.name);
        }
        assert!(!rule.sources.is_empty() && !rule.catalogue.is_empty(), "{}", rule.name);
        for source in rule.sources {
            let authority = source.split_once(": ").map(|(authority, _)| authority);
            assert!(authority.is_some_and(|name| authorities.contains(&name)), "{}: {source}", rule.name);
        }
        assert!(rule.levels.iter().any(|level| *level != Level::Off), "{} is always off", rule.name);
    }
}

#[test]
fn the_profile_names_only_rules_that_exist() {
    let profile = Profile::built_in("nvcf").unwrap();
    let rules = super::all();
    let families: BTreeMap<&str, usize> = profile
        .selectors()
        .map(|selector| (selector, rules.iter().filter(|rule| rule.is(selector)).count()))
        .collect();
    for rule in &rules {
        assert!(families.contains_key(&rule.code[..3]), "{} is in no profile", rule.code);
    }
}
