//! [`Map`]: a Go map with string keys. It is a reference: `set`, `unset` and `merge` are seen by every holder.

use std::borrow::Cow;
use std::cell::{Ref, RefCell};
use std::fmt;
use std::rc::Rc;

use super::{Cells, Elem, Str, Type, Value, drop};

/// A Go `map[string]T`, shared by reference. The nil map reads as empty and cannot be written.
#[derive(Clone)]
pub struct Map {
    typ: MapType,
    cells: Option<Rc<RefCell<Cells>>>,
}

/// The static type of a map. It belongs to the holder, not to the cells: one map can be held under two types.
#[derive(Clone, Copy)]
enum MapType {
    Plain(Elem),
    Named(&'static NamedMap),
}

/// A named type whose values are `map[string]interface {}`, such as `common.Values`.
pub struct NamedMap {
    /// Go's name of the type.
    pub name: &'static str,
    /// The methods that templates can call.
    pub methods: &'static [MapMethod],
}

/// A method of a named map type.
pub struct MapMethod {
    /// Its Go name.
    pub name: &'static str,
    /// Its parameters.
    pub params: &'static [Type],
    /// Runs it with arguments that were checked against `params`; an error is the text of Go's.
    pub call: fn(&Map, &[Value]) -> Result<Value, String>,
}

impl Map {
    /// An empty `map[string]interface {}`.
    pub fn new() -> Map {
        Map::of(Elem::Any, Cells::new())
    }

    /// A map of the given element type; each value must be of that type.
    pub fn of(elem: Elem, cells: Cells) -> Map {
        Map { typ: MapType::Plain(elem), cells: Some(Rc::new(RefCell::new(cells))) }
    }

    /// The nil map of the given element type.
    pub fn nil(elem: Elem) -> Map {
        Map { typ: MapType::Plain(elem), cells: None }
    }

    /// The same map, held under a named type; an element type other than `interface {}` is lost.
    pub fn named(&self, named: &'static NamedMap) -> Map {
        Map { typ: MapType::Named(named), cells: self.cells.clone() }
    }

    /// The same map without a name for its type: what assigning it to `map[string]interface {}` gives.
    pub fn plain(&self) -> Map {
        Map { typ: MapType::Plain(self.elem()), cells: self.cells.clone() }
    }

    /// The named type under which it is held, if it is.
    #[inline]
    pub fn named_type(&self) -> Option<&'static NamedMap> {
        match self.typ {
            MapType::Named(named) => Some(named),
            MapType::Plain(_) => None,
        }
    }

    /// Go's name of the type.
    pub fn type_name(&self) -> Cow<'static, str> {
        match self.typ {
            MapType::Named(named) => named.name.into(),
            MapType::Plain(Elem::Any) => "map[string]interface {}".into(),
            MapType::Plain(elem) => format!("map[string]{}", elem.name()).into(),
        }
    }

    /// The element type.
    #[inline]
    pub fn elem(&self) -> Elem {
        match self.typ {
            MapType::Named(_) => Elem::Any,
            MapType::Plain(elem) => elem,
        }
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
    #[inline]
    pub fn with<R>(&self, read: impl FnOnce(&Cells) -> R) -> R {
        match &self.cells {
            Some(cells) => read(&cells.borrow()),
            None => read(&Cells::new()),
        }
    }

    /// The cells, to be read in place; `None` for the nil map. As long as they are held nobody may write to the map.
    #[inline]
    pub fn borrow(&self) -> Option<Ref<'_, Cells>> {
        self.cells.as_ref().map(|cells| cells.borrow())
    }

    /// Moves the values to the others if nobody else holds the map.
    pub(super) fn take_if_last(mut self, others: &mut Vec<Value>) {
        if let Some(cells) = drop::last(&mut self.cells) {
            others.extend(cells.into_inner().into_values());
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
        self.with(|cells| fmt::Debug::fmt(cells, f))
    }
}
