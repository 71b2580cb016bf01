//! How a [`Time`] prints: `Format`, `String`, and the text that `encoding/json` writes.

use super::civil::{Civil, DAYS, MONTHS};
use super::instant::Time;
use super::layout::{Offset, Piece, next_chunk};
use super::quote::quote;
use super::zone::Location;
use std::io::Write as _;

/// The layout of `String`.
const STRING: &str = "2006-01-02 15:04:05.999999999 -0700 MST";

impl Time {
    /// Go: `Time.Format`.
    pub fn format(&self, layout: &[u8]) -> Vec<u8> {
        let civil = self.civil();
        let mut out = Vec::with_capacity(layout.len() + 10);
        let mut rest = layout;
        while !rest.is_empty() {
            let chunk = next_chunk(rest);
            out.extend_from_slice(chunk.prefix);
            let Some((piece, _)) = chunk.piece else { break };
            self.append(&mut out, &civil, piece);
            rest = chunk.suffix;
        }
        out
    }

    fn append(&self, out: &mut Vec<u8>, civil: &Civil, piece: Piece) {
        let hour12 = if civil.hour % 12 == 0 { 12 } else { civil.hour % 12 };
        let month = MONTHS[(civil.month - 1) as usize];
        let weekday = DAYS[civil.weekday as usize];
        match piece {
            Piece::Year => number(out, civil.year.abs() % 100, 2),
            Piece::LongYear => number(out, civil.year, 4),
            Piece::Month => out.extend_from_slice(&month.as_bytes()[..3]),
            Piece::LongMonth => out.extend_from_slice(month.as_bytes()),
            Piece::NumMonth => number(out, civil.month, 0),
            Piece::ZeroMonth => number(out, civil.month, 2),
            Piece::Weekday => out.extend_from_slice(&weekday.as_bytes()[..3]),
            Piece::LongWeekday => out.extend_from_slice(weekday.as_bytes()),
            Piece::Day => number(out, civil.day, 0),
            Piece::UnderDay => padded(out, civil.day, 2),
            Piece::ZeroDay => number(out, civil.day, 2),
            Piece::UnderYearDay => padded(out, civil.year_day, 3),
            Piece::ZeroYearDay => number(out, civil.year_day, 3),
            Piece::Hour => number(out, civil.hour, 2),
            Piece::Hour12 => number(out, hour12, 0),
            Piece::ZeroHour12 => number(out, hour12, 2),
            Piece::Minute => number(out, civil.minute, 0),
            Piece::ZeroMinute => number(out, civil.minute, 2),
            Piece::Second => number(out, civil.second, 0),
            Piece::ZeroSecond => number(out, civil.second, 2),
            Piece::UpperPm => out.extend_from_slice(if civil.hour >= 12 { b"PM" } else { b"AM" }),
            Piece::LowerPm => out.extend_from_slice(if civil.hour >= 12 { b"pm" } else { b"am" }),
            Piece::ZoneName => self.append_zone_name(out),
            Piece::Offset(offset) => self.append_offset(out, offset),
            Piece::Fraction { digits, separator } => {
                out.push(separator);
                out.extend_from_slice(&self.nine_digits()[..digits.min(9)]);
            }
            Piece::TrimmedFraction { digits, separator } => {
                let digits = &self.nine_digits()[..digits.min(9)];
                let kept = digits.iter().rposition(|c| *c != b'0').map_or(0, |last| last + 1);
                if kept > 0 {
                    out.push(separator);
                    out.extend_from_slice(&digits[..kept]);
                }
            }
        }
    }

    fn nine_digits(&self) -> [u8; 9] {
        let mut digits = [b'0'; 9];
        let mut rest = self.nanoseconds;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        digits
    }

    fn append_zone_name(&self, out: &mut Vec<u8>) {
        let zone = self.zone();
        if zone.name.is_empty() {
            let offset = Offset { z: false, colon: false, minutes: true, seconds: false };
            self.append_offset(out, offset);
        } else {
            out.extend_from_slice(zone.name.as_bytes());
        }
    }

    fn append_offset(&self, out: &mut Vec<u8>, form: Offset) {
        let offset = i64::from(self.zone().offset);
        if form.z && offset == 0 {
            out.push(b'Z');
            return;
        }
        let minutes = offset / 60;
        out.push(if minutes < 0 { b'-' } else { b'+' });
        // Go takes the seconds' sign away only together with that of the minutes.
        let seconds = if minutes < 0 { -offset } else { offset } % 60;
        let colon: &[u8] = if form.colon { b":" } else { b"" };
        number(out, minutes.abs() / 60, 2);
        if form.minutes {
            out.extend_from_slice(colon);
            number(out, minutes.abs() % 60, 2);
        }
        if form.seconds {
            out.extend_from_slice(colon);
            number(out, seconds, 2);
        }
    }

    /// Go: `Time.String`, with the reading of the monotonic clock where there is one.
    pub fn print(&self) -> String {
        let mut text = String::from_utf8_lossy(&self.format(STRING.as_bytes())).into_owned();
        if let Some(reading) = self.monotonic {
            let nanoseconds = reading.unsigned_abs();
            let sign = if reading < 0 { '-' } else { '+' };
            let (seconds, rest) = (nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
            text.push_str(&format!(" m={sign}{seconds}.{rest:09}"));
        }
        text
    }

    /// Go: `Time.GoString`.
    pub fn go_string(&self) -> String {
        let at = self.civil();
        let month = MONTHS[(at.month - 1) as usize];
        let location = match &self.location {
            Location::Utc => "time.UTC".to_owned(),
            Location::Local(..) => "time.Local".to_owned(),
            other => format!("time.Location({})", quote(other.name().as_bytes())),
        };
        format!(
            "time.Date({}, time.{month}, {}, {}, {}, {}, {}, {location})",
            at.year, at.day, at.hour, at.minute, at.second, self.nanoseconds
        )
    }

    /// Go: `Time.MarshalJSON`, without the quotes: RFC 3339; the error is Go's text.
    pub fn to_json(&self) -> Result<String, String> {
        let text = self.format(b"2006-01-02T15:04:05.999999999Z07:00");
        let text = String::from_utf8_lossy(&text).into_owned();
        if text.as_bytes().get(4) != Some(&b'-') {
            return Err("Time.MarshalJSON: year outside of range [0,9999]".into());
        }
        if self.zone().offset.abs() / 3600 >= 24 {
            return Err("Time.MarshalJSON: timezone hour outside of range [0,23]".into());
        }
        Ok(text)
    }
}

/// Go: format.go `appendInt`: zeros up to the width, the sign not counted.
fn number(out: &mut Vec<u8>, number: i64, width: usize) {
    let sign = if number < 0 { "-" } else { "" };
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{sign}{:0width$}", number.unsigned_abs());
}

/// A number filled up with blanks.
fn padded(out: &mut Vec<u8>, number: i64, width: usize) {
    let _ = write!(out, "{number:width$}");
}
