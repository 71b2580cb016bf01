//! github.com/Masterminds/semver v3.5.0: versions and constraints, with its rules for pre-releases and its texts.
//!
//! Read [`Version::parse`] and [`Constraints::parse`]. The grammar is that of its regular expressions, walked by hand.

mod constraint;
mod error;
mod version;

pub use constraint::Constraints;
pub use error::Error;
pub use version::Version;
