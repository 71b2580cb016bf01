//! Go's `time`: [`Time`], a point in time with the zone that it is shown in, [`Duration`], layouts and their parser. Zone
//! data come from jiff; the calendar is Go's own, which reaches over all of `int64` seconds. It never looks at the clock
//! or at the environment: who wants the time now or the local zone asks the host.
//!
//! Read [`Time`] first; printing is in `format`, parsing in `parse`, the pieces of a layout in `layout`.

mod civil;
mod duration;
mod format;
mod instant;
mod layout;
mod parse;
mod quote;
mod zone;

pub use civil::{Month, Weekday};
pub use duration::{Duration, parse_duration};
pub use instant::Time;
pub use parse::parse_in_location;
pub use quote::quote;
pub use zone::{Location, load_location};
