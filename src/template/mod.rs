//! Go's `text/template` with Helm's options.

pub mod error;
pub mod func;
pub mod host;

pub use error::Error;
