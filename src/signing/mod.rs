//! Provenance: that a chart's archive is the one that somebody signed. A provenance file is a text signed with OpenPGP: the
//! chart's metadata, a line of three dots, and the SHA-256 of the archive.
//!
//! Read [`Keyring::verify`] and [`Signer`] first. Nothing here knows where charts come from; that is in `src/fetch`.
//! Why rPGP does the arithmetic and this module the rest: docs/decisions/0005-openpgp.md.
//!
//! Source: Helm provenance/sign.go.

pub mod armor;
pub mod clearsign;
pub mod entity;
mod error;
pub mod key;
pub mod keyring;
pub mod packet;
mod sign;
pub mod signature;

pub use error::Error;
pub use keyring::Keyring;
pub use sign::{Signer, message};

use std::time::{SystemTime, UNIX_EPOCH};

use crate::go::strconv::quote;
use crate::value::Value;
use crate::yaml;

/// What stands between the metadata and the sums.
const SEPARATOR: &[u8] = b"\n...\n";

/// Who signed an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The user IDs of the key.
    pub signed_by: Vec<String>,
    /// The fingerprint of the primary key, in capitals.
    pub fingerprint: String,
    /// The sum that was checked: `sha256:…`.
    pub file_hash: String,
}

impl Verification {
    /// What Helm says of it, a line each.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.signed_by.iter().map(|name| format!("Signed by: {name}")).collect();
        lines.push(format!("Using Key With Fingerprint: {}", self.fingerprint));
        lines.push(format!("Chart Hash Verified: {}", self.file_hash));
        lines
    }
}

impl Keyring {
    /// Checks that a key of this keyring signed the provenance and that it is about a file of that name and sum, whose
    /// hexadecimal digits these are. `now` is in seconds since 1970. Helm: `Signatory.Verify`.
    pub fn verify(
        &self,
        provenance: &[u8],
        file_name: &str,
        digits: &str,
        now: u64,
    ) -> Result<Verification, String> {
        let message = clearsign::decode(provenance).ok_or_else(|| "signature block not found".to_owned())?;
        let by = entity::check_detached(&self.0, &message.signed, message.signatures(), now)
            .map_err(|error| error.to_string())?;
        let promised = sum(&message.text, file_name)?;
        let found = format!("sha256:{digits}");
        if promised != found {
            let (promised, found) = (quote(&promised), quote(&found));
            return Err(format!("sha256 sum does not match for {file_name}: {promised} != {found}"));
        }
        Ok(Verification {
            signed_by: by.identities.iter().map(|identity| identity.name.clone()).collect(),
            fingerprint: hex::encode_upper(&by.primary.fingerprint),
            file_hash: found,
        })
    }
}

/// The sum that a provenance's text has for a file. Helm: `ParseMessageBlock`.
fn sum(text: &[u8], file_name: &str) -> Result<String, String> {
    let starts: Vec<usize> = text
        .windows(SEPARATOR.len())
        .enumerate()
        .filter(|(_, it)| *it == SEPARATOR)
        .map(|(at, _)| at)
        .collect();
    let Some(first) = starts.first() else {
        return Err("message block must have at least two parts".to_owned());
    };
    let begin = first + SEPARATOR.len();
    let end = starts.iter().copied().find(|at| *at >= begin).unwrap_or(text.len());
    let sums = yaml::named_map_from_str(&text[begin..end], "provenance.SumCollection")
        .map_err(|error| error.to_string())?;
    let sum = match sums.get("files") {
        Some(Value::Map(files)) => files.get(file_name),
        _ => None,
    };
    match sum {
        Some(Value::Str(sum)) => Ok(sum.to_str().into_owned()),
        _ => Err(format!("provenance does not contain a SHA for a file named {}", quote(file_name))),
    }
}

/// The time that signatures are judged by, in seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
