//! [`Error`]: what is wrong with a key, a signature or their packets, in the words of the OpenPGP library that Helm uses.
//!
//! Source: ProtonMail go-crypto openpgp/errors.

use std::fmt;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The packets are not laid out as they should be.
    Structural(String),
    /// The packets need something that is not supported; in a keyring such a packet is skipped.
    Unsupported(String),
    /// The numbers of a key do not belong together.
    KeyInvalid(&'static str),
    /// The numbers of a key are none, in words of their own.
    Numbers(&'static str),
    /// A key is used for what it is not.
    Argument(String),
    /// The signature does not fit what was signed.
    Signature(String),
    /// A packet of this type must not be skipped, and is unknown.
    UnknownCriticalPacket(u8),
    /// No key of the keyring made the signature.
    UnknownIssuer,
    /// The key was revoked.
    KeyRevoked,
    /// The key has expired, or is from the future.
    KeyExpired,
    /// The signature has expired, or is from the future.
    SignatureExpired,
    /// The secret key is not in the keyring but elsewhere, such as on a card.
    DummyKey,
    /// The bytes end within a packet.
    UnexpectedEnd,
    /// This character of the armor is none of base64.
    Base64(usize),
}

impl Error {
    /// A [`Error::Structural`] with that text.
    pub fn structural(text: impl Into<String>) -> Error {
        Error::Structural(text.into())
    }

    /// A [`Error::Unsupported`] with that text.
    pub fn unsupported(text: impl Into<String>) -> Error {
        Error::Unsupported(text.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Structural(text) => write!(f, "openpgp: invalid data: {text}"),
            Error::Unsupported(text) => write!(f, "openpgp: unsupported feature: {text}"),
            Error::KeyInvalid(text) => write!(f, "openpgp: invalid key: {text}"),
            Error::Numbers(text) => f.write_str(text),
            Error::Argument(text) => write!(f, "openpgp: invalid argument: {text}"),
            Error::Signature(text) => write!(f, "openpgp: invalid signature: {text}"),
            Error::UnknownCriticalPacket(tag) => write!(f, "openpgp: unknown critical packet type: {tag}"),
            Error::UnknownIssuer => f.write_str("openpgp: signature made by unknown entity"),
            Error::KeyRevoked => f.write_str("openpgp: signature made by revoked key"),
            Error::KeyExpired => f.write_str("openpgp: key expired"),
            Error::SignatureExpired => f.write_str("openpgp: signature expired"),
            Error::DummyKey => f.write_str("openpgp: s2k GNU dummy key: dummy key found"),
            Error::UnexpectedEnd => f.write_str("unexpected EOF"),
            Error::Base64(at) => write!(f, "illegal base64 data at input byte {at}"),
        }
    }
}

impl std::error::Error for Error {}
