//! What the answers of functions came from that hand values on: one that was selected, a map or list of some. Each is found
//! in the arguments by the function's [`Effect`](crate::template::func::Effect); where two could have been meant, nothing is
//! said.

use rustc_hash::FxHashMap;

use super::merging;
use super::paths::{Paths, Shape, Step, address, children};
use super::pieces::{Draft, Known, PathId};
use crate::template::func::{Makes, Selects};
use crate::value::compare::deep_equal;
use crate::value::{Number, Str, Value, convert, print};

/// What is known of a call's arguments.
pub struct Call<'a> {
    /// The arguments.
    pub args: &'a [Value],
    /// What each came from.
    pub origins: &'a [PathId],
    /// What the maps held before, if the function merges.
    pub before: &'a merging::Before,
}

impl Call<'_> {
    /// An argument and what it came from.
    fn argument(&self, at: usize, paths: &Paths) -> Option<(&Value, PathId)> {
        let value = self.args.get(at)?;
        Some((value, paths.origin(self.origins.get(at).copied().unwrap_or(0), value)))
    }

    /// The items of an argument, each with what it came from.
    fn items(&self, at: usize, paths: &mut Paths) -> Vec<(Value, PathId)> {
        let Some((list, origin)) = self.argument(at, paths) else { return Vec::new() };
        items(list, origin, paths)
    }
}

/// The items of a list or values of a map, each with what it came from.
pub fn items(container: &Value, origin: PathId, paths: &mut Paths) -> Vec<(Value, PathId)> {
    let all = children(container).into_iter();
    all.map(|(step, value)| {
        let origin = paths.child(origin, step, &value);
        (value, origin)
    })
    .collect()
}

/// What the value came from that a function took out of a map or list, or 0.
pub fn selected(which: Selects, call: &Call<'_>, paths: &mut Paths) -> PathId {
    let last = call.args.len().saturating_sub(1);
    let (container, keys) = match which {
        Selects::First => (0, vec![Value::Int(0)]),
        Selects::Last => {
            let len = call.args.first().and_then(Value::as_list).map_or(0, crate::value::List::len);
            (0, vec![Value::Int(len as i64 - 1)])
        }
        Selects::Keys => (0, call.args.get(1..).unwrap_or_default().to_vec()),
        Selects::Dig => (last, call.args.get(..last.saturating_sub(1)).unwrap_or_default().to_vec()),
    };
    let Some((value, mut origin)) = call.argument(container, paths) else { return 0 };
    let mut value = value.clone();
    for key in keys {
        let step = match (&key, key.number()) {
            (Value::Str(key), _) => Step::Name(key.clone()),
            (_, Some(Number::Signed(at))) => Step::Index(usize::try_from(at).unwrap_or(usize::MAX)),
            _ => return 0,
        };
        let below = match (&step, &value) {
            (Step::Name(name), Value::Map(map)) => map.get(name),
            (Step::Index(at), Value::List(list)) => list.items().get(*at).cloned(),
            _ => None,
        };
        // Where `dig` found nothing, what it was looking for decided.
        value = below.unwrap_or_default();
        if origin == 0 && Shape::of(&value) != Shape::Container {
            return 0;
        }
        origin = paths.child(origin, step, &value);
    }
    origin
}

/// What the argument came from that was handed on. Of a fallback, from which nothing is known, what was asked for it.
pub fn passed(call: &Call<'_>, answer: &Value, paths: &mut Paths) -> PathId {
    let is_answer = |value: &&Value| match (address(value), address(answer)) {
        (None, None) => deep_equal(value, answer),
        (one, other) => one == other,
    };
    let mut chosen = (0..call.args.len()).filter(|at| call.args.get(*at).as_ref().is_some_and(is_answer));
    let origins: Vec<PathId> =
        (0..call.args.len()).filter_map(|at| call.argument(at, paths)).map(|argument| argument.1).collect();
    match (chosen.next(), chosen.next()) {
        (Some(only), None) if origins[only] != 0 => origins[only],
        _ => paths.made_of(origins),
    }
}

/// What the map or list came from that a function made.
pub fn made(which: Makes, call: &Call<'_>, answer: &Value, paths: &mut Paths) -> PathId {
    match which {
        Makes::Dict => dict(call, answer, paths),
        Makes::Some => match call.argument(0, paths) {
            Some((_, base @ 1..)) => paths.record_over(answer, base, false, Vec::new()),
            _ => paths.of(answer),
        },
        Makes::Copy => match call.argument(0, paths) {
            Some((_, base @ 1..)) if Shape::of(answer) == Shape::Container => {
                paths.record_over(answer, base, true, Vec::new())
            }
            Some((_, origin)) => origin,
            None => 0,
        },
        Makes::Set | Makes::Unset => {
            let Some(key) = call.args.get(1).and_then(Value::as_text) else { return 0 };
            let origin = if which == Makes::Set { call.argument(2, paths).map_or(0, |it| it.1) } else { 0 };
            let map = call.argument(0, paths).map_or(0, |it| it.1);
            let map = if map == 0 { paths.record(answer, Vec::new()) } else { map };
            paths.put(map, Step::Name(key.clone()), origin);
            map
        }
        Makes::Merge | Makes::MergeOverwrite => {
            let target = call.argument(0, paths).map_or(0, |it| it.1);
            merging::merged(which == Makes::MergeOverwrite, target, call.args, call.before, answer, paths)
        }
        Makes::Chunk => chunks(call, answer, paths),
        Makes::Split => parts(call, answer, paths),
        _ => {
            let items = listed(which, call, answer, paths);
            if items.len() != children(answer).len() {
                return paths.made_of(call.origins.iter().copied());
            }
            record(answer, items, paths)
        }
    }
}

