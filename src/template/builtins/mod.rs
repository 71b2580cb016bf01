//! Go's built-in template functions. Go: text/template funcs.go. What needs the evaluator itself (`and`, `or`, `len`,
//! `call`) is in `exec::call`; comparison and escaping have files of their own.

mod compare;
mod escape;

use super::ast::Special;
use super::error::ErrorKind;
use super::func::{Context, Effect, Failure, Func};
use crate::func;
use crate::value::print::Endless;
use crate::value::{List, Number, Sized, Str, Type, Value, print};

/// The table.
pub const FUNCS: &[(Func, Special)] = &[
    (
        by_evaluator("and", "and VALUE...: the first false one, or the last (Go: funcs.go and)", true),
        Special::And,
    ),
    (by_evaluator("or", "or VALUE...: the first true one, or the last (Go: funcs.go or)", true), Special::Or),
    (by_evaluator("len", "len VALUE: its length (Go: funcs.go length)", false), Special::Len),
    (by_evaluator("call", "call FUNCTION VALUE...: its result (Go: funcs.go call)", true), Special::Call),
    (
        func!("not", "not VALUE: whether it is false (Go: funcs.go not)", not(reflect) => Looks Truth),
        Special::None,
    ),
    (
        func!("index", "index VALUE KEY...: the element there (Go: funcs.go index)", index(reflect; reflect) => Selects Keys
        ),
        Special::None,
    ),
    (
        func!("slice", "slice VALUE FROM TO: the part (Go: funcs.go slice)", slice(reflect; reflect)),
        Special::None,
    ),
    (func!("print", "print VALUE...: as text (Go: fmt.Sprint)", print(; any) => Edits Print), Special::None),
    (
        func!("printf", "printf FORMAT VALUE...: as text (Go: fmt.Sprintf)", printf(str; any) => Edits Printf
        ),
        Special::None,
    ),
    (
        func!("println", "println VALUE...: as a line (Go: fmt.Sprintln)", println(; any) => Edits Println
        ),
        Special::None,
    ),
    (
        func!("html", "html VALUE...: escaped for HTML (Go: HTMLEscaper)", html(; any) => Edits Lines),
        Special::None,
    ),
    (
        func!("js", "js VALUE...: escaped for JavaScript (Go: JSEscaper)", js(; any) => Edits Lines),
        Special::None,
    ),
    (
        func!("urlquery", "urlquery VALUE...: escaped for a URL (Go: URLQueryEscaper)", urlquery(; any) => Edits Lines),
        Special::None,
    ),
    (func!("eq", "eq A B...: whether A is one of B (Go: funcs.go eq)", eq(reflect; reflect)), Special::None),
    (func!("ne", "ne A B: whether they differ (Go: funcs.go ne)", ne(reflect, reflect)), Special::None),
    (func!("lt", "lt A B: whether A is less (Go: funcs.go lt)", lt(reflect, reflect)), Special::None),
    (func!("le", "le A B: whether A is not more (Go: funcs.go le)", le(reflect, reflect)), Special::None),
    (func!("gt", "gt A B: whether A is more (Go: funcs.go gt)", gt(reflect, reflect)), Special::None),
    (func!("ge", "ge A B: whether A is not less (Go: funcs.go ge)", ge(reflect, reflect)), Special::None),
];

/// A function of which the table holds no more than the parameters.
const fn by_evaluator(name: &'static str, doc: &'static str, variadic: bool) -> Func {
    fn never(_: &mut dyn Context, _: &[Value], _: &mut Value) -> Result<(), Failure> {
        Ok(())
    }
    let params: &[Type] = if variadic { &[Type::Reflect, Type::Reflect] } else { &[Type::Reflect] };
    Func { name, doc, params, variadic, effect: Effect::New, call: never }
}

fn not(value: &Value) -> bool {
    !value.truth()
}

fn print(values: &[Value]) -> Result<Str, Endless> {
    print::sprint_all(values)
}

fn printf(format: &Str, values: &[Value]) -> Result<Str, Endless> {
    print::sprintf(format, values)
}

fn println(values: &[Value]) -> Result<Str, Endless> {
    print::sprintln(values)
}

fn html(values: &[Value]) -> Result<Str, Failure> {
    Ok(escape::html(&eval_args(values)?)?)
}

fn js(values: &[Value]) -> Result<Str, Failure> {
    Ok(escape::js(&eval_args(values)?)?)
}

fn urlquery(values: &[Value]) -> Result<Str, Failure> {
    Ok(escape::url_query(&eval_args(values)?)?)
}

/// Go: funcs.go `evalArgs`: as `print`, but each value as an action would print it.
fn eval_args(values: &[Value]) -> Result<Str, Endless> {
    if let [Value::Str(text)] = values {
        return Ok(text.clone());
    }
    print::sprint_all(&values.iter().map(print::printable).collect::<Vec<_>>())
}

fn eq(first: &Value, others: &[Value]) -> Result<Value, Failure> {
    compare::eq(first, others).map(Value::Bool)
}

fn ne(a: &Value, b: &Value) -> Result<Value, Failure> {
    compare::eq(a, std::slice::from_ref(b)).map(|equal| Value::Bool(!equal))
}

fn lt(a: &Value, b: &Value) -> Result<Value, Failure> {
    compare::lt(a, b).map(Value::Bool)
}

fn le(a: &Value, b: &Value) -> Result<Value, Failure> {
    compare::le(a, b).map(Value::Bool)
}

fn gt(a: &Value, b: &Value) -> Result<Value, Failure> {
    compare::le(a, b).map(|less_or_equal| Value::Bool(!less_or_equal))
}

