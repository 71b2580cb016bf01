//! The little languages of `--set`, `--set-string`, `--set-file`, `--set-json` and `--set-literal`.
//! Helm: pkg/strvals, function by function, with what its callers make of an end of input and of a panic.
//!
//! Read [`parse_into`].

use super::mark::{self, Place};
use crate::budget;
use crate::go::{strconv, unicode};
use crate::value::{List, Map, Value};
use crate::yaml::json;

/// The largest index of a list. Helm: `MaxIndex`.
const MAX_INDEX: i64 = 65536;

/// How many dots a name may have. Helm: `MaxNestedNameLevel`.
const MAX_NAME_LEVEL: usize = 30;

/// How many lists may stand in lists. Helm knows no limit, and can be made to eat all memory.
const MAX_LIST_LEVEL: usize = 100;

/// Units of work for an expression.
const EXPRESSION: u64 = 50;

/// Which of the languages.
pub enum Mode<'a> {
    /// `--set`: numbers become `int64`, `true`, `false` and `null` are what they look like.
    Typed,
    /// `--set-string`: all values are strings.
    String,
    /// `--set-json`: all values are JSON.
    Json,
    /// `--set-literal`: one value, which is all that follows the first `=`.
    Literal,
    /// `--set-file`: values are names of files, whose content the function gives.
    File(&'a mut dyn FnMut(&str) -> Result<Vec<u8>, String>),
}

/// Sets what the expression says in `values`. The error is Helm's text; what was set before it stays set.
/// Helm: `ParseInto`, `ParseIntoString`, `ParseJSON`, `ParseLiteralInto`, `ParseIntoFile`.
pub fn parse_into<'a>(text: &'a str, mode: Mode<'a>, values: &Map) -> Result<(), String> {
    Parser { text, at: 0, mode, marks: None }.run(values)
}

/// As [`parse_into`], once more and over values that are marks: what is set becomes marks of that layer.
pub(super) fn mark_into<'a>(text: &'a str, mode: Mode<'a>, layer: usize, values: &Map) -> Result<(), String> {
    Parser { text, at: 0, mode, marks: Some(Place { layer, document: 0, at: 0 }) }.run(values)
}

/// Why a part of the parser stopped.
enum Stop {
    /// The input was at its end: `io.EOF`, which ends the expression without an error.
    End,
    Fault(String),
}

impl From<String> for Stop {
    fn from(message: String) -> Stop {
        Stop::Fault(message)
    }
}

type Outcome<T = ()> = Result<T, Stop>;

struct Parser<'a> {
    text: &'a str,
    at: usize,
    mode: Mode<'a>,
    /// The next mark of what is set, if marks are wanted.
    marks: Option<Place>,
}

