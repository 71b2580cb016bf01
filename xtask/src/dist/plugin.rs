//! The plugins of Helm, each an archive with the program for every system that there is one for:
//! - `helm/plimsoll-VERSION.tgz`, in the form that Helm 3 and 4 both load: `helm plimsoll check CHART`;
//! - `helm/v4/plimsoll-VERSION.tgz`, the same in the form `cli/v1`, which only Helm 4 knows. Its name is the same, since Helm 4 takes
//!   what an archive is called without the version for the name of the plugin;
//! - `helm/plimsoll-post-renderer-VERSION.tgz` for `--post-renderer`, form `postrenderer/v1`.
//!
//! Helm 4 installs an archive only if a provenance file beside it is signed by somebody of the keyring; [`sign`] makes it.
//!
//! Source: helm.sh/helm/v4 internal/plugin metadata_legacy.go, metadata_v1.go, sign.go, installer/local_installer.go.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use plimsoll::internals::signing::{Keyring, Signer};

use super::member::{Member, gunzip, tar_gz, untar};
use super::moment::Moment;
use super::release::Release;
use super::sums::sha256;
use super::target::Target;

const LEGACY: &str = include_str!("../../../packaging/helm/plugin-legacy.yaml");
const CLI: &str = include_str!("../../../packaging/helm/plugin-v1.yaml");
const POST_RENDERER: &str = include_str!("../../../packaging/helm/post-renderer.yaml");
const POST_RENDER: &str = include_str!("../../../packaging/helm/post-render");

/// What plugins are made of: programs, and the texts that go with them.
pub struct Plugins<'a> {
    /// The version of the program.
    pub version: &'a str,
    /// The time that stands in archives.
    pub moment: Moment,
    /// The program for each system.
    pub programs: Vec<(&'static Target, Vec<u8>)>,
    /// Licences and so on.
    pub texts: Vec<Member>,
}

impl<'a> Plugins<'a> {
    /// The plugins of one release: with one program.
    pub fn of(release: &'a Release) -> Plugins<'a> {
        Plugins {
            version: &release.version,
            moment: release.moment,
            programs: vec![(release.target, release.program.clone())],
            texts: release.texts.clone(),
        }
    }

    /// Makes the archives.
    pub fn make(&self) -> io::Result<Vec<Member>> {
        let forms = [
            ("helm", "plimsoll", LEGACY),
            ("helm", "plimsoll-post-renderer", POST_RENDERER),
            ("helm/v4", "plimsoll", CLI),
        ];
        forms.into_iter().map(|(folder, name, form)| self.archive(folder, name, form)).collect()
    }

    /// Helm looks for the folder that is named as the archive is, without the version.
    fn archive(&self, folder: &str, name: &str, form: &str) -> io::Result<Member> {
        let mut members = self.texts.clone();
        members.push(Member::new("plugin.yaml", self.description(form)));
        members.push(Member::program("post-render", POST_RENDER));
        for (target, program) in &self.programs {
            members.push(Member::program(path_of(target), program.clone()));
        }
        let members = members.into_iter().map(|member| member.below(name)).collect();
        Ok(Member::new(format!("{folder}/{name}-{}.tgz", self.version), tar_gz(members, self.moment)?))
    }

    /// `plugin.yaml`, with the command of each system.
    fn description(&self, form: &str) -> String {
        let lines: Vec<String> = form.lines().map(str::to_owned).collect();
        let indent = lines
            .iter()
            .take_while(|line| *line != "COMMANDS")
            .last()
            .map_or(0, |line| line.len() - line.trim_start().len() + 2);
        let mut commands = String::new();
        for (target, _) in &self.programs {
            let (os, architecture) = target.go;
            let space = " ".repeat(indent);
            let _ = write!(
                commands,
                "{space}- os: {os}\n{space}  arch: {architecture}\n{space}  command: ${{HELM_PLUGIN_DIR}}/{}\n",
                path_of(target)
            );
        }
        form.replace("VERSION", self.version).replace("COMMANDS\n", &commands)
    }
}

fn path_of(target: &Target) -> String {
    let (os, architecture) = target.go;
    format!("bin/{os}-{architecture}/{}", target.program())
}

/// Who signs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// The file with the secret keys.
    pub keyring: PathBuf,
    /// The user ID, or a part of it.
    pub name: String,
    /// The file with the passphrase, where the key is locked.
    pub passphrase: Option<PathBuf>,
}