fn record(list: &Value, origins: Vec<PathId>, paths: &mut Paths) -> PathId {
    let known = origins.into_iter().enumerate().map(|(at, origin)| (Step::Index(at), origin)).collect();
    paths.record(list, known)
}

fn dict(call: &Call<'_>, answer: &Value, paths: &mut Paths) -> PathId {
    let mut known = Vec::new();
    for (at, key) in call.args.iter().enumerate().step_by(2) {
        let (Ok(key), Some((_, origin))) = (convert::strval(key), call.argument(at + 1, paths)) else {
            continue;
        };
        known.push((Step::Name(key), origin));
    }
    paths.record(answer, known)
}

/// What each item of a new list came from.
fn listed(which: Makes, call: &Call<'_>, answer: &Value, paths: &mut Paths) -> Vec<PathId> {
    let argument = |at: usize, paths: &Paths| call.argument(at, paths).map(|it| it.1);
    let only = |items: Vec<(Value, PathId)>| items.into_iter().map(|item| item.1).collect::<Vec<_>>();
    let mut items: Vec<(Value, PathId)> = match which {
        Makes::List | Makes::Concat | Makes::Pluck => Vec::new(),
        _ => call.items(0, paths),
    };
    match which {
        Makes::List => (0..call.args.len()).filter_map(|at| argument(at, paths)).collect(),
        Makes::Concat => (0..call.args.len()).flat_map(|at| only(call.items(at, paths))).collect(),
        Makes::Pluck => plucked(call, paths),
        Makes::Rest => only(items.split_off(items.len().min(1))),
        Makes::Initial => {
            items.pop();
            only(items)
        }
        Makes::Slice => {
            let start = call.args.get(1).map_or(0, convert::to_int64);
            let start = usize::try_from(start).unwrap_or(usize::MAX);
            only(items.into_iter().skip(start).take(children(answer).len()).collect())
        }
        Makes::Reverse => only(items.into_iter().rev().collect()),
        Makes::Append => {
            let last = argument(1, paths);
            only(items).into_iter().chain(last).collect()
        }
        Makes::Prepend => argument(1, paths).into_iter().chain(only(items)).collect(),
        Makes::Filter => {
            let mut left = items.into_iter();
            let found = children(answer).into_iter().map(|(_, value)| {
                left.by_ref().find(|(item, _)| is_same(item, &value)).map_or(0, |item| item.1)
            });
            found.collect()
        }
        Makes::Sort => {
            // Of two that look alike nobody knows which is which.
            let mut by_text = FxHashMap::default();
            for (item, origin) in &items {
                let known = by_text.entry(print::sprint(item)).or_insert(*origin);
                *known = if *known == *origin { *origin } else { 0 };
            }
            let found = children(answer).into_iter();
            found.map(|(_, value)| by_text.get(&print::sprint(&value)).copied().unwrap_or(0)).collect()
        }
        _ => only(items),
    }
}

fn is_same(one: &Value, other: &Value) -> bool {
    match (address(one), address(other)) {
        (None, None) => deep_equal(one, other),
        (one, other) => one == other,
    }
}

fn plucked(call: &Call<'_>, paths: &mut Paths) -> Vec<PathId> {
    let Some(key) = call.args.first().and_then(Value::as_text) else { return Vec::new() };
    let mut origins = Vec::new();
    for at in 1..call.args.len() {
        let Some((map, origin)) = call.argument(at, paths) else { continue };
        if let Some(value) = map.as_map().and_then(|map| map.get(key)) {
            origins.push(paths.child(origin, Step::Name(key.clone()), &value));
        }
    }
    origins
}

fn chunks(call: &Call<'_>, answer: &Value, paths: &mut Paths) -> PathId {
    let mut items = call.items(1, paths).into_iter().map(|item| item.1);
    let mut origins = Vec::new();
    for (_, chunk) in children(answer) {
        let part = items.by_ref().take(children(&chunk).len()).collect();
        origins.push(record(&chunk, part, paths));
    }
    record(answer, origins, paths)
}

/// The parts of a text between separators: each is a part of what the text was.
fn parts(call: &Call<'_>, answer: &Value, paths: &mut Paths) -> PathId {
    let [separator, text] = call.args else { return 0 };
    let (Some(separator), Some(text)) = (separator.as_text(), text.as_text()) else { return 0 };
    let origin = call.origins.get(1).copied().unwrap_or(0);
    let Some(known) = paths.text(origin).filter(|known| known.text == *text).cloned() else {
        return paths.made_of([origin]);
    };
    let mut start = 0;
    let mut origins = Vec::new();
    for (_, part) in children(answer) {
        let len = part.as_text().map_or(0, Str::len);
        let mut draft = Draft::default();
        draft.copy(&known, start..start + len);
        let part = Known { text: Str::from(draft.text), pieces: draft.pieces.into() };
        origins.push(paths.add_text(part));
        start += len + separator.len();
    }
    record(answer, origins, paths)
}