impl Parser<'_> {
    fn run(&mut self, values: &Map) -> Result<(), String> {
        loop {
            budget::spend(EXPRESSION).map_err(|over| over.to_string())?;
            match self.key(values, 0) {
                Ok(()) => {}
                Err(Stop::End) => return Ok(()),
                Err(Stop::Fault(message)) => return Err(message),
            }
        }
    }

    /// A value over what was there, marked if marks are wanted.
    fn marked(&mut self, value: Value, old: Option<&Value>) -> Value {
        let Some(place) = &mut self.marks else { return value };
        place.at += 1;
        let value = mark::marked(value, *place);
        old.map_or_else(|| value.clone(), |old| mark::over(value.clone(), old))
    }

    /// Helm: `set`: an empty key is passed over.
    fn set(&mut self, values: &Map, key: &str, value: Value) {
        if !key.is_empty() {
            let value = self.marked(value, values.get(key).as_ref());
            values.insert(key, value);
        }
    }

    /// Helm: `setIndex`.
    fn set_index(&mut self, list: &mut Vec<Value>, index: i64, value: Value) -> Outcome {
        let old = usize::try_from(index).ok().and_then(|at| list.get(at).cloned());
        let value = self.marked(value, old.as_ref());
        put(list, index, value)
    }

    /// The list that came of the old one, in whose array Helm writes as long as there is room; its mark stays.
    fn changed(&mut self, old: Option<&Value>, list: Vec<Value>) -> Value {
        let list = List::any(list);
        let before = old.map(mark::inner).and_then(Value::as_list).filter(|old| old.len() == list.len());
        let capacity = before.map_or(0, List::capacity);
        let list = Value::List(list.with_capacity(capacity));
        match (old, &mut self.marks) {
            (None, Some(place)) => {
                place.at += 1;
                mark::around(list, *place)
            }
            (old, _) => mark::again(old, list),
        }
    }

    fn next(&mut self) -> Option<char> {
        let c = self.text[self.at..].chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn back(&mut self, c: char) {
        self.at -= c.len_utf8();
    }

    fn is_literal(&self) -> bool {
        matches!(self.mode, Mode::Literal)
    }

    /// What stands before one of the characters, and that character; `None` at the end. Helm: `runesUntil`.
    fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let mut out = String::new();
        while let Some(c) = self.next() {
            if stops.contains(&c) {
                return (out, Some(c));
            }
            if c == '\\' && !self.is_literal() {
                let Some(escaped) = self.next() else { return (out, None) };
                out.push(escaped);
            } else {
                out.push(c);
            }
        }
        (out, None)
    }

    /// A key and what it is set to. Helm: `key`.
    fn key(&mut self, values: &Map, level: usize) -> Outcome {
        let stops: &[char] = if self.is_literal() { &['=', '[', '.'] } else { &['=', '[', ',', '.'] };
        let (key, stop) = self.until(stops);
        let quoted = || strconv::quote(&key);
        match stop {
            None if key.is_empty() => Err(Stop::End),
            None => Err(format!("key {} has no value", quoted()).into()),
            Some('[') => {
                let index = self.index()?;
                let old = values.get(&key);
                let mut list = old.as_ref().map_or_else(|| Ok(Vec::new()), into_list)?;
                let outcome = self.item(&mut list, index, level, 0);
                let list = self.changed(old.as_ref(), list);
                insert(values, &key, list);
                outcome
            }
            Some('=') => self.value_of(&key, values),
            Some(',') => {
                self.set(values, &key, Value::from(""));
                Err(format!("key {} has no value (cannot end with ,)", quoted()).into())
            }
            Some(_) => {
                let level = below(level)?;
                let inner = match values.get(&key) {
                    None => Map::new(),
                    Some(Value::Map(map)) => map,
                    Some(other) => return Err(not_a(&other, "map[string]interface {}").into()),
                };
                let outcome = self.key(&inner, level);
                if outcome.is_ok() && inner.is_empty() {
                    return Err(format!("key map {} has no value", quoted()).into());
                }
                if !inner.is_empty() {
                    insert(values, &key, Value::Map(inner));
                }
                outcome
            }
        }
    }

    /// What follows `=` after a key.
    fn value_of(&mut self, key: &str, values: &Map) -> Outcome {
        match self.mode {
            Mode::Literal => {
                let value = self.rest();
                self.set(values, key, Value::from(value));
                Ok(())
            }
            Mode::Json => {
                if self.is_empty_value() {
                    self.set(values, key, Value::Nil);
                    return Ok(());
                }
                let value = self.json()?;
                self.set(values, key, value);
                self.is_empty_value();
                Ok(())
            }
            _ => match self.list() {
                Ok(Some(list)) => {
                    self.set(values, key, list);
                    Ok(())
                }
                Ok(None) => {
                    let (text, _) = self.until(&[',']);
                    let read = self.read(text);
                    self.set(values, key, read.as_ref().cloned().unwrap_or_default());
                    read.map(|_| ()).map_err(Stop::Fault)
                }
                Err(Stop::End) => {
                    self.set(values, key, Value::from(""));
                    Err(Stop::End)
                }
                Err(fault) => Err(fault),
            },
        }
    }

    /// The index before `]`. Helm: `keyIndex`. An end of input stays one, wrapped as it is.
    fn index(&mut self) -> Outcome<i64> {
        let (text, stop) = self.until(&[']']);
        stop.ok_or(Stop::End)?;
        strconv::atoi(&text).map_err(|error| format!("error parsing index: {error}").into())
    }

    /// What follows an index. Helm: `listItem`.
    fn item(&mut self, list: &mut Vec<Value>, index: i64, level: usize, nesting: usize) -> Outcome {
        let at = usize::try_from(index).map_err(|_| format!("negative {index} index not allowed"))?;
        let (key, stop) = self.until(&['[', '.', '=']);
        if !key.is_empty() {
            let runes: Vec<String> = key.chars().map(strconv::quote_rune).collect();
            let runes = runes.join(" ");
            return Err(format!("unexpected data at end of array index: [{runes}]").into());
        }
        match stop.ok_or(Stop::End)? {
            '=' => self.value_at(list, index),
            '[' => {
                if nesting == MAX_LIST_LEVEL {
                    return Err(format!("lists are nested more than {MAX_LIST_LEVEL} deep").into());
                }
                let next = self.index()?;
                let old = list.get(at).filter(|old| !mark::is_nil(old)).cloned();
                let mut inner = old.as_ref().map_or_else(|| Ok(Vec::new()), into_list)?;
                let outcome = self.item(&mut inner, next, level, nesting + 1);
                if outcome.is_ok() || old.is_some() {
                    let inner = self.changed(old.as_ref(), inner);
                    put(list, index, inner)?;
                }
                outcome
            }
            _ => {
                let inner = match list.get_mut(at) {
                    None => Map::new(),
                    Some(Value::Map(map)) => map.clone(),
                    Some(other) => {
                        let map = Map::new();
                        *other = Value::Map(map.clone());
                        map
                    }
                };
                self.key(&inner, level)?;
                put(list, index, Value::Map(inner))
            }
        }
    }

    /// What follows `=` after an index.
    fn value_at(&mut self, list: &mut Vec<Value>, index: i64) -> Outcome {
        match self.mode {
            Mode::Literal => {
                let value = self.rest();
                self.set_index(list, index, Value::from(value))
            }
            Mode::Json => {
                if self.is_empty_value() {
                    return self.set_index(list, index, Value::Nil);
                }
                let value = self.json()?;
                self.set_index(list, index, value)?;
                self.is_empty_value();
                Ok(())
            }
            _ => match self.list() {
                Ok(Some(value)) => self.set_index(list, index, value),
                Ok(None) => {
                    let (text, _) = self.until(&[',']);
                    let value = self.read(text)?;
                    self.set_index(list, index, value)
                }
                Err(Stop::End) => self.set_index(list, index, Value::from("")),
                Err(fault) => Err(fault),
            },
        }
    }

    /// All that is left.
    fn rest(&mut self) -> String {
        let rest = self.text[self.at..].to_owned();
        self.at = self.text.len();
        rest
    }

    /// Whether there is nothing before the next comma or the end; if so, it is passed. Helm: `emptyVal`.
    fn is_empty_value(&mut self) -> bool {
        loop {
            match self.next() {
                None | Some(',') => return true,
                Some(c) if unicode::is_space(c) => {}
                Some(c) => {
                    self.back(c);
                    return false;
                }
            }
        }
    }

    /// A JSON value. Go: `json.Decoder.Decode` on what is left.
    fn json(&mut self) -> Outcome<Value> {
        let rest = &self.text[self.at..];
        let (value, end) = json::from_json_prefix(rest.as_bytes()).map_err(|error| error.to_string())?;
        self.at += end;
        Ok(value)
    }

    /// A list in braces; `None` if there is no brace. Helm: `valList`.
    fn list(&mut self) -> Outcome<Option<Value>> {
        match self.next() {
            None => return Err(Stop::End),
            Some('{') => {}
            Some(c) => {
                self.back(c);
                return Ok(None);
            }
        }
        let mut list = Vec::new();
        loop {
            let (text, stop) = self.until(&[',', '}']);
            let Some(stop) = stop else { return Err("list must terminate with '}'".to_owned().into()) };
            if stop == '}'
                && let Some(c) = self.next()
                && c != ','
            {
                self.back(c);
            }
            list.push(self.read(text)?);
            if stop == '}' {
                return Ok(Some(Value::List(List::any(list).grown())));
            }
        }
    }

    /// The value that a text stands for. Helm: `RunesValueReader`.
    fn read(&mut self, text: String) -> Result<Value, String> {
        match &mut self.mode {
            Mode::Typed => Ok(typed(text)),
            Mode::File(read) => read(&text).map(|bytes| Value::Str(bytes.into())),
            Mode::String | Mode::Json | Mode::Literal => Ok(Value::from(text)),
        }
    }
}

