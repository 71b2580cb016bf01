//! From YAML to the fields of `Chart.yaml` and lock files.
//!
//! Read [`metadata`]. Decoding goes into what is already there, because Helm reads `requirements.yaml` into the same
//! struct as `Chart.yaml`.

use crate::yaml::{self, Data, Decoder, Node};

use super::dependency::Import;
use super::{Dependency, Error, ErrorKind, Lock, Maintainer, Metadata};

/// The fields of `Chart.yaml`. Helm: `chart.Metadata` (v2).
pub(super) const METADATA: [&str; 17] = [
    "name",
    "home",
    "sources",
    "version",
    "description",
    "keywords",
    "maintainers",
    "icon",
    "apiVersion",
    "condition",
    "tags",
    "appVersion",
    "deprecated",
    "annotations",
    "kubeVersion",
    "dependencies",
    "type",
];

impl Metadata {
    /// Reads a `Chart.yaml` and checks nothing but its types. Helm: `chartutil.LoadChartfile`.
    pub fn parse(text: &[u8]) -> Result<Metadata, Error> {
        let mut read = Metadata::default();
        metadata(text, &mut read)?;
        Ok(read)
    }

    /// As [`Metadata::parse`], but keys that stand twice or that Helm does not know are errors.
    /// Helm: `chartutil.StrictLoadChartfile`. Go: `yaml.UnmarshalStrict(data, metadata)`.
    pub fn parse_strict(text: &[u8]) -> Result<Metadata, Error> {
        let node = yaml::parse_strict(text).map_err(Error::from)?;
        let (mut decoder, mut read) = (Decoder::strict(), Metadata::default());
        metadata_fields(&mut decoder, &node, &mut read);
        finish(decoder, text).map(|()| read)
    }
}

/// Decodes `Chart.yaml` or `requirements.yaml`. Go: `yaml.Unmarshal(data, metadata)`.
pub(super) fn metadata(text: &[u8], into: &mut Metadata) -> Result<(), Error> {
    decode(text, |decoder, node| metadata_fields(decoder, node, into))
}

/// Decodes a lock. Go: `yaml.Unmarshal(data, &lock)`.
pub(super) fn lock(text: &[u8]) -> Result<Lock, Error> {
    let mut lock = Lock::default();
    decode(text, |decoder, node| lock_fields(decoder, node, &mut lock))?;
    Ok(lock)
}

/// The `apiVersion` of a `Chart.yaml`, which Helm looks at before anything else. Helm: `chartBase`.
pub(super) fn api_version(text: &[u8]) -> Result<String, Error> {
    let mut version = String::new();
    decode(text, |decoder, node| {
        decoder.structure(node, "chartBase", "loader.chartBase", &["apiVersion"], |decoder, _, node| {
            decoder.text(node, &mut version);
        });
    })?;
    Ok(version)
}

fn decode(text: &[u8], fields: impl FnOnce(&mut Decoder, &Node)) -> Result<(), Error> {
    let node = yaml::parse(text).map_err(|error| Error::from(error).in_text(text))?;
    let mut decoder = Decoder::default();
    fields(&mut decoder, &node);
    finish(decoder, text)
}

/// The outcome of decoding the text.
pub(super) fn finish(decoder: Decoder, text: &[u8]) -> Result<(), Error> {
    decoder.finish().map_err(|mismatch| mismatch.in_text(text).into())
}

impl From<yaml::Error> for Error {
    fn from(error: yaml::Error) -> Error {
        Error::new(ErrorKind::Yaml, error.to_string()).at_line(error.line())
    }
}

fn metadata_fields(decoder: &mut Decoder, node: &Node, into: &mut Metadata) {
    decoder.structure(node, "Metadata", "v2.Metadata", &METADATA, |decoder, field, node| {
        metadata_field(decoder, field, node, into);
    });
}

