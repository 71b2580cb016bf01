//! A typed round trip: what a Kubernetes client makes of an object when it decodes it into its Go type and encodes it
//! again. Unknown fields vanish, quantities become canonical, empty structs and nulls appear; a value of a wrong type is
//! refused. Start at [`round_trip`].
//!
//! Source: encoding/json as sigs.k8s.io/json has it (case-sensitive), and the `MarshalJSON`s of apimachinery.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Map, Number, Value};

use super::quantity::Quantity;
use super::types::{Field, KindType, Shape, fields};

/// A value of a wrong type: where, what stands there, and what the type wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The field, as `spec.containers[0].env[1].value`.
    pub path: String,
    /// The value found, as JSON.
    pub found: String,
    /// What is wanted: `a string`.
    pub wanted: &'static str,
}

/// The object as the client's type writes it.
///
/// # Errors
/// The first value that does not fit its type, in the order of the fields.
pub fn round_trip(kind: KindType, object: &Value) -> Result<Value, Mismatch> {
    convert(&Shape::Struct(kind.index), object)
}

/// Every value of the object that does not fit its type.
pub fn mismatches(kind: KindType, object: &Value) -> Vec<Mismatch> {
    let mut found = Vec::new();
    let mut rest = object.clone();
    // Each round takes the offending value out and looks again; a chart has few of them.
    while let Err(mismatch) = round_trip(kind, &rest) {
        let removed = remove(&mut rest, &mismatch.path);
        found.push(mismatch);
        if !removed || found.len() >= 100 {
            break;
        }
    }
    found
}

/// Every field of the object that its type does not know, by path.
pub fn unknown_fields(kind: KindType, object: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect_unknown(&Shape::Struct(kind.index), object, "", &mut found);
    found
}

fn convert(shape: &Shape, value: &Value) -> Result<Value, Mismatch> {
    match shape {
        Shape::Pointer(inner) if value.is_null() => {
            let _ = inner;
            Ok(Value::Null)
        }
        Shape::Pointer(inner) => convert(inner, value),
        Shape::Struct(index) => convert_struct(*index, value),
        Shape::List(inner) => convert_list(inner, value),
        Shape::Map(inner) => convert_map(inner, value),
        Shape::Raw => Ok(value.clone()),
        _ => convert_scalar(shape, value),
    }
}

fn convert_struct(index: usize, value: &Value) -> Result<Value, Mismatch> {
    let empty = Map::new();
    let object = match value {
        Value::Object(object) => object,
        Value::Null => &empty,
        other => return Err(mismatch(other, "a map")),
    };
    let mut out = Map::new();
    for field in fields(index) {
        let given = object.get(field.name);
        let converted = match given {
            Some(value) => convert(&field.shape, value).map_err(|error| error.below(field.name))?,
            None => zero(&field.shape),
        };
        if !(field.omit_empty && is_empty(field, &converted, given)) {
            out.insert(field.name.to_owned(), converted);
        }
    }
    Ok(Value::Object(out))
}

fn convert_list(inner: &Shape, value: &Value) -> Result<Value, Mismatch> {
    match value {
        Value::Null => Ok(Value::Null),
        Value::Array(items) => {
            let convert = |(at, item)| convert(inner, item).map_err(|error: Mismatch| error.below_index(at));
            Ok(Value::Array(items.iter().enumerate().map(convert).collect::<Result<_, _>>()?))
        }
        other => Err(mismatch(other, "a list")),
    }
}

fn convert_map(inner: &Shape, value: &Value) -> Result<Value, Mismatch> {
    match value {
        Value::Null => Ok(Value::Null),
        Value::Object(entries) => {
            let convert = |(key, value): (&String, &Value)| {
                let value = convert(inner, value).map_err(|error| error.below(key))?;
                Ok((key.clone(), value))
            };
            Ok(Value::Object(entries.iter().map(convert).collect::<Result<_, _>>()?))
        }
        other => Err(mismatch(other, "a map")),
    }
}

fn convert_scalar(shape: &Shape, value: &Value) -> Result<Value, Mismatch> {
    if value.is_null() {
        return Ok(zero(shape));
    }
    let (converted, wanted) = match shape {
        Shape::String => (value.as_str().map(Value::from), "a string"),
        Shape::Bool => (value.as_bool().map(Value::from), "a boolean"),
        Shape::Int(bits) => (integer(value, *bits).map(Value::from), "an integer"),
        Shape::Float => (value.is_number().then(|| value.clone()), "a number"),
        Shape::Bytes => (value.as_str().and_then(recode_base64).map(Value::from), "base64"),
        Shape::Quantity => (quantity(value).map(Value::from), "a quantity such as 500m or 1Gi"),
        Shape::IntOrString => (int_or_string(value), "an integer or a string"),
        Shape::Time => (value.as_str().and_then(|text| time(text, 0)).map(Value::from), "a time in RFC 3339"),
        Shape::MicroTime => {
            (value.as_str().and_then(|text| time(text, 6)).map(Value::from), "a time in RFC 3339")
        }
        Shape::Duration => (value.as_str().map(Value::from), "a duration such as 30s"),
        _ => (Some(value.clone()), "anything"),
    };
    converted.ok_or_else(|| mismatch(value, wanted))
}

/// The zero value of a Go type as JSON writes it.
fn zero(shape: &Shape) -> Value {
    match shape {
        Shape::String => "".into(),
        Shape::Bool => false.into(),
        Shape::Int(_) | Shape::Float | Shape::IntOrString => 0.into(),
        Shape::Quantity | Shape::Duration => if *shape == Shape::Quantity { "0" } else { "0s" }.into(),
        Shape::Struct(index) => convert_struct(*index, &Value::Null).unwrap_or(Value::Null),
        _ => Value::Null,
    }
}

