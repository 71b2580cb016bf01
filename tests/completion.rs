//! What a shell is told that asks what may stand where the cursor is.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::ffi::OsStr;
use std::process::Command;

/// What may stand in place of the last word.
fn completed(words: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/charts"))
        .env("PLIMSOLL_COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", words.len().to_string())
        .env("_CLAP_IFS", "\n")
        .args(["--", "plimsoll"])
        .args(words.iter().map(OsStr::new))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn has(words: &[&str], wanted: &[&str]) {
    let told = completed(words);
    for name in wanted {
        assert!(told.iter().any(|word| word == name), "{words:?} has no {name}: {told:?}");
    }
}

#[test]
fn commands_rules_formats_and_files() {
    has(&["ch"], &["check"]);
    has(&["check", "frau"], &["fraud-model/"]);
    has(&["check", "-f", "fraud-model/val"], &["fraud-model/values.yaml"]);
    has(&["check", "--select", "host-"], &["host-network", "host-pid"]);
    has(&["check", "--select", "host-pid,privileged"], &["host-pid,privileged"]);
    has(&["check", "--severity", "POD101="], &["POD101=error", "POD101=off"]);
    has(&["check", "--profile", ""], &["nvcf", "kubernetes", "pss-restricted"]);
    has(&["check", "--format", "s"], &["sarif"]);
    has(&["explain", "LOD"], &["LOD001"]);
    assert_eq!(completed(&["explain", "XYZ"]), Vec::<String>::new());
}

#[test]
fn objects_and_fields_of_the_rendered_chart() {
    let why = |words: &[&'static str]| completed(&[&["why", "fraud-model"], words].concat());
    let object = "Deployment/mini-service-fraud-model";
    assert_eq!(why(&["Dep"]), [object]);
    assert_eq!(why(&["--set", "serviceAccount.create=false", "ServiceA"]), Vec::<String>::new());
    assert_eq!(why(&["ServiceA"]), ["ServiceAccount/mini-service-fraud-model"]);
    assert_eq!(why(&[object, "spec.template.spec.c"]), ["spec.template.spec.containers"]);
    assert_eq!(
        why(&[object, "spec.template.spec.containers["]),
        ["spec.template.spec.containers[fraud-model]"]
    );
    let labels = why(&[object, "metadata.labels[app.kubernetes.io/n"]);
    assert_eq!(labels, ["metadata.labels[app.kubernetes.io/name]"]);
    assert_eq!(why(&["Nothing/here", "spec."]), Vec::<String>::new());
}

/// A shell puts on its line what it is told, so names that mean something to it are left out.
#[test]
fn names_that_a_shell_would_run_are_not_told() {
    let folder = tempfile::tempdir().unwrap();
    let chart = folder.path().join("c");
    std::fs::create_dir_all(chart.join("templates")).unwrap();
    std::fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: c\nversion: 1.0.0\n").unwrap();
    let object = |name: &str| format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n");
    let objects = object("'$(touch x)'") + &object("fine") + &object("\"a;b\"");
    std::fs::write(chart.join("templates/a.yaml"), objects).unwrap();
    assert_eq!(completed(&["why", &chart.display().to_string(), "Conf"]), ["ConfigMap/fine"]);
}
