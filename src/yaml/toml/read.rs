//! Reading TOML into the values that BurntSushi's decoder gives: int64, float64, times, `[]map[string]interface {}` for
//! arrays of tables. Errors have its texts, mistakes of its own included. Go: parse.go; how the document is cut is in
//! `lex`.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::lex::{Fault, Item, Lexer, Type, is_hex};
use super::write::key_text;
use crate::budget::{self, Over};
use crate::go::strconv::{Cause, parse_float, parse_int, quote};
use crate::go::time::{Location, parse_in_location};
use crate::stack;
use crate::value::time::TimeValue;
use crate::value::{Elem, List, Map, Value};

/// Why a text could not be read. Its `Display` is the decoder's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// It is not TOML.
    Malformed {
        /// The line, from 1.
        line: usize,
        /// The last key that was read, with those above it; empty before the first.
        last_key: String,
        /// What is wrong.
        message: String,
    },
    /// It is too much for the budget.
    Over(Over),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Malformed { line, last_key, message } if last_key.is_empty() => {
                write!(f, "toml: line {line}: {message}")
            }
            Error::Malformed { line, last_key, message } => {
                write!(f, "toml: line {line} (last key {}): {message}", quote(last_key))
            }
            Error::Over(over) => over.fmt(f),
        }
    }
}

impl From<Over> for Error {
    fn from(over: Over) -> Error {
        Error::Over(over)
    }
}

/// The TOML document as a map.
pub fn from_toml(text: &[u8]) -> Result<Map, Error> {
    let text = match text {
        [0xff, 0xfe, rest @ ..] | [0xfe, 0xff, rest @ ..] | [0xef, 0xbb, 0xbf, rest @ ..] => rest,
        text => text,
    };
    if text.iter().take(6).any(|byte| *byte == 0) {
        let message = "files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8";
        return Err(Error::Malformed { line: 1, last_key: String::new(), message: message.to_owned() });
    }
    let mut parser = Parser {
        lexer: Lexer::new(text),
        context: Vec::new(),
        current_key: String::new(),
        line: 1,
        arrays: HashMap::new(),
        mapping: Map::new(),
        implicits: HashSet::new(),
        depth: 0,
    };
    loop {
        let item = parser.next()?;
        if item.typ == Type::Eof {
            return Ok(parser.mapping);
        }
        parser.top_level(item)?;
    }
}

/// Units of work for an item of the text.
const ITEM: u64 = 20;

type Key = Vec<String>;

