//! What holds for every rule: it is registered, its text is complete, and its examples do what they say.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::diagnostic::Severity;
use crate::policy::{self, Level, Mode, Profile, Rule, Verdict, example, parameters};

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
        assert!(!rule.sources.is_empty(), "{}", rule.name);
        for source in rule.sources {
            let authority = source.split_once(": ").map(|(authority, _)| authority);
            assert!(authority.is_some_and(|name| authorities.contains(&name)), "{}: {source}", rule.name);
        }
        let is_on = |mode: &Mode| rule.level(*mode) != Level::Off;
        assert!(Mode::ALL.iter().any(is_on), "{} is always off", rule.name);
    }
}

#[test]
fn the_profile_names_only_rules_that_exist() {
    let profile = Profile::built_in("nvcf").unwrap();
    let rules = super::all();
    for selector in profile.selectors() {
        assert!(rules.iter().any(|rule| rule.is(selector)), "{selector} is no rule");
    }
    let families: BTreeSet<&str> = profile.selectors().collect();
    for rule in &rules {
        assert!(families.contains(&rule.code[..3]), "{} is in no profile", rule.code);
    }
    for row in profile.catalogue() {
        let Verdict::Judged(names) = &row.verdict else { continue };
        assert!(!names.is_empty(), "{} is judged by nothing", row.name);
        for name in names {
            assert!(super::find(name).is_some(), "{}: {name} is no rule", row.name);
        }
    }
}

#[test]
fn every_parameter_has_a_value_in_a_profile() {
    let profile = Profile::built_in("nvcf").unwrap();
    let given: BTreeSet<&str> = profile.parameters().keys().map(String::as_str).collect();
    assert_eq!(parameters::names().collect::<BTreeSet<_>>(), given);
}

/// A rule that is nobody's: no catalogue has a row for it.
mod homeless {
    use crate::path::FieldPath;
    use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule};

    declare_rule! {
        /// No object may be called `nobody`.
        "TST101" "nobody" {
            levels: Levels::all(Level::Error),
            lowered_to: Some(crate::diagnostic::Severity::Warning),
            fix: None,
            sources: &["Plimsoll: a test"],
            check: Check::Object(check),
        }
    }

    fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
        if object.id.name == "nobody" {
            r.report(FieldPath::root().keys(&["metadata", "name"]), "object is called nobody").lowered();
        }
    }
}

/// The severities that the rule finds with a profile.
fn severities(profile: &str) -> Vec<Severity> {
    let profile = Profile::parse(profile).unwrap();
    assert_eq!(profile.rows_of(&homeless::RULE).next(), None);
    let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: nobody}\n";
    let subject = example::of_manifests(manifest, Vec::new()).unwrap();
    let found = policy::check(&subject, &[&homeless::RULE], &profile, Mode::Strict);
    found.iter().map(|diagnostic| diagnostic.severity).collect()
}

#[test]
fn a_rule_needs_no_row_of_a_catalogue() {
    assert_eq!(severities("name: own\nselect: [TST]\n"), [Severity::Warning]);
    assert_eq!(severities("extends: nvcf\nselect: [nobody]\n"), [Severity::Warning]);
}

#[test]
fn a_severity_that_somebody_sets_holds_for_lowered_findings() {
    assert_eq!(severities("name: own\nselect: [TST]\nseverity: {TST101: error}\n"), [Severity::Error]);
    assert_eq!(severities("name: own\nselect: [TST]\nseverity: {TST: advice}\n"), [Severity::Advice]);
    let mut profile = Profile::parse("name: own\nselect: [TST]\n").unwrap();
    assert_eq!(profile.level_in_words(&homeless::RULE, Mode::Strict), "error (some warning)");
    profile.set_level("nobody", Level::Error);
    assert_eq!(profile.level_in_words(&homeless::RULE, Mode::Strict), "error");
}
