//! How a text is read by a layout: `time.ParseInLocation`, with the text of each error.

use super::civil::{DAYS, MONTHS, days_in, is_leap};
use super::duration::leading_int;
use super::instant::Time;
use super::layout::{Offset, Piece, next_chunk};
use super::quote::quote;
use super::zone::Location;

/// Why a piece could not be read.
enum Fault {
    /// Go: `errBad`.
    Bad,
    /// A value out of range, by its name, and what of the text is left.
    Range(&'static str),
}

use Fault::Bad;

/// What has been read so far.
#[derive(Default)]
struct Parts {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: i64,
    morning: bool,
    afternoon: bool,
    utc: bool,
    offset: Option<i32>,
    zone_name: Vec<u8>,
}

/// Go: `time.ParseInLocation`: a text without a zone is taken to be in `location`, and offsets and abbreviations that
/// hold there mean it. The error is Go's text.
pub fn parse_in_location(layout: &[u8], value: &[u8], location: &Location) -> Result<Time, String> {
    let cannot = |text: &[u8], element: &[u8]| {
        let (value, layout) = (quote(value), quote(layout));
        format!("parsing time {value} as {layout}: cannot parse {} as {}", quote(text), quote(element))
    };
    let outside = |what: &str| format!("parsing time {}: {what}", quote(value));
    let mut parts = Parts::default();
    let (mut layout_left, mut left) = (layout, value);
    loop {
        let chunk = next_chunk(layout_left);
        skip(&mut left, chunk.prefix).map_err(|_| cannot(left, chunk.prefix))?;
        let Some((piece, element)) = chunk.piece else { break };
        layout_left = chunk.suffix;
        let hold = left;
        parts.read(piece, &mut left, layout_left).map_err(|fault| match fault {
            Bad => cannot(hold, element),
            Fault::Range(what) => outside(&format!("{what} out of range")),
        })?;
    }
    if !left.is_empty() {
        return Err(outside(&format!("extra text: {}", quote(left))));
    }
    parts.finish(location).map_err(outside)
}

/// Go: format.go `skip`: takes the prefix off the value; blanks stand for any number of blanks.
fn skip(value: &mut &[u8], mut prefix: &[u8]) -> Result<(), Fault> {
    while let [first, rest @ ..] = prefix {
        if *first == b' ' {
            if value.first().is_some_and(|c| *c != b' ') {
                return Err(Bad);
            }
            prefix = cut_space(prefix);
            *value = cut_space(value);
            continue;
        }
        match *value {
            [c, after @ ..] if c == first => *value = after,
            _ => return Err(Bad),
        }
        prefix = rest;
    }
    Ok(())
}

fn cut_space(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|c| **c == b' ').count()..]
}

/// Takes so many bytes.
fn take<'a>(value: &mut &'a [u8], count: usize) -> Result<&'a [u8], Fault> {
    let (head, tail) = value.split_at_checked(count).ok_or(Bad)?;
    *value = tail;
    Ok(head)
}

/// Go: format.go `getnum`: one or two digits, exactly two if `fixed`.
fn number(value: &mut &[u8], fixed: bool) -> Result<i64, Fault> {
    let digits = value.iter().take(2).take_while(|c| c.is_ascii_digit()).count();
    if digits == 0 || fixed && digits != 2 {
        return Err(Bad);
    }
    Ok(digits_value(take(value, digits)?))
}

/// Go: format.go `getnum3`: one to three digits, exactly three if `fixed`.
fn number3(value: &mut &[u8], fixed: bool) -> Result<i64, Fault> {
    let digits = value.iter().take(3).take_while(|c| c.is_ascii_digit()).count();
    if digits == 0 || fixed && digits != 3 {
        return Err(Bad);
    }
    Ok(digits_value(take(value, digits)?))
}

fn digits_value(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |number, c| number * 10 + i64::from(c - b'0'))
}

