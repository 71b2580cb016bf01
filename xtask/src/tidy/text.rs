//! What is looked at in the text of a file alone: that it opens with a paragraph, and that it is not too long. How long a
//! function may be is in `clippy.toml`.

use super::breach::Breach;
use super::source::Source;

/// No file is longer, in lines.
const LONGEST: usize = 900;

/// The breaches of a file.
pub fn check(source: &Source) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let first = source.text.lines().next().unwrap_or_default();
    // The text about a rule stands once, in its declaration.
    let is_rule = source.path.starts_with("src/rules/") && source.text.contains("declare_rule! {");
    if !is_rule && first.strip_prefix("//!").is_none_or(|text| text.trim().is_empty()) {
        let wanted =
            "open the file with a `//!` paragraph: what it does, what it does not, what to read first";
        breaches.push(Breach::new(&source.path, 1, wanted));
    }
    let lines = source.text.lines().count();
    if lines > LONGEST {
        let text = format!("{lines} lines, {LONGEST} is the limit: split it");
        breaches.push(Breach::new(&source.path, LONGEST + 1, text));
    }
    breaches
}
