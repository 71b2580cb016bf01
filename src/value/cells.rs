//! [`Cells`]: what a map holds, sorted by key as Go's templates and encoders range over it.
//!
//! Templates look fields up far more often than they change maps, and nearly every map is small. So the cells lie in short
//! sorted runs, a small map in one, and a search compares the first eight bytes of each key as one number.

use std::cmp::Ordering;
use std::fmt;

use super::{Str, Value, drop};

/// How many cells a run holds before it is parted.
const RUN: usize = 32;

/// How many bytes of a key its head holds.
const HEAD: usize = 8;

/// The cells of a map, sorted by key.
#[derive(Clone, Default)]
pub struct Cells {
    /// None of them is empty, and each key of one is less than each of the next.
    runs: Vec<Run>,
    len: usize,
}

/// Cells that follow one another.
#[derive(Clone, Default)]
struct Run {
    /// The head of each key.
    heads: Vec<u64>,
    cells: Vec<(Str, Value)>,
}

/// Where a key is, or would be: the run and the place in it.
type Place = (usize, usize);

impl Cells {
    /// No cells.
    pub const fn new() -> Cells {
        Cells { runs: Vec::new(), len: 0 }
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
        let runs = std::mem::take(&mut self.runs).into_iter();
        runs.flat_map(|run| run.cells).map(|(_, value)| value)
    }

    /// The value at the key.
    #[inline]
    pub fn get(&self, key: &[u8]) -> Option<&Value> {
        match self.runs.as_slice() {
            [] => None,
            [only] => only.get(key),
            _ => {
                let (run, at) = self.find(key).ok()?;
                Some(&self.runs[run].cells[at].1)
            }
        }
    }

    /// Whether the key is there.
    pub fn contains_key(&self, key: &[u8]) -> bool {
        self.find(key).is_ok()
    }

    /// Sets the key and gives what it replaces.
    pub fn insert(&mut self, key: Str, value: Value) -> Option<Value> {
        let (run, at) = match self.find(key.as_bytes()) {
            Ok((run, at)) => return Some(std::mem::replace(&mut self.runs[run].cells[at].1, value)),
            Err(place) => self.make_room(place),
        };
        self.runs[run].insert(at, key, value);
        self.len += 1;
        None
    }

    /// Removes the key and gives what was there.
    pub fn remove(&mut self, key: &[u8]) -> Option<Value> {
        let (run, at) = self.find(key).ok()?;
        self.runs[run].heads.remove(at);
        let (_, value) = self.runs[run].cells.remove(at);
        if self.runs[run].cells.is_empty() {
            self.runs.remove(run);
        }
        self.len -= 1;
        Some(value)
    }

    /// The cells in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Str, &Value)> {
        self.runs.iter().flat_map(|run| &run.cells).map(|(key, value)| (key, value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &Str> {
        self.iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.iter().map(|(_, value)| value)
    }

    /// Where the key is, or else where it belongs.
    fn find(&self, key: &[u8]) -> Result<Place, Place> {
        let run = match self.runs.len() {
            0 => return Err((0, 0)),
            1 => 0,
            _ => self.runs.partition_point(|run| run.cells[0].0.as_bytes() <= key).saturating_sub(1),
        };
        self.runs[run].find(key).map(|at| (run, at)).map_err(|at| (run, at))
    }

    /// Makes sure that the run at the place can take one more; gives the place that is then right.
    fn make_room(&mut self, (run, at): Place) -> Place {
        let Some(full) = self.runs.get_mut(run) else {
            self.runs.push(Run::default());
            return (run, at);
        };
        if full.cells.len() < RUN {
            return (run, at);
        }
        // What comes in order fills each run to its end.
        let middle = if at == RUN { RUN } else { RUN / 2 };
        let rest = Run { heads: full.heads.split_off(middle), cells: full.cells.split_off(middle) };
        self.runs.insert(run + 1, rest);
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
    fn with_capacity(cells: usize) -> Run {
        Run { heads: Vec::with_capacity(cells), cells: Vec::with_capacity(cells) }
    }

    fn insert(&mut self, at: usize, key: Str, value: Value) {
        self.heads.insert(at, head(key.as_bytes()));
        self.cells.insert(at, (key, value));
    }

    fn get(&self, key: &[u8]) -> Option<&Value> {
        let wanted = head(key);
        for (head, (text, value)) in self.heads.iter().zip(&self.cells) {
            if *head > wanted {
                break;
            }
            if *head == wanted {
                let text = text.as_bytes();
                if text.len() == key.len() && text.get(HEAD..) == key.get(HEAD..) {
                    return Some(value);
                }
            }
        }
        None
    }

    fn find(&self, key: &[u8]) -> Result<usize, usize> {
        let wanted = head(key);
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
fn head(key: &[u8]) -> u64 {
    if let Some(first) = key.first_chunk() {
        return u64::from_be_bytes(*first);
    }
    // What is read twice is the same bits.
    let shift = |place: usize| 8 * (HEAD - place) as u32;
    if let (Some(first), Some(last)) = (key.first_chunk(), key.last_chunk()) {
        return u64::from(u32::from_be_bytes(*first)) << 32
            | u64::from(u32::from_be_bytes(*last)) << shift(key.len());
    }
    let byte = |place: usize| u64::from(key[place]) << shift(place + 1);
    match key.len() {
        0 => 0,
        len => byte(0) | byte(len / 2) | byte(len - 1),
    }
}

impl FromIterator<(Str, Value)> for Cells {
    /// Of two with one key the later wins.
    fn from_iter<I: IntoIterator<Item = (Str, Value)>>(entries: I) -> Cells {
        let mut entries = entries.into_iter();
        let Some((key, value)) = entries.next() else { return Cells::new() };
        let mut first = Run::with_capacity(RUN.min(1 + entries.size_hint().0));
        first.insert(0, key, value);
        let mut cells = Cells { runs: vec![first], len: 1 };
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
