//! Writing YAML as go-yaml's encoders do, the second version for `toYaml` and the third for `toYamlPretty`.
//!
//! Read [`Emitter::node`] first. How a scalar is quoted and folded is in `scalar`, the order of keys in `keys`.
//! `toYaml` goes through JSON in Go; here that journey is made only for the rare value that it changes
//! ([`Stop::Journey`]), for all others its effect is known.

mod keys;
mod replaced;
mod scalar;

use super::node::{Data, Node};
use super::{Fault, json, number};
use crate::budget::Growth;
use crate::stack;
use crate::value::print;
use crate::value::{Map, Number, Object, Sized, Str, Value};

/// Which of go-yaml's encoders.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    /// yaml.v2 after a journey through JSON: lines fold at 80 columns, lists are not indented below their key.
    Two,
    /// yaml.v3 with an indent of 2: no folding, lists indented.
    Three,
}

/// The greatest depth; go-yaml could not read JSON deeper than that again.
const MAX_DEPTH: usize = 10_000;

/// A value deeper than this may hold itself, which JSON tells.
const WATCH_FROM: usize = 1_000;

/// Keys longer than this may be no simple keys in JSON, which go-yaml cannot read again.
const LONG_KEY: usize = 1000;

/// Why a value cannot be written right away.
enum Stop {
    /// Its way through JSON changes it, or fails.
    Journey,
    /// It cannot be written.
    Error(String),
    /// Go's encoder panics over it.
    Panic(String),
    /// It is too much.
    Limit,
}

impl Stop {
    /// What a journey that fails comes to.
    fn fault(self) -> Fault {
        match self {
            Stop::Journey => Fault::Error("yaml: exceeded max depth of 10000".to_owned()),
            Stop::Error(text) => Fault::Error(text),
            Stop::Panic(text) => Fault::Panic(text),
            Stop::Limit => Fault::limit("YAML"),
        }
    }
}

/// The value as Helm's `toYaml` lays it out, with the line break at its end. Go: `sigs.k8s.io/yaml.Marshal`.
/// The error is the marshaller's text.
pub fn to_yaml(value: &Value) -> Result<String, Fault> {
    match Emitter::new(Version::Two).document(value) {
        Err(Stop::Journey) => {
            let json = json::to_json(value).map_err(|fault| match fault {
                Fault::Error(text) => Fault::Error(format!("error marshaling into JSON: {text}")),
                fault => fault,
            })?;
            let node = super::parse(&json).map_err(|error| error.message().to_owned())?;
            Emitter::new(Version::Two).arrived().document(&exact(node)).map_err(Stop::fault)
        }
        written => written.map_err(Stop::fault),
    }
}

/// The value as Helm's `toYamlPretty` lays it out, with the line break at its end. Go: yaml.v3's encoder, indent 2.
pub fn to_yaml_pretty(value: &Value) -> Result<String, Fault> {
    Emitter::new(Version::Three).document(value).map_err(Stop::fault)
}

/// A node as a value whose integers are still integers.
fn exact(node: Node) -> Value {
    match node.data {
        Data::Int(n) => Value::Int64(n),
        Data::Uint(n) => Value::Sized(Sized::Uint64(n)),
        Data::Seq(items) => Value::List(crate::value::List::any(items.into_iter().map(exact).collect())),
        Data::Map(entries) => {
            Value::Map(entries.into_iter().map(|entry| (entry.key, exact(entry.value))).collect::<Map>())
        }
        _ => node.to_value(),
    }
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Item,
    /// A key that fits before its colon.
    SimpleKey,
    /// A value, or a key after `?`.
    Mapping,
}

/// Writes one document. Its fields are those of go-yaml's emitter.
struct Emitter {
    version: Version,
    /// Whether the value has been through JSON.
    arrived: bool,
    out: String,
    growth: Growth,
    /// In characters.
    column: usize,
    indent: i32,
    /// Whether the last character was white space or may count as such.
    whitespace: bool,
    /// Whether nothing but indent and indicators stands on the line.
    indention: bool,
    depth: usize,
}

