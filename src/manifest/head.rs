//! [`Head`]: the few fields that Helm reads of every document, with the errors that Go's decoder would raise for them.

use std::collections::BTreeMap;

use crate::yaml::{Decoder, Mismatch, Node};

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

const FIELDS: [&str; 3] = ["apiVersion", "kind", "metadata"];
const METADATA: &str =
    r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#;

impl Head {
    /// Whether a field of that name, or one that is taken for it, is read.
    pub fn reads(key: &str) -> bool {
        FIELDS.iter().any(|field| field.eq_ignore_ascii_case(key))
    }

    /// Decodes the head as sigs.k8s.io/yaml and encoding/json do: keys in any case, plain scalars taken for strings.
    /// The error is that of `yaml.Unmarshal`; of several it is the first by key.
    pub fn of(node: &Node) -> Result<Head, Mismatch> {
        let mut head = Head::default();
        let mut decoder = Decoder::default();
        decoder.structure(
            node,
            "SimpleHead",
            "util.SimpleHead",
            &FIELDS,
            |decoder, field, node| match field {
                "apiVersion" => decoder.text(node, &mut head.api_version),
                "kind" => decoder.text(node, &mut head.kind),
                _ => {
                    decoder.structure(
                        node,
                        "",
                        METADATA,
                        &["name", "annotations"],
                        |decoder, field, node| match field {
                            "name" => decoder.text(node, &mut head.name),
                            _ => head.annotations.extend(decoder.text_map(node)),
                        },
                    );
                }
            },
        );
        decoder.finish().map(|()| head)
    }
}
