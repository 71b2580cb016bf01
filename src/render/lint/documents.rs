//! The documents of a text as Kubernetes' stream decoder cuts them, which is not as Helm does when it renders.

use std::fmt;

use crate::go::bytes::trim_space_start;
use crate::go::runes;
use crate::yaml::json::{self, StreamError};
use crate::yaml::{self, Decoder, Documents, Mismatch, Node, SeparatorError};

/// What lint reads of a document. Helm: lint/rules/template.go `k8sYamlStruct`.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// `apiVersion`
    pub api_version: String,
    /// `kind`
    pub kind: String,
    /// `metadata.name`
    pub name: String,
}

/// Each document in turn, `None` for one that is null. An error ends the stream; its text is Helm's.
/// Go: k8s.io/apimachinery/pkg/util/yaml `YAMLOrJSONDecoder`.
pub(super) fn read(text: &[u8]) -> impl Iterator<Item = Result<Option<Document>, Error>> {
    let is_json = trim_space_start(text).starts_with(b"{");
    let mut stream = Stream {
        json: is_json.then_some(text),
        consumed: 0,
        count: 0,
        yaml: split(if is_json { b"" } else { text }),
        next: 0,
    };
    let mut failed = false;
    std::iter::from_fn(move || {
        let document = if failed { None } else { stream.next() };
        failed = matches!(document, Some(Err(_)));
        document
    })
}

/// Why a text is no series of documents. Its `Display` is Helm's text.
#[derive(Debug)]
pub(super) enum Error {
    /// What follows the last document is no separator.
    Separator(SeparatorError),
    /// It is not YAML, or of another shape.
    Yaml(yaml::Error),
    /// It is not JSON: why, and how far it was read, where its syntax is wrong and that is told.
    Syntax(json::Error, Option<usize>),
    /// It is JSON of another shape.
    Json(Mismatch),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unable to parse YAML: ")?;
        match self {
            Error::Separator(error) => error.fmt(f),
            Error::Yaml(error) => error.fmt(f),
            Error::Syntax(error, None) => error.fmt(f),
            Error::Syntax(error, Some(offset)) => write!(f, "json: offset {offset}: {error}"),
            Error::Json(mismatch) => f.write_str(&mismatch.message),
        }
    }
}

/// A text that starts with a brace is a series of JSON values, until one cannot be read: then the rest is YAML, unless
/// more than one was read before.
struct Stream<'a> {
    /// What is left to be read as JSON, while it is.
    json: Option<&'a [u8]>,
    consumed: usize,
    count: usize,
    yaml: Documents,
    /// Which of the documents of `yaml` comes next.
    next: usize,
}

impl<'a> Stream<'a> {
    fn next(&mut self) -> Option<Result<Option<Document>, Error>> {
        let Some(rest) = self.json else { return self.next_yaml() };
        if rest.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) {
            return None;
        }
        let error = match self.next_json(rest) {
            Ok(document) => return Some(Ok(document)),
            Err(error) => error,
        };
        if self.count > 1 {
            return Some(Err(error));
        }
        self.json = None;
        let Some(rest) = after_space(rest) else { return Some(Err(error)) };
        self.yaml = split(rest);
        // Where it is no YAML either, what was wrong with the JSON is told.
        self.next_yaml().map(|document| document.map_err(|_| error))
    }

    /// The JSON value at the start of the rest. Go: `json.Decoder.Decode`.
    fn next_json(&mut self, rest: &'a [u8]) -> Result<Option<Document>, Error> {
        let (node, length) = json::node_prefix(rest).map_err(|StreamError { error, offset }| {
            Error::Syntax(error, offset.filter(|_| self.count <= 1).map(|offset| self.consumed + offset))
        })?;
        let document = decode(&node, Decoder::of_json()).map_err(Error::Json)?;
        self.json = Some(&rest[length..]);
        self.consumed += length;
        self.count += 1;
        Ok(document)
    }

    fn next_yaml(&mut self) -> Option<Result<Option<Document>, Error>> {
        let Some(range) = self.yaml.ranges.get(self.next) else {
            return self.yaml.error.take().map(|error| Err(Error::Separator(error)));
        };
        self.next += 1;
        let text = &self.yaml.text[range.clone()];
        let node = match yaml::parse(text) {
            Ok(node) => node,
            Err(error) => return Some(Err(Error::Yaml(error))),
        };
        Some(decode(&node, Decoder::default()).map_err(|mismatch| Error::Yaml(mismatch.in_text(text))))
    }
}

