//! The parser of RE2's syntax as Go has it (the `Perl` flags), with Go's error texts. Go: regexp/syntax/parse.go, whose
//! names and order this file follows; where Go builds its tree this one builds regex-syntax's.

use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, Look, Repetition};

use super::class;
use super::error::{Code, SyntaxError};

/// A pattern as regex-automata wants it.
pub struct Parsed {
    pub hir: Hir,
    /// The names of the groups, the whole match first.
    pub names: Vec<String>,
}

/// Go: syntax/parse.go `maxHeight`.
const MAX_HEIGHT: usize = 1000;

/// Go: syntax/parse.go `maxSize`: instructions that a program may have.
const MAX_SIZE: i64 = (128 << 20) / 40;

/// Go: syntax/parse.go `repeat`: the largest count, nested counts multiplied.
const MAX_REPEAT: i64 = 1000;

/// An expression on the stack.
enum Item {
    Expr(Expr),
    /// A parenthesis: the flags outside, and the number of its group.
    LeftParen(Flags, Option<usize>),
    VerticalBar,
}

/// An expression with what Go's limits ask.
struct Expr {
    hir: Hir,
    height: usize,
    size: i64,
    /// The largest product of nested counts.
    repeats: i64,
    kind: Kind,
}

/// What Go's tree flattens.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Literal,
    Concat,
    Alternate,
    Other,
}

#[derive(Clone, Copy)]
struct Flags {
    fold_case: bool,
    multi_line: bool,
    dot_newline: bool,
    non_greedy: bool,
}

struct Parser<'a> {
    whole: &'a [u8],
    flags: Flags,
    stack: Vec<Item>,
    names: Vec<String>,
}

fn error(code: Code, expression: &[u8]) -> SyntaxError {
    SyntaxError { code, expression: String::from_utf8_lossy(expression).into_owned() }
}

/// What follows after a piece was taken off.
type Rest<'a, T> = Result<(T, &'a [u8]), SyntaxError>;

/// Go: `syntax.Parse` with the `Perl` flags.
pub fn parse(pattern: &[u8]) -> Result<Parsed, SyntaxError> {
    let mut parser = Parser {
        whole: pattern,
        flags: Flags { fold_case: false, multi_line: false, dot_newline: false, non_greedy: false },
        stack: Vec::new(),
        names: vec![String::new()],
    };
    let (mut rest, mut last_repeat): (&[u8], &[u8]) = (pattern, b"");
    while !rest.is_empty() {
        let before = rest;
        let is_repeat;
        (is_repeat, rest) = parser.item(rest, last_repeat)?;
        last_repeat = if is_repeat { before } else { b"" };
    }
    parser.close_alternation()?;
    match (parser.stack.pop(), parser.stack.is_empty()) {
        (Some(Item::Expr(expr)), true) => Ok(Parsed { hir: expr.hir, names: parser.names }),
        _ => Err(error(Code::MissingParen, pattern)),
    }
}

