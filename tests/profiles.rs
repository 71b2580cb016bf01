//! A rule that is nobody's, under profiles that somebody wrote: it needs no row of a catalogue, and the severity that
//! somebody sets holds for all of its findings.

use plimsoll::diagnostic::Severity;
use plimsoll::internals::policy::{self, Check, Level, Levels, Mode, Object, Profile, Reporter, Rule};
use plimsoll::path::FieldPath;
use testkit::examples;

static NOBODY: Rule = Rule {
    code: "TST101",
    name: "nobody",
    docs: " No object may be called `nobody`.",
    levels: Levels::all(Level::Error),
    lowered_to: Some(Severity::Warning),
    fix: None,
    sources: &["Plimsoll: a test"],
    check: Check::Object(check),
};

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    if object.id.name == "nobody" {
        r.report(FieldPath::root().keys(&["metadata", "name"]), "object is called nobody").lowered();
    }
}

/// The severities that the rule finds with a profile.
fn severities(profile: &str) -> Vec<Severity> {
    let profile = Profile::parse(profile).expect("the profile is sound");
    assert_eq!(profile.rows_of(&NOBODY).next(), None);
    let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: nobody}\n";
    let subject = examples::of_manifests(manifest, Vec::new()).expect("the manifest is sound");
    let found = policy::check(&subject, &[&NOBODY], &profile, Mode::Strict);
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
    let mut profile = Profile::parse("name: own\nselect: [TST]\n").expect("the profile is sound");
    assert_eq!(profile.level_in_words(&NOBODY, Mode::Strict), "error (some warning)");
    profile.set_level("nobody", Level::Error);
    assert_eq!(profile.level_in_words(&NOBODY, Mode::Strict), "error");
}

#[test]
fn a_parameter_that_no_rule_knows_is_an_error() {
    let error = |text: &str| Profile::parse(text).map(|_| ()).expect_err("it is wrong").to_string();
    assert_eq!(
        error("name: own\nparameters: {addable-capabilites: [A]}\n"),
        "line 2: there is no parameter `addable-capabilites` to set"
    );
    assert_eq!(
        error("name: own\nparameters: {max-objects: [A]}\n"),
        "line 2: `max-objects` must be a number, this is a list of words"
    );
}
