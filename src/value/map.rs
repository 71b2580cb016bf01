//! [`Map`]: a Go map with string keys. It is a reference: `set`, `unset` and `merge` are seen by every holder.

use std::cell::{Ref, RefCell};
use std::fmt;
use std::rc::Rc;

use super::{Cells, Elem, FieldName, Str, Type, Value, cells, drop};

/// A Go `map[string]T`, shared by reference. The nil map reads as empty and cannot be written.
#[derive(Clone)]
pub struct Map {
    /// It belongs to the holder, not to the cells: one map can be held under two types.
    typ: &'static MapType,
    cells: Option<Rc<RefCell<Cells>>>,
}

/// The static type of a map.
pub struct MapType {
    /// Go's name of the type.
    pub name: &'static str,
    elem: Elem,
    /// The methods that templates can call; only a type with a name of its own has any.
    methods: &'static [MapMethod],
    is_named: bool,
}

/// A method of a named map type.
pub struct MapMethod {
    /// Its Go name.
    pub name: &'static str,
    head: u64,
    /// Its parameters.
    pub params: &'static [Type],
    /// Runs it with arguments that were checked against `params`; an error is the text of Go's.
    pub call: fn(&Map, &[Value]) -> Result<Value, String>,
}

impl MapType {
    /// A named type whose values are `map[string]interface {}`, such as `common.Values`.
    pub const fn named(name: &'static str, methods: &'static [MapMethod]) -> MapType {
        MapType { name, elem: Elem::Any, methods, is_named: true }
    }

    const fn plain(name: &'static str, elem: Elem) -> MapType {
        MapType { name, elem, methods: &[], is_named: false }
    }

    /// The type without a name of its own.
    fn of(elem: Elem) -> &'static MapType {
        static ANY: MapType = MapType::plain("map[string]interface {}", Elem::Any);
        static STRING: MapType = MapType::plain("map[string]string", Elem::String);
        static INT: MapType = MapType::plain("map[string]int", Elem::Int);
        static INT64: MapType = MapType::plain("map[string]int64", Elem::Int64);
        static FLOAT64: MapType = MapType::plain("map[string]float64", Elem::Float64);
        static BOOL: MapType = MapType::plain("map[string]bool", Elem::Bool);
        static BYTES: MapType = MapType::plain("map[string][]uint8", Elem::Bytes);
        static LIST: MapType = MapType::plain("map[string][]interface {}", Elem::List);
        static MAP: MapType = MapType::plain("map[string]map[string]interface {}", Elem::Map);
        match elem {
            Elem::Any => &ANY,
            Elem::String => &STRING,
            Elem::Int => &INT,
            Elem::Int64 => &INT64,
            Elem::Float64 => &FLOAT64,
            Elem::Bool => &BOOL,
            Elem::Bytes => &BYTES,
            Elem::List => &LIST,
            Elem::Map => &MAP,
        }
    }
}

impl MapMethod {
    /// A method by its Go name; see the fields.
    pub const fn new(
        name: &'static str,
        params: &'static [Type],
        call: fn(&Map, &[Value]) -> Result<Value, String>,
    ) -> MapMethod {
        MapMethod { name, head: cells::head(name.as_bytes()), params, call }
    }
}

impl Map {
    /// An empty `map[string]interface {}`.
    pub fn new() -> Map {
        Map::of(Elem::Any, Cells::new())
    }

    /// A map of the given element type; each value must be of that type.
    pub fn of(elem: Elem, cells: Cells) -> Map {
        Map { typ: MapType::of(elem), cells: Some(Rc::new(RefCell::new(cells))) }
    }

    /// The nil map of the given element type.
    pub fn nil(elem: Elem) -> Map {
        Map { typ: MapType::of(elem), cells: None }
    }

    /// The same map, held under another type.
    pub fn named(&self, typ: &'static MapType) -> Map {
        Map { typ, cells: self.cells.clone() }
    }

    /// The same map without a name for its type: what assigning it to `map[string]interface {}` gives.
    pub fn plain(&self) -> Map {
        Map { typ: MapType::of(self.typ.elem), cells: self.cells.clone() }
    }

    /// The type under which it is held.
    pub fn map_type(&self) -> &'static MapType {
        self.typ
    }

    /// Whether its type has a name of its own.
    #[inline]
    pub fn is_named(&self) -> bool {
        self.typ.is_named
    }

    /// The methods of its type.
    #[inline]
    pub fn methods(&self) -> &'static [MapMethod] {
        self.typ.methods
    }

    /// The method of that name, if its type has one.
    #[inline]
    pub fn method(&self, name: &FieldName) -> Option<&'static MapMethod> {
        let methods = self.methods().iter();
        methods.filter(|method| method.head == name.head()).find(|method| *name.text() == *method.name)
    }

    /// Go's name of the type.
    pub fn type_name(&self) -> &'static str {
        self.typ.name
    }

    /// The element type.
    #[inline]
    pub fn elem(&self) -> Elem {
        self.typ.elem
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

    /// The value at the key that a template names.
    pub fn field(&self, name: &FieldName) -> Option<Value> {
        self.cells.as_ref()?.borrow().field(name).cloned()
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

    /// Moves the values that hold others to them if nobody else holds the map.
    pub(super) fn take_if_last(mut self, others: &mut Vec<Value>) {
        if let Some(cells) = drop::last(&mut self.cells) {
            others.extend(cells.into_inner().into_values().filter(drop::nests));
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
