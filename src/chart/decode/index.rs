//! Decoding `index.yaml`. What an entry says of its chart stands in a struct inside another there, behind which
//! sigs.k8s.io/yaml does not see: where a text is wanted a number is none.

use crate::chart::repository_index::{ChartVersion, RepositoryIndex};
use crate::chart::{Error, ErrorKind};
use crate::go::time::{Location, parse_in_location};
use crate::yaml::{self, Data, Node};

use super::{Decoder, METADATA, finish, yaml_error};

/// The keys of an entry that are not its chart's.
const VERSION: [&str; 8] =
    ["urls", "created", "removed", "digest", "checksum", "engine", "tillerVersion", "url"];

/// Go: repo/v1/index.go `jsonOrYamlUnmarshal`.
pub(in crate::chart) fn index(text: &[u8]) -> Result<RepositoryIndex, Error> {
    let mut index = RepositoryIndex::default();
    if serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok() {
        let node = yaml::parse(text).map_err(|error| yaml_error(&error))?;
        let mut decoder = Decoder { exact: true, ..Decoder::default() };
        decoder.index(&node, &mut index);
        return match decoder.error {
            None => Ok(index),
            Some((message, _)) => Err(Error::new(ErrorKind::Yaml, message)),
        };
    }
    let node = yaml::parse_strict(text).map_err(|error| yaml_error(&error))?;
    let decoder = Decoder { strict: true, ..Decoder::default() };
    finish(text, decoder, &node, |decoder, node| decoder.index(node, &mut index))?;
    Ok(index)
}

impl Decoder {
    fn index(&mut self, node: &Node, into: &mut RepositoryIndex) {
        const FIELDS: &[&str] =
            &["serverInfo", "apiVersion", "generated", "entries", "publicKeys", "annotations"];
        self.structure(node, "IndexFile", "repo.IndexFile", FIELDS, |decoder, field, node| match field {
            "apiVersion" => decoder.text(node, &mut into.api_version),
            "generated" => decoder.time(node),
            "publicKeys" => decoder.texts(node, &mut Vec::new()),
            "annotations" => decoder.annotations(node, &mut None),
            "serverInfo" if node.is_null() || matches!(node.data, Data::Map(_)) => {}
            "serverInfo" => decoder.mismatch(node, "map[string]interface {}"),
            _ => decoder.entries(node, &mut into.entries),
        });
    }

    fn entries(&mut self, node: &Node, into: &mut Vec<(String, Vec<Option<ChartVersion>>)>) {
        match node.data {
            Data::Map(_) => {}
            Data::Null => return,
            _ => return self.mismatch(node, "map[string]repo.ChartVersions"),
        }
        for entry in node.entries() {
            let items = self.items(&entry.value, "repo.ChartVersions").unwrap_or_default();
            let versions = items.iter().map(|item| (!item.is_null()).then(|| self.chart_version(item)));
            into.push((entry.key.clone(), versions.collect()));
        }
        into.sort_by(|(one, _), (other, _)| one.cmp(other));
    }

    fn chart_version(&mut self, node: &Node) -> ChartVersion {
        let mut into = ChartVersion::default();
        let fields: Vec<&'static str> = METADATA.iter().copied().chain(VERSION).collect();
        self.structure(
            node,
            "ChartVersion",
            "repo.ChartVersion",
            &fields,
            |decoder, field, node| match field {
                "urls" => decoder.texts(node, &mut into.urls),
                "digest" => decoder.text(node, &mut into.digest),
                "created" => decoder.time(node),
                "removed" => decoder.bool(node, &mut false),
                "checksum" | "engine" | "tillerVersion" | "url" => decoder.text(node, &mut String::new()),
                _ => decoder.embedded(field, node, &mut into),
            },
        );
        into
    }

    /// A field of the struct inside the struct.
    fn embedded(&mut self, field: &'static str, node: &Node, into: &mut ChartVersion) {
        let at = self.fields.len() - 1;
        self.fields.insert(at, "Metadata");
        let exact = std::mem::replace(&mut self.exact, true);
        self.metadata_field(field, node, &mut into.metadata);
        self.exact = exact;
        self.fields.remove(at);
    }

    /// A time, which nobody asks for but which must be one. Go: `Time.UnmarshalJSON`.
    fn time(&mut self, node: &Node) {
        match &node.data {
            Data::Null => {}
            Data::String(text) => {
                let layout = b"2006-01-02T15:04:05Z07:00";
                if let Err(error) = parse_in_location(layout, text.as_bytes(), &Location::Utc) {
                    self.keep(error, node);
                }
            }
            _ => self.keep("Time.UnmarshalJSON: input is not a JSON string".to_owned(), node),
        }
    }
}
