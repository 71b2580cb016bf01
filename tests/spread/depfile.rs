//! `check --depfile`.

use std::fs;

use super::{home, plimsoll, repository, text, write};

#[test]
fn every_file_that_was_read_is_listed() {
    let folder = repository();
    let root = folder.path();
    write(root, "shared values.yaml", "host: false\n");
    write(root, "sets/schema.json", "true");
    write(root, "sets/.helmignore", "schema.json\n");
    let schema = root.canonicalize().expect("it is there").join("sets/schema.json");
    write(root, "sets/values.schema.json", &format!("{{\"$ref\": \"file://{}\"}}", schema.display()));
    let words = ["check", "sets", "config", "-f", "shared values.yaml", "--format", "concise=out.txt"];
    let output = plimsoll(root, &[&words[..], &["--depfile", "out.d"]].concat());
    assert!(output.status.code().is_some_and(|code| code < 2), "{}", text(&output.stderr));
    let rule = fs::read_to_string(root.join("out.d")).expect("it was written");
    let read: Vec<&str> = rule.trim_end().split(" \\\n ").collect();
    assert_eq!(read[0], "out.txt:");
    for file in [
        "sets/Chart.yaml",
        "sets/values.yaml",
        "sets/templates/a.yaml",
        "sets/.helmignore",
        "sets/schema.json",
    ] {
        assert!(read.contains(&file), "{file} is not in {rule}");
    }
    assert!(read.contains(&"config/.plimsoll.yaml") && read.contains(&"shared\\ values.yaml"), "{rule}");
    assert!(!rule.contains("clean/") && !rule.contains("out.d"), "{rule}");
    let output = plimsoll(root, &[&words[..], &["--depfile", "out.json"]].concat());
    assert!(output.status.code().is_some_and(|code| code < 2), "{}", text(&output.stderr));
    let listed: serde_json::Value =
        serde_json::from_slice(&fs::read(root.join("out.json")).expect("it was written"))
            .expect("it is JSON");
    let files: Vec<&str> =
        listed["files"].as_array().expect("a list").iter().filter_map(serde_json::Value::as_str).collect();
    assert_eq!(files.len(), read.len() - 1, "{files:?}\n{rule}");
    assert_eq!(listed["outputs"], serde_json::json!(["out.txt"]));
    let again = plimsoll(root, &[&words[..], &["--depfile", "x.json", "--depfile-format", "make"]].concat());
    assert!(again.status.code().is_some_and(|code| code < 2));
    assert_eq!(fs::read_to_string(root.join("x.json")).expect("it was written"), rule);
    let mut names: Vec<String> = fs::read_dir(root)
        .expect("it can be read")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    names.retain(|name| name.contains('.'));
    assert_eq!(names, [".git", "out.d", "out.json", "out.txt", "shared values.yaml", "x.json"]);
    assert!(!home(root).exists(), "nothing is written elsewhere");
}
