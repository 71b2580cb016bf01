//! What a single line may have wrong, by the look of it: [`guesses`].

use super::fault::{Kind, Repair};

/// A line taken apart: `  - key: value`.
pub struct Parts<'a> {
    /// Spaces and dashes before the content.
    pub lead: &'a str,
    /// The key with what is around it, without its colon.
    pub key: Option<&'a str>,
    /// What stands behind the colon, or all of the content.
    pub value: &'a str,
    /// Where the value starts.
    pub value_start: usize,
}

/// Takes a line apart. Dashes of list items belong to what it begins with.
pub fn parts(line: &str) -> Parts<'_> {
    let mut start = line.len() - line.trim_start().len();
    while let Some(rest) = line[start..].strip_prefix("- ") {
        start += 2 + rest.len() - rest.trim_start().len();
    }
    let content = line[start..].trim_end();
    let key_end = key_end(content);
    let (key, value_start) = match key_end {
        Some(end) => {
            let behind = &content[end + 1..];
            (Some(&content[..end]), start + end + 1 + behind.len() - behind.trim_start().len())
        }
        None => (None, start),
    };
    let value = line.get(value_start..start + content.len()).unwrap_or_default();
    Parts { lead: &line[..start], key, value, value_start }
}

/// Where the colon of a key is, if the content begins with one.
fn key_end(content: &str) -> Option<usize> {
    let quote = content.chars().next()?;
    let from = match quote {
        '"' | '\'' => closing(content, quote)? + 1,
        '[' | '{' | '|' | '>' | '@' | '`' | '%' | '#' => return None,
        _ => 0,
    };
    let rest = &content[from..];
    let ends = |(at, _): &(usize, &str)| {
        let next = rest.as_bytes().get(at + 1);
        next.is_none_or(|next| matches!(next, b' ' | b'\t'))
    };
    let at = rest.match_indices(':').find(ends).map(|(at, _)| at)?;
    if from > 0 && !rest[..at].trim().is_empty() || rest[..at].contains(" #") {
        return None;
    }
    Some(from + at)
}

/// Where the quote that the text begins with is closed.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if quote == '"' => {
                chars.next();
            }
            '\'' if quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') => {
                chars.next();
            }
            c if c == quote => return Some(at),
            _ => {}
        }
    }
    None
}

/// What the brackets that the text begins with still lack, and where they are closed.
fn brackets(text: &str) -> (String, Option<usize>) {
    // The innermost is the last.
    let mut open = Vec::new();
    let lacking = |open: Vec<char>| open.into_iter().rev().collect();
    let mut rest = text.char_indices();
    while let Some((at, c)) = rest.next() {
        match c {
            '[' => open.push(']'),
            '{' => open.push('}'),
            ']' | '}' => {
                open.pop_if(|last| *last == c);
                if open.is_empty() {
                    return (String::new(), Some(at));
                }
            }
            '"' | '\'' => {
                let Some(end) = closing(&text[at..], c) else { return (lacking(open), None) };
                while rest.clone().next().is_some_and(|(next, _)| next <= at + end) {
                    rest.next();
                }
            }
            _ => {}
        }
    }
    (lacking(open), None)
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// What may be wrong in a line, each with what was meant.
pub fn guesses(number: usize, line: &str) -> Vec<Repair> {
    let mut found = Vec::new();
    let parts = parts(line);
    let content = line[parts.lead.len()..].trim_end();
    if content.is_empty() || content.starts_with('#') {
        return found;
    }
    let before = &line[..parts.value_start];
    let mut add = |column: usize, kind: Kind, meant: String, cost: usize| {
        found.push(Repair::of_line(number, column, kind, meant, cost));
    };
    if line.contains("{{") {
        add(parts.value_start, Kind::LeftBraces, format!("{before}{}", quoted(parts.value)), 10);
    }
    if parts.key.is_none() {
        without_key(line, &parts, content, &mut add);
    }
    let value = parts.value;
    let whole = || format!("{before}{}", quoted(value));
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => match closing(value, quote) {
            None => add(parts.value_start, Kind::OpenQuote(quote), format!("{before}{value}{quote}"), 10),
            Some(end) => {
                let behind = value[end + 1..].trim_start();
                if !behind.is_empty() && !behind.starts_with('#') {
                    add(parts.value_start + end + 1, Kind::AfterQuote(quote), whole(), 10);
                }
            }
        },
        Some(bracket @ ('[' | '{')) => match brackets(value) {
            (open, None) => {
                add(parts.value_start, Kind::OpenBracket(bracket), format!("{before}{value}{open}"), 20);
                add(parts.value_start, Kind::OpenBracket(bracket), whole(), 20);
            }
            (_, Some(_)) => add(parts.value_start, Kind::InBrackets, whole(), 20),
        },
        Some(sigil @ ('@' | '`' | '%' | '*' | '&' | '!' | ',' | ']' | '}' | '|' | '>')) => {
            add(parts.value_start, Kind::Sigil(sigil), whole(), 10);
        }
        Some('-' | '?') if parts.key.is_some() => {
            add(parts.value_start, Kind::Sigil(value.chars().next().unwrap_or('-')), whole(), 20);
        }
        _ => {
            let second = value.find(": ").or_else(|| value.ends_with(':').then(|| value.len() - 1));
            if let (Some(at), Some(_)) = (second, parts.key) {
                add(parts.value_start + at, Kind::SecondColon, whole(), 10);
            }
        }
    }
    found
}

/// A line that is no `key: value`.
fn without_key(
    line: &str,
    parts: &Parts<'_>,
    content: &str,
    add: &mut impl FnMut(usize, Kind, String, usize),
) {
    let lead = parts.lead;
    let start = lead.len();
    if let Some(item) = content.strip_prefix('-').filter(|item| !item.is_empty() && !item.starts_with('-')) {
        add(start, Kind::GluedDash, format!("{lead}- {item}"), 20);
    }
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '"' | '\'');
    let word = content.find(|c: char| !is_word(c)).unwrap_or(content.len());
    let rest = &content[word..];
    if word == 0 {
        return;
    }
    if let Some(value) = rest.strip_prefix(':') {
        add(start + word, Kind::Glued, format!("{lead}{}: {value}", &content[..word]), 10);
        add(start + word, Kind::Glued, format!("{lead}{}: {}", &content[..word], quoted(value)), 20);
    } else if let Some(value) = rest.strip_prefix(' ') {
        let meant = format!("{lead}{}: {}", &content[..word], quoted(value.trim()));
        add(start + word, Kind::NoColon, meant, 30);
    } else if rest.is_empty() {
        add(start + word, Kind::NoColon, format!("{}:", line.trim_end()), 40);
    }
}
