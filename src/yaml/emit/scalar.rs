//! How go-yaml writes a string: which style can hold it, and each style's folding and escapes.

use std::borrow::Cow;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::super::resolve;
use super::replaced::replaced;
use super::{Emitter, Place, Stop, Version};
use crate::value::Str;

/// The longest simple key, in bytes.
const MAX_SIMPLE_KEY: usize = 128;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// What the styles need to know of a string. Go: emitterc.go `yaml_emitter_analyze_scalar`.
struct Analysis {
    multiline: bool,
    plain_allowed: bool,
    single_quoted_allowed: bool,
    block_allowed: bool,
}

/// The bytes of the line break that the text has at the place, or 0.
fn break_at(bytes: &[u8], at: usize) -> usize {
    match bytes[at] {
        b'\r' | b'\n' => 1,
        0xC2 if bytes.get(at + 1) == Some(&0x85) => 2,
        0xE2 if bytes.get(at + 1) == Some(&0x80) && matches!(bytes.get(at + 2), Some(0xA8 | 0xA9)) => 3,
        _ => 0,
    }
}

fn width(byte: u8) -> usize {
    match byte {
        0x00..=0x7F => 1,
        0x80..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    }
}

/// Go: yamlprivateh.go `is_printable`; characters above U+FFFF are not.
fn is_printable(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        0x0A | 0x20..=0x7E => true,
        0xC2 => bytes[at + 1] >= 0xA0,
        0xC3..=0xEC | 0xEE => true,
        0xED => bytes[at + 1] < 0xA0,
        0xEF => !matches!(&bytes[at + 1..at + 3], [0xBB, 0xBF] | [0xBF, 0xBE | 0xBF]),
        _ => false,
    }
}

fn analyze(text: &str, version: Version) -> Analysis {
    let bytes = text.as_bytes();
    let (mut indicators, mut breaks, mut special, mut tabs) = (false, false, false, false);
    let (mut break_space, mut space_break) = (false, false);
    let (mut after_space, mut after_break, mut after_white) = (false, false, true);
    if text.starts_with("---") || text.starts_with("...") {
        indicators = true;
    }
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let next = at + width(byte);
        let before_white = || bytes.get(next).is_none_or(|byte| matches!(byte, b' ' | b'\t'));
        match byte {
            b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"'
            | b'%' | b'@' | b'`'
                if at == 0 =>
            {
                indicators = true;
            }
            b'?' | b'-' if at == 0 => indicators |= before_white(),
            b':' => indicators |= before_white(),
            b'#' => indicators |= after_white,
            _ => {}
        }
        if byte == b'\t' && version == Version::Three {
            tabs = true;
        } else if !is_printable(bytes, at) {
            special = true;
        }
        let is_break = break_at(bytes, at) > 0;
        if byte == b' ' {
            break_space |= after_break;
        } else if is_break {
            breaks = true;
            space_break |= after_space;
        }
        (after_space, after_break) = (byte == b' ', is_break);
        after_white = is_break || matches!(byte, b' ' | b'\t' | 0);
        at = next;
    }
    let edge = |at: usize| bytes[at] == b' ';
    let leading = !bytes.is_empty() && (edge(0) || break_at(bytes, 0) > 0);
    let trailing_space = !bytes.is_empty() && edge(bytes.len() - 1);
    let trailing = trailing_space || after_break;
    let quoted_only = break_space || space_break || special;
    Analysis {
        multiline: breaks,
        plain_allowed: !(leading || trailing || quoted_only || tabs || breaks || indicators),
        single_quoted_allowed: !(quoted_only || tabs),
        block_allowed: !(bytes.is_empty() || trailing_space || space_break || special),
    }
}

/// Whether the way through JSON and YAML's reader changes the text or fails on it.
fn is_changed_by_json(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, 0x7F | 0xC2 | 0xEF))
        && text.chars().any(|c| matches!(c, '\x7F'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}'))
}

/// Whether the text is a number of base 60 in YAML 1.1: `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`.
fn is_base60(text: &str) -> bool {
    if !text.contains(':') || !text.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '-') {
        return false;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    first.starts_with(|c: char| c.is_ascii_digit())
        && is_digits(first)
        && is_digits(fraction)
        && parts.all(|part| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']))
}

/// Whether the text can stand without quotes and is a string still.
fn is_plain_string(text: &str, version: Version) -> bool {
    let octal = |digits: Option<&str>| digits.is_some_and(|digits| i64::from_str_radix(digits, 8).is_ok());
    resolve::is_string(text)
        && !is_base60(text)
        && !(version == Version::Three
            && (octal(text.replace('_', "").strip_prefix("0o"))
                || octal(text.replace('_', "").strip_prefix("-0o"))))
}

/// Base64 in lines of 70 characters. Go: resolve.go `encodeBase64`.
fn encode_base64(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    if text.len() < 70 {
        return text;
    }
    let mut lines = String::with_capacity(text.len() + text.len() / 70 + 1);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(70));
        lines.push_str(line);
        lines.push('\n');
        rest = after;
    }
    lines
}

