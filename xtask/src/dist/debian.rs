//! The package for Debian and Ubuntu. It depends on nothing, since the program needs nothing of the system.
//!
//! Source: deb(5), deb-control(5), Debian policy 12.5 on `copyright`.

use std::fmt::Write as _;
use std::io;

use super::member::{Member, gzip, tar_gz};
use super::moment::Moment;
use super::release::{MAINTAINER, REPOSITORY, Release, SUMMARY, THIRD_PARTY};

/// Makes it, for targets that Debian has.
pub fn make(release: &Release) -> io::Result<Option<Member>> {
    let Some(architecture) = release.target.debian else { return Ok(None) };
    let members = files(release)?;
    let control = vec![Member::new("./control", control(release, architecture, &members))];
    let members = members.into_iter().map(|member| member.below(".")).collect();
    let parts = [
        Member::new("debian-binary", "2.0\n"),
        Member::new("control.tar.gz", tar_gz(control, release.moment)?),
        Member::new("data.tar.gz", tar_gz(members, release.moment)?),
    ];
    let path = format!("plimsoll_{}_{architecture}.deb", version(release));
    Ok(Some(Member::new(path, ar(&parts, release.moment))))
}

/// The version as Debian orders them: what comes before a release has a tilde.
fn version(release: &Release) -> String {
    release.version.replacen('-', "~", 1)
}

fn files(release: &Release) -> io::Result<Vec<Member>> {
    let share = |path: &str, data: Vec<u8>| Member::new(format!("usr/share/{path}"), data);
    let mut members = vec![
        Member::program("usr/bin/plimsoll", release.program.clone()),
        share("bash-completion/completions/plimsoll", release.completion("bash")),
        share("fish/vendor_completions.d/plimsoll.fish", release.completion("fish")),
        share("zsh/vendor-completions/_plimsoll", release.completion("zsh")),
        share("doc/plimsoll/copyright", copyright(release).into_bytes()),
        share("doc/plimsoll/changelog.gz", gzip(&release.text("CHANGELOG.md").data)?),
        share("doc/plimsoll/plimsoll.cdx.json", release.bill.clone().into_bytes()),
    ];
    for page in &release.pages {
        members.push(share(&format!("man/man1/{}.gz", page.path), gzip(&page.data)?));
    }
    Ok(members)
}

fn control(release: &Release, architecture: &str, members: &[Member]) -> String {
    let kibibytes: usize = members.iter().map(|member| member.data.len().div_ceil(1024)).sum();
    format!(
        "Package: plimsoll\nVersion: {}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\n\
         Installed-Size: {kibibytes}\nSection: devel\nPriority: optional\nHomepage: {REPOSITORY}\n\
         Description: renders Helm charts and says whether they may be deployed\n {SUMMARY}.\n",
        version(release)
    )
}

fn copyright(release: &Release) -> String {
    let text = |name: &str| String::from_utf8_lossy(&release.text(name).data).into_owned();
    let mut all = format!("Plimsoll, {REPOSITORY}\n\n{}", text("LICENSE"));
    let _ = write!(all, "\n\n{}", text(THIRD_PARTY));
    all
}

/// The archive around the parts, as ar(5) describes it.
fn ar(parts: &[Member], moment: Moment) -> Vec<u8> {
    let mut archive = b"!<arch>\n".to_vec();
    for part in parts {
        let header = format!(
            "{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
            part.path,
            moment.0,
            0,
            0,
            "100644",
            part.data.len()
        );
        archive.extend(header.as_bytes());
        archive.extend(&part.data);
        if part.data.len() % 2 == 1 {
            archive.push(b'\n');
        }
    }
    archive
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::samples;

    #[test]
    fn a_package_has_its_three_parts_in_order() {
        let package = make(&samples::release()).unwrap().unwrap();
        assert_eq!(package.path, "plimsoll_1.2.3_amd64.deb");
        let header =
            "!<arch>\ndebian-binary   1700000000  0     0     100644  4         `\n2.0\ncontrol.tar.gz  ";
        assert_eq!(String::from_utf8_lossy(&package.data[..header.len()]), header);
        assert!(package.data.windows(12).any(|window| window == b"data.tar.gz "));
    }

    #[test]
    fn what_is_not_yet_released_is_older_than_the_release() {
        let release = Release { version: "1.2.3-rc.1".to_owned(), ..samples::release() };
        assert_eq!(version(&release), "1.2.3~rc.1");
    }

    #[test]
    fn there_is_no_package_where_there_is_no_debian() {
        let target = crate::dist::target::Target::named("aarch64-apple-darwin").unwrap();
        assert_eq!(make(&Release { target, ..samples::release() }).unwrap(), None);
    }
}
