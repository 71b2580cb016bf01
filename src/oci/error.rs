//! [`Error`]: why something could not be had from a registry, or not be sent there.

use std::fmt;

use super::{auth, credentials, http_error, secret};

/// Why a step failed.
#[derive(Debug)]
pub struct Error {
    /// What was being done, with the reference: `reading the manifest of HOST/PATH:TAG`.
    pub step: String,
    /// What went wrong.
    pub kind: Box<ErrorKind>,
}

/// What went wrong.
#[derive(Debug)]
pub enum ErrorKind {
    /// There was no complete response.
    Http(http_error::Error),
    /// The registry refused.
    Refused {
        /// What it was asked: `GET https://…`.
        request: String,
        /// The status of its response.
        status: u16,
        /// That status in words, with the registry's reason if it gave one.
        reason: String,
        /// With which credential, where that matters.
        identity: Option<Identity>,
    },
    /// The token server gave no token.
    Token(auth::Error, Identity),
    /// The credentials cannot be read.
    Credentials(credentials::Error),
    /// The response to this request cannot be understood.
    Json(String, serde_json::Error),
    /// The response is no manifest.
    NotAManifest(serde_json::Error),
    /// The content has another digest than it should.
    Digest {
        /// The digest that it should have.
        wanted: String,
        /// The digest that it has.
        found: String,
    },
    /// The content has another size than it should.
    Size {
        /// The size that it should have.
        wanted: u64,
        /// The size that it has.
        found: u64,
    },
    /// The manifest names the blob by a digest that cannot be checked.
    UnknownDigest,
    /// The manifest gives the blob a size beyond this limit.
    BlobTooLarge(u64),
    /// There are more pages of tags than these.
    TooManyPages(usize),
    /// The address of the next page of tags cannot be understood, for this reason.
    NextPage(String, String),
    /// The next page of tags would be at another host, which must not see the credentials.
    NextPageElsewhere(String),
    /// The response to this request does not say where to upload to.
    NoLocation(String),
    /// The response to this request names an address to upload to that is not the registry's own.
    LocationElsewhere {
        /// The request.
        request: String,
        /// The address.
        location: String,
    },
    /// The response to this request names an address to upload to that cannot be understood.
    Location {
        /// The request.
        request: String,
        /// The address.
        location: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// With which credential a registry was asked.
#[derive(Debug)]
pub enum Identity {
    /// With the credential of this source.
    Known(String),
    /// There is no credential for this registry.
    Unknown(String),
    /// The credentials cannot be read.
    Unreadable(credentials::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.step, self.kind)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::Http(error) => write!(f, "{error}"),
            ErrorKind::Refused { request, reason, identity, .. } => {
                write!(f, "{request}: {reason}")?;
                identity.as_ref().map_or(Ok(()), |identity| write!(f, "; {identity}"))
            }
            ErrorKind::Token(error, identity) => write!(f, "{error}; {identity}"),
            ErrorKind::Credentials(error) => write!(f, "{error}"),
            ErrorKind::Json(request, error) => write!(f, "{request}: {error}"),
            ErrorKind::NotAManifest(error) => {
                write!(f, "what the registry answered is no manifest of a chart: {error}")
            }
            ErrorKind::Digest { wanted, found } => {
                write!(
                    f,
                    "the content is not what was asked for: its digest should be {wanted} and is {found}"
                )
            }
            ErrorKind::Size { wanted, found } => {
                write!(f, "the manifest says {wanted} bytes, and {found} came")
            }
            ErrorKind::UnknownDigest => f.write_str("the manifest names it by a digest that is not sha256"),
            ErrorKind::BlobTooLarge(limit) => {
                write!(f, "the manifest gives it a size beyond {limit} bytes")
            }
            ErrorKind::TooManyPages(pages) => write!(f, "there are more than {pages} pages of tags"),
            ErrorKind::NextPage(address, reason) => {
                write!(f, "the next page {:?}: {reason}", secret::address(address))
            }
            ErrorKind::NextPageElsewhere(address) => {
                write!(f, "the next page of tags would be at another host: {}", secret::address(address))
            }
            ErrorKind::NoLocation(request) => {
                write!(f, "{request}: the answer names no place to upload to")
            }
            ErrorKind::Location { request, location, reason } => {
                write!(f, "{request}: the place to upload to is {:?}: {reason}", secret::address(location))
            }
            ErrorKind::LocationElsewhere { request, location } => {
                let location = secret::address(location);
                write!(f, "{request}: the place to upload to would be at another host: {location}")
            }
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Identity::Known(source) => write!(f, "tried as {source}"),
            Identity::Unknown(registry) => write!(
                f,
                "no credentials for {registry} were found: log in with `plimsoll registry login {registry}`"
            ),
            Identity::Unreadable(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Error {}