impl Emitter {
    /// The text that is written for a string, and its tag.
    fn text_of<'t>(&self, text: &'t Str) -> (Cow<'t, str>, &'static str) {
        match (text.as_str(), self.version) {
            (Some(text), _) => (Cow::Borrowed(text), ""),
            (None, Version::Two) => (replaced(text), ""),
            (None, Version::Three) => (Cow::Owned(encode_base64(text.as_bytes())), "!!binary"),
        }
    }

    /// Go: emitterc.go `yaml_emitter_check_simple_key`.
    pub(super) fn is_simple_key(&self, key: &Str) -> bool {
        let (text, tag) = self.text_of(key);
        let bytes = text.as_bytes();
        text.len() + tag.len() <= MAX_SIMPLE_KEY && !(0..bytes.len()).any(|at| break_at(bytes, at) > 0)
    }

    /// Go: encode.go `encoder.stringv`, emitterc.go `yaml_emitter_emit_scalar`.
    pub(super) fn string(&mut self, value: &Str, place: Place) -> Result<(), Stop> {
        let (text, tag) = self.text_of(value);
        if !self.arrived && is_changed_by_json(&text) {
            return Err(Stop::Journey);
        }
        let style = self.style(&text, tag, place);
        if !tag.is_empty() {
            self.write_indicator(tag, true, false, false);
        }
        let outer = self.indent;
        self.indent = if outer < 0 { 2 } else { outer + 2 };
        let foldable = place != Place::SimpleKey;
        match style {
            Style::Plain => self.write_plain(&text, foldable),
            Style::SingleQuoted => self.write_single_quoted(&text, foldable),
            Style::DoubleQuoted => self.write_double_quoted(&text, foldable),
            Style::Literal => self.write_literal(&text),
        }
        self.indent = outer;
        Ok(())
    }

    /// Go: emitterc.go `yaml_emitter_select_scalar_style`.
    fn style(&self, text: &str, tag: &str, place: Place) -> Style {
        let simple_key = place == Place::SimpleKey;
        let analysis = analyze(text, self.version);
        if simple_key && analysis.multiline {
            return Style::DoubleQuoted;
        }
        if text.contains('\n') {
            let literal = analysis.block_allowed && !simple_key;
            return if literal { Style::Literal } else { Style::DoubleQuoted };
        }
        if tag.is_empty() && !is_plain_string(text, self.version) {
            return Style::DoubleQuoted;
        }
        match (analysis.plain_allowed, analysis.single_quoted_allowed) {
            (true, _) => Style::Plain,
            (_, true) => Style::SingleQuoted,
            _ => Style::DoubleQuoted,
        }
    }

    /// Writes text that has no line breaks.
    fn write_text(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += if text.is_ascii() { text.len() } else { text.chars().count() };
    }

    /// Text in which a space beyond the best width becomes a line break.
    fn write_folded(&mut self, text: &str, foldable: bool, keep_edges: bool) {
        let width = self.best_width();
        if !foldable || width == usize::MAX || self.column + text.len() <= width {
            if !text.is_empty() {
                self.indention = false;
            }
            return self.write_text(text);
        }
        let bytes = text.as_bytes();
        let (mut done, mut after_space) = (0, false);
        for at in 0..bytes.len() {
            if bytes[at] != b' ' {
                after_space = false;
                continue;
            }
            let alone = !after_space && bytes.get(at + 1) != Some(&b' ');
            after_space = true;
            let edge = keep_edges && (at == 0 || at + 1 == bytes.len());
            if !alone || edge {
                continue;
            }
            self.write_text(&text[done..at]);
            if at > done {
                self.indention = false;
            }
            done = at;
            if self.column > width {
                self.write_indent();
                done = at + 1;
            }
        }
        self.write_text(&text[done..]);
        self.indention = false;
    }

    fn write_plain(&mut self, text: &str, foldable: bool) {
        if !self.whitespace {
            self.out.push(' ');
            self.column += 1;
        }
        self.write_folded(text, foldable, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn write_single_quoted(&mut self, text: &str, foldable: bool) {
        self.write_indicator("'", true, false, false);
        let bytes = text.as_bytes();
        let (mut at, mut spaces, mut breaks) = (0, false, false);
        while at < bytes.len() {
            let break_width = break_at(bytes, at);
            if bytes[at] == b' ' {
                let inner = at > 0 && at + 1 < bytes.len() && bytes[at + 1] != b' ';
                if foldable && !spaces && self.column > self.best_width() && inner {
                    self.write_indent();
                } else {
                    self.write_text(" ");
                }
                spaces = true;
                at += 1;
            } else if break_width > 0 {
                if !breaks && bytes[at] == b'\n' {
                    self.put_break();
                }
                self.write_break(&text[at..at + break_width]);
                self.indention = true;
                breaks = true;
                at += break_width;
            } else {
                if breaks {
                    self.write_indent();
                }
                if bytes[at] == b'\'' {
                    self.write_text("'");
                }
                let next = at + width(bytes[at]);
                self.write_text(&text[at..next]);
                self.indention = false;
                (spaces, breaks) = (false, false);
                at = next;
            }
        }
        self.write_indicator("'", false, false, false);
    }

    /// A line break as it is, which for `\n` is the emitter's own.
    fn write_break(&mut self, text: &str) {
        if text == "\n" {
            return self.put_break();
        }
        self.out.push_str(text);
        self.column = 0;
    }

    fn write_double_quoted(&mut self, text: &str, foldable: bool) {
        self.write_indicator("\"", true, false, false);
        let bytes = text.as_bytes();
        // go-yaml looks for the mark at the start of the text wherever it stands in it.
        let marked = text.starts_with('\u{FEFF}');
        let mut spaces = false;
        for (at, c) in text.char_indices() {
            if marked || matches!(c, '"' | '\\') || !is_printable(bytes, at) || break_at(bytes, at) > 0 {
                self.write_escape(c);
                spaces = false;
            } else if c == ' ' {
                let inner = at > 0 && at + 1 < bytes.len();
                if foldable && !spaces && self.column > self.best_width() && inner {
                    self.write_indent();
                    if bytes[at + 1] == b' ' {
                        self.write_text("\\");
                    }
                } else {
                    self.write_text(" ");
                }
                spaces = true;
            } else {
                self.out.push(c);
                self.column += 1;
                spaces = false;
            }
        }
        self.write_indicator("\"", false, false, false);
    }

    fn write_escape(&mut self, c: char) {
        let before = self.out.len();
        let short = match c {
            '\0' => "\\0",
            '\x07' => "\\a",
            '\x08' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\x0B' => "\\v",
            '\x0C' => "\\f",
            '\r' => "\\r",
            '\x1B' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{A0}' => "\\_",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            _ => "",
        };
        let code = c as u32;
        let _ = match code {
            _ if !short.is_empty() => self.out.write_str(short),
            0..=0xFF => write!(self.out, "\\x{code:02X}"),
            0x100..=0xFFFF => write!(self.out, "\\u{code:04X}"),
            _ => write!(self.out, "\\U{code:08X}"),
        };
        self.column += self.out.len() - before;
    }

    fn write_literal(&mut self, text: &str) {
        self.write_indicator("|", true, false, false);
        self.write_block_hints(text);
        self.put_break();
        self.indention = true;
        self.whitespace = true;
        let bytes = text.as_bytes();
        let (mut at, mut breaks) = (0, true);
        while at < bytes.len() {
            let break_width = break_at(bytes, at);
            if break_width > 0 {
                self.write_break(&text[at..at + break_width]);
                self.indention = true;
                breaks = true;
                at += break_width;
                continue;
            }
            if breaks {
                self.write_indent();
            }
            let end = (at..bytes.len()).find(|at| break_at(bytes, *at) > 0).unwrap_or(bytes.len());
            self.write_text(&text[at..end]);
            self.indention = false;
            breaks = false;
            at = end;
        }
    }

    fn write_block_hints(&mut self, text: &str) {
        if text.starts_with(' ') || break_at(text.as_bytes(), 0) > 0 {
            self.write_indicator("2", false, false, false);
        }
        let is_break = |c: Option<char>| matches!(c, Some('\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}'));
        let mut last = text.chars().rev();
        let hint = match (is_break(last.next()), last.next()) {
            (false, _) => "-",
            (true, Some(before)) if !is_break(Some(before)) => "",
            (true, _) => "+",
        };
        self.write_indicator(hint, false, false, false);
    }
}