impl Emitter {
    fn new(version: Version) -> Emitter {
        Emitter {
            version,
            arrived: version == Version::Three,
            out: String::new(),
            growth: Growth::new(),
            column: 0,
            indent: -1,
            whitespace: true,
            indention: true,
            depth: 0,
        }
    }

    fn arrived(mut self) -> Emitter {
        self.arrived = true;
        self
    }

    /// The column after which a space may become a line break.
    fn best_width(&self) -> usize {
        if self.version == Version::Two { 80 } else { usize::MAX }
    }

    fn document(mut self, value: &Value) -> Result<String, Stop> {
        self.node(value, Place::Root)?;
        self.write_indent();
        Ok(self.out)
    }

    fn node(&mut self, value: &Value, place: Place) -> Result<(), Stop> {
        match value {
            Value::Str(text) => self.string(text, place),
            Value::Map(map) if map.is_nil() && self.version == Version::Two => self.plain("null"),
            Value::Map(map) => self.map(map),
            Value::List(list) if list.is_nil() && self.version == Version::Two => self.plain("null"),
            Value::List(list) => self.list(list.items(), place),
            Value::Bool(b) => self.plain(if *b { "true" } else { "false" }),
            Value::Nil => self.plain("null"),
            Value::Bytes(bytes) if self.version == Version::Three => {
                let bytes = bytes.as_deref().unwrap_or_default();
                let items: Vec<Value> = bytes.iter().map(|byte| Value::Int(i64::from(*byte))).collect();
                self.list(&items, place)
            }
            Value::Bytes(None) => self.plain("null"),
            Value::Object(object) => match (self.version, object.type_name()) {
                (Version::Three, "time.Time") => {
                    let text = object.to_plain().map_err(Stop::Error)?;
                    self.plain(&text.as_text().cloned().unwrap_or_default().to_str())
                }
                (Version::Three, "time.Duration") => self.string(&print::sprint(value), place),
                (Version::Three, _) => match object.struct_fields() {
                    Some(fields) => self.fields(object.as_ref(), &fields),
                    None => self.node(&object.to_plain().map_err(Stop::Error)?, place),
                },
                (Version::Two, _) => self.node(&object.to_plain().map_err(|_| Stop::Journey)?, place),
            },
            Value::Error(error) => self.node(error, place),
            Value::Bytes(Some(_)) | Value::Complex(..) => self.by_json(value, place),
            Value::Int(_) | Value::Int64(_) | Value::Float64(_) | Value::Sized(_) => self.number(value),
        }
    }

    /// A scalar as JSON writes it: base64 of bytes, errors of the rest.
    fn by_json(&mut self, value: &Value, place: Place) -> Result<(), Stop> {
        if self.version == Version::Three {
            return Err(Stop::Panic(format!("cannot marshal type: {}", value.type_name())));
        }
        let mut text = String::new();
        json::write_plain(value, &mut text).map_err(|_| Stop::Journey)?;
        self.string(&Str::from(text.trim_matches('"')), place)
    }

    fn number(&mut self, value: &Value) -> Result<(), Stop> {
        let text = match (value, value.number()) {
            (_, Some(Number::Signed(n))) => n.to_string(),
            (_, Some(Number::Unsigned(n))) => n.to_string(),
            (Value::Sized(Sized::Float32(x)), _) if self.version == Version::Three => number::format_g32(*x),
            (_, Some(Number::Float(x))) if self.version == Version::Three => {
                number::not_finite_yaml(x).map_or_else(|| number::format_g(x), str::to_owned)
            }
            (_, Some(Number::Float(x))) if !x.is_finite() => return Err(Stop::Journey),
            (Value::Sized(Sized::Float32(x)), _) => through_json(&number::format_json32(*x)),
            (_, Some(Number::Float(x))) => through_json(&number::format_json(x)),
            (_, None) => "null".to_owned(),
        };
        self.plain(&text)
    }

    fn enter(&mut self) -> Result<(), Stop> {
        self.depth += 1;
        let limit = if self.arrived { MAX_DEPTH } else { WATCH_FROM };
        if self.version == Version::Two && self.depth > limit {
            return Err(Stop::Journey);
        }
        if stack::is_too_deep(self.depth) || self.growth.to(self.out.len()).is_err() {
            Err(Stop::Limit)
        } else {
            Ok(())
        }
    }

