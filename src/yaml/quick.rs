//! [`read`]: the short way through a document that is written as nearly all are: block collections, scalars of one line,
//! literal blocks, comments. It makes the same [`Raw`] as scanner and parser do together, many times faster; of a text that
//! holds anything else, or anything wrong, it makes nothing, so that the long way says what it is.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::raw::{Id, Kind, Raw};
use crate::budget;
use crate::source::Span;

/// How deep collections may nest here.
const MAX_DEPTH: usize = 500;

/// How long a key may be here; the scanner counts characters, up to 1,024.
const MAX_KEY: usize = 1_000;

/// How many bytes of text there usually are for a node.
const BYTES_PER_NODE: usize = 24;

/// Line breaks that count as such in YAML 1.1, besides `\n`, and the byte order mark.
const ODD: [&str; 4] = ["\u{85}", "\u{2028}", "\u{2029}", "\u{FEFF}"];

/// The one document of the text, whose offsets count from `skipped`; nothing where the long way has to read it.
pub(super) fn read(text: &str, skipped: usize) -> Option<Raw<'_>> {
    if memchr(b'\r', text.as_bytes()).is_some() {
        return None;
    }
    if !text.is_ascii() && ODD.iter().any(|odd| memmem::find(text.as_bytes(), odd.as_bytes()).is_some()) {
        return None;
    }
    let mut raw = Raw::new(skipped);
    raw.nodes.reserve(text.len() / BYTES_PER_NODE);
    let mut reader = Reader { text, at: 0, line_start: 0, line: 1, raw, open: Vec::new(), pending: None };
    reader.document()?;
    Some(reader.raw)
}

/// A collection that is not closed yet.
struct Open {
    id: Id,
    column: usize,
    is_map: bool,
    /// Whether it is a sequence in the column of the mapping that it is a value of.
    is_indentless: bool,
    children: Vec<Id>,
}

/// Where nothing stands so far: behind a `:` or `-` at the end of a line.
#[derive(Clone, Copy)]
struct Gap {
    at: usize,
    line: u32,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line_start: usize,
    /// From 1.
    line: u32,
    raw: Raw<'a>,
    open: Vec<Open>,
    /// The value that the innermost collection waits for.
    pending: Option<Gap>,
}

/// A scalar of one line that begins here.
struct Word<'a> {
    text: Cow<'a, str>,
    start: usize,
    end: usize,
    is_plain: bool,
}

/// What line breaks become between two lines of a scalar that is folded.
fn fold(text: &mut String, breaks: u32) {
    match breaks {
        1 => text.push(' '),
        _ => text.extend(std::iter::repeat_n('\n', breaks as usize - 1)),
    }
}

/// A line further down, and how many line breaks stand before it.
struct Ahead {
    breaks: u32,
    line_start: usize,
    at: usize,
}

impl<'a> Word<'a> {
    fn kind(self) -> Kind<'a> {
        Kind::Scalar { text: self.text, tag: None, implicit: self.is_plain }
    }
}

