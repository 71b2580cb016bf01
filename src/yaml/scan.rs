//! The scanner: YAML text to tokens, character for character as go-yaml v2 (and libyaml, which that is a translation
//! of) does it, its limits and error texts included.
//!
//! Read [`Scanner::fetch_next`] first: it decides by the next characters what token begins. What a token is made of is
//! scanned in `scan_scalar` and `scan_tag`. Simple keys are the hard part: a `:` makes a key of the token before it,
//! so tokens wait in a queue until it is sure that no key token has to go before them.

use std::borrow::Cow;
use std::collections::VecDeque;

use memchr::memchr;
use rustc_hash::FxHashMap;

use super::error::Problem;

/// Both the depth of flow collections and of block indents. Go: scannerc.go `max_flow_level`, `max_indents`.
const MAX_DEPTH: usize = 10_000;

/// How far a simple key may reach, in characters.
const MAX_KEY: u32 = 1024;

/// A place in the text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    /// In bytes.
    pub offset: u32,
    /// In characters.
    pub index: u32,
    /// From 0.
    pub line: u32,
    /// In characters, from 0.
    pub column: u32,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lexeme<'a> {
    StreamEnd,
    Version { major: u8, minor: u8 },
    TagDirective { handle: String, prefix: String },
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'a str),
    Anchor(&'a str),
    Tag { handle: String, suffix: String },
    Scalar(Cow<'a, str>, Style),
}

/// A token with its place.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub lexeme: Lexeme<'a>,
    pub start: Mark,
    pub end: Mark,
}

#[derive(Clone, Copy, Default)]
struct SimpleKey {
    possible: bool,
    required: bool,
    token: usize,
    mark: Mark,
}

/// Turns a text into tokens.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) mark: Mark,
    pub(super) indent: i32,
    pub(super) flow_level: usize,
    pub(super) key_allowed: bool,
    indents: Vec<i32>,
    keys: Vec<SimpleKey>,
    /// The simple key that a token may become, by the number of the token.
    keys_by_token: FxHashMap<usize, usize>,
    queue: VecDeque<Token<'a>>,
    /// The number of tokens that were taken.
    taken: usize,
    head_ready: bool,
    /// See [`super::reader::Source`].
    limit: usize,
    bad_input: &'static str,
}

