//! Sprig's functions that change the case of letters. Go maps one character to one (`ß` stays), and an invalid byte to
//! U+FFFD wherever a string is mapped at all.

use crate::func;
use crate::go::{runes, unicode};
use crate::template::func::Func;
use crate::value::Str;

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("upper", "upper STRING: in upper case (Go: strings.ToUpper)", upper(str) => Edits Characters),
    func!("lower", "lower STRING: in lower case (Go: strings.ToLower)", lower(str) => Edits Characters),
    func!("title", "title STRING: each word with a capital (Go: strings.Title)", title(str) => Edits Characters),
    func!("untitle", "untitle STRING: each word without (goutils: Uncapitalize)", untitle(str) => Edits Characters),
    func!("swapcase", "swapcase STRING: lower case to upper and back (goutils: SwapCase)", swapcase(str) => Edits Characters),
    func!("camelcase", "camelcase STRING: some_words as SomeWords (xstrings: ToPascalCase)", camelcase(str) => Edits Lines),
    func!("snakecase", "snakecase STRING: SomeWords as some_words (xstrings: ToSnakeCase)", snakecase(str) => Edits Lines),
    func!("kebabcase", "kebabcase STRING: SomeWords as some-words (xstrings: ToKebabCase)", kebabcase(str) => Edits Lines),
];

/// Go: `strings.Map`.
fn mapped(text: &Str, mut to: impl FnMut(char) -> char) -> Str {
    runes::runes(text.as_bytes()).map(|(_, c)| to(c)).collect::<String>().into()
}

fn upper(text: &Str) -> Str {
    text.to_ascii_uppercase().unwrap_or_else(|| mapped(text, unicode::to_upper))
}

fn lower(text: &Str) -> Str {
    text.to_ascii_lowercase().unwrap_or_else(|| mapped(text, unicode::to_lower))
}

/// Go: strings.go `isSeparator`.
fn is_separator(c: char) -> bool {
    match c {
        '0'..='9' | 'a'..='z' | 'A'..='Z' | '_' => false,
        c if c.is_ascii() => true,
        c if unicode::is_letter(c) || unicode::is_digit(c) => false,
        c => unicode::is_space(c),
    }
}

fn title(text: &Str) -> Str {
    let mut previous = ' ';
    mapped(text, |c| {
        let starts = is_separator(std::mem::replace(&mut previous, c));
        if starts { unicode::to_title(c) } else { c }
    })
}

fn untitle(text: &Str) -> Str {
    let mut starts = true;
    mapped(text, |c| {
        if unicode::is_space(c) {
            starts = true;
            return c;
        }
        if std::mem::take(&mut starts) { unicode::to_lower(c) } else { c }
    })
}

fn swapcase(text: &Str) -> Str {
    let mut after_space = true;
    mapped(text, |c| {
        if unicode::is_upper(c) || unicode::is_title(c) {
            after_space = false;
            unicode::to_lower(c)
        } else if unicode::is_lower(c) {
            let starts = std::mem::take(&mut after_space);
            if starts { unicode::to_title(c) } else { unicode::to_upper(c) }
        } else {
            after_space = unicode::is_space(c);
            c
        }
    })
}

/// xstrings: convert.go `isConnector`.
fn is_connector(c: char) -> bool {
    c == '-' || c == '_' || unicode::is_space(c)
}

/// xstrings: convert.go `toCamelCase` with `isBig`.
fn camelcase(text: &Str) -> Str {
    let mut characters = runes::runes(text.as_bytes()).map(|(_, c)| c);
    let mut out = String::new();
    let mut first_is_upper = false;
    let mut current = None;
    for c in characters.by_ref() {
        if !is_connector(c) {
            first_is_upper = unicode::is_upper(c);
            current = Some(unicode::to_upper(c));
            break;
        }
        // Connectors at the front stay, and a text of nothing else ends with its last one twice, as in xstrings.
        out.push(c);
    }
    let Some(mut current) = current else {
        out.extend(runes::runes(text.as_bytes()).last().map(|(_, c)| c));
        return out.into();
    };
    for c in characters {
        let previous = std::mem::replace(&mut current, c);
        if is_connector(c) && is_connector(previous) {
            out.push(previous);
        } else if is_connector(previous) {
            first_is_upper = unicode::is_upper(c);
            current = unicode::to_upper(c);
        } else {
            if first_is_upper {
                if unicode::is_upper(c) {
                    current = unicode::to_lower(c);
                } else {
                    first_is_upper = false;
                }
            }
            out.push(previous);
        }
    }
    out.push(current);
    out.into()
}

fn snakecase(text: &Str) -> Str {
    with_connectors(text.as_bytes(), '_').into()
}

fn kebabcase(text: &Str) -> Str {
    with_connectors(text.as_bytes(), '-').into()
}

/// What kind of characters a word is made of. xstrings: convert.go `wordType`.
#[derive(Clone, Copy, PartialEq)]
enum Word {
    Invalid,
    Number,
    Upper,
    Alphabet,
    Connector,
    Punct,
    Other,
}