fn ge(a: &Value, b: &Value) -> Result<Value, Failure> {
    compare::lt(a, b).map(|less| Value::Bool(!less))
}

fn index(item: &Value, indexes: &[Value]) -> Result<Value, Failure> {
    let item = item.out_of_interface();
    if matches!(item, Value::Nil) {
        return Err(nil("index of untyped nil"));
    }
    match indexes {
        // What most calls are.
        [only] => index_once(item, only),
        _ => indexes.iter().try_fold(item.clone(), |item, index| index_once(&item, index)),
    }
}

fn index_once(item: &Value, index: &Value) -> Result<Value, Failure> {
    let index = index.out_of_interface();
    match item {
        Value::Nil => Err(nil("index of nil pointer")),
        Value::Str(text) => {
            let bytes = text.as_bytes();
            let byte = bytes.get(index_arg(index, bytes.len())?);
            byte.map(|byte| Value::Sized(Sized::Uint8(*byte))).ok_or_else(|| out_of_range("string"))
        }
        Value::Bytes(bytes) => {
            let bytes = bytes.as_deref().unwrap_or_default();
            let byte = bytes.get(index_arg(index, bytes.len())?);
            byte.map(|byte| Value::Sized(Sized::Uint8(*byte))).ok_or_else(|| out_of_range("slice"))
        }
        Value::List(list) => {
            let at = index_arg(index, list.len())?;
            list.items().get(at).cloned().ok_or_else(|| out_of_range("slice"))
        }
        Value::Map(map) => match index {
            Value::Str(key) => Ok(map.get(key).unwrap_or_else(|| map.elem().zero())),
            Value::Nil => Err(nil("value is nil; should be of type string")),
            other => Err(format!("value has type {}; should be string", other.type_name()).into()),
        },
        Value::Object(object) => match object.underlying() {
            Some(plain @ (Value::Map(_) | Value::List(_) | Value::Str(_))) => index_once(&plain, index),
            _ => Err(format!("can't index item of type {}", pointed_to(item)).into()),
        },
        other => Err(format!("can't index item of type {}", pointed_to(other)).into()),
    }
}

/// What Go's `reflect` panics with, one past the end.
fn out_of_range(what: &str) -> Failure {
    Failure::Kind(ErrorKind::OutOfRange, format!("reflect: {what} index out of range"))
}

fn nil(text: &str) -> Failure {
    Failure::Kind(ErrorKind::Nil { field: None }, text.to_owned())
}

/// The type behind a pointer, which Go follows first.
fn pointed_to(value: &Value) -> String {
    value.type_name().trim_start_matches('*').to_owned()
}

/// Go: funcs.go `indexArg`; the capacity itself passes, and is caught later.
fn index_arg(index: &Value, capacity: usize) -> Result<usize, Failure> {
    let (number, shown) = match index.number() {
        Some(Number::Signed(n)) => (usize::try_from(n).ok(), n),
        Some(Number::Unsigned(n)) => (usize::try_from(n as i64).ok(), n as i64),
        Some(Number::Float(_)) | None if matches!(index, Value::Nil) => {
            return Err(nil("cannot index slice/array with nil"));
        }
        _ => return Err(format!("cannot index slice/array with type {}", index.type_name()).into()),
    };
    number
        .filter(|n| *n <= capacity)
        .ok_or_else(|| Failure::Kind(ErrorKind::OutOfRange, format!("index out of range: {shown}")))
}

/// Hidden behind sprig's function of the same name in every table that has sprig's.
fn slice(item: &Value, indexes: &[Value]) -> Result<Value, Failure> {
    if indexes.len() > 3 {
        return Err(format!("too many slice indexes: {}", indexes.len()).into());
    }
    let len = match item {
        Value::Nil => return Err(nil("slice of untyped nil")),
        Value::Str(_) if indexes.len() == 3 => return Err("cannot 3-index slice a string".into()),
        Value::Str(text) => text.len(),
        Value::List(list) => list.len(),
        Value::Bytes(bytes) => bytes.as_deref().unwrap_or_default().len(),
        other => return Err(format!("can't slice item of type {}", pointed_to(other)).into()),
    };
    let mut bounds = [0, len, len];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        *bound = index_arg(index, len)?;
    }
    let [from, to, capacity] = bounds;
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}").into());
    }
    if to > capacity {
        return Err(format!("invalid slice index: {to} > {capacity}").into());
    }
    Ok(match item {
        Value::Str(text) => Value::Str(Str::from(&text.as_bytes()[from..to])),
        Value::Bytes(bytes) => Value::bytes(&bytes.as_deref().unwrap_or_default()[from..to]),
        Value::List(list) => Value::List(List::of(list.elem(), list.items()[from..to].to_vec())),
        _ => Value::Nil,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_what_sprig_hides() {
        let text = Value::from("abc");
        let cut = |indexes: &[i64]| slice(&text, &indexes.iter().map(|n| Value::Int(*n)).collect::<Vec<_>>());
        assert_eq!(cut(&[1, 2]).unwrap().as_text().unwrap(), &"b");
        assert_eq!(cut(&[3]).unwrap().as_text().unwrap(), &"");
        assert_eq!(cut(&[2, 1]).unwrap_err().to_string(), "invalid slice index: 2 > 1");
        assert_eq!(cut(&[4]).unwrap_err().to_string(), "index out of range: 4");
        assert_eq!(cut(&[0, 1, 2]).unwrap_err().to_string(), "cannot 3-index slice a string");
        assert_eq!(slice(&Value::Int(1), &[]).unwrap_err().to_string(), "can't slice item of type int");
    }
}