/// The files, with a provenance file for each plugin if somebody signs.
pub fn signed(mut files: Vec<Member>, key: Option<&Key>, moment: Moment) -> Result<Vec<Member>, String> {
    if let Some(key) = key {
        let plugins = files.iter().filter(|file| file.path.starts_with("helm/"));
        let signatures: Vec<Member> =
            plugins.map(|plugin| sign(plugin, key, moment)).collect::<Result<_, _>>()?;
        files.extend(signatures);
    }
    Ok(files)
}

/// The provenance file of an archive.
pub fn sign(archive: &Member, key: &Key, moment: Moment) -> Result<Member, String> {
    let keyring = Keyring::read(&key.keyring).map_err(|error| error.to_string())?;
    let entity = keyring.find(&key.name).map_err(|error| error.to_string())?;
    let signer = Signer::unlock(entity, |owner| passphrase(owner, key.passphrase.as_deref()))
        .map_err(|error| error.to_string())?;
    let name = archive.path.rsplit('/').next().unwrap_or(&archive.path);
    let text = format!("{}\n...\nfiles:\n  {name}: sha256:{}\n", described(archive)?, sha256(&archive.data));
    let signed =
        signer.clear_sign(text.as_bytes(), moment.0.unsigned_abs()).map_err(|error| error.to_string())?;
    Ok(Member::new(format!("{}.prov", archive.path), signed))
}

fn passphrase(owner: &str, file: Option<&Path>) -> Result<Vec<u8>, String> {
    let file = file.ok_or_else(|| format!("the key of {owner} is locked: --passphrase-file FILE"))?;
    let text = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(text.split(|byte| *byte == b'\n').next().unwrap_or_default().to_vec())
}

/// The `plugin.yaml` in an archive: what the signer says about it, beside its sum.
fn described(archive: &Member) -> Result<String, String> {
    let files = gunzip(&archive.data).and_then(|data| untar(&data)).map_err(|error| error.to_string())?;
    let found = files.into_iter().find(|file| file.path.ends_with("/plugin.yaml"));
    let found = found.ok_or_else(|| format!("{} has no plugin.yaml", archive.path))?;
    Ok(String::from_utf8_lossy(&found.data).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::samples;
    use crate::dist::target::TARGETS;

    #[test]
    fn a_plugin_has_the_program_of_each_system_and_says_where_it_is() {
        let release = samples::release();
        let mut plugins = Plugins::of(&release);
        plugins.programs.push((&TARGETS[5], b"mac".to_vec()));
        let archives = plugins.make().unwrap();
        let names: Vec<&str> = archives.iter().map(|archive| archive.path.as_str()).collect();
        let wanted = [
            "helm/plimsoll-1.2.3.tgz",
            "helm/plimsoll-post-renderer-1.2.3.tgz",
            "helm/v4/plimsoll-1.2.3.tgz",
        ];
        assert_eq!(names, wanted);
        let listed = samples::listed(&archives[0].data);
        assert_eq!(listed[0], "plimsoll/");
        assert!(listed.contains(&"plimsoll/bin/darwin-arm64/plimsoll".to_owned()), "{listed:?}");
        let description = described(&archives[0]).unwrap();
        let wanted = "platformCommand:\n  - os: linux\n    arch: amd64\n    \
                      command: ${HELM_PLUGIN_DIR}/bin/linux-amd64/plimsoll\n  - os: darwin\n";
        assert!(description.contains(wanted), "{description}");
        assert!(description.contains("\nversion: 1.2.3\n"));
        let description = described(&archives[2]).unwrap();
        assert!(description.contains("  platformCommand:\n    - os: linux\n"), "{description}");
    }
}
