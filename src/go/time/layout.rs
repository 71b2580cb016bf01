//! The pieces of a layout such as `2006-01-02T15:04:05Z07:00`. Go: format.go `nextStdChunk`.

/// A piece of a layout that stands for a part of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    LongMonth,
    Month,
    NumMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    /// `MST`
    ZoneName,
    Offset(Offset),
    /// `.000`: so many digits after the separator.
    Fraction {
        digits: usize,
        separator: u8,
    },
    /// `.999`: at most so many digits, without the zeros at their end.
    TrimmedFraction {
        digits: usize,
        separator: u8,
    },
}

/// How an offset is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    /// `Z` stands for no offset.
    pub z: bool,
    pub colon: bool,
    pub minutes: bool,
    pub seconds: bool,
}

/// A layout cut at its first piece: what stands before it, the piece with its text, what follows.
pub struct Chunk<'a> {
    pub prefix: &'a [u8],
    pub piece: Option<(Piece, &'a [u8])>,
    pub suffix: &'a [u8],
}

/// Cuts a layout at its first piece.
pub fn next_chunk(layout: &[u8]) -> Chunk<'_> {
    for at in 0..layout.len() {
        if let Some((skip, piece, len)) = piece_at(layout, at) {
            let start = at + skip;
            return Chunk {
                prefix: &layout[..start],
                piece: Some((piece, &layout[start..start + len])),
                suffix: &layout[start + len..],
            };
        }
    }
    Chunk { prefix: layout, piece: None, suffix: &[] }
}

/// The piece that begins at the place: bytes that still belong to the text before it, the piece, its length.
fn piece_at(layout: &[u8], at: usize) -> Option<(usize, Piece, usize)> {
    let rest = &layout[at..];
    let starts = |text: &str| rest.starts_with(text.as_bytes());
    let lower_at = |index: usize| rest.get(index).is_some_and(u8::is_ascii_lowercase);
    Some(match rest[0] {
        b'J' if starts("January") => (0, Piece::LongMonth, 7),
        b'J' if starts("Jan") && !lower_at(3) => (0, Piece::Month, 3),
        b'M' if starts("Monday") => (0, Piece::LongWeekday, 6),
        b'M' if starts("Mon") && !lower_at(3) => (0, Piece::Weekday, 3),
        b'M' if starts("MST") => (0, Piece::ZoneName, 3),
        b'0' => match rest.get(1)? {
            b'1' => (0, Piece::ZeroMonth, 2),
            b'2' => (0, Piece::ZeroDay, 2),
            b'3' => (0, Piece::ZeroHour12, 2),
            b'4' => (0, Piece::ZeroMinute, 2),
            b'5' => (0, Piece::ZeroSecond, 2),
            b'6' => (0, Piece::Year, 2),
            _ if starts("002") => (0, Piece::ZeroYearDay, 3),
            _ => return None,
        },
        b'1' if starts("15") => (0, Piece::Hour, 2),
        b'1' => (0, Piece::NumMonth, 1),
        b'2' if starts("2006") => (0, Piece::LongYear, 4),
        b'2' => (0, Piece::Day, 1),
        b'_' if starts("_2006") => (1, Piece::LongYear, 4),
        b'_' if starts("_2") => (0, Piece::UnderDay, 2),
        b'_' if starts("__2") => (0, Piece::UnderYearDay, 3),
        b'3' => (0, Piece::Hour12, 1),
        b'4' => (0, Piece::Minute, 1),
        b'5' => (0, Piece::Second, 1),
        b'P' if starts("PM") => (0, Piece::UpperPm, 2),
        b'p' if starts("pm") => (0, Piece::LowerPm, 2),
        b'-' | b'Z' => {
            let (offset, len) = offset_at(&rest[1..])?;
            (0, Piece::Offset(Offset { z: rest[0] == b'Z', ..offset }), len + 1)
        }
        b'.' | b',' => return fraction_at(rest),
        _ => return None,
    })
}

/// The digits of an offset, after its sign, in the order in which Go tries them.
fn offset_at(rest: &[u8]) -> Option<(Offset, usize)> {
    const FORMS: [(&str, bool, bool, bool); 5] = [
        ("070000", false, true, true),
        ("07:00:00", true, true, true),
        ("0700", false, true, false),
        ("07:00", true, true, false),
        ("07", false, false, false),
    ];
    FORMS
        .iter()
        .find(|(form, ..)| rest.starts_with(form.as_bytes()))
        .map(|&(form, colon, minutes, seconds)| (Offset { z: false, colon, minutes, seconds }, form.len()))
}

/// `.000` or `,999`, when no other digit follows.
fn fraction_at(rest: &[u8]) -> Option<(usize, Piece, usize)> {
    let (separator, digit) = (rest[0], *rest.get(1)?);
    if digit != b'0' && digit != b'9' {
        return None;
    }
    let digits = rest[1..].iter().take_while(|c| **c == digit).count();
    if rest.get(1 + digits).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    // Go keeps the number of digits in twelve bits.
    let (len, digits) = (1 + digits, digits & 0xfff);
    Some(match digit {
        b'0' => (0, Piece::Fraction { digits, separator }, len),
        _ => (0, Piece::TrimmedFraction { digits, separator }, len),
    })
}
