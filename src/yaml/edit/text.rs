//! The changes of a text, each as the few bytes that it replaces. Whether what comes out says what it should is not looked
//! at here.

use std::ops::Range;

use serde_json::Value as Json;

use super::super::raw::Id;
use super::tree::{Form, Place, Tree};
use super::write::{block, in_style, inline, is_collection};

/// What is put in the place of a range of the text.
pub(super) type Splice = (Range<usize>, String);

/// A value to be written.
pub(super) enum Written {
    /// On a line, with the comment behind it.
    Inline(String),
    /// Lines, none of them indented further than the block.
    Block(Vec<String>),
}

impl Written {
    pub(super) fn of(value: &Json) -> Written {
        if is_collection(value) {
            Written::Block(block(value).lines().map(str::to_owned).collect())
        } else {
            Written::Inline(inline(value))
        }
    }
}

/// A text with its tree.
pub(super) struct Text<'t> {
    pub(super) text: &'t str,
    pub(super) tree: &'t Tree,
}

impl Text<'_> {
    /// The line break of the text.
    fn break_(&self) -> &'static str {
        let first = self.text.find('\n');
        let is_windows = first.is_some_and(|at| self.text[..at].ends_with('\r'));
        if is_windows { "\r\n" } else { "\n" }
    }

    /// Whether it is a map or list in brackets, perhaps behind an anchor or a tag.
    fn is_flow(&self, id: Id) -> bool {
        let mut written = self.written(id);
        while written.starts_with(['&', '!']) {
            written = written.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
        }
        matches!(self.tree.part(id).kind, Form::Map(_) | Form::List(_)) && written.starts_with(['{', '['])
    }

    fn written(&self, id: Id) -> &str {
        self.text.get(self.tree.part(id).span.range()).unwrap_or_default()
    }

    /// The end of what a node itself wrote, without the white space and comments that a parser counts to it.
    fn end(&self, id: Id) -> usize {
        let part = self.tree.part(id);
        let last = match &part.kind {
            Form::Map(entries) if !self.is_flow(id) => {
                entries.last().map(|(key, value)| self.end(*value).max(self.after_colon(*key)))
            }
            Form::List(items) if !self.is_flow(id) => items.last().map(|item| self.end(*item)),
            _ => None,
        };
        last.unwrap_or_else(|| {
            let start = part.span.start as usize;
            let written = self.written(id);
            start + written.trim_end_matches([' ', '\n', '\r', '\t']).len()
        })
    }

    /// Just after the colon of a key.
    fn after_colon(&self, key: Id) -> usize {
        let end = self.tree.part(key).span.end as usize;
        self.text.get(end..).and_then(|rest| rest.find(':')).map_or(end, |at| end + at + 1)
    }

    fn line_start(&self, offset: usize) -> usize {
        self.text[..offset].rfind('\n').map_or(0, |at| at + 1)
    }

    /// The end of the line that holds the offset, without its line break.
    fn line_end(&self, offset: usize) -> usize {
        let end = self.text[offset..].find('\n').map_or(self.text.len(), |at| offset + at);
        end - usize::from(self.text[offset..end].ends_with('\r'))
    }

    /// The start of the line after the one that holds the offset.
    fn next_line(&self, offset: usize) -> usize {
        self.text[offset..].find('\n').map_or(self.text.len(), |at| offset + at + 1)
    }

    /// How many columns stand before the offset; a dash counts like the space that it takes.
    fn column(&self, offset: usize) -> usize {
        let start = self.line_start(offset);
        let line = &self.text[start..offset];
        line.trim_start_matches('\u{feff}').chars().count()
    }

    fn start(&self, id: Id) -> usize {
        self.tree.part(id).span.start as usize
    }

    /// Where the value of an entry begins and ends; where none is written, just after the colon.
    fn value_range(&self, place: &Place<'_>) -> Range<usize> {
        let (start, end) = (self.start(place.node), self.end(place.node));
        let colon = place.key.map_or(0, |key| self.after_colon(key));
        if end <= start || start < colon {
            colon.max(start.min(end))..colon.max(start.min(end))
        } else {
            start..end
        }
    }

    /// Puts a scalar in the place of a scalar, in the same quotes.
    pub(super) fn rewrite(&self, place: &Place<'_>, value: &Json) -> Option<Splice> {
        let range = self.value_range(place);
        let old = &self.text[range.clone()];
        if old.is_empty() {
            return self.replace(place, &Written::of(value));
        }
        let is_scalar = matches!(self.tree.part(place.node).kind, Form::Scalar(_));
        // An anchor or a tag belongs to what stood there.
        (is_scalar && !old.starts_with(['&', '!', '|', '>'])).then(|| (range, in_style(value, old)))
    }

    /// Puts a value in the place of whatever stands there.
    pub(super) fn replace(&self, place: &Place<'_>, value: &Written) -> Option<Splice> {
        let range = self.value_range(place);
        let is_inside_flow = place.parent.is_some_and(|parent| self.is_flow(parent));
        match (value, place.key) {
            (Written::Inline(text), Some(key)) => {
                Some((self.after_colon(key)..range.end.max(self.after_colon(key)), format!(" {text}")))
            }
            (Written::Inline(text), None) => Some((range, text.clone())),
            (Written::Block(_), _) if is_inside_flow => None,
            (Written::Block(lines), Some(key)) => {
                let colon = self.after_colon(key);
                let column = self.column(self.start(key)) + 2;
                let block = self.lines(lines, column);
                Some((colon..range.end.max(colon), format!("{}{block}", self.break_())))
            }
            (Written::Block(lines), None) => {
                let column = self.column(range.start);
                Some((range, self.lines(lines, column).trim_start().to_owned()))
            }
        }
    }

    /// Lines with so many columns before them.
    fn lines(&self, lines: &[String], column: usize) -> String {
        let indented = |line: &String| {
            if line.is_empty() { String::new() } else { format!("{:column$}{line}", "") }
        };
        lines.iter().map(indented).collect::<Vec<_>>().join(self.break_())
    }

    /// Adds an entry at the end of the map at the place.
    pub(super) fn insert(&self, map: Id, key: &str, value: &Written) -> Option<Splice> {
        let Form::Map(entries) = &self.tree.part(map).kind else { return None };
        let key = inline(&key.into());
        let (first_key, _) = entries.first()?;
        let (last_key, last) = entries.last()?;
        let end = self.end(*last).max(self.after_colon(*last_key));
        if self.is_flow(map) {
            let Written::Inline(text) = value else { return None };
            // A comment would swallow what follows on the line.
            let is_safe = !text.contains(" #") || text.starts_with(['"', '\'']);
            return is_safe.then(|| (end..end, format!(", {key}: {text}")));
        }
        let column = self.column(self.start(*first_key));
        let entry = match value {
            Written::Inline(text) => format!("{:column$}{key}: {text}", ""),
            Written::Block(lines) => {
                format!("{:column$}{key}:{}{}", "", self.break_(), self.lines(lines, column + 2))
            }
        };
        let is_block_scalar = self.written(*last).starts_with(['|', '>']);
        let line_end = if is_block_scalar { end } else { self.line_end(end) };
        Some((line_end..line_end, format!("{}{entry}", self.break_())))
    }

    /// Gives a key another name, in the same quotes.
    pub(super) fn rename(&self, key: Id, name: &str) -> Option<Splice> {
        let range = self.tree.part(key).span.range();
        let old = self.text.get(range.clone())?;
        (!old.is_empty() && !old.starts_with(['&', '!', '?'])).then(|| (range, in_style(&name.into(), old)))
    }

    /// Takes an entry or an item out. The only one of a block leaves `{}` or `[]` behind.
    pub(super) fn remove(&self, place: &Place<'_>, above: Option<&Place<'_>>) -> Option<Vec<Splice>> {
        let parent = place.parent?;
        let start = place.key.map_or(self.start(place.node), |key| self.start(key));
        let siblings: Vec<(usize, usize)> = match &self.tree.part(parent).kind {
            Form::Map(entries) => entries
                .iter()
                .map(|(key, value)| (self.start(*key), self.end(*value).max(self.after_colon(*key))))
                .collect(),
            Form::List(items) => items.iter().map(|item| (self.start(*item), self.end(*item))).collect(),
            Form::Scalar(_) | Form::Alias(_) => return None,
        };
        let at = siblings.iter().position(|(sibling, _)| *sibling == start)?;
        let (_, end) = siblings[at];
        if self.is_flow(parent) {
            let range = match (siblings.get(at + 1), at) {
                (Some((next, _)), _) => start..*next,
                (None, 0) => start..end,
                (None, _) => siblings[at - 1].1..end,
            };
            return Some(vec![(range, String::new())]);
        }
        if siblings.len() == 1 {
            return self.empty(parent, above, start, end);
        }
        let line = self.line_start(start);
        let lead = self.text[line..start].trim_matches([' ', '\t', '\u{feff}']);
        let is_item = matches!(self.tree.part(parent).kind, Form::List(_));
        if lead.is_empty() || (lead == "-" && is_item) {
            return Some(vec![self.whole_lines(line, end)]);
        }
        // The first entry of a list item shares its line with the dash: the next entry moves up.
        let (next, _) = siblings.get(at + 1)?;
        Some(vec![(start..*next, String::new())])
    }

    /// The lines from one that starts there to the one that holds the end, taken out.
    fn whole_lines(&self, line: usize, end: usize) -> Splice {
        let next = self.next_line(end);
        // The last line has no line break: the one before loses its own.
        if next == self.text.len() && !self.text.ends_with('\n') {
            let before = self.text[..line].trim_end_matches('\n').len();
            let before = self.text[..before].strip_suffix('\r').map_or(before, str::len);
            return (before..next, String::new());
        }
        (line..next, String::new())
    }

    /// Takes the only entry of a block out.
    fn empty(&self, parent: Id, above: Option<&Place<'_>>, start: usize, end: usize) -> Option<Vec<Splice>> {
        let line = self.line_start(start);
        let is_alone = self.text[line..start].trim_matches([' ', '\t', '-', '\u{feff}']).is_empty();
        let rest = is_alone && !self.text[line..start].contains('-');
        let is_list = matches!(self.tree.part(parent).kind, Form::List(_));
        let Some(above) = above else {
            // Nothing is left of the document.
            return rest.then(|| vec![self.whole_lines(line, end)]);
        };
        let empty = if is_list { "[]" } else { "{}" };
        match above.key {
            Some(key) if self.line_start(self.start(key)) != line || !is_alone => {
                let colon = self.after_colon(key);
                let lines = self.whole_lines(line, end);
                (colon <= lines.0.start).then(|| vec![(colon..colon, format!(" {empty}")), lines])
            }
            // In an item of a list, behind its dash.
            None => Some(vec![(start..end, empty.to_owned())]),
            Some(_) => None,
        }
    }

    /// The value at a place as it is written, with the comment behind one on a line.
    pub(super) fn copy(&self, place: &Place<'_>) -> Option<Written> {
        let range = self.value_range(place);
        let written = &self.text[range.clone()];
        let is_block = match &self.tree.part(place.node).kind {
            Form::Map(_) | Form::List(_) => !self.is_flow(place.node),
            Form::Scalar(_) => written.starts_with(['|', '>']),
            Form::Alias(_) => false,
        };
        if !is_block {
            let rest = self.text[range.end..self.line_end(range.end)].trim_end();
            let comment = if rest.trim_start().starts_with('#') { rest } else { "" };
            return (!written.contains('\n')).then(|| Written::Inline(format!("{written}{comment}")));
        }
        let column = self.column(range.start);
        let starts_line = self.text[self.line_start(range.start)..range.start].trim().is_empty();
        if !starts_line {
            return None;
        }
        let end = self.line_end(range.end);
        let lines = self.text[self.line_start(range.start)..end].lines();
        let dedented = lines.map(|line| {
            let spaces = line.bytes().take(column).take_while(|byte| *byte == b' ').count();
            line[spaces..].trim_end_matches('\r').to_owned()
        });
        Some(Written::Block(dedented.collect()))
    }
}

/// The text with the splices made; they must not overlap.
pub(super) fn spliced(text: &str, mut splices: Vec<Splice>) -> Option<String> {
    splices.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, replacement) in splices {
        out.push_str(text.get(at..range.start)?);
        out.push_str(&replacement);
        at = range.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}