/// Go: format.go `atoi`: with an optional sign.
fn atoi(text: &[u8]) -> Result<i64, Fault> {
    let (sign, digits) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        rest => (1, rest),
    };
    match leading_int(digits) {
        Some((number, [])) => Ok(sign * number as i64),
        _ => Err(Bad),
    }
}

/// Go: format.go `lookup`: the index of the name that the value begins with, in any case.
fn lookup(value: &mut &[u8], names: &[&str], len: Option<usize>) -> Result<i64, Fault> {
    for (index, name) in names.iter().enumerate() {
        let name = &name.as_bytes()[..len.unwrap_or(name.len())];
        if value.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name)) {
            *value = &value[name.len()..];
            return Ok(index as i64);
        }
    }
    Err(Bad)
}

fn in_range(number: i64, range: std::ops::Range<i64>, what: &'static str) -> Result<i64, Fault> {
    if range.contains(&number) { Ok(number) } else { Err(Fault::Range(what)) }
}

impl Parts {
    /// Go: the switch in format.go `parse`.
    fn read(&mut self, piece: Piece, value: &mut &[u8], layout: &[u8]) -> Result<(), Fault> {
        match piece {
            Piece::Year => {
                let year = atoi(take(value, 2)?)?;
                self.year = year + if year >= 69 { 1900 } else { 2000 };
            }
            Piece::LongYear => {
                if !value.first().is_some_and(u8::is_ascii_digit) {
                    return Err(Bad);
                }
                self.year = atoi(take(value, 4)?)?;
            }
            Piece::Month => self.month = Some(lookup(value, &MONTHS, Some(3))? + 1),
            Piece::LongMonth => self.month = Some(lookup(value, &MONTHS, None)? + 1),
            Piece::NumMonth | Piece::ZeroMonth => {
                let month = number(value, piece == Piece::ZeroMonth)?;
                self.month = Some(in_range(month, 1..13, "month")?);
            }
            Piece::Weekday => drop(lookup(value, &DAYS, Some(3))?),
            Piece::LongWeekday => drop(lookup(value, &DAYS, None)?),
            Piece::Day | Piece::UnderDay | Piece::ZeroDay => {
                if piece == Piece::UnderDay {
                    *value = value.strip_prefix(b" ").unwrap_or(value);
                }
                self.day = Some(number(value, piece == Piece::ZeroDay)?);
            }
            Piece::UnderYearDay | Piece::ZeroYearDay => {
                if piece == Piece::UnderYearDay {
                    *value = value.strip_prefix(b" ").unwrap_or(value);
                    *value = value.strip_prefix(b" ").unwrap_or(value);
                }
                self.year_day = Some(number3(value, piece == Piece::ZeroYearDay)?);
            }
            Piece::Hour => self.hour = in_range(number(value, false)?, 0..24, "hour")?,
            Piece::Hour12 | Piece::ZeroHour12 => {
                self.hour = in_range(number(value, piece == Piece::ZeroHour12)?, 0..13, "hour")?;
            }
            Piece::Minute | Piece::ZeroMinute => {
                self.minute = in_range(number(value, piece == Piece::ZeroMinute)?, 0..60, "minute")?;
            }
            Piece::Second | Piece::ZeroSecond => {
                self.second = in_range(number(value, piece == Piece::ZeroSecond)?, 0..60, "second")?;
                self.read_unasked_fraction(value, layout)?;
            }
            Piece::UpperPm | Piece::LowerPm => {
                let (am, pm): (&[u8], &[u8]) =
                    if piece == Piece::UpperPm { (b"AM", b"PM") } else { (b"am", b"pm") };
                let half = take(value, 2)?;
                if half != am && half != pm {
                    return Err(Bad);
                }
                self.afternoon |= half == pm;
                self.morning |= half == am;
            }
            Piece::Offset(form) => self.read_offset(form, value)?,
            Piece::ZoneName => self.read_zone_name(value)?,
            Piece::Fraction { digits, .. } => {
                self.nanosecond = nanoseconds(take(value, 1 + digits)?)?;
            }
            Piece::TrimmedFraction { .. } => {
                if let [b'.' | b',', c, ..] = value
                    && c.is_ascii_digit()
                {
                    let digits = value[1..].iter().take_while(|c| c.is_ascii_digit()).count();
                    self.nanosecond = nanoseconds(take(value, 1 + digits)?)?;
                }
            }
        }
        Ok(())
    }

