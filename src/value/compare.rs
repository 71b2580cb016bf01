//! Equality of values as Go's `reflect.DeepEqual` has it. (`eq` and `lt` of templates are in `template::builtins`.)

use rustc_hash::FxHashSet;

use super::{List, Map, Value};

/// Go: `reflect.DeepEqual(a, b)`: dynamic types count, nil and empty slices differ, a NaN is not itself. Deep and cyclic
/// values are walked with a list of what is still to do, so that they cannot overflow the stack.
pub fn deep_equal(a: &Value, b: &Value) -> bool {
    let nests = |value: &Value| matches!(value, Value::List(_) | Value::Map(_));
    if !(nests(a) && nests(b)) {
        return leaves(a, b);
    }
    let mut pending = vec![(a.clone(), b.clone())];
    let mut visited = FxHashSet::default();
    while let Some((a, b)) = pending.pop() {
        let equal = match (&a, &b) {
            (Value::List(a), Value::List(b)) => lists(a, b, &mut pending, &mut visited),
            (Value::Map(a), Value::Map(b)) => maps(a, b, &mut pending, &mut visited),
            _ => leaves(&a, &b),
        };
        if !equal {
            return false;
        }
    }
    true
}

type Pending = Vec<(Value, Value)>;
type Visited = FxHashSet<(usize, usize)>;

fn lists(a: &List, b: &List, pending: &mut Pending, visited: &mut Visited) -> bool {
    if a.elem() != b.elem() || a.is_nil() != b.is_nil() || a.len() != b.len() {
        return false;
    }
    if a.place() != b.place() && visited.insert((a.address(), b.address())) {
        pending.extend(a.items().iter().cloned().zip(b.items().iter().cloned()).rev());
    }
    true
}

fn maps(a: &Map, b: &Map, pending: &mut Pending, visited: &mut Visited) -> bool {
    if a.type_name() != b.type_name() || a.is_nil() != b.is_nil() || a.len() != b.len() {
        return false;
    }
    if a.address() == b.address() || !visited.insert((a.address(), b.address())) {
        return true;
    }
    a.with(|cells| {
        cells.iter().all(|(key, value)| {
            let other = b.get(key);
            pending.extend(other.clone().map(|other| (value.clone(), other)));
            other.is_some()
        })
    })
}

fn leaves(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) | (Value::Int64(a), Value::Int64(b)) => a == b,
        (Value::Float64(a), Value::Float64(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::Sized(a), Value::Sized(b)) => a == b,
        (Value::Complex(re, im), Value::Complex(other_re, other_im)) => re == other_re && im == other_im,
        (Value::Object(a), Value::Object(b)) => a.equal(b.as_ref()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Elem;

    #[test]
    fn types_and_nil_count() {
        let list = |items: Vec<Value>| Value::List(List::any(items));
        assert!(deep_equal(&list(vec![Value::Int(1), Value::Nil]), &list(vec![Value::Int(1), Value::Nil])));
        assert!(!deep_equal(&Value::Int(1), &Value::Int64(1)));
        assert!(!deep_equal(&list(vec![]), &Value::List(List::nil(Elem::Any))));
        assert!(!deep_equal(&Value::Float64(f64::NAN), &Value::Float64(f64::NAN)));
    }

    #[test]
    fn cycles_and_depth_end() {
        let cycle = || {
            let map = Map::new();
            map.insert("a", Value::Map(map.clone()));
            map
        };
        let (a, b) = (cycle(), cycle());
        assert!(deep_equal(&Value::Map(a.clone()), &Value::Map(b.clone())));
        a.remove("a");
        b.remove("a");
    }
}
