//! A field that an object does not have: the line of a template beside which it can be written, or the value of which a
//! condition nearby says that it prints the map around it.

use std::ops::Range;

use super::draft::{File, How, SourceEdit};
use super::place::{Place, Written, line_start};
use super::why::Why;
use crate::budget;
use crate::diagnostic::ValueOrigin;
use crate::path::{FieldPath, Step};
use crate::yaml::edit::{block, inline};
use crate::yaml::{Data, Found};

/// A field of the map around the one that is not there, on a line of its own.
struct Beside<'a> {
    written: Written,
    /// The text of its file.
    text: &'a str,
    indent: &'a str,
}

impl<'a> Beside<'a> {
    /// The lines of the map that it stands in, and where the first starts.
    fn map(&self) -> (usize, Vec<&'a str>) {
        let map = map_around(self.text, line_start(self.text, self.written.range.start), self.indent);
        // Whoever renders next hears of it.
        match budget::spend(map.len() as u64 / LOOKED_AT) {
            Ok(()) => (map.start, self.text[map].lines().collect()),
            Err(_) => (map.start, Vec::new()),
        }
    }

    /// Whether a line has the key at its indentation.
    fn says(&self, line: &str, key: &str) -> bool {
        let rest = line.strip_prefix(self.indent).and_then(|rest| rest.strip_prefix(key));
        rest.is_some_and(|rest| rest.starts_with(':'))
    }
}

/// How many bytes of a text are looked at in a unit of work.
const LOOKED_AT: u64 = 16;

impl<'a> Place<'a> {
    /// The edit that writes a field into the map in which it is missing: before the first of those that are always there.
    pub(super) fn insert(
        &self,
        full: &FieldPath,
        found: &Found<'_>,
        value: &serde_json::Value,
    ) -> Result<Option<SourceEdit>, Why> {
        let Some(new) = nested(&full.steps()[found.depth..], value) else { return Ok(None) };
        if is_empty_map(found) {
            let Some(Written { file, range }) = self.written(found.node.span.range())? else {
                return Ok(None);
            };
            return Ok(Some(SourceEdit { file: File::Chart(file), how: How::Splice(range, inline(&new)) }));
        }
        let Some(beside) = self.beside(found)? else { return Ok(None) };
        let key = full.steps()[found.depth].as_key().into_owned();
        let (start, lines) = beside.map();
        let other = lines.iter().position(|line| beside.says(line, &key));
        let Beside { written: Written { file, range }, text, indent } = beside;
        if let Some(at) = other {
            let line = text[..start].matches('\n').count() + at + 1;
            return Err(Why::Elsewhere { file, line, key });
        }
        let lines = block(&new).lines().map(|line| format!("{indent}{line}\n")).collect();
        let at = above_comments(text, line_start(text, range.start), indent);
        Ok(Some(SourceEdit { file: File::Chart(file), how: How::Splice(at..at, lines) }))
    }

