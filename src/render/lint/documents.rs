//! The documents of a text as Kubernetes' stream decoder cuts them, which is not as Helm does when it renders.

use crate::manifest::decode::{self, Shape};
use crate::yaml;
use crate::yaml::json::stream_error;
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
    let mut failed = false;
    let mut as_json = json_error(text);
    split(text).into_iter().map_while(move |document| {
        if failed {
            return None;
        }
        let as_json = as_json.take();
        let decoded = document.and_then(|text| decode(&text)).map_err(|error| as_json.unwrap_or(error));
        failed = decoded.is_err();
        Some(decoded.map_err(|error| format!("unable to parse YAML: {error}")))
    })
}

/// A stream that starts with a brace is read as JSON first; where its first document is no YAML either, the error of
/// the JSON is the one that is told.
fn json_error(text: &str) -> Option<String> {
    let (offset, error) = text.trim_start().starts_with('{').then(|| stream_error(text.as_bytes()))??;
    Some(if offset == 0 { error } else { format!("json: offset {offset}: {error}") })
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
