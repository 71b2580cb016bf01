//! Sprig's functions that ask whether values are empty. Empty is what templates take for false: nil, zero, no items; a
//! struct is never empty.

use crate::func;
use crate::template::func::Func;
use crate::value::Value;

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("default", "default FALLBACK VALUE: VALUE unless it is empty (sprig: defaults.go dfault)", default(any; any) => Passes),
    func!("empty", "empty VALUE: whether it is (sprig: defaults.go empty)", empty(any) => Looks Truth),
    func!("coalesce", "coalesce VALUE...: the first that is not empty (sprig: defaults.go coalesce)", coalesce(; any) => Passes),
    func!("all", "all VALUE...: whether none is empty (sprig: defaults.go all)", all(; any) => Looks Truth),
    func!("any", "any VALUE...: whether one is not empty (sprig: defaults.go any)", any(; any) => Looks Truth),
    func!(
        "ternary",
        "ternary YES NO CONDITION: YES if it holds (sprig: defaults.go ternary)",
        ternary(any, any, bool) => Passes
    ),
];

fn default(fallback: &Value, given: &[Value]) -> Value {
    given.first().filter(|value| value.truth()).unwrap_or(fallback).clone()
}

fn empty(value: &Value) -> bool {
    !value.truth()
}

fn coalesce(values: &[Value]) -> Value {
    values.iter().find(|value| value.truth()).cloned().unwrap_or_default()
}

fn all(values: &[Value]) -> bool {
    values.iter().all(Value::truth)
}

fn any(values: &[Value]) -> bool {
    values.iter().any(Value::truth)
}

fn ternary(yes: &Value, no: &Value, condition: bool) -> Value {
    if condition { yes.clone() } else { no.clone() }
}