/// Helm: `typedVal`.
fn typed(text: String) -> Value {
    if equal_fold(&text, "true") {
        return Value::Bool(true);
    }
    if equal_fold(&text, "false") {
        return Value::Bool(false);
    }
    if equal_fold(&text, "null") {
        return Value::Nil;
    }
    if text == "0" {
        return Value::Int64(0);
    }
    let number = if text.starts_with('0') { None } else { strconv::parse_int(&text, 10, 64).ok() };
    number.map_or_else(|| Value::from(text), Value::Int64)
}

/// Go: `strings.EqualFold`, of a plain word; the long s is an s there.
fn equal_fold(text: &str, word: &str) -> bool {
    text.chars().map(|c| if c == 'ſ' { 's' } else { c.to_ascii_lowercase() }).eq(word.chars())
}

/// A name level deeper, if it may be.
fn below(level: usize) -> Outcome<usize> {
    if level == MAX_NAME_LEVEL {
        let message = format!(
            "value name nested level is greater than maximum supported nested level of {MAX_NAME_LEVEL}"
        );
        return Err(message.into());
    }
    Ok(level + 1)
}

/// An empty key is passed over.
fn insert(values: &Map, key: &str, value: Value) {
    if !key.is_empty() {
        values.insert(key, value);
    }
}

/// Puts a value at an index, with nulls before it where the list is too short.
fn put(list: &mut Vec<Value>, index: i64, value: Value) -> Outcome {
    if index > MAX_INDEX {
        let message = format!("index of {index} is greater than maximum supported index of {MAX_INDEX}");
        return Err(message.into());
    }
    let at = usize::try_from(index).map_err(|_| format!("negative {index} index not allowed"))?;
    if list.len() <= at {
        budget::make_many::<Value>(at + 1 - list.len()).map_err(|over| over.to_string())?;
        list.resize(at + 1, Value::Nil);
    }
    list[at] = value;
    Ok(())
}

fn into_list(value: &Value) -> Result<Vec<Value>, String> {
    let list = mark::inner(value).as_list();
    let length = list.map_or(0, List::len);
    budget::make_many::<Value>(length).map_err(|over| over.to_string())?;
    list.map(|list| list.items().to_vec()).ok_or_else(|| not_a(value, "[]interface {}"))
}

/// What Helm makes of the panic of a failed type assertion.
fn not_a(value: &Value, wanted: &str) -> String {
    let found = if matches!(value, Value::Nil) { "nil".into() } else { value.type_name() };
    format!("unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}")
}
