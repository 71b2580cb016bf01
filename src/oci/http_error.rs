//! [`Error`]: why a request got no complete response. A refusal is a complete response, and not among these.

use std::fmt;
use std::io;
use std::time::Duration;

use crate::go::os::{PathError, error_text};

/// Why there was no complete response.
#[derive(Debug)]
pub struct Error {
    /// What was asked for: `GET https://…`.
    pub request: String,
    /// What went wrong.
    pub kind: ErrorKind,
    /// The proxy that was used, without its password.
    pub proxy: Option<String>,
}

/// What went wrong.
#[derive(Debug)]
pub enum ErrorKind {
    /// The address cannot be understood.
    Url(String),
    /// A header would hold characters that HTTP forbids.
    Header,
    /// The proxy would have to be reached in this way.
    ProxyScheme(String),
    /// The file that is to be sent cannot be opened.
    File(PathError),
    /// The connection failed, with the reason at the bottom of it.
    Connection(String),
    /// The response did not begin within this time.
    NoResponse(Duration),
    /// The response was too slow.
    TooSlow {
        /// The bytes that came.
        came: u64,
        /// The bytes that should have come.
        least: u64,
        /// Within this time.
        within: Duration,
    },
    /// The response has no end within this time.
    Endless {
        /// The bytes that came.
        came: u64,
        /// Within this time.
        within: Duration,
    },
    /// The response is larger than this.
    TooLarge(u64),
    /// The response could not be written.
    Write(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.request, self.kind)?;
        match &self.proxy {
            Some(proxy) => write!(f, " (by the proxy {proxy})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::Header => f.write_str("a header would hold characters that HTTP forbids"),
            ErrorKind::ProxyScheme(scheme) => {
                write!(f, "a proxy is reached by http or https here, and not by {scheme}")
            }
            ErrorKind::File(error) => write!(f, "{error}"),
            ErrorKind::Url(reason) | ErrorKind::Connection(reason) => f.write_str(reason),
            ErrorKind::NoResponse(time) => write!(f, "no answer came for {} s", time.as_secs_f64()),
            ErrorKind::TooSlow { came, least, within } => {
                let seconds = within.as_secs_f64();
                write!(f, "only {came} bytes came in {seconds} s, and at least {least} must")
            }
            ErrorKind::Endless { came, within } => {
                let seconds = within.as_secs_f64();
                write!(
                    f,
                    "{came} bytes came in {seconds} s without an end, which is all the time that there is"
                )
            }
            ErrorKind::TooLarge(limit) => {
                write!(f, "the answer is larger than {limit} bytes, which is the most that is taken")
            }
            ErrorKind::Write(error) => write!(f, "cannot write the answer: {error}"),
        }
    }
}

impl std::error::Error for Error {}

/// The reason at the bottom of an error, in Go's words where it is the operating system's.
pub fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    match deepest.downcast_ref::<io::Error>() {
        Some(error) => error_text(error),
        None => deepest.to_string(),
    }
}
