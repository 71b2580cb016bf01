//! Writing TOML in the order and the forms of BurntSushi's encoder: the plain keys of a table first, then its tables,
//! both sorted; each table with its full name, indented by its depth.

use super::super::number;
use crate::budget::Growth;
use crate::go::time::Location;
use crate::stack;
use crate::value::time::TimeValue;
use crate::value::{Elem, Number, Sized, Str, Value, print};
use crate::yaml::Fault;

/// How many values may be looked at for one key: a list that holds another twice, and so on, has no end otherwise.
const MAX_VISITS: usize = 1_000_000;

/// What the encoder takes a value for, as far as the layout depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nil,
    Plain,
    Table,
    Tables,
}

/// The value as a TOML document. Go: `toml.NewEncoder(w).Encode(value)`.
pub fn to_toml(value: &Value) -> Result<Str, Fault> {
    let mut writer = Writer { out: Vec::new(), growth: Growth::new(), depth: 0 };
    if matches!(value, Value::Nil) {
        return Err(Fault::Panic("reflect: call of reflect.Value.Type on zero Value".to_owned()));
    }
    if matches!(value, Value::Bytes(None)) {
        // Only within something is it left out.
        return Ok("[]".into());
    }
    writer.encode(&mut Vec::new(), &plain(value)?)?;
    Ok(writer.out.into())
}

fn fail<T>(text: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Error(text.into()))
}

/// The value below a named type; structs, times and durations stay what they are.
fn plain(value: &Value) -> Result<Value, Fault> {
    match value {
        Value::Object(object) if !matches!(object.type_name(), "time.Time" | "time.Duration") => {
            if object.struct_fields().is_some() {
                Ok(value.clone())
            } else {
                object.to_plain().map_err(Fault::Error)
            }
        }
        Value::Bytes(Some(bytes)) => {
            let items = bytes.iter().map(|byte| Value::Int(i64::from(*byte))).collect();
            Ok(Value::List(crate::value::List::of(Elem::Int, items)))
        }
        other => Ok(other.clone()),
    }
}

/// The fields of a struct: the place of each among all and its name.
fn fields_of(value: &Value) -> Option<Vec<(usize, &'static str)>> {
    match value {
        Value::Object(object) => object.struct_fields(),
        _ => None,
    }
}

/// Go: encode.go `tomlTypeOfGo`.
fn kind(value: &Value, depth: usize, visits: &mut usize) -> Result<Kind, Fault> {
    *visits += 1;
    if stack::is_too_deep(depth) || *visits > MAX_VISITS {
        return Err(Fault::limit("TOML"));
    }
    match value {
        Value::Complex(..) => fail("unsupported type: complex128"),
        Value::List(list) if !list.is_nil() => {
            let mut all_tables = !list.is_empty();
            for item in list.items() {
                match kind(&plain(item)?, depth + 1, visits)? {
                    Kind::Nil => return fail("toml: cannot encode array with nil element"),
                    found => all_tables &= found == Kind::Table,
                }
            }
            Ok(if all_tables { Kind::Tables } else { Kind::Plain })
        }
        value if value.is_nil() => Ok(Kind::Nil),
        Value::Map(_) => Ok(Kind::Table),
        value if fields_of(value).is_some() => Ok(Kind::Table),
        _ => Ok(Kind::Plain),
    }
}

/// Bytes that are not UTF-8 stay what they are.
fn write_quoted(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for byte in text {
        match byte {
            b'"' => out.extend(b"\\\""),
            b'\\' => out.extend(b"\\\\"),
            b'\x08' => out.extend(b"\\b"),
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            b'\x0C' => out.extend(b"\\f"),
            b'\r' => out.extend(b"\\r"),
            b'\0'..=b'\x1F' | b'\x7F' => out.extend(format!("\\u{byte:04x}").bytes()),
            byte => out.push(*byte),
        }
    }
    out.push(b'"');
}

