//! Splits rendered text into YAML documents exactly as Helm does: by pattern, not by parsing, so that a chart's odd
//! output (`---apiVersion: v1`) falls apart as its author is used to. [`split`] is the entry.

use std::ops::Range;

/// Which Helm to follow. NVCF's service renders with Helm 3's libraries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HelmVersion {
    /// Helm 4.3.1: a separator stands at the start of a line; what follows a document's last line stays.
    #[default]
    Helm4,
    /// Helm 3.18.5: a separator takes the space around it; documents are trimmed.
    Helm3,
}

/// Where the documents are in the text, in order; those of nothing but space are left out.
///
/// Helm 4.3.1 and 3.18.5: release/util/manifest.go `SplitManifests`.
pub fn split(text: &str, helm: HelmVersion) -> Vec<Range<usize>> {
    let (separators, whole) = match helm {
        HelmVersion::Helm4 => {
            let start = text.len() - text.trim_start().len();
            (separators_4(text, start), start..text.len())
        }
        HelmVersion::Helm3 => {
            let start = text.len() - text.trim_start().len();
            let end = start + text.trim().len();
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
fn trimmed(text: &str, range: Range<usize>, helm: HelmVersion) -> Range<usize> {
    let document = &text[range.clone()];
    let start = range.end - document.trim_start().len();
    match helm {
        HelmVersion::Helm4 => start..range.end,
        HelmVersion::Helm3 => start..start + document.trim().len(),
    }
}

/// `(?m)^---[ \t]*` from `start`.
fn separators_4(text: &str, start: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut line = start;
    while line < bytes.len() {
        if bytes[line..].starts_with(b"---") {
            let blanks = bytes[line + 3..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            found.push(line..line + 3 + blanks);
        }
        match text[line..].find('\n') {
            Some(end) => line += end + 1,
            None => break,
        }
    }
    found
}

/// `(?:^|\s*\n)---\s*` from `start`, `^` being the start only.
fn separators_3(text: &str, start: usize) -> Vec<Range<usize>> {
    let is_space = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ');
    let bytes = text.as_bytes();
    let after = |dashes: usize| {
        let end = dashes + 3;
        end + bytes[end..].iter().take_while(|byte| is_space(byte)).count()
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = start;
    if bytes[start..].starts_with(b"---") {
        from = after(start);
        found.push(start..from);
    }
    while let Some(at) = text[from..].find("\n---") {
        let newline = from + at;
        let space = bytes[from..newline].iter().rev().take_while(|byte| is_space(byte)).count();
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