    /// A fraction may follow the seconds though the layout has none.
    fn read_unasked_fraction(&mut self, value: &mut &[u8], layout: &[u8]) -> Result<(), Fault> {
        let [b'.' | b',', c, ..] = value else { return Ok(()) };
        let asked = matches!(
            next_chunk(layout).piece,
            Some((Piece::Fraction { .. } | Piece::TrimmedFraction { .. }, _))
        );
        if !c.is_ascii_digit() || asked {
            return Ok(());
        }
        let digits = value[1..].iter().take_while(|c| c.is_ascii_digit()).count();
        self.nanosecond = nanoseconds(take(value, 1 + digits)?)?;
        Ok(())
    }

    fn read_offset(&mut self, form: Offset, value: &mut &[u8]) -> Result<(), Fault> {
        if form.z && value.first() == Some(&b'Z') {
            *value = &value[1..];
            self.utc = true;
            return Ok(());
        }
        let colon = usize::from(form.colon);
        let len = 3 + if form.minutes { 2 + colon } else { 0 } + if form.seconds { 2 + colon } else { 0 };
        if value.len() < len || form.colon && (value[3] != b':' || form.seconds && value[6] != b':') {
            return Err(Bad);
        }
        let text = take(value, len)?;
        let two = |at: usize| number(&mut &text[at..at + 2], true);
        let minute_at = 3 + colon;
        // As in Go, numbers are read until one is bad, and one out of range tells before a bad one does.
        let mut read = [0; 3];
        let mut fault = None;
        let places = [(true, 1), (form.minutes, minute_at), (form.seconds, minute_at + 2 + colon)];
        for (slot, (there, at)) in read.iter_mut().zip(places) {
            if there && fault.is_none() {
                match two(at) {
                    Ok(number) => *slot = number,
                    Err(bad) => fault = Some(bad),
                }
            }
        }
        let [hour, minute, second] = read;
        let ranges = [
            (second > 60, "time zone offset second"),
            (minute > 60, "time zone offset minute"),
            (hour > 24, "time zone offset hour"),
        ];
        if let Some((_, what)) = ranges.iter().find(|(out, _)| *out) {
            return Err(Fault::Range(what));
        }
        let offset = ((hour * 60 + minute) * 60 + second) as i32;
        match (fault, text[0]) {
            (None, b'+') => self.offset = Some(offset),
            (None, b'-') => self.offset = Some(-offset),
            _ => return Err(Bad),
        }
        Ok(())
    }

    fn read_zone_name(&mut self, value: &mut &[u8]) -> Result<(), Fault> {
        if let Some(rest) = value.strip_prefix(b"UTC") {
            *value = rest;
            self.utc = true;
            return Ok(());
        }
        let len = zone_name_len(value).ok_or(Bad)?;
        self.zone_name = take(value, len)?.to_vec();
        Ok(())
    }

