//! Cutting TOML into items, state by state as BurntSushi's lex.go does, because its errors tell in which state it stood.
//! What the items mean is `read`'s business.

use std::collections::VecDeque;

use crate::go::strconv::{quote, quote_rune};
use crate::go::{runes, unicode};

/// What Go's `next` gives at the end.
const EOF: char = '\0';

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Eof,
    Text,
    String,
    StringEsc,
    RawString,
    MultilineString,
    RawMultilineString,
    Bool,
    Integer,
    Float,
    Datetime,
    Array,
    ArrayEnd,
    TableStart,
    TableEnd,
    ArrayTableStart,
    ArrayTableEnd,
    KeyStart,
    KeyEnd,
    CommentStart,
    InlineTableStart,
    InlineTableEnd,
}

/// A piece of the document.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    pub typ: Type,
    pub text: &'a str,
    pub line: usize,
}

/// Why the document cannot be cut.
#[derive(Clone, Debug)]
pub struct Fault {
    pub line: usize,
    pub message: String,
}

/// Where the lexer stands.
#[derive(Clone, Copy, Debug)]
enum State {
    Top,
    TopEnd,
    TableEnd,
    ArrayTableEnd,
    TableNameStart,
    TableNameEnd,
    KeyStart,
    KeyNameStart,
    KeyEnd,
    Value,
    ArrayValue,
    ArrayValueEnd,
    InlineTableValue,
    InlineTableValueEnd,
    Comment,
    End,
}

type Next = Result<State, Fault>;

/// The lexer.
pub struct Lexer<'a> {
    input: &'a [u8],
    start: usize,
    pos: usize,
    line: usize,
    state: State,
    stack: Vec<State>,
    items: VecDeque<Item<'a>>,
    fault: Option<Fault>,
    /// The widths of the last characters that were read.
    widths: [usize; 4],
    at_eof: bool,
    /// Whether the string at hand has escapes.
    esc: bool,
}

fn is_whitespace(c: char) -> bool {
    matches!(c, '\t' | ' ')
}

