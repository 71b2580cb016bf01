//! The documents of a text as Kubernetes' stream decoder cuts them, which is not as Helm does when it renders.

use crate::manifest::decode::{self, Shape};
use crate::value::Value;
use crate::yaml;
use crate::yaml::json::{from_json_prefix, stream_error};
use crate::yaml::{Data, Node};

/// What lint reads of a document. Helm: lint/rules/template.go `k8sYamlStruct`.
pub(super) struct Document {
    /// `apiVersion`
    pub api_version: String,
    /// `kind`
    pub kind: String,
    /// `metadata.name`
    pub name: String,
}

const METADATA: Shape = Shape::Struct(
    "k8sYamlMetadata",
    "rules.k8sYamlMetadata",
    &[("Namespace", Shape::Text), ("Name", Shape::Text)],
);

const DOCUMENT: Shape = Shape::Struct(
    "k8sYamlStruct",
    "rules.k8sYamlStruct",
    &[("apiVersion", Shape::Text), ("Kind", Shape::Text), ("Metadata", METADATA)],
);

/// Each document in turn, `None` for one that is null. An error ends the stream; its text is Helm's.
/// Go: k8s.io/apimachinery/pkg/util/yaml `YAMLOrJSONDecoder`.
pub(super) fn read(text: &str) -> impl Iterator<Item = Result<Option<Document>, String>> {
    let is_json = text.trim_start().starts_with('{');
    let documents = if is_json { Vec::new() } else { split(text) };
    let mut stream =
        Stream { json: is_json.then_some(text), consumed: 0, count: 0, yaml: documents.into_iter() };
    let mut failed = false;
    std::iter::from_fn(move || {
        let document = if failed { None } else { stream.next() };
        failed = matches!(document, Some(Err(_)));
        document.map(|document| document.map_err(|error| format!("unable to parse YAML: {error}")))
    })
}

/// A text that starts with a brace is a series of JSON values, until one cannot be read: then the rest is YAML, unless
/// more than one was read before.
struct Stream<'a> {
    /// What is left to be read as JSON, while it is.
    json: Option<&'a str>,
    consumed: usize,
    count: usize,
    yaml: std::vec::IntoIter<Result<String, String>>,
}

impl Stream<'_> {
    fn next(&mut self) -> Option<Result<Option<Document>, String>> {
        let Some(rest) = self.json else {
            return self.yaml.next().map(|document| document.and_then(|text| decode(&text)));
        };
        if rest.trim_matches([' ', '\t', '\r', '\n']).is_empty() {
            return None;
        }
        let error = match from_json(rest, self.consumed) {
            Ok((document, length)) => {
                self.json = Some(&rest[length..]);
                self.consumed += length;
                self.count += 1;
                return Some(Ok(document));
            }
            Err(error) if self.count > 1 => return Some(Err(error.text)),
            Err(error) => error.located(),
        };
        self.json = None;
        let Some(rest) = after_space(rest) else { return Some(Err(error)) };
        self.yaml = split(rest).into_iter();
        // Where it is no YAML either, what was wrong with the JSON is told.
        self.next().map(|document| document.map_err(|_| error))
    }
}

/// What follows the space before the next value, but no further than the end of the line; nothing where less than four
/// bytes are left, which Go does not look at.
fn after_space(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        let first = rest.chars().next().filter(|_| rest.len() >= 4)?;
        if !first.is_whitespace() {
            return Some(rest);
        }
        rest = &rest[first.len_utf8()..];
        if first == '\n' {
            return Some(rest);
        }
    }
}

/// Why there is no document at the start of a text.
struct JsonError {
    /// How far the syntax was read in the whole of the text; nothing where not the syntax is wrong.
    offset: Option<usize>,
    text: String,
}

impl JsonError {
    fn located(self) -> String {
        match self.offset {
            Some(offset) => format!("json: offset {offset}: {}", self.text),
            None => self.text,
        }
    }
}

/// The document at the start of the text, and where it ends. Go: `json.Decoder.Decode`.
fn from_json(text: &str, consumed: usize) -> Result<(Option<Document>, usize), JsonError> {
    if let Some((offset, text)) = stream_error(text.as_bytes()) {
        let offset = (offset > 0).then_some(consumed + offset);
        return Err(JsonError { offset, text });
    }
    let read = from_json_prefix(text.as_bytes()).and_then(|(value, length)| Ok((of_value(&value)?, length)));
    read.map_err(|text| JsonError { offset: None, text })
}

