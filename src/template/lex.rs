//! The lexer. Go: parse/lex.go, function by function; the parser pulls one [`Item`] at a time from [`Lexer::next_item`].

use crate::go::{bytes, runes, strconv, unicode};

/// A token or a piece of text: small, since the parser hands it about.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// Its type.
    pub typ: ItemType,
    /// Where it starts, in bytes.
    pub pos: u32,
    /// Where it ends; an error, whose message is [`Lexer::problem`], is empty.
    pub end: u32,
    /// The line it starts on, from 1.
    pub line: u32,
}

/// The type of an item. Keywords come after all the rest, as in Go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are Go's and say it")]
pub enum ItemType {
    Error,
    Bool,
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    Eof,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    // What follows are keywords.
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

/// The type of a word.
fn word_type(word: &[u8]) -> ItemType {
    match word {
        b"block" => ItemType::Block,
        b"break" => ItemType::Break,
        b"continue" => ItemType::Continue,
        b"define" => ItemType::Define,
        b"else" => ItemType::Else,
        b"end" => ItemType::End,
        b"if" => ItemType::If,
        b"range" => ItemType::Range,
        b"nil" => ItemType::Nil,
        b"template" => ItemType::Template,
        b"with" => ItemType::With,
        b"true" | b"false" => ItemType::Bool,
        _ => ItemType::Identifier,
    }
}

impl Item {
    /// No item yet.
    pub const NONE: Item = Item { typ: ItemType::Eof, pos: 0, end: 0, line: 0 };
}

impl<'s> Lexer<'s> {
    /// The text of an item.
    #[inline]
    pub fn val(&self, item: Item) -> &'s [u8] {
        &self.text[item.pos as usize..item.end as usize]
    }

    /// The item as error texts show it, if it is no error. Go: `item.String`.
    pub fn show(&self, item: Item) -> String {
        let val = self.val(item);
        match item.typ {
            ItemType::Eof => "EOF".to_owned(),
            typ if typ >= ItemType::Block => format!("<{}>", String::from_utf8_lossy(val)),
            _ if val.len() > 10 => {
                let end = runes::runes(val).nth(10).map_or(val.len(), |(at, _)| at);
                format!("{}...", strconv::quote(&val[..end]))
            }
            _ => strconv::quote(val),
        }
    }
}

/// The state of the scanner.
pub struct Lexer<'s> {
    text: &'s [u8],
    /// The text, or nothing after an error.
    input: &'s [u8],
    pos: usize,
    start: usize,
    paren_depth: i32,
    line: usize,
    start_line: usize,
    inside_action: bool,
    problem: String,
}

const LEFT_DELIM: &[u8] = b"{{";
const RIGHT_DELIM_LEN: usize = 2;
const LEFT_COMMENT: &[u8] = b"/*";
const RIGHT_COMMENT: &[u8] = b"*/";
const TRIM_MARKER_LEN: usize = 2;

