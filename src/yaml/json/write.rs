//! Writing JSON as encoding/json's `Marshal` and `MarshalIndent` do.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use rustc_hash::FxHashSet;

use super::super::number;
use crate::budget::Growth;
use crate::stack;
use crate::value::{Number, Sized, Value};
use crate::yaml::Fault;

/// How deep a value may be before its maps and lists are watched for cycles. Go: encode.go `startDetectCyclesAfter`.
const WATCH_FROM: usize = 1000;

/// The value on one line, with `<`, `>` and `&` escaped. Go: `json.Marshal`; the error is its text.
pub fn to_json(value: &Value) -> Result<String, Fault> {
    write(value, true, None)
}

/// As [`to_json`], with `<`, `>` and `&` as they are. sprig: `toRawJson`.
pub fn to_json_raw(value: &Value) -> Result<String, Fault> {
    write(value, false, None)
}

/// The value with an indent of two spaces. Go: `json.MarshalIndent(v, "", "  ")`.
pub fn to_json_pretty(value: &Value) -> Result<String, Fault> {
    write(value, true, Some("  "))
}

fn write(value: &Value, escape_html: bool, indent: Option<&'static str>) -> Result<String, Fault> {
    // sprig encodes a pointer to the value raw, and a pointer counts.
    let watch_from = if escape_html { WATCH_FROM } else { WATCH_FROM - 1 };
    let open = FxHashSet::default();
    let mut writer =
        Writer { out: String::new(), growth: Growth::new(), escape_html, indent, open, depth: 0, watch_from };
    writer.value(value)?;
    Ok(writer.out)
}

struct Writer {
    out: String,
    growth: Growth,
    escape_html: bool,
    indent: Option<&'static str>,
    /// The addresses of the maps and lists that are being written, below a certain depth.
    open: FxHashSet<usize>,
    depth: usize,
    /// From here on maps and lists are watched.
    watch_from: usize,
}

impl Writer {
    fn value(&mut self, value: &Value) -> Result<(), Fault> {
        match value {
            Value::Str(text) => self.string(text.as_bytes()),
            Value::Map(map) if map.is_nil() => self.out.push_str("null"),
            Value::Map(map) => {
                self.enter(map.address(), value)?;
                map.with(|cells| {
                    self.collection('{', '}', cells.iter(), |writer, (key, value)| {
                        writer.entry(key.as_bytes(), value)
                    })
                })?;
                self.leave(map.address());
            }
            Value::List(list) if list.is_nil() => self.out.push_str("null"),
            Value::List(list) => {
                self.enter(list.address(), value)?;
                self.collection('[', ']', list.items().iter(), Writer::value)?;
                self.leave(list.address());
            }
            Value::Object(object) => match object.json_fields() {
                Some(fields) => {
                    self.enter(0, value)?;
                    self.collection('{', '}', fields.iter(), |writer, (name, value)| {
                        writer.entry(name.as_bytes(), value)
                    })?;
                    self.leave(0);
                }
                None => self.value(&object.to_plain()?)?,
            },
            other => write_plain(other, &mut self.out)?,
        }
        Ok(())
    }

    fn entry(&mut self, key: &[u8], value: &Value) -> Result<(), Fault> {
        self.string(key);
        self.out.push(':');
        if self.indent.is_some() {
            self.out.push(' ');
        }
        self.value(value)
    }

    fn enter(&mut self, address: usize, value: &Value) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > self.watch_from && address != 0 && !self.open.insert(address) {
            let kind = value.type_name();
            return Err(Fault::Error(format!("json: unsupported value: encountered a cycle via {kind}")));
        }
        if stack::is_too_deep(self.depth) || self.growth.to(self.out.len()).is_err() {
            return Err(Fault::limit("JSON"));
        }
        Ok(())
    }

    fn leave(&mut self, address: usize) {
        if self.depth > self.watch_from {
            self.open.remove(&address);
        }
        self.depth -= 1;
    }

    fn collection<T>(
        &mut self,
        open: char,
        close: char,
        items: impl Iterator<Item = T>,
        mut item: impl FnMut(&mut Writer, T) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.out.push(open);
        let mut empty = true;
        for (at, each) in items.enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            empty = false;
            self.line(self.depth);
            item(self, each)?;
            if self.growth.to(self.out.len()).is_err() {
                return Err(Fault::limit("JSON"));
            }
        }
        if !empty {
            self.line(self.depth - 1);
        }
        self.out.push(close);
        Ok(())
    }

    fn line(&mut self, depth: usize) {
        if let Some(indent) = self.indent {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(indent, depth));
        }
    }

    /// Go: encode.go `appendString`.
    fn string(&mut self, bytes: &[u8]) {
        self.out.push('"');
        for chunk in bytes.utf8_chunks() {
            self.text(chunk.valid());
            for _ in chunk.invalid() {
                self.out.push_str("\\ufffd");
            }
        }
        self.out.push('"');
    }

    fn text(&mut self, text: &str) {
        let mut done = 0;
        for (at, byte) in text.bytes().enumerate() {
            let special = match byte {
                b'<' | b'>' | b'&' => self.escape_html,
                b'"' | b'\\' | 0..=0x1F => true,
                0xE2 => matches!(&text.as_bytes()[at + 1..at + 3], [0x80, 0xA8 | 0xA9]),
                _ => false,
            };
            if !special {
                continue;
            }
            self.out.push_str(&text[done..at]);
            done = at + 1;
            match byte {
                b'"' => self.out.push_str("\\\""),
                b'\\' => self.out.push_str("\\\\"),
                b'\x08' => self.out.push_str("\\b"),
                b'\x0C' => self.out.push_str("\\f"),
                b'\n' => self.out.push_str("\\n"),
                b'\r' => self.out.push_str("\\r"),
                b'\t' => self.out.push_str("\\t"),
                0xE2 => {
                    let last = text.as_bytes()[at + 2] & 0x0F;
                    let _ = write!(self.out, "\\u202{last:x}");
                    done = at + 3;
                }
                _ => {
                    let _ = write!(self.out, "\\u{byte:04x}");
                }
            }
        }
        self.out.push_str(&text[done..]);
    }
}

/// Writes what is no string, map, list or object.
pub(in crate::yaml) fn write_plain(value: &Value, out: &mut String) -> Result<(), String> {
    match value {
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Bytes(Some(bytes)) => {
            out.push('"');
            STANDARD.encode_string(bytes, out);
            out.push('"');
        }
        Value::Complex(..) => return Err("json: unsupported type: complex128".to_owned()),
        Value::Sized(Sized::Float32(x)) if x.is_finite() => out.push_str(&number::format_json32(*x)),
        other => match other.number() {
            Some(Number::Signed(n)) => {
                let _ = write!(out, "{n}");
            }
            Some(Number::Unsigned(n)) => {
                let _ = write!(out, "{n}");
            }
            Some(Number::Float(x)) if x.is_finite() => out.push_str(&number::format_json(x)),
            Some(Number::Float(x)) => {
                return Err(format!("json: unsupported value: {}", number::format_g(x)));
            }
            None => out.push_str("null"),
        },
    }
    Ok(())
}