fn is_newline(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

/// Go: lex.go `isHex`, which sees letters through a mask.
pub fn is_hex(c: char) -> bool {
    let masked = char::from_u32(u32::from(c) | 0x20);
    c.is_ascii_digit() || masked.is_some_and(|c| ('a'..='f').contains(&c))
}

fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

fn rune_or_eof(c: char) -> String {
    if c == EOF { "end of file".to_owned() } else { format!("'{c}'") }
}

impl<'a> Lexer<'a> {
    /// Starts at the beginning.
    pub fn new(input: &'a [u8]) -> Lexer<'a> {
        Lexer {
            input,
            start: 0,
            pos: 0,
            line: 1,
            state: State::Top,
            stack: Vec::new(),
            items: VecDeque::new(),
            fault: None,
            widths: [0; 4],
            at_eof: false,
            esc: false,
        }
    }

    /// The next item.
    pub fn next_item(&mut self) -> Result<Item<'a>, Fault> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Ok(item);
            }
            if let Some(fault) = &self.fault {
                return Err(fault.clone());
            }
            match self.step(self.state) {
                Ok(state) => self.state = state,
                Err(fault) => self.fault = Some(fault),
            }
        }
    }

    fn step(&mut self, state: State) -> Next {
        match state {
            State::Top => self.top(),
            State::TopEnd => self.top_end(),
            State::TableEnd => Ok(self.emit_then(Type::TableEnd, State::TopEnd)),
            State::ArrayTableEnd => self.array_table_end(),
            State::TableNameStart => self.table_name_start(),
            State::TableNameEnd => self.table_name_end(),
            State::KeyStart => self.key_start(),
            State::KeyNameStart => self.key_name_start(),
            State::KeyEnd => self.key_end(),
            State::Value => self.value(),
            State::ArrayValue => self.array_value(),
            State::ArrayValueEnd => self.array_value_end(),
            State::InlineTableValue => self.inline_table_value(),
            State::InlineTableValueEnd => self.inline_table_value_end(),
            State::Comment => self.comment(),
            State::End => Ok(self.emit_then(Type::Eof, State::End)),
        }
    }

    fn current(&self) -> &'a str {
        // Both ends stand between characters, and bytes that are none were refused.
        std::str::from_utf8(&self.input[self.start..self.pos]).unwrap_or_default()
    }

    fn pop(&mut self) -> State {
        self.stack.pop().unwrap_or(State::End)
    }

    fn emit_text(&mut self, typ: Type, text: &'a str) {
        self.items.push_back(Item { typ, text, line: self.line });
        self.start = self.pos;
    }

    fn emit(&mut self, typ: Type) {
        self.emit_text(typ, self.current());
    }

    fn emit_then(&mut self, typ: Type, next: State) -> State {
        self.emit(typ);
        next
    }

    fn emit_pop(&mut self, typ: Type) -> Next {
        self.emit(typ);
        Ok(self.pop())
    }

    fn next(&mut self) -> Result<char, Fault> {
        if self.pos >= self.input.len() {
            self.at_eof = true;
            return Ok(EOF);
        }
        let byte = self.input[self.pos];
        if byte == b'\n' {
            self.line += 1;
        }
        let (c, width) = runes::decode(&self.input[self.pos..]);
        if c == '\u{fffd}' && width == 1 {
            return self.error(format!("invalid UTF-8 byte: 0x{byte:02x}"));
        }
        let lone = c == '\r' && self.input.get(self.pos + 1) != Some(&b'\n');
        if lone || (c.is_ascii_control() && !matches!(c, '\t' | '\r' | '\n')) {
            let message = format!("TOML files cannot contain control characters: '0x{:02x}'", u32::from(c));
            return Err(Fault { line: self.line, message });
        }
        self.widths.rotate_right(1);
        self.widths[0] = width;
        self.pos += width;
        Ok(c)
    }

    fn backup(&mut self) {
        if self.at_eof {
            self.at_eof = false;
            return;
        }
        self.pos -= self.widths[0];
        self.widths.rotate_left(1);
        if self.input.get(self.pos) == Some(&b'\n') {
            self.line -= 1;
        }
    }

    fn accept(&mut self, wanted: char) -> Result<bool, Fault> {
        let found = self.next()? == wanted;
        if !found {
            self.backup();
        }
        Ok(found)
    }

    fn peek(&mut self) -> Result<char, Fault> {
        let c = self.next()?;
        self.backup();
        Ok(c)
    }

    fn ignore(&mut self) {
        self.start = self.pos;
    }

    fn ignore_then(&mut self, state: State) -> Next {
        self.ignore();
        Ok(state)
    }

    /// Reads on while the characters are such, and gives back the one that is not.
    fn read_while(&mut self, such: impl Fn(char) -> bool) -> Result<(), Fault> {
        while such(self.next()?) {}
        self.backup();
        Ok(())
    }

    fn skip_whitespace(&mut self) -> Result<(), Fault> {
        self.read_while(is_whitespace)?;
        self.ignore();
        Ok(())
    }

    /// Go: lex.go `error`: at the end it is the line before that is named.
    fn error<T>(&self, message: String) -> Result<T, Fault> {
        if self.at_eof { self.error_on_line_before(message) } else { Err(Fault { line: self.line, message }) }
    }

    fn error_on_line_before<T>(&self, message: String) -> Result<T, Fault> {
        Err(Fault { line: self.line.saturating_sub(1), message })
    }

    /// Go: lex.go `errorf`.
    fn errorf<T>(&self, message: impl Into<String>) -> Result<T, Fault> {
        let after_newline = self.at_eof && self.pos >= 1 && self.input[self.pos - 1] == b'\n';
        Err(Fault { line: self.line - usize::from(after_newline), message: message.into() })
    }

    fn comment_then(&mut self, state: State) -> Next {
        self.stack.push(state);
        self.ignore();
        self.emit(Type::CommentStart);
        Ok(State::Comment)
    }

    fn comment(&mut self) -> Next {
        self.read_while(|c| !is_newline(c) && c != EOF)?;
        self.emit_pop(Type::Text)
    }

    fn top(&mut self) -> Next {
        match self.next()? {
            c if is_whitespace(c) || is_newline(c) => self.ignore_then(State::Top),
            '#' => self.comment_then(State::Top),
            '[' if self.peek()? == '[' => {
                self.next()?;
                self.emit(Type::ArrayTableStart);
                self.stack.push(State::ArrayTableEnd);
                Ok(State::TableNameStart)
            }
            '[' => {
                self.emit(Type::TableStart);
                self.stack.push(State::TableEnd);
                Ok(State::TableNameStart)
            }
            EOF => Ok(State::End),
            _ => {
                self.backup();
                self.stack.push(State::TopEnd);
                Ok(State::KeyStart)
            }
        }
    }

    fn top_end(&mut self) -> Next {
        match self.next()? {
            '#' => self.comment_then(State::Top),
            c if is_whitespace(c) => Ok(State::TopEnd),
            c if is_newline(c) => self.ignore_then(State::Top),
            EOF => Ok(State::End),
            c => self.errorf(format!(
                "expected a top-level item to end with a newline, comment, or EOF, but got {} instead",
                quote_rune(c)
            )),
        }
    }

    fn array_table_end(&mut self) -> Next {
        match self.next()? {
            ']' => Ok(self.emit_then(Type::ArrayTableEnd, State::TopEnd)),
            c => self.errorf(format!(
                "expected end of table array name delimiter ']', but got {} instead",
                quote_rune(c)
            )),
        }
    }

    fn table_name_start(&mut self) -> Next {
        self.skip_whitespace()?;
        match self.peek()? {
            ']' | EOF => {
                // What was peeked at is given back, so that the end is no longer known for one.
                self.errorf("unexpected end of table name (table names cannot be empty)")
            }
            '.' => self.errorf("unexpected table separator (table names cannot be empty)"),
            c => self.name(c, State::TableNameEnd),
        }
    }

    fn table_name_end(&mut self) -> Next {
        self.skip_whitespace()?;
        match self.next()? {
            '.' => self.ignore_then(State::TableNameStart),
            ']' => Ok(self.pop()),
            c => {
                let got = quote_rune(c);
                self.errorf(format!("expected '.' or ']' to end table name, but got {got} instead"))
            }
        }
    }

    /// One part of a name, which begins with the character.
    fn name(&mut self, first: char, then: State) -> Next {
        self.stack.push(then);
        if matches!(first, '"' | '\'') {
            self.next()?;
            self.ignore();
            return if first == '"' { self.string() } else { self.raw_string() };
        }
        self.read_while(is_bare)?;
        self.emit_pop(Type::Text)
    }

    fn key_start(&mut self) -> Next {
        self.skip_whitespace()?;
        match self.peek()? {
            '=' | EOF => self.errorf("unexpected '=': key name appears blank"),
            '.' => self.errorf("unexpected '.': keys cannot start with a '.'"),
            _ => Ok(self.emit_then(Type::KeyStart, State::KeyNameStart)),
        }
    }

    fn key_name_start(&mut self) -> Next {
        self.skip_whitespace()?;
        match self.peek()? {
            '=' | EOF => self.errorf("unexpected '='"),
            '.' => self.errorf("unexpected '.'"),
            c => self.name(c, State::KeyEnd),
        }
    }

    fn key_end(&mut self) -> Next {
        self.skip_whitespace()?;
        match self.next()? {
            EOF => self.errorf("unexpected EOF; expected key separator '='"),
            '.' => self.ignore_then(State::KeyNameStart),
            '=' => {
                self.emit(Type::KeyEnd);
                self.ignore_then(State::Value)
            }
            c => {
                let message = format!("expected '.' or '=', but got {} instead", quote_rune(c));
                if c == '\n' { self.error_on_line_before(message) } else { self.errorf(message) }
            }
        }
    }

    fn value(&mut self) -> Next {
        let c = self.next()?;
        match c {
            c if is_whitespace(c) => return self.ignore_then(State::Value),
            '0' => return self.base_number_or_date(),
            '1'..='9' => return self.number_or_date(),
            '[' => {
                self.ignore();
                return Ok(self.emit_then(Type::Array, State::ArrayValue));
            }
            '{' => {
                self.ignore();
                return Ok(self.emit_then(Type::InlineTableStart, State::InlineTableValue));
            }
            '"' | '\'' => return self.quoted(c),
            '.' => return self.errorf("floats must start with a digit, not '.'"),
            'i' | 'n' if self.is_not_finite()? => return self.emit_pop(Type::Float),
            '-' | '+' => return self.decimal_number_start(),
            _ => {}
        }
        if unicode::is_letter(c) {
            self.backup();
            return self.bool();
        }
        if c == EOF {
            return self.errorf("unexpected EOF; expected value");
        }
        let message = format!("expected value but found {} instead", quote_rune(c));
        if c == '\n' { self.error_on_line_before(message) } else { self.errorf(message) }
    }

    /// Behind an `i` or `n`: whether it is `inf` or `nan`, which Go does not look at closely.
    fn is_not_finite(&mut self) -> Result<bool, Fault> {
        Ok((self.accept('n')? && self.accept('f')?) || (self.accept('a')? && self.accept('n')?))
    }

    fn array_value(&mut self) -> Next {
        match self.next()? {
            c if is_whitespace(c) || is_newline(c) => self.ignore_then(State::ArrayValue),
            '#' => self.comment_then(State::ArrayValue),
            ',' => self.errorf("unexpected comma"),
            ']' => self.end(Type::ArrayEnd),
            _ => {
                self.backup();
                self.stack.push(State::ArrayValueEnd);
                Ok(State::Value)
            }
        }
    }

    fn array_value_end(&mut self) -> Next {
        match self.next()? {
            c if is_whitespace(c) || is_newline(c) => self.ignore_then(State::ArrayValueEnd),
            '#' => self.comment_then(State::ArrayValueEnd),
            ',' => self.ignore_then(State::ArrayValue),
            ']' => self.end(Type::ArrayEnd),
            c => self.errorf(format!(
                "expected a comma (',') or array terminator (']'), but got {}",
                rune_or_eof(c)
            )),
        }
    }

    fn end(&mut self, typ: Type) -> Next {
        self.ignore();
        self.emit_pop(typ)
    }

    fn inline_table_value(&mut self) -> Next {
        match self.next()? {
            c if is_whitespace(c) || is_newline(c) => self.ignore_then(State::InlineTableValue),
            '#' => self.comment_then(State::InlineTableValue),
            ',' => self.errorf("unexpected comma"),
            '}' => self.end(Type::InlineTableEnd),
            _ => {
                self.backup();
                self.stack.push(State::InlineTableValueEnd);
                Ok(State::KeyStart)
            }
        }
    }

    fn inline_table_value_end(&mut self) -> Next {
        match self.next()? {
            c if is_whitespace(c) || is_newline(c) => self.ignore_then(State::InlineTableValueEnd),
            '#' => self.comment_then(State::InlineTableValueEnd),
            ',' => {
                self.ignore();
                self.skip_whitespace()?;
                let ends = self.peek()? == '}';
                Ok(if ends { State::InlineTableValueEnd } else { State::InlineTableValue })
            }
            '}' => self.end(Type::InlineTableEnd),
            c => self.errorf(format!(
                "expected a comma or an inline table terminator '}}', but got {} instead",
                rune_or_eof(c)
            )),
        }
    }

    /// A string in quotes of which the first was read: one, or three for a multiline string.
    fn quoted(&mut self, quote: char) -> Next {
        if self.accept(quote)? {
            if self.accept(quote)? {
                self.ignore();
                return self.multiline(quote);
            }
            self.backup();
        }
        self.ignore();
        if quote == '"' { self.string() } else { self.raw_string() }
    }

    fn string(&mut self) -> Next {
        loop {
            match self.next()? {
                EOF => return self.errorf("unexpected EOF; expected '\"'"),
                c if is_newline(c) => {
                    return self.error_on_line_before("strings cannot contain newlines".to_owned());
                }
                '\\' => self.escape()?,
                '"' => {
                    let typ = if std::mem::take(&mut self.esc) { Type::StringEsc } else { Type::String };
                    return self.end_string(typ, 1);
                }
                _ => {}
            }
        }
    }

    fn raw_string(&mut self) -> Next {
        loop {
            match self.next()? {
                EOF => return self.errorf("unexpected EOF; expected \"'\""),
                c if is_newline(c) => {
                    return self.error_on_line_before("strings cannot contain newlines".to_owned());
                }
                '\'' => return self.end_string(Type::RawString, 1),
                _ => {}
            }
        }
    }

    /// Emits what stands before the closing quotes, which were read.
    fn end_string(&mut self, typ: Type, quotes: usize) -> Next {
        for _ in 0..quotes {
            self.backup();
        }
        self.emit(typ);
        for _ in 0..quotes {
            self.next()?;
        }
        self.ignore();
        Ok(self.pop())
    }

    fn multiline(&mut self, quote: char) -> Next {
        let raw = quote == '\'';
        loop {
            let c = self.next()?;
            if c == EOF {
                let other = if raw { '"' } else { '\'' };
                return self.errorf(format!("unexpected EOF; expected {other}{quote}{quote}{quote}{other}"));
            } else if c == '\\' && !raw {
                if !is_newline(self.next()?) {
                    self.backup();
                    self.escape()?;
                }
            } else if c == quote && self.accept(quote)? {
                if !self.accept(quote)? {
                    self.backup();
                } else if self.peek()? == quote {
                    let five: String = std::iter::repeat_n(quote, 5).collect();
                    let escaped = !raw && self.current().ends_with(&format!("\\{five}"));
                    if self.current().ends_with(&five) && !escaped {
                        let other = if raw { '"' } else { '\'' };
                        return self.errorf(format!("unexpected {other}{five}{quote}{other}"));
                    }
                    self.backup();
                    self.backup();
                } else {
                    let typ = if raw { Type::RawMultilineString } else { Type::MultilineString };
                    if !raw {
                        self.esc = false;
                    }
                    return self.end_string(typ, 3);
                }
            }
        }
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Result<(), Fault> {
        self.esc = true;
        match self.next()? {
            'e' | 'b' | 't' | 'n' | 'f' | 'r' | '"' | ' ' | '\t' | '\\' => Ok(()),
            'x' => self.hexadecimal(2, "expected two hexadecimal digits after '\\x'"),
            'u' => self.hexadecimal(4, "expected four hexadecimal digits after '\\u'"),
            'U' => self.hexadecimal(8, "expected eight hexadecimal digits after '\\U'"),
            c => self.error(format!("invalid escape in string '\\{c}'")),
        }
    }

    fn hexadecimal(&mut self, count: usize, wanted: &str) -> Result<(), Fault> {
        for _ in 0..count {
            if !is_hex(self.next()?) {
                return self.errorf(format!("{wanted}, but got {} instead", quote(self.current())));
            }
        }
        Ok(())
    }

    fn number_or_date(&mut self) -> Next {
        self.read_while(|c| c.is_ascii_digit())?;
        match self.next()? {
            '-' | ':' => self.datetime(),
            '_' => self.decimal_number(),
            '.' | 'e' | 'E' => self.float(),
            _ => {
                self.backup();
                self.emit_pop(Type::Integer)
            }
        }
    }

    fn datetime(&mut self) -> Next {
        self.read_while(|c| {
            c.is_ascii_digit() || matches!(c, '-' | ':' | 'T' | 't' | ' ' | '.' | 'Z' | 'z' | '+')
        })?;
        self.emit_text(Type::Datetime, self.current().trim());
        Ok(self.pop())
    }

    fn digits(&mut self, such: impl Fn(char) -> bool) -> Next {
        self.read_while(|c| such(c) || c == '_')?;
        self.emit_pop(Type::Integer)
    }

    fn decimal_number(&mut self) -> Next {
        self.read_while(|c| c.is_ascii_digit() || c == '_')?;
        if matches!(self.next()?, '.' | 'e' | 'E') {
            return self.float();
        }
        self.backup();
        self.emit_pop(Type::Integer)
    }

    fn decimal_number_start(&mut self) -> Next {
        let c = self.next()?;
        match c {
            'i' | 'n' => {
                let [second, third] = if c == 'i' { ['n', 'f'] } else { ['a', 'n'] };
                if !self.accept(second)? || !self.accept(third)? {
                    return self.errorf(format!("invalid float: '{}'", self.current()));
                }
                return self.emit_pop(Type::Float);
            }
            '0' => {
                let base = self.peek()?;
                if matches!(base, 'b' | 'o' | 'x') {
                    let number = self.current();
                    return self
                        .errorf(format!("cannot use sign with non-decimal numbers: '{number}{base}'"));
                }
            }
            '.' => return self.errorf("floats must start with a digit, not '.'"),
            _ => {}
        }
        if c.is_ascii_digit() {
            return self.decimal_number();
        }
        self.errorf(format!("expected a digit but got {}", quote_rune(c)))
    }

    /// Behind a `0`.
    fn base_number_or_date(&mut self) -> Next {
        let c = self.next()?;
        match c {
            c if c.is_ascii_digit() => self.number_or_date(),
            '_' => self.decimal_number(),
            '.' | 'e' | 'E' => self.float(),
            'b' => self.based(|c| matches!(c, '0' | '1'), "a binary"),
            'o' => self.based(|c| ('0'..='7').contains(&c), "an octal"),
            'x' => self.based(is_hex, "a hexadecimal"),
            _ => {
                self.backup();
                self.emit_pop(Type::Integer)
            }
        }
    }

    fn based(&mut self, such: impl Fn(char) -> bool, what: &str) -> Next {
        let c = self.peek()?;
        if !such(c) {
            return self.errorf(format!("not {what} number: '{}{c}'", self.current()));
        }
        self.digits(such)
    }

    fn float(&mut self) -> Next {
        self.read_while(|c| c.is_ascii_digit() || matches!(c, '_' | '.' | '-' | '+' | 'e' | 'E'))?;
        self.emit_pop(Type::Float)
    }

    fn bool(&mut self) -> Next {
        let from = self.pos;
        self.read_while(unicode::is_letter)?;
        let word = &self.input[from..self.pos];
        if matches!(word, b"true" | b"false") {
            return self.emit_pop(Type::Bool);
        }
        self.errorf(format!("expected value but found {} instead", quote(word)))
    }
}
