//! Decodes an object as the server does: into the Go types of its kind, with strict field validation. What is unknown or
//! twice there, and what has the wrong type, is told in the server's words.
//!
//! Source: sigs.k8s.io/json (`decode.go`, `kubernetes_patch.go`), a copy of Go's encoding/json that tells letter case apart.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::go::strconv::quote;
use crate::go::time::{Location, parse_duration, parse_in_location};
use crate::kubernetes::Quantity;
use crate::source::Span;
use crate::yaml::{Data, Entry, Node};

use super::error::Path;
use super::known::{Known, Shape, Type};
use super::tree::Tree;

/// The first minor whose decoder names inlined structs on the way to a field.
const NAMES_INLINED: u32 = 35;

/// How many unknown and duplicate fields are told at most.
const MOST_STRICT: usize = 100;

/// How deep an object may be.
const DEEPEST: usize = 1_000;

/// A thing that is wrong with the text of an object, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field.
    pub path: Path,
    /// The server's words: `unknown field "spec.bogus"`.
    pub message: String,
    /// Whether a server that is not strict would overlook it.
    pub is_strict: bool,
}

/// What an object became.
#[derive(Debug)]
pub struct Decoded {
    /// The object.
    pub object: Tree,
    /// Unknown and duplicate fields.
    pub strict: Vec<Fault>,
}

/// Decodes an object into a struct.
///
/// # Errors
/// Why the server cannot: a value of the wrong type, an amount that is none.
pub fn decode(known: &Known, node: &Node, index: usize) -> Result<Decoded, Fault> {
    let mut decoder = Decoder::new(known, Path::default());
    let object = decoder.structure(node.entries(), index).map_err(|message| Fault {
        path: decoder.place(),
        message,
        is_strict: false,
    })?;
    match decoder.saved {
        Some(error) => Err(error),
        None => Ok(Decoded { object, strict: decoder.strict }),
    }
}

/// Decodes the metadata of an object that has no struct of its own; unknown fields go to the others.
///
/// # Errors
/// Why the server cannot.
///
/// Go: `GetObjectMetaWithOptions`
pub fn metadata(known: &Known, tree: &Tree, path: &Path, strict: &mut Vec<Fault>) -> Result<Tree, Fault> {
    let index = known.struct_index("meta/v1.ObjectMeta").unwrap_or_default();
    let node = node_of(tree);
    let mut decoder = Decoder::new(known, path.clone());
    let kind = Type { shape: Shape::Struct(index), name: "meta/v1.ObjectMeta" };
    let object = decoder.value(&node, &kind);
    let object = object.map_err(|message| Fault { path: decoder.place(), message, is_strict: false })?;
    strict.append(&mut decoder.strict);
    decoder.saved.map_or(Ok(object), Err)
}

/// The value as it would be written.
fn node_of(tree: &Tree) -> Node {
    let data = match tree {
        Tree::Null => Data::Null,
        Tree::Bool(b) => Data::Bool(*b),
        Tree::Int(n) => Data::Int(*n),
        Tree::Float(x) => Data::Float(*x),
        Tree::Str(text) => Data::String(text.clone()),
        Tree::Bytes(bytes) => Data::String(STANDARD.encode(bytes)),
        Tree::List(items) => Data::Seq(items.iter().map(node_of).collect()),
        Tree::Map(entries) => Data::Map(
            entries
                .iter()
                .map(|(key, value)| Entry {
                    key: key.clone(),
                    key_span: Span::default(),
                    value: node_of(value),
                })
                .collect(),
        ),
    };
    Node { span: Span::default(), data }
}

struct Decoder<'a, 'n> {
    known: &'a Known,
    strict: Vec<Fault>,
    /// The first value of a wrong type; decoding goes on behind it.
    saved: Option<Fault>,
    /// The fields on the way, inlined structs among them.
    fields: Vec<&'static str>,
    /// The struct whose field is decoded.
    context: Option<usize>,
    /// How many of the fields errors name, where not all of them.
    frozen: Option<usize>,
    /// Where it began, and the steps from there, indices and keys of lists and maps among them.
    start: Path,
    steps: Vec<At<'n>>,
    depth: usize,
}

/// A step on the way.
#[derive(Clone, Copy)]
enum At<'n> {
    Field(&'n str),
    Index(usize),
}

