//! Why a template gives nothing.

/// Why a template gives nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    /// Something is not found or cannot be compared; client-go's text.
    Said(String),
    /// What client-go knows no end to, or panics at.
    Refused(String),
}
