//! [`Head`]: the few fields that Helm reads of every document, with the errors that Go's decoder would raise for them.

use std::collections::BTreeMap;

use super::decode::{self, Shape};
use crate::yaml::Node;

/// What Helm reads of a document. Helm: release/v1/util/manifest.go `SimpleHead`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `apiVersion`
    pub api_version: String,
    /// `kind`
    pub kind: String,
    /// `metadata.name`
    pub name: String,
    /// `metadata.annotations`
    pub annotations: BTreeMap<String, String>,
}

const METADATA: Shape = Shape::Struct(
    "",
    r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#,
    &[("name", Shape::Text), ("annotations", Shape::TextMap)],
);

const HEAD: Shape = Shape::Struct(
    "SimpleHead",
    "util.SimpleHead",
    &[("apiVersion", Shape::Text), ("kind", Shape::Text), ("metadata", METADATA)],
);

impl Head {
    /// Decodes the head as sigs.k8s.io/yaml and encoding/json do: keys in any case, plain scalars taken for strings.
    /// The error is that of `yaml.Unmarshal`; of several it is the first by key.
    pub fn of(node: &Node) -> Result<Head, String> {
        decode::check(node, &HEAD)?;
        let metadata = decode::field(node, "metadata");
        let annotations = metadata.and_then(|metadata| decode::field(metadata, "annotations"));
        let annotations = decode::sorted(annotations.map_or(&[], Node::entries));
        Ok(Head {
            api_version: decode::text(node, "apiVersion"),
            kind: decode::text(node, "kind"),
            name: metadata.map(|metadata| decode::text(metadata, "name")).unwrap_or_default(),
            annotations: annotations
                .map(|entry| (entry.key.clone(), decode::scalar(&entry.value).unwrap_or_default()))
                .collect(),
        })
    }
}
