//! [`Map`]: a Go map with string keys. It is a reference: `set`, `unset` and `merge` are seen by every holder.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use super::{Elem, Str, Value};

/// The cells of a map, sorted by key as Go's templates and encoders range over them.
pub type Cells = BTreeMap<Str, Value>;

/// A Go `map[string]T`, shared by reference. The nil map reads as empty and cannot be written.
#[derive(Clone)]
pub struct Map {
    elem: Elem,
    cells: Option<Rc<RefCell<Cells>>>,
}

impl Map {
    /// An empty `map[string]interface {}`.
    pub fn new() -> Map {
        Map::of(Elem::Any, Cells::new())
    }

    /// A map of the given element type; each value must be of that type.
    pub fn of(elem: Elem, cells: Cells) -> Map {
        Map { elem, cells: Some(Rc::new(RefCell::new(cells))) }
    }

    /// The nil map of the given element type.
    pub fn nil(elem: Elem) -> Map {
        Map { elem, cells: None }
    }

    /// The element type.
    pub fn elem(&self) -> Elem {
        self.elem
    }

    /// Whether this is the nil map.
    pub fn is_nil(&self) -> bool {
        self.cells.is_none()
    }

    /// The number of keys.
    pub fn len(&self) -> usize {
        self.cells.as_ref().map_or(0, |cells| cells.borrow().len())
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at the key, if there is one.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        self.cells.as_ref()?.borrow().get(key.as_ref()).cloned()
    }

    /// Whether the key is there.
    pub fn contains(&self, key: impl AsRef<[u8]>) -> bool {
        self.cells.as_ref().is_some_and(|cells| cells.borrow().contains_key(key.as_ref()))
    }

    /// Sets the key for every holder of the map; `false`, and nothing done, on the nil map.
    #[must_use = "a nil map cannot be written"]
    pub fn try_insert(&self, key: impl Into<Str>, value: Value) -> bool {
        let Some(cells) = &self.cells else { return false };
        // The replaced value is dropped after the borrow ends: it may hold the last reference to this very map.
        let _replaced = cells.borrow_mut().insert(key.into(), value);
        true
    }

    /// Sets the key for every holder of the map. On the nil map nothing happens; see [`Map::try_insert`].
    pub fn insert(&self, key: impl Into<Str>, value: Value) {
        let _ = self.try_insert(key, value);
    }

    /// Removes the key for every holder of the map and gives what was there.
    pub fn remove(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        self.cells.as_ref()?.borrow_mut().remove(key.as_ref())
    }

    /// The keys, sorted.
    pub fn keys(&self) -> Vec<Str> {
        self.with(|cells| cells.keys().cloned().collect())
    }

    /// The keys and values, sorted by key: a snapshot, so that the map may be changed while it is walked.
    pub fn entries(&self) -> Vec<(Str, Value)> {
        self.with(|cells| cells.iter().map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    /// Reads the cells in place. `read` must not write to the map.
    pub fn with<R>(&self, read: impl FnOnce(&Cells) -> R) -> R {
        match &self.cells {
            Some(cells) => read(&cells.borrow()),
            None => read(&Cells::new()),
        }
    }

    /// An address that is the same for two holders of one map.
    pub fn address(&self) -> usize {
        self.cells.as_ref().map_or(0, |cells| Rc::as_ptr(cells).addr())
    }
}

impl Default for Map {
    fn default() -> Map {
        Map::new()
    }
}

impl<K: Into<Str>> FromIterator<(K, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(entries: I) -> Map {
        Map::of(Elem::Any, entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with(|cells| f.debug_map().entries(cells).finish())
    }
}