impl<'a> Reader<'a> {
    /// The byte so far ahead; a line break at the end of the text.
    #[inline]
    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(b'\n')
    }

    fn column(&self) -> usize {
        self.at - self.line_start
    }

    fn document(&mut self) -> Option<()> {
        let mut may_begin = true;
        while self.at < self.text.len() {
            self.skip_spaces();
            match self.byte(0) {
                b'\n' | b'#' => self.end_line()?,
                b'-' if may_begin
                    && self.column() == 0
                    && self.text[self.at..].starts_with("---")
                    && self.byte(3) == b'\n' =>
                {
                    self.at += 3;
                    self.end_line()?;
                    may_begin = false;
                }
                _ => {
                    may_begin = false;
                    self.line()?;
                }
            }
        }
        self.fill();
        if self.open.is_empty() {
            return None;
        }
        while !self.open.is_empty() {
            self.close();
        }
        Some(())
    }

    /// A line that is neither empty nor a comment: where it stands among the open collections, and what it says.
    fn line(&mut self) -> Option<()> {
        let column = self.column();
        let is_entry = self.at_entry();
        let is_nested = match (self.open.last(), self.pending) {
            (None, _) => self.raw.nodes.is_empty(),
            (Some(_), None) => false,
            (Some(top), Some(_)) => column > top.column || top.is_map && is_entry && column == top.column,
        };
        if is_nested {
            self.pending = None;
        } else {
            self.fill();
            while self.open.last().is_some_and(|top| {
                top.column > column || top.is_indentless && top.column == column && !is_entry
            }) {
                self.close();
            }
            let top = self.open.last()?;
            if top.column != column || top.is_map == is_entry {
                return None;
            }
        }
        self.node(is_nested)
    }

    /// A node, which begins a collection or goes on with the innermost one.
    fn node(&mut self, mut begins: bool) -> Option<()> {
        loop {
            budget::check().ok()?;
            if self.at_entry() {
                if begins {
                    self.begin(false, self.at)?;
                }
                begins = true;
                self.at += 1;
            } else {
                let word = self.word();
                if self.byte(0) != b':' || !matches!(self.byte(1), b' ' | b'\n') {
                    // A scalar alone is one only as an item.
                    return if begins { self.value(word) } else { None };
                }
                let word = word.filter(|word| word.end - word.start <= MAX_KEY)?;
                if begins {
                    self.begin(true, word.start)?;
                }
                self.scalar(word);
                self.at += 1;
                let gap = Gap { at: self.at, line: self.line };
                self.skip_spaces();
                if self.at_line_end() {
                    self.pending = Some(gap);
                    return self.end_line();
                }
                let word = self.word();
                return self.value(word);
            }
            let gap = Gap { at: self.at, line: self.line };
            self.skip_spaces();
            if self.at_line_end() {
                self.pending = Some(gap);
                return self.end_line();
            }
        }
    }

    /// A value that is no block collection, up to the end of its line.
    fn value(&mut self, word: Option<Word<'a>>) -> Option<()> {
        // Without a collection it would be the document.
        self.open.last()?;
        match word {
            Some(word) if word.is_plain => {
                // A node's line is that on which it begins.
                let line = self.line;
                let word = self.continued(word)?;
                let span = self.span(word.start, word.end);
                let id = self.raw.push_at(word.kind(), span, line);
                self.child(id);
            }
            Some(word) => self.scalar(word),
            None => match self.byte(0) {
                quote @ (b'"' | b'\'') => self.long_quoted(quote)?,
                b'|' | b'>' => return self.block(),
                b'{' if self.byte(1) == b'}' => {
                    self.push(Kind::Map(Vec::new()), self.at, self.at + 2);
                    self.at += 2;
                }
                b'[' => self.flow_sequence()?,
                _ => return None,
            },
        }
        let before = self.at;
        self.skip_spaces();
        if !self.at_line_end() || self.byte(0) == b'#' && before == self.at {
            return None;
        }
        self.end_line()
    }

    /// A sequence of scalars in brackets.
    fn flow_sequence(&mut self) -> Option<()> {
        let id = self.raw.push_at(Kind::Seq(Vec::new()), self.span(self.at, self.at), self.line);
        let mut items = Vec::new();
        self.at += 1;
        self.skip_spaces();
        while self.byte(0) != b']' {
            let word = match self.byte(0) {
                quote @ (b'"' | b'\'') => self.quoted(quote)?,
                _ => self.plain_item()?,
            };
            let span = self.span(word.start, word.end);
            items.push(self.raw.push_at(word.kind(), span, self.line));
            self.skip_spaces();
            match self.byte(0) {
                b',' => {
                    self.at += 1;
                    self.skip_spaces();
                    if self.byte(0) == b']' {
                        return None;
                    }
                }
                b']' => {}
                _ => return None,
            }
        }
        self.at += 1;
        let end = self.span(self.at, self.at).end;
        let node = &mut self.raw.nodes[id as usize];
        node.span.end = end;
        node.kind = Kind::Seq(items);
        self.child(id);
        Some(())
    }

    /// An item without quotes, of characters that mean nothing else in brackets.
    fn plain_item(&mut self) -> Option<Word<'a>> {
        let start = self.at;
        let is_usual =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'-' | b'=');
        if !self.byte(0).is_ascii_alphanumeric() && !matches!(self.byte(0), b'_' | b'/') {
            return None;
        }
        while is_usual(self.byte(0)) {
            self.at += 1;
        }
        let text = Cow::Borrowed(&self.text[start..self.at]);
        Some(Word { text, start, end: self.at, is_plain: true })
    }

    /// A plain or quoted scalar up to its end; nothing where something else begins.
    fn word(&mut self) -> Option<Word<'a>> {
        match self.byte(0) {
            quote @ (b'"' | b'\'') => self.quoted(quote),
            b'-' if self.column() > 0 && !matches!(self.byte(1), b' ' | b'\t' | b'\n') => self.plain(),
            b' ' | b'\t' | b'\n' | b'-' | b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&'
            | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' => None,
            b'.' if self.column() == 0 => None,
            _ => self.plain(),
        }
    }

    fn plain(&mut self) -> Option<Word<'a>> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let (mut at, mut end) = (start, start);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\n' => break,
                b'\t' => return None,
                b' ' => {
                    at += 1;
                    continue;
                }
                b'#' if bytes[at - 1] == b' ' => break,
                b':' if matches!(bytes.get(at + 1), None | Some(b' ' | b'\n')) => {
                    // Blanks before it would not belong to the key.
                    if end != at {
                        return None;
                    }
                    break;
                }
                b':' if bytes[at + 1] == b'\t' => return None,
                _ => {}
            }
            at += 1;
            end = at;
        }
        self.at = end;
        Some(Word { text: Cow::Borrowed(&self.text[start..end]), start, end, is_plain: true })
    }

    /// A plain scalar with the lines that go on with it: those that stand deeper than the collection around it.
    fn continued(&mut self, mut word: Word<'a>) -> Option<Word<'a>> {
        let bytes = self.text.as_bytes();
        let parent = self.open.last()?.column;
        while let Some(Ahead { breaks, line_start, at }) = self.ahead() {
            if at - line_start <= parent || bytes[at] == b'#' {
                break;
            }
            (self.at, self.line_start, self.line) = (at, line_start, self.line + breaks);
            let more = self.plain()?;
            if more.end == more.start || self.byte(0) == b':' {
                return None;
            }
            let mut text = word.text.into_owned();
            fold(&mut text, breaks);
            text.push_str(&more.text);
            budget::make(more.text.len()).ok()?;
            word = Word { text: text.into(), end: more.end, ..word };
        }
        Some(word)
    }

    /// The next line that is not empty, where nothing is left of this one.
    fn ahead(&self) -> Option<Ahead> {
        let bytes = self.text.as_bytes();
        let blanks = |from: usize| from + bytes[from..].iter().take_while(|byte| **byte == b' ').count();
        let mut at = blanks(self.at);
        let (mut breaks, mut line_start) = (0, self.line_start);
        while *bytes.get(at)? == b'\n' {
            breaks += 1;
            line_start = at + 1;
            at = blanks(line_start);
        }
        (breaks > 0 && at < bytes.len()).then_some(Ahead { breaks, line_start, at })
    }

    fn quoted(&mut self, quote: u8) -> Option<Word<'a>> {
        let start = self.at;
        let inside = &self.text[start + 1..];
        let length = memchr::memchr3(quote, b'\\', b'\n', inside.as_bytes())?;
        let length = match inside.as_bytes()[length] {
            // A backslash is nothing special between single quotes.
            b'\\' if quote == b'\'' => memchr::memchr2(quote, b'\n', inside.as_bytes())?,
            _ => length,
        };
        let end = start + 1 + length + 1;
        let is_closed = inside.as_bytes()[length] == quote;
        if !is_closed || quote == b'\'' && self.text.as_bytes().get(end) == Some(&quote) {
            return None;
        }
        self.at = end;
        Some(Word { text: Cow::Borrowed(&inside[..length]), start, end, is_plain: false })
    }

    /// A quoted scalar with escapes or of several lines, as a value.
    fn long_quoted(&mut self, quote: u8) -> Option<()> {
        let bytes = self.text.as_bytes();
        let (start, line) = (self.at, self.line);
        let mut text = String::new();
        // Blanks before a line break go, but for those that are escaped.
        let mut kept = 0;
        self.at += 1;
        loop {
            let from = self.at;
            let special = |byte: &u8| matches!(byte, b'\n' | b'\\') || *byte == quote;
            self.at += bytes[from..].iter().position(special)?;
            text.push_str(&self.text[from..self.at]);
            match (bytes[self.at], bytes.get(self.at + 1)) {
                (b'\n', _) => {
                    text.truncate(text.trim_end_matches([' ', '\t']).len().max(kept));
                    let Ahead { breaks, line_start, at } = self.ahead()?;
                    if matches!(bytes[at], b'\t') || at == line_start {
                        return None;
                    }
                    (self.at, self.line_start, self.line) = (at, line_start, self.line + breaks);
                    fold(&mut text, breaks);
                    kept = text.len();
                }
                (b'\'', Some(b'\'')) if quote == b'\'' => {
                    text.push('\'');
                    self.at += 2;
                }
                (b'\\', _) if quote == b'\'' => {
                    text.push('\\');
                    self.at += 1;
                }
                (b'\\', Some(escaped)) => {
                    text.push(match escaped {
                        b'n' => '\n',
                        b't' => '\t',
                        b'"' | b'\\' => char::from(*escaped),
                        _ => return None,
                    });
                    kept = text.len();
                    self.at += 2;
                }
                (b'\\', None) => return None,
                _ => break,
            }
        }
        self.at += 1;
        budget::make(text.len()).ok()?;
        let kind = Kind::Scalar { text: Cow::Owned(text), tag: None, implicit: false };
        let id = self.raw.push_at(kind, self.span(start, self.at), line);
        self.child(id);
        Some(())
    }

    /// A literal or folded block whose indent is that of its first line.
    fn block(&mut self) -> Option<()> {
        let parent = self.open.last()?.column;
        let (start, line) = (self.at, self.line);
        let is_folded = self.byte(0) == b'>';
        self.at += 1;
        let chomp = self.byte(0);
        if matches!(chomp, b'-' | b'+') {
            self.at += 1;
        }
        let before = self.at;
        self.skip_spaces();
        if !self.at_line_end() || self.byte(0) == b'#' && before == self.at {
            return None;
        }
        self.end_line()?;
        let indent = self.block_indent().filter(|indent| *indent > parent)?;
        let mut text = String::new();
        let mut breaks = 0;
        // Of a folded block only the break between two lines that begin with no blank is folded.
        let mut may_fold = false;
        let mut end = self.at;
        while self.at < self.text.len() {
            let line = self.rest_of_line();
            let blanks = line.bytes().take(indent).take_while(|byte| *byte == b' ').count();
            if blanks == line.len() {
                if self.at + blanks == self.text.len() {
                    // Blanks that no line break follows.
                    self.at = self.text.len();
                    break;
                }
            } else if blanks == indent {
                let begins_blank = matches!(line.as_bytes()[indent], b' ' | b'\t');
                match breaks {
                    1 if may_fold && !begins_blank => text.push(' '),
                    more if may_fold && !begins_blank => text.extend(std::iter::repeat_n('\n', more - 1)),
                    all => text.extend(std::iter::repeat_n('\n', all)),
                }
                may_fold = is_folded && !begins_blank;
                breaks = 0;
                text.push_str(&line[indent..]);
            } else if line.as_bytes()[blanks] == b'\t' {
                return None;
            } else {
                break;
            }
            self.at += line.len();
            if self.at < self.text.len() {
                breaks += 1;
                self.next_line();
            }
            end = self.at;
        }
        match chomp {
            b'-' => {}
            b'+' => text.extend(std::iter::repeat_n('\n', breaks)),
            _ => text.extend(std::iter::repeat_n('\n', breaks.min(1))),
        }
        budget::make(text.len()).ok()?;
        let id = self.raw.push_at(
            Kind::Scalar { text: Cow::Owned(text), tag: None, implicit: false },
            self.span(start, end),
            line,
        );
        self.child(id);
        Some(())
    }

    /// The indent of the first line that is not empty; nothing where an empty line is longer, or no such line follows.
    fn block_indent(&self) -> Option<usize> {
        let mut deepest = 0;
        let mut rest = &self.text[self.at..];
        loop {
            let blanks = rest.bytes().take_while(|byte| *byte == b' ').count();
            match rest.as_bytes().get(blanks)? {
                b'\n' => {}
                b'\t' => return None,
                _ => return (deepest <= blanks).then_some(blanks),
            }
            deepest = deepest.max(blanks);
            rest = &rest[blanks + 1..];
        }
    }

    // Collections

    fn begin(&mut self, is_map: bool, start: usize) -> Option<()> {
        if self.open.len() == MAX_DEPTH {
            return None;
        }
        let column = start - self.line_start;
        let is_indentless = !is_map && self.open.last().is_some_and(|top| top.is_map && top.column == column);
        // What it is will be known when it is closed.
        let id = self.raw.push_at(Kind::Seq(Vec::new()), self.span(start, start), self.line);
        self.open.push(Open { id, column, is_map, is_indentless, children: Vec::new() });
        Some(())
    }

    fn close(&mut self) {
        let Some(done) = self.open.pop() else { return };
        let end = done.children.last().map(|last| self.raw.nodes[*last as usize].span.end);
        let node = &mut self.raw.nodes[done.id as usize];
        node.span.end = end.unwrap_or(node.span.end);
        node.kind = if done.is_map { Kind::Map(done.children) } else { Kind::Seq(done.children) };
        self.child(done.id);
    }

    /// What is waited for and does not come is null.
    fn fill(&mut self) {
        if let Some(Gap { at, line }) = self.pending.take() {
            let kind = Kind::Scalar { text: Cow::Borrowed(""), tag: None, implicit: true };
            let id = self.raw.push_at(kind, self.span(at, at), line);
            self.child(id);
        }
    }

    fn scalar(&mut self, word: Word<'a>) {
        self.push(Kind::Scalar { text: word.text, tag: None, implicit: word.is_plain }, word.start, word.end);
    }

    fn push(&mut self, kind: Kind<'a>, start: usize, end: usize) {
        let id = self.raw.push_at(kind, self.span(start, end), self.line);
        self.child(id);
    }

    fn child(&mut self, id: Id) {
        if let Some(top) = self.open.last_mut() {
            top.children.push(id);
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        self.raw.span(start as u32, end as u32)
    }

    // Lines

    fn at_entry(&self) -> bool {
        self.byte(0) == b'-' && matches!(self.byte(1), b' ' | b'\n')
    }

    /// Whether only a comment can follow on this line.
    fn at_line_end(&self) -> bool {
        matches!(self.byte(0), b'\n' | b'#')
    }

    fn skip_spaces(&mut self) {
        while self.byte(0) == b' ' {
            self.at += 1;
        }
    }

    fn rest_of_line(&self) -> &'a str {
        let rest = &self.text[self.at..];
        &rest[..memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())]
    }

    /// Goes to the next line, of which only a comment may stand before it.
    fn end_line(&mut self) -> Option<()> {
        match self.byte(0) {
            b'\n' => {}
            b'#' => self.at += self.rest_of_line().len(),
            _ => return None,
        }
        self.next_line();
        Some(())
    }

    fn next_line(&mut self) {
        self.at = (self.at + 1).min(self.text.len());
        self.line_start = self.at;
        self.line += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::events::Events;
    use super::super::reader::Source;
    use super::super::scan::Scanner;
    use super::*;

    /// What the long way makes of the text.
    fn long(text: &str) -> Option<Raw<'_>> {
        let source = Source::new(text.as_bytes());
        assert!(source.problem.is_none());
        let mut events = Events::new(Scanner::new(text, usize::MAX, ""));
        let raw = Raw::read(&mut events, 0).ok().flatten()?;
        // A second document, or an error behind the first.
        assert!(matches!(Raw::read(&mut events, 0), Ok(None)), "{text}");
        Some(raw)
    }

    fn agree(text: &str) -> bool {
        let Some(quick) = read(text, 0) else { return false };
        let long = long(text).unwrap_or_else(|| panic!("the long way refuses this:\n{text}"));
        assert_eq!(quick.nodes, long.nodes, "{text}");
        true
    }

    const PLAIN: &str = "# a comment\n---\na: 1\n'b c': \"x: y\" # c\n\nlist:\n- a\n-\n  - b\n- - c\n  - d\n- k: v\n  \
                         l:\n  m: {}\n  n:\n  - 1\n  -\n\nt: |\n   one\n\n    two \n\n\nu: |-\n  x: \"y\n   \nuu: >-\n   x\n   y\n\n   z\n    t\n   v\nv: |+ # c\n  z\n\n\
                         w:\n  -1 # c\n  # d\nx: a b#c:d\ny: []\nz: [/a, \"b\"] # c\nzz: a\n  b \n\n\n   - c\n  \"d\nzy: 'it''s\n  two \n\n\n    lines'\nzx: \"a\\n\\\"b\\\"  \n   c\" # d\nzzz:\n  - a\n    b # c\nz.a/b: 'it\\s'\n<<: ~\n";

    #[test]
    fn what_is_plain_is_read_as_on_the_long_way() {
        assert!(agree(PLAIN));
        for text in [
            "a:",
            "a:\n",
            "- a",
            "-",
            "-\n",
            "a: b",
            "a:\n  b:\n c: d",
            "a: |\n  x",
            "a: |\n  x\n  ",
            "a: |\n  x\n   \n",
            "a: |\n  x\n  \n",
            "a: |+\n  x\n \n\n",
            "a: |-\n\n  x\nb: c",
            "a: >\n\n  x\n  y\n\n  z\n   t\n  u\n\n\nb: >-\n  x\n\n   y\n  z",
            "a:\n- b\nc: d",
            "  a: b\n  c: d",
            "a:\n\n  - b\n",
            "- |\n x",
            "- - - a\n    - b",
            "a: 'b''c'",
            "a: 'b ''\n   c\n\n  d\\'",
            "a: \"b\\n \\\"c\\t\n  d \n\n\n  e\\\\\"",
            "a: 'b\nc'",
            "a: 'b\n c",
            "a: 'b\n c' d",
            "a: \"\\n\"",
            "a: é\nö: b",
            "a:  b  \nc : d",
            "a: b\n  c",
            "a: - b",
            "a: b: c",
            "a:\n  - b\n - c",
            "a: [b]",
            "a: *b",
            "a: &b c",
            "? a",
            "---\na: b\n---\nc: d",
            "a: b\n...\n",
            "a",
            "",
        ] {
            agree(text);
        }
    }

    #[test]
    fn what_most_runs_read_is_read_here() {
        assert!(agree(include_str!("../policy/profiles/nvcf.yaml")));
        assert!(agree(include_str!("../policy/profiles/kubernetes.yaml")));
    }

    #[test]
    fn what_is_damaged_is_read_as_on_the_long_way_or_not_at_all() {
        const PIECES: [&str; 33] = [
            "/", " ", "  ", "\n", ":", ": ", "-", "- ", "#", " #", "\t", "'", "''", "\\n", "\\", "\"", "|",
            "|-", "|+", ">", ">-", "{}", "[]", "[", "]", ",", "---\n", "a", "é", "\n\n", "\n  ", "<<", "0",
        ];
        let mut state = 1_u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let mut read_both_ways = 0;
        for _ in 0..TRIES {
            let mut text = PLAIN.to_owned();
            for _ in 0..=random(4) {
                let at = random(text.len() + 1);
                let end = (at + random(6)).min(text.len());
                if text.is_char_boundary(at) && text.is_char_boundary(end) {
                    let piece = PIECES[random(PIECES.len() + 1) % PIECES.len()];
                    text.replace_range(at..if random(2) == 0 { at } else { end }, piece);
                }
            }
            // A part of it, so that what comes first matters too.
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            let from = random(lines.len());
            let part = lines[from..=from + random(lines.len() - from)].concat();
            read_both_ways += usize::from(agree(&part));
        }
        assert!(read_both_ways > TRIES / 10, "{read_both_ways}");
    }

    /// How many damaged documents are tried; four million were, once.
    const TRIES: usize = 50_000;
}
