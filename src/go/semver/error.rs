//! Why a text is no version or no constraint. The texts are semver's.

use std::fmt;

use crate::go::strconv::{self, NumError};

/// Why a text is no version or no constraint. Its `Display` is semver's text.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// The text of a version has more bytes than this.
    TooLong(usize),
    /// There is no text. Semver: `ErrEmptyString`.
    Empty,
    /// It is not built as a version is. Semver: `ErrInvalidSemVer`.
    Form,
    /// A number holds what is no digit. Semver: `ErrInvalidCharacters`.
    Characters,
    /// A number begins with a zero. Semver: `ErrSegmentStartsZero`.
    LeadingZero,
    /// What follows the `-`. Semver: `ErrInvalidPrerelease`.
    Prerelease,
    /// What follows the `+`. Semver: `ErrInvalidMetadata`.
    Metadata,
    /// A number of a version that is read leniently is too large.
    Segment(NumError<u64>),
    /// A number of a version that is read strictly is too large or missing.
    Number(NumError<u64>),
    /// The text of a constraint has more bytes than this.
    ConstraintTooLong(usize),
    /// A constraint has more alternatives than this.
    TooManyGroups(usize),
    /// One of its alternatives is no constraint.
    Improper(String),
    /// A version within a constraint cannot be read.
    Broken,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::TooLong(most) => write!(f, "version string is too long (max {most} bytes)"),
            Error::Empty => f.write_str("version string empty"),
            Error::Form => f.write_str("invalid semantic version"),
            Error::Characters => f.write_str("invalid characters in version"),
            Error::LeadingZero => f.write_str("version segment starts with 0"),
            Error::Prerelease => f.write_str("invalid prerelease string"),
            Error::Metadata => f.write_str("invalid metadata string"),
            Error::Segment(cause) => write!(f, "error parsing version segment: {cause}"),
            Error::Number(cause) => cause.fmt(f),
            Error::ConstraintTooLong(most) => write!(f, "constraint string is too long (max {most} bytes)"),
            Error::TooManyGroups(most) => write!(f, "too many constraint groups (max {most})"),
            Error::Improper(text) => write!(f, "improper constraint: {}", strconv::quote(text)),
            Error::Broken => f.write_str("constraint parser error"),
        }
    }
}

impl std::error::Error for Error {}

impl From<Error> for String {
    fn from(error: Error) -> String {
        error.to_string()
    }
}
