//! [`InvalidArgument`]: a flag's value that was refused, in pflag's words.

use std::fmt;

use crate::go::raw;
use crate::go::strconv::quote;

/// A flag's value that was refused.
#[derive(Debug)]
pub(crate) struct InvalidArgument {
    /// The flag, as pflag names it: `-f, --values`.
    flag: String,
    value: String,
    /// Why it was refused; empty where there is nothing to say.
    reason: String,
}

impl InvalidArgument {
    /// The flag, its value, and why it was refused.
    pub(crate) fn new(flag: &str, value: &str, reason: impl ToString) -> InvalidArgument {
        InvalidArgument { flag: flag.to_owned(), value: value.to_owned(), reason: reason.to_string() }
    }
}

impl fmt::Display for InvalidArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid argument {} for \"{}\" flag", quote(raw::bytes(&self.value)), self.flag)?;
        if self.reason.is_empty() { Ok(()) } else { write!(f, ": {}", self.reason) }
    }
}

impl std::error::Error for InvalidArgument {}