impl<'s> Lexer<'s> {
    /// A scanner at the start of the input.
    pub fn new(input: &'s [u8]) -> Lexer<'s> {
        Lexer {
            text: input,
            input,
            pos: 0,
            start: 0,
            paren_depth: 0,
            line: 1,
            start_line: 1,
            inside_action: false,
            problem: String::new(),
        }
    }

    /// What is wrong, after an error.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// The next item. Go: `nextItem`; its state functions are our methods of the same names.
    pub fn next_item(&mut self) -> Item {
        if self.inside_action { self.lex_inside_action() } else { self.lex_text() }
    }

    /// Goes over a space in an action, if one alone stands here.
    #[inline]
    pub fn skip_space(&mut self) -> bool {
        match self.rest() {
            [b' ', after, ..] if self.inside_action && !is_space_byte(*after) && *after != b'-' => {
                self.pos += 1;
                self.start = self.pos;
                true
            }
            _ => false,
        }
    }

    /// The next item, if it is a field as most are, of ASCII and behind another operand.
    #[inline]
    pub fn next_field(&mut self) -> Option<Item> {
        let [b'.', first, ..] = self.rest() else { return None };
        if !WORD[usize::from(*first)] || first.is_ascii_digit() {
            return None;
        }
        let word = &self.rest()[1..];
        let len = word.iter().position(|byte| !WORD[usize::from(*byte)])?;
        if !ENDS_WORD[usize::from(word[len])] {
            return None;
        }
        self.pos += 1 + len;
        Some(self.this_item(ItemType::Field))
    }

    /// The character that comes next. `None` is Go's `eof`.
    fn peek(&self) -> Option<char> {
        (!self.rest().is_empty()).then(|| runes::decode(self.rest()).0)
    }

    /// Goes on as long as the bytes are such, no line breaks among them.
    #[inline]
    fn skip(&mut self, wanted: impl Fn(u8) -> bool) {
        let rest = self.rest();
        self.pos += rest.iter().position(|byte| !wanted(*byte)).unwrap_or(rest.len());
    }

    /// From the start to the end; no text is as long as would take more bits.
    #[inline]
    fn item(&self, typ: ItemType, end: usize) -> Item {
        Item { typ, pos: self.start as u32, end: end as u32, line: self.start_line as u32 }
    }

    #[inline]
    fn this_item(&mut self, typ: ItemType) -> Item {
        let item = self.item(typ, self.pos);
        self.start = self.pos;
        self.start_line = self.line;
        item
    }

    fn ignore(&mut self) {
        self.line += newlines(&self.input[self.start..self.pos]);
        self.start = self.pos;
        self.start_line = self.line;
    }

    /// Goes over the next byte if it is one of these, no line break among them.
    fn accept(&mut self, valid: &str) -> bool {
        let accepts = self.rest().first().is_some_and(|byte| valid.as_bytes().contains(byte));
        self.pos += usize::from(accepts);
        accepts
    }

    fn accept_run(&mut self, valid: &str) {
        self.skip(|byte| valid.as_bytes().contains(&byte));
    }

    /// An error item, after which nothing is left to scan.
    fn error(&mut self, message: impl Into<String>) -> Item {
        // The first one counts: behind it there is nothing to be right or wrong.
        if self.problem.is_empty() {
            self.problem = message.into();
        }
        let item = self.item(ItemType::Error, self.start);
        self.start = 0;
        self.pos = 0;
        self.input = &[];
        item
    }

    #[inline]
    fn rest(&self) -> &'s [u8] {
        self.input.get(self.pos..).unwrap_or_default()
    }

    fn lex_text(&mut self) -> Item {
        loop {
            let Some(x) = bytes::index(self.rest(), LEFT_DELIM) else {
                self.pos = self.input.len();
                if self.pos > self.start {
                    self.line += newlines(&self.input[self.start..]);
                    return self.this_item(ItemType::Text);
                }
                return self.this_item(ItemType::Eof);
            };
            if x > 0 {
                self.pos += x;
                let trims = has_left_trim_marker(&self.input[self.pos + LEFT_DELIM.len()..]);
                let text = &self.input[self.start..self.pos];
                let trim = if trims { text.len() - trim_end(text).len() } else { 0 };
                self.pos -= trim;
                self.line += newlines(&self.input[self.start..self.pos]);
                let item = self.this_item(ItemType::Text);
                self.pos += trim;
                self.ignore();
                if item.end > item.pos {
                    return item;
                }
            }
            if let Some(item) = self.lex_left_delim() {
                return item;
            }
        }
    }

    /// Whether a right delimiter stands here, and whether it trims.
    fn at_right_delim(&self) -> (bool, bool) {
        match self.rest() {
            [b'}', b'}', ..] => (true, false),
            [space, b'-', b'}', b'}', ..] if is_space_byte(*space) => (true, true),
            _ => (false, false),
        }
    }

    /// The left delimiter, or `None` where it opened a comment that has been skipped.
    fn lex_left_delim(&mut self) -> Option<Item> {
        self.pos += LEFT_DELIM.len();
        let after_marker = if has_left_trim_marker(self.rest()) { TRIM_MARKER_LEN } else { 0 };
        if self.rest()[after_marker..].starts_with(LEFT_COMMENT) {
            self.pos += after_marker;
            self.ignore();
            return self.lex_comment();
        }
        let item = self.this_item(ItemType::LeftDelim);
        self.inside_action = true;
        self.pos += after_marker;
        self.ignore();
        self.paren_depth = 0;
        Some(item)
    }

    fn lex_comment(&mut self) -> Option<Item> {
        self.pos += LEFT_COMMENT.len();
        let Some(x) = bytes::index(self.rest(), RIGHT_COMMENT) else {
            return Some(self.error("unclosed comment"));
        };
        self.pos += x + RIGHT_COMMENT.len();
        let (delim, trims) = self.at_right_delim();
        if !delim {
            return Some(self.error("comment ends before closing delimiter"));
        }
        self.line += newlines(&self.input[self.start..self.pos]);
        self.this_item(ItemType::Space);
        if trims {
            self.pos += TRIM_MARKER_LEN;
        }
        self.pos += RIGHT_DELIM_LEN;
        if trims {
            self.pos += left_trim_length(self.rest());
        }
        self.ignore();
        None
    }

