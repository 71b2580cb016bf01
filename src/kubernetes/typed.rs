//! A typed round trip: what a Kubernetes client makes of an object when it decodes it into its Go type and encodes it
//! again. Unknown fields vanish, quantities become canonical, empty structs and nulls appear; a value of a wrong type is
//! refused. Start at [`round_trip`].
//!
//! Source: encoding/json as sigs.k8s.io/json has it (case-sensitive), and the `MarshalJSON`s of apimachinery.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Number, Value};

use super::quantity::Quantity;
use super::types::{Field, KindType, Shape, fields};
use crate::go::encoding::{base64_decode, base64_encode};
use crate::path::{FieldPath, Step};

/// A value of a wrong type: where, what stands there, and what the type wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// The field, list items by index.
    pub path: FieldPath,
    /// The value found.
    pub found: Value,
    /// What is wanted.
    pub wanted: Wanted,
}

/// What may stand at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it, and `Display` in words")]
pub enum Wanted {
    String,
    Boolean,
    Integer,
    Number,
    Base64,
    Quantity,
    IntegerOrString,
    Time,
    Duration,
    Map,
    List,
}

impl fmt::Display for Wanted {
    /// `a string`, `a quantity such as 500m or 1Gi`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Wanted::String => "a string",
            Wanted::Boolean => "a boolean",
            Wanted::Integer => "an integer",
            Wanted::Number => "a number",
            Wanted::Base64 => "base64",
            Wanted::Quantity => "a quantity such as 500m or 1Gi",
            Wanted::IntegerOrString => "an integer or a string",
            Wanted::Time => "a time in RFC 3339",
            Wanted::Duration => "a duration such as 30s",
            Wanted::Map => "a map",
            Wanted::List => "a list",
        })
    }
}

/// The object as the client's type writes it.
///
/// # Errors
/// The first value that does not fit its type, in the order of the fields.
pub fn round_trip(kind: KindType, object: &Value) -> Result<Value, Mismatch> {
    let mut decoder = Decoder::default();
    let converted = decoder.convert_struct(kind.index, object);
    match decoder.mismatches.into_iter().next() {
        Some(first) => Err(first),
        None => Ok(converted),
    }
}

/// Every value of the object that does not fit its type, in the order of the fields.
pub fn mismatches(kind: KindType, object: &Value) -> Vec<Mismatch> {
    let mut decoder = Decoder::default();
    decoder.convert_struct(kind.index, object);
    decoder.mismatches
}

/// Every field of the object that its type does not know.
pub fn unknown_fields(kind: KindType, object: &Value) -> Vec<FieldPath> {
    let mut found = Vec::new();
    collect_unknown(&Shape::Struct(kind.index), object, &FieldPath::root(), &mut found);
    found
}

/// Decodes on, whatever does not fit, and remembers it.
#[derive(Default)]
struct Decoder {
    /// The way to the value that is being decoded.
    steps: Vec<Step>,
    mismatches: Vec<Mismatch>,
}

impl Decoder {
    fn convert(&mut self, shape: &Shape, value: &Value) -> Value {
        match shape {
            Shape::Pointer(_) if value.is_null() => Value::Null,
            Shape::Pointer(inner) => self.convert(inner, value),
            Shape::Struct(index) => self.convert_struct(*index, value),
            Shape::List(inner) => self.convert_list(inner, value),
            Shape::Map(inner) => self.convert_map(inner, value),
            Shape::Raw => value.clone(),
            _ => self.convert_scalar(shape, value),
        }
    }

    fn convert_below(&mut self, step: Step, shape: &Shape, value: &Value) -> Value {
        self.steps.push(step);
        let converted = self.convert(shape, value);
        self.steps.pop();
        converted
    }

    fn refuse(&mut self, found: &Value, wanted: Wanted) -> Value {
        let path = FieldPath::new(self.steps.iter().cloned());
        self.mismatches.push(Mismatch { path, found: found.clone(), wanted });
        Value::Null
    }

    fn convert_struct(&mut self, index: usize, value: &Value) -> Value {
        let empty = Map::new();
        let object = match value {
            Value::Object(object) => object,
            Value::Null => &empty,
            other => return self.refuse(other, Wanted::Map),
        };
        let mut out = Map::new();
        for field in fields(index) {
            let given = object.get(field.name);
            let converted = match given {
                Some(value) => self.convert_below(Step::Key(field.name.to_owned()), &field.shape, value),
                None => zero(&field.shape),
            };
            if !(field.omit_empty && is_empty(field, &converted, given)) {
                out.insert(field.name.to_owned(), converted);
            }
        }
        Value::Object(out)
    }

    fn convert_list(&mut self, inner: &Shape, value: &Value) -> Value {
        match value {
            Value::Null => Value::Null,
            Value::Array(items) => {
                let items = items.iter().enumerate();
                Value::Array(
                    items.map(|(at, item)| self.convert_below(Step::Index(at), inner, item)).collect(),
                )
            }
            other => self.refuse(other, Wanted::List),
        }
    }

