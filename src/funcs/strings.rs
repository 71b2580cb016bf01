//! Sprig's functions on strings, but for those that change case (`case`) and those on lists of strings (`lists`).
//! Sprig mostly works on bytes; where it cuts a character in two, so do we.

use crate::budget::{self, Growth, Over, SMALL};
use crate::func;
use crate::go::{bytes, runes, strconv};
use crate::template::func::{Failure, Func};
use crate::value::convert::{strslice, strval};
use crate::value::print::{self, Endless};
use crate::value::{Cells, Elem, List, Map, Str, Value};

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("hello", "hello: the text Hello! (sprig: functions.go)", hello()),
    func!(
        "abbrev",
        "abbrev WIDTH STRING: cut to WIDTH with `...` at the end (sprig: strings.go abbrev)",
        abbrev(int, str)
    ),
    func!(
        "abbrevboth",
        "abbrevboth LEFT WIDTH STRING: cut at both ends (sprig: strings.go abbrevboth)",
        abbrevboth(int, int, str)
    ),
    func!(
        "trunc",
        "trunc LENGTH STRING: the first bytes, the last if negative (sprig: strings.go trunc)",
        trunc(int, str) => Edits Trunc
    ),
    func!(
        "substr",
        "substr START END STRING: the bytes between (sprig: strings.go substring)",
        substr(int, int, str) => Edits From
    ),
    func!("repeat", "repeat COUNT STRING: one after the other (Go: strings.Repeat)", repeat(int, str) => Edits Repeat),
    func!("nospace", "nospace STRING: without white space (goutils: DeleteWhiteSpace)", nospace(str) => Edits Nospace),
    func!("initials", "initials STRING: the first byte of each word (goutils: Initials)", initials(str)),
    func!("wrap", "wrap WIDTH STRING: lines broken at spaces (goutils: Wrap)", wrap(int, str) => Edits Characters),
    func!(
        "wrapWith",
        "wrapWith WIDTH BREAK STRING: broken at spaces and within long words (goutils: WrapCustom)",
        wrap_with(int, str, str)
    ),
    func!(
        "contains",
        "contains PART STRING: whether PART is in it (Go: strings.Contains)",
        contains(str, str)
    ),
    func!(
        "hasPrefix",
        "hasPrefix PREFIX STRING: whether it starts so (Go: strings.HasPrefix)",
        has_prefix(str, str)
    ),
    func!(
        "hasSuffix",
        "hasSuffix SUFFIX STRING: whether it ends so (Go: strings.HasSuffix)",
        has_suffix(str, str)
    ),
    func!("quote", "quote VALUE...: each in double quotes, nil left out (sprig: strings.go quote)", quote(; any) => Edits Quote),
    func!("squote", "squote VALUE...: each in single quotes, nil left out (sprig: strings.go squote)", squote(; any) => Edits Squote),
    func!("cat", "cat VALUE...: with spaces between, nil left out (sprig: strings.go cat)", cat(; any) => Edits Cat),
    func!(
        "indent",
        "indent COUNT STRING: spaces before each line (sprig: strings.go indent)",
        indent(int, str) => Edits Indent
    ),
    func!(
        "nindent",
        "nindent COUNT STRING: a line break, then `indent` (sprig: strings.go nindent)",
        nindent(int, str) => Edits IndentBelow
    ),
    func!(
        "replace",
        "replace OLD NEW STRING: every OLD by NEW (sprig: strings.go replace)",
        replace(str, str, str) => Edits Replace
    ),
    func!(
        "plural",
        "plural ONE MANY COUNT: ONE if COUNT is 1 (sprig: strings.go plural)",
        plural(str, str, int)
    ),
    func!("toString", "toString VALUE: as text (sprig: strings.go strval)", to_string(any) => Edits Text),
    func!("toStrings", "toStrings LIST: each item as text (sprig: strings.go strslice)", strslice(any)),
    func!("join", "join SEPARATOR LIST: the items as one text (sprig: strings.go join)", join(str, any) => Edits Join),
    func!(
        "split",
        "split SEPARATOR STRING: a map _0, _1 … of the parts (sprig: strings.go split)",
        split(str, str)
    ),
    func!(
        "splitn",
        "splitn SEPARATOR COUNT STRING: `split` into at most COUNT (sprig: strings.go splitn)",
        splitn(str, int, str)
    ),
    func!(
        "splitList",
        "splitList SEPARATOR STRING: the parts as a list (Go: strings.Split)",
        split_list(str, str) => Makes Split
    ),
    func!("trim", "trim STRING: without white space around it (Go: strings.TrimSpace)", trim(str) => Edits Middle),
    func!(
        "trimAll",
        "trimAll CHARACTERS STRING: without any of them around it (Go: strings.Trim)",
        trim_all(str, str) => Edits Middle
    ),
    func!("trimall", "trimall CHARACTERS STRING: the old name of trimAll", trim_all(str, str) => Edits Middle),
    func!(
        "trimPrefix",
        "trimPrefix PREFIX STRING: without it (Go: strings.TrimPrefix)",
        trim_prefix(str, str) => Edits End
    ),
    func!(
        "trimSuffix",
        "trimSuffix SUFFIX STRING: without it (Go: strings.TrimSuffix)",
        trim_suffix(str, str) => Edits Start
    ),
];

