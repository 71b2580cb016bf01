//! [`List`]: a Go slice, and [`Elem`], the static type of what a slice or a map holds.
//!
//! A slice is a part of an array, which other slices share, and reaches up to its capacity beyond its length. Both show in
//! two functions only: sprig's `slice` cuts up to the capacity, and `sortAlpha` sorts a `[]string` in place. So a list is
//! its array with nothing around it, until `slice` makes a list that is a part of another's array.

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;

use super::{Map, Value, drop};
use crate::budget;
use crate::go::slices::{self, Layout};

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

    fn layout(self) -> Layout {
        let (size, has_pointers) = match self {
            Elem::Any | Elem::String => (16, true),
            Elem::Int | Elem::Int64 | Elem::Float64 => (8, false),
            Elem::Bool => (1, false),
            Elem::Bytes | Elem::List => (24, true),
            Elem::Map => (8, true),
        };
        Layout { size, has_pointers }
    }
}

/// How often a shared list may be sorted anew, and how many items that may copy: each change is kept, since somebody may
/// be looking at what was before.
const MOST_CHANGES: usize = 1_000;
const MOST_COPIED: usize = 4_000_000;

/// A Go slice with its element type. A nil slice differs from an empty one in JSON (`null`) and in `%#v`.
#[derive(Clone)]
pub struct List {
    elem: Elem,
    /// How far the capacity exceeds the length.
    spare: u32,
    items: Option<Rc<Items>>,
}

/// What a slice shows.
enum Items {
    /// An array from its beginning, so far as it was filled.
    Whole(Array),
    /// A part of another list's array.
    Part { of: Rc<Items>, start: usize, len: usize },
}

/// An array and what it later became.
struct Array {
    items: Vec<Value>,
    later: OnceCell<Box<Array>>,
}

impl Array {
    fn new(items: Vec<Value>) -> Array {
        Array { items, later: OnceCell::new() }
    }

    /// As it is now, and how often it was changed.
    fn latest(&self) -> (&Array, usize) {
        let (mut array, mut changes) = (self, 0);
        while let Some(later) = array.later.get() {
            (array, changes) = (later, changes + 1);
        }
        (array, changes)
    }

    /// Changes it for everybody.
    fn become_(&self, items: Vec<Value>) {
        let _ = self.latest().0.later.set(Box::new(Array::new(items)));
    }

    /// Whatever it ever held that holds others.
    fn take(&mut self, others: &mut Vec<Value>) {
        others.extend(std::mem::take(&mut self.items).into_iter().filter(drop::nests));
        let mut later = self.later.take();
        while let Some(array) = later {
            let Array { items, later: next } = *array;
            others.extend(items.into_iter().filter(drop::nests));
            later = next.into_inner();
        }
    }
}

impl Items {
    /// The array, and which part of it this is.
    fn array(&self) -> (&Array, usize, usize) {
        match self {
            Items::Whole(array) => (array, 0, array.items.len()),
            Items::Part { of, start, len } => (of.array().0, *start, *len),
        }
    }

    #[inline]
    fn view(&self) -> &[Value] {
        match self {
            Items::Whole(array) if array.later.get().is_none() => &array.items,
            _ => self.view_of_shared(),
        }
    }

    fn view_of_shared(&self) -> &[Value] {
        let (array, start, len) = self.array();
        &array.latest().0.items[start..start + len]
    }

