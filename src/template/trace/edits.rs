//! How the pieces of a text outlive the functions that say what they do with it: each edit is done once more on texts
//! whose pieces are known, and believed if that gives the function's own answer.

use super::pieces::{Draft, Known, Piece, Site};
use crate::go::strconv;
use crate::template::func::Edits;
use crate::value::{Kind, Number, Str, Value, convert, print};

/// An argument of a function, or an item of a list.
pub struct Argument {
    /// Its value.
    pub value: Value,
    /// Its pieces, if it is a text that has some.
    pub known: Option<Known>,
    /// Who is to be named for it otherwise.
    pub site: Site,
}

/// The pieces of the answer that a function gave, or `None` if it is not what the edit makes. `around` is whom to name for
/// what the function added.
pub fn edited(edit: Edits, arguments: &[Argument], answer: &Str, around: &Site) -> Option<Vec<Piece>> {
    let mut draft = Draft::default();
    let number = || match arguments.first()?.value.number()? {
        Number::Signed(n) => Some(n),
        _ => None,
    };
    match edit {
        Edits::Print | Edits::Println | Edits::Cat | Edits::Quote | Edits::Squote | Edits::Join => {
            concatenated(edit, arguments, &mut draft, around)?;
        }
        Edits::Lines => {
            let mut known = arguments.iter().filter_map(|argument| argument.known.as_ref());
            let text = known.next().filter(|_| known.next().is_none())?;
            line_by_line(text, answer, &mut draft, around)?;
        }
        Edits::Printf => formatted(arguments, &mut draft, around)?,
        _ => {
            let text = arguments.last()?.known.as_ref()?;
            let (len, left) = (text.text.len(), answer.len());
            match edit {
                Edits::Start => draft.copy(text, 0..left),
                Edits::End => draft.copy(text, len.checked_sub(left)?..len),
                Edits::Middle => {
                    let start = find(text.text.as_bytes(), answer.as_bytes())?;
                    draft.copy(text, start..start + left);
                }
                Edits::Trunc if number()? < 0 => draft.copy(text, len.checked_sub(left)?..len),
                Edits::Trunc => draft.copy(text, 0..left),
                Edits::From => {
                    let start = usize::try_from(number()?).unwrap_or(0);
                    draft.copy(text, start..start + left);
                }
                Edits::Indent => indented(text, number()?, &mut draft, around),
                Edits::IndentBelow => {
                    draft.write(b"\n", around);
                    indented(text, number()?, &mut draft, around);
                }
                Edits::Characters => characters(text, answer, &mut draft, around),
                Edits::Nospace => {
                    for (at, byte) in text.text.as_bytes().iter().enumerate() {
                        if !matches!(byte, b'\t'..=b'\r' | b' ') {
                            draft.copy(text, at..at + 1);
                        }
                    }
                }
                Edits::Replace => replaced(arguments, text, &mut draft, around)?,
                // However often nothing is repeated, it is nothing.
                Edits::Repeat if len > 0 => (0..number()?).for_each(|_| draft.copy(text, 0..len)),
                _ => draft.copy(text, 0..len),
            }
        }
    }
    (draft.text == answer.as_bytes()).then_some(draft.pieces)
}

fn indented(text: &Known, count: i64, draft: &mut Draft, around: &Site) {
    let pad = vec![b' '; usize::try_from(count).unwrap_or(0)];
    let mut start = 0;
    for line in text.text.as_bytes().split_inclusive(|byte| *byte == b'\n') {
        draft.instead(&pad, text, start, around);
        draft.copy(text, start..start + line.len());
        start += line.len();
    }
    if text.text.as_bytes().last().is_none_or(|last| *last == b'\n') {
        draft.write(&pad, around);
    }
}

/// Each character of the answer stands for one of the text, which has as many.
fn characters(text: &Known, answer: &Str, draft: &mut Draft, around: &Site) {
    let (old, new) = (text.text.to_str(), answer.to_str());
    if old.chars().count() != new.chars().count() {
        return;
    }
    if old.len() == new.len() {
        draft.copy(text, 0..text.text.len());
        draft.text = answer.as_bytes().to_vec();
        return;
    }
    for ((at, _), c) in old.char_indices().zip(new.chars()) {
        draft.instead(c.encode_utf8(&mut [0; 4]).as_bytes(), text, at, around);
    }
}

/// What the lines have in common at their beginning and end is copied; what is between stands for what was there.
fn line_by_line(text: &Known, answer: &Str, draft: &mut Draft, around: &Site) -> Option<()> {
    let lines = |text: &'_ Str| text.as_bytes().iter().filter(|byte| **byte == b'\n').count();
    if lines(&text.text) != lines(answer) {
        return None;
    }
    let new_lines = answer.as_bytes().split_inclusive(|byte| *byte == b'\n');
    let mut start = 0;
    for (old, new) in text.text.as_bytes().split_inclusive(|byte| *byte == b'\n').zip(new_lines) {
        if old.len() == new.len() {
            for (at, (old, new)) in old.iter().zip(new).enumerate().map(|(at, bytes)| (start + at, bytes)) {
                if old == new {
                    draft.copy(text, at..at + 1);
                } else {
                    draft.instead(&[*new], text, at, around);
                }
            }
            start += old.len();
            continue;
        }
        let same = |(a, b): &(&u8, &u8)| a == b;
        let front = old.iter().zip(new).take_while(same).count();
        let behind = old[front..].iter().rev().zip(new[front..].iter().rev()).take_while(same).count();
        draft.copy(text, start..start + front);
        draft.instead(&new[front..new.len() - behind], text, start + front, around);
        draft.copy(text, start + old.len() - behind..start + old.len());
        start += old.len();
    }
    Some(())
}

