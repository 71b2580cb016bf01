//! [`Error`]: why a chart could not be brought here or be sent away. The texts are Helm's where Helm has any.

use std::fmt;

use crate::chart;
use crate::go::os::PathError;
use crate::oci::{self, http_error, reference, tls};
use crate::{signing, staged};

use super::index;

/// What went wrong.
#[derive(Debug)]
pub enum Error {
    /// This needs the network, which `--offline` forbids.
    Offline(String),
    /// Something with a registry.
    Registry(Box<oci::Error>),
    /// A reference cannot be understood.
    Reference(reference::Error),
    /// A web server gave no complete response.
    Http(Box<http_error::Error>),
    /// TLS cannot be set up.
    Tls(tls::Error),
    /// A web server refused to give what is at this address.
    Refused {
        /// The address.
        url: String,
        /// The status, with the server's reason if it gave one.
        reason: String,
    },
    /// The operating system refused.
    Path(PathError),
    /// A file cannot be put in its place.
    Staged(staged::Error),
    /// The index of a repository cannot be read, or does not offer what is wanted.
    Index(index::Error),
    /// A chart cannot be loaded.
    Chart(Box<chart::Error>),
    /// A signature is missing or wrong.
    Signing(signing::Error),
    /// Anything else, in Helm's words or in the like. No caller tells these apart.
    Other(String),
    /// What was being done, and what went wrong with it.
    While(String, Box<Error>),
}

impl Error {
    /// An [`Error::Other`].
    pub fn other(text: impl ToString) -> Error {
        Error::Other(text.to_string())
    }

    /// Whether somebody answered: an error of one answer says nothing of the next.
    pub fn is_answer(&self) -> bool {
        match self {
            Error::Registry(error) => !matches!(*error.kind, oci::error::ErrorKind::Http(_)),
            Error::Offline(_) | Error::Http(_) | Error::Tls(_) => false,
            Error::While(_, error) => error.is_answer(),
            _ => true,
        }
    }

    /// The same error while something was being done: `doing: error`.
    pub fn while_doing(self, doing: impl Into<String>) -> Error {
        Error::While(doing.into(), Box::new(self))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Offline(doing) => write!(f, "{doing} needs the network, which --offline forbids"),
            Error::Registry(error) => write!(f, "{error}"),
            Error::Reference(error) => write!(f, "{error}"),
            Error::Http(error) => write!(f, "{error}"),
            Error::Tls(error) => write!(f, "{error}"),
            Error::Refused { url, reason } => write!(f, "failed to fetch {url} : {reason}"),
            Error::Path(error) => write!(f, "{error}"),
            Error::Staged(error) => write!(f, "{error}"),
            Error::Index(error) => write!(f, "{error}"),
            Error::Chart(error) => write!(f, "{error}"),
            Error::Signing(error) => write!(f, "{error}"),
            Error::Other(text) => f.write_str(text),
            Error::While(doing, error) => write!(f, "{doing}: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<oci::Error> for Error {
    fn from(error: oci::Error) -> Error {
        Error::Registry(Box::new(error))
    }
}

impl From<http_error::Error> for Error {
    fn from(error: http_error::Error) -> Error {
        Error::Http(Box::new(error))
    }
}

impl From<chart::Error> for Error {
    fn from(error: chart::Error) -> Error {
        Error::Chart(Box::new(error))
    }
}

/// Errors that are taken as they are.
macro_rules! from {
    ($($variant:ident($error:ty)),*) => {
        $(impl From<$error> for Error {
            fn from(error: $error) -> Error {
                Error::$variant(error)
            }
        })*
    };
}

from!(
    Reference(reference::Error),
    Tls(tls::Error),
    Path(PathError),
    Staged(staged::Error),
    Index(index::Error),
    Signing(signing::Error)
);
