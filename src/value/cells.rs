//! [`Cells`]: what a map holds, sorted by key as Go's templates and encoders range over it.
//!
//! Templates look fields up far more often than they change maps, and nearly every map is small. So the cells lie in short
//! sorted runs, a small map in one, and a search compares the first eight bytes of each key as one number.

use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt;

use super::{Str, Value, drop};

/// How many cells a run holds before it is parted.
const RUN: usize = 32;

/// How many bytes of a key its head holds.
const HEAD: usize = 8;

/// The cells of a map, sorted by key: each key of a run is less than each of the next.
#[derive(Clone, Default)]
pub struct Cells {
    /// Empty only if there are no cells at all.
    first: Run,
    /// None of them is empty.
    rest: Vec<Run>,
    len: usize,
}

/// Cells that follow one another.
#[derive(Clone, Default)]
struct Run {
    /// The head of each key.
    heads: Vec<u64>,
    cells: Vec<(Str, Value)>,
}

/// A key that is looked up again and again: the field that a template names.
#[derive(Clone, Debug)]
pub struct FieldName {
    text: Str,
    len: usize,
    head: u64,
    /// Where in its run it was found last. Nearly always it is there again.
    hint: Cell<usize>,
}

impl FieldName {
    /// The text as a key.
    pub fn new(text: impl Into<Str>) -> FieldName {
        let text = text.into();
        FieldName { len: text.len(), head: head(text.as_bytes()), text, hint: Cell::new(0) }
    }

    /// Its text.
    #[inline]
    pub fn text(&self) -> &Str {
        &self.text
    }

    #[inline]
    pub(super) fn head(&self) -> u64 {
        self.head
    }