fn hello() -> &'static str {
    "Hello!"
}

/// Go's complaint about `text[start..end]`.
fn out_of_range(start: i64, end: i64, length: usize) -> Option<String> {
    let length = length as i64;
    if end < 0 {
        Some(format!("runtime error: slice bounds out of range [:{end}]"))
    } else if end > length {
        Some(format!("runtime error: slice bounds out of range [:{end}] with length {length}"))
    } else if start > end {
        Some(format!("runtime error: slice bounds out of range [{start}:{end}]"))
    } else {
        None
    }
}

fn slice(text: &Str, start: i64, end: i64) -> Result<Str, String> {
    match out_of_range(start, end, text.len()) {
        Some(complaint) => Err(complaint),
        None => Ok(text.as_bytes()[start as usize..end as usize].into()),
    }
}

fn abbrev(width: i64, text: &Str) -> Str {
    if width < 4 { text.clone() } else { abbreviate(text.as_bytes(), 0, width).into() }
}

fn abbrevboth(left: i64, right: i64, text: &Str) -> Str {
    if right < 4 || left > 0 && right < 7 {
        return text.clone();
    }
    abbreviate(text.as_bytes(), left, right).into()
}

/// goutils: stringutils.go `AbbreviateFull`, for a width of at least 4.
fn abbreviate(text: &[u8], offset: i64, width: i64) -> Vec<u8> {
    let length = text.len() as i64;
    if length <= width {
        return text.to_vec();
    }
    let mut offset = offset.min(length);
    if length - offset < width - 3 {
        offset = length - (width - 3);
    }
    if offset <= 4 {
        return [&text[..(width - 3) as usize], b"..."].concat();
    }
    if width < 7 {
        return Vec::new();
    }
    if offset + width - 3 < length {
        return [b"...", abbreviate(&text[offset as usize..], 0, width - 3).as_slice()].concat();
    }
    [b"...", &text[(length - (width - 3)) as usize..]].concat()
}

fn trunc(count: i64, text: &Str) -> Str {
    let length = text.len() as i64;
    if count < 0 && length.saturating_add(count) > 0 {
        text.as_bytes()[(length + count) as usize..].into()
    } else if count >= 0 && length > count {
        text.as_bytes()[..count as usize].into()
    } else {
        text.clone()
    }
}

fn substr(start: i64, end: i64, text: &Str) -> Result<Str, String> {
    if start < 0 {
        return slice(text, 0, end);
    }
    let length = text.len() as i64;
    slice(text, start, if end < 0 || end > length { length } else { end })
}

fn repeat(count: i64, text: &Str) -> Result<Str, Failure> {
    let count = usize::try_from(count).map_err(|_| "strings: negative Repeat count")?;
    let length = text.len().checked_mul(count).filter(|length| isize::try_from(*length).is_ok());
    match length {
        Some(0) => Ok(Str::new()),
        Some(length) => {
            budget::make(length)?;
            Ok(text.as_bytes().repeat(count).into())
        }
        None => Err("strings: Repeat output length overflow".into()),
    }
}

/// White space, if the byte is taken for a character, as goutils does.
fn is_space_byte(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ' | 0x85 | 0xa0)
}

fn nospace(text: &Str) -> Str {
    if !text.as_bytes().iter().any(|byte| is_space_byte(*byte)) {
        return text.clone();
    }
    // The bytes of what is not ASCII come out as Latin-1 characters: so does goutils.
    text.as_bytes()
        .iter()
        .filter(|byte| !is_space_byte(**byte))
        .map(|byte| char::from(*byte))
        .collect::<String>()
        .into()
}

fn initials(text: &Str) -> Str {
    let mut after_gap = true;
    let mut out = String::new();
    for &byte in text.as_bytes() {
        if is_space_byte(byte) {
            after_gap = true;
        } else if after_gap {
            out.push(char::from(byte));
            after_gap = false;
        }
    }
    out.into()
}

fn wrap(width: i64, text: &Str) -> Result<Str, Over> {
    wrapped(text.as_bytes(), width, b"", false).map(Str::from)
}

fn wrap_with(width: i64, line_break: &Str, text: &Str) -> Result<Str, Over> {
    wrapped(text.as_bytes(), width, line_break.as_bytes(), true).map(Str::from)
}

