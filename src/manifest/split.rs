//! Splits rendered text into YAML documents exactly as Helm does: by pattern, not by parsing, so that a chart's odd
//! output (`---apiVersion: v1`) falls apart as its author is used to. [`split`] is the entry.

use std::ops::Range;

use crate::go::bytes::{index, trim_space, trim_space_start};
use crate::helm::HelmVersion;

/// Where the documents are in the text, in order; those of nothing but space are left out. To Helm 4 a separator stands at the
/// start of a line, and what follows a document's last line stays; to Helm 3 it takes the space around it, and documents are
/// trimmed.
///
/// Helm 4.3.1 and 3.18.5: release/util/manifest.go `SplitManifests`.
pub fn split(text: impl AsRef<[u8]>, helm: HelmVersion) -> Vec<Range<usize>> {
    let text = text.as_ref();
    let start = text.len() - trim_space_start(text).len();
    let (separators, whole) = match helm {
        HelmVersion::Helm4 => (separators_4(text, start), start..text.len()),
        HelmVersion::Helm3 => {
            let end = start + trim_space(text).len();
            (separators_3(&text[..end], start), start..end)
        }
    };
    let mut documents = Vec::with_capacity(separators.len() + 1);
    let mut start = whole.start;
    for separator in separators.into_iter().chain(std::iter::once(whole.end..whole.end)) {
        let document = trimmed(text, start..separator.start, helm);
        if !document.is_empty() {
            documents.push(document);
        }
        start = separator.end;
    }
    documents
}

/// A document without the space at its start, and with Helm 3 at its end; empty if it is nothing but space.
fn trimmed(text: &[u8], range: Range<usize>, helm: HelmVersion) -> Range<usize> {
    let document = &text[range.clone()];
    let start = range.end - trim_space_start(document).len();
    match helm {
        HelmVersion::Helm4 => start..range.end,
        HelmVersion::Helm3 => start..start + trim_space(document).len(),
    }
}

/// `(?m)^---[ \t]*` from `start`.
fn separators_4(text: &[u8], start: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut line = start;
    while line < text.len() {
        if text[line..].starts_with(b"---") {
            let blanks = text[line + 3..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            found.push(line..line + 3 + blanks);
        }
        match memchr::memchr(b'\n', &text[line..]) {
            Some(end) => line += end + 1,
            None => break,
        }
    }
    found
}

/// `(?:^|\s*\n)---\s*` from `start`, `^` being the start only.
fn separators_3(text: &[u8], start: usize) -> Vec<Range<usize>> {
    let is_space = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ');
    let after = |dashes: usize| {
        let end = dashes + 3;
        end + text[end..].iter().take_while(|byte| is_space(byte)).count()
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = start;
    if text[start..].starts_with(b"---") {
        from = after(start);
        found.push(start..from);
    }
    while let Some(at) = index(&text[from..], b"\n---") {
        let newline = from + at;
        let space = text[from..newline].iter().rev().take_while(|byte| is_space(byte)).count();
        let end = after(newline + 1);
        found.push(newline - space..end);
        from = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(text: &str, helm: HelmVersion) -> Vec<&str> {
        split(text, helm).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn helm_4_keeps_what_ends_a_document() {
        let text = "\n\n---\na: 1\n\n---  \n\n--- # note\nb: 2\n---c: 3\n ---\nd: |\n  x\n\n";
        assert_eq!(
            documents(text, HelmVersion::Helm4),
            ["a: 1\n\n", "# note\nb: 2\n", "c: 3\n ---\nd: |\n  x\n\n"]
        );
        assert_eq!(documents("", HelmVersion::Helm4), [""; 0]);
        assert_eq!(documents("---\n---\r\n---", HelmVersion::Helm4), [""; 0]);
        assert_eq!(documents("a\n----\nb", HelmVersion::Helm4), ["a\n", "-\nb"]);
    }

    #[test]
    fn helm_3_trims_documents() {
        let text = "\n\n---\na: 1\n\n---  \n\nb: 2\n---c: 3\n ---\nd: |\n  x\n\n";
        assert_eq!(documents(text, HelmVersion::Helm3), ["a: 1", "b: 2", "c: 3\n ---\nd: |\n  x"]);
        assert_eq!(documents("---\n---\na", HelmVersion::Helm3), ["---\na"]);
    }
}
