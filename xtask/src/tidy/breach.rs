//! [`Breach`]: what is untidy.

/// A breach: where, and what to do about it.
pub struct Breach {
    /// `FILE:LINE`
    pub place: String,
    /// What is wrong.
    pub text: String,
}

impl Breach {
    /// A breach on a line of a file.
    pub fn new(path: &str, line: usize, text: impl Into<String>) -> Breach {
        Breach { place: format!("{path}:{line}"), text: text.into() }
    }
}