    fn lex_right_delim(&mut self) -> Item {
        let (_, trims) = self.at_right_delim();
        if trims {
            self.pos += TRIM_MARKER_LEN;
            self.ignore();
        }
        self.pos += RIGHT_DELIM_LEN;
        let item = self.this_item(ItemType::RightDelim);
        if trims {
            self.pos += left_trim_length(self.rest());
            self.ignore();
        }
        self.inside_action = false;
        item
    }

    fn lex_inside_action(&mut self) -> Item {
        let rest = self.rest();
        let Some(first) = rest.first() else { return self.error("unclosed action") };
        match *first {
            // Most spaces are one.
            b' ' if rest.get(1).is_some_and(|after| !is_space_byte(*after) && *after != b'-') => {
                self.one(ItemType::Space)
            }
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => self.lex_identifier(),
            b'.' => match rest.get(1) {
                // A dot before a digit starts a number.
                Some(b'0'..=b'9') | None => self.lex_number(),
                Some(_) => self.lex_field_or_variable(ItemType::Field),
            },
            b'"' => self.lex_quote(b'"', "unterminated quoted string", ItemType::String),
            b'$' => self.lex_field_or_variable(ItemType::Variable),
            b'(' => {
                self.paren_depth += 1;
                self.one(ItemType::LeftParen)
            }
            b')' => {
                self.paren_depth -= 1;
                if self.paren_depth < 0 {
                    self.pos += 1;
                    return self.error("unexpected right paren");
                }
                self.one(ItemType::RightParen)
            }
            b'|' => self.one(ItemType::Pipe),
            b'+' | b'-' | b'0'..=b'9' => self.lex_number(),
            b'}' | b' ' | b'\t' | b'\r' | b'\n' if self.at_right_delim().0 => {
                if self.paren_depth > 0 {
                    return self.error("unclosed left paren");
                }
                self.lex_right_delim()
            }
            b' ' | b'\t' | b'\r' | b'\n' => self.lex_space(),
            b'=' => self.one(ItemType::Assign),
            b':' if rest.get(1) == Some(&b'=') => {
                self.pos += 1;
                self.one(ItemType::Declare)
            }
            b':' => self.error("expected :="),
            b'`' => self.lex_raw_quote(),
            b'\'' => self.lex_quote(b'\'', "unterminated character constant", ItemType::CharConstant),
            b'!'..=b'~' => self.one(ItemType::Char),
            _ => self.lex_other(),
        }
    }

    /// An item of one byte.
    #[inline]
    fn one(&mut self, typ: ItemType) -> Item {
        self.pos += 1;
        self.this_item(typ)
    }

    /// What begins with no character that has a meaning of its own.
    fn lex_other(&mut self) -> Item {
        match self.peek() {
            Some(c) if is_alphanumeric(c) => self.lex_identifier(),
            c => {
                self.error(format!("unrecognized character in action: {}", code_point(c.unwrap_or_default())))
            }
        }
    }

    fn lex_space(&mut self) -> Item {
        let rest = self.rest();
        let mut spaces = left_trim_length(rest);
        if rest[spaces..].starts_with(b"-}}") {
            // The last space belongs to the delimiter.
            spaces -= 1;
        }
        self.line += newlines(&rest[..spaces]);
        self.pos += spaces;
        self.this_item(ItemType::Space)
    }

    fn lex_identifier(&mut self) -> Item {
        if !self.skip_word() {
            return self.bad_character();
        }
        self.this_item(word_type(&self.input[self.start..self.pos]))
    }

    fn lex_field_or_variable(&mut self, typ: ItemType) -> Item {
        self.pos += 1;
        if self.at_terminator() {
            let alone = if typ == ItemType::Variable { ItemType::Variable } else { ItemType::Dot };
            return self.this_item(alone);
        }
        if !self.skip_word() {
            return self.bad_character();
        }
        self.this_item(typ)
    }

    /// Goes to the end of a word, and says whether it may end there.
    fn skip_word(&mut self) -> bool {
        loop {
            self.skip(|byte| WORD[usize::from(byte)]);
            match self.rest().first() {
                Some(byte) if !byte.is_ascii() => {
                    let (c, width) = runes::decode(self.rest());
                    if !is_alphanumeric(c) {
                        return false;
                    }
                    self.pos += width;
                }
                _ => return self.at_terminator(),
            }
        }
    }

