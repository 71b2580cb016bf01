//! That what is beside the packages fits them: `ci/install.sh`, which the action runs, and the files that name the version.

use std::path::Path;
use std::process::Command;

use crate::root;

use super::archive;
use super::member::Member;
use super::moment::Moment;
use super::release::Release;
use super::samples;
use super::sums::{self, SUMS};
use super::target::TARGETS;

/// What the script says and whether it was content; the program that it installed.
struct Told {
    is_well: bool,
    text: String,
    found: String,
    program: Option<Vec<u8>>,
}

/// Runs the script against releases that lie in a folder, for version 1.2.3 on Linux.
fn install(releases: &Path, machine: &str) -> Told {
    let scratch = tempfile::tempdir().unwrap();
    let place = scratch.path();
    std::fs::write(
        place.join("Cargo.toml"),
        "[package]\nname = \"x\"\nversion = \"1.2.3\"\n[a]\nversion = \"9\"\n",
    )
    .unwrap();
    std::fs::create_dir(place.join("path")).unwrap();
    let uname = format!("#!/bin/sh\ncase $1 in -s) echo Linux;; -m) echo {machine};; esac\n");
    std::fs::write(place.join("path/uname"), uname).unwrap();
    assert!(Command::new("chmod").arg("+x").arg(place.join("path/uname")).status().unwrap().success());
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("bash")
        .arg(root().join("ci/install.sh"))
        .env("PATH", format!("{}:{path}", place.join("path").display()))
        .env("PLIMSOLL_RELEASES", format!("file://{}", releases.display()))
        .env("ACTION", place)
        .env("FOLDER", place.join("folder"))
        .env("GITHUB_OUTPUT", place.join("output"))
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    Told {
        is_well: output.status.success(),
        text: String::from_utf8(text).unwrap(),
        found: std::fs::read_to_string(place.join("output")).unwrap_or_default(),
        program: std::fs::read(place.join("folder/bin/plimsoll")).ok(),
    }
}

/// A folder with the release 1.2.3 for Linux on x86-64.
fn releases() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive::make(&samples::release()).unwrap();
    let sums = Member::new(SUMS, sums::list(std::slice::from_ref(&archive)));
    std::fs::create_dir(folder.path().join("v1.2.3")).unwrap();
    for file in [archive, sums] {
        std::fs::write(folder.path().join("v1.2.3").join(file.path), file.data).unwrap();
    }
    folder
}

#[test]
fn the_action_fetches_the_archive_of_its_version() {
    let told = install(releases().path(), "x86_64");
    assert!(told.is_well, "{}", told.text);
    assert_eq!(told.found, "found=true\n");
    assert_eq!(told.program, Some(samples::release().program));
}

#[test]
fn the_action_builds_only_where_there_is_no_archive() {
    let empty = tempfile::tempdir().unwrap();
    let told = install(empty.path(), "x86_64");
    assert!(told.is_well, "{}", told.text);
    assert_eq!((told.found.as_str(), told.program), ("found=false\n", None));
    assert_eq!(told.text, "version 1.2.3 is not released\n");
    let told = install(releases().path(), "aarch64");
    assert_eq!(told.text, "version 1.2.3 is not released for aarch64-unknown-linux-musl\n");
    let told = install(releases().path(), "riscv64");
    assert_eq!(told.text, "there are no releases for Linux riscv64\n");
}

#[test]
fn the_action_takes_no_archive_that_is_not_the_one_of_the_list() {
    let folder = releases();
    let release = Release { program: b"another".to_vec(), moment: Moment(1), ..samples::release() };
    let other = archive::make(&release).unwrap();
    std::fs::write(folder.path().join("v1.2.3").join(other.path), other.data).unwrap();
    let told = install(folder.path(), "x86_64");
    assert!(!told.is_well && told.program.is_none(), "{}", told.text);
    assert!(
        told.text.starts_with("Error: the SHA-256 of plimsoll-1.2.3-x86_64-unknown-linux-musl.tar.gz is "),
        "{}",
        told.text
    );
    assert_eq!(told.found, "");
}

#[test]
fn every_file_that_names_the_version_names_the_one_that_is_built() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let manifest = read("Cargo.toml");
    let version =
        manifest.lines().find_map(|line| line.strip_prefix("version = ")).unwrap().trim_matches('"');
    assert!(read("plugin.yaml").contains(&format!("\nversion: {version}\n")));
    let python = read("pyproject.toml");
    assert!(python.contains(&format!("\nversion = \"{version}\"\ndescription")), "{python}");
    assert!(python.contains(&format!("\"plimsoll=={version}\"")), "{python}");
}

#[test]
fn binstall_and_the_release_workflow_know_the_targets_that_archives_are_made_for() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let (manifest, workflow, script) =
        (read("Cargo.toml"), read(".github/workflows/release.yml"), read("ci/install.sh"));
    for target in super::target::Target::released() {
        let triple = target.triple;
        assert!(workflow.contains(&format!("target: {triple},")) && script.contains(triple), "{triple}");
    }
    for target in TARGETS.iter().filter(|target| target.triple.ends_with("-linux-gnu")) {
        let musl = target.triple.replace("-gnu", "-musl");
        assert!(manifest.contains(&format!("overrides.{}]", target.triple)), "{}", target.triple);
        assert!(manifest.contains(&format!("-{musl}/{{ bin }}")), "{musl}");
    }
}
