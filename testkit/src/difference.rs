//! How two texts differ, as a person wants to read it.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

/// Nothing if the texts are equal; otherwise a diff in which what is invisible shows.
pub fn compare(what: &str, wanted: &str, got: &str) -> Result<(), String> {
    if wanted == got {
        return Ok(());
    }
    let mut text = format!("{what} differs (- recorded, + ours)\n");
    let diff = TextDiff::from_lines(wanted, got);
    for group in diff.grouped_ops(3) {
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            let _ = writeln!(text, "{sign} {}", visible(change.value()));
        }
        text.push_str("  …\n");
    }
    Err(text)
}

/// A line with its spaces at the end, carriage returns and missing line break made visible (`·`, `→`, `␍`, `⌿`).
fn visible(line: &str) -> String {
    let (line, end) = match line.strip_suffix('\n') {
        Some(line) => (line, ""),
        None => (line, "⌿"),
    };
    let body = line.trim_end_matches([' ', '\t', '\r']);
    let tail = line[body.len()..].replace(' ', "·").replace('\t', "→").replace('\r', "␍");
    format!("{body}{tail}{end}")
}
