//! [`Moment`]: the one time that stands in everything that is made, so that the same sources make the same bytes.

use crate::root;

use super::target::said;

/// Seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub i64);

impl Moment {
    /// `SOURCE_DATE_EPOCH` where it is set, otherwise the time of the commit.
    pub fn of_the_sources() -> Result<Moment, String> {
        let text = match std::env::var("SOURCE_DATE_EPOCH") {
            Ok(text) => text,
            Err(_) => said("git", &["-C", &root().display().to_string(), "log", "-1", "--format=%ct"])
                .map_err(|error| format!("{error}\nset SOURCE_DATE_EPOCH where there is no git"))?,
        };
        let seconds =
            text.parse().map_err(|_| format!("SOURCE_DATE_EPOCH is `{text}`: seconds are wanted"))?;
        let moment = Moment(seconds);
        moment.utc().map(|_| moment)
    }

    /// Now: for what is not kept.
    pub fn now() -> Moment {
        Moment(jiff::Timestamp::now().as_second())
    }

    /// As RFC 3339 writes it.
    pub fn rfc3339(self) -> String {
        self.utc().map(|time| time.timestamp().to_string()).unwrap_or_default()
    }

    /// As ZIP writes it: time and date, which begin with 1980 and count in steps of two seconds.
    pub fn dos(self) -> (u16, u16) {
        let first = (0, 1 << 5 | 1);
        let Ok(time) = self.utc() else { return first };
        let Ok(years) = u16::try_from(time.year() - 1980) else { return first };
        let part = |number: i8| number.unsigned_abs().into();
        let of = |high: u16, middle: i8, middle_bits: u32, low: i8, low_bits: u32| {
            high << (middle_bits + low_bits) | part(middle) << low_bits | part(low)
        };
        let clock = of(part(time.hour()), time.minute(), 6, time.second() / 2, 5);
        (clock, of(years, time.month(), 4, time.day(), 5))
    }

    fn utc(self) -> Result<jiff::Zoned, String> {
        let time = jiff::Timestamp::from_second(self.0).map_err(|error| error.to_string())?;
        Ok(time.to_zoned(jiff::tz::TimeZone::UTC))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_each_format_wants_it() {
        let moment = Moment(1_700_000_001);
        assert_eq!(moment.rfc3339(), "2023-11-14T22:13:21Z");
        assert_eq!(moment.dos(), (22 << 11 | 13 << 5 | 10, 43 << 9 | 11 << 5 | 14));
        assert_eq!(Moment(0).dos(), (0, 33), "ZIP knows no time before 1980");
    }
}
