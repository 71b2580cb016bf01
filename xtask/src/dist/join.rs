//! `cargo xtask dist join FOLDER…`: what `cargo xtask dist` made on several machines becomes one release: the plugins of Helm
//! with the program for each system, an image for all, and one list of sums. Everything else is taken over as it is.

use std::path::Path;

use walkdir::WalkDir;

use crate::Outcome;

use super::image;
use super::member::{Member, gunzip, sorted, untar};
use super::moment::Moment;
use super::options::Options;
use super::output::write;
use super::plugin::{Plugins, signed};
use super::release::{BILL, THIRD_PARTY};
use super::sums::SUMS;
use super::target::{TARGETS, Target};

/// Runs the task.
pub fn run(options: &Options) -> Outcome {
    let out = options.out.as_deref().ok_or("`dist join` wants --out FOLDER")?;
    if options.words.is_empty() {
        return Err("`dist join` wants the folders that `dist` made".to_owned());
    }
    let mut files = Vec::new();
    for folder in &options.words {
        files.extend(read(Path::new(folder))?);
    }
    let moment = Moment::of_the_sources()?;
    write(signed(joined(files, moment)?, options.key.as_ref(), moment)?, out)
}

/// The files of a folder but those that are made anew.
fn read(folder: &Path) -> Result<Vec<Member>, String> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| error.to_string())?;
        let path = entry.path().strip_prefix(folder).unwrap_or(entry.path()).display().to_string();
        if entry.file_type().is_file() && path != SUMS && !path.starts_with("helm/") {
            let data = std::fs::read(entry.path())
                .map_err(|error| format!("{}: {error}", entry.path().display()))?;
            files.push(Member::new(path, data));
        }
    }
    Ok(files)
}

/// The files, each once, with plugins for all systems.
fn joined(files: Vec<Member>, moment: Moment) -> Result<Vec<Member>, String> {
    let mut kept: Vec<Member> = Vec::new();
    for file in sorted(files) {
        match kept.last() {
            Some(last) if last.path == file.path && holds_the_same(last, &file) => {}
            Some(last) if last.path == file.path => {
                return Err(format!("{} is not the same on all machines", file.path));
            }
            _ => kept.push(file),
        }
    }
    let mut archives = Vec::new();
    for file in &kept {
        if let Some((version, target)) = archive_of(&file.path) {
            let members = unpacked(&file.data, file.path.trim_end_matches(".tar.gz"));
            archives.push((version, target, members.map_err(|error| format!("{}: {error}", file.path))?));
        }
    }
    let mut versions: Vec<&str> = archives.iter().map(|(version, ..)| *version).collect();
    versions.dedup();
    let &[version] = versions.as_slice() else {
        return Err(format!("archives of one version are wanted, and here are {versions:?}"));
    };
    let images: Vec<&Member> = kept.iter().filter(|file| file.path.ends_with(".oci.tar")).collect();
    let image = match images.as_slice() {
        [] => None,
        images => Some(image::join(images, version, moment).map_err(|error| error.to_string())?),
    };
    let mut plugins = Plugins { version, moment, programs: Vec::new(), texts: Vec::new() };
    for (_, target, members) in archives.iter().cloned() {
        for member in members {
            take(&mut plugins, target, member);
        }
    }
    let plugins = plugins.make().map_err(|error| error.to_string())?;
    kept.extend(plugins);
    kept.extend(image);
    Ok(kept)
}

/// Takes a member of an archive into the plugins, if it belongs there.
fn take(plugins: &mut Plugins, target: &'static Target, member: Member) {
    let is_known = |path: &str| plugins.texts.iter().any(|text| text.path == path);
    match member.path.as_str() {
        path if path == target.program() => plugins.programs.push((target, member.data)),
        // What is in the program differs from system to system.
        path if [THIRD_PARTY, BILL].contains(&path) => {
            let (os, architecture) = target.go;
            plugins.texts.push(Member::new(format!("{path}.{os}-{architecture}"), member.data));
        }
        path if !path.contains('/') && !is_known(path) => plugins.texts.push(member),
        _ => {}
    }
}

/// Whether two files are the same, packed or not: how well gzip packs depends on the machine.
fn holds_the_same(one: &Member, other: &Member) -> bool {
    let unpacked = |file: &Member| gunzip(&file.data).ok();
    one.data == other.data || unpacked(one).is_some_and(|data| unpacked(other) == Some(data))
}

/// The version and the target in an archive's name.
fn archive_of(path: &str) -> Option<(&str, &'static Target)> {
    let stem = path.strip_prefix("plimsoll-")?.strip_suffix(".tar.gz")?;
    let target = TARGETS.iter().find(|target| stem.ends_with(target.triple))?;
    Some((stem.strip_suffix(target.triple)?.strip_suffix('-')?, target))
}

/// What lies in the folder of an archive.
fn unpacked(archive: &[u8], folder: &str) -> std::io::Result<Vec<Member>> {
    let members = untar(&gunzip(archive)?)?.into_iter();
    let inside = members.filter_map(|member| {
        let path = member.path.strip_prefix(folder)?.strip_prefix('/')?.to_owned();
        Some(Member { path, ..member })
    });
    Ok(inside.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::release::Release;
    use crate::dist::{archive, samples};

    #[test]
    fn the_plugins_have_the_programs_of_all_archives() {
        let one = samples::release();
        let other = Release { target: &TARGETS[5], ..samples::release() };
        let files = [one, other].map(|release| archive::make(&release).unwrap());
        let files = joined(files.to_vec(), Moment(0)).unwrap();
        let plugin = files.iter().find(|file| file.path == "helm/plimsoll-1.2.3.tgz").unwrap();
        let listed = samples::listed(&plugin.data);
        for path in [
            "LICENSE",
            "THIRD-PARTY-LICENSES.darwin-arm64",
            "THIRD-PARTY-LICENSES.linux-amd64",
            "plimsoll.cdx.json.linux-amd64",
            "bin/darwin-arm64/plimsoll",
            "bin/linux-amd64/plimsoll",
        ] {
            assert_eq!(
                listed.iter().filter(|it| **it == format!("plimsoll/{path}")).count(),
                1,
                "{path}: {listed:?}"
            );
        }
    }

    #[test]
    fn files_that_differ_and_versions_that_differ_are_errors() {
        let files = vec![Member::new("npm/a", "1"), Member::new("npm/a", "2")];
        assert_eq!(joined(files, Moment(0)).unwrap_err(), "npm/a is not the same on all machines");
        let error = joined(Vec::new(), Moment(0)).unwrap_err();
        assert_eq!(error, "archives of one version are wanted, and here are []");
    }
}
