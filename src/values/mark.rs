//! [`Mark`]: a value that remembers where it was set and what it hides. [`super::Layers`] lets Helm's own way through values
//! (`-f` over `-f`, `--set`, `import-values`, coalescing) run once more over values whose leaves are marks: what comes out
//! at a place is what won there, by the very code that renders. Where nobody asks, no value is a mark.
//!
//! Each plain value is a mark, null too, and so is each list, around its items. A map stays a map, as it is merged with
//! others; it holds a note of where it was set under a key that no text can have. A key that a null takes away leaves the
//! null behind as a note. Read [`over`], which remembers what is hidden.

use std::any::Any;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::Value as Json;

use crate::budget;
use crate::source::Span;
use crate::value::{Kind, List, Map, Object, Str, Value};
use crate::yaml::{Data, Entry, Node, json};

/// What the keys of notes begin with: no text in UTF-8 holds it.
const HIDDEN: u8 = 0xff;

impl Place {
    /// Who sets it: a document of a layer.
    pub(super) fn setter(self) -> Setter {
        (self.layer, Reverse(self.document))
    }
}

/// A layer, and which document of it; the lower wins.
pub(super) type Setter = (usize, Reverse<usize>);

/// Units of work for an entry that is looked at.
const LOOKED_AT: u64 = 20;

/// Where a value was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The layer, by its number in [`super::Layers`]: the lower wins.
    pub(super) layer: usize,
    /// Which document of the layer's text: the higher wins.
    pub(super) document: usize,
    /// Where in the layer's text; of an expression, which of its values.
    pub(super) at: usize,
}

/// A value with the place where it was set.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) place: Place,
    /// A plain value, a list of marks, or nothing for the mark that a map holds.
    pub(super) value: Value,
    /// What stands at the same path in lower layers, nearest first: marks, or maps of marks.
    pub(super) hides: Vec<Value>,
}

/// What a map holds besides its entries: a mark.
#[derive(Debug)]
struct Note(Value);