    fn convert_map(&mut self, inner: &Shape, value: &Value) -> Value {
        match value {
            Value::Null => Value::Null,
            Value::Object(entries) => {
                let convert = |(key, value): (&String, &Value)| {
                    (key.clone(), self.convert_below(Step::Key(key.clone()), inner, value))
                };
                Value::Object(entries.iter().map(convert).collect())
            }
            other => self.refuse(other, Wanted::Map),
        }
    }

    fn convert_scalar(&mut self, shape: &Shape, value: &Value) -> Value {
        if value.is_null() {
            return zero(shape);
        }
        let text = value.as_str();
        let (converted, wanted) = match shape {
            Shape::String => (text.map(Value::from), Wanted::String),
            Shape::Bool => (value.as_bool().map(Value::from), Wanted::Boolean),
            Shape::Int(bits) => (integer(value, *bits).map(Value::from), Wanted::Integer),
            Shape::Float => (value.is_number().then(|| value.clone()), Wanted::Number),
            Shape::Bytes => (text.and_then(recode_base64).map(Value::from), Wanted::Base64),
            Shape::Quantity => (quantity(value).map(Value::from), Wanted::Quantity),
            Shape::IntOrString => (int_or_string(value), Wanted::IntegerOrString),
            Shape::Time => (text.and_then(|text| time(text, 0)).map(Value::from), Wanted::Time),
            Shape::MicroTime => (text.and_then(|text| time(text, 6)).map(Value::from), Wanted::Time),
            Shape::Duration => (text.map(Value::from), Wanted::Duration),
            Shape::Raw | Shape::Pointer(_) | Shape::List(_) | Shape::Map(_) | Shape::Struct(_) => {
                return self.convert(shape, value);
            }
        };
        converted.unwrap_or_else(|| self.refuse(value, wanted))
    }
}

/// The zero value of a Go type as JSON writes it.
fn zero(shape: &Shape) -> Value {
    match shape {
        Shape::String => "".into(),
        Shape::Bool => false.into(),
        Shape::Int(_) | Shape::Float | Shape::IntOrString => 0.into(),
        Shape::Quantity | Shape::Duration => if *shape == Shape::Quantity { "0" } else { "0s" }.into(),
        Shape::Struct(index) => Decoder::default().convert_struct(*index, &Value::Null),
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
    Some(base64_encode(&base64_decode(text.as_bytes()).ok()?))
}

fn time(text: &str, digits: usize) -> Option<String> {
    let stamp: Timestamp = text.parse().ok()?;
    Some(if digits == 0 {
        stamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    } else {
        stamp.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
    })
}

fn collect_unknown(shape: &Shape, value: &Value, path: &FieldPath, found: &mut Vec<FieldPath>) {
    match (shape, value) {
        (Shape::Pointer(inner), _) => collect_unknown(inner, value, path, found),
        (Shape::Struct(index), Value::Object(entries)) => {
            for (key, value) in entries {
                let path = path.key(key);
                match fields(*index).iter().find(|field| field.name == key) {
                    Some(field) => collect_unknown(&field.shape, value, &path, found),
                    None => found.push(path),
                }
            }
        }
        (Shape::List(inner), Value::Array(items)) => {
            for (at, item) in items.iter().enumerate() {
                collect_unknown(inner, item, &path.index(at), found);
            }
        }
        (Shape::Map(inner), Value::Object(entries)) => {
            for (key, value) in entries {
                collect_unknown(inner, value, &path.key(key), found);
            }
        }
        _ => {}
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
        assert_eq!(unknown_fields(kind, &pod), [FieldPath::root().key("nonsense")]);
    }

    #[test]
    fn names_every_value_of_a_wrong_type() {
        let kind = find_kind("apps/v1", "Deployment").expect("Deployment is known");
        let deployment = json!({"spec": {"replicas": "x", "template": {"spec": {"containers": [
            {"name": "a", "env": [{"name": "N", "value": 1}]}]}}}});
        let found = mismatches(kind, &deployment);
        let paths: Vec<_> = found.iter().map(|mismatch| mismatch.path.to_string()).collect();
        assert_eq!(paths, ["spec.replicas", "spec.template.spec.containers[0].env[0].value"]);
        assert_eq!((&found[1].found, found[1].wanted), (&json!(1), Wanted::String));
    }

    #[test]
    fn finds_every_offender_at_its_own_place_whatever_its_key() {
        let kind = find_kind("v1", "ConfigMap").expect("ConfigMap is known");
        let map = json!({"metadata": {"annotations": {"a.b/c": 1, "x[0]": true, "": 2, "q\"": 3}}, "data": {"p": "q"}});
        let paths: Vec<_> = mismatches(kind, &map).into_iter().map(|mismatch| mismatch.path).collect();
        let annotation = |key: &str| FieldPath::root().keys(&["metadata", "annotations", key]);
        assert_eq!(paths, ["", "a.b/c", "q\"", "x[0]"].map(annotation));
        let kind = find_kind("v1", "Pod").expect("Pod is known");
        let pod = json!({"spec": {"containers": [{"args": (0..200).collect::<Vec<_>>()}]}});
        let found = mismatches(kind, &pod);
        assert_eq!(found.len(), 200);
        assert_eq!(found[199].path.to_string(), "spec.containers[0].args[199]");
    }
}
