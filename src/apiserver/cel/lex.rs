//! The words of an expression.
//!
//! Go: cel-go `parser/gen/CEL.g4`, `parser/unescape.go`.

use super::source::Issue;

/// A word, and where it stands, in bytes and in characters.
#[derive(Clone, Debug, PartialEq)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Ident,
    /// A name in backquotes.
    Quoted,
    Int,
    Uint,
    Float,
    Text,
    Bytes,
    Sign,
    End,
}

/// Longer signs first.
const SIGNS: [&str; 26] = [
    "&&", "||", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "<", ">", "!", "?", ":", ".", ",", "(", ")",
    "[", "]", "{", "}", "=", "&",
];

/// Takes a text apart; the last word is its end.
pub fn tokens(text: &str) -> (Vec<Token<'_>>, Vec<Issue>) {
    let mut found = Vec::new();
    let mut issues = Vec::new();
    let (mut rest, mut at) = (text, 0);
    let mut take = |rest: &mut &'_ str, length: usize| {
        at += rest[..length].chars().count();
        *rest = &rest[length..];
        at
    };
    let mut place = 0;
    while let Some(first) = rest.chars().next() {
        let start = place;
        if matches!(first, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
            place = take(&mut rest, 1);
            continue;
        }
        if rest.starts_with("//") {
            let length = rest.find('\n').unwrap_or(rest.len());
            place = take(&mut rest, length);
            continue;
        }
        if let Some((kind, length)) = word(rest) {
            found.push(Token { kind, text: &text[text.len() - rest.len()..][..length], at: start });
            place = take(&mut rest, length);
            continue;
        }
        let length = unknown(rest);
        let shown = quoted(&rest[..length]);
        let message = format!("Syntax error: token recognition error at: '{shown}'");
        issues.push(Issue { at: Some(start), message });
        place = take(&mut rest, length);
    }
    found.push(Token { kind: Kind::End, text: "<EOF>", at: place });
    (found, issues)
}

/// Line breaks and tabs as they are shown.
fn quoted(text: &str) -> String {
    text.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t")
}