impl<'a> Decoder<'a, '_> {
    /// A decoder of what stands at that place.
    fn new(known: &'a Known, start: Path) -> Self {
        Decoder {
            known,
            strict: Vec::new(),
            saved: None,
            fields: Vec::new(),
            context: None,
            frozen: None,
            start,
            steps: Vec::new(),
            depth: 0,
        }
    }

    /// The place that it is at.
    fn place(&self) -> Path {
        self.steps.iter().fold(self.start.clone(), |path, step| match step {
            At::Field(name) => path.child(name),
            At::Index(index) => path.index(*index),
        })
    }
}

/// What encoding/json calls a value in its errors; integers are told with their digits where they do not fit.
fn word(node: &Node) -> &'static str {
    node.data.json_type()
}

/// A number's digits.
fn digits(node: &Node) -> String {
    match &node.data {
        Data::Int(n) => n.to_string(),
        Data::Uint(n) => n.to_string(),
        Data::Float(x) => crate::go::strconv::format_float(*x, b'g', None, 64),
        _ => String::new(),
    }
}

/// The value as it would stand in JSON, for decoders that take its text apart.
fn json_text(node: &Node) -> String {
    match &node.data {
        Data::Int(_) | Data::Uint(_) | Data::Float(_) => digits(node),
        Data::String(text) => quote(text),
        _ => node.to_json().to_string(),
    }
}

