//! From where a chart is to a file on this disk: into a folder for `pull`, into the content cache for every other command.
//! A file appears when all of it is there and is what was promised.
//!
//! Source: Helm downloader/chart_downloader.go `DownloadTo`, `DownloadToCache`; registry/client.go `processChartPull`.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use oci_client::manifest::{
    OCI_IMAGE_INDEX_MEDIA_TYPE, OCI_IMAGE_MEDIA_TYPE, OciDescriptor, OciImageManifest,
};
use sha2::{Digest, Sha256};

use crate::oci::Reference;
use crate::oci::client::{BLOB_LIMIT, Content};
use crate::oci::http::{Http, Question};
use crate::oci::reference::is_digest;
use crate::staged::Staged;

use super::Fetcher;
use super::cache::Kind;
use super::locate::{Located, Origin, Web};
use super::provenance::{Proof, Pulled};

/// The media types of what a chart is made of in a registry. Helm: registry/constants.go.
pub const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
/// The chart's archive.
pub const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
/// The chart's archive as it was called once.
pub const OLD_CHART: &str = "application/tar+gzip";
/// The provenance file.
pub const PROVENANCE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";
/// The most manifests that an index may name.
const MANIFESTS: usize = 64;
/// The most that an archive may unpack to when it is only looked through.
const UNPACKED_LIMIT: u64 = 1024 * 1024 * 1024;
const UNDERSCORE: &str = "
OCI artifact references (e.g. tags) do not support the plus sign (+). To support
storing semantic versions, Helm adopts the convention of changing plus (+) to
an underscore (_) in chart version tags when pushing to a registry and back to
a plus (+) when pulling from a registry.";

impl Fetcher {
    /// Writes the archive into the folder, which must exist. What its provenance must be comes with it; where that is not
    /// so, nothing is written. Helm would leave the archive.
    pub fn pull(
        &self,
        located: &Located,
        reference: &str,
        folder: &Path,
        proof: &Proof,
    ) -> Result<Pulled, String> {
        if !folder.is_dir() {
            return Err(format!("{}: there is no such folder to write the chart to", folder.display()));
        }
        let path = folder.join(&located.file_name);
        let mut archive = Staged::beside(&path)?;
        self.receive(located, archive.writer())?;
        let (provenance, verification) = self.prove(located, reference, archive.path(), proof)?;
        let mut beside = None;
        if let Some(text) = provenance {
            let file = folder.join(format!("{}.prov", located.file_name));
            let mut staged = Staged::beside(&file)?;
            let written = staged.writer().write_all(&text);
            written.map_err(|error| format!("write {}: {error}", file.display()))?;
            beside = Some(staged);
        }
        archive.keep()?;
        beside.map_or(Ok(()), Staged::keep)?;
        Ok(Pulled { path, verification })
    }

    /// The archive in the content cache, brought there if it is not, and proven as is asked.
    pub fn cached(&self, located: &Located, proof: &Proof) -> Result<PathBuf, String> {
        let path = self.cached_archive(located)?;
        if let Proof::Always(keyring) = proof {
            self.prove_cached(located, &path, keyring)?;
        }
        Ok(path)
    }

    fn cached_archive(&self, located: &Located) -> Result<PathBuf, String> {
        let cache = self.cache();
        if let Some(path) = located.digest.as_ref().and_then(|digits| cache.find(digits, Kind::Chart)) {
            return Ok(path);
        }
        let mut staged = cache.stage()?;
        let digits = self.receive(located, staged.writer())?;
        let path = cache.path(&digits, Kind::Chart);
        if let Some(known) = cache.find(&digits, Kind::Chart) {
            return Ok(known);
        }
        staged.keep_at(&path)?;
        Ok(path)
    }

    /// Writes the archive to a file and gives the digits of its digest.
    fn receive(&self, located: &Located, out: &mut File) -> Result<String, String> {
        match &located.origin {
            Origin::Registry(reference) => self.receive_from_registry(reference, out),
            Origin::Web(web) => self.receive_from_web(web, located.digest.as_deref(), out),
        }
    }

    fn receive_from_registry(&self, reference: &Reference, out: &mut File) -> Result<String, String> {
        let (digest, manifest) = self.manifest(reference)?;
        let layer = chart_layer(&manifest)
            .map_err(|error| format!("reading the manifest of {reference}: {error}"))?;
        if layer.media_type == OLD_CHART {
            self.say(format!("Warning: chart media type {OLD_CHART} is deprecated"));
        }
        let digits = layer.digest.trim_start_matches("sha256:").to_owned();
        if !self.copy_cached(&digits, out)? {
            self.online(&format!("downloading {reference}"))?;
            let client = self.client()?;
            client.blob(reference, &layer.digest, layer.size, out).map_err(|error| error.to_string())?;
        }
        self.say_pulled(reference, &digest);
        Ok(digits)
    }

    /// What Helm says of each part that comes from a registry: twice the same where a chart has a provenance file.
    pub(super) fn say_pulled(&self, reference: &Reference, digest: &str) {
        self.say(format!("Pulled: {reference}"));
        self.say(format!("Digest: {digest}"));
        self.explain_underscore(reference, &reference.to_string());
    }

    /// Says why a tag has an underscore, if this text has one.
    pub(super) fn explain_underscore(&self, reference: &Reference, text: &str) {
        if text.contains('_') {
            self.say(format!("{reference} contains an underscore."));
            self.say(UNDERSCORE);
        }
    }

