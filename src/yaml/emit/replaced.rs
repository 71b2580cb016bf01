//! Text as UTF-8.

use std::borrow::Cow;

use crate::go::runes;
use crate::value::Str;

/// The text of a string as UTF-8, if that is not what it is.
pub(super) fn replaced(text: &Str) -> Cow<'_, str> {
    runes::to_valid(text.as_bytes())
}