impl<'n> Decoder<'_, 'n> {
    fn value(&mut self, node: &'n Node, kind: &Type) -> Result<Tree, String> {
        if self.depth >= DEEPEST {
            return Err("exceeded max depth".to_owned());
        }
        if let Shape::Pointer(inner) = &kind.shape {
            return if node.is_null() { Ok(Tree::Null) } else { self.value(node, inner) };
        }
        match &kind.shape {
            Shape::Quantity => return Self::quantity(node),
            Shape::IntOrString => return self.int_or_string(node),
            Shape::Time | Shape::MicroTime => return self.time(node, &kind.shape),
            Shape::Duration => return self.duration(node),
            Shape::Raw => return Ok(raw(node)),
            Shape::SchemaOrBool | Shape::SchemaOrArray | Shape::SchemaOrStrings => {
                return self.schema_or(node, &kind.shape);
            }
            _ => {}
        }
        self.depth += 1;
        let value = match (&node.data, &kind.shape) {
            (Data::Null, _) => Tree::Null,
            (Data::Map(entries), Shape::Struct(index)) => self.structure(entries, *index)?,
            (Data::Map(entries), Shape::Map(inner)) => self.map(entries, inner)?,
            (Data::Seq(items), Shape::List(inner)) => self.list(items, inner)?,
            (Data::Seq(items), Shape::Bytes) => self.bytes_of_numbers(items)?,
            _ => self.scalar(node, kind),
        };
        self.depth -= 1;
        Ok(value)
    }

    fn scalar(&mut self, node: &'n Node, kind: &Type) -> Tree {
        match (&node.data, &kind.shape) {
            (Data::Bool(b), Shape::Bool) => Tree::Bool(*b),
            (Data::String(text), Shape::Str) => Tree::Str(text.clone()),
            (Data::String(text), Shape::Bytes) => {
                if let Ok(bytes) = STANDARD.decode(text.replace(['\r', '\n'], "")) {
                    return Tree::Bytes(bytes);
                }
                self.save(format!("illegal base64 data at input byte {}", bad_base64(text)));
                Tree::Null
            }
            (Data::Int(n), Shape::Int(bits))
                if *bits == 64
                    || n.unsigned_abs().leading_zeros() > 64 - bits
                    || *n == -(1 << (bits - 1)) =>
            {
                Tree::Int(*n)
            }
            (Data::Int(n), Shape::Uint(bits)) if *n >= 0 && (*bits == 64 || *n < 1 << bits) => Tree::Int(*n),
            (Data::Int(_) | Data::Uint(_) | Data::Float(_), Shape::Int(_) | Shape::Uint(_)) => {
                // A whole float is an integer in the JSON that Helm sends.
                if let Data::Float(x) = &node.data
                    && x.fract() == 0.0
                    && x.abs() < 2_147_483_648.0
                {
                    return Tree::Int(*x as i64);
                }
                self.wrong_type(&format!("number {}", digits(node)), &kind.go_name());
                Tree::Null
            }
            (Data::Int(n), Shape::Float) => Tree::Float(*n as f64),
            (Data::Uint(n), Shape::Float) => Tree::Float(*n as f64),
            (Data::Float(x), Shape::Float) => Tree::Float(*x),
            _ => {
                self.wrong_type(word(node), &kind.go_name());
                Tree::Null
            }
        }
    }

    fn bytes_of_numbers(&mut self, items: &'n [Node]) -> Result<Tree, String> {
        let kind = Type { shape: Shape::Uint(8), name: "uint8" };
        let mut bytes = Vec::new();
        for item in items {
            bytes.push(self.value(item, &kind)?.as_int().unwrap_or_default() as u8);
        }
        Ok(Tree::Bytes(bytes))
    }

    fn list(&mut self, items: &'n [Node], inner: &Type) -> Result<Tree, String> {
        let mut out = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            self.steps.push(At::Index(at));
            let value = self.value(item, inner)?;
            self.steps.pop();
            out.push(zero_for_null(value, inner));
        }
        Ok(Tree::List(out))
    }

    fn map(&mut self, entries: &'n [Entry], inner: &Type) -> Result<Tree, String> {
        let mut out: Vec<(String, Tree)> = Vec::with_capacity(entries.len());
        for entry in entries {
            if out.iter().any(|(key, _)| *key == entry.key) {
                self.strict("duplicate", &entry.key);
                out.retain(|(key, _)| *key != entry.key);
            }
            self.steps.push(At::Field(&entry.key));
            let value = self.value(&entry.value, inner)?;
            self.steps.pop();
            out.push((entry.key.clone(), zero_for_null(value, inner)));
        }
        Ok(Tree::Map(out))
    }

    fn structure(&mut self, entries: &'n [Entry], index: usize) -> Result<Tree, String> {
        let known = self.known;
        let fields = known.fields(index);
        let (depth, context) = (self.fields.len(), self.context);
        let mut out: Vec<(String, Tree)> = Vec::with_capacity(entries.len());
        for entry in entries {
            let Some(field) = fields.iter().find(|field| field.name == entry.key) else {
                self.strict("unknown", &entry.key);
                continue;
            };
            if out.iter().any(|(key, _)| *key == entry.key) {
                self.strict("duplicate", &entry.key);
                out.retain(|(key, _)| *key != entry.key);
            }
            if known.minor >= NAMES_INLINED {
                self.fields.extend(&field.inlined);
            }
            self.fields.push(field.name);
            self.context = Some(index);
            self.steps.push(At::Field(&entry.key));
            let value = self.value(&entry.value, &field.kind)?;
            self.fields.truncate(depth);
            self.context = context;
            self.steps.pop();
            if !value.is_null() {
                out.push((entry.key.clone(), value));
            }
        }
        Ok(Tree::Map(out))
    }

    fn strict(&mut self, what: &str, field: &str) {
        let path = self.place().child(field);
        let message = format!("{what} field {}", quote(path.to_string()));
        let fault = Fault { path, message, is_strict: true };
        if self.strict.len() < MOST_STRICT && !self.strict.contains(&fault) {
            self.strict.push(fault);
        }
    }

    fn save(&mut self, message: String) {
        if self.saved.is_none() {
            self.saved = Some(Fault { path: self.place(), message, is_strict: false });
        }
    }

    /// Go: `UnmarshalTypeError.Error` with the context of the decoder.
    fn type_error(&self, value: &str, go_type: &str) -> String {
        match self.context {
            Some(index) => {
                let name = self.known.struct_name(index);
                let field = self.fields[..self.frozen.unwrap_or(self.fields.len())].join(".");
                format!(
                    "json: cannot unmarshal {value} into Go struct field {name}.{field} of type {go_type}"
                )
            }
            None => format!("json: cannot unmarshal {value} into Go value of type {go_type}"),
        }
    }

    fn wrong_type(&mut self, value: &str, go_type: &str) {
        let error = self.type_error(value, go_type);
        self.save(error);
    }

    /// Go: `Quantity.UnmarshalJSON`
    fn quantity(node: &Node) -> Result<Tree, String> {
        let text = match &node.data {
            Data::Null => "0".to_owned(),
            Data::String(text) => text.trim().to_owned(),
            _ => json_text(node),
        };
        match Quantity::parse(&text) {
            Some(quantity) => Ok(Tree::Str(quantity.canonical())),
            None => Err(quantity_error(&text).to_owned()),
        }
    }

    /// Go: `IntOrString.UnmarshalJSON`
    fn int_or_string(&self, node: &Node) -> Result<Tree, String> {
        match &node.data {
            Data::Null => Ok(Tree::Int(0)),
            Data::String(text) => Ok(Tree::Str(text.clone())),
            Data::Int(n) if i32::try_from(*n).is_ok() => Ok(Tree::Int(*n)),
            Data::Float(x) if x.fract() == 0.0 && x.abs() < 2_147_483_648.0 => Ok(Tree::Int(*x as i64)),
            Data::Int(_) | Data::Uint(_) | Data::Float(_) => {
                Err(self.type_error(&format!("number {}", digits(node)), "int32"))
            }
            _ => Err(self.type_error(word(node), "int32")),
        }
    }

    /// Go: `metav1.Time.UnmarshalJSON`
    fn time(&self, node: &Node, shape: &Shape) -> Result<Tree, String> {
        let text = match &node.data {
            Data::Null => return Ok(Tree::Null),
            Data::String(text) => text,
            _ => return Err(self.type_error(word(node), "string")),
        };
        let layout: &[u8] = match shape {
            Shape::MicroTime => b"2006-01-02T15:04:05.000000Z07:00",
            _ => b"2006-01-02T15:04:05Z07:00",
        };
        parse_in_location(layout, text.as_bytes(), &Location::Utc)?;
        Ok(Tree::Str(text.clone()))
    }

    /// Go: `metav1.Duration.UnmarshalJSON`
    fn duration(&self, node: &Node) -> Result<Tree, String> {
        match &node.data {
            Data::Null => Ok(Tree::Null),
            Data::String(text) => {
                parse_duration(text.as_bytes())?;
                Ok(Tree::Str(text.clone()))
            }
            _ => Err(self.type_error(word(node), "string")),
        }
    }

    /// The unions of `JSONSchemaProps`, whose decoders look at the first letter of the JSON and start anew: unknown fields
    /// below them are dropped without a word, and a wrong type ends the decoding.
    ///
    /// Go: apiextensions/v1 marshal.go
    fn schema_or(&mut self, node: &'n Node, shape: &Shape) -> Result<Tree, String> {
        let index = self.known.struct_index("apiextensions/v1.JSONSchemaProps").unwrap_or_default();
        let (saved, told, frozen) = (self.saved.take(), self.strict.len(), self.frozen);
        if self.known.minor < NAMES_INLINED {
            self.frozen = frozen.or(Some(self.fields.len()));
        }
        let list = |shape, name| Type { shape, name };
        let value = match (&node.data, shape) {
            (Data::Map(entries), _) => self.structure(entries, index),
            (Data::Bool(b), Shape::SchemaOrBool) => Ok(Tree::Bool(*b)),
            (Data::Seq(items), Shape::SchemaOrArray) => {
                self.list(items, &list(Shape::Struct(index), "apiextensions/v1.JSONSchemaProps"))
            }
            (Data::Seq(items), Shape::SchemaOrStrings) => self.list(items, &list(Shape::Str, "string")),
            (Data::Null, _) => Ok(Tree::Null),
            (_, Shape::SchemaOrBool) => Err("boolean or JSON schema expected".to_owned()),
            _ => Ok(Tree::Null),
        };
        let inner = std::mem::replace(&mut self.saved, saved);
        self.strict.truncate(told);
        self.frozen = frozen;
        match inner {
            Some(fault) => {
                (self.start, self.steps) = (fault.path, Vec::new());
                Err(fault.message)
            }
            None => value,
        }
    }
}

