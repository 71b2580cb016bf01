//! Sprig's functions on lists. Each `must` twin returns the error that the other panics with, and the engine shows both
//! the same, so that one Rust function serves the two. What is no list fails by the name of its kind.

use crate::budget;
use crate::func;
use crate::template::func::{Failure, Func};
use crate::value::compare::deep_equal;
use crate::value::convert::{items, strslice, strval, to_int64, truncate};
use crate::value::{Elem, Kind, List, Str, Value};
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("list", "list ITEM...: a list of them (sprig: list.go list)", list(; any) => Makes List),
    func!("tuple", "tuple ITEM...: the old name of list", list(; any) => Makes List),
    func!(
        "append",
        "append LIST ITEM: a new list with ITEM at its end (sprig: list.go push)",
        push(any, any) => Makes Append
    ),
    func!("mustAppend", "mustAppend LIST ITEM: as append", push(any, any) => Makes Append),
    func!("push", "push LIST ITEM: as append", push(any, any) => Makes Append),
    func!("mustPush", "mustPush LIST ITEM: as append", push(any, any) => Makes Append),
    func!(
        "prepend",
        "prepend LIST ITEM: a new list with ITEM at its front (sprig: list.go prepend)",
        prepend(any, any) => Makes Prepend
    ),
    func!("mustPrepend", "mustPrepend LIST ITEM: as prepend", prepend(any, any) => Makes Prepend),
    func!("first", "first LIST: the first item, nil if there is none (sprig: list.go first)", first(any) => Selects First),
    func!("mustFirst", "mustFirst LIST: as first", first(any) => Selects First),
    func!("last", "last LIST: the last item, nil if there is none (sprig: list.go last)", last(any) => Selects Last),
    func!("mustLast", "mustLast LIST: as last", last(any) => Selects Last),
    func!("rest", "rest LIST: all but the first (sprig: list.go rest)", rest(any) => Makes Rest),
    func!("mustRest", "mustRest LIST: as rest", rest(any) => Makes Rest),
    func!("initial", "initial LIST: all but the last (sprig: list.go initial)", initial(any) => Makes Initial),
    func!("mustInitial", "mustInitial LIST: as initial", initial(any) => Makes Initial),
    func!("reverse", "reverse LIST: from the last to the first (sprig: list.go reverse)", reverse(any) => Makes Reverse),
    func!("mustReverse", "mustReverse LIST: as reverse", reverse(any) => Makes Reverse),
    func!("compact", "compact LIST: without the empty items (sprig: list.go compact)", compact(any) => Makes Filter),
    func!("mustCompact", "mustCompact LIST: as compact", compact(any) => Makes Filter),
    func!("uniq", "uniq LIST: each item once (sprig: list.go uniq)", uniq(any) => Makes Filter),
    func!("mustUniq", "mustUniq LIST: as uniq", uniq(any) => Makes Filter),
    func!("without", "without LIST ITEM...: without the items equal to one of them (sprig: list.go without)", without(any; any) => Makes Filter),
    func!("mustWithout", "mustWithout LIST ITEM...: as without", without(any; any) => Makes Filter),
    func!("has", "has ITEM LIST: whether it is in the list (sprig: list.go has)", has(any, any)),
    func!("mustHas", "mustHas ITEM LIST: as has", has(any, any)),
    func!("slice", "slice LIST START END: the items between (sprig: list.go slice)", slice(any; any) => Makes Slice),
    func!("mustSlice", "mustSlice LIST START END: as slice", slice(any; any) => Makes Slice),
    func!("chunk", "chunk SIZE LIST: lists of SIZE items (sprig: list.go chunk)", chunk(int, any) => Makes Chunk),
    func!("mustChunk", "mustChunk SIZE LIST: as chunk", chunk(int, any) => Makes Chunk),
    func!("concat", "concat LIST...: one list of all items (sprig: list.go concat)", concat(; any) => Makes Concat),
    func!(
        "sortAlpha",
        "sortAlpha LIST: the items as strings, sorted (sprig: list.go sortAlpha)",
        sort_alpha(any) => Makes Sort
    ),
];

