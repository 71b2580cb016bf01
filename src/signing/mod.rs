//! Provenance: that a chart's archive is the one that somebody signed. A provenance file is a text signed with OpenPGP: the
//! chart's metadata, a line of three dots, and the SHA-256 of the archive.
//!
//! Read [`Keyring::verify`] and [`Signer`] first. Nothing here knows where charts come from; that is in `src/fetch`.
//! Why the arithmetic is that of a crate an algorithm, and all around it is here: docs/decisions/0005-openpgp.md.
//!
//! Source: Helm provenance/sign.go.

pub mod armor;
mod bytes;
pub mod clearsign;
pub mod entity;
mod error;
mod hash;
pub mod key;
pub mod keyring;
mod lock;
mod material;
pub mod openpgp;
pub mod packet;
mod provenance;
mod public;
mod secret;
mod sign;
pub mod signature;
mod verify;

pub use error::Error;
pub use keyring::Keyring;
pub use provenance::message;
pub use sign::Signer;
pub use verify::Verification;

use std::time::{SystemTime, UNIX_EPOCH};

/// The time that signatures are judged by, in seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