impl Object for Mark {
    fn type_name(&self) -> &'static str {
        "mark"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn to_plain(&self) -> Result<Value, String> {
        Ok(plain(&self.value))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Object for Note {
    fn type_name(&self) -> &'static str {
        "note"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn to_plain(&self) -> Result<Value, String> {
        Ok(Value::Nil)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl From<Mark> for Value {
    fn from(mark: Mark) -> Value {
        Value::Object(Rc::new(mark))
    }
}

/// The mark that a value is, if it is one.
pub(super) fn of(value: &Value) -> Option<&Mark> {
    value.as_object::<Mark>()
}

/// What a mark is around; any other value itself.
pub(super) fn inner(value: &Value) -> &Value {
    of(value).map_or(value, |mark| &mark.value)
}

/// Whether it is null, marked or not.
pub(super) fn is_nil(value: &Value) -> bool {
    matches!(inner(value), Value::Nil)
}

/// A plain value or a list, marked, with everything in it.
pub(super) fn marked(value: Value, place: Place) -> Value {
    match value {
        Value::Map(map) => {
            let entries = map.entries().into_iter();
            let map: Map = entries.map(|(key, value)| (key, marked(value, place))).collect();
            note(&map, place);
            Value::Map(map)
        }
        Value::List(list) => {
            let items = list.items().iter().map(|item| marked(item.clone(), place)).collect();
            around(Value::List(List::any(items)), place)
        }
        value => around(value, place),
    }
}

/// A mark around a value as it is.
pub(super) fn around(value: Value, place: Place) -> Value {
    Mark { place, value, hides: Vec::new() }.into()
}

/// The same mark around another value; the value as it is where there is none.
pub(super) fn again(old: Option<&Value>, value: Value) -> Value {
    match old.and_then(of) {
        Some(mark) => Mark { value, ..mark.clone() }.into(),
        None => value,
    }
}

/// The value that wins, which remembers what it hides.
pub(super) fn over(upper: Value, lower: &Value) -> Value {
    let Some(mark) = of(&upper) else { return upper };
    let same = |hidden: &Value| match (of(hidden), of(lower), hidden, lower) {
        (Some(hidden), Some(lower), ..) => hidden.place == lower.place,
        (_, _, Value::Map(hidden), Value::Map(lower)) => places(hidden) == places(lower),
        _ => false,
    };
    let itself = of(lower).is_some_and(|lower| lower.place == mark.place);
    if itself || mark.hides.iter().any(same) {
        return upper;
    }
    let mut mark = mark.clone();
    mark.hides.push(lower.clone());
    mark.into()
}

/// Lets a map hold a note of where it was set.
pub(super) fn note(map: &Map, place: Place) {
    let number = |number: usize| number.to_be_bytes();
    let key = [&[HIDDEN][..], &number(place.layer), &number(place.at)].concat();
    map.insert(Str::from(key.as_slice()), Value::Object(Rc::new(Note(around(Value::Nil, place)))));
}

/// Takes a key out of a map; a marked null that does it leaves a note, with what it hides.
pub(super) fn erase(map: &Map, key: &Str, null: &Value, lower: Option<&Value>) {
    map.remove(key);
    if of(null).is_some() {
        let null = lower.map_or_else(|| null.clone(), |lower| over(null.clone(), lower));
        map.insert(Str::from(erasure(key.as_bytes()).as_slice()), Value::Object(Rc::new(Note(null))));
    }
}

/// The null that took the key out of the map, a mark.
pub(super) fn erased(map: &Map, key: &str) -> Option<Value> {
    let note = map.get(erasure(key.as_bytes()))?;
    note.as_object::<Note>().map(|note| note.0.clone())
}

fn erasure(key: &[u8]) -> Vec<u8> {
    [&[HIDDEN, HIDDEN][..], key].concat()
}

/// The entries of a map without its notes.
pub(super) fn entries(map: &Map) -> impl Iterator<Item = (Str, Value)> {
    map.entries().into_iter().filter(|(_, value)| value.as_object::<Note>().is_none())
}

/// Where a map was set: each layer that has one there.
pub(super) fn places(map: &Map) -> Vec<Place> {
    let notes = map.entries().into_iter().filter(|(key, _)| !key.as_bytes().starts_with(&[HIDDEN, HIDDEN]));
    notes.filter_map(|(_, value)| of(&value.as_object::<Note>()?.0).map(|mark| mark.place)).collect()
}

/// Who has a part in a value, in their order.
pub(super) fn setters(value: &Value) -> BTreeSet<Setter> {
    let mut found = BTreeSet::new();
    collect(value, &mut found);
    found
}

fn collect(value: &Value, found: &mut BTreeSet<Setter>) {
    found.extend(of(value).map(|mark| mark.place.setter()));
    match inner(value) {
        Value::Map(map) => {
            found.extend(places(map).into_iter().map(Place::setter));
            parts_of(map).for_each(|(_, part)| behind(&part, &mut |it| collect(it, found)));
        }
        Value::List(list) => list.items().iter().for_each(|item| behind(item, &mut |it| collect(it, found))),
        _ => {}
    }
}

/// A value and what it hides.
fn behind(value: &Value, see: &mut dyn FnMut(&Value)) {
    see(value);
    of(value).into_iter().flat_map(|mark| &mark.hides).for_each(|hidden| behind(hidden, see));
}

/// What stands in a map, and the nulls that took something out of it, which are the last.
fn parts_of(map: &Map) -> impl Iterator<Item = (Str, Value)> {
    let taken = map.entries().into_iter().filter_map(|(key, value)| {
        let key = key.as_bytes().strip_prefix(&[HIDDEN, HIDDEN])?;
        Some((Str::from(key), value.as_object::<Note>()?.0.clone()))
    });
    entries(map).chain(taken)
}

/// What one of them alone says of a value that several may have made, with its place: of a table and of a list the entries that it
/// sets, as it sets them. Without the values that the whole hides.
pub(super) fn part(value: &Value, setter: Setter) -> Option<(Place, Value)> {
    let own = of(value).map(|mark| mark.place).filter(|place| place.setter() == setter);
    match inner(value) {
        Value::Map(map) => {
            budget::spend(LOOKED_AT * map.len() as u64).ok()?;
            let part = |(key, value): (Str, Value)| Some((key, part_behind(&value, setter)?));
            let parts: Vec<_> = parts_of(map).filter_map(part).collect();
            let noted = places(map).into_iter().filter(|place| place.setter() == setter).min();
            let place = noted.or(parts.iter().map(|(_, part)| part.0).min())?;
            // What stands there comes after the nulls, and counts.
            Some((place, Value::Map(parts.into_iter().rev().map(|(key, part)| (key, part.1)).collect())))
        }
        Value::List(list) => {
            budget::spend(LOOKED_AT * list.len() as u64).ok()?;
            let mut parts: Vec<_> = list.items().iter().map(|item| part_behind(item, setter)).collect();
            let set = parts.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
            parts.truncate(set);
            let first = parts.iter().flatten().map(|part| part.0).min();
            let items = parts.into_iter().map(|part| part.map_or(Value::Nil, |part| part.1)).collect();
            Some((own.or(first)?, Value::List(List::of(list.elem(), items).grown())))
        }
        value => own.map(|place| (place, value.clone())),
    }
}

/// The same of a value or else of the nearest that it hides.
fn part_behind(value: &Value, setter: Setter) -> Option<(Place, Value)> {
    let hidden = || of(value)?.hides.iter().find_map(|hidden| part_behind(hidden, setter));
    part(value, setter).or_else(hidden)
}

/// The value without marks and notes.
pub(super) fn plain(value: &Value) -> Value {
    match inner(value) {
        Value::Map(map) => Value::Map(entries(map).map(|(key, value)| (key, plain(&value))).collect()),
        Value::List(list) => {
            Value::List(List::of(list.elem(), list.items().iter().map(plain).collect()).grown())
        }
        value => value.clone(),
    }
}

/// A value without marks as JSON.
pub(super) fn to_json(value: &Value) -> Json {
    json::to_json(value).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// The value without marks and notes as a node without places; whole numbers are integers, as in YAML.
pub(super) fn node(value: &Value) -> Node {
    let data = match inner(value) {
        Value::Nil => Data::Null,
        Value::Bool(truth) => Data::Bool(*truth),
        Value::Int(number) | Value::Int64(number) => Data::Int(*number),
        Value::Float64(number) if number.fract() == 0.0 && number.abs() < 9e15 => Data::Int(*number as i64),
        Value::Float64(number) => Data::Float(*number),
        Value::List(list) => Data::Seq(list.items().iter().map(node).collect()),
        Value::Map(map) => {
            let entry = |(key, value): (Str, Value)| Entry {
                key: key.to_string(),
                key_span: Span::default(),
                value: node(&value),
            };
            Data::Map(entries(map).map(entry).collect())
        }
        other => Data::String(other.as_text().map_or_else(String::new, ToString::to_string)),
    };
    Node { span: Span::default(), data }
}