/// The key as it is written: quoted where it must be.
pub(super) fn key_text(key: &str) -> String {
    let mut written = Vec::new();
    write_key(&mut written, key.as_bytes());
    String::from_utf8_lossy(&written).into_owned()
}

fn write_key(out: &mut Vec<u8>, key: &[u8]) {
    let bare = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !key.is_empty() && key.iter().all(bare) {
        out.extend(key);
    } else {
        write_quoted(out, key);
    }
}

/// A key of a table or a field of a struct.
struct Entry {
    name: Str,
    value: Value,
    kind: Kind,
    /// The place among all fields of the struct.
    place: usize,
}

impl Entry {
    fn is_table(&self) -> bool {
        matches!(self.kind, Kind::Table | Kind::Tables)
    }
}

struct Writer {
    out: Vec<u8>,
    growth: Growth,
    depth: usize,
}

impl Writer {
    fn write(&mut self, text: &str) {
        self.out.extend(text.as_bytes());
    }

    fn newline(&mut self) {
        if !self.out.is_empty() {
            self.out.push(b'\n');
        }
    }

    fn indent(&mut self, key: &[Str]) {
        self.write(&"  ".repeat(key.len().saturating_sub(1)));
    }

    fn header(&mut self, key: &[Str], open: &str, close: &str) {
        self.indent(key);
        self.write(open);
        for (at, part) in key.iter().enumerate() {
            if at > 0 {
                self.out.push(b'.');
            }
            write_key(&mut self.out, part.as_bytes());
        }
        self.write(close);
        self.newline();
    }

    /// Go: encode.go `Encoder.encode`.
    fn encode(&mut self, key: &mut Vec<Str>, value: &Value) -> Result<(), Fault> {
        if let (Value::Complex(..), []) = (value, key.as_slice()) {
            return fail("unsupported type for key '': complex128");
        }
        match (value, kind(value, 0, &mut 0)?) {
            (_, Kind::Nil) if key.is_empty() && matches!(value, Value::List(_)) => {
                self.write("[]");
            }
            (_, Kind::Nil) => {}
            (Value::List(list), Kind::Tables) => {
                if key.is_empty() {
                    return fail("toml: top-level values must be Go maps or structs");
                }
                for item in list.items() {
                    self.newline();
                    self.header(key, "[[", "]]");
                    self.table(key, &plain(item)?)?;
                }
            }
            (_, Kind::Table) => {
                if key.len() == 1 {
                    self.newline();
                }
                if !key.is_empty() {
                    self.header(key, "[", "]");
                }
                self.table(key, value)?;
            }
            _ => self.key_value(key, value, false)?,
        }
        Ok(())
    }

    fn key_value(&mut self, key: &[Str], value: &Value, inline: bool) -> Result<(), Fault> {
        self.ask()?;
        let Some(last) = key.last() else { return self.element(value) };
        self.indent(key);
        write_key(&mut self.out, last.as_bytes());
        self.write(" = ");
        self.element(value)?;
        if !inline {
            self.newline();
        }
        Ok(())
    }

    /// What is in a table, plain entries first. Go: encode.go `Encoder.eMap`, `Encoder.eStruct`.
    fn entries(value: &Value) -> Result<Vec<Entry>, Fault> {
        let named = match (value, fields_of(value)) {
            (Value::Object(object), Some(fields)) => {
                let field = |name| object.field(name).unwrap_or_default();
                fields.iter().map(|(place, name)| (*place, Str::from(*name), field(name))).collect()
            }
            (Value::Map(map), _) => {
                map.entries().into_iter().map(|(name, value)| (0, name, value)).collect::<Vec<_>>()
            }
            _ => Vec::new(),
        };
        let mut entries = Vec::with_capacity(named.len());
        for (place, name, value) in named {
            let value = plain(&value)?;
            entries.push(Entry { kind: kind(&value, 0, &mut 0)?, name, value, place });
        }
        entries.sort_by_key(Entry::is_table);
        Ok(entries)
    }