    fn bad_character(&mut self) -> Item {
        self.error(format!("bad character {}", code_point(self.peek().unwrap_or_default())))
    }

    fn at_terminator(&self) -> bool {
        match self.rest() {
            [] | [b'}', b'}', ..] => true,
            [byte, ..] => ENDS_WORD[usize::from(*byte)],
        }
    }

    /// A quoted string or a character constant.
    fn lex_quote(&mut self, quote: u8, unterminated: &str, typ: ItemType) -> Item {
        self.pos += 1;
        loop {
            let rest = self.rest();
            self.pos += memchr::memchr3(quote, b'\\', b'\n', rest).unwrap_or(rest.len());
            match self.rest() {
                [b'\\', after, ..] if *after != b'\n' => self.pos += 2,
                [byte, ..] if *byte == quote => return self.one(typ),
                _ => return self.error(unterminated),
            }
        }
    }

    fn lex_raw_quote(&mut self) -> Item {
        self.pos += 1;
        let rest = self.rest();
        let Some(end) = memchr::memchr(b'`', rest) else {
            self.line += newlines(rest);
            return self.error("unterminated raw quoted string");
        };
        self.line += newlines(&rest[..end]);
        self.pos += end + 1;
        self.this_item(ItemType::RawString)
    }

    fn lex_number(&mut self) -> Item {
        if !self.scan_number() {
            return self.bad_number();
        }
        if matches!(self.peek(), Some('+' | '-')) {
            // Complex: 1+2i. No spaces, must end in 'i'.
            if !self.scan_number() || self.input[self.pos - 1] != b'i' {
                return self.bad_number();
            }
            return self.this_item(ItemType::Complex);
        }
        self.this_item(ItemType::Number)
    }

    fn bad_number(&mut self) -> Item {
        let text = strconv::quote(&self.input[self.start..self.pos]);
        self.error(format!("bad number syntax: {text}"))
    }

    fn scan_number(&mut self) -> bool {
        const DECIMAL: &str = "0123456789_";
        const HEX: &str = "0123456789abcdefABCDEF_";
        self.accept("+-");
        let mut digits = DECIMAL;
        if self.accept("0") {
            if self.accept("xX") {
                digits = HEX;
            } else if self.accept("oO") {
                digits = "01234567_";
            } else if self.accept("bB") {
                digits = "01_";
            }
        }
        self.accept_run(digits);
        if self.accept(".") {
            self.accept_run(digits);
        }
        if (digits == DECIMAL && self.accept("eE")) || (digits == HEX && self.accept("pP")) {
            self.accept("+-");
            self.accept_run(DECIMAL);
        }
        self.accept("i");
        // Next thing mustn't be alphanumeric.
        if let Some(c) = self.peek().filter(|c| is_alphanumeric(*c)) {
            self.pos += width(c, self.rest());
            return false;
        }
        true
    }
}

/// Go's verb `%#U`.
fn code_point(c: char) -> String {
    let code = format!("U+{:04X}", u32::from(c));
    if unicode::is_print(c) { format!("{code} '{c}'") } else { code }
}

/// The bytes that words are made of, as far as they are ASCII.
static WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte == b'_' || byte.is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// The bytes that may stand behind a word, the delimiter apart. Go: `atTerminator`.
static ENDS_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let ends = b" \t\r\n.,|:()";
    let mut at = 0;
    while at < ends.len() {
        table[ends[at] as usize] = true;
        at += 1;
    }
    table
};

fn newlines(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text).count()
}

/// How many bytes of the text its first character takes.
fn width(c: char, text: &[u8]) -> usize {
    if c.is_ascii() { 1 } else { runes::decode(text).1 }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_alphanumeric(c: char) -> bool {
    if c.is_ascii() {
        return c == '_' || c.is_ascii_alphanumeric();
    }
    unicode::is_letter(c) || unicode::is_digit(c)
}

fn is_space_byte(byte: u8) -> bool {
    is_space(char::from(byte))
}

fn trim_end(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !is_space_byte(*byte)).map_or(0, |at| at + 1);
    &text[..end]
}

fn left_trim_length(text: &[u8]) -> usize {
    text.iter().position(|byte| !is_space_byte(*byte)).unwrap_or(text.len())
}

fn has_left_trim_marker(text: &[u8]) -> bool {
    matches!(text, [b'-', space, ..] if is_space_byte(*space))
}
