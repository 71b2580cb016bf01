//! [`Error`]: why a command could not do its work, and what may help. It holds the error itself; only when the program ends
//! it becomes text.

use std::fmt;

/// Why a command could not do its work. Any error becomes one with `?`.
#[derive(Debug)]
pub(crate) struct Error {
    cause: Box<dyn std::error::Error>,
    hints: Vec<String>,
}

impl Error {
    /// An error, or a text that says what is wrong.
    pub(crate) fn new(cause: impl Into<Box<dyn std::error::Error>>) -> Error {
        Error { cause: cause.into(), hints: Vec::new() }
    }

    /// The same with a line that says what may help.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hints.push(hint.into());
        self
    }
}

impl<E: std::error::Error + 'static> From<E> for Error {
    fn from(cause: E) -> Error {
        Error::new(cause)
    }
}

impl fmt::Display for Error {
    /// The error, and a line for each hint.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.cause)?;
        self.hints.iter().try_for_each(|hint| write!(f, "\nhint: {hint}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_error_and_its_hints() {
        let error =
            Error::new("there is no rule `x`").hint("did you mean `y`?").hint("`plimsoll rules` lists them");
        let wanted = "there is no rule `x`\nhint: did you mean `y`?\nhint: `plimsoll rules` lists them";
        assert_eq!(error.to_string(), wanted);
    }
}
