//! Replacement templates: `$1`, `${1}`, `$name`, `${name}`, `$$`. Go: regexp.go `expand`.

use crate::budget::Growth;

/// Appends the template with its variables replaced by what `group` gives for the number of a group.
pub fn expand<'a>(
    out: &mut Vec<u8>,
    template: &[u8],
    names: &[String],
    group: impl Fn(usize) -> Option<&'a [u8]>,
) {
    let mut rest = template;
    let mut growth = Growth::new();
    while let Some(dollar) = rest.iter().position(|c| *c == b'$') {
        out.extend_from_slice(&rest[..dollar]);
        rest = &rest[dollar + 1..];
        if let [b'$', after @ ..] = rest {
            out.push(b'$');
            rest = after;
            continue;
        }
        let Some((name, after)) = variable(rest) else {
            out.push(b'$');
            continue;
        };
        rest = after;
        let found = match number(name) {
            Some(number) if number < names.len() => group(number),
            Some(_) => None,
            None => (0..names.len()).filter(|index| names[*index].as_bytes() == name).find_map(&group),
        };
        let found = found.unwrap_or_default();
        if growth.to(out.len() + found.len()).is_err() {
            return;
        }
        out.extend_from_slice(found);
    }
    out.extend_from_slice(rest);
}

/// The name after a `$` and what follows it. Go: regexp.go `extract`.
fn variable(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (brace, text) = match text {
        [b'{', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let mut len = 0;
    if let Some(chunk) = text.utf8_chunks().next() {
        let letters = chunk.valid().chars().take_while(|c| is_word(*c));
        len = letters.map(char::len_utf8).sum();
    }
    if len == 0 {
        return None;
    }
    let (name, rest) = text.split_at(len);
    if brace { rest.strip_prefix(b"}").map(|rest| (name, rest)) } else { Some((name, rest)) }
}

/// Go: `unicode.IsLetter`, `unicode.IsDigit` or `_`.
fn is_word(c: char) -> bool {
    c == '_' || if c.is_ascii() { c.is_ascii_alphanumeric() } else { super::class::is_letter_or_digit(c) }
}

/// The number that a name of digits is; `None` for a name. Go takes `01` and what is too large for names.
fn number(name: &[u8]) -> Option<usize> {
    if name.len() > 1 && name[0] == b'0' {
        return None;
    }
    let mut number: usize = 0;
    for c in name {
        if !c.is_ascii_digit() || number >= 100_000_000 {
            return None;
        }
        number = number * 10 + usize::from(c - b'0');
    }
    Some(number)
}
