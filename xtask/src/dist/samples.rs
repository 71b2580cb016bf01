//! For tests: a small release, and what is in an archive.

use std::io::Read;

use super::member::Member;
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

/// The paths in a `.tar.gz`.
pub fn listed(archive: &[u8]) -> Vec<String> {
    unpacked(archive).into_iter().map(|member| member.path).collect()
}

/// What is in a `.tar.gz`.
pub fn unpacked(archive: &[u8]) -> Vec<Member> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(archive));
    let entries = archive.entries().expect("it is an archive");
    entries
        .map(|entry| {
            let mut entry = entry.expect("it is an archive");
            let mut data = Vec::new();
            entry.read_to_end(&mut data).expect("it can be read");
            let runs = entry.header().mode().expect("it has one") & 0o111 != 0;
            Member { path: entry.path().expect("it has one").display().to_string(), data, runs }
        })
        .collect()
}
