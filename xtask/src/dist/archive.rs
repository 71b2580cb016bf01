//! The archive that people unpack by hand, and that the action of GitHub and `cargo binstall` fetch:
//! `plimsoll-VERSION-TARGET.tar.gz`, with everything in one folder of that name.

use std::io;

use super::member::{Member, tar_gz};
use super::release::{BILL, Release};

/// Makes it.
pub fn make(release: &Release) -> io::Result<Member> {
    let stem = release.stem();
    let members = members(release).into_iter().map(|member| member.below(&stem)).collect();
    Ok(Member::new(format!("{stem}.tar.gz"), tar_gz(members, release.moment)?))
}

fn members(release: &Release) -> Vec<Member> {
    let mut members = vec![Member::program(release.target.program(), release.program.clone())];
    members.extend(release.texts.iter().cloned());
    members.push(Member::new(BILL, release.bill.as_bytes()));
    for (shell, script) in &release.completions {
        let name = match *shell {
            "zsh" => "_plimsoll".to_owned(),
            "powershell" => "plimsoll.ps1".to_owned(),
            shell => format!("plimsoll.{shell}"),
        };
        members.push(Member::new(format!("completions/{name}"), script.clone()));
    }
    members.extend(release.pages.iter().cloned().map(|page| page.below("man/man1")));
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::samples;

    #[test]
    fn everything_lies_in_one_folder() {
        let archive = make(&samples::release()).unwrap();
        assert_eq!(archive.path, "plimsoll-1.2.3-x86_64-unknown-linux-musl.tar.gz");
        let listed = samples::listed(&archive.data);
        let wanted = [
            "plimsoll-1.2.3-x86_64-unknown-linux-musl/",
            "plimsoll-1.2.3-x86_64-unknown-linux-musl/LICENSE",
            "plimsoll-1.2.3-x86_64-unknown-linux-musl/THIRD-PARTY-LICENSES",
            "plimsoll-1.2.3-x86_64-unknown-linux-musl/completions/",
            "plimsoll-1.2.3-x86_64-unknown-linux-musl/completions/_plimsoll",
            "plimsoll-1.2.3-x86_64-unknown-linux-musl/completions/plimsoll.bash",
            "plimsoll-1.2.3-x86_64-unknown-linux-musl/man/",
            "plimsoll-1.2.3-x86_64-unknown-linux-musl/man/man1/",
            "plimsoll-1.2.3-x86_64-unknown-linux-musl/man/man1/plimsoll.1",
            "plimsoll-1.2.3-x86_64-unknown-linux-musl/plimsoll",
            "plimsoll-1.2.3-x86_64-unknown-linux-musl/plimsoll.cdx.json",
        ];
        assert_eq!(listed, wanted);
    }
}