/// What stands in a list or map for `null`: a zero value, unless it is a pointer.
fn zero_for_null(value: Tree, kind: &Type) -> Tree {
    if !value.is_null() {
        return value;
    }
    match kind.shape {
        Shape::Str => Tree::Str(String::new()),
        Shape::Bool => Tree::Bool(false),
        Shape::Int(_) | Shape::Uint(_) => Tree::Int(0),
        Shape::Struct(_) => Tree::empty(),
        Shape::Bytes => Tree::Bytes(Vec::new()),
        _ => value,
    }
}

/// JSON that is handed on as it is.
pub fn raw(node: &Node) -> Tree {
    match &node.data {
        Data::Null => Tree::Null,
        Data::Bool(b) => Tree::Bool(*b),
        Data::Int(n) => Tree::Int(*n),
        Data::Uint(n) => Tree::Float(*n as f64),
        Data::Float(x) => Tree::Float(*x),
        Data::String(text) => Tree::Str(text.clone()),
        Data::Seq(items) => Tree::List(items.iter().map(raw).collect()),
        Data::Map(entries) => {
            Tree::Map(entries.iter().map(|entry| (entry.key.clone(), raw(&entry.value))).collect())
        }
    }
}

/// Where Go's decoder stops in a text that is no base64.
fn bad_base64(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_letter = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/');
    let skip = |c: u8| matches!(c, b'\r' | b'\n');
    let mut letters = 0;
    for (at, &c) in bytes.iter().enumerate() {
        match c {
            c if skip(c) => {}
            c if is_letter(c) => letters += 1,
            b'=' if letters % 4 >= 2 => {
                let rest: Vec<(usize, u8)> =
                    bytes.iter().copied().enumerate().skip(at + 1).filter(|(_, c)| !skip(*c)).collect();
                let wants = usize::from(letters % 4 == 2);
                return match rest.get(..wants) {
                    None => bytes.len(),
                    Some(pads) => match pads.iter().find(|(_, c)| *c != b'=') {
                        Some((at, _)) => *at,
                        None => rest.get(wants).map_or(at, |(at, _)| *at),
                    },
                };
            }
            _ => return at,
        }
    }
    bytes.len() - letters % 4
}