/// Go's text for a method of a nil pointer or interface.
pub(super) const NIL_POINTER: &str = "runtime error: invalid memory address or nil pointer dereference";

/// The items, or the error of a function that `cannot` do its work on another kind. On nil, `reflect.TypeOf` panics.
fn slice_of<'a>(list: &'a Value, cannot: &str) -> Result<Cow<'a, [Value]>, Failure> {
    slice_or(list, |kind| format!("{cannot} type {kind}"))
}

/// The items, or what the function says of another kind.
fn slice_or(list: &Value, wrong: impl FnOnce(&str) -> String) -> Result<Cow<'_, [Value]>, Failure> {
    match list {
        Value::Nil => Err(NIL_POINTER.into()),
        _ => items(list).ok_or_else(|| wrong(list.kind().name()).into()),
    }
}

fn list(items: &[Value]) -> List {
    List::any(items.to_vec())
}

/// Asks for a list of so many items.
fn ask(items: usize) -> Result<(), Failure> {
    Ok(budget::make_many::<Value>(items)?)
}

fn push(list: &Value, item: &Value) -> Result<List, Failure> {
    let items = slice_of(list, "Cannot push on")?;
    ask(items.len() + 1)?;
    Ok(List::any(items.iter().chain([item]).cloned().collect()).appended_to(items.len()))
}

fn prepend(list: &Value, item: &Value) -> Result<List, Failure> {
    let items = slice_of(list, "Cannot prepend on")?;
    ask(items.len() + 1)?;
    Ok(List::any(std::iter::once(item).chain(items.iter()).cloned().collect()).appended_to(1))
}

fn first(list: &Value) -> Result<Value, Failure> {
    Ok(slice_of(list, "Cannot find first on")?.first().cloned().unwrap_or_default())
}

fn last(list: &Value) -> Result<Value, Failure> {
    Ok(slice_of(list, "Cannot find last on")?.last().cloned().unwrap_or_default())
}

/// The nil slice, which `rest` and `initial` give of an empty list.
fn none() -> List {
    List::nil(Elem::Any)
}

fn rest(list: &Value) -> Result<List, Failure> {
    let items = slice_of(list, "Cannot find rest on")?;
    Ok(items.split_first().map_or_else(none, |(_, rest)| List::any(rest.to_vec())))
}

fn initial(list: &Value) -> Result<List, Failure> {
    let items = slice_of(list, "Cannot find initial on")?;
    Ok(items.split_last().map_or_else(none, |(_, initial)| List::any(initial.to_vec())))
}

fn reverse(list: &Value) -> Result<List, Failure> {
    let items = slice_of(list, "Cannot find reverse on")?;
    Ok(List::any(items.iter().rev().cloned().collect()))
}

fn compact(list: &Value) -> Result<List, Failure> {
    let items = slice_of(list, "Cannot compact on")?;
    Ok(List::any(items.iter().filter(|item| item.truth()).cloned().collect()).grown())
}

fn uniq(list: &Value) -> Result<List, Failure> {
    let items = slice_of(list, "Cannot find uniq on")?;
    let mut unique: Vec<Value> = Vec::new();
    let mut plain = FxHashSet::default();
    // What is equal to nothing plain is looked for among its like.
    let mut others: Vec<Value> = Vec::new();
    for item in items.iter() {
        let is_new = match Plain::of(item) {
            Some(key) => plain.insert(key),
            None if contains(&others, item) => false,
            None => {
                others.push(item.clone());
                true
            }
        };
        if is_new {
            unique.push(item.clone());
        }
    }
    Ok(List::any(unique).grown())
}