/// The documents of YAML, without a last line that Go loses. Go: apimachinery `YAMLToJSONDecoder`.
fn split(text: &[u8]) -> Documents {
    let last = memchr::memrchr(b'\n', text).map_or(0, |end| end + 1);
    Documents::split(if is_lost(&text[last..]) { &text[..last] } else { text })
}

/// Whether Go loses the last line, which nothing ends: it does where the line fills its buffer to the brim, as the end of
/// the text then comes alone. Go: `bufio.Reader.ReadLine`, apimachinery `LineReader.Read`.
fn is_lost(mut line: &[u8]) -> bool {
    const BUFFER: usize = 4096;
    if line.is_empty() {
        return false;
    }
    while line.len() >= BUFFER {
        // A carriage return at the end of the buffer waits for what may follow it.
        let is_held_back = line[BUFFER - 1] == b'\r';
        line = &line[BUFFER - usize::from(is_held_back)..];
    }
    line.is_empty()
}

/// What follows the space before the next value, but no further than the end of the line; nothing where less than four
/// bytes are left, which Go does not look at.
fn after_space(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    loop {
        if rest.len() < 4 {
            return None;
        }
        let (first, width) = runes::decode(rest);
        if !first.is_whitespace() {
            return Some(rest);
        }
        rest = &rest[width..];
        if first == '\n' {
            return Some(rest);
        }
    }
}

fn decode(node: &Node, mut decoder: Decoder) -> Result<Option<Document>, Mismatch> {
    let mut document = Document::default();
    let fields = &["apiVersion", "Kind", "Metadata"];
    let (name, type_name) = ("k8sYamlStruct", "rules.k8sYamlStruct");
    decoder.structure(node, name, type_name, fields, |decoder, field, node| match field {
        "apiVersion" => decoder.text(node, &mut document.api_version),
        "Kind" => decoder.text(node, &mut document.kind),
        _ => {
            let (name, type_name) = ("k8sYamlMetadata", "rules.k8sYamlMetadata");
            let fields = &["Namespace", "Name"];
            decoder.structure(node, name, type_name, fields, |decoder, field, node| match field {
                "Name" => decoder.text(node, &mut document.name),
                _ => decoder.text(node, &mut String::new()),
            });
        }
    });
    decoder.finish().map(|()| (!node.is_null()).then_some(document))
}

/// What is wrong with the items of a `List` that is the first document of the text.
/// Helm: lint/rules/template.go `validateListAnnotations`.
pub(super) fn list_complaint(text: &[u8]) -> Option<String> {
    let keeps = match yaml::parse(text).and_then(|node| keeps_resource(&node, text)) {
        Ok(keeps) => keeps,
        Err(error) => return Some(Error::Yaml(error).to_string()),
    };
    keeps.then(|| "annotation 'helm.sh/resource-policy' within List objects are ignored".to_owned())
}

/// Whether an item of the list has an annotation that asks Helm to keep it.
fn keeps_resource(list: &Node, text: &[u8]) -> Result<bool, yaml::Error> {
    const LIST: &str = "struct { Items []struct { Metadata struct { Annotations map[string]string } } }";
    const ITEMS: &str = "[]struct { Metadata struct { Annotations map[string]string } }";
    const ITEM: &str = "struct { Metadata struct { Annotations map[string]string } }";
    const METADATA: &str = "struct { Annotations map[string]string }";
    let mut decoder = Decoder::default();
    let mut keeps = false;
    decoder.structure(list, "", LIST, &["Items"], |decoder, _, node| {
        for item in decoder.items(node, ITEMS).unwrap_or_default() {
            decoder.structure(item, "", ITEM, &["Metadata"], |decoder, _, node| {
                decoder.structure(node, "", METADATA, &["Annotations"], |decoder, _, node| {
                    let annotations = decoder.text_map(node);
                    keeps |= annotations.iter().any(|(key, _)| key == "helm.sh/resource-policy");
                });
            });
        }
    });
    decoder.finish().map(|()| keeps).map_err(|mismatch| mismatch.in_text(text))
}