/// Whether `omitempty` leaves the value out: structs and types with their own encoding are never empty.
fn is_empty(field: &Field, converted: &Value, given: Option<&Value>) -> bool {
    match &field.shape {
        Shape::Pointer(_) => given.is_none_or(Value::is_null),
        Shape::String => converted.as_str() == Some(""),
        Shape::Bool => converted == &Value::Bool(false),
        Shape::Int(_) | Shape::Float => converted.as_f64() == Some(0.0),
        Shape::Bytes => converted.is_null() || converted.as_str() == Some(""),
        Shape::List(_) => converted.as_array().is_none_or(Vec::is_empty),
        Shape::Map(_) => converted.as_object().is_none_or(Map::is_empty),
        _ => false,
    }
}

fn integer(value: &Value, bits: u32) -> Option<i64> {
    let number = match value {
        Value::Number(number) => whole(number)?,
        _ => return None,
    };
    let limit = 1i128 << (bits - 1);
    (-limit..limit).contains(&i128::from(number)).then_some(number)
}

/// The number as JSON would write it without a fraction: `2.0` of YAML is `2`.
fn whole(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        (float.fract() == 0.0 && float.abs() < 9e18).then_some(float as i64)
    })
}

fn quantity(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => whole(number).map_or_else(|| number.to_string(), |whole| whole.to_string()),
        _ => return None,
    };
    Some(Quantity::parse(&text)?.canonical())
}

fn int_or_string(value: &Value) -> Option<Value> {
    if value.is_string() { Some(value.clone()) } else { integer(value, 32).map(Value::from) }
}

/// Go reads base64 with line breaks and writes it without.
fn recode_base64(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    Some(STANDARD.encode(STANDARD.decode(plain).ok()?))
}

fn time(text: &str, digits: usize) -> Option<String> {
    let stamp: Timestamp = text.parse().ok()?;
    Some(if digits == 0 {
        stamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    } else {
        stamp.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
    })
}

fn collect_unknown(shape: &Shape, value: &Value, path: &str, found: &mut Vec<String>) {
    match (shape, value) {
        (Shape::Pointer(inner), _) => collect_unknown(inner, value, path, found),
        (Shape::Struct(index), Value::Object(entries)) => {
            for (key, value) in entries {
                let path = join(path, key);
                match fields(*index).iter().find(|field| field.name == key) {
                    Some(field) => collect_unknown(&field.shape, value, &path, found),
                    None => found.push(path),
                }
            }
        }
        (Shape::List(inner), Value::Array(items)) => {
            for (at, item) in items.iter().enumerate() {
                collect_unknown(inner, item, &format!("{path}[{at}]"), found);
            }
        }
        (Shape::Map(inner), Value::Object(entries)) => {
            for (key, value) in entries {
                collect_unknown(inner, value, &join(path, key), found);
            }
        }
        _ => {}
    }
}

fn mismatch(found: &Value, wanted: &'static str) -> Mismatch {
    Mismatch { path: String::new(), found: found.to_string(), wanted }
}

impl Mismatch {
    fn below(mut self, key: &str) -> Mismatch {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{key}{dot}{}", self.path);
        self
    }

    fn below_index(mut self, at: usize) -> Mismatch {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("[{at}]{dot}{}", self.path);
        self
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Takes the value at a path of [`Mismatch`] out of the object; `false` if it is not there.
fn remove(object: &mut Value, path: &str) -> bool {
    let (parent, last) = match path.rfind(['.', '[']) {
        Some(at) => (&path[..at], path[at..].trim_matches(['.', '[', ']'])),
        None => ("", path),
    };
    let pointer: String =
        parent.split(['.', '[']).filter(|key| !key.is_empty()).fold(String::new(), |mut pointer, key| {
            pointer.push('/');
            pointer.push_str(&key.trim_end_matches(']').replace('~', "~0").replace('/', "~1"));
            pointer
        });
    match object.pointer_mut(&pointer) {
        Some(Value::Object(entries)) => entries.remove(last).is_some(),
        Some(Value::Array(items)) => {
            let at = last.parse().ok().filter(|at| *at < items.len());
            at.map(|at: usize| items.remove(at)).is_some()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::find_kind;
    use serde_json::json;

    #[test]
    fn drops_adds_and_normalizes() {
        let kind = find_kind("v1", "Pod").expect("Pod is known");
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "nonsense": 1,
            "spec": {"containers": [{"name": "c", "resources": {"limits": {"cpu": "1000m"}}, "securityContext": {}}]}});
        let want = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "creationTimestamp": null},
            "spec": {"containers": [{"name": "c", "resources": {"limits": {"cpu": "1"}}, "securityContext": {}}]},
            "status": {}});
        assert_eq!(round_trip(kind, &pod), Ok(want));
        assert_eq!(unknown_fields(kind, &pod), ["nonsense"]);
    }

    #[test]
    fn names_every_value_of_a_wrong_type() {
        let kind = find_kind("apps/v1", "Deployment").expect("Deployment is known");
        let deployment = json!({"spec": {"replicas": "x", "template": {"spec": {"containers": [
            {"name": "a", "env": [{"name": "N", "value": 1}]}]}}}});
        let found = mismatches(kind, &deployment);
        let paths: Vec<_> = found.iter().map(|mismatch| mismatch.path.as_str()).collect();
        assert_eq!(paths, ["spec.replicas", "spec.template.spec.containers[0].env[0].value"]);
        assert_eq!((found[1].found.as_str(), found[1].wanted), ("1", "a string"));
    }
}