/// A JSON value as a document: unlike in YAML, a number is no text.
fn of_value(value: &Value) -> Result<Option<Document>, String> {
    let mismatch = |found: &Value, place: &str| {
        let found = match found {
            Value::Bool(_) => "bool",
            Value::Str(_) => "string",
            Value::List(_) => "array",
            Value::Map(_) => "object",
            _ => "number",
        };
        format!("json: cannot unmarshal {found} into {place}")
    };
    let fields = |value: &Value, owner: &str| match value {
        Value::Map(map) => Ok(map.entries()),
        Value::Nil => Ok(Vec::new()),
        other => Err(mismatch(other, owner)),
    };
    let text = |value: &Value, owner: &str| match value {
        Value::Str(text) => Ok(text.to_str().into_owned()),
        Value::Nil => Ok(String::new()),
        other => Err(mismatch(other, owner)),
    };
    let place = |owner: &str, name: &str| format!("Go struct field {owner}.{name} of type string");
    let mut document = Document { api_version: String::new(), kind: String::new(), name: String::new() };
    for (key, value) in fields(value, "Go value of type rules.k8sYamlStruct")? {
        match key.to_str().to_ascii_lowercase().as_str() {
            "apiversion" => document.api_version = text(&value, &place("k8sYamlStruct", "apiVersion"))?,
            "kind" => document.kind = text(&value, &place("k8sYamlStruct", "Kind"))?,
            "metadata" => {
                let owner = "Go struct field k8sYamlStruct.Metadata of type rules.k8sYamlMetadata";
                for (key, value) in fields(&value, owner)? {
                    match key.to_str().to_ascii_lowercase().as_str() {
                        "name" => document.name = text(&value, &place("k8sYamlMetadata", "Metadata.Name"))?,
                        "namespace" => _ = text(&value, &place("k8sYamlMetadata", "Metadata.Namespace"))?,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    Ok((!matches!(value, Value::Nil)).then_some(document))
}

fn decode(text: &str) -> Result<Option<Document>, String> {
    let node = yaml::parse(text).map_err(|error| error.to_string())?;
    decode::check(&node, &DOCUMENT)?;
    if node.is_null() {
        return Ok(None);
    }
    let metadata = decode::field(&node, "metadata");
    Ok(Some(Document {
        api_version: decode::text(&node, "apiVersion"),
        kind: decode::text(&node, "kind"),
        name: metadata.map(|metadata| decode::text(metadata, "name")).unwrap_or_default(),
    }))
}

/// The text between lines that begin with `---`; nothing but a comment may follow on such a line.
/// Go: `YAMLReader.Read`.
fn split(text: &str) -> Vec<Result<String, String>> {
    let mut documents = Vec::new();
    let mut current = String::new();
    for line in text.lines() {
        if let Some(after) = line.strip_prefix("---") {
            let after = after.trim();
            if !after.is_empty() && !after.starts_with('#') {
                documents.push(Err(format!("invalid Yaml document separator: {after}")));
                return documents;
            }
            if !current.is_empty() {
                documents.push(Ok(std::mem::take(&mut current)));
            }
            continue;
        }
        current.push_str(line);
        current.push('\n');
    }
    if !current.is_empty() {
        documents.push(Ok(current));
    }
    documents
}

/// What is wrong with the items of a `List` that is the first document of the text.
/// Helm: lint/rules/template.go `validateListAnnotations`.
pub(super) fn list_complaint(text: &str) -> Option<String> {
    const ITEM_METADATA: Shape =
        Shape::Struct("", "struct { Annotations map[string]string }", &[("Annotations", Shape::TextMap)]);
    const ITEM: Shape = Shape::Struct(
        "",
        "struct { Metadata struct { Annotations map[string]string } }",
        &[("Metadata", ITEM_METADATA)],
    );
    const ITEMS: Shape = Shape::List("[]struct { Metadata struct { Annotations map[string]string } }", &ITEM);
    const LIST: Shape = Shape::Struct(
        "",
        "struct { Items []struct { Metadata struct { Annotations map[string]string } } }",
        &[("Items", ITEMS)],
    );
    let parsed = yaml::parse(text).map_err(|error| error.to_string());
    let node = parsed.and_then(|node| decode::check(&node, &LIST).map(|()| node));
    let node = match node {
        Ok(node) => node,
        Err(error) => return Some(format!("unable to parse YAML: {error}")),
    };
    let has_policy = |item: &Node| {
        let annotations = decode::field(item, "metadata").and_then(|it| decode::field(it, "annotations"));
        annotations.is_some_and(|annotations| annotations.entry("helm.sh/resource-policy").is_some())
    };
    let items = decode::field(&node, "items").map(|items| match &items.data {
        Data::Seq(items) => items.as_slice(),
        _ => &[],
    });
    items
        .unwrap_or_default()
        .iter()
        .any(has_policy)
        .then(|| "annotation 'helm.sh/resource-policy' within List objects are ignored".to_owned())
}
