//! Values in sentences.

use serde_json::Value;

/// The most characters of a value in a sentence.
const LONGEST: usize = 72;

/// A value as JSON on a line, cut where it is long.
pub fn brief(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