/// xstrings: convert.go `camelCaseToLowerCase`.
fn with_connectors(text: &[u8], connector: char) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    if text.is_empty() {
        return out;
    }
    let mut words = Words { rest: text, kind: Word::Invalid, word: b"" };
    words.advance();
    while !words.rest.is_empty() {
        if words.kind != Word::Connector {
            push_lower(&mut out, words.kind, words.word, connector);
        }
        let (previous, last) = (words.kind, words.word);
        words.advance();
        match previous {
            Word::Number => {
                words.push_letters_and_numbers(&mut out, connector);
                words.push_connector_unless(&mut out, connector, Word::Invalid);
            }
            Word::Connector => push_lower(&mut out, previous, last, connector),
            Word::Punct => {}
            _ if words.kind != Word::Number => {
                words.push_connector_unless(&mut out, connector, Word::Connector);
            }
            _ if words.rest.is_empty() => {}
            _ => {
                let number = words.word;
                words.advance();
                if words.kind == Word::Alphabet {
                    // Small letters follow the number: it starts a word of its own, as in http_2xx.
                    runes::append(&mut out, connector);
                    push_lower(&mut out, Word::Number, number, connector);
                    words.push_letters_and_numbers(&mut out, connector);
                    words.push_connector_unless(&mut out, connector, Word::Invalid);
                } else {
                    // The number belongs to the word before it, as in bld4_floor.
                    push_lower(&mut out, Word::Number, number, connector);
                    words.push_connector_unless(&mut out, connector, Word::Connector);
                }
            }
        }
    }
    push_lower(&mut out, words.kind, words.word, connector);
    out
}

/// The words of a text, one at a time.
struct Words<'a> {
    rest: &'a [u8],
    kind: Word,
    word: &'a [u8],
}

impl Words<'_> {
    fn push_letters_and_numbers(&mut self, out: &mut Vec<u8>, connector: char) {
        while matches!(self.kind, Word::Alphabet | Word::Number) {
            push_lower(out, self.kind, self.word, connector);
            self.advance();
        }
    }

    /// A connector before the word at hand, unless that is one already, is punctuation, or is of the given kind.
    fn push_connector_unless(&self, out: &mut Vec<u8>, connector: char, kind: Word) {
        if self.kind != kind && !matches!(self.kind, Word::Connector | Word::Punct) {
            runes::append(out, connector);
        }
    }

    /// xstrings: convert.go `nextWord`.
    fn advance(&mut self) {
        let text = self.rest;
        (self.kind, self.word) = (Word::Invalid, b"");
        let Some((first, size)) = next_valid(text) else {
            (self.word, self.rest) = (text, b"");
            return;
        };
        let mut end = size;
        // Goes on while `is` holds; bytes that are not valid belong to the character behind them, and at the end of the
        // text to the one before them.
        let run = |end: &mut usize, mut last: char, is: &dyn Fn(char) -> bool| {
            while *end < text.len() {
                let (c, size) = next_valid(&text[*end..]).unwrap_or((last, text.len() - *end));
                if !is(c) {
                    return Some(c);
                }
                last = c;
                *end += size;
            }
            None
        };
        self.kind = match first {
            c if is_connector(c) => Word::Connector,
            c if unicode::is_punct(c) => Word::Punct,
            c if unicode::is_upper(c) => Word::Upper,
            c if is_alphabet(c) => Word::Alphabet,
            c if unicode::is_number(c) => Word::Number,
            _ => Word::Other,
        };
        let is_small = |c: char| is_alphabet(c) && !unicode::is_upper(c);
        match self.kind {
            Word::Connector => drop(run(&mut end, first, &is_connector)),
            Word::Punct => drop(run(&mut end, first, &unicode::is_punct)),
            Word::Alphabet => drop(run(&mut end, first, &is_small)),
            Word::Number => drop(run(&mut end, first, &unicode::is_number)),
            Word::Upper => end = upper_word_end(text, first, end),
            _ => {
                let is_other = |c: char| {
                    !(is_connector(c) || is_alphabet(c) || unicode::is_number(c) || unicode::is_punct(c))
                };
                run(&mut end, first, &is_other);
            }
        }
        (self.word, self.rest) = text.split_at(end);
    }
}

/// Where a word that starts with a capital ends: `HTTP` of `HTTPStatus`, `Status` of `StatusCode`.
fn upper_word_end(text: &[u8], first: char, start: usize) -> usize {
    let next = |end: usize, last: char| next_valid(&text[end..]).unwrap_or((last, text.len() - end));
    let mut end = start;
    if end == text.len() {
        return end;
    }
    let (mut c, mut size) = next(end, first);
    if unicode::is_upper(c) {
        let mut previous = size;
        end += size;
        while end < text.len() {
            (c, size) = next(end, c);
            if !unicode::is_upper(c) {
                break;
            }
            previous = size;
            end += size;
        }
        if end < text.len() && is_alphabet(c) {
            end -= previous;
        }
    } else if is_alphabet(c) {
        end += size;
        while end < text.len() {
            (c, size) = next(end, c);
            if !is_alphabet(c) || unicode::is_upper(c) {
                break;
            }
            end += size;
        }
    }
    end
}

/// The first character that is valid and not U+FFFD, with the length of all up to its end. xstrings: `nextValidRune`.
fn next_valid(text: &[u8]) -> Option<(char, usize)> {
    let (start, c) = runes::runes(text).find(|(_, c)| *c != char::REPLACEMENT_CHARACTER)?;
    Some((c, start + c.len_utf8()))
}

/// A letter that is not one of the common Chinese, Japanese or Korean ones. xstrings: count.go `isAlphabet`.
fn is_alphabet(c: char) -> bool {
    let cjk = matches!(c, '\u{4e00}'..='\u{9fcc}' | '\u{3400}'..='\u{4d85}' | '\u{20000}'..='\u{2b81d}');
    unicode::is_letter(c) && !cjk
}

/// xstrings: convert.go `toLower`.
fn push_lower(out: &mut Vec<u8>, kind: Word, word: &[u8], connector: char) {
    if !matches!(kind, Word::Upper | Word::Connector) {
        return out.extend_from_slice(word);
    }
    for (_, c) in runes::runes(word) {
        runes::append(
            out,
            if is_connector(c) {
                connector
            } else if unicode::is_upper(c) {
                unicode::to_lower(c)
            } else {
                c
            },
        );
    }
}
