//! [`PublicKey`]: the public half of a key packet. Which keys are taken at all is said here.
//!
//! Source: ProtonMail go-crypto openpgp/packet public_key.go.

use super::bytes::Bytes;
use super::hash::Hash;
use super::material::{Material, Numbers};
use super::openpgp::Error;

/// A public key.
#[derive(Clone, Debug)]
pub struct PublicKey {
    /// 4 or 6.
    pub version: u8,
    /// When it was made, in seconds since 1970.
    pub created: u64,
    /// Its algorithm's number.
    pub algorithm: u8,
    /// What it is called by: 20 bytes of a version 4 key, 32 of a version 6 one.
    pub fingerprint: Vec<u8>,
    /// The part of the fingerprint by which signatures name it.
    pub id: u64,
    /// The packet's body.
    pub body: Vec<u8>,
    /// Its numbers.
    pub material: Material,
}

impl PublicKey {
    /// The key at the beginning of a packet's body, and what follows it.
    pub fn parse(body: &[u8]) -> Result<(PublicKey, &[u8]), Error> {
        let mut bytes = Bytes(body);
        let version = bytes.byte()?;
        let created = bytes.number(4)? as u64;
        let algorithm = bytes.byte()?;
        match version {
            4 => {}
            // How long the numbers are, which nobody needs to know.
            6 => {
                bytes.number(4)?;
            }
            5 => {
                let text = "support for parsing v5 entities is disabled; build with `-tags v5` if needed";
                return Err(Error::unsupported(text));
            }
            version => return Err(Error::unsupported(format!("public key version {version}"))),
        }
        let start = bytes.0;
        let material = Material::parse(version, algorithm, &mut bytes)?;
        let numbers = &start[..start.len() - bytes.0.len()];
        let length = (numbers.len() as u32).to_be_bytes();
        let own = [&body[..6], if version == 6 { &length } else { &[] }, numbers].concat();
        if version == 4 && own.len() > usize::from(u16::MAX) {
            return Err(Error::structural("the key is too long"));
        }
        let hash = if version == 6 { Hash::Sha256 } else { Hash::Sha1 };
        let fingerprint = hash.digest([&hashed(version, &own)[..]].into_iter())?;
        let id = match version {
            6 => &fingerprint[..8],
            _ => &fingerprint[fingerprint.len() - 8..],
        };
        let id = id.iter().fold(0, |id, byte| id << 8 | u64::from(*byte));
        let key = PublicKey { version, created, algorithm, fingerprint, id, body: own, material };
        Ok((key, bytes.0))
    }

    /// The key as signatures about it hash it. Go: `SerializeForHash`.
    pub fn hashed(&self) -> Vec<u8> {
        hashed(self.version, &self.body)
    }

    /// Whether the signature's numbers fit the digest.
    pub fn verify(&self, hash: Hash, digest: &[u8], signature: &Numbers) -> Result<(), Error> {
        self.material.verify(hash, digest, signature)
    }
}

fn hashed(version: u8, body: &[u8]) -> Vec<u8> {
    let length = body.len() as u32;
    let mut text = match version {
        6 => [&[0x9b][..], &length.to_be_bytes()].concat(),
        _ => [&[0x99][..], &(length as u16).to_be_bytes()].concat(),
    };
    text.extend_from_slice(body);
    text
}
