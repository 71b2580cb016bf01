//! From where a chart is to a file on this disk: into a folder for `pull`, into the content cache for every other command.
//! A file appears when all of it is there and is what was promised.
//!
//! Source: Helm downloader/chart_downloader.go `DownloadTo`, `DownloadToCache`.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use crate::chart;
use crate::files;
use crate::go::path;
use crate::go::strconv::quote;
use crate::oci::Reference;
use crate::oci::client::BLOB_LIMIT;
use crate::oci::digest::digits;
use crate::oci::request::Request;
use crate::signing::Verification;
use crate::staged::Staged;

use super::artifact::OLD_CHART;
use super::cache::Kind;
use super::error::Error;
use super::event::{Listener, say};
use super::fetcher::Fetcher;
use super::locate::{Located, Origin};
use super::provenance::Proof;
use super::web::Web;

/// The most that an archive may unpack to when it is only checked.
const UNPACKED_LIMIT: u64 = 1024 * 1024 * 1024;
/// How every gzip file begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A chart that was brought.
#[derive(Clone, Debug)]
pub struct Pulled {
    /// Its archive.
    pub path: PathBuf,
    /// Who signed it, if that was asked.
    pub verification: Option<Verification>,
}

impl Fetcher {
    /// Writes the archive into the folder, which must exist, and its provenance file beside it where that is asked for. Where
    /// the provenance is wrong nothing is written; Helm would leave the archive.
    pub fn pull(
        &self,
        located: &Located,
        reference: &str,
        folder: &Path,
        proof: &Proof,
        listener: Listener<'_>,
    ) -> Result<Pulled, Error> {
        if !folder.is_dir() {
            let text = format!("{}: there is no such folder to write the chart to", folder.display());
            return Err(Error::Other(text));
        }
        let path = folder.join(&located.file_name);
        let mut archive = Staged::beside(&path)?;
        self.receive(located, archive.writer(), listener)?;
        is_the_one(located, archive.path())?;
        let proven = self.prove(located, reference, archive.path(), proof, listener)?;
        let mut beside = None;
        if let Some(text) = proven.provenance {
            let file = folder.join(format!("{}.prov", located.file_name));
            let mut staged = Staged::beside(&file)?;
            let written = staged.writer().write_all(&text);
            written.map_err(|error| Error::other(format!("write {}: {error}", file.display())))?;
            beside = Some(staged);
        }
        archive.keep()?;
        beside.map_or(Ok(()), Staged::keep)?;
        Ok(Pulled { path, verification: proven.verification })
    }

    /// The archive in the content cache, brought there if it is not, and verified if that is asked.
    pub fn cached(&self, located: &Located, proof: &Proof, listener: Listener<'_>) -> Result<PathBuf, Error> {
        let path = self.cached_archive(located, listener)?;
        is_the_one(located, &path)?;
        if let Proof::Always(keyring) = proof {
            self.prove_cached(located, &path, keyring, listener)?;
        }
        Ok(path)
    }

    fn cached_archive(&self, located: &Located, listener: Listener<'_>) -> Result<PathBuf, Error> {
        let cache = self.cache();
        if let Some(path) = located.digest.as_ref().and_then(|digits| cache.find(digits, Kind::Chart)) {
            return Ok(path);
        }
        let mut staged = cache.stage()?;
        let digits = self.receive(located, staged.writer(), listener)?;
        let path = cache.path(&digits, Kind::Chart);
        if let Some(known) = cache.find(&digits, Kind::Chart) {
            return Ok(known);
        }
        staged.keep_at(&path)?;
        Ok(path)
    }

    /// Writes the archive to a file and gives the digits of its digest.
    fn receive(&self, located: &Located, out: &mut File, listener: Listener<'_>) -> Result<String, Error> {
        match &located.origin {
            Origin::Registry(reference) => self.receive_from_registry(reference, out, listener),
            Origin::Web(web) => self.receive_from_web(web, located.digest.as_deref(), out),
        }
    }

