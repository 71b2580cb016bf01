//! Sprig's string functions.

use crate::func;
use crate::template::func::Func;
use crate::value::Str;

/// The table of this family.
pub const FUNCS: &[Func] =
    &[func!("upper", "upper STRING: in upper case (sprig: functions.go upper)", upper(str))];

fn upper(text: &Str) -> Str {
    text.to_str().to_uppercase().into()
}
