//! [`Error`]: why a pattern was not compiled. Its `Display` is Go's text.

use std::fmt;

use crate::budget::Over;

/// Why a pattern was not compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// It is none.
    Syntax(SyntaxError),
    /// Its program is too large for us; Go would go on.
    TooLarge {
        /// The pattern.
        pattern: String,
        /// What its program may need.
        mebibytes: usize,
    },
    /// It is too much for the budget; Go would go on.
    Over(Over),
}

/// What is wrong with a pattern, and where. Go: `syntax.Error`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub code: Code,
    /// The part that is wrong.
    pub expression: String,
}

/// What can be wrong with a pattern. Go: `syntax.ErrorCode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// A range of a class that is none, or a class that nobody knows.
    InvalidRange,
    /// A backslash before what it does not go with.
    InvalidEscape,
    /// The name of a group that is none, or stands twice.
    InvalidCapture,
    /// What Perl knows and RE2 does not, as `(?=`.
    InvalidPerl,
    /// A repetition of a repetition.
    InvalidRepeatOp,
    /// A count that is too large.
    InvalidRepeatSize,
    /// Bytes that are no UTF-8.
    InvalidUtf8,
    /// A class that does not end.
    MissingBracket,
    /// A group that does not end.
    MissingParen,
    /// A repetition of nothing.
    MissingArgument,
    /// A backslash before the end.
    TrailingBackslash,
    /// The end of a group that did not begin.
    UnexpectedParen,
    /// Groups in groups, too many of them.
    TooDeep,
    /// More than Go's programs may hold.
    TooLarge,
}

impl Code {
    /// Go's words for it.
    fn text(self) -> &'static str {
        match self {
            Code::InvalidRange => "invalid character class range",
            Code::InvalidEscape => "invalid escape sequence",
            Code::InvalidCapture => "invalid named capture",
            Code::InvalidPerl => "invalid or unsupported Perl syntax",
            Code::InvalidRepeatOp => "invalid nested repetition operator",
            Code::InvalidRepeatSize => "invalid repeat count",
            Code::InvalidUtf8 => "invalid UTF-8",
            Code::MissingBracket => "missing closing ]",
            Code::MissingParen => "missing closing )",
            Code::MissingArgument => "missing argument to repetition operator",
            Code::TrailingBackslash => "trailing backslash at end of expression",
            Code::UnexpectedParen => "unexpected )",
            Code::TooDeep => "expression nests too deeply",
            Code::TooLarge => "expression too large",
        }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error parsing regexp: {}: `{}`", self.code.text(), self.expression)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Syntax(error) => error.fmt(f),
            Error::TooLarge { pattern, mebibytes } => write!(
                f,
                "error parsing regexp: expression too large: `{pattern}`: its program needs more than {mebibytes} MiB"
            ),
            Error::Over(over) => over.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<SyntaxError> for Error {
    fn from(error: SyntaxError) -> Error {
        Error::Syntax(error)
    }
}

impl From<Over> for Error {
    fn from(over: Over) -> Error {
        Error::Over(over)
    }
}
