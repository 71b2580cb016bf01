//! [`RepositoryIndex`]: `index.yaml` as Helm decodes it; what of it is offered, and which version is chosen, is the business
//! of `fetch`.

use crate::go::time::{Location, parse_in_location};
use crate::yaml::{self, Data, Decoder, Node};

use super::decode::{METADATA, finish, metadata_field};
use super::{Error, ErrorKind, Metadata};

/// An `index.yaml`. Helm: repo/v1/index.go `IndexFile`.
#[derive(Clone, Debug, Default)]
pub struct RepositoryIndex {
    /// `apiVersion`
    pub api_version: String,
    /// `entries`: the versions of each chart by its name; `None` is an empty item.
    pub entries: Vec<(String, Vec<Option<ChartVersion>>)>,
}

/// A version of a chart in an index. Helm: repo/v1/index.go `ChartVersion`.
#[derive(Clone, Debug, Default)]
pub struct ChartVersion {
    /// What its `Chart.yaml` says.
    pub metadata: Metadata,
    /// `urls`
    pub urls: Vec<String>,
    /// `digest`
    pub digest: String,
}

/// The keys of an entry that are not its chart's.
const VERSION: [&str; 8] =
    ["urls", "created", "removed", "digest", "checksum", "engine", "tillerVersion", "url"];

impl RepositoryIndex {
    /// Reads an index: JSON as encoding/json does, YAML with no key that stands twice or that Helm does not know.
    /// Helm: repo/v1/index.go `jsonOrYamlUnmarshal`.
    pub fn parse(text: &[u8]) -> Result<RepositoryIndex, Error> {
        let mut index = RepositoryIndex::default();
        if serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok() {
            let node = yaml::parse(text).map_err(Error::from)?;
            let mut decoder = Decoder::of_json();
            index_fields(&mut decoder, &node, &mut index);
            let outcome = decoder.finish();
            return outcome.map(|()| index).map_err(|error| Error::new(ErrorKind::Yaml, error.message));
        }
        let node = yaml::parse_strict(text).map_err(Error::from)?;
        let mut decoder = Decoder::strict();
        index_fields(&mut decoder, &node, &mut index);
        finish(decoder, text).map(|()| index)
    }
}

fn index_fields(decoder: &mut Decoder, node: &Node, into: &mut RepositoryIndex) {
    const FIELDS: &[&str] =
        &["serverInfo", "apiVersion", "generated", "entries", "publicKeys", "annotations"];
    decoder.structure(node, "IndexFile", "repo.IndexFile", FIELDS, |decoder, field, node| match field {
        "apiVersion" => decoder.text(node, &mut into.api_version),
        "generated" => time(decoder, node),
        "publicKeys" => decoder.texts(node, &mut Vec::new()),
        "annotations" => _ = decoder.text_map(node),
        "serverInfo" if node.is_null() || matches!(node.data, Data::Map(_)) => {}
        "serverInfo" => decoder.mismatch(node, "map[string]interface {}"),
        _ => entries(decoder, node, &mut into.entries),
    });
}

fn entries(decoder: &mut Decoder, node: &Node, into: &mut Vec<(String, Vec<Option<ChartVersion>>)>) {
    match node.data {
        Data::Map(_) => {}
        Data::Null => return,
        _ => return decoder.mismatch(node, "map[string]repo.ChartVersions"),
    }
    for entry in node.entries() {
        let items = decoder.items(&entry.value, "repo.ChartVersions").unwrap_or_default();
        let versions = items.iter().map(|item| (!item.is_null()).then(|| chart_version(decoder, item)));
        into.push((entry.key.clone(), versions.collect()));
    }
    into.sort_by(|(one, _), (other, _)| one.cmp(other));
}

fn chart_version(decoder: &mut Decoder, node: &Node) -> ChartVersion {
    let mut into = ChartVersion::default();
    let fields: Vec<&'static str> = METADATA.iter().copied().chain(VERSION).collect();
    decoder.structure(
        node,
        "ChartVersion",
        "repo.ChartVersion",
        &fields,
        |decoder, field, node| match field {
            "urls" => decoder.texts(node, &mut into.urls),
            "digest" => decoder.text(node, &mut into.digest),
            "created" => time(decoder, node),
            "removed" => decoder.bool(node, &mut false),
            "checksum" | "engine" | "tillerVersion" | "url" => decoder.text(node, &mut String::new()),
            _ => decoder
                .embedded("Metadata", |decoder| metadata_field(decoder, field, node, &mut into.metadata)),
        },
    );
    into
}

/// A time, which nobody asks for but which must be one. Go: `Time.UnmarshalJSON`.
fn time(decoder: &mut Decoder, node: &Node) {
    match &node.data {
        Data::Null => {}
        Data::String(text) => {
            let layout = b"2006-01-02T15:04:05Z07:00";
            if let Err(error) = parse_in_location(layout, text.as_bytes(), &Location::Utc) {
                decoder.keep(error, node);
            }
        }
        _ => decoder.keep("Time.UnmarshalJSON: input is not a JSON string", node),
    }
}
