//! [`Error`]: why a command could not do its work, and what may help. It holds the error itself; only when the program ends
//! it becomes text.

use std::fmt;

use crate::diagnostic::Diagnostic;

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

    /// The error that a diagnostic tells, with its place and what may help.
    pub(crate) fn told(why: Box<Diagnostic>) -> Error {
        let place = why.location.source.as_ref().map_or(String::new(), |source| {
            let line = source.line.map_or(String::new(), |line| format!(":{line}"));
            format!("{}{line}: ", source.file)
        });
        let error = Error::new(format!("{place}{}", why.message));
        why.help.into_iter().fold(error, Error::hint)
    }

    /// The same with a line that says what may help.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hints.push(hint.into());
        self
    }

    /// The error itself, if it is of that type.
    pub(crate) fn is<T: std::error::Error + 'static>(&self) -> Option<&T> {
        self.cause.downcast_ref()
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
