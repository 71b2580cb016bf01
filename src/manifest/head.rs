//! [`Head`]: the few fields that Helm reads of every document, with the errors that Go's decoder would raise for them.

use std::collections::BTreeMap;

use crate::yaml::{Data, Entry, Node};

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

const METADATA_TYPE: &str =
    r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#;

impl Head {
    /// Decodes the head as sigs.k8s.io/yaml and encoding/json do: keys in any case, plain scalars taken for strings.
    /// The error is that of `yaml.Unmarshal`; of several it is the first by key.
    pub fn of(node: &Node) -> Result<Head, String> {
        let mut head = Head::default();
        let mut errors = Errors(None);
        match &node.data {
            Data::Map(entries) => {
                for entry in sorted(entries) {
                    match entry.key.to_ascii_lowercase().as_str() {
                        "apiversion" => {
                            errors.text(&entry.value, &mut head.api_version, "SimpleHead.apiVersion");
                        }
                        "kind" => errors.text(&entry.value, &mut head.kind, "SimpleHead.kind"),
                        "metadata" => errors.metadata(&entry.value, &mut head),
                        _ => {}
                    }
                }
            }
            Data::Null => {}
            _ => errors.raise(&node.data, "Go value", "util.SimpleHead"),
        }
        match errors.0 {
            None => Ok(head),
            Some(error) => Err(format!("error unmarshaling JSON: while decoding JSON: json: {error}")),
        }
    }
}

/// The first error; decoding goes on after it.
struct Errors(Option<String>);

impl Errors {
    fn raise(&mut self, data: &Data, place: &str, wanted: &str) {
        self.0
            .get_or_insert_with(|| format!("cannot unmarshal {} into {place} of type {wanted}", word(data)));
    }

    fn text(&mut self, node: &Node, target: &mut String, field: &str) {
        match scalar(&node.data) {
            Some(text) => *target = text,
            None if node.is_null() => {}
            None => self.raise(&node.data, &format!("Go struct field {field}"), "string"),
        }
    }

    fn metadata(&mut self, node: &Node, head: &mut Head) {
        match &node.data {
            Data::Null => {
                head.name.clear();
                head.annotations.clear();
            }
            Data::Map(entries) => {
                for entry in sorted(entries) {
                    match entry.key.to_ascii_lowercase().as_str() {
                        "name" => self.text(&entry.value, &mut head.name, ".metadata.name"),
                        "annotations" => self.annotations(&entry.value, head),
                        _ => {}
                    }
                }
            }
            other => self.raise(other, "Go struct field SimpleHead.metadata", METADATA_TYPE),
        }
    }

    fn annotations(&mut self, node: &Node, head: &mut Head) {
        const FIELD: &str = ".metadata.annotations";
        match &node.data {
            Data::Null => head.annotations.clear(),
            Data::Map(entries) => {
                for entry in sorted(entries) {
                    let mut text = String::new();
                    self.text(&entry.value, &mut text, FIELD);
                    head.annotations.insert(entry.key.clone(), text);
                }
            }
            other => self.raise(other, &format!("Go struct field {FIELD}"), "map[string]string"),
        }
    }
}

/// The entries as `encoding/json` meets them: sorted, each key once with its last value.
fn sorted(entries: &[Entry]) -> impl Iterator<Item = &Entry> {
    entries.iter().map(|entry| (entry.key.as_str(), entry)).collect::<BTreeMap<_, _>>().into_values()
}

/// A plain scalar as sigs.k8s.io/yaml hands it to a string field; `None` for null and collections.
fn scalar(data: &Data) -> Option<String> {
    Some(match data {
        Data::String(text) => text.clone(),
        Data::Bool(b) => b.to_string(),
        Data::Int(n) => n.to_string(),
        Data::Uint(n) => n.to_string(),
        Data::Float(x) => x.to_string(),
        Data::Null | Data::Seq(_) | Data::Map(_) => return None,
    })
}

/// Go's word for a JSON value.
fn word(data: &Data) -> &'static str {
    match data {
        Data::Null => "null",
        Data::Bool(_) => "bool",
        Data::Int(_) | Data::Uint(_) | Data::Float(_) => "number",
        Data::String(_) => "string",
        Data::Seq(_) => "array",
        Data::Map(_) => "object",
    }
}