fn replaced(arguments: &[Argument], text: &Known, draft: &mut Draft, around: &Site) -> Option<()> {
    let [old, new, _] = arguments else { return None };
    let (old, new) = (old.value.as_text()?, new.value.as_text()?);
    if old.is_empty() {
        return None;
    }
    let bytes = text.text.as_bytes();
    let mut from = 0;
    while let Some(at) = find(&bytes[from..], old.as_bytes()).map(|at| from + at) {
        draft.copy(text, from..at);
        // What is put in the place of a word stands for it, but a line that is put behind one is somebody else's.
        match new.as_bytes().iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                draft.instead(&new.as_bytes()[..=end], text, at, around);
                draft.write(&new.as_bytes()[end + 1..], around);
            }
            None => draft.instead(new.as_bytes(), text, at, around),
        }
        from = at + old.len();
    }
    draft.copy(text, from..bytes.len());
    Some(())
}

fn concatenated(edit: Edits, arguments: &[Argument], draft: &mut Draft, around: &Site) -> Option<()> {
    let (separator, parts): (&[u8], Vec<&Argument>) = match (edit, arguments) {
        (Edits::Join, [separator, items @ ..]) => {
            (separator.value.as_text()?.as_bytes(), items.iter().collect())
        }
        (Edits::Print | Edits::Println, _) => (b" ", arguments.iter().collect()),
        _ => (b" ", arguments.iter().filter(|argument| !matches!(argument.value, Value::Nil)).collect()),
    };
    let is_text = |argument: &Argument| argument.value.kind() == Kind::String;
    for (at, part) in parts.iter().enumerate() {
        let is_apart = edit != Edits::Print || at > 0 && !is_text(part) && !is_text(parts[at - 1]);
        if at > 0 && is_apart {
            draft.write(separator, around);
        }
        match edit {
            Edits::Quote => quoted(part, draft)?,
            Edits::Squote => {
                draft.write(b"'", &start_of(part));
                plain(part, draft)?;
                draft.write(b"'", &part.site);
            }
            _ => plain(part, draft)?,
        }
    }
    if edit == Edits::Println {
        draft.write(b"\n", around);
    }
    Some(())
}

/// Whom to name for a quote before the argument: who wrote its beginning.
fn start_of(argument: &Argument) -> Site {
    let first = argument.known.as_ref().and_then(|known| known.pieces.first());
    first.map_or_else(|| argument.site.clone(), |piece| Site { is_text: false, ..piece.site.clone() })
}

fn plain(argument: &Argument, draft: &mut Draft) -> Option<()> {
    match &argument.known {
        Some(known) => draft.copy(known, 0..known.text.len()),
        None => draft.write(print::text(&argument.value).ok()?.as_bytes(), &argument.site),
    }
    Some(())
}

/// In double quotes. A text is quoted character by character: no escape depends on what stands beside it.
fn quoted(argument: &Argument, draft: &mut Draft) -> Option<()> {
    draft.write(b"\"", &start_of(argument));
    let Some(known) = &argument.known else {
        let quoted = strconv::quote(convert::strval(&argument.value).ok()?);
        draft.write(&quoted.as_bytes()[1..], &argument.site);
        return Some(());
    };
    let mut done = 0;
    for (at, c) in known.text.to_str().char_indices() {
        let quoted = strconv::quote(c.encode_utf8(&mut [0; 4]));
        let escaped = &quoted[1..quoted.len() - 1];
        if escaped.len() != c.len_utf8() {
            draft.copy(known, done..at);
            draft.instead(escaped.as_bytes(), known, at, &argument.site);
            done = at + c.len_utf8();
        }
    }
    draft.copy(known, done..known.text.len());
    draft.write(b"\"", &argument.site);
    Some(())
}

/// Verb by verb.
fn formatted(arguments: &[Argument], draft: &mut Draft, around: &Site) -> Option<()> {
    let (format, values) = arguments.split_first()?;
    let format = format.value.as_text()?.as_bytes();
    let mut values = values.iter();
    let mut rest = format;
    while let Some(at) = rest.iter().position(|byte| *byte == b'%') {
        draft.write(&rest[..at], around);
        let verb = at
            + 1
            + rest[at + 1..]
                .iter()
                .position(|byte| !matches!(byte, b'+' | b'-' | b'#' | b' ' | b'.' | b'0'..=b'9'))?;
        let directive = &rest[at..=verb];
        match rest[verb] {
            b'%' => draft.write(b"%", around),
            b'*' | b'[' => return None,
            letter => {
                let value = values.next()?;
                match (&value.known, letter, directive.len()) {
                    (Some(known), b's' | b'v', 2) => draft.copy(known, 0..known.text.len()),
                    (_, b'q', 2) if value.value.as_text().is_some() => quoted(value, draft)?,
                    _ => {
                        let printed = print::sprintf(directive, std::slice::from_ref(&value.value)).ok()?;
                        draft.write(printed.as_bytes(), &start_of(value));
                    }
                }
            }
        }
        rest = &rest[verb + 1..];
    }
    draft.write(rest, around);
    values.next().is_none().then_some(())
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, part)
}