/// A field of `Chart.yaml`.
pub(super) fn metadata_field(decoder: &mut Decoder, field: &str, node: &Node, into: &mut Metadata) {
    match field {
        "name" => decoder.text(node, &mut into.name),
        "home" => decoder.text(node, &mut into.home),
        "sources" => decoder.texts(node, &mut into.sources),
        "version" => decoder.text(node, &mut into.version),
        "description" => decoder.text(node, &mut into.description),
        "keywords" => decoder.texts(node, &mut into.keywords),
        "maintainers" => maintainers(decoder, node, &mut into.maintainers),
        "icon" => decoder.text(node, &mut into.icon),
        "apiVersion" => decoder.text(node, &mut into.api_version),
        "condition" => decoder.text(node, &mut into.condition),
        "tags" => decoder.text(node, &mut into.tags),
        "appVersion" => decoder.text(node, &mut into.app_version),
        "deprecated" => decoder.bool(node, &mut into.deprecated),
        "annotations" => annotations(decoder, node, &mut into.annotations),
        "kubeVersion" => decoder.text(node, &mut into.kube_version),
        "dependencies" => {
            into.null_dependency = None;
            dependencies(decoder, node, &mut into.dependencies, &mut into.null_dependency);
        }
        _ => decoder.text(node, &mut into.kind),
    }
}

fn maintainers(decoder: &mut Decoder, node: &Node, into: &mut Vec<Option<Maintainer>>) {
    let Some(items) = decoder.items(node, "[]*v2.Maintainer") else { return into.clear() };
    into.resize_with(items.len(), || None);
    for (node, into) in items.iter().zip(into) {
        if node.is_null() {
            *into = None;
            continue;
        }
        let into = into.get_or_insert_default();
        let fields = &["name", "email", "url"];
        decoder.structure(node, "Maintainer", "v2.Maintainer", fields, |decoder, field, node| match field {
            "name" => decoder.text(node, &mut into.name),
            "email" => decoder.text(node, &mut into.email),
            _ => decoder.text(node, &mut into.url),
        });
    }
}

fn annotations(decoder: &mut Decoder, node: &Node, into: &mut Option<Vec<(String, String)>>) {
    let texts = decoder.text_map(node);
    if node.is_null() {
        *into = None;
    } else if matches!(node.data, Data::Map(_)) {
        let into = into.get_or_insert_default();
        into.retain(|(key, _)| texts.iter().all(|(new, _)| new != key));
        into.extend(texts);
        into.sort();
    }
}

/// Null items are left out, and the place of the first is told.
fn dependencies(
    decoder: &mut Decoder,
    node: &Node,
    into: &mut Option<Vec<Dependency>>,
    null: &mut Option<usize>,
) {
    let Some(items) = decoder.items(node, "[]*v2.Dependency") else {
        *into = None;
        return;
    };
    *null = items.iter().position(Node::is_null);
    let into = into.get_or_insert_default();
    into.resize_with(items.iter().filter(|item| !item.is_null()).count(), Dependency::default);
    for (node, into) in items.iter().filter(|item| !item.is_null()).zip(into) {
        dependency(decoder, node, into);
    }
}

fn dependency(decoder: &mut Decoder, node: &Node, into: &mut Dependency) {
    const FIELDS: &[&str] =
        &["name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias"];
    decoder.structure(node, "Dependency", "v2.Dependency", FIELDS, |decoder, field, node| match field {
        "name" => decoder.text(node, &mut into.name),
        "version" => decoder.text(node, &mut into.version),
        "repository" => decoder.text(node, &mut into.repository),
        "condition" => decoder.text(node, &mut into.condition),
        "tags" => decoder.texts(node, &mut into.tags),
        "enabled" => decoder.bool(node, &mut into.enabled),
        "import-values" => {
            let items = decoder.items(node, "[]interface {}").unwrap_or_default();
            into.import_values = items.iter().map(|item| Import::Read(item.to_value())).collect();
        }
        _ => decoder.text(node, &mut into.alias),
    });
}

fn lock_fields(decoder: &mut Decoder, node: &Node, into: &mut Lock) {
    let fields = &["generated", "digest", "dependencies"];
    decoder.structure(node, "Lock", "v2.Lock", fields, |decoder, field, node| match field {
        "generated" => match &node.data {
            Data::String(text) => text.clone_into(&mut into.generated),
            Data::Null => {}
            _ => decoder.keep("Time.UnmarshalJSON: input is not a JSON string", node),
        },
        "digest" => decoder.text(node, &mut into.digest),
        _ => {
            let mut found = None;
            dependencies(decoder, node, &mut found, &mut None);
            into.dependencies = found.unwrap_or_default();
        }
    });
}
