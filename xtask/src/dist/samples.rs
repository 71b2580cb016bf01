//! For tests: a small release, and what is in an archive.

use super::member::{Member, gunzip, untar};
use super::moment::Moment;
use super::release::{Release, THIRD_PARTY};
use super::target::TARGETS;

/// A release whose program is a line of shell.
pub fn release() -> Release {
    Release {
        version: "1.2.3".to_owned(),
        target: &TARGETS[0],
        moment: Moment(1_700_000_000),
        program: b"#!/bin/sh\necho plimsoll 1.2.3\n".to_vec(),
        completions: vec![("bash", b"bash".to_vec()), ("zsh", b"zsh".to_vec())],
        pages: vec![Member::new("plimsoll.1", ".TH plimsoll 1\n")],
        texts: vec![Member::new("LICENSE", "Apache"), Member::new(THIRD_PARTY, "others")],
        bill: "{}\n".to_owned(),
    }
}

/// The paths in a `.tar.gz`, folders too.
pub fn listed(archive: &[u8]) -> Vec<String> {
    let archive = gunzip(archive).expect("it is packed");
    let mut archive = tar::Archive::new(archive.as_slice());
    let entries = archive.entries().expect("it is an archive");
    let path =
        |entry: std::io::Result<tar::Entry<&[u8]>>| Some(entry.ok()?.path().ok()?.display().to_string());
    entries.filter_map(path).collect()
}

/// The files in a `.tar.gz`.
pub fn unpacked(archive: &[u8]) -> Vec<Member> {
    untar(&gunzip(archive).expect("it is packed")).expect("it is an archive")
}
