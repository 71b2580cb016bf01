//! Texts of `Chart.yaml`, as Helm makes them clean and as templates see them.

use crate::go::unicode;
use crate::value::{List, Value};

/// Each space character becomes a blank, each character that cannot be printed goes. Helm: `sanitizeString`.
pub(super) fn sanitize(text: &str) -> String {
    text.chars()
        .filter_map(|c| if unicode::is_space(c) { Some(' ') } else { unicode::is_print(c).then_some(c) })
        .collect()
}

/// A `[]interface {}` of strings.
pub(super) fn strings(texts: &[String]) -> Value {
    Value::List(List::any(texts.iter().map(|text| Value::from(text.as_str())).collect()))
}
