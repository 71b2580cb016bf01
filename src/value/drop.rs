//! Giving back what nests: lists and maps end one after the other and not one within the other, so that no depth of nesting
//! exhausts the stack.

use std::rc::Rc;

use super::Value;

/// Ends the values, and whatever they alone hold.
pub(super) fn end(mut values: Vec<Value>) {
    let mut found = Vec::new();
    while let Some(value) = values.pop() {
        match value {
            Value::List(list) => list.take_if_last(&mut found),
            Value::Map(map) => map.take_if_last(&mut found),
            _ => {}
        }
        values.append(&mut found);
    }
}

/// Whether the value holds others.
pub(super) fn nests(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Map(_))
}

/// What the last holder holds.
pub(super) fn last<T>(shared: &mut Option<Rc<T>>) -> Option<T> {
    shared.take().and_then(Rc::into_inner)
}
