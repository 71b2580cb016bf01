//! [`List`]: a Go slice, and [`Elem`], the static type of what a slice or a map holds.

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;

use super::{Map, Value, drop};

/// The element type of a Go slice or map, as `%T`, `typeOf` and error texts show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elem {
    /// `interface {}`
    Any,
    /// `string`
    String,
    /// `int`
    Int,
    /// `int64`
    Int64,
    /// `float64`
    Float64,
    /// `bool`
    Bool,
    /// `[]uint8`
    Bytes,
    /// `[]interface {}`
    List,
    /// `map[string]interface {}`
    Map,
}

impl Elem {
    /// Go's name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Elem::Any => "interface {}",
            Elem::String => "string",
            Elem::Int => "int",
            Elem::Int64 => "int64",
            Elem::Float64 => "float64",
            Elem::Bool => "bool",
            Elem::Bytes => "[]uint8",
            Elem::List => "[]interface {}",
            Elem::Map => "map[string]interface {}",
        }
    }

    /// The zero value of the type: what a missing map key gives under `missingkey=zero`.
    pub fn zero(self) -> Value {
        match self {
            Elem::Any => Value::Nil,
            Elem::String => Value::from(""),
            Elem::Int => Value::Int(0),
            Elem::Int64 => Value::Int64(0),
            Elem::Float64 => Value::Float64(0.0),
            Elem::Bool => Value::Bool(false),
            Elem::Bytes => Value::Bytes(None),
            Elem::List => Value::List(List::nil(Elem::Any)),
            Elem::Map => Value::Map(Map::nil(Elem::Any)),
        }
    }
}

/// A Go slice with its element type. Templates never change a slice in place, so it is shared and immutable.
/// A nil slice differs from an empty one in JSON (`null`) and in `%#v`.
#[derive(Clone)]
pub struct List {
    elem: Elem,
    items: Option<Rc<Items>>,
}

/// The array behind a slice, and the same once it was sorted: see [`List::sort`].
struct Items {
    items: Vec<Value>,
    sorted: OnceCell<Vec<Value>>,
}

impl Drop for Items {
    fn drop(&mut self) {
        if self.items.iter().any(drop::nests) {
            drop::end(std::mem::take(&mut self.items));
        }
    }
}

impl List {
    /// A slice of `interface {}`.
    pub fn any(items: Vec<Value>) -> List {
        List::of(Elem::Any, items)
    }

    /// A slice of `string`.
    pub fn strings<T: Into<super::Str>>(items: impl IntoIterator<Item = T>) -> List {
        List::of(Elem::String, items.into_iter().map(|item| Value::Str(item.into())).collect())
    }

    /// A slice of the given element type; each item must be of that type.
    pub fn of(elem: Elem, items: Vec<Value>) -> List {
        List { elem, items: Some(Rc::new(Items { items, sorted: OnceCell::new() })) }
    }

    /// The nil slice of the given element type.
    pub fn nil(elem: Elem) -> List {
        List { elem, items: None }
    }

    /// The element type.
    #[inline]
    pub fn elem(&self) -> Elem {
        self.elem
    }

    /// Whether this is the nil slice.
    pub fn is_nil(&self) -> bool {
        self.items.is_none()
    }

    /// The items, none for the nil slice.
    pub fn items(&self) -> &[Value] {
        self.items.as_ref().map_or(&[], |items| items.sorted.get().unwrap_or(&items.items))
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.items().len()
    }

    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.items().is_empty()
    }

    /// Sorts a list of strings for every holder, as Go's `sort.StringSlice` does in place: the one change that a
    /// function (`sortAlpha`) makes to a list that others may hold.
    pub fn sort(&self) {
        if let Some(items) = &self.items {
            items.sorted.get_or_init(|| {
                let mut sorted = items.items.clone();
                sorted.sort_by(|a, b| a.as_text().cmp(&b.as_text()));
                sorted
            });
        }
    }

    /// Moves the items to the others if nobody else holds the list.
    pub(super) fn take_if_last(mut self, others: &mut Vec<Value>) {
        if let Some(mut items) = drop::last(&mut self.items) {
            others.append(&mut items.items);
        }
    }

    /// An address that is the same for two lists that share their items.
    pub fn address(&self) -> usize {
        self.items.as_ref().map_or(0, |items| Rc::as_ptr(items).addr())
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.items()).finish()
    }
}
