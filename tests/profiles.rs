//! A rule that is nobody's, under profiles that somebody wrote: it needs no row of a catalogue, and the severity that
//! somebody sets holds for all of its findings.

use plimsoll::diagnostic::Severity;
use plimsoll::internals::policy::{self, Check, Level, Levels, Mode, Object, Profile, Reporter, Rule};
use plimsoll::internals::rules;
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
        "line 2: there is no parameter `addable-capabilites` to set, did you mean `addable-capabilities`?"
    );
    assert_eq!(
        error("name: own\nparameters: {max-objects: [A]}\n"),
        "line 2: `max-objects` must be a number, this is a list of words"
    );
}

#[test]
fn a_configuration_extends_the_usual_profile_unless_it_says_otherwise() {
    let profile = |text: &str| Profile::parse(text).expect("the profile is sound");
    let rule = rules::find("host-network").expect("there is such a rule");
    let level = |text: &str| profile(text).level(rule, Mode::Documented);
    assert_eq!(level("ignore: [host-pid]\n"), Level::Error);
    assert_eq!(level("# nothing\n"), Level::Error);
    assert_eq!(level("extends: none\nname: own\n"), Level::Off);
    let all = rules::all();
    let left_out = |text: &str| profile(text).left_out(&all, Mode::Documented).0;
    assert_eq!(left_out("mode: strict\n"), 0);
    assert_eq!(left_out("ignore: [host-pid]\nseverity: {host-network: warning, host-ipc: error}\n"), 2);
    assert_eq!(left_out("extends: none\nname: own\nselect: [POD]\n"), 0);
    let versions = profile("kube-versions: [1.30, v1.31.2, \"1.32\"]\n").kube_versions;
    assert_eq!(versions, ["1.30", "v1.31.2", "1.32"]);
}

#[test]
fn what_a_configuration_gets_wrong_is_named_with_its_line_and_what_was_meant() {
    let error = |text: &str| Profile::parse(text).map(|_| ()).expect_err("it is wrong").to_string();
    for (text, wanted) in [
        (
            "mode: strict\nignores: [a]\n",
            "line 2: `ignores` is no key of a configuration, did you mean `ignore`?; the keys are ",
        ),
        (
            "extends: nvfc\n",
            "line 1: there is no profile `nvfc` to extend, did you mean `nvcf`?; there is nvcf",
        ),
        ("severity:\n  host-pid: warn\n", "line 2: `warn` is no severity; it is one of "),
        ("fail-on: fatal\n", "line 1: `fatal` is no severity; it is one of "),
        (
            "allow:\n  - rule: a\n    reason: b\n    untl: 2027-01-01\n",
            "line 4: `untl` is no key of an allowance, did you mean `until`?",
        ),
        (
            "allow:\n  - {rule: a, reason: b, until: soon}\n",
            "line 2: `until` must be a day such as 2027-01-01, this is `soon`",
        ),
        ("mode: strict\nmode: strict\n", "line 2: "),
    ] {
        let told = error(text);
        assert!(told.starts_with(wanted), "{told}");
    }
}
