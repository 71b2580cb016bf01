//! [`misread`]: what a values file says that is read as something else than it looks like: words of YAML 1.1, numbers that
//! are not printed as they are written.

use crate::path::FieldPath;
use crate::source::Span;
use crate::yaml::{Data, Node};

/// Something that is read otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Misread {
    /// Where a user sets it.
    pub path: FieldPath,
    /// As it is written.
    pub written: String,
    /// What is read, as templates print it.
    pub read: String,
    /// How it came about.
    pub slip: Slip,
    /// The line in the file.
    pub line: usize,
    /// The column in it.
    pub column: usize,
}

/// How something came to be read otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// A key that is a word for true or false.
    Key,
    /// A word for true or false.
    Word,
    /// A number in another notation.
    Notation,
    /// A version that is a number.
    Version,
}

/// What is read otherwise of a values file, of its documents with the places where they begin.
pub fn misread(text: &str, documents: &[(usize, Node)]) -> Vec<Misread> {
    // Most files hold nothing of that kind.
    if !text.lines().any(is_suspicious) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (start, node) in documents {
        Walk { text, start: *start }.node(node, &FieldPath::root(), "", &mut found);
    }
    found
}

/// Whether a line may hold something of that kind.
fn is_suspicious(line: &str) -> bool {
    let line = line.trim().trim_start_matches("- ");
    let (key, value) = line.split_once(": ").unwrap_or((line.trim_end_matches(':'), line));
    let value = value.split(" #").next().unwrap_or_default().trim();
    let is_number = value.starts_with(|c: char| c.is_ascii_digit())
        && (value.starts_with('0') && value.len() > 1
            || value.contains('_')
            || value.ends_with('0') && value.contains('.'));
    is_word(key.trim()) || is_word(value) || is_number || line.contains(['{', '['])
}

/// The words for true and false that are not these two.
fn is_word(text: &str) -> bool {
    ["yes", "no", "on", "off", "y", "n"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

struct Walk<'a> {
    text: &'a str,
    start: usize,
}

impl Walk<'_> {
    fn node(&self, node: &Node, path: &FieldPath, key: &str, found: &mut Vec<Misread>) {
        match &node.data {
            Data::Map(entries) => {
                for entry in entries {
                    let path = path.key(entry.key.as_str());
                    let written = self.written(entry.key_span);
                    if written != entry.key && is_word(written) {
                        found.push(self.told(&path, entry.key_span, entry.key.clone(), Slip::Key));
                    }
                    self.node(&entry.value, &path, &entry.key, found);
                }
            }
            Data::Seq(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.node(item, &path.index(at), key, found);
                }
            }
            Data::Bool(truth) if is_word(self.written(node.span)) => {
                found.push(self.told(path, node.span, truth.to_string(), Slip::Word));
            }
            Data::Int(number) => {
                let written = self.written(node.span).trim_start_matches('-');
                let is_other = written.len() > 1 && written.starts_with('0') || written.contains('_');
                if is_other && !is_mode(key) {
                    found.push(self.told(path, node.span, number.to_string(), Slip::Notation));
                }
            }
            Data::Float(number) => {
                let written = self.written(node.span);
                let is_version = written.ends_with('0')
                    && written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
                if is_version && is_version_key(key) {
                    found.push(self.told(path, node.span, number.to_string(), Slip::Version));
                }
            }
            _ => {}
        }
    }

    fn written(&self, span: Span) -> &str {
        let range = span.range();
        self.text.get(self.start + range.start..self.start + range.end).unwrap_or_default().trim()
    }

    fn told(&self, path: &FieldPath, span: Span, read: String, slip: Slip) -> Misread {
        let at = self.start + span.start as usize;
        let before = &self.text[..at.min(self.text.len())];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Misread {
            path: path.clone(),
            written: self.written(span).to_owned(),
            read,
            slip,
            line: before.matches('\n').count() + 1,
            column: before.len() - line_start + 1,
        }
    }
}

/// Whether a key is about permissions, which are written so.
fn is_mode(key: &str) -> bool {
    let key = key.to_lowercase();
    ["mode", "umask", "perm"].iter().any(|word| key.contains(word))
}

/// Whether a key is about a version, of which `1.20` is not `1.2`.
fn is_version_key(key: &str) -> bool {
    let key = key.to_lowercase();
    ["version", "tag", "release", "revision"].iter().any(|word| key.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn told(text: &str) -> Vec<String> {
        misread(text, &[(0, yaml::parse(text).unwrap())])
            .into_iter()
            .map(|it| format!("{} {}={} {:?} {}", it.path, it.written, it.read, it.slip, it.line))
            .collect()
    }

    #[test]
    fn words_and_numbers_that_are_read_otherwise_are_told() {
        let text = "on: push\ncountry: NO\nimage:\n  tag: 1.20 # c\nids: [0123, 12]\ncount: 1_000\n";
        let wanted = [
            "true on=true Key 1",
            "country NO=false Word 2",
            "image.tag 1.20=1.2 Version 4",
            "ids[0] 0123=83 Notation 5",
            "count 1_000=1000 Notation 6",
        ];
        assert_eq!(told(text), wanted);
    }

    #[test]
    fn what_is_meant_is_not_told() {
        let text = "a: true\ndefaultMode: 0644\nb: \"no\"\ncpu: 0.50\nc: 0\ntag: \"1.20\"\nd: 0.0.1\nenabled: false\n";
        assert_eq!(told(text), [""; 0]);
    }
}