/// goutils: wordutils.go `WrapCustom`.
fn wrapped(text: &[u8], width: i64, line_break: &[u8], break_words: bool) -> Result<Vec<u8>, Over> {
    let line_break = if line_break.is_empty() { b"\n" } else { line_break };
    let width = usize::try_from(width).unwrap_or(0).max(1);
    budget::make(text.len())?;
    let mut out = Vec::with_capacity(text.len());
    let mut growth = Growth::new();
    let mut offset = 0;
    while text.len() - offset > width {
        if text[offset] == b' ' {
            offset += 1;
            continue;
        }
        let line = &text[offset..offset + width];
        let space = text[offset..=offset + width].iter().rposition(|byte| *byte == b' ');
        if let Some(space) = space {
            out.extend_from_slice(&text[offset..offset + space]);
            offset += space + 1;
        } else if break_words {
            out.extend_from_slice(line);
            offset += width;
        } else {
            let rest = &text[offset + width..];
            let Some(space) = rest.iter().position(|byte| *byte == b' ') else { break };
            out.extend_from_slice(&text[offset..offset + width + space]);
            offset += width + space + 1;
        }
        growth.to(out.len() + line_break.len())?;
        out.extend_from_slice(line_break);
    }
    out.extend_from_slice(&text[offset..]);
    Ok(out)
}

fn contains(part: &Str, text: &Str) -> bool {
    read(text);
    bytes::index(text.as_bytes(), part.as_bytes()).is_some()
}

fn has_prefix(prefix: &Str, text: &Str) -> bool {
    text.as_bytes().starts_with(prefix.as_bytes())
}

fn has_suffix(suffix: &Str, text: &Str) -> bool {
    text.as_bytes().ends_with(suffix.as_bytes())
}

fn quote(values: &[Value]) -> Result<Str, Endless> {
    joined(values, b" ", |out, value| match value {
        // What these print needs no escapes.
        Value::Int(_) | Value::Int64(_) | Value::Float64(_) | Value::Bool(_) => {
            out.push(b'"');
            print::append(out, value)?;
            out.push(b'"');
            Ok(())
        }
        Value::Str(text) => {
            strconv::append_quote(out, text);
            Ok(())
        }
        other => {
            strconv::append_quote(out, strval(other)?);
            Ok(())
        }
    })
}

fn squote(values: &[Value]) -> Result<Str, Endless> {
    joined(values, b" ", |out, value| {
        out.push(b'\'');
        print::append(out, value)?;
        out.push(b'\'');
        Ok(())
    })
}

fn cat(values: &[Value]) -> Result<Str, Endless> {
    joined(values, b" ", print::append)
}

/// The values that are not nil, with the separator between.
fn joined(
    values: &[Value],
    separator: &[u8],
    append: impl Fn(&mut Vec<u8>, &Value) -> Result<(), Endless>,
) -> Result<Str, Endless> {
    let mut out = Vec::with_capacity(64);
    let mut growth = Growth::new();
    for (place, value) in values.iter().filter(|value| !matches!(value, Value::Nil)).enumerate() {
        if place > 0 {
            out.extend_from_slice(separator);
        }
        append(&mut out, value)?;
        growth.to(out.len() + separator.len()).map_err(|_| Endless::Length)?;
    }
    Ok(out.into())
}

fn indent(count: i64, text: &Str) -> Result<Str, Failure> {
    indented(count, text, Vec::new())
}

fn nindent(count: i64, text: &Str) -> Result<Str, Failure> {
    indented(count, text, vec![b'\n'])
}

fn indented(count: i64, text: &Str, mut out: Vec<u8>) -> Result<Str, Failure> {
    let count = usize::try_from(count).map_err(|_| "strings: negative Repeat count")?;
    let mut rest = text.as_bytes();
    let lines = 1 + rest.iter().filter(|byte| **byte == b'\n').count();
    let length = count.checked_mul(lines).filter(|length| isize::try_from(*length).is_ok());
    let length = length.ok_or("strings: Repeat output length overflow")? + text.len();
    budget::make(length)?;
    out.reserve(length);
    while let Some(end) = memchr::memchr(b'\n', rest) {
        out.resize(out.len() + count, b' ');
        out.extend_from_slice(&rest[..=end]);
        rest = &rest[end + 1..];
    }
    out.resize(out.len() + count, b' ');
    out.extend_from_slice(rest);
    Ok(out.into())
}