    /// The manifest and its digest. An index counts as a manifest of everything that its manifests hold.
    pub(super) fn manifest(&self, reference: &Reference) -> Result<(String, OciImageManifest), String> {
        let (digest, content) = self.one_manifest(reference)?;
        let index = match content {
            Content::Image(manifest) => return Ok((digest, *manifest)),
            Content::Index(index) => index,
        };
        let fail = |error: String| format!("reading the manifest of {reference}: {error}");
        if index.media_type.as_deref().is_some_and(|kind| kind != OCI_IMAGE_INDEX_MEDIA_TYPE) {
            let kind = index.media_type.unwrap_or_default();
            return Err(fail(format!("what the registry answered is no manifest of a chart, but {kind}")));
        }
        if index.manifests.len() > MANIFESTS {
            return Err(fail(format!("the index names more than {MANIFESTS} manifests")));
        }
        let mut merged = OciImageManifest::default();
        for entry in index.manifests.iter().filter(|entry| entry.media_type == OCI_IMAGE_MEDIA_TYPE) {
            if !is_digest(&entry.digest) {
                return Err(fail("the index names a manifest by a digest that is not sha256".to_owned()));
            }
            let (_, content) = self.one_manifest(&reference.with_digest(&entry.digest))?;
            let Content::Image(manifest) = content else {
                return Err(fail("an index inside an index is not looked into".to_owned()));
            };
            let OciImageManifest { config, mut layers, .. } = *manifest;
            if config.media_type == CONFIG {
                merged.config = config;
            }
            merged.layers.append(&mut layers);
        }
        Ok((digest, merged))
    }

    /// One manifest and its digest; one that is asked for by its digest is kept in the cache.
    fn one_manifest(&self, reference: &Reference) -> Result<(String, Content), String> {
        let digits = reference.digest.trim_start_matches("sha256:");
        if !digits.is_empty()
            && let Some(path) = self.cache().find(digits, Kind::Manifest)
            && let Ok(text) = std::fs::read(path)
            && let Ok(content) = Content::parse(&text)
        {
            return Ok((reference.digest.clone(), content));
        }
        self.online(&format!("reading the manifest of {reference}"))?;
        let manifest = self.client()?.manifest(reference).map_err(|error| error.to_string())?;
        // Only what came is kept, and that it cannot be kept does not matter.
        let digits = manifest.digest.trim_start_matches("sha256:");
        if let Ok(mut staged) = self.cache().stage()
            && staged.writer().write_all(&manifest.text).is_ok()
        {
            let _ = staged.keep_at(&self.cache().path(digits, Kind::Manifest));
        }
        Ok((manifest.digest, manifest.content))
    }

    fn receive_from_web(&self, web: &Web, digest: Option<&str>, out: &mut File) -> Result<String, String> {
        if let Some(digits) = digest
            && self.copy_cached(digits, out)?
        {
            return Ok(digits.to_owned());
        }
        self.online(&format!("downloading {}", web.url))?;
        let http = Http::new(&web.transport, &self.settings.network)?;
        let accept = "application/gzip,application/octet-stream";
        let question = Question {
            url: &web.url,
            accept,
            authorization: &web.authorization,
            limit: BLOB_LIMIT,
            ..Question::default()
        };
        let mut hash = Sha256::new();
        let answer = http.download(&question, &mut |chunk| {
            hash.update(chunk);
            out.write_all(chunk)
        })?;
        if !answer.status.is_success() {
            return Err(format!("failed to fetch {} : {}", web.url, answer.complaint()));
        }
        let found = hex::encode(hash.finalize());
        match digest {
            Some(wanted) if wanted != found => Err(format!(
                "downloading {}: the content is not what the index promises: its digest should be {wanted} and is {found}",
                web.url
            )),
            Some(_) => Ok(found),
            None => {
                out.rewind().and_then(|()| look_through(out)).map_err(|error| {
                    format!("downloading {}: what came is no whole archive of a chart: {error}", web.url)
                })?;
                Ok(found)
            }
        }
    }

    fn copy_cached(&self, digits: &str, out: &mut File) -> Result<bool, String> {
        let Some(path) = self.cache().find(digits, Kind::Chart) else { return Ok(false) };
        let copied = File::open(&path).and_then(|mut file| io::copy(&mut file, out));
        copied.map(|_| true).map_err(|error| format!("reading {}: {error}", path.display()))
    }
}

/// The layer that is the chart. Helm: registry/client.go `processChartPull`.
fn chart_layer(manifest: &OciImageManifest) -> Result<&OciDescriptor, String> {
    let is_chart = |layer: &&OciDescriptor| [CHART, OLD_CHART].contains(&layer.media_type.as_str());
    if manifest.config.media_type != CONFIG && !manifest.layers.iter().any(|layer| is_chart(&layer)) {
        return Err(
            "manifest does not contain minimum number of descriptors (2), descriptors found: 1".to_owned()
        );
    }
    if manifest.config.media_type != CONFIG {
        return Err(format!("could not load config with mediatype {CONFIG}"));
    }
    let layer = manifest.layers.iter().rfind(is_chart);
    layer.ok_or_else(|| format!("manifest does not contain a layer with mediatype {CHART}"))
}

/// Unpacks a stream to nowhere, to see that all of it is there.
fn look_through(input: &mut File) -> io::Result<()> {
    let mut unpacked = MultiGzDecoder::new(io::BufReader::new(input)).take(UNPACKED_LIMIT);
    let read = io::copy(&mut unpacked, &mut io::sink())?;
    match read {
        UNPACKED_LIMIT => Err(io::Error::other(format!("it unpacks to more than {UNPACKED_LIMIT} bytes"))),
        _ => Ok(()),
    }
}
