//! [`Time`]: a point in time. Go: time/time.go.

use super::civil;
use super::duration::Duration;
use super::zone::{self, Location};

/// Seconds from the beginning of year 1, where Go's zero time lies, to the Unix epoch.
const ZERO_TO_UNIX: i64 = 62_135_596_800;

/// A point in time with the zone that it is shown in.
#[derive(Clone, Debug)]
pub struct Time {
    seconds: i64,
    pub(super) nanoseconds: i32,
    pub(super) monotonic: Option<i64>,
    pub(super) location: Location,
}

impl Time {
    /// Go: `time.Unix`, shown in `location`. Nanoseconds beyond a second are carried.
    pub fn unix(seconds: i64, nanoseconds: i64, location: Location) -> Time {
        Time {
            seconds: seconds.wrapping_add(nanoseconds.div_euclid(1_000_000_000)),
            nanoseconds: nanoseconds.rem_euclid(1_000_000_000) as i32,
            monotonic: None,
            location,
        }
    }

    /// Go: the zero value, the beginning of year 1 in UTC.
    pub fn zero() -> Time {
        Time::unix(-ZERO_TO_UNIX, 0, Location::Utc)
    }

    /// Go: `time.Date`. Values outside their usual range are carried, a clock time that a zone skips or repeats is read as
    /// Go does.
    pub fn date(
        (year, month, day): (i64, i64, i64),
        (hour, minute, second): (i64, i64, i64),
        nanosecond: i64,
        location: Location,
    ) -> Time {
        let (year, month) = norm(year, month.wrapping_sub(1), 12);
        let (second, nanosecond) = norm(second, nanosecond, 1_000_000_000);
        let (minute, second) = norm(minute, second, 60);
        let (hour, minute) = norm(hour, minute, 60);
        let (day, hour) = norm(day, hour, 24);
        let mut unix = civil::days_from_civil(year, month + 1, day)
            .wrapping_mul(86_400)
            .wrapping_add(hour * 3600 + minute * 60 + second);
        // The zone is looked up by its own clock first; when that is another offset than the one in force at the moment
        // which it gives, the latter counts.
        let guess = i64::from(location.lookup(unix).offset);
        if guess != 0 {
            unix = unix.wrapping_sub(i64::from(location.lookup(unix.wrapping_sub(guess)).offset));
        }
        Time::unix(unix, nanosecond, location)
    }

    /// The same with a reading of the monotonic clock in nanoseconds since the process began, which `String` shows (`m=+…`)
    /// and differences prefer. Go: `time.Now`.
    pub fn with_monotonic(mut self, nanoseconds: i64) -> Time {
        self.monotonic = Some(nanoseconds);
        self
    }

    /// Go: `Time.In`.
    pub fn in_location(&self, location: Location) -> Time {
        Time { monotonic: None, location, ..self.clone() }
    }

    /// Go: `Time.Location`.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Go: `Time.Unix`.
    pub fn unix_seconds(&self) -> i64 {
        self.seconds
    }

    /// Go: `Time.UnixMilli`, `UnixMicro` and `UnixNano`, by the number of units in a second; wraps as Go does.
    pub fn unix_units(&self, per_second: i64) -> i64 {
        let fraction = i64::from(self.nanoseconds) / (1_000_000_000 / per_second);
        self.seconds.wrapping_mul(per_second).wrapping_add(fraction)
    }

    /// Go: `Time.Nanosecond`.
    pub fn nanosecond(&self) -> i64 {
        self.nanoseconds.into()
    }

    /// Go: `Time.IsZero`.
    pub fn is_zero(&self) -> bool {
        self.seconds == -ZERO_TO_UNIX && self.nanoseconds == 0
    }