fn replace(old: &Str, new: &Str, text: &Str) -> Result<Str, Over> {
    read(text);
    let (text, old, new) = (text.as_bytes(), old.as_bytes(), new.as_bytes());
    let mut growth = Growth::new();
    let mut out = Vec::with_capacity(text.len());
    if old.is_empty() {
        for (start, c) in runes::runes(text) {
            out.extend_from_slice(new);
            let invalid =
                c == char::REPLACEMENT_CHARACTER && !text[start..].starts_with("\u{fffd}".as_bytes());
            out.extend_from_slice(&text[start..start + if invalid { 1 } else { c.len_utf8() }]);
            growth.to(out.len() + new.len())?;
        }
        out.extend_from_slice(new);
        return Ok(out.into());
    }
    let mut rest = text;
    while let Some(place) = bytes::index(rest, old) {
        out.extend_from_slice(&rest[..place]);
        out.extend_from_slice(new);
        growth.to(out.len() + new.len())?;
        rest = &rest[place + old.len()..];
    }
    out.extend_from_slice(rest);
    Ok(out.into())
}

/// Counts that a text is looked through; whoever asks next hears of it.
fn read(text: &Str) {
    if text.len() >= SMALL {
        let _ = budget::make(text.len());
    }
}

fn plural(one: &Str, many: &Str, count: i64) -> Str {
    if count == 1 { one.clone() } else { many.clone() }
}

fn to_string(value: &Value) -> Result<Str, Endless> {
    strval(value)
}

fn join(separator: &Str, list: &Value) -> Result<Str, Endless> {
    joined(strslice(list)?.items(), separator.as_bytes(), print::append)
}

/// What a part of a text takes besides its text.
const PART: usize = 96;

/// Go: `strings.SplitN`; a negative count means all.
fn parts(text: &[u8], separator: &[u8], count: i64) -> Vec<Str> {
    let Ok(limit) = usize::try_from(if count < 0 { i64::MAX } else { count }) else { return Vec::new() };
    let mut parts: Vec<Str> = Vec::new();
    let mut growth = Growth::new();
    let mut rest = text;
    if limit == 0 || separator.is_empty() && text.is_empty() {
        return parts;
    }
    while parts.len() + 1 < limit {
        let (end, next) = if separator.is_empty() {
            let (_, size) = runes::decode(rest);
            (size, size)
        } else {
            let Some(place) = bytes::index(rest, separator) else { break };
            (place, place + separator.len())
        };
        if separator.is_empty() && next == rest.len() {
            break;
        }
        parts.push(rest[..end].into());
        // Each part has its own text, and perhaps its own key.
        if growth.to(parts.len() * PART).is_err() {
            break;
        }
        rest = &rest[next..];
    }
    parts.push(rest.into());
    parts
}

/// A map from `_0`, `_1` … to the parts.
fn numbered(parts: Vec<Str>) -> Map {
    let cells =
        parts.into_iter().enumerate().map(|(place, part)| (format!("_{place}").into(), Value::Str(part)));
    let mut cells: Vec<(Str, Value)> = cells.collect();
    // In order they are put in quickest.
    cells.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    Map::of(Elem::String, cells.into_iter().collect::<Cells>())
}

fn split(separator: &Str, text: &Str) -> Map {
    numbered(parts(text.as_bytes(), separator.as_bytes(), -1))
}

fn splitn(separator: &Str, count: i64, text: &Str) -> Map {
    numbered(parts(text.as_bytes(), separator.as_bytes(), count))
}

fn split_list(separator: &Str, text: &Str) -> List {
    List::strings(parts(text.as_bytes(), separator.as_bytes(), -1))
}

/// Without the characters at both ends that `is` holds for; an invalid byte counts as U+FFFD.
fn trimmed(text: &[u8], is: impl Fn(char) -> bool) -> &[u8] {
    let mut text = text;
    while let (c, size @ 1..) = runes::decode(text) {
        if !is(c) {
            break;
        }
        text = &text[size..];
    }
    while let (c, size @ 1..) = runes::decode_last(text) {
        if !is(c) {
            break;
        }
        text = &text[..text.len() - size];
    }
    text
}

fn trim(text: &Str) -> Str {
    match text.as_str() {
        Some(text) => text.trim().into(),
        None => trimmed(text.as_bytes(), char::is_whitespace).into(),
    }
}

fn trim_all(characters: &Str, text: &Str) -> Str {
    let set: Vec<char> = runes::runes(characters.as_bytes()).map(|(_, c)| c).collect();
    trimmed(text.as_bytes(), |c| set.contains(&c)).into()
}

fn trim_prefix(prefix: &Str, text: &Str) -> Str {
    text.as_bytes().strip_prefix(prefix.as_bytes()).map_or_else(|| text.clone(), Str::from)
}

fn trim_suffix(suffix: &Str, text: &Str) -> Str {
    text.as_bytes().strip_suffix(suffix.as_bytes()).map_or_else(|| text.clone(), Str::from)
}
