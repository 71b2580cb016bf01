//! [`Fault`]: why a value has no text in a format.

/// Why a value cannot be written.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// Go's encoder says so, with this text.
    Error(String),
    /// Go's encoder panics, with this text.
    Panic(String),
    /// It is too much for us; Go would go on.
    Limit(String),
}

impl Fault {
    /// What is nested too deeply or whose text is too long.
    pub fn limit(format: &str) -> Fault {
        Fault::Limit(format!(
            "cannot write {format} of a value that is nested too deeply or longer than memory allows"
        ))
    }
}

impl From<String> for Fault {
    fn from(text: String) -> Fault {
        Fault::Error(text)
    }
}

impl From<Fault> for String {
    fn from(fault: Fault) -> String {
        match fault {
            Fault::Error(text) | Fault::Panic(text) | Fault::Limit(text) => text,
        }
    }
}