    fn take(&mut self, others: &mut Vec<Value>) {
        match self {
            Items::Whole(array) => array.take(others),
            Items::Part { of, .. } => {
                if let Some(items) = Rc::get_mut(of) {
                    items.take(others);
                }
            }
        }
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        if let Items::Whole(array) = self
            && (array.later.get().is_some() || array.items.iter().any(drop::nests))
        {
            let mut held = Vec::new();
            array.take(&mut held);
            drop::end(held);
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

    /// A slice of the given element type, as long as its array; each item must be of that type.
    pub fn of(elem: Elem, items: Vec<Value>) -> List {
        // Whoever asks next hears of it.
        let _ = budget::make_many::<Value>(items.len());
        List { elem, spare: 0, items: Some(Rc::new(Items::Whole(Array::new(items)))) }
    }

    /// The nil slice of the given element type.
    pub fn nil(elem: Elem) -> List {
        List { elem, spare: 0, items: None }
    }

    /// The same with the room that Go gives a slice to which items are appended one by one.
    pub fn grown(self) -> List {
        self.grown_from(0)
    }

    /// The same, if its array was made for so many items.
    pub fn grown_from(self, capacity: usize) -> List {
        let capacity = slices::grown(capacity, self.len(), self.elem.layout());
        self.with_capacity(capacity)
    }

    /// The same with the room that Go gives a slice of so many items to which the rest is appended at once.
    pub fn appended_to(self, capacity: usize) -> List {
        let len = self.len();
        let capacity =
            if len > capacity { slices::grow(capacity, len, self.elem.layout()) } else { capacity };
        self.with_capacity(capacity)
    }

    /// The same with an array that has room for so many items.
    pub fn with_capacity(mut self, capacity: usize) -> List {
        self.spare = u32::try_from(capacity.saturating_sub(self.len())).unwrap_or(u32::MAX);
        self
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
    #[inline]
    pub fn items(&self) -> &[Value] {
        self.items.as_ref().map_or(&[], |items| items.view())
    }

    /// The items, not copied where nobody else holds them.
    pub fn into_items(self) -> Vec<Value> {
        let Some(mut items) = self.items else { return Vec::new() };
        match Rc::get_mut(&mut items) {
            Some(Items::Whole(array)) if array.later.get().is_none() => std::mem::take(&mut array.items),
            _ => items.view().to_vec(),
        }
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.items().len()
    }

    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.items().is_empty()
    }

    /// How long the slice can be made without another array.
    pub fn capacity(&self) -> usize {
        self.len() + self.spare as usize
    }

    /// The part from `start` to `end`, which shares the array; `None` where that is beyond the capacity.
    /// Go: `reflect.Value.Slice`.
    pub fn slice(&self, start: usize, end: usize) -> Option<List> {
        let capacity = self.capacity();
        if start > end || end > capacity {
            return None;
        }
        let Some(items) = &self.items else { return Some(self.clone()) };
        let (array, offset, len) = items.array();
        if end > len {
            let now = &array.latest().0.items;
            if now.len() < offset + end {
                // What lies beyond the length was never written to.
                let missing = offset + capacity - now.len();
                let zeros = std::iter::repeat_n(self.elem.zero(), missing);
                array.become_(now.iter().cloned().chain(zeros).collect());
            }
        }
        let of = match items.as_ref() {
            Items::Whole(_) => items.clone(),
            Items::Part { of, .. } => of.clone(),
        };
        let part = Items::Part { of, start: offset + start, len: end - start };
        let part = List { elem: self.elem, spare: 0, items: Some(Rc::new(part)) };
        Some(part.with_capacity(capacity - start))
    }

    /// Sorts a list of strings for everybody who shares its array, as Go's `sort.StringSlice` does: the one change that a
    /// function (`sortAlpha`) makes to a list that others may hold.
    ///
    /// # Errors
    /// A text, if that happened too often already.
    pub fn sort(&self) -> Result<(), String> {
        let Some(items) = &self.items else { return Ok(()) };
        if self.items().is_sorted_by_key(Value::as_text) {
            return Ok(());
        }
        let (array, start, len) = items.array();
        let (latest, changes) = array.latest();
        if changes >= MOST_CHANGES || changes * latest.items.len() > MOST_COPIED {
            return Err(format!(
                "a list of {} strings was sorted in parts more than {changes} times",
                latest.items.len()
            ));
        }
        budget::make_many::<Value>(latest.items.len()).map_err(|over| over.to_string())?;
        let mut sorted = latest.items.clone();
        sorted[start..start + len].sort_by(|a, b| a.as_text().cmp(&b.as_text()));
        array.become_(sorted);
        Ok(())
    }

    /// Moves the items to the others if nobody else holds the list.
    pub(super) fn take_if_last(mut self, others: &mut Vec<Value>) {
        if let Some(items) = &mut self.items
            && let Some(items) = Rc::get_mut(items)
        {
            items.take(others);
        }
    }

    /// An address that is the same for two lists that show the same.
    pub fn address(&self) -> usize {
        self.items.as_ref().map_or(0, |items| Rc::as_ptr(items).addr())
    }

    /// Where its first item lies: in which array and where in it.
    pub fn place(&self) -> (usize, usize) {
        match self.items.as_deref() {
            Some(Items::Part { of, start, .. }) => (Rc::as_ptr(of).addr(), *start),
            _ => (self.address(), 0),
        }
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.items()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_share_their_array() {
        let list = List::strings(["c", "b", "a"]).grown();
        let part = list.slice(1, 4).unwrap();
        assert!(part.slice(0, 4).is_none());
        part.sort().unwrap();
        assert_eq!(
            format!("{list:?} {part:?}"),
            r#"[Str("c"), Str(""), Str("a")] [Str(""), Str("a"), Str("b")]"#
        );
        assert!(List::nil(Elem::Any).slice(0, 0).unwrap().is_nil());
    }

    #[test]
    fn deep_parts_end() {
        let mut deep = Value::Nil;
        for _ in 0..100_000 {
            deep = Value::List(List::any(vec![deep, Value::Nil]).slice(0, 1).unwrap());
        }
        drop(deep);
    }

    #[test]
    fn sorting_in_parts_ends() {
        let list = List::strings((0..200).rev().map(|n| format!("{n:03}")));
        let swap = |at| list.slice(at, at + 2).unwrap().sort();
        let outcome = (0..200).flat_map(|round| (0..199 - round).map(swap)).find_map(Result::err);
        assert_eq!(outcome.unwrap(), "a list of 200 strings was sorted in parts more than 1000 times");
    }
}