/// How much is passed over where nothing is a word: what could have been the beginning of one, and the character that shows that
/// it is not.
fn unknown(rest: &str) -> usize {
    let mut chars = rest.char_indices();
    let first = chars.next().map(|(_, c)| c);
    let quote = match first {
        Some(quote @ ('"' | '\'')) => quote,
        Some('=' | '&' | '|') => return chars.next().map_or(1, |(at, c)| at + c.len_utf8()),
        other => return other.map_or(0, char::len_utf8),
    };
    while let Some((at, c)) = chars.next() {
        match c {
            '\n' | '\r' => return at + 1,
            '\\' => match escape(&rest[at + 1..]) {
                Some(length) => {
                    chars.nth(length - 1);
                }
                None => return at + 1 + bad_escape(&rest[at + 1..]),
            },
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// How far an escape that is none is read.
fn bad_escape(text: &str) -> usize {
    let mut chars = text.char_indices();
    let digits = match chars.next() {
        None => return 0,
        Some((_, 'x' | 'X')) => 2,
        Some((_, 'u')) => 4,
        Some((_, 'U')) => 8,
        Some((_, '0'..='3')) => 2,
        Some((_, c)) => return c.len_utf8(),
    };
    let bad = chars.take(digits).find(|(_, c)| !c.is_ascii_hexdigit());
    bad.map_or(text.len(), |(at, c)| at + c.len_utf8())
}

fn word(rest: &str) -> Option<(Kind, usize)> {
    if let Some(found) = literal(rest) {
        return Some(found);
    }
    let first = rest.chars().next()?;
    if first.is_ascii_alphabetic() || first == '_' {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        return Some((Kind::Ident, end));
    }
    if first.is_ascii_digit() || first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
        return Some(number(rest));
    }
    if let Some(inner) = rest.strip_prefix('`') {
        let end = inner.find('`')?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_.-/ ".contains(c);
        return (end > 0 && inner[..end].chars().all(is_name)).then_some((Kind::Quoted, end + 2));
    }
    let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
    (!matches!(*sign, "=" | "&")).then_some((Kind::Sign, sign.len()))
}

fn number(text: &str) -> (Kind, usize) {
    let whole = |end: usize| match text[end..].starts_with(['u', 'U']) {
        true => (Kind::Uint, end + 1),
        false => (Kind::Int, end),
    };
    if let Some(hex) = text.strip_prefix("0x") {
        let end = hex.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(hex.len());
        if end > 0 {
            return whole(end + 2);
        }
    }
    let digits = |from: usize| {
        text[from..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |length| from + length)
    };
    let mut end = digits(0);
    let mut is_float = false;
    if text[end..].starts_with('.') && text[end + 1..].starts_with(|c: char| c.is_ascii_digit()) {
        (end, is_float) = (digits(end + 1), true);
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        if text[end + 1 + sign..].starts_with(|c: char| c.is_ascii_digit()) {
            (end, is_float) = (digits(end + 1 + sign), true);
        }
    }
    if is_float { (Kind::Float, end) } else { whole(end) }
}

/// A text or bytes in quotes, if there are some.
fn literal(text: &str) -> Option<(Kind, usize)> {
    let rest = text.strip_prefix(['b', 'B']).unwrap_or(text);
    let kind = if rest.len() < text.len() { Kind::Bytes } else { Kind::Text };
    let body = rest.strip_prefix(['r', 'R']).unwrap_or(rest);
    let is_raw = body.len() < rest.len();
    if !body.starts_with(['"', '\'']) {
        return None;
    }
    let before = text.len() - body.len();
    let is_long = body.starts_with("\"\"\"") || body.starts_with("'''");
    let long = if is_long { ended(body, 3, is_raw) } else { None };
    long.or_else(|| ended(body, 1, is_raw)).map(|length| (kind, before + length))
}

/// How long a text is that begins with so many quotes, if it has an end.
fn ended(body: &str, quotes: usize, is_raw: bool) -> Option<usize> {
    let quote = &body[..quotes];
    let mut at = quotes;
    loop {
        let here = body.get(at..)?;
        if here.starts_with(quote) {
            return Some(at + quotes);
        }
        let c = here.chars().next()?;
        if c == '\\' && !is_raw {
            at += 1 + escape(&here[1..])?;
        } else if matches!(c, '\n' | '\r') && quotes == 1 {
            return None;
        } else {
            at += c.len_utf8();
        }
    }
}

/// How long what follows a backslash is.
fn escape(text: &str) -> Option<usize> {
    let c = text.chars().next()?;
    let coded = |length: usize| {
        let digits = text.get(1..=length)?;
        digits.chars().all(|c| c.is_ascii_hexdigit()).then_some(1 + length)
    };
    match c {
        'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '"' | '\'' | '\\' | '?' | '`' => Some(1),
        'x' | 'X' => coded(2),
        'u' => coded(4),
        'U' => coded(8),
        '0'..='3' => text.get(1..3)?.chars().all(|c| ('0'..='7').contains(&c)).then_some(3),
        _ => None,
    }
}

/// What a text in quotes says; what is wrong with it otherwise.
pub fn unquote(text: &str, is_bytes: bool) -> Result<Vec<u8>, &'static str> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = if is_bytes { &text[1..] } else { &text[..] };
    let body = text.strip_prefix(['r', 'R']).unwrap_or(text);
    let is_raw = body.len() < text.len();
    let quote =
        if body.len() >= 6 && (body.starts_with("\"\"\"") || body.starts_with("'''")) { 3 } else { 1 };
    let inner = &body[quote..body.len() - quote];
    if is_raw || !inner.contains('\\') {
        return Ok(inner.as_bytes().to_vec());
    }
    let mut out = Vec::new();
    let mut rest = inner;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c == '\\' {
            rest = unescape(rest, is_bytes, &mut out)?;
        } else {
            out.extend(c.to_string().as_bytes());
        }
    }
    Ok(out)
}

fn unescape<'a>(rest: &'a str, is_bytes: bool, out: &mut Vec<u8>) -> Result<&'a str, &'static str> {
    const BAD: &str = "unable to unescape string";
    let c = rest.chars().next().ok_or(BAD)?;
    let coded = |from: usize, length: usize, radix: u32| {
        let digits = rest.get(from..from + length).ok_or(BAD)?;
        u32::from_str_radix(digits, radix).map_err(|_| BAD).map(|code| (code, from + length))
    };
    let (code, length) = match c {
        'a' => (7, 1),
        'b' => (8, 1),
        'f' => (12, 1),
        'n' => (10, 1),
        'r' => (13, 1),
        't' => (9, 1),
        'v' => (11, 1),
        '\\' | '?' | '"' | '\'' | '`' => (u32::from(c), 1),
        'x' | 'X' => coded(1, 2, 16)?,
        'u' | 'U' if is_bytes => return Err(BAD),
        'u' => coded(1, 4, 16)?,
        'U' => coded(1, 8, 16)?,
        '0'..='3' => coded(0, 3, 8)?,
        _ => return Err(BAD),
    };
    match u8::try_from(code) {
        Ok(byte) if is_bytes && matches!(c, 'x' | 'X' | '0'..='3') => out.push(byte),
        _ => out.extend(char::from_u32(code).ok_or("invalid unicode code point")?.to_string().as_bytes()),
    }
    Ok(&rest[length..])
}
