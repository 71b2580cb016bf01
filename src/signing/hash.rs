//! [`Hash`]: the ways to make digests, with OpenPGP's numbers for them.
//!
//! Source: ProtonMail go-crypto openpgp/internal/algorithm hash.go.

use rsa::Pkcs1v15Sign;
use sha1_checked::CollisionResult;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use sha3::{Sha3_256, Sha3_512};

use super::openpgp::Error;

/// A way to make digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// Of which nothing is taken that has the marks of a collision.
    Sha1,
    /// SHA-2 with 28 bytes.
    Sha224,
    /// SHA-2 with 32 bytes.
    Sha256,
    /// SHA-2 with 48 bytes.
    Sha384,
    /// SHA-2 with 64 bytes.
    Sha512,
    /// SHA-3 with 32 bytes.
    Sha3_256,
    /// SHA-3 with 64 bytes.
    Sha3_512,
}

impl Hash {
    /// The one that has the number, if Helm knows it.
    pub fn of(number: u8) -> Option<Hash> {
        Some(match number {
            2 => Hash::Sha1,
            8 => Hash::Sha256,
            9 => Hash::Sha384,
            10 => Hash::Sha512,
            11 => Hash::Sha224,
            12 => Hash::Sha3_256,
            14 => Hash::Sha3_512,
            _ => return None,
        })
    }

    /// How long the salt of a version 6 signature is. RFC 9580 section 9.5.
    pub fn salt(self) -> Option<usize> {
        match self {
            Hash::Sha1 => None,
            Hash::Sha224 | Hash::Sha256 | Hash::Sha3_256 => Some(16),
            Hash::Sha384 => Some(24),
            Hash::Sha512 | Hash::Sha3_512 => Some(32),
        }
    }

    /// The digest of parts one after another.
    pub fn digest<'a>(self, parts: impl Iterator<Item = &'a [u8]>) -> Result<Vec<u8>, Error> {
        match self {
            Hash::Sha1 => match parts.fold(sha1_checked::Sha1::new(), Digest::chain_update).try_finalize() {
                CollisionResult::Ok(digest) => Ok(digest.to_vec()),
                _ => Err(Error::unsupported("SHA-1 of what has the marks of a collision")),
            },
            Hash::Sha224 => Ok(of::<Sha224>(parts)),
            Hash::Sha256 => Ok(of::<Sha256>(parts)),
            Hash::Sha384 => Ok(of::<Sha384>(parts)),
            Hash::Sha512 => Ok(of::<Sha512>(parts)),
            Hash::Sha3_256 => Ok(of::<Sha3_256>(parts)),
            Hash::Sha3_512 => Ok(of::<Sha3_512>(parts)),
        }
    }

    /// What RSA signs of such a digest.
    pub fn padding(self) -> Pkcs1v15Sign {
        match self {
            Hash::Sha1 => Pkcs1v15Sign::new::<sha1::Sha1>(),
            Hash::Sha224 => Pkcs1v15Sign::new::<Sha224>(),
            Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
            Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
            Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
            Hash::Sha3_256 => Pkcs1v15Sign::new::<Sha3_256>(),
            Hash::Sha3_512 => Pkcs1v15Sign::new::<Sha3_512>(),
        }
    }
}

fn of<'a, D: Digest>(parts: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    parts.fold(D::new(), Digest::chain_update).finalize().to_vec()
}
