//! [`Artifact`]: what a registry says about a chart: which contents are the archive and the provenance file.
//!
//! Source: Helm registry/client.go `processChartPull`, registry/constants.go.

use crate::oci::Reference;
use crate::oci::manifest::{Descriptor, Manifest};

use super::error::Error;
use super::event::{Listener, say};

/// The media types of what a chart is made of in a registry.
pub const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
/// The chart's archive.
pub const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
/// The chart's archive as it was once called.
pub const OLD_CHART: &str = "application/tar+gzip";
/// The provenance file.
pub const PROVENANCE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";
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

/// An error about what the manifest of a reference says.
pub(super) fn reading_manifest(reference: &Reference, text: impl ToString) -> Error {
    Error::other(text).while_doing(format!("reading the manifest of {reference}"))
}
