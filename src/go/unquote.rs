//! Go's `strconv.Unquote` and `UnquoteChar`: from the literal in a source to the bytes that it stands for.

use super::runes;

/// Go: `strconv.ErrSyntax`.
pub const SYNTAX: &str = "invalid syntax";

/// Go: `strconv.Unquote` of a literal in double quotes or backquotes.
pub fn unquote(literal: &[u8]) -> Result<Vec<u8>, &'static str> {
    let [quote, body @ .., end] = literal else { return Err(SYNTAX) };
    if quote != end {
        return Err(SYNTAX);
    }
    match quote {
        b'`' if body.contains(&b'`') => Err(SYNTAX),
        b'`' => Ok(body.iter().copied().filter(|byte| *byte != b'\r').collect()),
        b'"' => {
            let mut rest = body;
            let mut text = Vec::with_capacity(body.len());
            while !rest.is_empty() {
                if matches!(rest[0], b'"' | b'\n') {
                    return Err(SYNTAX);
                }
                let (unit, tail) = unquote_char(rest, b'"')?;
                unit.write(&mut text);
                rest = tail;
            }
            Ok(text)
        }
        _ => Err(SYNTAX),
    }
}

/// What one element of a literal stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A character.
    Char(char),
    /// A byte written as `\x` or octal.
    Byte(u8),
}

impl Unit {
    /// The number of it, as Go's `rune`.
    pub fn code(self) -> u32 {
        match self {
            Unit::Char(c) => c.into(),
            Unit::Byte(byte) => byte.into(),
        }
    }

    /// Appends what it stands for.
    pub fn write(self, text: &mut Vec<u8>) {
        match self {
            Unit::Char(c) => text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Unit::Byte(byte) => text.push(byte),
        }
    }
}

/// Go: `strconv.UnquoteChar`: the first character of `text` and what follows it.
pub fn unquote_char(text: &[u8], quote: u8) -> Result<(Unit, &[u8]), &'static str> {
    let Some((&first, rest)) = text.split_first() else { return Err(SYNTAX) };
    if first == quote && matches!(quote, b'\'' | b'"') {
        return Err(SYNTAX);
    }
    if first != b'\\' {
        let (c, width) = runes::decode(text);
        return Ok((Unit::Char(c), &text[width..]));
    }
    let Some((&escape, rest)) = rest.split_first() else { return Err(SYNTAX) };
    let unit = match escape {
        b'a' => Unit::Char('\x07'),
        b'b' => Unit::Char('\x08'),
        b'f' => Unit::Char('\x0c'),
        b'n' => Unit::Char('\n'),
        b'r' => Unit::Char('\r'),
        b't' => Unit::Char('\t'),
        b'v' => Unit::Char('\x0b'),
        b'\\' => Unit::Char('\\'),
        b'\'' | b'"' if escape == quote => Unit::Char(char::from(escape)),
        b'x' => return digits(rest, 2, 16).and_then(|(code, rest)| byte(code, rest)),
        b'u' => return digits(rest, 4, 16).and_then(|(code, rest)| character(code, rest)),
        b'U' => return digits(rest, 8, 16).and_then(|(code, rest)| character(code, rest)),
        b'0'..=b'7' => return digits(&text[1..], 3, 8).and_then(|(code, rest)| byte(code, rest)),
        _ => return Err(SYNTAX),
    };
    Ok((unit, rest))
}

fn digits(text: &[u8], count: usize, radix: u32) -> Result<(u32, &[u8]), &'static str> {
    let (head, rest) = text.split_at_checked(count).ok_or(SYNTAX)?;
    let mut code: u32 = 0;
    for &digit in head {
        let digit = char::from(digit).to_digit(radix).ok_or(SYNTAX)?;
        code = code.wrapping_mul(radix).wrapping_add(digit);
    }
    Ok((code, rest))
}

fn byte(code: u32, rest: &[u8]) -> Result<(Unit, &[u8]), &'static str> {
    let byte = u8::try_from(code).map_err(|_| SYNTAX)?;
    Ok((Unit::Byte(byte), rest))
}

fn character(code: u32, rest: &[u8]) -> Result<(Unit, &[u8]), &'static str> {
    let c = char::from_u32(code).ok_or(SYNTAX)?;
    Ok((Unit::Char(c), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unquotes_every_escape() {
        let all = unquote(br#""\a\b\f\n\r\t\v\\\"\x41\101\u00e9\U0001F600\xff""#).unwrap();
        assert_eq!(all, b"\x07\x08\x0c\n\r\t\x0b\\\"AA\xc3\xa9\xf0\x9f\x98\x80\xff");
        assert_eq!(unquote(b"`a\r\n\\n`").unwrap(), b"a\n\\n");
    }

    #[test]
    fn refuses_what_go_refuses() {
        for bad in [r#""\'""#, r#""\q""#, r#""\400""#, r#""\ud800""#, r#""\x4""#, "\"", "\"a`", "\"a\nb\""] {
            assert_eq!(unquote(bad.as_bytes()), Err(SYNTAX), "{bad}");
        }
    }
}
