//! [`Error`]: why a keyring cannot be read, a chart not be signed, or a signature not be accepted. The texts are Helm's.

use std::fmt;
use std::path::PathBuf;

use crate::go::os::PathError;
use crate::go::strconv::quote;

use super::openpgp;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A file cannot be read.
    Path(PathError),
    /// The keyring is larger than so many bytes.
    KeyringTooLarge(PathBuf, u64),
    /// The keyring is a keybox that cannot be read.
    Keybox(PathBuf, KeyboxError),
    /// The keyring is armored and cannot be read.
    Armored(PathBuf, ArmorError),
    /// More than one key has this in its name.
    AmbiguousKey(String),
    /// No key has the name.
    NoKey,
    /// The keyring has only the public half of the key.
    NotSecret,
    /// The passphrase could not be had.
    Passphrase(String),
    /// The text that is to be signed cannot be written.
    Marshal(String),
    /// Signing failed.
    Sign(openpgp::Error),
    /// The provenance file is no signed text.
    NoSignature,
    /// The signed text has no sums.
    NoSums,
    /// The sums cannot be understood.
    Sums(String),
    /// There is no sum for this file.
    NoSum(String),
    /// The file is not the one that was signed.
    WrongSum {
        /// The file.
        file_name: String,
        /// The sum in the provenance file.
        promised: String,
        /// The sum of the file.
        found: String,
    },
    /// A key or a signature is wrong.
    OpenPgp(openpgp::Error),
}

/// Why a keybox cannot be read; `at` is the offset of a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the text says what each number is")]
pub enum KeyboxError {
    TruncatedHeader { at: usize },
    InvalidLength { at: usize, length: usize },
    BeyondEnd { at: usize, length: usize, left: usize },
    TooShort { at: usize },
    OutOfRange { at: usize },
    NoKeys,
}

/// Why an armored keyring cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArmorError {
    /// A block says that it is this, and not a key.
    UnexpectedBlock(String),
    /// It has no keys.
    NoKeys,
    /// A key is wrong.
    OpenPgp(openpgp::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Path(error) => write!(f, "{error}"),
            Error::KeyringTooLarge(file, limit) => {
                write!(f, "the keyring {} is larger than {limit} bytes", file.display())
            }
            Error::Keybox(file, error) => write!(f, "reading keybox {}: {error}", file.display()),
            Error::Armored(file, error) => {
                write!(f, "reading armored keyring {}: {error}", file.display())
            }
            Error::AmbiguousKey(id) => write!(f, "more than one key contain the id {}", quote(id)),
            Error::NoKey => f.write_str("private key not found"),
            Error::NotSecret => {
                f.write_str("provided key is not a private key. Try providing a keyring with secret keys")
            }
            Error::Passphrase(reason) | Error::Marshal(reason) => f.write_str(reason),
            Error::Sign(error) => write!(f, "failed to either sign or armor message block: {error}"),
            Error::NoSignature => f.write_str("signature block not found"),
            Error::NoSums => f.write_str("message block must have at least two parts"),
            Error::Sums(reason) => f.write_str(reason),
            Error::NoSum(file) => {
                write!(f, "provenance does not contain a SHA for a file named {}", quote(file))
            }
            Error::WrongSum { file_name, promised, found } => {
                let (promised, found) = (quote(promised), quote(found));
                write!(f, "sha256 sum does not match for {file_name}: {promised} != {found}")
            }
            Error::OpenPgp(error) => write!(f, "{error}"),
        }
    }
}

impl fmt::Display for KeyboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyboxError::TruncatedHeader { at } => write!(f, "truncated blob header at offset {at}"),
            KeyboxError::InvalidLength { at, length } => {
                write!(f, "invalid blob length {length} at offset {at}")
            }
            KeyboxError::BeyondEnd { at, length, left } => {
                write!(f, "blob at offset {at} has length {length} exceeding the {left} remaining bytes")
            }
            KeyboxError::TooShort { at } => write!(f, "OpenPGP blob at offset {at} is too short"),
            KeyboxError::OutOfRange { at } => {
                write!(f, "OpenPGP blob at offset {at} has an out-of-range keyblock")
            }
            KeyboxError::NoKeys => f.write_str("keybox contains no OpenPGP keys"),
        }
    }
}

impl fmt::Display for ArmorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArmorError::UnexpectedBlock(kind) => {
                write!(f, "expected a public or private key block, got {}", quote(kind))
            }
            ArmorError::NoKeys => f.write_str("no keys found"),
            ArmorError::OpenPgp(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<PathError> for Error {
    fn from(error: PathError) -> Error {
        Error::Path(error)
    }
}

impl From<openpgp::Error> for Error {
    fn from(error: openpgp::Error) -> Error {
        Error::OpenPgp(error)
    }
}
