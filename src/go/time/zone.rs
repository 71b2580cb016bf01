//! Zones: which offset and which abbreviation hold at a moment.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Go: `time.Location`.
#[derive(Clone, Debug)]
pub enum Location {
    /// `time.UTC`
    Utc,
    /// A zone of the time zone database, with its name.
    Zone(Arc<str>, TimeZone),
    /// `time.Local`, with the name that it goes by.
    Local(Arc<str>, TimeZone),
    /// `time.FixedZone`: an abbreviation, which may be empty, and an offset in seconds east of Greenwich.
    Fixed(Arc<str>, i32),
}

/// What holds in a location at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// The abbreviation; empty for an unnamed fixed zone.
    pub name: Arc<str>,
    /// Seconds east of Greenwich.
    pub offset: i32,
    /// Whether it is summer time.
    pub is_dst: bool,
}

/// Length of the calendar's cycle, after which zones' rules fall on the same days again.
const CYCLE: i64 = 146_097 * 86_400;

impl Location {
    /// Go: `time.Local` where nothing says which zone is local but the machine.
    pub fn local(zone: TimeZone) -> Location {
        Location::Local("Local".into(), zone)
    }

    /// Go: `time.Local` where `TZ` says that it is UTC.
    pub fn local_utc() -> Location {
        Location::Local("UTC".into(), TimeZone::UTC)
    }

    /// Go: `&time.Location{}`, which is another at each call.
    pub fn nameless() -> Location {
        Location::Zone("".into(), TimeZone::UTC)
    }

    /// Go: `Location.String`.
    pub fn name(&self) -> &str {
        match self {
            Location::Utc => "UTC",
            Location::Zone(name, _) | Location::Local(name, _) | Location::Fixed(name, _) => name,
        }
    }

    /// Whether both are one `*time.Location`: there is one of UTC, one of the local zone, and one of each whole hour without
    /// a name that `time.FixedZone` knows; any other was made for one time and is shared with those made from it.
    pub fn is_same(&self, other: &Location) -> bool {
        let is_known = |name: &str, offset: i32| {
            name.is_empty() && offset % 3600 == 0 && (-12..=14).contains(&(offset / 3600))
        };
        match (self, other) {
            (Location::Utc, Location::Utc) | (Location::Local(..), Location::Local(..)) => true,
            (Location::Fixed(name, offset), Location::Fixed(other_name, other_offset)) => {
                Arc::ptr_eq(name, other_name)
                    || name == other_name && offset == other_offset && is_known(name, *offset)
            }
            (Location::Zone(name, _), Location::Zone(other, _)) => Arc::ptr_eq(name, other),
            _ => false,
        }
    }

    /// Go: zoneinfo.go `lookup`: what holds `seconds` after the Unix epoch.
    pub fn lookup(&self, seconds: i64) -> Zone {
        match self {
            Location::Utc => Zone { name: "UTC".into(), offset: 0, is_dst: false },
            Location::Fixed(name, offset) => Zone { name: name.clone(), offset: *offset, is_dst: false },
            Location::Zone(_, zone) | Location::Local(_, zone) => {
                let info = zone.to_offset_info(timestamp(seconds));
                Zone {
                    name: info.abbreviation().into(),
                    offset: info.offset().seconds(),
                    is_dst: info.dst().is_dst(),
                }
            }
        }
    }

    /// Go: zoneinfo.go `lookupName`: the offset that an abbreviation means here when the clock shows `seconds`.
    pub fn lookup_name(&self, name: &str, seconds: i64) -> Option<i32> {
        let zones = self.zones();
        let named = || zones.iter().filter(|zone| &*zone.name == name);
        named()
            .map(|zone| self.lookup(seconds.wrapping_sub(zone.offset.into())))
            .find(|found| &*found.name == name)
            .or_else(|| named().next().cloned())
            .map(|zone| zone.offset)
    }

    /// Every abbreviation with its offset that the location has ever had, in order of first use.
    fn zones(&self) -> Vec<Zone> {
        let mut zones = vec![self.lookup(i64::MIN / 2)];
        if let Location::Zone(_, zone) | Location::Local(_, zone) = self {
            let until = timestamp(4_102_444_800); // 2100: rules without an end have shown all they have by then.
            for transition in zone.following(Timestamp::MIN).take_while(|t| t.timestamp() < until) {
                let found = Zone {
                    name: transition.abbreviation().into(),
                    offset: transition.offset().seconds(),
                    is_dst: transition.dst().is_dst(),
                };
                if !zones.contains(&found) {
                    zones.push(found);
                }
            }
        }
        zones
    }
}

/// A moment within jiff's ten thousand years that has the same place in the calendar's cycle.
fn timestamp(seconds: i64) -> Timestamp {
    let last = Timestamp::MAX.as_second() - 1;
    let within = if seconds > last { last - CYCLE + (seconds - last).rem_euclid(CYCLE) } else { seconds };
    Timestamp::from_second(within).unwrap_or(Timestamp::MIN)
}

/// Go: `time.LoadLocation`, with the local zone given. `None` where Go returns an error, of which sprig makes nothing.
pub fn load_location(name: &str, local: &Location) -> Option<Location> {
    match name {
        "" | "UTC" => return Some(Location::Utc),
        "Local" => return Some(local.clone()),
        _ if name.contains("..") || name.starts_with(['/', '\\']) => return None,
        _ => {}
    }
    let zone = TimeZone::get(name).ok()?;
    // jiff finds names in any case; Go opens a file.
    let exact = zone.iana_name().is_none_or(|found| found == name);
    exact.then(|| Location::Zone(name.into(), zone))
}
