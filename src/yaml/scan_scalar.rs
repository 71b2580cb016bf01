//! Scalars as the scanner reads them: plain, quoted, literal and folded.
//!
//! A scalar of one line is a slice of the text; only folding, escapes and block indents make a new string.

use std::borrow::Cow;

use super::error::Problem;
use super::scan::{Lexeme, Mark, Scanner, Style, Token};

/// A scalar in the making, which stays a slice for as long as nothing has to be left out.
struct Text<'a> {
    whole: &'a str,
    start: usize,
    end: usize,
    owned: Option<String>,
}

impl<'a> Text<'a> {
    fn new(whole: &'a str, start: usize) -> Text<'a> {
        Text { whole, start, end: start, owned: None }
    }

    /// Adds a slice of the whole text.
    fn slice(&mut self, from: usize, to: usize) {
        match &mut self.owned {
            Some(text) => text.push_str(&self.whole[from..to]),
            None if self.start == self.end => (self.start, self.end) = (from, to),
            None if from == self.end => self.end = to,
            None => {
                let whole = self.whole;
                self.own().push_str(&whole[from..to]);
            }
        }
    }

    fn own(&mut self) -> &mut String {
        self.owned.get_or_insert_with(|| self.whole[self.start..self.end].to_owned())
    }

    fn finish(self) -> Cow<'a, str> {
        match self.owned {
            Some(text) => Cow::Owned(text),
            None => Cow::Borrowed(&self.whole[self.start..self.end]),
        }
    }
}

/// The white space between two words of a flow scalar, which folding changes.
#[derive(Default)]
struct Gap {
    /// Blanks within a line, as a slice of the text.
    blanks: Option<(usize, usize)>,
    /// The first line break; `""` where a break was escaped.
    lead: &'static str,
    /// The line breaks after the first.
    rest: String,
    /// Whether there was a line break.
    broken: bool,
}

impl Gap {
    fn flush(&mut self, text: &mut Text<'_>) {
        if self.broken {
            match (self.lead, self.rest.is_empty()) {
                ("\n", true) => text.own().push(' '),
                ("\n", false) => text.own().push_str(&self.rest),
                (lead, _) => {
                    text.own().push_str(lead);
                    text.own().push_str(&self.rest);
                }
            }
            self.rest.clear();
            self.lead = "";
            self.broken = false;
        } else if let Some((from, to)) = self.blanks.take() {
            text.slice(from, to);
        }
    }
}

impl<'a> Scanner<'a> {
    fn offset(&self) -> usize {
        self.mark.offset as usize
    }