    /// Whether the text may grow further.
    #[inline]
    fn ask(&mut self) -> Result<(), Stop> {
        self.growth.to(self.out.len()).map_err(|_| Stop::Limit)
    }

    fn map(&mut self, map: &Map) -> Result<(), Stop> {
        if map.is_empty() {
            return self.plain("{}");
        }
        map.with(|cells| {
            let mut entries: Vec<(&Str, &Value)> = cells.iter().collect();
            keys::sort(&mut entries, self.version == Version::Three);
            self.entries(&entries)
        })
    }

    /// A struct: its exported fields in Go's order, their names in small letters. Go: yaml v3 encode.go `structv`.
    fn fields(&mut self, object: &dyn Object, fields: &[(usize, &'static str)]) -> Result<(), Stop> {
        if fields.is_empty() {
            return self.plain("{}");
        }
        let named: Vec<(Str, Value)> = fields
            .iter()
            .map(|(_, name)| (Str::from(name.to_lowercase()), object.field(name).unwrap_or_default()))
            .collect();
        self.entries(&named.iter().map(|(name, value)| (name, value)).collect::<Vec<_>>())
    }

    fn entries(&mut self, entries: &[(&Str, &Value)]) -> Result<(), Stop> {
        self.enter()?;
        let outer = self.indent;
        self.indent = if outer < 0 { 0 } else { outer + 2 };
        entries.iter().try_for_each(|(key, value)| self.entry(key, value))?;
        self.indent = outer;
        self.depth -= 1;
        Ok(())
    }

    fn entry(&mut self, key: &Str, value: &Value) -> Result<(), Stop> {
        if key.len() > LONG_KEY && !self.arrived {
            return Err(Stop::Journey);
        }
        self.ask()?;
        self.write_indent();
        if self.is_simple_key(key) {
            self.string(key, Place::SimpleKey)?;
            self.write_indicator(":", false, false, false);
        } else {
            self.write_indicator("?", true, false, true);
            self.string(key, Place::Mapping)?;
            self.write_indent();
            self.write_indicator(":", true, false, true);
        }
        self.node(value, Place::Mapping)
    }

    fn list(&mut self, items: &[Value], place: Place) -> Result<(), Stop> {
        if items.is_empty() {
            return self.plain("[]");
        }
        self.enter()?;
        let outer = self.indent;
        let level = self.version == Version::Two && place == Place::Mapping && !self.indention;
        self.indent = match outer {
            ..0 => 0,
            _ if level => outer,
            _ => outer + 2,
        };
        for item in items {
            self.ask()?;
            self.write_indent();
            self.write_indicator("-", true, false, true);
            self.node(item, Place::Item)?;
        }
        self.indent = outer;
        self.depth -= 1;
        Ok(())
    }

    /// A scalar without quotes that needs no look, or an empty collection.
    fn plain(&mut self, text: &str) -> Result<(), Stop> {
        self.write_indicator(text, true, false, false);
        Ok(())
    }

    // Characters. Go: emitterc.go

    fn put_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    fn write_indent(&mut self) {
        let indent = self.indent.max(0) as usize;
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.put_break();
        }
        if self.column < indent {
            self.out.extend(std::iter::repeat_n(' ', indent - self.column));
            self.column = indent;
        }
        self.whitespace = true;
        self.indention = true;
    }

    /// Text in ASCII that is written as it is.
    fn write_indicator(&mut self, text: &str, spaced: bool, is_whitespace: bool, is_indention: bool) {
        if spaced && !self.whitespace {
            self.out.push(' ');
            self.column += 1;
        }
        self.out.push_str(text);
        self.column += text.len();
        self.whitespace = is_whitespace;
        self.indention = self.indention && is_indention;
    }
}

/// The number as yaml.v2 writes it after it read JSON's text of it: an integer if it fits one.
fn through_json(text: &str) -> String {
    if text.parse::<i64>().is_ok_and(|n| n != 0) || text.parse::<u64>().is_ok() {
        return text.to_owned();
    }
    match text {
        "-0" => "0".to_owned(),
        _ => text.parse::<f64>().map_or_else(|_| text.to_owned(), number::format_g),
    }
}