    /// The time that was read; the error is what Go says after the value.
    fn finish(mut self, location: &Location) -> Result<Time, &'static str> {
        if self.afternoon && self.hour < 12 {
            self.hour += 12;
        } else if self.morning && self.hour == 12 {
            self.hour = 0;
        }
        let (month, day) = match self.year_day {
            Some(year_day) => self.month_and_day(year_day)?,
            None => (self.month.unwrap_or(1), self.day.unwrap_or(1)),
        };
        if day < 1 || day > days_in(month, self.year) {
            return Err("day out of range");
        }
        let at = |location: Location| {
            let clock = (self.hour, self.minute, self.second);
            Time::date((self.year, month, day), clock, self.nanosecond, location)
        };
        if self.utc {
            return Ok(at(Location::Utc));
        }
        let name = String::from_utf8_lossy(&self.zone_name);
        // Go marks "no offset" by -1, which `-00:00:01` gives as well.
        if let Some(offset) = self.offset.filter(|offset| *offset != -1) {
            let wall = at(Location::Utc);
            let unix = wall.unix_seconds() - i64::from(offset);
            let local = location.lookup(unix);
            let here = local.offset == offset && (name.is_empty() || *name == *local.name);
            let zone = if here { location.clone() } else { Location::Fixed(name.as_ref().into(), offset) };
            return Ok(Time::unix(unix, self.nanosecond, zone));
        }
        if name.is_empty() {
            return Ok(at(location.clone()));
        }
        let wall = at(Location::Utc).unix_seconds();
        if let Some(offset) = location.lookup_name(&name, wall) {
            return Ok(Time::unix(wall - i64::from(offset), self.nanosecond, location.clone()));
        }
        // As in Go, the clock is not moved here: the offset is for show.
        let hours = name.strip_prefix("GMT").and_then(|hours| atoi(hours.as_bytes()).ok());
        let zone = Location::Fixed(name.as_ref().into(), hours.unwrap_or(0) as i32 * 3600);
        Ok(Time::unix(wall, self.nanosecond, zone))
    }

    /// Month and day by the day of the year.
    fn month_and_day(&self, year_day: i64) -> Result<(i64, i64), &'static str> {
        let length = 365 + i64::from(is_leap(self.year));
        // Go takes day 366 of a leap year for day 365 of a plain one, and checks after that.
        if year_day < 1 || year_day > length {
            return Err("day-of-year out of range");
        }
        let (mut month, mut day) = (1, year_day);
        while day > days_in(month, self.year) {
            day -= days_in(month, self.year);
            month += 1;
        }
        if self.month.is_some_and(|given| given != month) {
            return Err("day-of-year does not match month");
        }
        if self.day.is_some_and(|given| given != day) {
            return Err("day-of-year does not match day");
        }
        Ok((month, day))
    }
}

/// Go: format.go `parseNanoseconds`: a separator and digits, of which nine count.
fn nanoseconds(text: &[u8]) -> Result<i64, Fault> {
    let [b'.' | b',', digits @ ..] = text else { return Err(Bad) };
    let digits = &digits[..digits.len().min(9)];
    let number = atoi(digits)?;
    if number < 0 {
        return Err(Fault::Range("fractional second"));
    }
    Ok(number * 10_i64.pow(9 - digits.len() as u32))
}

/// Go: format.go `parseTimeZone`: how long the abbreviation at the start is.
fn zone_name_len(value: &[u8]) -> Option<usize> {
    if value.len() < 3 {
        return None;
    }
    if value.starts_with(b"ChST") || value.starts_with(b"MeST") {
        return Some(4);
    }
    if value.starts_with(b"GMT") {
        return Some(3 + signed_offset_len(&value[3..]));
    }
    if matches!(value[0], b'+' | b'-') {
        return Some(signed_offset_len(value)).filter(|len| *len > 0);
    }
    let upper = value.iter().take(6).take_while(|c| c.is_ascii_uppercase()).count();
    match upper {
        5 if value[4] == b'T' => Some(5),
        4 if value[3] == b'T' || value.starts_with(b"WITA") => Some(4),
        3 => Some(3),
        _ => None,
    }
}

/// Go: format.go `parseSignedOffset`: the length of a sign with hours up to 23, or 0.
fn signed_offset_len(value: &[u8]) -> usize {
    let [b'+' | b'-', digits @ ..] = value else { return 0 };
    match leading_int(digits) {
        Some((hours, rest)) if rest.len() != digits.len() && hours <= 23 => value.len() - rest.len(),
        _ => 0,
    }
}