    /// The first entry of a map that stands on a line of its own and depends on the fewest conditions.
    fn beside(&self, found: &Found<'_>) -> Result<Option<Beside<'a>>, Why> {
        let mut best: Option<(usize, Beside<'a>)> = None;
        for entry in found.node.entries() {
            let Some(written) = self.written(entry.key_span.range())? else { continue };
            let Some(text) = self.source(&written.file) else { continue };
            let indent = &text[line_start(text, written.range.start)..written.range.start];
            if !indent.trim().is_empty() {
                continue;
            }
            let at = self.document.offset + entry.key_span.start as usize;
            let conditions = self.origins.range(&self.document.template, at..at + 1).origin.conditions.len();
            if best.as_ref().is_none_or(|(fewest, _)| conditions < *fewest) {
                best = Some((conditions, Beside { written, text, indent }));
            }
        }
        Ok(best.map(|(_, beside)| beside))
    }

    /// The edits of values of which a line nearby says that they print the map that is missing: `with .Values.a` before the
    /// line of its key, or `toYaml .Values.a` behind it.
    pub(super) fn conditions(
        &self,
        full: &FieldPath,
        found: &Found<'_>,
        value: &serde_json::Value,
    ) -> Vec<Result<Option<SourceEdit>, Why>> {
        let Ok(Some(beside)) = self.beside_anywhere(found) else { return Vec::new() };
        let missing = &full.steps()[found.depth..];
        let Some((key, below)) = missing.split_first() else { return Vec::new() };
        let (_, lines) = beside.map();
        // The line itself and its neighbours, each of which may name the value.
        let around = |at: usize| lines.iter().take(at + 2).skip(at.saturating_sub(2));
        let key = key.as_key();
        let near = (0..lines.len()).filter(|at| beside.says(lines[*at], &key)).flat_map(around);
        let mut proposals: Vec<Result<Option<SourceEdit>, Why>> = Vec::new();
        for named in near.flat_map(|line| named_values(line)) {
            let key = named.join(&FieldPath::new(below.to_vec()));
            let origin: ValueOrigin = self.origins.value(&self.document.template, &key);
            let path = origin.path.clone();
            let proposal = self.set_value(&origin, path, Some(value)).map(Some);
            if !proposals.contains(&proposal) {
                proposals.push(proposal);
            }
        }
        proposals
    }

    /// As [`Place::beside`], whatever may be changed.
    fn beside_anywhere(&self, found: &Found<'_>) -> Result<Option<Beside<'a>>, Why> {
        let anywhere = Place { scope: super::place::Scope::Folder, ..*self };
        anywhere.beside(found)
    }
}

fn is_empty_map(found: &Found<'_>) -> bool {
    matches!(&found.node.data, Data::Map(entries) if entries.is_empty())
}

/// The value below a way of keys.
fn nested(steps: &[Step], value: &serde_json::Value) -> Option<serde_json::Value> {
    steps.iter().rev().try_fold(value.clone(), |value, step| match step {
        Step::Key(key) => Some(serde_json::Value::Object([(key.clone(), value)].into_iter().collect())),
        Step::Index(_) | Step::Item(_) => None,
    })
}

/// The lines around an offset that can say fields of the same map: as far as they are indented as deep, or steer.
fn map_around(text: &str, offset: usize, indent: &str) -> Range<usize> {
    let belongs = |line: &str| {
        let content = line.trim_start();
        content.is_empty() || content.starts_with("{{") || line.len() - content.len() >= indent.len()
    };
    let mut start = line_start(text, offset);
    while let Some(above) = start.checked_sub(1).map(|end| line_start(text, end)) {
        if !belongs(&text[above..start]) {
            break;
        }
        start = above;
    }
    let lines = text[offset..].split_inclusive('\n');
    let end = offset + lines.take_while(|line| belongs(line)).map(str::len).sum::<usize>();
    start..end
}

/// The start of the line, or of the comments right above it.
fn above_comments(text: &str, mut start: usize, indent: &str) -> usize {
    while start > 0 {
        let above = line_start(text, start - 1);
        if !text[above..start].strip_prefix(indent).is_some_and(|rest| rest.starts_with('#')) {
            break;
        }
        start = above;
    }
    start
}

/// The values that a line of a template names: `.Values.a.b`.
fn named_values(line: &str) -> Vec<FieldPath> {
    let names = line.match_indices(".Values.").filter_map(|(at, word)| {
        let rest = &line[at + word.len()..];
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
        let keys: Vec<&str> = rest[..end].split('.').collect();
        keys.iter().all(|key| !key.is_empty()).then(|| FieldPath::root().keys(&keys))
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_a_map_end_where_its_item_does() {
        let text = "a:\n- x: 1\n  {{- if .a }}\n  y: 1\n\n  # z\n{{- end }}\n    w: 2\n- x: 2\n  y: 2\n---\n";
        let at = text.find("y: 1").expect("it stands there");
        let around = |indent: &str| &text[map_around(text, line_start(text, at), indent)];
        assert_eq!(around("  "), "  {{- if .a }}\n  y: 1\n\n  # z\n{{- end }}\n    w: 2\n");
        assert_eq!(around(""), text);
    }
}