    /// Go: `Time.Compare`: the order of the monotonic readings where both have one.
    pub fn compare(&self, other: &Time) -> std::cmp::Ordering {
        match (self.monotonic, other.monotonic) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => (self.internal(), self.nanoseconds).cmp(&(other.internal(), other.nanoseconds)),
        }
    }

    /// What Go keeps of the moment: `wall`, the nanoseconds, and `ext`, the seconds since year 1. With a reading of the
    /// monotonic clock that is `ext`, and the seconds since 1885 stand in `wall`.
    pub fn wall_and_ext(&self) -> (u64, i64) {
        const YEAR_1_TO_1885: i64 = 59_453_308_800;
        let nanoseconds = self.nanoseconds as u64;
        match self.monotonic {
            None => (nanoseconds, self.internal()),
            Some(reading) => {
                let seconds = (self.internal() - YEAR_1_TO_1885) as u64;
                (1 << 63 | seconds << 30 | nanoseconds, reading)
            }
        }
    }

    /// Go: `Time.MarshalBinary`; the error is its text.
    pub fn to_binary(&self) -> Result<Vec<u8>, &'static str> {
        let offset = match &self.location {
            Location::Utc => None,
            _ => Some(self.zone().offset),
        };
        let minutes = match offset.map(|offset| offset / 60) {
            None => -1,
            // Stands for UTC.
            Some(-1) => return Err("Time.MarshalBinary: unexpected zone offset"),
            Some(minutes) => {
                i16::try_from(minutes).map_err(|_| "Time.MarshalBinary: unexpected zone offset")?
            }
        };
        let seconds = offset.unwrap_or(0) % 60;
        let version = if seconds == 0 { 1 } else { 2 };
        let mut bytes = vec![version];
        bytes.extend(self.internal().to_be_bytes());
        bytes.extend(self.nanoseconds.to_be_bytes());
        bytes.extend(minutes.to_be_bytes());
        if seconds != 0 {
            bytes.push(seconds as i8 as u8);
        }
        Ok(bytes)
    }

    /// Seconds since year 1, Go's own count, in which overflows wrap.
    fn internal(&self) -> i64 {
        self.seconds.wrapping_add(ZERO_TO_UNIX)
    }

    /// Go: `Time.Add`.
    pub fn add(&self, duration: Duration) -> Time {
        let nanoseconds = i64::from(self.nanoseconds) + duration.0 % 1_000_000_000;
        let carry = nanoseconds.div_euclid(1_000_000_000);
        let change = duration.0 / 1_000_000_000 + carry;
        Time {
            // Go: addSec saturates.
            seconds: self.internal().saturating_add(change).wrapping_sub(ZERO_TO_UNIX),
            nanoseconds: nanoseconds.rem_euclid(1_000_000_000) as i32,
            monotonic: self.monotonic.and_then(|reading| reading.checked_add(duration.0)),
            location: self.location.clone(),
        }
    }

    /// Go: `Time.Sub`, saturating.
    pub fn sub(&self, other: &Time) -> Duration {
        if let (Some(a), Some(b)) = (self.monotonic, other.monotonic) {
            return Duration(a.saturating_sub(b));
        }
        let seconds = i128::from(self.internal()) - i128::from(other.internal());
        let difference = seconds * 1_000_000_000 + i128::from(self.nanoseconds - other.nanoseconds);
        Duration(difference.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }

    /// Go: `Time.AddDate`.
    pub fn add_date(&self, years: i64, months: i64, days: i64) -> Time {
        let local = self.civil();
        Time::date(
            (local.year.wrapping_add(years), local.month.wrapping_add(months), local.day.wrapping_add(days)),
            (local.hour, local.minute, local.second),
            self.nanoseconds.into(),
            self.location.clone(),
        )
    }

    /// Go: `Time.Truncate`: down to a multiple of the duration since the zero time.
    pub fn truncate(&self, duration: Duration) -> Time {
        let plain = Time { monotonic: None, ..self.clone() };
        if duration.0 <= 0 { plain } else { plain.add(Duration(-plain.remainder(duration))) }
    }

    /// Go: `Time.Round`: to the nearest multiple of the duration since the zero time, halves up.
    pub fn round(&self, duration: Duration) -> Time {
        let plain = Time { monotonic: None, ..self.clone() };
        if duration.0 <= 0 {
            return plain;
        }
        let rest = plain.remainder(duration);
        plain.add(Duration(if rest < duration.0 - rest { -rest } else { duration.0 - rest }))
    }

    /// Nanoseconds since the last multiple of the duration.
    fn remainder(&self, duration: Duration) -> i64 {
        let since = i128::from(self.internal()) * 1_000_000_000 + i128::from(self.nanoseconds);
        since.rem_euclid(i128::from(duration.0)) as i64
    }

    /// The calendar and the clock in the time's own zone.
    pub fn civil(&self) -> civil::Civil {
        civil::Civil::of(self.seconds.wrapping_add(self.zone().offset.into()))
    }

    /// Go: `Time.Zone` and `IsDST`.
    pub fn zone(&self) -> zone::Zone {
        self.location.lookup(self.seconds)
    }
}

/// Go: time.go `norm`: carries what of `low` lies outside `0..base` into `high`.
fn norm(high: i64, low: i64, base: i64) -> (i64, i64) {
    (high.wrapping_add(low.div_euclid(base)), low.rem_euclid(base))
}
