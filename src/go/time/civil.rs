//! The calendar: the proleptic Gregorian one over every second that an `int64` can count, as Go has it.

/// Go: `time.Month`, 1 for January. Other numbers can come about and print as Go prints them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month(pub i64);

/// Go: `time.Weekday`, 0 for Sunday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekday(pub i64);

/// The English names that layouts and `String` use.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The English names that layouts and `String` use.
pub const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match usize::try_from(self.0.wrapping_sub(1)).ok().and_then(|index| MONTHS.get(index)) {
            Some(name) => f.write_str(name),
            None => write!(f, "%!Month({})", self.0 as u64),
        }
    }
}

impl std::fmt::Display for Weekday {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match usize::try_from(self.0).ok().and_then(|index| DAYS.get(index)) {
            Some(name) => f.write_str(name),
            None => write!(f, "%!Weekday({})", self.0 as u64),
        }
    }
}

/// A date and a clock time.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the names say it all")]
pub struct Civil {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    /// 1 for 1 January.
    pub year_day: i64,
    /// 0 for Sunday.
    pub weekday: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    /// Days since the Unix epoch.
    days: i64,
}

/// Go counts from March of this year, as an unsigned number that wraps.
const ABSOLUTE_YEAR: i64 = -292_277_022_400;

impl Civil {
    /// What a clock shows that is `seconds` after the Unix epoch of its own zone.
    pub fn of(seconds: i64) -> Civil {
        let epoch_days = days_from_civil(ABSOLUTE_YEAR, 3, 1);
        let absolute = (seconds as u64).wrapping_sub(epoch_days.wrapping_mul(86_400) as u64);
        let days = (absolute / 86_400) as i64 + epoch_days;
        let clock = (absolute % 86_400) as i64;
        let (year, month, day) = civil_from_days(days);
        Civil {
            year,
            month,
            day,
            year_day: days - days_from_civil(year, 1, 1) + 1,
            weekday: (days + 4).rem_euclid(7),
            hour: clock / 3600,
            minute: clock / 60 % 60,
            second: clock % 60,
            days,
        }
    }

    /// Go: `Time.ISOWeek`.
    pub fn iso_week(&self) -> (i64, i64) {
        let thursday = self.days + 3 - (self.weekday + 6) % 7;
        let (year, _, _) = civil_from_days(thursday);
        (year, (thursday - days_from_civil(year, 1, 1)) / 7 + 1)
    }
}

/// Days from the Unix epoch to a date of the proleptic Gregorian calendar, `month` in 1..=12, any `day`.
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year.wrapping_sub(1) } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let year_day = (153 * ((month + 9) % 12) + 2) / 5;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + year_day;
    era.wrapping_mul(146_097).wrapping_add(day_of_era - 719_468).wrapping_add(day.wrapping_sub(1))
}

/// The date that lies `days` after the Unix epoch.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let year_day = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * year_day + 2) / 153;
    let day = year_day - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Whether the year has a 29 February.
pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The number of days in the month, 1..=12, of the year.
pub fn days_in(month: i64, year: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
