//! Each file opens with a `//!` paragraph.

use super::Breach;
use super::source::Source;

/// Whether the first line of the file is one of its documentation.
pub fn check(source: &Source) -> Option<Breach> {
    let first = source.text.lines().next().unwrap_or_default();
    let opened = first.strip_prefix("//!").is_some_and(|text| !text.trim().is_empty());
    (!opened).then(|| {
        let wanted =
            "open the file with a `//!` paragraph: what it does, what it does not, what to read first";
        Breach::new(&source.path, 1, wanted)
    })
}
