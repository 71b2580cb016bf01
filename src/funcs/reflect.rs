//! Sprig's questions about the types of values.

use crate::func;
use crate::template::func::Func;
use crate::value::compare::deep_equal as values_equal;
use crate::value::{Str, Value};

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("typeOf", "typeOf VALUE: the name of its type (sprig: reflect.go typeOf)", type_of(any) => Looks Type),
    func!(
        "typeIs",
        "typeIs NAME VALUE: whether that is its type (sprig: reflect.go typeIs)",
        type_is(str, any) => Looks Type
    ),
    func!(
        "typeIsLike",
        "typeIsLike NAME VALUE: typeIs, or a pointer to it (sprig: reflect.go typeIsLike)",
        type_is_like(str, any) => Looks Type
    ),
    func!("kindOf", "kindOf VALUE: the name of its kind (sprig: reflect.go kindOf)", kind_of(any) => Looks Type),
    func!(
        "kindIs",
        "kindIs NAME VALUE: whether that is its kind (sprig: reflect.go kindIs)",
        kind_is(str, any) => Looks Type
    ),
    func!(
        "deepEqual",
        "deepEqual A B: whether they are equal in type and content (Go: reflect.DeepEqual)",
        deep_equal(any, any)
    ),
];

fn type_of(value: &Value) -> String {
    value.type_name().into_owned()
}

fn type_is(name: &Str, value: &Value) -> bool {
    *name == *value.type_name()
}

fn type_is_like(name: &Str, value: &Value) -> bool {
    let actual = value.type_name();
    *name == *actual || actual.strip_prefix('*').is_some_and(|pointed| *name == *pointed)
}

fn kind_of(value: &Value) -> &'static str {
    value.kind().name()
}

fn kind_is(name: &Str, value: &Value) -> bool {
    *name == *value.kind().name()
}

fn deep_equal(a: &Value, b: &Value) -> bool {
    values_equal(a, b)
}
