//! [`Keyring::verify`]: whether a chart's archive is the one that a key of the keyring signed.
//!
//! Source: Helm provenance/sign.go `Signatory.Verify`.

use super::error::Error;
use super::keyring::Keyring;
use super::provenance::sum;
use super::{clearsign, entity};

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
    /// The text that a key of this keyring signed, at a time in seconds since 1970.
    pub fn open(&self, signed: &[u8], now: u64) -> Result<Vec<u8>, Error> {
        let message = clearsign::decode(signed).ok_or(Error::NoSignature)?;
        entity::check_detached(&self.0, &message.signed, message.signatures(), now)?;
        Ok(message.text)
    }

    /// Checks that a key of this keyring signed the provenance and that it is about a file of that name and sum, whose
    /// hexadecimal digits these are. `now` is in seconds since 1970. Helm: `Signatory.Verify`.
    pub fn verify(
        &self,
        provenance: &[u8],
        file_name: &str,
        digits: &str,
        now: u64,
    ) -> Result<Verification, Error> {
        let message = clearsign::decode(provenance).ok_or(Error::NoSignature)?;
        let by = entity::check_detached(&self.0, &message.signed, message.signatures(), now)?;
        let promised = sum(&message.text, file_name)?;
        let found = format!("sha256:{digits}");
        if promised != found {
            return Err(Error::WrongSum { file_name: file_name.to_owned(), promised, found });
        }
        Ok(Verification {
            signed_by: by.identities.iter().map(|identity| identity.name.clone()).collect(),
            fingerprint: hex::encode_upper(&by.primary.fingerprint),
            file_hash: found,
        })
    }
}
