//! Texts about charts beside them in a registry: each an artifact of its own, which the registry lists among the referrers of the
//! chart where it knows such a thing, and which has a tag, so that it is found where it does not.
//!
//! Source: OCI image-spec `manifest.md` "Guidelines for Artifact Usage", distribution-spec "Listing Referrers".

use crate::go::path;
use crate::oci::Reference;
use crate::oci::error::ErrorKind;
use crate::oci::manifest::{Content, Descriptor, MANIFEST, Manifest};
use crate::oci::push::Blob;
use crate::oci::reference::SCHEME;

use super::error::Error;
use super::fetcher::Fetcher;

/// The media type of what says nothing. OCI image-spec.
const EMPTY: &str = "application/vnd.oci.empty.v1+json";

impl Fetcher {
    /// The repository of a chart of that name below `base`, with that tag.
    fn beside(base: &str, name: &str, tag: &str) -> Result<Reference, Error> {
        let base = base.strip_prefix(SCHEME).unwrap_or(base);
        Ok(Reference::parse(&format!("{}:{tag}", path::join(&[base, name])))?)
    }

    /// The text of that media type under the tag, of so many bytes at most; none where the registry has none.
    pub fn text_beside(
        &self,
        (base, name, tag): (&str, &str, &str),
        media_type: &str,
        limit: u64,
    ) -> Result<Option<Vec<u8>>, Error> {
        let reference = Fetcher::beside(base, name, tag)?;
        self.online(format!("reading {reference}"))?;
        let client = self.registries()?;
        let stored = match client.manifest(&reference) {
            Err(error) if matches!(*error.kind, ErrorKind::Refused { status: 404, .. }) => return Ok(None),
            stored => stored?,
        };
        let Content::Manifest(manifest) = stored.content else {
            return Err(Error::other(format!("{reference} is an index")));
        };
        let [layer] = &manifest.layers[..] else {
            return Err(Error::other(format!("{reference} has {} layers, not one", manifest.layers.len())));
        };
        if layer.media_type != media_type {
            return Err(Error::other(format!("{reference} is {}, not {media_type}", layer.media_type)));
        }
        if u64::try_from(layer.size).is_ok_and(|size| size > limit) {
            return Err(Error::other(format!("{reference} has more than {limit} bytes")));
        }
        let mut text = Vec::new();
        client.blob(&reference, &layer.digest, layer.size, &mut text)?;
        Ok(Some(text))
    }

    /// Pushes a text about a chart: the blob, and then the manifest that names it and the chart.
    pub fn push_beside(
        &self,
        (base, name, tag): (&str, &str, &str),
        media_type: &str,
        text: Vec<u8>,
        chart: &Descriptor,
    ) -> Result<Reference, Error> {
        let reference = Fetcher::beside(base, name, tag)?;
        self.online(format!("pushing {reference}"))?;
        let (blob, config) = (Blob::of_bytes(media_type, text), Blob::of_bytes(EMPTY, b"{}".to_vec()));
        let manifest = Manifest {
            media_type: Some(MANIFEST.to_owned()),
            artifact_type: Some(media_type.to_owned()),
            config: config.descriptor.clone(),
            layers: vec![blob.descriptor.clone()],
            subject: Some(chart.clone()),
            ..Manifest::default()
        };
        let manifest = serde_json::to_vec(&manifest)
            .map_err(|error| Error::other(format!("writing the manifest: {error}")))?;
        self.registries()?.push(&reference, &[blob, config], &manifest)?;
        Ok(reference)
    }
}
