//! Provenance files: where they are, and whether a chart's archive is what one of them promises. How they are read is in
//! [`crate::signing`].
//!
//! Source: Helm downloader/chart_downloader.go `VerificationStrategy`, `VerifyChart`.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::go::os::error_text;
use crate::go::path;
use crate::oci::http::{Http, Question};
use crate::signing::{self, Keyring, Verification};

use super::Fetcher;
use super::cache::{Kind, digest_of_file};
use super::download::PROVENANCE;
use super::locate::{Located, Origin};

/// The most bytes of a provenance file.
const LIMIT: u64 = 5 * 1024 * 1024;

/// What is asked of a chart's provenance. Helm: `VerificationStrategy`.
#[derive(Clone, Debug, Default)]
pub enum Proof {
    /// Nothing.
    #[default]
    Never,
    /// That its file comes along; that there is none is only said.
    Later,
    /// That it is right if there is one, by the keys in this file; that there is none is only said.
    IfPossible(PathBuf),
    /// That it is there and right, by the keys in this file.
    Always(PathBuf),
}

/// A chart that was brought.
#[derive(Clone, Debug)]
pub struct Pulled {
    /// Its archive.
    pub path: PathBuf,
    /// Who signed it, if that was asked.
    pub verification: Option<Verification>,
}

/// Checks the archive of a chart on this disk. Helm: `VerifyChart`.
pub fn verify_chart(archive: &str, provenance: &str, keyring: &Path) -> Result<Verification, String> {
    let stat =
        |file: &str| fs::metadata(file).map_err(|error| format!("stat {file}: {}", error_text(&error)));
    if stat(archive)?.is_dir() {
        return Err("unpacked charts cannot be verified".to_owned());
    }
    if !path::ext(archive).eq_ignore_ascii_case(".tgz") {
        return Err("chart must be a tgz file".to_owned());
    }
    stat(provenance).map_err(|error| format!("could not load provenance file {provenance}: {error}"))?;
    let keyring = read_keyring(keyring)?;
    let digits = digest_of_file(Path::new(archive))
        .map_err(|error| format!("failed to read chart archive: open {archive}: {}", error_text(&error)))?;
    let text =
        read(Path::new(provenance)).map_err(|error| format!("failed to read provenance file: {error}"))?;
    keyring.verify(&text, path::base(archive), &digits, signing::now())
}

fn read_keyring(file: &Path) -> Result<Keyring, String> {
    Keyring::read(file).map_err(|error| format!("failed to load keyring: {error}"))
}

/// A provenance file, which may not be larger than any is.
fn read(file: &Path) -> Result<Vec<u8>, String> {
    let shown = file.display();
    let mut text = Vec::new();
    let read = File::open(file).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut text));
    read.map_err(|error| format!("open {shown}: {}", error_text(&error)))?;
    match text.len() as u64 > LIMIT {
        true => Err(format!("{shown} is larger than {LIMIT} bytes")),
        false => Ok(text),
    }
}

impl Fetcher {
    /// The provenance file of an archive that was just brought, and who signed it, as far as that is asked.
    /// Helm: `DownloadTo`.
    pub(super) fn prove(
        &self,
        located: &Located,
        reference: &str,
        archive: &Path,
        proof: &Proof,
    ) -> Result<(Option<Vec<u8>>, Option<Verification>), String> {
        if matches!(proof, Proof::Never) {
            return Ok((None, None));
        }
        let text = match self.provenance(located) {
            Ok(text) => text,
            Err(error) if matches!(proof, Proof::Always(_)) => return Err(self.not_fetched(located, error)),
            Err(error) => {
                self.say(format!("WARNING: Verification not found for {reference}: {error}"));
                return Ok((None, None));
            }
        };
        let (Proof::IfPossible(keyring) | Proof::Always(keyring)) = proof else {
            return Ok((Some(text), None));
        };
        let digits = digest_of_file(archive)
            .map_err(|error| format!("failed to read chart archive: {}", error_text(&error)))?;
        let keyring = read_keyring(keyring)?;
        let verification = keyring.verify(&text, &located.file_name, &digits, signing::now())?;
        Ok((Some(text), Some(verification)))
    }

    /// Proves an archive in the cache by the provenance file beside it, or else by one that is fetched, and kept once it was
    /// right. Helm: `DownloadToCache`.
    pub(super) fn prove_cached(
        &self,
        located: &Located,
        archive: &Path,
        keyring: &Path,
    ) -> Result<(), String> {
        let digits = digest_of_file(archive)
            .map_err(|error| format!("failed to read chart archive: {}", error_text(&error)))?;
        let keys = || read_keyring(keyring);
        let check = |keys: &Keyring, text: &[u8]| {
            keys.verify(text, &located.file_name, &digits, signing::now()).map(|_| ())
        };
        let kept = self.cache().path(&digits, Kind::Provenance);
        if let Ok(text) = read(&kept) {
            let checked = check(&keys()?, &text);
            if checked.is_ok() || self.settings.offline {
                return checked;
            }
        }
        let text = self.provenance(located).map_err(|error| self.not_fetched(located, error))?;
        check(&keys()?, &text)?;
        // That it cannot be kept does not matter.
        if let Ok(mut staged) = self.cache().stage()
            && staged.writer().write_all(&text).is_ok()
        {
            let _ = staged.keep_at(&kept);
        }
        Ok(())
    }

    /// Why there is no provenance: in Helm's words, unless it was not even asked for.
    fn not_fetched(&self, located: &Located, error: String) -> String {
        match self.settings.offline {
            true => error,
            false => format!("failed to fetch provenance \"{}.prov\"", located.place()),
        }
    }

    fn provenance(&self, located: &Located) -> Result<Vec<u8>, String> {
        match &located.origin {
            Origin::Registry(reference) => {
                let (digest, manifest) = self.manifest(reference)?;
                let layer = manifest.layers.iter().find(|layer| layer.media_type == PROVENANCE);
                let missing = || format!("manifest does not contain a layer with mediatype {PROVENANCE}");
                let layer = layer.ok_or_else(missing)?;
                if layer.size > LIMIT as i64 {
                    return Err(format!("the provenance file is larger than {LIMIT} bytes"));
                }
                self.online(&format!("downloading the provenance of {reference}"))?;
                let mut text = Vec::new();
                let client = self.client()?;
                client
                    .blob(reference, &layer.digest, layer.size, &mut text)
                    .map_err(|error| error.to_string())?;
                self.say_pulled(reference, &digest);
                Ok(text)
            }
            Origin::Web(web) => {
                let url = format!("{}.prov", web.url);
                self.online(&format!("downloading {url}"))?;
                let http = Http::new(&web.transport, &self.settings.network)?;
                let authorization = &web.authorization;
                let question = Question { url: &url, authorization, limit: LIMIT, ..Question::default() };
                let (answer, text) = http.get(&question)?;
                match answer.status.is_success() {
                    true => Ok(text),
                    false => Err(format!("failed to fetch {url} : {}", answer.complaint())),
                }
            }
        }
    }
}
