//! The look-up of a chart in a registry. A tag is looked up once; the chart, its provenance and everything else go by the
//! digests that were found then.

use std::io::Write;
use std::sync::Arc;

use crate::files;
use crate::oci::Reference;
use crate::oci::digest::{digits, is_digest};
use crate::oci::manifest::{Content, Descriptor, INDEX, MANIFEST, Manifest};

use super::artifact::{Artifact, CONFIG, reading_manifest};
use super::cache::Kind;
use super::error::Error;
use super::fetcher::{Fetcher, lock};

/// The most manifests that an index may name.
const MAX_MANIFESTS: usize = 64;

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
            && let Ok(text) = files::read(&path)
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