/// A value of which equality is that of Rust.
#[derive(PartialEq, Eq, Hash)]
enum Plain {
    Nil,
    Bool(bool),
    Int(i64),
    Int64(i64),
    Str(Str),
}

impl Plain {
    fn of(value: &Value) -> Option<Plain> {
        Some(match value {
            Value::Nil => Plain::Nil,
            Value::Bool(truth) => Plain::Bool(*truth),
            Value::Int(n) => Plain::Int(*n),
            Value::Int64(n) => Plain::Int64(*n),
            Value::Str(text) => Plain::Str(text.clone()),
            _ => return None,
        })
    }
}

/// sprig: list.go `inList`. Over the budget the answer does not matter.
fn contains(items: &[Value], needle: &Value) -> bool {
    items.iter().any(|item| budget::spend(2).is_err() || deep_equal(needle, item))
}

fn without(list: &Value, omit: &[Value]) -> Result<List, Failure> {
    let items = slice_of(list, "Cannot find without on")?;
    Ok(List::any(items.iter().filter(|item| !contains(omit, item)).cloned().collect()).grown())
}

fn has(needle: &Value, list: &Value) -> Result<bool, Failure> {
    if matches!(list, Value::Nil) {
        return Ok(false);
    }
    Ok(contains(&slice_of(list, "Cannot find has on")?, needle))
}

fn slice(list: &Value, indices: &[Value]) -> Result<Value, Failure> {
    let items = slice_or(list, |kind| format!("list should be type of slice or array but {kind}"))?;
    if items.is_empty() {
        return Ok(Value::Nil);
    }
    let start = indices.first().map_or(0, to_int64);
    let end = indices.get(1).map_or(items.len() as i64, to_int64);
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let part = range.and_then(|(start, end)| match list {
        Value::Bytes(bytes) => Some(Value::bytes(bytes.as_deref()?.get(start..end)?)),
        Value::List(list) => list.slice(start, end).map(Value::List),
        Value::Object(object) => object.slice(start, end).map(Value::Object),
        _ => None,
    });
    Ok(part.ok_or("reflect.Value.Slice: slice index out of bounds")?)
}

fn chunk(size: i64, list: &Value) -> Result<List, Failure> {
    const MAKE_SLICE: &str = "runtime error: makeslice: len out of range";
    let items = slice_of(list, "Cannot chunk")?;
    let length = items.len() as f64;
    // Sprig reckons in floats, and so odd sizes (zero, negative ones) come out as they do.
    let count = truncate(((length - 1.0) / size as f64).floor()).wrapping_add(1);
    let room = usize::try_from(count).map_err(|_| MAKE_SLICE)?;
    // Each chunk is a list of its own.
    ask(room.saturating_mul(4))?;
    let mut chunks = Vec::with_capacity(room);
    for place in 0..count {
        let mut length_here = size;
        if place == count - 1 {
            length_here = match truncate((length % size as f64).floor()) {
                0 => size,
                rest => rest,
            };
        }
        let length_here = usize::try_from(length_here).map_err(|_| MAKE_SLICE)?;
        let start = place.wrapping_mul(size) as usize;
        let items = items.get(start..start + length_here).ok_or("reflect: slice index out of range")?;
        chunks.push(List::any(items.to_vec()).into());
    }
    Ok(List::of(Elem::List, chunks))
}

fn concat(lists: &[Value]) -> Result<Value, Failure> {
    let mut all = Vec::new();
    for list in lists {
        let items = slice_or(list, |kind| format!("Cannot concat type {kind} as list"))?;
        ask(all.len() + items.len())?;
        all.extend_from_slice(&items);
    }
    Ok(if all.is_empty() { none() } else { List::any(all).grown() }.into())
}

fn sort_alpha(list: &Value) -> Result<List, Failure> {
    if list.kind() != Kind::Slice {
        return Ok(List::strings([strval(list)?]));
    }
    let strings = strslice(list)?;
    strings.sort()?;
    Ok(strings)
}
