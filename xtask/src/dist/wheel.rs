//! The package for Python's installers: a wheel that holds the program as a script, as maturin makes it for
//! `bindings = "bin"`. `pip install`, `pipx run`, `uvx` and the hook of pre-commit put it on the path.
//!
//! Source: PyPA specifications, binary distribution format 1.0, core metadata 2.4, PEP 770 for the bill of materials.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::member::{Member, sorted};
use super::release::{MAINTAINER, REPOSITORY, Release, SUMMARY, THIRD_PARTY};
use super::zip::zip;

/// Makes it.
pub fn make(release: &Release) -> io::Result<Member> {
    let stem = format!("plimsoll-{}", release.version);
    let info = format!("{stem}.dist-info");
    let tag = release.target.wheel;
    let mut members = vec![
        Member::program(format!("{stem}.data/scripts/{}", release.target.program()), release.program.clone()),
        Member::new(format!("{info}/METADATA"), metadata(release)),
        Member::new(format!("{info}/WHEEL"), wheel(tag)),
        Member::new(format!("{info}/sboms/plimsoll.cdx.json"), release.bill.as_bytes()),
    ];
    let licences = ["LICENSE", THIRD_PARTY].map(|name| release.text(name).below(&format!("{info}/licenses")));
    members.extend(licences);
    members = sorted(members);
    // The list of the files comes last, as it is recommended.
    members.push(Member::new(format!("{info}/RECORD"), record(&members, &info)));
    Ok(Member::new(format!("{stem}-py3-none-{tag}.whl"), zip(&members, release.moment)?))
}

fn metadata(release: &Release) -> String {
    let readme = release.text("README.md");
    format!(
        "Metadata-Version: 2.4\nName: plimsoll\nVersion: {}\nSummary: {SUMMARY}\n\
         Keywords: helm,kubernetes,lint,template,nvcf\nMaintainer-email: {MAINTAINER}\nLicense-Expression: Apache-2.0\n\
         License-File: LICENSE\nLicense-File: {THIRD_PARTY}\nProject-URL: Source, {REPOSITORY}\n\
         Classifier: Environment :: Console\nClassifier: Topic :: Software Development :: Quality Assurance\n\
         Requires-Python: >=3.7\nDescription-Content-Type: text/markdown\n\n{}",
        release.version,
        String::from_utf8_lossy(&readme.data),
    )
}

fn wheel(tag: &str) -> String {
    let tags: String = tag.split('.').map(|platform| format!("Tag: py3-none-{platform}\n")).collect();
    format!("Wheel-Version: 1.0\nGenerator: cargo xtask dist\nRoot-Is-Purelib: false\n{tags}")
}

/// The list of the files, with their sums and sizes; itself without.
fn record(members: &[Member], info: &str) -> String {
    let line = |member: &Member| {
        let sum = URL_SAFE_NO_PAD.encode(Sha256::digest(&member.data));
        format!("{},sha256={sum},{}\n", member.path, member.data.len())
    };
    members.iter().map(line).collect::<String>() + &format!("{info}/RECORD,,\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::samples;

    #[test]
    fn the_name_says_on_which_systems_it_runs_and_the_inside_agrees() {
        let wheel = make(&samples::release()).unwrap();
        let tags = "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64";
        assert_eq!(wheel.path, format!("plimsoll-1.2.3-py3-none-{tags}.whl"));
        let inside = super::wheel(tags);
        assert!(inside.ends_with("Tag: py3-none-musllinux_1_1_x86_64\n"), "{inside}");
        assert_eq!(inside.matches("Tag: ").count(), 3);
    }

    #[test]
    fn the_record_has_each_file_but_itself_with_its_sum() {
        let members = [Member::new("a", "abc")];
        let wanted = "a,sha256=ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0,3\nx.dist-info/RECORD,,\n";
        assert_eq!(record(&members, "x.dist-info"), wanted);
    }
}
