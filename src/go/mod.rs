//! What Go's standard library and the small packages that Helm leans on do with plain text and numbers, where no crate
//! agrees with them: number texts, quoting, paths and patterns, times, versions, regular expressions, URLs. Nothing here
//! knows a [`crate::value::Value`].

pub mod bytes;
pub mod encoding;
pub mod glob;
pub mod netip;
pub mod os;
pub mod path;
pub mod raw;
pub mod regexp;
pub mod runes;
pub mod semver;
pub mod slices;
pub mod slog;
pub mod strconv;
pub mod time;
pub mod unicode;
pub mod unquote;
pub mod url;