    /// Whether a key with the same head is the same.
    #[inline]
    fn is(&self, key: &Str) -> bool {
        key.len() == self.len && (self.len <= HEAD || key.as_bytes()[HEAD..] == self.text.as_bytes()[HEAD..])
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// Where a key is, or would be: the run and the place in it.
type Place = (usize, usize);

impl Cells {
    /// No cells.
    pub const fn new() -> Cells {
        Cells { first: Run::new(), rest: Vec::new(), len: 0 }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The values without their keys.
    pub(super) fn into_values(mut self) -> impl Iterator<Item = Value> {
        let runs = std::iter::once(std::mem::take(&mut self.first)).chain(std::mem::take(&mut self.rest));
        runs.flat_map(|run| run.cells).map(|(_, value)| value)
    }

    /// The value at the key.
    pub fn get(&self, key: &[u8]) -> Option<&Value> {
        let run = self.find_run(key);
        Some(&run.cells[run.find(key).ok()?].1)
    }

    /// The value at the key that a template names.
    #[inline]
    pub fn field(&self, name: &FieldName) -> Option<&Value> {
        let run = if self.rest.is_empty() { &self.first } else { self.find_run(name.text.as_bytes()) };
        match (run.heads.get(name.hint.get()), run.cells.get(name.hint.get())) {
            (Some(head), Some((key, value))) if *head == name.head && name.is(key) => Some(value),
            _ => run.field(name),
        }
    }

    /// Whether the key is there.
    pub fn contains_key(&self, key: &[u8]) -> bool {
        self.find(key).is_ok()
    }

    /// Sets the key and gives what it replaces.
    pub fn insert(&mut self, key: Str, value: Value) -> Option<Value> {
        let (run, at) = match self.find(key.as_bytes()) {
            Ok((run, at)) => return Some(std::mem::replace(&mut self.run_mut(run).cells[at].1, value)),
            Err(place) => self.make_room(place),
        };
        self.run_mut(run).insert(at, key, value);
        self.len += 1;
        None
    }

    /// Removes the key and gives what was there.
    pub fn remove(&mut self, key: &[u8]) -> Option<Value> {
        let (number, at) = self.find(key).ok()?;
        let run = self.run_mut(number);
        run.heads.remove(at);
        let (_, value) = run.cells.remove(at);
        if run.cells.is_empty() {
            self.remove_run(number);
        }
        self.len -= 1;
        Some(value)
    }

    /// The cells in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Str, &Value)> {
        let runs = std::iter::once(&self.first).chain(&self.rest);
        runs.flat_map(|run| &run.cells).map(|(key, value)| (key, value))
    }

    /// The same keys with other values.
    pub fn mapped(&self, mut change: impl FnMut(&Value) -> Value) -> Cells {
        let mut mapped = |run: &Run| Run {
            heads: run.heads.clone(),
            cells: run.cells.iter().map(|(key, value)| (key.clone(), change(value))).collect(),
        };
        let first = mapped(&self.first);
        Cells { first, rest: self.rest.iter().map(mapped).collect(), len: self.len }
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &Str> {
        self.iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.iter().map(|(_, value)| value)
    }

    fn run(&self, number: usize) -> &Run {
        match number.checked_sub(1) {
            None => &self.first,
            Some(at) => &self.rest[at],
        }
    }

    fn run_mut(&mut self, number: usize) -> &mut Run {
        match number.checked_sub(1) {
            None => &mut self.first,
            Some(at) => &mut self.rest[at],
        }
    }

    fn remove_run(&mut self, number: usize) {
        match number.checked_sub(1) {
            Some(at) => drop(self.rest.remove(at)),
            None if self.rest.is_empty() => {}
            None => self.first = self.rest.remove(0),
        }
    }

    /// The number of the run that holds the key, if any does.
    fn run_of(&self, key: &[u8]) -> usize {
        self.rest.partition_point(|run| run.cells[0].0.as_bytes() <= key)
    }

    fn find_run(&self, key: &[u8]) -> &Run {
        self.run(self.run_of(key))
    }

    /// Where the key is, or else where it belongs.
    fn find(&self, key: &[u8]) -> Result<Place, Place> {
        let run = self.run_of(key);
        self.run(run).find(key).map(|at| (run, at)).map_err(|at| (run, at))
    }

    /// Makes sure that the run at the place can take one more; gives the place that is then right.
    fn make_room(&mut self, (run, at): Place) -> Place {
        let full = self.run_mut(run);
        if full.cells.len() < RUN {
            return (run, at);
        }
        // What comes in order fills each run to its end.
        let middle = if at == RUN { RUN } else { RUN / 2 };
        let rest = Run { heads: full.heads.split_off(middle), cells: full.cells.split_off(middle) };
        // An empty one is filled at once: it is where the key goes.
        self.rest.insert(run, rest);
        if at >= middle { (run + 1, at - middle) } else { (run, at) }
    }
}

impl Drop for Cells {
    fn drop(&mut self) {
        if self.values().any(drop::nests) {
            drop::end(std::mem::take(self).into_values().collect());
        }
    }
}

impl Run {
    const fn new() -> Run {
        Run { heads: Vec::new(), cells: Vec::new() }
    }

    fn with_capacity(cells: usize) -> Run {
        Run { heads: Vec::with_capacity(cells), cells: Vec::with_capacity(cells) }
    }

    fn insert(&mut self, at: usize, key: Str, value: Value) {
        self.heads.insert(at, head(key.as_bytes()));
        self.cells.insert(at, (key, value));
    }

    /// The value at the key that a template names, and a hint to where it is.
    fn field(&self, name: &FieldName) -> Option<&Value> {
        let heads = self.heads.iter().enumerate().skip_while(|(_, head)| **head < name.head);
        let mut alike = heads.take_while(|(_, head)| **head == name.head);
        let (at, _) = alike.find(|(at, _)| name.is(&self.cells[*at].0))?;
        name.hint.set(at);
        Some(&self.cells[at].1)
    }

    fn find(&self, key: &[u8]) -> Result<usize, usize> {
        let wanted = head(key);
        // What comes in order goes to the end.
        if self.heads.last().is_none_or(|last| *last < wanted) {
            return Err(self.heads.len());
        }
        let mut at = self.heads.iter().take_while(|head| **head < wanted).count();
        while self.heads.get(at) == Some(&wanted) {
            match self.cells[at].0.as_bytes().cmp(key) {
                Ordering::Less => at += 1,
                Ordering::Equal => return Ok(at),
                Ordering::Greater => break,
            }
        }
        Err(at)
    }
}

/// The first eight bytes of a key as a number, zeros behind a shorter one: of two keys with different heads the one with
/// the lesser head is less.
pub(super) const fn head(key: &[u8]) -> u64 {
    if let Some(first) = key.first_chunk() {
        return u64::from_be_bytes(*first);
    }
    // What is read twice is the same bits.
    if let (Some(first), Some(last)) = (key.first_chunk(), key.last_chunk()) {
        return (u32::from_be_bytes(*first) as u64) << 32
            | (u32::from_be_bytes(*last) as u64) << (8 * (HEAD - key.len()));
    }
    match key {
        [] => 0,
        [first, .., last] => {
            byte(*first, 0) | byte(key[key.len() / 2], key.len() / 2) | byte(*last, key.len() - 1)
        }
        [only] => byte(*only, 0),
    }
}

/// The byte where it stands in a head.
const fn byte(byte: u8, place: usize) -> u64 {
    (byte as u64) << (8 * (HEAD - 1 - place))
}

impl FromIterator<(Str, Value)> for Cells {
    /// Of two with one key the later wins.
    fn from_iter<I: IntoIterator<Item = (Str, Value)>>(entries: I) -> Cells {
        let entries = entries.into_iter();
        let first = Run::with_capacity(RUN.min(entries.size_hint().0));
        let mut cells = Cells { first, rest: Vec::new(), len: 0 };
        for (key, value) in entries {
            cells.insert(key, value);
        }
        cells
    }
}

impl fmt::Debug for Cells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_are_what_a_sorted_map_is(changes in vec((vec(0_u8..3, 0..12), any::<bool>()), 0..400)) {
            let mut cells = Cells::new();
            let mut sorted = BTreeMap::new();
            for (number, (key, is_insert)) in changes.into_iter().enumerate() {
                let number = number as i64;
                let int = |value: Value| value.number();
                if is_insert {
                    let before = cells.insert(Str::from(key.as_slice()), Value::Int(number));
                    let wanted = sorted.insert(key, number).map(Value::Int);
                    prop_assert_eq!(before.and_then(int), wanted.and_then(int));
                } else {
                    prop_assert_eq!(cells.contains_key(&key), sorted.contains_key(&key));
                    let wanted = sorted.remove(&key).map(Value::Int);
                    prop_assert_eq!(cells.remove(&key).and_then(int), wanted.and_then(int));
                }
                prop_assert_eq!(cells.len(), sorted.len());
            }
            for (key, number) in &sorted {
                prop_assert_eq!(cells.get(key).and_then(Value::number), Value::Int(*number).number());
            }
            let keys: Vec<Vec<u8>> = cells.keys().map(|key| key.as_bytes().to_vec()).collect();
            prop_assert_eq!(keys, sorted.into_keys().collect::<Vec<_>>());
        }
    }
}
