//! What holds for every rule: it is registered and its text is complete. That its examples do what they say is tested in
//! `tests/rules.rs`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::policy::{Level, Mode, Profile, Verdict, parameters};

#[test]
fn every_file_is_registered_under_its_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let mut files = BTreeSet::new();
    for folder in fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            // What rules of a folder share is none.
            if !fs::read_to_string(&file).unwrap().contains("declare_rule! {") {
                continue;
            }
            let stem = file.file_stem().unwrap().to_str().unwrap().replace('_', "-");
            files.insert(stem);
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
fn the_profiles_name_only_rules_that_exist() {
    let profiles: Vec<Profile> = Profile::built_in_names().filter_map(Profile::built_in).collect();
    let rules = super::all();
    let selectors: BTreeSet<&str> = profiles.iter().flat_map(Profile::selectors).collect();
    for selector in &selectors {
        assert!(rules.iter().any(|rule| rule.is(selector)), "{selector} is no rule");
    }
    for rule in &rules {
        assert!(selectors.iter().any(|selector| rule.is(selector)), "{} is in no profile", rule.code);
    }
    for row in profiles.iter().flat_map(Profile::catalogue) {
        let Verdict::Judged(names) = &row.verdict else { continue };
        assert!(!names.is_empty(), "{} is judged by nothing", row.name);
        for name in names {
            assert!(super::find(name).is_some(), "{}: {name} is no rule", row.name);
        }
    }
}

#[test]
fn every_parameter_has_a_value_in_a_profile() {
    let profiles: Vec<Profile> =
        Profile::built_in_names().map(|name| Profile::built_in(name).unwrap()).collect();
    let given: BTreeSet<&str> =
        profiles.iter().flat_map(|profile| profile.parameters().keys()).map(String::as_str).collect();
    assert_eq!(parameters::names().collect::<BTreeSet<_>>(), given);
}
