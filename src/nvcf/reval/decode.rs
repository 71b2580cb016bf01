//! Rendered text into objects, as the service's decoder does it: documents split at `---`, typed where client-go knows
//! the kind and every field fits, else untyped. Source: serialize.go `decode`; apimachinery `util/yaml` and serializers.

use serde_json::{Map, Value};

use super::kind::GroupVersionKind;
use crate::kubernetes::{find_kind, typed};
use crate::yaml;

/// The most bytes of a document: 1 MiB and 1 KiB for metadata.
const MAX_DOCUMENT: usize = 1024 * 1024 + 1024;
/// The highest index of a document; one more than the 300 that are documented get through.
const MAX_INDEX: usize = 300;

/// A decoded object.
#[derive(Clone)]
pub struct Object {
    /// Its group, version and kind.
    pub gvk: GroupVersionKind,
    /// Whether it was decoded into the Go type of its kind. An object of a known kind that does not fit its type is
    /// kept untyped, and then the service does not support it.
    pub typed: bool,
    /// The object as JSON; for a typed one, as its Go type writes it.
    pub json: Value,
}

impl Object {
    /// The kind, if the object is typed: what the service's switches look at.
    pub fn typed_kind(&self) -> Option<(&str, &str, &str)> {
        self.typed.then_some((&self.gvk.group, &self.gvk.version, &self.gvk.kind))
    }

    /// `metadata.name`.
    pub fn name(&self) -> &str {
        self.json.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default()
    }

    /// The object as JSON.
    pub fn into_json(self) -> Value {
        self.json
    }
}

/// The objects of the text, or every error in the order of the documents.
pub fn decode(manifest: &str) -> Result<Vec<Object>, Vec<String>> {
    let mut objects = Vec::new();
    let mut errors = Vec::new();
    for (index, document) in documents(manifest).into_iter().enumerate() {
        if document.len() > MAX_DOCUMENT {
            errors.push(format!(
                "size of object at index {index} is larger than maximum {MAX_DOCUMENT} bytes (including object metadata)"
            ));
            return Err(errors);
        }
        if document.is_empty() {
            continue;
        }
        if index > MAX_INDEX {
            errors.push(format!("rendered chart contains more objects than the maximum allowed {MAX_INDEX}"));
            return Err(errors);
        }
        match decode_document(document, index) {
            Ok(Some(object)) => objects.push(object),
            Ok(None) => {}
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(objects) } else { Err(errors) }
}

/// apimachinery: util/yaml decoder.go `splitYAMLDocument`: what follows `---` on its line is lost.
fn documents(manifest: &str) -> Vec<&str> {
    let mut documents = Vec::new();
    let mut rest = manifest;
    while !rest.is_empty() {
        let Some(at) = rest.find("\n---") else {
            documents.push(rest);
            break;
        };
        let after = at + "\n---".len();
        if let Some(line_end) = rest[after..].find('\n') {
            documents.push(&rest[..at]);
            rest = &rest[after + line_end + 1..];
        } else {
            // Without a line break behind it the separator only counts at the very end of the text.
            documents.push(if rest.len() == after { &rest[..at] } else { rest });
            break;
        }
    }
    documents
}

/// The object of a document; `None` for one without type, which the service passes over.
fn decode_document(document: &str, index: usize) -> Result<Option<Object>, String> {
    let Ok(node) = yaml::parse(document) else { return Ok(None) };
    let Value::Object(json) = node.to_json() else { return Ok(None) };
    let Some((api_version, kind)) = type_meta(&json) else { return Ok(None) };
    if api_version.matches('/').count() > 1 {
        return Err(format!("decode object {index}: unexpected GroupVersion string: {api_version}"));
    }
    let gvk = GroupVersionKind::new(&api_version, &kind);
    let known = find_kind(&api_version, &kind);
    let is_json = document.trim_start().starts_with('{');
    if is_json && known.is_none() {
        return Err(format!(
            "decode object {index}: no kind \"{kind}\" is registered for version \"{api_version}\" in scheme \
             \"k8s.io/client-go/kubernetes/scheme/register.go:83\""
        ));
    }
    let json = Value::Object(json);
    let not_an_object =
        || format!("object {index} is not a valid Kubernetes type (does not implement metav1.Object)");
    let object = match known.map(|known| (known, typed::round_trip(known, &json))) {
        Some((known, Ok(_))) if !known.is_object => return Err(not_an_object()),
        Some((_, Ok(json))) => Object { gvk, typed: true, json },
        Some((_, Err(mismatch))) if is_json => {
            return Err(format!(
                "decode object {index}: json: {} at {} is not {}",
                mismatch.found, mismatch.path, mismatch.wanted
            ));
        }
        _ => Object { gvk, typed: false, json },
    };
    if object.name().is_empty() {
        return Err(format!("object {index} is missing required field metadata.name"));
    }
    Ok(Some(object))
}

/// `apiVersion` and `kind`, both there and both strings. encoding/json takes keys in any case.
fn type_meta(object: &Map<String, Value>) -> Option<(String, String)> {
    let mut found = [String::new(), String::new()];
    for (key, value) in object {
        let field = ["apiversion", "kind"].iter().position(|name| key.eq_ignore_ascii_case(name));
        match (field, value) {
            (Some(field), Value::String(text)) => found[field].clone_from(text),
            (None, _) | (_, Value::Null) => {}
            _ => return None,
        }
    }
    let [api_version, kind] = found;
    (!api_version.is_empty() && !kind.is_empty()).then_some((api_version, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_documents_as_the_service_does() {
        assert_eq!(documents("---\na\n--- # x\nb\n---\n"), ["---\na", "b"]);
        assert_eq!(documents("a\n---"), ["a"]);
        assert_eq!(documents("a\n---x"), ["a\n---x"]);
        assert_eq!(documents("a\n---\n\n---\nb"), ["a", "", "b"]);
    }
}