    fn receive_from_registry(
        &self,
        reference: &Reference,
        out: &mut File,
        listener: Listener<'_>,
    ) -> Result<String, Error> {
        let artifact = self.artifact(reference)?;
        let layer = artifact.chart()?;
        if layer.media_type == OLD_CHART {
            say(listener, format!("Warning: chart media type {OLD_CHART} is deprecated"));
        }
        let digits = digits(&layer.digest).to_owned();
        if !self.copy_cached(&digits, out)? {
            self.online(format!("downloading {reference}"))?;
            self.registries()?.blob(reference, &layer.digest, layer.size, out)?;
        }
        artifact.say_pulled(listener);
        Ok(digits)
    }

    fn receive_from_web(&self, web: &Web, digest: Option<&str>, out: &mut File) -> Result<String, Error> {
        if let Some(digits) = digest
            && self.copy_cached(digits, out)?
        {
            return Ok(digits.to_owned());
        }
        let url = &web.url;
        self.online(format!("downloading {url}"))?;
        let request = Request {
            accept: "application/gzip,application/octet-stream",
            authorization: &web.authorization,
            ..Request::get(url, BLOB_LIMIT)
        };
        let mut hash = Sha256::new();
        let response = self.http(&web.tls)?.download(&request, &mut |chunk| {
            hash.update(chunk);
            out.write_all(chunk)
        })?;
        if !response.status.is_success() {
            return Err(Error::Refused { url: url.clone(), reason: response.refusal() });
        }
        let found = hex::encode(hash.finalize());
        let downloading = || format!("downloading {url}");
        match digest {
            Some(wanted) if wanted != found => Err(Error::other(format!(
                "the content is not what the index promises: its digest should be {wanted} and is {found}"
            ))
            .while_doing(downloading())),
            Some(_) => Ok(found),
            None => {
                let is_archive = path::ext(url.split(['?', '#']).next().unwrap_or_default()) == ".tgz";
                out.rewind().and_then(|()| check_archive(out, is_archive)).map_err(|error| {
                    let text = format!("what came is no whole archive of a chart: {error}");
                    Error::Other(text).while_doing(downloading())
                })?;
                Ok(found)
            }
        }
    }

    fn copy_cached(&self, digits: &str, out: &mut File) -> Result<bool, Error> {
        let Some(path) = self.cache().find(digits, Kind::Chart) else { return Ok(false) };
        let copied = files::open(&path).and_then(|mut file| io::copy(&mut file, out));
        let failed = |error| Error::other(format!("reading {}: {error}", path.display()));
        copied.map(|_| true).map_err(failed)
    }
}

/// Refuses an archive that holds another chart than the one that was named. What does not load is told by who loads it.
fn is_the_one(located: &Located, archive: &Path) -> Result<(), Error> {
    match (&located.chart, chart::load_metadata(archive)) {
        (Some(wanted), Ok(found)) if found.name != *wanted => {
            let (wanted, found) = (quote(wanted), quote(&found.name));
            let text = format!("the archive holds the chart {found}, and {wanted} was asked for");
            Err(Error::Other(text).while_doing(format!("downloading {}", located.place())))
        }
        _ => Ok(()),
    }
}

/// Unpacks an archive to nowhere, to see that all of it is there. What neither is called one nor looks like one is taken as it
/// is: Helm saves whatever is at an address.
fn check_archive(input: &mut File, is_archive: bool) -> io::Result<()> {
    let mut input = BufReader::new(input);
    if !is_archive && !io::BufRead::fill_buf(&mut input)?.starts_with(&GZIP) {
        return Ok(());
    }
    let mut unpacked = MultiGzDecoder::new(input).take(UNPACKED_LIMIT);
    let read = io::copy(&mut unpacked, &mut io::sink())?;
    match read {
        UNPACKED_LIMIT => Err(io::Error::other(format!("it unpacks to more than {UNPACKED_LIMIT} bytes"))),
        _ => Ok(()),
    }
}
