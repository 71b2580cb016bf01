//! [`Artifact`]: what a registry says about a chart. A tag is looked up once; the chart, its provenance and everything else go
//! by the digests that were found then.
//!
//! Source: Helm registry/client.go `processChartPull`, registry/constants.go.

use std::io::Write;
use std::sync::Arc;

use crate::oci::Reference;
use crate::oci::digest::{digits, is_digest};
use crate::oci::manifest::{Content, Descriptor, INDEX, MANIFEST, Manifest};

use super::cache::Kind;
use super::error::Error;
use super::event::{Listener, say};
use super::fetcher::{Fetcher, lock};

/// The media types of what a chart is made of in a registry.
pub const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
/// The chart's archive.
pub const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
/// The chart's archive as it was once called.
pub const OLD_CHART: &str = "application/tar+gzip";
/// The provenance file.
pub const PROVENANCE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";
/// The most manifests that an index may name.
const MAX_MANIFESTS: usize = 64;
const UNDERSCORE: &str = "
OCI artifact references (e.g. tags) do not support the plus sign (+). To support
storing semantic versions, Helm adopts the convention of changing plus (+) to
an underscore (_) in chart version tags when pushing to a registry and back to
a plus (+) when pulling from a registry.";

/// A chart in a registry.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// As it was named, by tag or by digest.
    pub reference: Reference,
    /// The digest of its manifest, or of the index that names its manifests.
    pub digest: String,
    /// Its manifest. An index counts as a manifest of everything that its manifests hold.
    pub manifest: Manifest,
}

impl Artifact {
    /// The layer that is the chart.
    pub fn chart(&self) -> Result<&Descriptor, Error> {
        let is_chart = |layer: &&Descriptor| [CHART, OLD_CHART].contains(&layer.media_type.as_str());
        let Manifest { config, layers, .. } = &self.manifest;
        let error = match config.media_type == CONFIG {
            true => match layers.iter().rfind(is_chart) {
                Some(layer) => return Ok(layer),
                None => format!("manifest does not contain a layer with mediatype {CHART}"),
            },
            false if layers.iter().any(|layer| is_chart(&layer)) => {
                format!("could not load config with mediatype {CONFIG}")
            }
            false => {
                "manifest does not contain minimum number of descriptors (2), descriptors found: 1".to_owned()
            }
        };
        Err(reading_manifest(&self.reference, error))
    }

    /// The layer that is the provenance file.
    pub fn provenance(&self) -> Result<&Descriptor, Error> {
        let layer = self.manifest.layers.iter().find(|layer| layer.media_type == PROVENANCE);
        layer.ok_or_else(|| {
            Error::other(format!("manifest does not contain a layer with mediatype {PROVENANCE}"))
        })
    }

    /// Says what Helm says of each part that comes from a registry: twice the same where a chart has a provenance file.
    pub(super) fn say_pulled(&self, listener: Listener<'_>) {
        let reference = &self.reference;
        say(listener, format!("Pulled: {reference}"));
        say(listener, format!("Digest: {}", self.digest));
        explain_underscore(reference, &reference.to_string(), listener);
    }
}

/// Says why a tag has an underscore, if this text has one.
pub(super) fn explain_underscore(reference: &Reference, text: &str, listener: Listener<'_>) {
    if text.contains('_') {
        say(listener, format!("{reference} contains an underscore."));
        say(listener, UNDERSCORE);
    }
}

fn reading_manifest(reference: &Reference, text: impl ToString) -> Error {
    Error::other(text).while_doing(format!("reading the manifest of {reference}"))
}

impl Fetcher {
    /// What the registry says about the chart of that reference, which is asked once.
    pub(super) fn artifact(&self, reference: &Reference) -> Result<Arc<Artifact>, Error> {
        if let Some(known) = lock(&self.artifacts).get(reference) {
            return Ok(Arc::clone(known));
        }
        let (digest, content) = self.content(reference)?;
        let manifest = match content {
            Content::Manifest(manifest) => manifest,
            Content::Index(index) => {
                if let Some(other) = index.media_type.filter(|kind| kind != INDEX) {
                    let text = format!("what the registry answered is no manifest of a chart, but {other}");
                    return Err(reading_manifest(reference, text));
                }
                self.merged(reference, &index.manifests)?
            }
        };
        let artifact = Arc::new(Artifact { reference: reference.clone(), digest, manifest });
        lock(&self.artifacts).insert(reference.clone(), Arc::clone(&artifact));
        Ok(artifact)
    }

    /// The manifests that an index names as one.
    fn merged(&self, reference: &Reference, manifests: &[Descriptor]) -> Result<Manifest, Error> {
        if manifests.len() > MAX_MANIFESTS {
            let text = format!("the index names more than {MAX_MANIFESTS} manifests");
            return Err(reading_manifest(reference, text));
        }
        let mut merged = Manifest::default();
        for entry in manifests.iter().filter(|entry| entry.media_type == MANIFEST) {
            if !is_digest(&entry.digest) {
                let text = "the index names a manifest by a digest that is not sha256";
                return Err(reading_manifest(reference, text));
            }
            let (_, content) = self.content(&reference.with_digest(&entry.digest))?;
            let Content::Manifest(mut manifest) = content else {
                return Err(reading_manifest(reference, "an index inside an index is not looked into"));
            };
            if manifest.config.media_type == CONFIG {
                merged.config = manifest.config;
            }
            merged.layers.append(&mut manifest.layers);
        }
        Ok(merged)
    }

    /// One manifest or index and its digest. What came once is found in the cache by its digest.
    pub(super) fn content(&self, reference: &Reference) -> Result<(String, Content), Error> {
        if !reference.digest.is_empty()
            && let Some(path) = self.cache().find(digits(&reference.digest), Kind::Manifest)
            && let Ok(text) = std::fs::read(path)
            && let Ok(content) = Content::parse(&text)
        {
            return Ok((reference.digest.clone(), content));
        }
        self.online(format!("reading the manifest of {reference}"))?;
        let stored = self.registries()?.manifest(reference)?;
        // That it cannot be kept does not matter.
        if let Ok(mut staged) = self.cache().stage()
            && staged.writer().write_all(&stored.text).is_ok()
        {
            let _ = staged.keep_at(&self.cache().path(digits(&stored.digest), Kind::Manifest));
        }
        Ok((stored.digest, stored.content))
    }
}