fn joined(key: &[String]) -> String {
    key.iter().map(|part| key_text(part)).collect::<Vec<_>>().join(".")
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    /// The table in scope.
    context: Key,
    current_key: String,
    /// Of the last key or table name that began.
    line: usize,
    /// Whether what a key was given is an array.
    arrays: HashMap<String, bool>,
    mapping: Map,
    /// Tables that no header made.
    implicits: HashSet<String>,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn error_at<T>(&self, line: usize, message: impl Into<String>) -> Result<T, Error> {
        let last_key = match (self.current_key.as_str(), self.context.as_slice()) {
            ("", context) => joined(context),
            (key, []) => key.to_owned(),
            (key, context) => format!("{}.{key}", joined(context)),
        };
        Err(Error::Malformed { line, last_key, message: message.into() })
    }

    /// Go: parse.go `panicf`: at the last key.
    fn error<T>(&self, message: impl Into<String>) -> Result<T, Error> {
        self.error_at(self.line, message)
    }

    fn next(&mut self) -> Result<Item<'a>, Error> {
        budget::spend(ITEM)?;
        self.lexer.next_item().or_else(|Fault { line, message }| self.error_at(line, message))
    }

    fn next_pos(&mut self) -> Result<Item<'a>, Error> {
        let item = self.next()?;
        self.line = item.line;
        Ok(item)
    }

    fn top_level(&mut self, item: Item<'a>) -> Result<(), Error> {
        match item.typ {
            Type::TableStart => {
                let key = self.key(Type::TableEnd)?;
                self.add_context(&key, false)?;
                self.set_type("", false);
            }
            Type::ArrayTableStart => {
                let key = self.key(Type::ArrayTableEnd)?;
                self.add_context(&key, true)?;
                self.set_type("", false);
            }
            Type::KeyStart => {
                let outer = self.context.clone();
                self.key_value(None)?;
                self.context = outer;
                self.current_key.clear();
            }
            // Of a comment, which is no more than that.
            _ => {}
        }
        Ok(())
    }

    /// The parts of a key up to what ends it.
    fn key(&mut self, end: Type) -> Result<Key, Error> {
        let mut key = Key::new();
        let mut item = self.next_pos()?;
        while item.typ != end && item.typ != Type::Eof {
            key.push(match item.typ {
                Type::StringEsc => self.replace_escapes(item, item.text)?,
                _ => item.text.to_owned(),
            });
            item = self.next()?;
        }
        Ok(key)
    }

    /// A key and its value; `table` is the inline table that they stand in. Go: parse.go `topLevel`, `valueInlineTable`.
    fn key_value(&mut self, table: Option<&Map>) -> Result<(), Error> {
        let mut path = self.key(Type::KeyEnd)?;
        let key = path.pop().unwrap_or_default();
        self.current_key.clone_from(&key);
        for part in &path {
            let mut implicit = self.context.clone();
            implicit.push(part.clone());
            self.implicits.insert(joined(&implicit));
            self.add_context(&implicit, false)?;
        }
        let item = self.next()?;
        let (value, is_array) = self.value(item, false)?;
        self.set_value(&key, value.clone())?;
        self.set_type(&key, is_array);
        let Some(table) = table else { return Ok(()) };
        let mut table = table.clone();
        for part in &path {
            let inner = table.get(part).unwrap_or_else(|| {
                let inner = Value::Map(Map::new());
                table.insert(part.as_str(), inner.clone());
                inner
            });
            table = match inner {
                Value::Map(inner) => inner,
                _ => {
                    return self.error(format!("{} is not a table", quote(joined(&self.context))));
                }
            };
        }
        table.insert(key.as_str(), value);
        Ok(())
    }

    /// The value that begins with the item, and whether it is an array.
    fn value(&mut self, item: Item<'a>, parent_is_array: bool) -> Result<(Value, bool), Error> {
        let text = item.text;
        Ok((
            match item.typ {
                Type::StringEsc => Value::from(self.replace_escapes(item, text)?),
                Type::MultilineString => {
                    let text = strip_escaped_newlines(strip_first_newline(text));
                    Value::from(self.replace_escapes(item, &text)?)
                }
                Type::RawMultilineString => Value::from(strip_first_newline(text)),
                Type::Integer => self.integer(item)?,
                Type::Float => self.float(item)?,
                Type::Bool => Value::Bool(text == "true"),
                Type::Datetime => self.datetime(item)?,
                Type::Array => return Ok((self.nested(Parser::array)?, true)),
                Type::InlineTableStart => self.nested(|parser| parser.inline_table(parent_is_array))?,
                _ => Value::from(text),
            },
            false,
        ))
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<Value, Error>) -> Result<Value, Error> {
        if stack::is_too_deep(self.depth) {
            return self.error("exceeded max depth");
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn integer(&self, item: Item<'_>) -> Result<Value, Error> {
        let text = item.text;
        if !underscores_ok(text) {
            let message = "underscores must be surrounded by digits";
            return self.error_at(item.line, format!("Invalid integer {}: {message}", quote(text)));
        }
        if has_leading_zero(text) {
            let message = "cannot have leading zeroes";
            return self.error_at(item.line, format!("Invalid integer {}: {message}", quote(text)));
        }
        match parse_int(text, 0, 64) {
            Ok(n) => Ok(Value::Int64(n)),
            Err(_) => self.error_at(item.line, format!("{text} is out of range for int64")),
        }
    }

    fn float(&self, item: Item<'_>) -> Result<Value, Error> {
        let text = item.text;
        let invalid = |why: &str| self.error_at(item.line, format!("Invalid float {}: {why}", quote(text)));
        let mut parts = text.split(['.', 'e', 'E']).filter(|part| !part.is_empty());
        if !parts.clone().all(underscores_ok) {
            return invalid("underscores must be surrounded by digits");
        }
        if parts.next().is_some_and(has_leading_zero) {
            return invalid("cannot have leading zeroes");
        }
        if !periods_ok(text) {
            return invalid("'.' must be followed by one or more digits");
        }
        let plain = text.replace('_', "");
        let negative_nan = plain == "-nan";
        let plain = if matches!(plain.as_str(), "+nan" | "-nan") { "nan" } else { &plain };
        match parse_float(plain) {
            Ok(x) => Ok(Value::Float64(if negative_nan { -x.abs() } else { x })),
            Err(error) if error.cause == Cause::Range => {
                self.error_at(item.line, format!("{text} is out of range for float64"))
            }
            Err(_) => self.error_at(item.line, format!("Invalid float value: {}", quote(text))),
        }
    }

    fn datetime(&self, item: Item<'_>) -> Result<Value, Error> {
        let fixed = |name: &str| Location::Fixed(name.into(), 0);
        let layouts = [
            ("2006-01-02T15:04:05.999999999Z07:00", Location::Utc),
            ("2006-01-02T15:04:05.999999999", fixed("datetime-local")),
            ("2006-01-02", fixed("date-local")),
            ("15:04:05.999999999", fixed("time-local")),
            ("2006-01-02T15:04Z07:00", Location::Utc),
            ("2006-01-02T15:04", fixed("datetime-local")),
            ("15:04", fixed("time-local")),
        ];
        let text = item.text.replace('z', "Z").replace(['t', ' '], "T");
        let parsed = layouts.iter().find_map(|(layout, location)| {
            let time = parse_in_location(layout.as_bytes(), text.as_bytes(), location).ok()?;
            Some((layout, time))
        });
        match parsed.filter(|(layout, _)| !misses_leading_zero(&text, layout)) {
            Some((_, time)) => Ok(TimeValue::value(time, &Location::Utc)),
            None => self.error_at(item.line, format!("invalid datetime: {}", quote(&text))),
        }
    }

    fn array(&mut self) -> Result<Value, Error> {
        let key = self.current_key.clone();
        self.set_type(&key, true);
        let mut items = Vec::new();
        loop {
            let item = self.next()?;
            match item.typ {
                Type::ArrayEnd => return Ok(List::any(items).grown_from(2).into()),
                Type::CommentStart => drop(self.next()?),
                _ => items.push(self.value(item, true)?.0),
            }
        }
    }

    fn inline_table(&mut self, parent_is_array: bool) -> Result<Value, Error> {
        let table = Map::new();
        let (outer_context, outer_key) = (self.context.clone(), std::mem::take(&mut self.current_key));
        self.context.push(outer_key.clone());
        let context = self.context.clone();
        self.implicits.insert(joined(&context));
        self.add_context(&context, parent_is_array)?;
        loop {
            match self.next()?.typ {
                Type::InlineTableEnd => break,
                Type::CommentStart => drop(self.next()?),
                _ => {
                    self.key_value(Some(&table))?;
                    self.context.clone_from(&context);
                }
            }
        }
        (self.context, self.current_key) = (outer_context, outer_key);
        Ok(table.into())
    }

    /// Makes the key the table in scope, or a further table of an array. Go: parse.go `addContext`.
    fn add_context(&mut self, key: &[String], array: bool) -> Result<(), Error> {
        let Some((last, parents)) = key.split_last() else { return Ok(()) };
        let mut hash = self.mapping.clone();
        for (at, part) in parents.iter().enumerate() {
            budget::spend(1 + 8 * at as u64)?;
            if !hash.contains(part) {
                self.implicits.insert(joined(&key[..=at]));
                hash.insert(part.as_str(), Value::Map(Map::new()));
            }
            let Some(table) = table_in(&hash, part) else {
                return self.error(format!("Key '{}' was already created as a hash.", joined(&key[..=at])));
            };
            hash = table;
        }
        self.context = parents.to_vec();
        if array {
            // Taken out of its table, the array is not copied when it grows.
            let mut tables = match hash.remove(last) {
                None => Vec::new(),
                Some(Value::List(list)) if list.elem() == Elem::Map => list.into_items(),
                Some(_) => {
                    let key = joined(key);
                    return self
                        .error(format!("Key '{key}' was already created and cannot be used as an array."));
                }
            };
            tables.push(Value::Map(Map::new()));
            hash.insert(last.as_str(), Value::List(List::of(Elem::Map, tables).grown()));
        } else {
            self.set_value(last, Value::Map(Map::new()))?;
        }
        self.context.push(last.clone());
        Ok(())
    }

    /// Gives the key of the table in scope its value. Go: parse.go `setValue`.
    fn set_value(&mut self, key: &str, value: Value) -> Result<(), Error> {
        let mut hash = self.mapping.clone();
        for (at, part) in self.context.iter().enumerate() {
            let Some(table) = table_in(&hash, part) else {
                let key = joined(&self.context[..=at]);
                return self.error(format!("Key '{key}' has already been defined."));
            };
            hash = table;
        }
        if hash.contains(key) {
            let mut path = self.context.clone();
            path.push(key.to_owned());
            let path = joined(&path);
            if !self.implicits.remove(&path) {
                return self.error(format!("Key '{path}' has already been defined."));
            }
            if !self.arrays.get(&path).copied().unwrap_or(false) {
                return Ok(());
            }
        }
        hash.insert(key, value);
        Ok(())
    }

    /// Go: parse.go `setType`; only whether it is an array is ever asked.
    fn set_type(&mut self, key: &str, is_array: bool) {
        let mut path = self.context.clone();
        if !key.is_empty() || path.is_empty() {
            path.push(key.to_owned());
        }
        self.arrays.insert(joined(&path), is_array);
    }

    fn replace_escapes(&self, item: Item<'_>, text: &str) -> Result<String, Error> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('\\') {
            out.push_str(&rest[..at]);
            let escape = rest.as_bytes().get(at + 1).copied().unwrap_or_default();
            let digits = match escape {
                b'x' => 2,
                b'u' => 4,
                b'U' => 8,
                _ => 0,
            };
            out.push(match escape {
                b' ' | b'\t' => {
                    let space = char::from(escape);
                    return self.error_at(item.line, format!("invalid escape: '\\{space}'"));
                }
                b'b' => '\x08',
                b't' => '\t',
                b'n' => '\n',
                b'f' => '\x0c',
                b'r' => '\r',
                b'e' => '\x1b',
                b'x' | b'u' | b'U' => {
                    let hex = rest.get(at + 2..at + 2 + digits).unwrap_or_default();
                    let Some(c) = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32) else {
                        let message = format!("Escaped character '\\u{hex}' is not valid UTF-8.");
                        return self.error_at(item.line, message);
                    };
                    c
                }
                other => char::from(other),
            });
            rest = rest.get(at + 2 + digits..).unwrap_or_default();
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// The table under the key: itself, or the last of an array of tables.
fn table_in(hash: &Map, key: &str) -> Option<Map> {
    match hash.get(key)? {
        Value::Map(table) => Some(table),
        Value::List(list) if list.elem() == Elem::Map => list.items().last()?.as_map().cloned(),
        _ => None,
    }
}

fn has_leading_zero(text: &str) -> bool {
    match text.as_bytes() {
        [b'0', second, ..] => !matches!(second, b'b' | b'o' | b'x'),
        [b'-' | b'+', b'0', _, ..] => true,
        _ => false,
    }
}

/// Whether each underscore stands between digits. Go: parse.go `numUnderscoresOK`.
fn underscores_ok(text: &str) -> bool {
    if matches!(text, "nan" | "+nan" | "-nan" | "inf" | "-inf" | "+inf") {
        return true;
    }
    let mut accept = false;
    for c in text.chars() {
        if c == '_' && !accept {
            return false;
        }
        accept = is_hex(c);
    }
    accept
}

/// Whether each period is followed by a digit.
fn periods_ok(text: &str) -> bool {
    let bytes = text.as_bytes();
    let periods = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'.');
    periods.into_iter().all(|(at, _)| bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
}

/// Go's parser takes an hour of one digit, TOML does not.
fn misses_leading_zero(text: &str, layout: &str) -> bool {
    let fixed = layout.bytes().take_while(|c| !matches!(c, b'.' | b'Z')).enumerate();
    fixed.into_iter().any(|(at, c)| !c.is_ascii_digit() && text.as_bytes().get(at) != Some(&c))
}

fn strip_first_newline(text: &str) -> &str {
    text.strip_prefix('\n').or_else(|| text.strip_prefix("\r\n")).unwrap_or(text)
}

/// Without the backslashes that end a line and the white space behind them. Go: parse.go `stripEscapedNewlines`.
fn strip_escaped_newlines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut from) = (text, 0);
    while let Some(at) = rest[from..].find('\\').map(|at| from + at) {
        let behind = &rest[at + 1..];
        if behind.starts_with('\\') {
            from = at + 2;
            continue;
        }
        let trimmed = behind.trim_start_matches([' ', '\t', '\r', '\n']);
        if behind[..behind.len() - trimmed.len()].contains('\n') {
            out.push_str(&rest[..at]);
            (rest, from) = (trimmed, 0);
        } else {
            from = at + 1;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_ends_in_an_error() {
        let read = || {
            let deep = format!("a = {}", "[".repeat(1_000_000));
            assert_eq!(
                from_toml(deep.as_bytes()).unwrap_err().to_string(),
                "toml: line 1 (last key \"a\"): exceeded max depth"
            );
            let deep = "a = { ".to_owned() + &"b = { ".repeat(1_000_000);
            assert!(from_toml(deep.as_bytes()).is_err());
        };
        // A stack as renders have, where a test's own is too small for a build that is not optimised.
        let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(read).unwrap();
        thread.join().unwrap();
    }
}