    /// A time in the form that it was read from: without a zone, or without date or clock. Go: encode.go `eElement`.
    fn time(&mut self, value: &Value) {
        let Some(TimeValue { time, .. }) = value.as_object() else { return };
        let without_zone = match time.location() {
            Location::Fixed(name, _) => match &**name {
                "datetime-local" => Some("2006-01-02T15:04:05.999999999"),
                "date-local" => Some("2006-01-02"),
                "time-local" => Some("15:04:05.999999999"),
                _ => None,
            },
            _ => None,
        };
        let text = match without_zone {
            Some(layout) => time.in_location(Location::Utc).format(layout.as_bytes()),
            None => time.format(b"2006-01-02T15:04:05.999999999Z07:00"),
        };
        self.write(&String::from_utf8_lossy(&text));
    }

    fn table(&mut self, key: &mut Vec<Str>, value: &Value) -> Result<(), Fault> {
        self.enter()?;
        for Entry { name, value, .. } in Writer::entries(value)? {
            if value.is_nil() {
                continue;
            }
            key.push(name);
            self.encode(key, &value)?;
            key.pop();
        }
        self.depth -= 1;
        Ok(())
    }

    /// Whether the text may grow further.
    fn ask(&mut self) -> Result<(), Fault> {
        self.growth.to(self.out.len()).map_err(|_| Fault::limit("TOML"))
    }

    /// One level deeper, of tables or of what stands in a line.
    fn enter(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if stack::is_too_deep(self.depth) || self.growth.to(self.out.len()).is_err() {
            return Err(Fault::limit("TOML"));
        }
        Ok(())
    }

    /// A comma follows every entry but the last, for which Go takes in a struct the one whose place among all fields is
    /// the number of those that are exported, less one.
    fn inline_table(&mut self, value: &Value) -> Result<(), Fault> {
        let entries = Writer::entries(value)?;
        let is_struct = fields_of(value).is_some();
        self.enter()?;
        self.out.push(b'{');
        for (at, entry) in entries.iter().enumerate() {
            if entry.value.is_nil() {
                continue;
            }
            self.key_value(std::slice::from_ref(&entry.name), &entry.value, true)?;
            if (if is_struct { entry.place } else { at }) + 1 != entries.len() {
                self.write(", ");
            }
        }
        self.out.push(b'}');
        self.depth -= 1;
        Ok(())
    }

    /// Go: encode.go `Encoder.eElement`.
    fn element(&mut self, value: &Value) -> Result<(), Fault> {
        match value {
            Value::Str(text) => write_quoted(&mut self.out, text.as_bytes()),
            Value::Bool(b) => self.write(if *b { "true" } else { "false" }),
            Value::List(list) => {
                self.enter()?;
                self.out.push(b'[');
                for (at, item) in list.items().iter().enumerate() {
                    if at > 0 {
                        self.write(", ");
                    }
                    self.ask()?;
                    self.element(&plain(item)?)?;
                }
                self.out.push(b']');
                self.depth -= 1;
            }
            Value::Map(_) => self.inline_table(value)?,
            value if fields_of(value).is_some() => self.inline_table(value)?,
            Value::Object(_) if value.as_object::<TimeValue>().is_some() => self.time(value),
            Value::Object(_) => write_quoted(&mut self.out, print::sprint(value).as_bytes()),
            Value::Sized(Sized::Float32(x)) => self.float(f64::from(*x), &number::format_g32(*x)),
            other => match other.number() {
                Some(Number::Signed(n)) => self.write(&n.to_string()),
                Some(Number::Unsigned(n)) => self.write(&n.to_string()),
                Some(Number::Float(x)) => self.float(x, &number::format_g(x)),
                None => return fail(format!("unexpected type: {}", other.type_name())),
            },
        }
        Ok(())
    }

    fn float(&mut self, x: f64, text: &str) {
        if !x.is_finite() {
            let sign = if x.is_sign_negative() { "-" } else { "" };
            self.write(sign);
            self.write(if x.is_nan() { "nan" } else { "inf" });
            return;
        }
        self.write(text);
        if !text.contains(['e', '.']) {
            self.write(".0");
        }
    }
}