impl<'a> Scanner<'a> {
    /// Starts at the beginning of the text; from `limit` on, reading it fails with `bad_input`.
    pub fn new(text: &'a str, limit: usize, bad_input: &'static str) -> Scanner<'a> {
        Scanner {
            text,
            mark: Mark::default(),
            indent: -1,
            flow_level: 0,
            key_allowed: true,
            indents: Vec::new(),
            keys: vec![SimpleKey::default()],
            keys_by_token: FxHashMap::default(),
            queue: VecDeque::new(),
            taken: 0,
            head_ready: false,
            limit,
            bad_input,
        }
    }

    /// The next token, left where it is. After the end of the stream it is the end again.
    pub fn peek(&mut self) -> Result<&Token<'a>, Problem> {
        if !self.head_ready {
            self.fetch_more()?;
        }
        Ok(&self.queue[0])
    }

    /// Takes the token that [`Scanner::peek`] showed.
    pub fn take(&mut self) -> Result<Token<'a>, Problem> {
        if !self.head_ready {
            self.fetch_more()?;
        }
        self.head_ready = false;
        self.taken += 1;
        Ok(self.queue.pop_front().expect("a token was fetched"))
    }

    /// Fetches until it is sure what the first token of the queue is.
    fn fetch_more(&mut self) -> Result<(), Problem> {
        loop {
            if !self.queue.is_empty() {
                let Some(&at) = self.keys_by_token.get(&self.taken) else { break };
                if !self.key_is_valid(at)? {
                    break;
                }
            }
            self.fetch_next()?;
        }
        self.head_ready = true;
        Ok(())
    }

    // Characters

    /// The byte `ahead` of the current one; 0 past the end.
    #[inline]
    pub(super) fn at(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.mark.offset as usize + ahead).copied().unwrap_or(0)
    }

    /// The current byte; 0 at the end.
    #[inline]
    pub(super) fn byte(&self) -> u8 {
        self.at(0)
    }

    /// Fails where go-yaml would, for want of `count` more characters before a bad one.
    #[inline]
    pub(super) fn need(&self, count: usize) -> Result<(), Problem> {
        let at = self.mark.offset as usize;
        if at + 4 * count <= self.limit {
            return Ok(());
        }
        let known = &self.text[at.min(self.limit)..self.limit];
        if known.chars().take(count).count() < count {
            return Err(Problem { message: self.bad_input.into(), line: 0 });
        }
        Ok(())
    }

    /// Steps over one character that is no line break.
    #[inline]
    pub(super) fn skip(&mut self) {
        self.mark.index += 1;
        self.mark.column += 1;
        self.mark.offset += width(self.byte());
    }

    /// Steps over a line break and gives it as it counts in a scalar: `\n`, or U+2028 and U+2029 as they are.
    pub(super) fn skip_line(&mut self) -> &'static str {
        let (bytes, chars, text) = match self.byte() {
            b'\r' if self.at(1) == b'\n' => (2, 2, "\n"),
            b'\r' | b'\n' => (1, 1, "\n"),
            0xC2 if self.at(1) == 0x85 => (2, 1, "\n"),
            0xE2 if self.is_break() => (3, 1, if self.at(2) == 0xA8 { "\u{2028}" } else { "\u{2029}" }),
            _ => return "",
        };
        self.mark.offset += bytes;
        self.mark.index += chars;
        self.mark.column = 0;
        self.mark.line += 1;
        text
    }

    pub(super) fn is_break(&self) -> bool {
        self.is_break_at(0)
    }

    #[inline]
    pub(super) fn is_break_at(&self, ahead: usize) -> bool {
        match self.at(ahead) {
            b'\r' | b'\n' => true,
            0xC2 => self.at(ahead + 1) == 0x85,
            0xE2 => self.at(ahead + 1) == 0x80 && matches!(self.at(ahead + 2), 0xA8 | 0xA9),
            _ => false,
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        matches!(self.byte(), b' ' | b'\t')
    }

    /// Whether a line ends here: a break, or the end of the text.
    #[inline]
    pub(super) fn is_break_or_end(&self) -> bool {
        self.byte() == 0 || self.is_break()
    }

    /// Whether a word ends at the byte `ahead`: blank, break or end.
    #[inline]
    pub(super) fn is_space_at(&self, ahead: usize) -> bool {
        matches!(self.at(ahead), b' ' | b'\t' | 0) || self.is_break_at(ahead)
    }

    /// Whether `---` or `...` stands here alone at the start of a line.
    pub(super) fn at_document_indicator(&self) -> bool {
        self.mark.column == 0
            && matches!((self.at(0), self.at(1), self.at(2)), (b'-', b'-', b'-') | (b'.', b'.', b'.'))
            && self.is_space_at(3)
    }

    pub(super) fn skip_blanks(&mut self) -> Result<(), Problem> {
        self.need(1)?;
        while self.is_blank() {
            self.skip();
            self.need(1)?;
        }
        Ok(())
    }

    pub(super) fn skip_comment(&mut self) -> Result<(), Problem> {
        if self.byte() == b'#' {
            // Most comments are nothing but ASCII: what ends well before the limit is known to be there.
            let (from, limit) = (self.mark.offset as usize, self.limit.saturating_sub(4));
            let text = self.text.as_bytes().get(from..limit).unwrap_or_default();
            let line = &text[..memchr(b'\n', text).unwrap_or(text.len())];
            let is_plain = |byte: &u8| matches!(byte, b'\t' | b' '..=b'~');
            // A line is looked at as a whole, many bytes at once.
            let is_all_plain = line.iter().fold(true, |all, byte| all & is_plain(byte));
            let odd = if is_all_plain { None } else { line.iter().position(|byte| !is_plain(byte)) };
            let plain = odd.unwrap_or(line.len()) as u32;
            self.mark.offset += plain;
            self.mark.index += plain;
            self.mark.column += plain;
            while !self.is_break_or_end() {
                self.skip();
                self.need(1)?;
            }
        }
        Ok(())
    }

    /// An error of the scanner at the current place, which go-yaml counts differently on the first line.
    pub(super) fn fail<T>(&self, message: &'static str) -> Result<T, Problem> {
        let line = self.mark.line as usize;
        Err(Problem { message: message.into(), line: if line == 0 { 0 } else { line + 1 } })
    }

    fn too_deep<T>(&self) -> Result<T, Problem> {
        self.fail("exceeded max depth of 10000")
    }

    // Simple keys and indents

    fn key_is_valid(&mut self, at: usize) -> Result<bool, Problem> {
        let key = self.keys[at];
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < self.mark.line || key.mark.index.saturating_add(MAX_KEY) < self.mark.index {
            if key.required {
                return self.fail("could not find expected ':'");
            }
            self.keys[at].possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    fn save_key(&mut self) -> Result<(), Problem> {
        if self.key_allowed {
            let required = self.flow_level == 0 && self.indent == self.mark.column as i32;
            let token = self.taken + self.queue.len();
            self.remove_key()?;
            let last = self.keys.len() - 1;
            self.keys[last] = SimpleKey { possible: true, required, token, mark: self.mark };
            self.keys_by_token.insert(token, last);
        }
        Ok(())
    }

    fn remove_key(&mut self) -> Result<(), Problem> {
        let last = self.keys.len() - 1;
        let key = self.keys[last];
        if key.possible {
            if key.required {
                return self.fail("could not find expected ':'");
            }
            self.keys[last].possible = false;
            self.keys_by_token.remove(&key.token);
        }
        Ok(())
    }

    fn enter_flow(&mut self) -> Result<(), Problem> {
        let token = self.taken + self.queue.len();
        self.keys.push(SimpleKey { token, mark: self.mark, ..SimpleKey::default() });
        self.flow_level += 1;
        if self.flow_level > MAX_DEPTH { self.too_deep() } else { Ok(()) }
    }

    fn leave_flow(&mut self) {
        if self.flow_level > 0 {
            self.flow_level -= 1;
            if let Some(key) = self.keys.pop() {
                self.keys_by_token.remove(&key.token);
            }
        }
    }

    /// Opens a block collection if the column is deeper; `number` is the token that it goes before.
    fn roll_indent(&mut self, mark: Mark, number: Option<usize>, lexeme: Lexeme<'a>) -> Result<(), Problem> {
        let column = mark.column as i32;
        if self.flow_level > 0 || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_DEPTH {
            return self.too_deep();
        }
        self.insert(number, Token { lexeme, start: mark, end: mark });
        Ok(())
    }

    /// Closes the block collections deeper than the column.
    fn unroll_indent(&mut self, column: i32) {
        if self.flow_level > 0 {
            return;
        }
        while self.indent > column {
            self.push(Lexeme::BlockEnd, self.mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    // Tokens

    fn push(&mut self, lexeme: Lexeme<'a>, start: Mark) {
        self.queue.push_back(Token { lexeme, start, end: self.mark });
    }

    /// Puts a token before the one with the number; at the end where that one is already taken, as go-yaml does.
    fn insert(&mut self, number: Option<usize>, token: Token<'a>) {
        match number.and_then(|number| number.checked_sub(self.taken)) {
            Some(at) if at <= self.queue.len() => self.queue.insert(at, token),
            _ => self.queue.push_back(token),
        }
    }

    /// Go: scannerc.go `yaml_parser_fetch_next_token`.
    fn fetch_next(&mut self) -> Result<(), Problem> {
        self.need(1)?;
        self.skip_to_token()?;
        self.unroll_indent(self.mark.column as i32);
        self.need(4)?;
        let byte = self.byte();
        if byte == 0 {
            return self.fetch_stream_end();
        }
        if self.mark.column == 0 && byte == b'%' {
            return self.fetch_directive();
        }
        if self.at_document_indicator() {
            return self.fetch_document_indicator();
        }
        let spaced = self.is_space_at(1);
        match byte {
            b'[' => self.fetch_flow_start(Lexeme::FlowSequenceStart),
            b'{' => self.fetch_flow_start(Lexeme::FlowMappingStart),
            b']' => self.fetch_flow_end(Lexeme::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(Lexeme::FlowMappingEnd),
            b',' => {
                self.remove_key()?;
                self.key_allowed = true;
                self.fetch_indicator(Lexeme::FlowEntry)
            }
            b'-' if spaced => self.fetch_block_entry(),
            b'?' if self.flow_level > 0 || spaced => self.fetch_key(),
            b':' if self.flow_level > 0 || spaced => self.fetch_value(),
            b'*' | b'&' => {
                self.save_key()?;
                self.key_allowed = false;
                let token = self.scan_anchor(byte == b'*')?;
                self.queue.push_back(token);
                Ok(())
            }
            b'!' => {
                self.save_key()?;
                self.key_allowed = false;
                let token = self.scan_tag()?;
                self.queue.push_back(token);
                Ok(())
            }
            b'|' | b'>' if self.flow_level == 0 => {
                self.remove_key()?;
                self.key_allowed = true;
                let token = self.scan_block_scalar(byte == b'|')?;
                self.queue.push_back(token);
                Ok(())
            }
            b'\'' | b'"' => {
                self.save_key()?;
                self.key_allowed = false;
                let token = self.scan_quoted_scalar(byte == b'\'')?;
                self.queue.push_back(token);
                Ok(())
            }
            b'#' | b'|' | b'>' | b'%' | b'@' | b'`' | b' ' | b'\t' => {
                self.fail("found character that cannot start any token")
            }
            _ => {
                self.save_key()?;
                self.key_allowed = false;
                let token = self.scan_plain_scalar()?;
                self.queue.push_back(token);
                Ok(())
            }
        }
    }

    /// Go: scannerc.go `yaml_parser_scan_to_next_token`.
    fn skip_to_token(&mut self) -> Result<(), Problem> {
        loop {
            self.need(1)?;
            // go-yaml looks for the mark at the start of its buffer, which is here only at the very beginning.
            if self.mark.offset == 0 && self.text.starts_with('\u{FEFF}') {
                self.skip();
            }
            self.need(1)?;
            while self.byte() == b' ' || (self.byte() == b'\t' && (self.flow_level > 0 || !self.key_allowed))
            {
                self.skip();
                self.need(1)?;
            }
            self.skip_comment()?;
            if !self.is_break() {
                return Ok(());
            }
            self.need(2)?;
            self.skip_line();
            if self.flow_level == 0 {
                self.key_allowed = true;
            }
        }
    }

    fn fetch_stream_end(&mut self) -> Result<(), Problem> {
        if self.mark.column != 0 {
            self.mark.column = 0;
            self.mark.line += 1;
        }
        self.unroll_indent(-1);
        self.remove_key()?;
        self.key_allowed = false;
        self.push(Lexeme::StreamEnd, self.mark);
        Ok(())
    }

    fn fetch_directive(&mut self) -> Result<(), Problem> {
        self.unroll_indent(-1);
        self.remove_key()?;
        self.key_allowed = false;
        let token = self.scan_directive()?;
        self.queue.push_back(token);
        Ok(())
    }

    fn fetch_document_indicator(&mut self) -> Result<(), Problem> {
        let lexeme = if self.byte() == b'-' { Lexeme::DocumentStart } else { Lexeme::DocumentEnd };
        self.unroll_indent(-1);
        self.remove_key()?;
        self.key_allowed = false;
        let start = self.mark;
        self.skip();
        self.skip();
        self.skip();
        self.push(lexeme, start);
        Ok(())
    }

    fn fetch_indicator(&mut self, lexeme: Lexeme<'a>) -> Result<(), Problem> {
        let start = self.mark;
        self.skip();
        self.push(lexeme, start);
        Ok(())
    }

    fn fetch_flow_start(&mut self, lexeme: Lexeme<'a>) -> Result<(), Problem> {
        self.save_key()?;
        self.enter_flow()?;
        self.key_allowed = true;
        self.fetch_indicator(lexeme)
    }

    fn fetch_flow_end(&mut self, lexeme: Lexeme<'a>) -> Result<(), Problem> {
        self.remove_key()?;
        self.leave_flow();
        self.key_allowed = false;
        self.fetch_indicator(lexeme)
    }

    fn fetch_block_entry(&mut self) -> Result<(), Problem> {
        if self.flow_level == 0 {
            if !self.key_allowed {
                return self.fail("block sequence entries are not allowed in this context");
            }
            self.roll_indent(self.mark, None, Lexeme::BlockSequenceStart)?;
        }
        self.remove_key()?;
        self.key_allowed = true;
        self.fetch_indicator(Lexeme::BlockEntry)
    }

    fn fetch_key(&mut self) -> Result<(), Problem> {
        if self.flow_level == 0 {
            if !self.key_allowed {
                return self.fail("mapping keys are not allowed in this context");
            }
            self.roll_indent(self.mark, None, Lexeme::BlockMappingStart)?;
        }
        self.remove_key()?;
        self.key_allowed = self.flow_level == 0;
        self.fetch_indicator(Lexeme::Key)
    }

    fn fetch_value(&mut self) -> Result<(), Problem> {
        let last = self.keys.len() - 1;
        if self.key_is_valid(last)? {
            let key = self.keys[last];
            self.insert(Some(key.token), Token { lexeme: Lexeme::Key, start: key.mark, end: key.mark });
            self.roll_indent(key.mark, Some(key.token), Lexeme::BlockMappingStart)?;
            self.keys[last].possible = false;
            self.keys_by_token.remove(&key.token);
            self.key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.key_allowed {
                    return self.fail("mapping values are not allowed in this context");
                }
                self.roll_indent(self.mark, None, Lexeme::BlockMappingStart)?;
            }
            self.key_allowed = self.flow_level == 0;
        }
        self.fetch_indicator(Lexeme::Value)
    }
}

/// The bytes of the character that begins with this byte.
#[inline]
fn width(byte: u8) -> u32 {
    match byte {
        0x00..=0x7F => 1,
        0x80..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    }
}