/// Why a text is no amount.
///
/// Go: resource.ParseQuantity
pub fn quantity_error(text: &str) -> &'static str {
    const FORMAT: &str =
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    if text.is_empty() {
        return FORMAT;
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole = unsigned.trim_start_matches(|c: char| c.is_ascii_digit());
    let fraction = whole.strip_prefix('.').unwrap_or(whole);
    let suffix = if whole.starts_with('.') {
        fraction.trim_start_matches(|c: char| c.is_ascii_digit())
    } else {
        whole
    };
    let rest = suffix.trim_start_matches(|c| "eEinumkKMGTP".contains(c));
    let rest = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    if !rest.bytes().all(|c| c.is_ascii_digit()) {
        return FORMAT;
    }
    let exponent = suffix.strip_prefix(['e', 'E']).is_some_and(|digits| digits.parse::<i32>().is_ok());
    let units = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    if exponent || units.contains(&suffix) {
        "unable to parse numeric part of quantity"
    } else {
        "unable to parse quantity's suffix"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn decoded(minor: u32, kind: (&str, &str), text: &str) -> Result<Decoded, Fault> {
        let known = Known::of(minor);
        let index = known.kind(kind.0, kind.1).and_then(|kind| kind.index).expect("the kind is served");
        decode(known, &yaml::parse(text).expect("the text is YAML"), index)
    }

    #[test]
    fn tells_unknown_and_duplicate_fields() {
        let text = "metadata: {Name: x}\nspec: {template: {spec: {containers: [{name: a, image: b, bogus: 1}]}}}\nx: 1\n";
        let decoded = decoded(37, ("apps/v1", "Deployment"), text).unwrap();
        let want = ["metadata.Name", "spec.template.spec.containers[0].bogus", "x"];
        let got: Vec<String> = decoded.strict.into_iter().map(|fault| fault.message).collect();
        assert_eq!(got, want.map(|field| format!("unknown field \"{field}\"")));
    }

    #[test]
    fn names_the_struct_and_the_way_of_a_wrong_type() {
        let text = "spec: {volumes: [{name: a, configMap: {defaultMode: x}}]}";
        let pod = ("v1", "Pod");
        let error = |minor| decoded(minor, pod, text).unwrap_err().message;
        let want = |way| {
            format!(
                "json: cannot unmarshal string into Go struct field ConfigMapVolumeSource.{way} of type int32"
            )
        };
        assert_eq!(error(37), want("spec.volumes.VolumeSource.configMap.defaultMode"));
        assert_eq!(error(31), want("spec.volumes.configMap.defaultMode"));
    }

    #[test]
    fn an_amount_that_is_none_ends_the_decoding() {
        let text = "spec: {nodeName: 1, containers: [{resources: {limits: {cpu: x}}}]}";
        let error = decoded(37, ("v1", "Pod"), text).unwrap_err().message;
        assert!(error.starts_with("quantities must match"), "{error}");
        assert_eq!(
            quantity_error("1GBB"),
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
        );
        assert_eq!(quantity_error("1KM"), "unable to parse quantity's suffix");
    }
}
