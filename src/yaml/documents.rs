//! [`Documents`]: a text as the documents that Kubernetes' reader takes it for, which is how Helm reads values files, and
//! lint what templates render to; rendering splits in another way. Go: k8s.io/apimachinery util/yaml `YAMLReader`.

use std::fmt;
use std::ops::Range;

/// The documents of a text.
#[derive(Clone, Debug)]
pub struct Documents {
    /// The text with `\n` at the end of each line.
    pub text: Vec<u8>,
    /// Where its documents are, without the `---` lines between them.
    pub ranges: Vec<Range<usize>>,
    /// What is wrong after the last of them.
    pub error: Option<SeparatorError>,
}

/// A line that starts with `---` and goes on with something else than a comment. Its `Display` is Go's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeparatorError {
    /// What follows `---`.
    pub after: String,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for SeparatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid Yaml document separator: {}", self.after)
    }
}

impl std::error::Error for SeparatorError {}

impl Documents {
    /// Splits a text at lines that start with `---`. Go: `YAMLReader.Read`, until its end.
    pub fn split(text: &[u8]) -> Documents {
        let text = with_line_ends(text);
        let mut documents = Documents { text, ranges: Vec::new(), error: None };
        let (mut start, mut at) = (0, 0);
        let mut line_number = 0;
        while at < documents.text.len() {
            let line = &documents.text[at..];
            let line = &line[..memchr::memchr(b'\n', line).map_or(line.len(), |end| end + 1)];
            let end = at + line.len();
            line_number += 1;
            if let Some(after) = line.strip_prefix(b"---") {
                let after = String::from_utf8_lossy(after);
                let after = after.trim();
                if !after.is_empty() && !after.starts_with('#') {
                    documents.error = Some(SeparatorError { after: after.to_owned(), line: line_number });
                    return documents;
                }
                if start < at {
                    documents.ranges.push(start..at);
                    start = end;
                }
            }
            at = end;
        }
        if start < at {
            documents.ranges.push(start..at);
        }
        documents
    }

    /// The first document alone, as YAML has it, whatever follows. Go: `yaml.Unmarshal`.
    pub fn first(text: &[u8]) -> Documents {
        let first = 0..super::first_document(text).len();
        Documents { text: text.to_vec(), ranges: Vec::from([first]), error: None }
    }

    /// The documents one by one.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.ranges.iter().map(|range| &self.text[range.clone()])
    }

    /// How many lines stand before the offset.
    pub fn lines_before(&self, offset: usize) -> usize {
        self.text[..offset].split(|byte| *byte == b'\n').count() - 1
    }
}

/// Each line ended by `\n` alone, the last one too.
fn with_line_ends(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 1);
    let mut start = 0;
    for at in memchr::memchr_iter(b'\r', text) {
        if text.get(at + 1).is_none_or(|next| *next == b'\n') {
            out.extend_from_slice(&text[start..at]);
            start = at + 1;
        }
    }
    out.extend_from_slice(&text[start..]);
    if out.last().is_some_and(|byte| *byte != b'\n') {
        out.push(b'\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_as_helm_does() {
        let split = |text: &str| {
            let documents = Documents::split(text.as_bytes());
            let parts = documents.iter().map(|part| String::from_utf8_lossy(part).into_owned());
            (parts.collect::<Vec<_>>(), documents.error.is_some())
        };
        assert_eq!(split("a: 1\r\n--- # x\nb: 2"), (vec!["a: 1\n".into(), "b: 2\n".into()], false));
        assert_eq!(split("---\na: 1\n---\n---\n"), (vec!["---\na: 1\n".into(), "---\n".into()], false));
        assert_eq!(split("a: 1\n---b\n"), (vec![], true));
        assert_eq!(split(""), (vec![], false));
    }
}
