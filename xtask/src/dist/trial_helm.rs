//! Tries the plugins of Helm with a real one: signed by a key that is made for the occasion, installed with `--verify` where Helm
//! can do that, run, and as a post-renderer put between a chart and what comes of it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::root;

use super::member::Member;
use super::moment::Moment;
use super::plugin::{Key, sign};
use super::site::{Installed, Site, said};

const OWNER: &str = "Plimsoll Trial <trial@example.com>";

/// Installs the plugins that this Helm can load. The one that is run afterwards is `helm plimsoll`.
pub fn plugin(site: &Site, helm: &str) -> Result<Installed, String> {
    let helm = Helm { program: helm.to_owned(), home: site.scratch.join("helm") };
    let archive = site.file("helm/plimsoll-", ".tgz")?;
    let is_first = helm.run(&["version", "--short"])?.starts_with("v3");
    if is_first {
        // Helm 3 knows no signed plugins, and no archives that lie on the disk: it takes a folder.
        said(Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(&site.scratch))?;
        helm.run(&["plugin", "install", &site.scratch.join("plimsoll").display().to_string()])?;
    } else {
        let keys = keys(&site.scratch.join("gpg"))?;
        let v4 = site.out.join(format!("helm/v4/plimsoll-{}.tgz", site.version));
        helm.install(&v4, &keys, &site.scratch.join("v4"))?;
        helm.expect(&["plugin", "list"], "cli/v1", "v1 ")?;
        helm.run(&["plimsoll", "--version"])?;
        helm.run(&["plugin", "uninstall", "plimsoll"])?;
        helm.install(&archive, &keys, &site.scratch.join("legacy"))?;
        let renderer = site.out.join(format!("helm/plimsoll-post-renderer-{}.tgz", site.version));
        helm.install(&renderer, &keys, &site.scratch.join("renderer"))?;
        post_render(&helm)?;
    }
    let line = vec![helm.program.clone(), "plimsoll".to_owned()];
    Ok(Installed { variables: helm.variables(), ..Installed::here(archive, line) })
}

/// `patch` mends what Helm renders; `check` lets a good chart through and stops a bad one, and says why.
fn post_render(helm: &Helm) -> Result<(), String> {
    let chart = |name: &str| root().join("charts").join(name).display().to_string();
    let (good, bad) = (chart("mini-service"), chart("fraud-model"));
    let plain = helm.run(&["template", "x", &bad])?;
    let with = ["--post-renderer", "plimsoll-post-renderer"];
    let patched = helm.run(&[&["template", "x", &bad][..], &with].concat())?;
    if !patched.contains("seccompProfile") || plain.contains("seccompProfile") {
        return Err(format!("the post-renderer mends nothing:\n{patched}"));
    }
    let check = [&with[..], &["--post-renderer-args", "check"]].concat();
    let passed = helm.run(&[&["template", "x", &good][..], &check].concat())?;
    if !passed.contains("kind: ") {
        return Err("what is good does not come through the post-renderer".to_owned());
    }
    match helm.run(&[&["template", "x", &bad][..], &check].concat()) {
        Err(text) if !cfg!(target_os = "linux") || text.contains("CTR107 may-be-root") => Ok(()),
        Err(text) => Err(format!("the post-renderer does not say why it stops a chart: {text}")),
        Ok(_) => Err("the post-renderer lets a bad chart through".to_owned()),
    }
}

/// A Helm with a home of its own.
struct Helm {
    program: String,
    home: PathBuf,
}

impl Helm {
    fn variables(&self) -> Vec<(&'static str, PathBuf)> {
        ["HELM_DATA_HOME", "HELM_CACHE_HOME", "HELM_CONFIG_HOME"]
            .map(|name| (name, self.home.join(name)))
            .to_vec()
    }

    fn run(&self, words: &[&str]) -> Result<String, String> {
        said(Command::new(&self.program).args(words).envs(self.variables()))
    }

    fn expect(&self, words: &[&str], one: &str, other: &str) -> Result<(), String> {
        let text = self.run(words)?;
        if text.contains(one) && text.contains(other) {
            Ok(())
        } else {
            Err(format!("{words:?} says:\n{text}"))
        }
    }

    /// Signs a copy of the archive and installs it.
    fn install(&self, archive: &Path, keys: &Keys, folder: &Path) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("{}: {error}", archive.display());
        let data = std::fs::read(archive).map_err(failed)?;
        let name = archive.file_name().unwrap_or_default().to_string_lossy();
        let member = Member::new(name, data);
        let signature = sign(&member, &keys.secret, Moment::now())?;
        std::fs::create_dir_all(folder).map_err(failed)?;
        for file in [&member, &signature] {
            std::fs::write(folder.join(&file.path), &file.data).map_err(failed)?;
        }
        let archive = folder.join(&member.path).display().to_string();
        let public = keys.public.display().to_string();
        let text = self.run(&["plugin", "install", "--verify", "--keyring", &public, &archive])?;
        if text.contains(OWNER) { Ok(()) } else { Err(format!("Helm does not say who signed: {text}")) }
    }
}

struct Keys {
    secret: Key,
    public: PathBuf,
}

/// A new key, whose two halves lie in files.
fn keys(folder: &Path) -> Result<Keys, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    std::fs::create_dir_all(folder).map_err(failed)?;
    let gpg = |words: &[&str]| {
        let mut gpg = Command::new("gpg");
        said(gpg.args(["--batch", "--quiet", "--passphrase", "", "--homedir"]).arg(folder).args(words))
    };
    gpg(&["--quick-generate-key", OWNER, "ed25519", "sign", "never"])?;
    let [public, secret] =
        [("public.gpg", "--export"), ("secret.gpg", "--export-secret-keys")].map(|(name, what)| {
            let file = folder.join(name);
            gpg(&["--output", &file.display().to_string(), what]).map(|_| file)
        });
    // Its agent would outlive the folder.
    let _ = Command::new("gpgconf").arg("--homedir").arg(folder).args(["--kill", "gpg-agent"]).output();
    let secret = Key { keyring: secret?, name: OWNER.to_owned(), passphrase: None };
    Ok(Keys { secret, public: public? })
}
