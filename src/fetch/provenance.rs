//! Provenance files: where they are, and whether a chart's archive is what one of them promises. How they are read is in
//! [`crate::signing`].
//!
//! Source: Helm downloader/chart_downloader.go `VerificationStrategy`, `VerifyChart`.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::files;
use crate::go::os::{PathError, error_text};
use crate::go::path;
use crate::oci::digest::digest_of_file;
use crate::signing::{self, Keyring, Verification};

use super::cache::Kind;
use super::error::Error;
use super::event::{Listener, say};
use super::fetcher::Fetcher;
use super::locate::{Located, Origin};
use super::web::Web;

/// The most bytes of a provenance file.
const LIMIT: u64 = 5 * 1024 * 1024;

/// What is asked of a chart's provenance. Helm: `VerificationStrategy`.
#[derive(Clone, Debug, Default)]
pub enum Proof {
    /// Nothing.
    #[default]
    Never,
    /// That its file comes along; if there is none, that is only told.
    Later,
    /// That it is right, by the keys in this file, if there is one; if there is none, that is only told.
    IfPossible(PathBuf),
    /// That it is there and right, by the keys in this file.
    Always(PathBuf),
}

/// What was found out about a chart's provenance.
#[derive(Debug, Default)]
pub(super) struct Proven {
    /// The provenance file, if it was asked for.
    pub provenance: Option<Vec<u8>>,
    /// Who signed the chart, if that was asked.
    pub verification: Option<Verification>,
}

/// Checks the archive of a chart on this disk. Helm: `VerifyChart`.
pub fn verify_chart(archive: &str, provenance: &str, keyring: &Path) -> Result<Verification, Error> {
    let stat = |file: &str| fs::metadata(file).map_err(|error| PathError::new("stat", file, &error));
    if stat(archive)?.is_dir() {
        return Err(Error::other("unpacked charts cannot be verified"));
    }
    if !path::ext(archive).eq_ignore_ascii_case(".tgz") {
        return Err(Error::other("chart must be a tgz file"));
    }
    stat(provenance).map_err(|error| {
        Error::from(error).while_doing(format!("could not load provenance file {provenance}"))
    })?;
    let keyring = read_keyring(keyring)?;
    let (digits, _) = digest_of_file(Path::new(archive)).map_err(|error| {
        Error::from(PathError::new("open", archive, &error)).while_doing("failed to read chart archive")
    })?;
    let text =
        read(Path::new(provenance)).map_err(|error| error.while_doing("failed to read provenance file"))?;
    Ok(keyring.verify(&text, path::base(archive), &digits, signing::now())?)
}

fn read_keyring(file: &Path) -> Result<Keyring, Error> {
    Keyring::read(file).map_err(|error| Error::from(error).while_doing("failed to load keyring"))
}

/// The digits of the digest of an archive that was just brought.
fn digits_of(archive: &Path) -> Result<String, Error> {
    digest_of_file(archive)
        .map(|(digits, _)| digits)
        .map_err(|error| Error::other(format!("failed to read chart archive: {}", error_text(&error))))
}

/// A provenance file on this disk.
fn read(file: &Path) -> Result<Vec<u8>, Error> {
    let mut text = Vec::new();
    let read = files::open(file).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut text));
    read.map_err(|error| PathError::new("open", file, &error))?;
    match text.len() as u64 > LIMIT {
        true => Err(Error::other(format!("{} is larger than {LIMIT} bytes", file.display()))),
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
        listener: Listener<'_>,
    ) -> Result<Proven, Error> {
        if matches!(proof, Proof::Never) {
            return Ok(Proven::default());
        }
        let text = match self.provenance(located, listener) {
            Ok(text) => text,
            Err(error) if matches!(proof, Proof::Always(_)) => return Err(not_fetched(located, error)),
            Err(error) => {
                say(listener, format!("WARNING: Verification not found for {reference}: {error}"));
                return Ok(Proven::default());
            }
        };
        let (Proof::IfPossible(keyring) | Proof::Always(keyring)) = proof else {
            return Ok(Proven { provenance: Some(text), verification: None });
        };
        let digits = digits_of(archive)?;
        let keyring = read_keyring(keyring)?;
        let verification = keyring.verify(&text, &located.file_name, &digits, signing::now())?;
        Ok(Proven { provenance: Some(text), verification: Some(verification) })
    }

    /// Verifies an archive in the cache by the provenance file beside it, or else by one that is fetched, and kept if it is
    /// right. Helm: `DownloadToCache`.
    pub(super) fn prove_cached(
        &self,
        located: &Located,
        archive: &Path,
        keyring: &Path,
        listener: Listener<'_>,
    ) -> Result<(), Error> {
        let digits = digits_of(archive)?;
        let check = |text: &[u8]| -> Result<(), Error> {
            read_keyring(keyring)?.verify(text, &located.file_name, &digits, signing::now())?;
            Ok(())
        };
        let kept = self.cache().path(&digits, Kind::Provenance);
        if let Ok(text) = read(&kept) {
            let checked = check(&text);
            if checked.is_ok() || self.settings.offline {
                return checked;
            }
        }
        let text = self.provenance(located, listener).map_err(|error| not_fetched(located, error))?;
        check(&text)?;
        // That it cannot be kept does not matter.
        if let Ok(mut staged) = self.cache().stage()
            && staged.writer().write_all(&text).is_ok()
        {
            let _ = staged.keep_at(&kept);
        }
        Ok(())
    }

    fn provenance(&self, located: &Located, listener: Listener<'_>) -> Result<Vec<u8>, Error> {
        match &located.origin {
            Origin::Registry(reference) => {
                let artifact = self.artifact(reference)?;
                let layer = artifact.provenance()?;
                if layer.size > LIMIT as i64 {
                    return Err(Error::other(format!("the provenance file is larger than {LIMIT} bytes")));
                }
                self.online(format!("downloading the provenance of {reference}"))?;
                let mut text = Vec::new();
                self.registries()?.blob(reference, &layer.digest, layer.size, &mut text)?;
                artifact.say_pulled(listener);
                Ok(text)
            }
            Origin::Web(web) => {
                let url = format!("{}.prov", web.url);
                self.online(format!("downloading {url}"))?;
                self.get(&Web { url, ..web.clone() }, LIMIT)
            }
        }
    }
}

/// Why there is no provenance file: in Helm's words, unless it was not even asked for.
fn not_fetched(located: &Located, error: Error) -> Error {
    match error {
        Error::Offline(_) => error,
        _ => Error::other(format!("failed to fetch provenance \"{}.prov\"", located.place())),
    }
}