    /// Steps over the characters that end no word in any style. A mere shortcut for the loops that call it.
    #[inline]
    fn skip_plain_run(&mut self) {
        let bytes = &self.text.as_bytes()[self.offset()..];
        let run = bytes
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'/'))
            .count() as u32;
        self.mark.offset += run;
        self.mark.index += run;
        self.mark.column += run;
    }

    /// Go: scannerc.go `yaml_parser_scan_plain_scalar`.
    pub(super) fn scan_plain_scalar(&mut self) -> Result<Token<'a>, Problem> {
        let start = self.mark;
        let mut end = start;
        let indent = self.indent + 1;
        let mut text = Text::new(self.text, self.offset());
        let mut gap = Gap::default();
        loop {
            self.need(4)?;
            if self.at_document_indicator() || self.byte() == b'#' {
                break;
            }
            let word = self.offset();
            loop {
                self.skip_plain_run();
                self.need(2)?;
                if self.is_space_at(0) || self.ends_plain() {
                    break;
                }
                self.skip();
                self.need(2)?;
            }
            if self.offset() > word {
                gap.flush(&mut text);
                text.slice(word, self.offset());
                end = self.mark;
            }
            if !self.is_blank() && !self.is_break() {
                break;
            }
            self.need(1)?;
            self.scan_gap(&mut gap, Some(indent))?;
            if self.flow_level == 0 && (self.mark.column as i32) < indent {
                break;
            }
        }
        if gap.broken {
            self.key_allowed = true;
        }
        Ok(Token { lexeme: Lexeme::Scalar(text.finish(), Style::Plain), start, end })
    }

    /// Whether the character ends a plain scalar though it is no space.
    fn ends_plain(&self) -> bool {
        match self.byte() {
            b':' => self.is_space_at(1),
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => self.flow_level > 0,
            _ => false,
        }
    }

    /// Blanks and line breaks; `indent` is that of a plain scalar, in which tabs may not stand for it.
    fn scan_gap(&mut self, gap: &mut Gap, indent: Option<i32>) -> Result<(), Problem> {
        while self.is_blank() || self.is_break() {
            if self.is_blank() {
                let deep = indent.is_none_or(|indent| self.mark.column as i32 >= indent);
                if gap.broken && !deep && self.byte() == b'\t' {
                    return self.fail("found a tab character that violates indentation");
                }
                let from = self.offset();
                self.skip();
                if !gap.broken {
                    gap.blanks = Some((gap.blanks.map_or(from, |(first, _)| first), self.offset()));
                }
            } else {
                self.need(2)?;
                let line = self.skip_line();
                if gap.broken {
                    gap.rest.push_str(line);
                } else {
                    gap.blanks = None;
                    gap.lead = line;
                    gap.broken = true;
                }
            }
            self.need(1)?;
        }
        Ok(())
    }

    /// Go: scannerc.go `yaml_parser_scan_flow_scalar`.
    pub(super) fn scan_quoted_scalar(&mut self, single: bool) -> Result<Token<'a>, Problem> {
        let start = self.mark;
        let quote = self.byte();
        self.skip();
        let mut text = Text::new(self.text, self.offset());
        loop {
            self.need(4)?;
            if self.at_document_indicator() {
                return self.fail("found unexpected document indicator");
            }
            if self.byte() == 0 {
                return self.fail("found unexpected end of stream");
            }
            let mut gap = Gap::default();
            while !self.is_space_at(0) {
                match self.byte() {
                    b'\'' if single && self.at(1) == b'\'' => {
                        text.own().push('\'');
                        self.skip();
                        self.skip();
                    }
                    byte if byte == quote => break,
                    b'\\' if !single && self.is_break_at(1) => {
                        self.need(3)?;
                        self.skip();
                        self.skip_line();
                        gap.broken = true;
                        break;
                    }
                    b'\\' if !single => {
                        let c = self.scan_escape()?;
                        text.own().push(c);
                    }
                    _ => {
                        let from = self.offset();
                        self.skip();
                        self.skip_plain_run();
                        text.slice(from, self.offset());
                    }
                }
                self.need(2)?;
            }
            self.need(1)?;
            if self.byte() == quote {
                break;
            }
            self.scan_gap(&mut gap, None)?;
            gap.flush(&mut text);
        }
        self.skip();
        let style = if single { Style::SingleQuoted } else { Style::DoubleQuoted };
        Ok(Token { lexeme: Lexeme::Scalar(text.finish(), style), start, end: self.mark })
    }

    /// An escape of a double-quoted scalar.
    fn scan_escape(&mut self) -> Result<char, Problem> {
        let plain = match self.at(1) {
            b'0' => '\0',
            b'a' => '\x07',
            b'b' => '\x08',
            b't' | b'\t' => '\t',
            b'n' => '\n',
            b'v' => '\x0B',
            b'f' => '\x0C',
            b'r' => '\r',
            b'e' => '\x1B',
            b' ' => ' ',
            b'"' => '"',
            b'\'' => '\'',
            b'\\' => '\\',
            b'N' => '\u{85}',
            b'_' => '\u{A0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            b'x' => return self.scan_code(2),
            b'u' => return self.scan_code(4),
            b'U' => return self.scan_code(8),
            _ => return self.fail("found unknown escape character"),
        };
        self.skip();
        self.skip();
        Ok(plain)
    }

    fn scan_code(&mut self, digits: usize) -> Result<char, Problem> {
        self.skip();
        self.skip();
        self.need(digits)?;
        let mut code = 0u32;
        for ahead in 0..digits {
            let Some(digit) = char::from(self.at(ahead)).to_digit(16) else {
                return self.fail("did not find expected hexdecimal number");
            };
            code = code << 4 | digit;
        }
        let Some(c) = char::from_u32(code) else {
            return self.fail("found invalid Unicode character escape code");
        };
        for _ in 0..digits {
            self.skip();
        }
        Ok(c)
    }

    /// Go: scannerc.go `yaml_parser_scan_block_scalar`.
    pub(super) fn scan_block_scalar(&mut self, literal: bool) -> Result<Token<'a>, Problem> {
        let start = self.mark;
        self.skip();
        let (keep, increment) = self.scan_block_header()?;
        self.skip_blanks()?;
        self.skip_comment()?;
        if !self.is_break_or_end() {
            return self.fail("did not find expected comment or line break");
        }
        if self.is_break() {
            self.need(2)?;
            self.skip_line();
        }
        let mut indent = increment.map(|increment| self.indent.max(0) + increment);
        let mut text = String::new();
        let mut breaks = String::new();
        let mut end = self.scan_block_breaks(&mut indent, &mut breaks)?;
        let column = indent.unwrap_or(1) as u32;
        self.need(1)?;
        let mut lead = "";
        let mut after_blank = false;
        while self.mark.column == column && self.byte() != 0 {
            let blank = self.is_blank();
            if !literal && !after_blank && !blank && lead == "\n" {
                if breaks.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(lead);
            }
            text.push_str(&breaks);
            breaks.clear();
            after_blank = blank;
            let from = self.offset();
            while !self.is_break_or_end() {
                self.skip();
                self.skip_plain_run();
                self.need(1)?;
            }
            text.push_str(&self.text[from..self.offset()]);
            self.need(2)?;
            lead = self.skip_line();
            end = self.scan_block_breaks(&mut indent, &mut breaks)?;
        }
        if keep >= 0 {
            text.push_str(lead);
        }
        if keep > 0 {
            text.push_str(&breaks);
        }
        let style = if literal { Style::Literal } else { Style::Folded };
        Ok(Token { lexeme: Lexeme::Scalar(Cow::Owned(text), style), start, end })
    }

    /// The hints after `|` or `>`: what becomes of the last breaks (-1 stripped, 0 one, 1 all), and the indent.
    fn scan_block_header(&mut self) -> Result<(i32, Option<i32>), Problem> {
        self.need(1)?;
        let mut keep = self.scan_chomping();
        if keep != 0 {
            self.need(1)?;
        }
        let mut increment = None;
        if self.byte().is_ascii_digit() {
            if self.byte() == b'0' {
                return self.fail("found an indentation indicator equal to 0");
            }
            increment = Some(i32::from(self.byte() - b'0'));
            self.skip();
            if keep == 0 {
                self.need(1)?;
                keep = self.scan_chomping();
            }
        }
        Ok((keep, increment))
    }

    fn scan_chomping(&mut self) -> i32 {
        let keep = match self.byte() {
            b'+' => 1,
            b'-' => -1,
            _ => return 0,
        };
        self.skip();
        keep
    }

    /// The indent and the empty lines before a line of a block scalar; finds out the indent where it is not known.
    /// Gives where the last break ended.
    fn scan_block_breaks(&mut self, indent: &mut Option<i32>, breaks: &mut String) -> Result<Mark, Problem> {
        let mut end = self.mark;
        let mut deepest = 0;
        loop {
            self.need(1)?;
            let shallow = |scanner: &Scanner<'_>| indent.is_none_or(|n| (scanner.mark.column as i32) < n);
            while shallow(self) && self.byte() == b' ' {
                self.skip();
                self.need(1)?;
            }
            deepest = deepest.max(self.mark.column as i32);
            if shallow(self) && self.byte() == b'\t' {
                return self.fail("found a tab character where an indentation space is expected");
            }
            if !self.is_break() {
                break;
            }
            self.need(2)?;
            breaks.push_str(self.skip_line());
            end = self.mark;
        }
        if indent.is_none() {
            *indent = Some(deepest.max(self.indent + 1).max(1));
        }
        Ok(end)
    }
}
