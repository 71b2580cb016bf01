//! [`Error`]: what gobwas says of a pattern, or of a text that it should match. Its `Display` is gobwas' text.

use std::fmt;

use crate::budget::Over;

/// Alternatives nested deeper than this are refused; Go's stack is the limit of gobwas.
pub(super) const MAX_DEPTH: usize = 200;

/// Why a pattern is none, or does not get along with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// Alternatives in alternatives, too many of them for us.
    TooDeep,
    /// A class that does not end.
    UnexpectedEnd,
    /// A range of characters with more behind it.
    NoCloseRange,
    /// A range of characters from the later to the earlier.
    Reversed {
        /// The character that should be the later one.
        high: char,
        /// The character that should be the earlier one.
        low: char,
    },
    /// A class of no characters.
    EmptyClass,
    /// Alternatives that leave nothing to match.
    NoMatcher,
    /// More work than the budget allows.
    Over(Over),
    /// A text on which the optimised pattern runs past the end, which is a panic of Go.
    OutOfBounds {
        /// Where it ran to.
        end: usize,
        /// How long the text is.
        length: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotUtf8 => f.write_str("could not read rune"),
            Error::TooDeep => write!(f, "alternatives are nested more than {MAX_DEPTH} deep"),
            Error::UnexpectedEnd => f.write_str("unexpected end of input"),
            Error::NoCloseRange => f.write_str("expected close range character"),
            Error::Reversed { high, low } => {
                write!(f, "hi character '{high}' should be greater than lo '{low}'")
            }
            Error::EmptyClass => f.write_str("could not parse range"),
            Error::NoMatcher => f.write_str("compile error: need at least one matcher"),
            Error::Over(over) => over.fmt(f),
            Error::OutOfBounds { end, length } => {
                write!(f, "runtime error: slice bounds out of range [:{end}] with length {length}")
            }
        }
    }
}

impl std::error::Error for Error {}

impl From<Over> for Error {
    fn from(over: Over) -> Error {
        Error::Over(over)
    }
}
