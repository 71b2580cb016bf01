//! The packages for Node's installers: one a system, which holds the program, and `plimsoll`, which wants all of them and gets
//! the one that fits, and starts its program.
//!
//! Source: npm's documentation of package.json, `optionalDependencies`, `os`, `cpu`.

use std::io;

use serde_json::{Value, json};

use super::member::{Member, tar_gz};
use super::release::{BILL, REPOSITORY, Release, SUMMARY, THIRD_PARTY};
use super::target::Target;

/// Whose packages these are.
const SCOPE: &str = "@plimsoll-charts";
const STARTER: &str = include_str!("../../../packaging/npm/plimsoll.js");

/// Makes the package for the release's system, and the one for all.
pub fn make(release: &Release) -> io::Result<Vec<Member>> {
    Ok(vec![of_system(release)?, of_all(release)?])
}

fn of_system(release: &Release) -> io::Result<Member> {
    let (os, cpu) = release.target.node;
    let mut manifest = manifest(&name(release.target), release);
    manifest["os"] = json!([os]);
    manifest["cpu"] = json!([cpu]);
    manifest["preferUnplugged"] = json!(true);
    let members = vec![
        Member::program(format!("bin/{}", release.target.program()), release.program.clone()),
        release.text(THIRD_PARTY),
        Member::new(BILL, release.bill.as_bytes()),
    ];
    pack(&format!("plimsoll-{os}-{cpu}"), &manifest, members, release)
}

fn of_all(release: &Release) -> io::Result<Member> {
    let mut manifest = manifest("plimsoll", release);
    manifest["bin"] = json!({"plimsoll": "bin/plimsoll.js"});
    manifest["engines"] = json!({"node": ">=14"});
    manifest["optionalDependencies"] =
        Target::released().map(|target| (name(target), Value::from(release.version.as_str()))).collect();
    let members = vec![Member::program("bin/plimsoll.js", STARTER), release.text("README.md")];
    pack("plimsoll", &manifest, members, release)
}

fn name(target: &Target) -> String {
    let (os, cpu) = target.node;
    format!("{SCOPE}/{os}-{cpu}")
}

fn manifest(name: &str, release: &Release) -> Value {
    json!({
        "name": name,
        "version": release.version,
        "description": SUMMARY,
        "license": "Apache-2.0",
        "repository": {"type": "git", "url": format!("git+{REPOSITORY}.git")},
    })
}

/// A package as `npm pack` writes it.
fn pack(stem: &str, manifest: &Value, mut members: Vec<Member>, release: &Release) -> io::Result<Member> {
    members.push(release.text("LICENSE"));
    members.push(Member::new("package.json", format!("{manifest:#}\n")));
    let members = members.into_iter().map(|member| member.below("package")).collect();
    let path = format!("npm/{stem}-{}.tgz", release.version);
    Ok(Member::new(path, tar_gz(members, release.moment)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::samples;

    fn manifest_in(package: &Member) -> Value {
        let members = samples::unpacked(&package.data);
        let manifest = members.iter().find(|member| member.path == "package/package.json").unwrap();
        serde_json::from_slice(&manifest.data).unwrap()
    }

    #[test]
    fn the_package_for_all_wants_the_one_of_each_system_in_the_same_version() {
        let packages = make(&samples::release()).unwrap();
        let paths: Vec<&str> = packages.iter().map(|package| package.path.as_str()).collect();
        assert_eq!(paths, ["npm/plimsoll-linux-x64-1.2.3.tgz", "npm/plimsoll-1.2.3.tgz"]);
        let [system, all] = [&packages[0], &packages[1]].map(manifest_in);
        assert_eq!((&system["os"][0], &system["cpu"][0]), (&json!("linux"), &json!("x64")));
        assert_eq!(all["optionalDependencies"][system["name"].as_str().unwrap()], "1.2.3");
        assert_eq!(all["optionalDependencies"].as_object().unwrap().len(), Target::released().count());
        for target in Target::released() {
            let (os, cpu) = target.node;
            assert!(STARTER.contains(SCOPE) && name(target) == format!("{SCOPE}/{os}-{cpu}"));
        }
    }
}
