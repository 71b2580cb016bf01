//! Go's `time`: layouts, zones, durations.

/// A point in time with the zone that it is shown in.
#[derive(Clone, Debug, PartialEq)]
pub struct Time(pub jiff::Zoned);
