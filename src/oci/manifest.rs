//! [`Manifest`]: what a registry says about an artifact, as far as a chart needs it. Keys that are not named here are passed
//! over when read. What is written has its keys in the order of Go's structs, so that a pushed manifest is Helm's byte for
//! byte.
//!
//! Source: OCI image-spec `manifest.md`, `image-index.md`, `descriptor.md`; distribution-spec "Error Codes".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The media type of a manifest.
pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// The media type of an index of manifests.
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A content that a manifest names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// What it is.
    pub media_type: String,
    /// Its digest.
    pub digest: String,
    /// Its size in bytes.
    pub size: i64,
}

/// The parts of an artifact.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The version of the format: always 2.
    pub schema_version: u8,
    /// Its own media type, if it tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// What the artifact is, where its configuration does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// What the artifact is.
    pub config: Descriptor,
    /// What it consists of.
    pub layers: Vec<Descriptor>,
    /// The artifact that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// What its author says about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<BTreeMap<String, String>>,
}

impl Default for Manifest {
    fn default() -> Manifest {
        Manifest {
            schema_version: 2,
            media_type: None,
            artifact_type: None,
            config: Descriptor::default(),
            layers: Vec::new(),
            subject: None,
            annotations: None,
        }
    }
}

/// Manifests that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    /// Its own media type, if it tells it.
    pub media_type: Option<String>,
    /// The manifests.
    pub manifests: Vec<Descriptor>,
}

/// What a registry answers to the question for a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// One artifact.
    Manifest(Manifest),
    /// Several.
    Index(Index),
}

impl Content {
    /// Reads a manifest or an index: an index has the key `manifests`.
    pub fn parse(text: &[u8]) -> Result<Content, serde_json::Error> {
        #[derive(Deserialize)]
        struct Probe {
            manifests: Option<serde::de::IgnoredAny>,
        }
        let probe: Probe = serde_json::from_slice(text)?;
        match probe.manifests {
            Some(_) => serde_json::from_slice(text).map(Content::Index),
            None => serde_json::from_slice(text).map(Content::Manifest),
        }
    }
}

/// The reason that a registry gives in the body of a refusal, if it gives one.
pub fn refusal(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Refusal {
        errors: Vec<Reason>,
    }
    #[derive(Deserialize)]
    struct Reason {
        #[serde(default)]
        message: String,
    }
    let refusal: Refusal = serde_json::from_slice(body).ok()?;
    refusal.errors.into_iter().next().map(|reason| reason.message).filter(|message| !message.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_and_indexes_are_told_apart() {
        let descriptor = r#"{"mediaType":"m","digest":"d","size":1,"platform":{"os":"linux"}}"#;
        let text = format!(r#"{{"schemaVersion":2,"config":{descriptor},"layers":[],"subject":null}}"#);
        let Content::Manifest(manifest) = Content::parse(text.as_bytes()).unwrap() else { unreachable!() };
        assert_eq!(manifest.config, Descriptor { media_type: "m".into(), digest: "d".into(), size: 1 });
        let written = r#"{"schemaVersion":2,"config":{"mediaType":"m","digest":"d","size":1},"layers":[]}"#;
        assert_eq!(serde_json::to_string(&manifest).unwrap(), written);
        let text = format!(r#"{{"schemaVersion":2,"manifests":[{descriptor}]}}"#);
        assert!(
            matches!(Content::parse(text.as_bytes()), Ok(Content::Index(index)) if index.manifests.len() == 1)
        );
        for text in ["", "[]", "{}", r#"{"schemaVersion":2,"layers":[]}"#, r#"{"manifests":1}"#] {
            assert!(Content::parse(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn the_first_reason_of_a_refusal_counts() {
        let text =
            br#"{"errors":[{"code":"X_UNKNOWN_TO_US","message":"no","detail":{}},{"message":"other"}]}"#;
        assert_eq!(refusal(text), Some("no".to_owned()));
        for text in ["", "{}", r#"{"errors":[]}"#, r#"{"errors":[{"code":"DENIED"}]}"#] {
            assert_eq!(refusal(text.as_bytes()), None, "{text}");
        }
    }
}
