//! From a YAML node to the fields of `Chart.yaml` and lock files, as encoding/json decodes into Go's structs: keys in any
//! case, numbers and booleans as texts where a text is wanted, the first mismatch told in its words.
//!
//! Read [`metadata`]. Decoding goes into what is already there, because Helm reads `requirements.yaml` into the same
//! struct as `Chart.yaml`.

mod index;

use crate::go::strconv;
use crate::source::SourceFile;
use crate::yaml::{self, Data, Node};

use super::dependency::Import;
use super::{Dependency, Error, ErrorKind, Lock, Maintainer, Metadata};

pub(super) use index::index;

/// The fields of `Chart.yaml`. Helm: `chart.Metadata` (v2).
const METADATA: [&str; 17] = [
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

/// Decodes `Chart.yaml` or `requirements.yaml`. Go: `yaml.Unmarshal(data, metadata)`.
pub(super) fn metadata(text: &[u8], into: &mut Metadata) -> Result<(), Error> {
    decode(text, |decoder, node| decoder.metadata(node, into))
}

/// Decodes a lock. Go: `yaml.Unmarshal(data, &lock)`.
pub(super) fn lock(text: &[u8]) -> Result<Lock, Error> {
    let mut lock = Lock::default();
    decode(text, |decoder, node| decoder.lock(node, &mut lock))?;
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

/// As [`metadata`], but a key that stands twice or that Helm does not know is an error.
/// Go: `yaml.UnmarshalStrict(data, metadata)`.
pub(super) fn metadata_strict(text: &[u8]) -> Result<Metadata, Error> {
    let mut metadata = Metadata::default();
    let node = yaml::parse_strict(text).map_err(|error| yaml_error(&error))?;
    let decoder = Decoder { strict: true, ..Decoder::default() };
    finish(text, decoder, &node, |decoder, node| decoder.metadata(node, &mut metadata))?;
    Ok(metadata)
}

fn decode(text: &[u8], run: impl FnOnce(&mut Decoder, &Node)) -> Result<(), Error> {
    let node = yaml::parse(text).map_err(|error| yaml_error(&error))?;
    finish(text, Decoder::default(), &node, run)
}

fn finish(
    text: &[u8],
    mut decoder: Decoder,
    node: &Node,
    run: impl FnOnce(&mut Decoder, &Node),
) -> Result<(), Error> {
    run(&mut decoder, node);
    let Some((message, at)) = decoder.error else { return Ok(()) };
    let line = SourceFile::new("", String::from_utf8_lossy(text)).line_of(at);
    let message = format!("error unmarshaling JSON: while decoding JSON: {message}");
    Err(Error::new(ErrorKind::Yaml, message).at_line(Some(line)))
}

/// An error of reading YAML as a chart's.
pub(super) fn yaml_error(error: &yaml::Error) -> Error {
    Error::new(ErrorKind::Yaml, error.to_string()).at_line(error.line())
}

/// Decodes on after a mismatch, as encoding/json does, and keeps the first.
#[derive(Default)]
struct Decoder {
    /// The fields on the way, outermost first.
    fields: Vec<&'static str>,
    /// The innermost struct on the way.
    structure: &'static str,
    /// The text of the first mismatch, and where it is.
    error: Option<(String, usize)>,
    /// Whether a key that is no field is an error.
    strict: bool,
    /// Whether a number or a boolean is an error where a text is wanted.
    exact: bool,
}

impl Decoder {
    fn metadata(&mut self, node: &Node, into: &mut Metadata) {
        self.structure(node, "Metadata", "v2.Metadata", &METADATA, |decoder, field, node| {
            decoder.metadata_field(field, node, into);
        });
    }

    fn metadata_field(&mut self, field: &str, node: &Node, into: &mut Metadata) {
        match field {
            "name" => self.text(node, &mut into.name),
            "home" => self.text(node, &mut into.home),
            "sources" => self.texts(node, &mut into.sources),
            "version" => self.text(node, &mut into.version),
            "description" => self.text(node, &mut into.description),
            "keywords" => self.texts(node, &mut into.keywords),
            "maintainers" => self.maintainers(node, &mut into.maintainers),
            "icon" => self.text(node, &mut into.icon),
            "apiVersion" => self.text(node, &mut into.api_version),
            "condition" => self.text(node, &mut into.condition),
            "tags" => self.text(node, &mut into.tags),
            "appVersion" => self.text(node, &mut into.app_version),
            "deprecated" => self.bool(node, &mut into.deprecated),
            "annotations" => self.annotations(node, &mut into.annotations),
            "kubeVersion" => self.text(node, &mut into.kube_version),
            "dependencies" => {
                into.null_dependency = None;
                self.dependencies(node, &mut into.dependencies, &mut into.null_dependency);
            }
            _ => self.text(node, &mut into.kind),
        }
    }

    fn maintainers(&mut self, node: &Node, into: &mut Vec<Option<Maintainer>>) {
        let Some(items) = self.items(node, "[]*v2.Maintainer") else { return into.clear() };
        into.resize_with(items.len(), || None);
        for (node, into) in items.iter().zip(into) {
            if node.is_null() {
                *into = None;
                continue;
            }
            let into = into.get_or_insert_default();
            let fields = &["name", "email", "url"];
            self.structure(node, "Maintainer", "v2.Maintainer", fields, |decoder, field, node| match field {
                "name" => decoder.text(node, &mut into.name),
                "email" => decoder.text(node, &mut into.email),
                _ => decoder.text(node, &mut into.url),
            });
        }
    }

    /// Null items are left out, and the place of the first is told.
    fn dependencies(&mut self, node: &Node, into: &mut Option<Vec<Dependency>>, null: &mut Option<usize>) {
        let Some(items) = self.items(node, "[]*v2.Dependency") else {
            *into = None;
            return;
        };
        *null = items.iter().position(Node::is_null);
        let into = into.get_or_insert_default();
        into.resize_with(items.iter().filter(|item| !item.is_null()).count(), Dependency::default);
        for (node, into) in items.iter().filter(|item| !item.is_null()).zip(into) {
            self.dependency(node, into);
        }
    }

    fn dependency(&mut self, node: &Node, into: &mut Dependency) {
        const FIELDS: &[&str] =
            &["name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias"];
        self.structure(node, "Dependency", "v2.Dependency", FIELDS, |decoder, field, node| match field {
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

    fn lock(&mut self, node: &Node, into: &mut Lock) {
        let fields = &["generated", "digest", "dependencies"];
        self.structure(node, "Lock", "v2.Lock", fields, |decoder, field, node| match field {
            "generated" => match &node.data {
                Data::String(text) => text.clone_into(&mut into.generated),
                Data::Null => {}
                _ => decoder.keep("Time.UnmarshalJSON: input is not a JSON string".to_owned(), node),
            },
            "digest" => decoder.text(node, &mut into.digest),
            _ => {
                let mut dependencies = None;
                decoder.dependencies(node, &mut dependencies, &mut None);
                into.dependencies = dependencies.unwrap_or_default();
            }
        });
    }

    /// Hands each known field of a mapping to `each`, in the order of the keys, as JSON has them.
    fn structure(
        &mut self,
        node: &Node,
        name: &'static str,
        type_name: &str,
        fields: &[&'static str],
        mut each: impl FnMut(&mut Decoder, &'static str, &Node),
    ) {
        if node.is_null() {
            return;
        }
        if !matches!(node.data, Data::Map(_)) {
            return self.mismatch(node, type_name);
        }
        let mut entries: Vec<_> = node.entries().iter().collect();
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        let outer = std::mem::replace(&mut self.structure, name);
        for entry in entries {
            let exact = fields.iter().find(|field| **field == entry.key);
            let field = exact.or_else(|| fields.iter().find(|field| field.eq_ignore_ascii_case(&entry.key)));
            if let Some(field) = field {
                self.fields.push(field);
                each(self, field, &entry.value);
                self.fields.pop();
            } else if self.strict {
                let text = format!("json: unknown field {}", strconv::quote(&entry.key));
                self.error.get_or_insert((text, entry.key_span.start as usize));
            }
        }
        self.structure = outer;
    }

    fn text(&mut self, node: &Node, into: &mut String) {
        match scalar(node).filter(|_| !self.exact || matches!(node.data, Data::String(_))) {
            Some(text) => *into = text,
            None if node.is_null() => {}
            None => self.mismatch(node, "string"),
        }
    }

    fn texts(&mut self, node: &Node, into: &mut Vec<String>) {
        let Some(items) = self.items(node, "[]string") else { return into.clear() };
        into.clear();
        into.resize_with(items.len(), String::new);
        items.iter().zip(into).for_each(|(node, into)| self.text(node, into));
    }

    fn annotations(&mut self, node: &Node, into: &mut Option<Vec<(String, String)>>) {
        if node.is_null() {
            *into = None;
            return;
        }
        if !matches!(node.data, Data::Map(_)) {
            return self.mismatch(node, "map[string]string");
        }
        let into = into.get_or_insert_default();
        for entry in node.entries() {
            let mut text = String::new();
            self.text(&entry.value, &mut text);
            match into.iter_mut().find(|(key, _)| *key == entry.key) {
                Some((_, value)) => *value = text,
                None => into.push((entry.key.clone(), text)),
            }
        }
        into.sort();
    }

    fn bool(&mut self, node: &Node, into: &mut bool) {
        match node.data {
            Data::Bool(b) => *into = b,
            Data::Null => {}
            _ => self.mismatch(node, "bool"),
        }
    }

    /// The items of a sequence; `None` for null and for anything else, which is told.
    fn items<'a>(&mut self, node: &'a Node, type_name: &str) -> Option<&'a [Node]> {
        match &node.data {
            Data::Seq(items) => return Some(items),
            Data::Null => {}
            _ => self.mismatch(node, type_name),
        }
        None
    }

    fn mismatch(&mut self, node: &Node, type_name: &str) {
        let found = node.data.json_type();
        let place = if self.fields.is_empty() {
            "Go value".to_owned()
        } else {
            format!("Go struct field {}.{}", self.structure, self.fields.join("."))
        };
        self.keep(format!("json: cannot unmarshal {found} into {place} of type {type_name}"), node);
    }

    fn keep(&mut self, message: String, node: &Node) {
        self.error.get_or_insert((message, node.span.start as usize));
    }
}

/// The text of a scalar where a text is wanted. sigs.k8s.io/yaml: `convertToJSONableObject`.
fn scalar(node: &Node) -> Option<String> {
    match &node.data {
        Data::String(text) => Some(text.clone()),
        Data::Bool(b) => Some(b.to_string()),
        Data::Int(n) => Some(n.to_string()),
        Data::Uint(n) => Some(n.to_string()),
        Data::Float(x) => Some(strconv::format_float(*x, b'g', None, 32)),
        Data::Null | Data::Seq(_) | Data::Map(_) => None,
    }
}