impl<'a> Parser<'a> {
    /// Reads one item; whether it was a repetition, and what follows.
    fn item(&mut self, text: &'a [u8], last_repeat: &[u8]) -> Rest<'a, bool> {
        let rest = &text[1..];
        let rest = match text[0] {
            b'(' if rest.first() == Some(&b'?') => self.perl_flags(text)?,
            b'(' => {
                self.names.push(String::new());
                self.stack.push(Item::LeftParen(self.flags, Some(self.names.len() - 1)));
                rest
            }
            b'|' => {
                self.concat()?;
                self.stack.push(Item::VerticalBar);
                rest
            }
            b')' => {
                self.right_paren()?;
                rest
            }
            b'^' => self.look(if self.flags.multi_line { Look::StartLF } else { Look::Start }, rest)?,
            b'$' => self.look(if self.flags.multi_line { Look::EndLF } else { Look::End }, rest)?,
            b'.' => {
                let newline = class::range(0x0A, 0x0A);
                let dot = if self.flags.dot_newline { ClassUnicode::empty() } else { newline };
                self.push_class(class::negate(dot))?;
                rest
            }
            b'[' => self.class(text)?,
            b'*' => return Ok((true, self.repeat(0, None, text, rest, last_repeat)?)),
            b'+' => return Ok((true, self.repeat(1, None, text, rest, last_repeat)?)),
            b'?' => return Ok((true, self.repeat(0, Some(1), text, rest, last_repeat)?)),
            b'{' => match counts(text) {
                None => {
                    self.literal(u32::from(b'{'))?;
                    rest
                }
                Some((min, max, after)) => {
                    let taken = &text[..text.len() - after.len()];
                    if !(0..=MAX_REPEAT).contains(&min) || max > MAX_REPEAT || max >= 0 && min > max {
                        return Err(error(Code::InvalidRepeatSize, taken));
                    }
                    let (min, max) = (min as u32, u32::try_from(max).ok());
                    return Ok((true, self.repeat(min, max, text, after, last_repeat)?));
                }
            },
            b'\\' => self.escape(text)?,
            _ => {
                let (c, rest) = next_char(text)?;
                self.literal(c)?;
                rest
            }
        };
        Ok((false, rest))
    }

    fn escape(&mut self, text: &'a [u8]) -> Result<&'a [u8], SyntaxError> {
        if let [_, letter, rest @ ..] = text {
            match letter {
                b'A' => return self.look(Look::Start, rest),
                b'b' => return self.look(Look::WordAscii, rest),
                b'B' => return self.look(Look::WordAsciiNegate, rest),
                b'C' => return Err(error(Code::InvalidEscape, &text[..2])),
                b'z' => return self.look(Look::End, rest),
                b'Q' => {
                    let end = rest.windows(2).position(|pair| pair == b"\\E");
                    let mut literal = &rest[..end.unwrap_or(rest.len())];
                    while !literal.is_empty() {
                        let (c, after) = next_char(literal)?;
                        self.literal(c)?;
                        literal = after;
                    }
                    return Ok(end.map_or(b"", |end| &rest[end + 2..]));
                }
                _ => {}
            }
        }
        if let Some((class, rest)) = self.class_escape(text)? {
            self.push_class(class)?;
            return Ok(rest);
        }
        let (c, rest) = escaped_char(text)?;
        self.literal(c)?;
        Ok(rest)
    }

    fn look(&mut self, look: Look, rest: &'a [u8]) -> Result<&'a [u8], SyntaxError> {
        self.push(Hir::look(look), Kind::Other, 1)?;
        Ok(rest)
    }

    fn push(&mut self, hir: Hir, kind: Kind, size: i64) -> Result<(), SyntaxError> {
        self.push_expr(Expr { hir, height: 1, size, repeats: 1, kind })
    }

    /// Go: `checkLimits`.
    fn push_expr(&mut self, expr: Expr) -> Result<(), SyntaxError> {
        if expr.size > MAX_SIZE {
            return Err(error(Code::TooLarge, self.whole));
        }
        if expr.height > MAX_HEIGHT {
            return Err(error(Code::TooDeep, self.whole));
        }
        self.stack.push(Item::Expr(expr));
        Ok(())
    }

    fn push_class(&mut self, class: ClassUnicode) -> Result<(), SyntaxError> {
        self.push(Hir::class(Class::Unicode(class)), Kind::Other, 1)
    }

    fn literal(&mut self, c: u32) -> Result<(), SyntaxError> {
        let class = class::fold(class::range(c, c), self.flags.fold_case);
        // A set of one character is a literal to regex-syntax.
        self.push(Hir::class(Class::Unicode(class)), Kind::Literal, 1)
    }

    /// Go: `repeat`: `*`, `+`, `?` and counts on what was read last.
    fn repeat(
        &mut self,
        min: u32,
        max: Option<u32>,
        before: &[u8],
        after: &'a [u8],
        last_repeat: &[u8],
    ) -> Result<&'a [u8], SyntaxError> {
        let (lazy, rest) = match after {
            [b'?', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        if !last_repeat.is_empty() {
            return Err(error(Code::InvalidRepeatOp, &last_repeat[..last_repeat.len() - rest.len()]));
        }
        let taken = &before[..before.len() - rest.len()];
        let Some(Item::Expr(sub)) = self.stack.pop_if(|item| matches!(item, Item::Expr(_))) else {
            return Err(error(Code::MissingArgument, taken));
        };
        let counted = before[0] == b'{';
        let size = repeat_size(sub.size, min, max, counted);
        let most = i64::from(max.unwrap_or(min));
        let repeats = if max == Some(0) { 1 } else { sub.repeats.saturating_mul(most.max(1)) };
        let greedy = lazy == self.flags.non_greedy;
        let hir = Hir::repetition(Repetition { min, max, greedy, sub: Box::new(sub.hir) });
        self.push_expr(Expr { hir, height: sub.height + 1, size, repeats, kind: Kind::Other })?;
        if counted && (min >= 2 || max.is_some_and(|max| max >= 2)) && repeats > MAX_REPEAT {
            return Err(error(Code::InvalidRepeatSize, taken));
        }
        Ok(rest)
    }

    /// The expressions on top of the stack.
    fn pop_exprs(&mut self) -> Vec<Expr> {
        let from = self.stack.iter().rposition(|item| !matches!(item, Item::Expr(_)));
        let tail = self.stack.split_off(from.map_or(0, |at| at + 1));
        tail.into_iter()
            .filter_map(|item| if let Item::Expr(expr) = item { Some(expr) } else { None })
            .collect()
    }

    /// Go: `concat`.
    fn concat(&mut self) -> Result<(), SyntaxError> {
        let subs = self.pop_exprs();
        if subs.is_empty() {
            return self.push(Hir::empty(), Kind::Other, 1);
        }
        let joined = collapse(subs, Kind::Concat, Hir::concat);
        self.push_expr(joined)
    }

    /// Go: `alternate`, with the concatenation before it.
    fn close_alternation(&mut self) -> Result<(), SyntaxError> {
        self.concat()?;
        let mut subs = Vec::new();
        while let Some(Item::Expr(expr)) = self.stack.pop_if(|item| matches!(item, Item::Expr(_))) {
            subs.push(expr);
            let _ = self.stack.pop_if(|item| matches!(item, Item::VerticalBar));
        }
        subs.reverse();
        let joined = collapse(subs, Kind::Alternate, Hir::alternation);
        self.push_expr(joined)
    }

    /// Go: `parseRightParen`.
    fn right_paren(&mut self) -> Result<(), SyntaxError> {
        self.close_alternation()?;
        let (inner, open) = (self.stack.pop(), self.stack.pop());
        let (Some(Item::Expr(inner)), Some(Item::LeftParen(flags, group))) = (inner, open) else {
            return Err(error(Code::UnexpectedParen, self.whole));
        };
        self.flags = flags;
        let Some(index) = group else { return self.push_expr(inner) };
        let capture = Capture { index: index as u32, name: None, sub: Box::new(inner.hir) };
        self.push_expr(Expr {
            hir: Hir::capture(capture),
            height: inner.height + 1,
            size: inner.size + 2,
            repeats: inner.repeats,
            kind: Kind::Other,
        })
    }

    /// Go: `parsePerlFlags`: `(?P<name>`, `(?<name>`, `(?flags)` and `(?flags:`.
    fn perl_flags(&mut self, text: &'a [u8]) -> Result<&'a [u8], SyntaxError> {
        let name_at = match text {
            [_, _, b'P', b'<', _, ..] => Some(4),
            [_, _, b'<', _, ..] => Some(3),
            _ => None,
        };
        if let Some(start) = name_at {
            let Some(end) = text.iter().position(|c| *c == b'>') else {
                check_utf8(text)?;
                return Err(error(Code::InvalidCapture, text));
            };
            let name = text.get(start..end).unwrap_or_default();
            check_utf8(name)?;
            if name.is_empty() || !name.iter().all(|c| *c == b'_' || c.is_ascii_alphanumeric()) {
                return Err(error(Code::InvalidCapture, &text[..=end]));
            }
            self.names.push(String::from_utf8_lossy(name).into_owned());
            self.stack.push(Item::LeftParen(self.flags, Some(self.names.len() - 1)));
            return Ok(&text[end + 1..]);
        }
        let outside = self.flags;
        let (mut flags, mut set, mut saw_flag) = (self.flags, true, false);
        let mut rest = &text[2..];
        while !rest.is_empty() {
            let c;
            (c, rest) = next_char(rest)?;
            match u8::try_from(c).unwrap_or(0) {
                b'i' => flags.fold_case = set,
                b'm' => flags.multi_line = set,
                b's' => flags.dot_newline = set,
                b'U' => flags.non_greedy = set,
                b'-' if set => {
                    (set, saw_flag) = (false, false);
                    continue;
                }
                end @ (b':' | b')') if set || saw_flag => {
                    if end == b':' {
                        self.stack.push(Item::LeftParen(outside, None));
                    }
                    self.flags = flags;
                    return Ok(rest);
                }
                _ => break,
            }
            saw_flag = true;
        }
        Err(error(Code::InvalidPerl, &text[..text.len() - rest.len()]))
    }

    /// Go: `parseClass`.
    fn class(&mut self, whole: &'a [u8]) -> Result<&'a [u8], SyntaxError> {
        let (negated, mut rest) = match &whole[1..] {
            [b'^', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let mut ranges: Vec<ClassUnicodeRange> = Vec::new();
        let mut first = true;
        while first || rest.first() != Some(&b']') {
            first = false;
            if let Some((class, after)) = self.named_class(rest)? {
                ranges.extend(class.ranges());
                rest = after;
                continue;
            }
            if let Some((class, after)) = self.class_escape(rest)? {
                ranges.extend(class.ranges());
                rest = after;
                continue;
            }
            let start = rest;
            let low;
            (low, rest) = class_char(rest, whole)?;
            let mut high = low;
            if let [b'-', after @ ..] = rest
                && after.first().is_some_and(|c| *c != b']')
            {
                (high, rest) = class_char(after, whole)?;
                if high < low {
                    return Err(error(Code::InvalidRange, &start[..start.len() - rest.len()]));
                }
            }
            ranges.extend(class::fold(class::range(low, high), self.flags.fold_case).ranges());
        }
        let class = ClassUnicode::new(ranges);
        self.push_class(if negated { class::negate(class) } else { class })?;
        Ok(&rest[1..])
    }

    /// Go: `parseNamedClass`: `[:word:]`.
    fn named_class(&self, text: &'a [u8]) -> Result<Option<(ClassUnicode, &'a [u8])>, SyntaxError> {
        if text.len() <= 2 || !text.starts_with(b"[:") {
            return Ok(None);
        }
        let Some(end) = text[2..].windows(2).position(|pair| pair == b":]") else { return Ok(None) };
        let (name, rest) = (&text[2..2 + end], &text[4 + end..]);
        let (negated, word) = match name {
            [b'^', word @ ..] => (true, word),
            word => (false, word),
        };
        let class = class::posix(word).ok_or_else(|| error(Code::InvalidRange, &text[..4 + end]))?;
        let class = class::fold(class, self.flags.fold_case);
        Ok(Some((if negated { class::negate(class) } else { class }, rest)))
    }

    /// Go: `parseUnicodeClass` and `parsePerlClassEscape`: `\pL`, `\P{Greek}`, `\d`.
    fn class_escape(&self, text: &'a [u8]) -> Result<Option<(ClassUnicode, &'a [u8])>, SyntaxError> {
        let [b'\\', letter, rest @ ..] = text else { return Ok(None) };
        if !matches!(letter, b'p' | b'P') {
            let Some(class) = class::perl(*letter) else { return Ok(None) };
            let class = class::fold(class, self.flags.fold_case);
            let negated = letter.is_ascii_uppercase();
            return Ok(Some((if negated { class::negate(class) } else { class }, rest)));
        }
        if rest.is_empty() {
            // Go decodes a replacement character of no width here, and finds no class of that name.
            return Err(error(Code::InvalidRange, text));
        }
        let (_, after) = next_char(rest)?;
        let (name, after) = if rest[0] == b'{' {
            let Some(end) = rest.iter().position(|c| *c == b'}') else {
                check_utf8(text)?;
                return Err(error(Code::InvalidRange, text));
            };
            check_utf8(&rest[1..end])?;
            (&rest[1..end], &rest[end + 1..])
        } else {
            (&rest[..rest.len() - after.len()], after)
        };
        let name = String::from_utf8_lossy(name);
        let (caret, name) = match name.strip_prefix('^') {
            Some(name) => (true, name),
            None => (false, name.as_ref()),
        };
        let class = class::unicode(name)
            .ok_or_else(|| error(Code::InvalidRange, &text[..text.len() - after.len()]))?;
        // Go finds what is not assigned by the set of what is, and turns it round after folding.
        let class = class::fold(class, self.flags.fold_case);
        let negated = caret != (*letter == b'P');
        Ok(Some((if negated { class::negate(class) } else { class }, after)))
    }
}

/// Go: `calcSize` of a repetition.
fn repeat_size(sub: i64, min: u32, max: Option<u32>, counted: bool) -> i64 {
    let (min, size) = (i64::from(min), sub);
    let size = match max.map(i64::from) {
        None if min == 0 => 2 + size,
        None => 1 + min * size,
        Some(_) if !counted => 1 + size,
        Some(max) => max * size + max - min,
    };
    size.max(1)
}

/// Go: `collapse`: one expression of several, those of the same kind taken apart.
fn collapse(mut subs: Vec<Expr>, kind: Kind, join: fn(Vec<Hir>) -> Hir) -> Expr {
    if subs.len() == 1
        && let Some(only) = subs.pop()
    {
        return only;
    }
    let literals = kind == Kind::Concat && subs.iter().all(|sub| sub.kind == Kind::Literal);
    let height = subs.iter().map(|sub| sub.height + usize::from(sub.kind != kind)).max().unwrap_or(1);
    let bars = if kind == Kind::Alternate { subs.len() as i64 - 1 } else { 0 };
    Expr {
        height: if literals { 1 } else { height },
        size: subs.iter().map(|sub| sub.size).sum::<i64>() + bars,
        repeats: subs.iter().map(|sub| sub.repeats).max().unwrap_or(1),
        kind: if literals { Kind::Literal } else { kind },
        hir: join(subs.into_iter().map(|sub| sub.hir).collect()),
    }
}

/// Go: `parseRepeat`: `{n}`, `{n,}` (−1) or `{n,m}`; `None` when the brace is a literal. A count too large is −1 as the
/// smaller one.
fn counts(text: &[u8]) -> Option<(i64, i64, &[u8])> {
    let (mut min, rest) = count(&text[1..])?;
    let (max, rest) = match rest {
        [b',', b'}', ..] => (-1, &rest[1..]),
        [b',', rest @ ..] => {
            let (max, rest) = count(rest)?;
            if max < 0 {
                min = -1;
            }
            (max, rest)
        }
        _ => (min, rest),
    };
    rest.strip_prefix(b"}").map(|rest| (min, max, rest))
}

/// Go: `parseInt`.
fn count(text: &[u8]) -> Option<(i64, &[u8])> {
    let len = text.iter().take_while(|c| c.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(len);
    if digits.is_empty() || digits.len() > 1 && digits[0] == b'0' {
        return None;
    }
    let mut number = 0;
    for c in digits {
        if number >= 100_000_000 {
            return Some((-1, rest));
        }
        number = number * 10 + i64::from(c - b'0');
    }
    Some((number, rest))
}

/// Go: `parseClassChar`.
fn class_char<'a>(text: &'a [u8], whole: &[u8]) -> Rest<'a, u32> {
    match text.first() {
        None => Err(error(Code::MissingBracket, whole)),
        Some(b'\\') => escaped_char(text),
        Some(_) => next_char(text),
    }
}

/// Go: `parseEscape`: the character that a backslash and what follows stand for.
fn escaped_char(text: &[u8]) -> Rest<'_, u32> {
    let rest = &text[1..];
    if rest.is_empty() {
        return Err(error(Code::TrailingBackslash, b""));
    }
    let (c, mut rest) = next_char(rest)?;
    let octal = |rest: &[u8]| rest.first().is_some_and(|c| (b'0'..=b'7').contains(c));
    match char::from_u32(c).unwrap_or_default() {
        'x' => return hex_char(text, rest),
        'a' => return Ok((7, rest)),
        'f' => return Ok((12, rest)),
        'n' => return Ok((10, rest)),
        'r' => return Ok((13, rest)),
        't' => return Ok((9, rest)),
        'v' => return Ok((11, rest)),
        digit @ '0'..='7' if digit == '0' || octal(rest) => {
            let mut value = c - u32::from(b'0');
            for _ in 1..3 {
                if !octal(rest) {
                    break;
                }
                value = value * 8 + u32::from(rest[0] - b'0');
                rest = &rest[1..];
            }
            return Ok((value, rest));
        }
        other if other.is_ascii() && !other.is_ascii_alphanumeric() => return Ok((c, rest)),
        _ => {}
    }
    Err(error(Code::InvalidEscape, &text[..text.len() - rest.len()]))
}

/// The rest of `\x41` or `\x{1F600}`.
fn hex_char<'a>(text: &'a [u8], mut rest: &'a [u8]) -> Rest<'a, u32> {
    let bad = |rest: &[u8]| Err(error(Code::InvalidEscape, &text[..text.len() - rest.len()]));
    if rest.is_empty() {
        return bad(rest);
    }
    let digit = |c: u32| char::from_u32(c).and_then(|c| c.to_digit(16));
    let first;
    (first, rest) = next_char(rest)?;
    if first != u32::from(b'{') {
        let second;
        (second, rest) = next_char_or_none(rest)?;
        return match (digit(first), digit(second)) {
            (Some(high), Some(low)) => Ok((high * 16 + low, rest)),
            _ => bad(rest),
        };
    }
    let (mut value, mut digits) = (0, 0);
    loop {
        if rest.is_empty() {
            return bad(rest);
        }
        let c;
        (c, rest) = next_char(rest)?;
        if c == u32::from(b'}') {
            return if digits == 0 { bad(rest) } else { Ok((value, rest)) };
        }
        let Some(digit) = digit(c) else { return bad(rest) };
        value = value * 16 + digit;
        if value > class::MAX {
            return bad(rest);
        }
        digits += 1;
    }
}

/// Go: `nextRune`.
fn next_char(text: &[u8]) -> Rest<'_, u32> {
    let valid = text[..text.len().min(4)].utf8_chunks().next().map_or("", |chunk| chunk.valid());
    match valid.chars().next() {
        Some(c) => Ok((u32::from(c), &text[c.len_utf8()..])),
        None => Err(error(Code::InvalidUtf8, text)),
    }
}

/// Go: `nextRune` where the text may have ended, which gives U+FFFD.
fn next_char_or_none(text: &[u8]) -> Rest<'_, u32> {
    if text.is_empty() { Ok((0xFFFD, text)) } else { next_char(text) }
}

/// Go: `checkUTF8`.
fn check_utf8(text: &[u8]) -> Result<(), SyntaxError> {
    match std::str::from_utf8(text) {
        Ok(_) => Ok(()),
        Err(fault) => Err(error(Code::InvalidUtf8, &text[fault.valid_up_to()..])),
    }
}
