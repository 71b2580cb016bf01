//! [`SecretKey`]: the secret half of a primary key, locked or not, and [`Opened`]: one that signs.
//!
//! Source: ProtonMail go-crypto openpgp/packet private_key.go.

use dsa::signature::hazmat::PrehashSigner as _;
use ed25519_dalek::Signer as _;
use num_bigint::BigUint;

use super::bytes::Bytes;
use super::hash::Hash;
use super::lock::{Lock, summed, usage};
use super::material::{
    Curve, Material, Numbers, dsa_key, integer, number_of, on_curve, padded, rsa_key, trimmed,
};
use super::openpgp::Error;
use super::public::PublicKey;

/// The secret half of a primary key.
#[derive(Clone, Debug)]
pub enum SecretKey {
    /// Only a mark that there is one elsewhere.
    Dummy,
    /// The key itself.
    Open(Box<Opened>),
    /// The key itself, and how to open it.
    Locked(Box<Lock>, Vec<u8>),
}

/// The secret numbers of a key, which fit the public ones.
#[derive(Clone)]
#[allow(missing_docs, reason = "they have the names of the algorithms")]
pub enum Opened {
    Rsa(rsa::PrivateKey),
    Dsa(dsa::SigningKey),
    Ecdsa(Curve, Vec<u8>),
    EdDsa(ed25519_dalek::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
    Ed448(ed448_goldilocks::SigningKey),
    /// A key that only encrypts.
    Encrypts,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opened")
    }
}

impl SecretKey {
    /// The secret half of a packet's body, whose end it is.
    pub fn parse(public: &PublicKey, rest: &[u8]) -> Result<SecretKey, Error> {
        let mut bytes = Bytes(rest);
        match bytes.byte()? {
            usage::NONE if public.version == 4 => {
                Opened::parse(public, summed(bytes.0)?).map(SecretKey::open)
            }
            usage::NONE => Opened::parse(public, bytes.0).map(SecretKey::open),
            usage @ (usage::AEAD | usage::SHA1 | usage::SUM) => {
                Ok(match Lock::parse(public.version, usage, &mut bytes)? {
                    Some(lock) => SecretKey::Locked(Box::new(lock), bytes.0.to_vec()),
                    None => SecretKey::Dummy,
                })
            }
            _ => Err(Error::unsupported("deprecated s2k function in private key")),
        }
    }

    fn open(opened: Opened) -> SecretKey {
        SecretKey::Open(Box::new(opened))
    }

    /// Whether it takes a passphrase to use it.
    pub fn is_locked(&self) -> bool {
        matches!(self, SecretKey::Locked(..))
    }

    /// The key that this passphrase opens, if it is locked; none where it is elsewhere.
    pub fn unlock(&self, public: &PublicKey, passphrase: &[u8]) -> Result<Option<Opened>, Error> {
        match self {
            SecretKey::Dummy => Ok(None),
            SecretKey::Open(opened) => Ok(Some((**opened).clone())),
            SecretKey::Locked(lock, locked) => {
                let numbers = lock.open(public, locked, passphrase)?;
                match Opened::parse(public, &numbers) {
                    Err(Error::KeyInvalid(_)) => Err(Error::KeyInvalid("invalid key parameters")),
                    other => other.map(Some),
                }
            }
        }
    }
}

impl Opened {
    /// The secret numbers of that key. Go: `parsePrivateKey`.
    fn parse(public: &PublicKey, numbers: &[u8]) -> Result<Opened, Error> {
        let mut bytes = Bytes(numbers);
        let plain = |length: usize, wrong: &'static str| match numbers.len() == length {
            true => Ok(numbers),
            false => Err(Error::structural(wrong)),
        };
        match &public.material {
            Material::Rsa { n, e } => {
                let (d, p, q) = (bytes.integer()?, bytes.integer()?, bytes.integer()?);
                if product(p, q) != BigUint::from_bytes_be(n) {
                    return Err(Error::KeyInvalid("crypto/rsa: p * q != n"));
                }
                rsa(n, e, d, [p, q]).ok_or(Error::KeyInvalid("crypto/rsa: the exponents do not fit"))
            }
            Material::Dsa { p, q, g, y } => {
                let x = integer(bytes.integer()?);
                let key = dsa_key([p, q, g, y]).and_then(|key| dsa::SigningKey::from_components(key, x).ok());
                key.map(Opened::Dsa).ok_or(Error::KeyInvalid("dsa: invalid group"))
            }
            Material::Ecdsa { curve, point } => {
                let d = bytes.integer()?;
                let is_its = |curve| {
                    on_curve!(curve, curve => {
                        let key = number_of(d).and_then(|d| curve::ecdsa::SigningKey::from_bytes(&d).ok());
                        key.is_some_and(|key| key.verifying_key().to_sec1_point(false).as_bytes() == point)
                    })
                };
                match is_its(*curve) {
                    true => Ok(Opened::Ecdsa(*curve, trimmed(d).to_vec())),
                    false => Err(Error::KeyInvalid("ecc: invalid point")),
                }
            }
            Material::EdDsa { point } => {
                let seed =
                    padded(bytes.integer()?, 32).ok_or(Error::Numbers("eddsa: failed to parse scalar"))?;
                ed25519(&seed, point)
                    .map(Opened::EdDsa)
                    .ok_or(Error::KeyInvalid("ecc: invalid ed25519 secret"))
            }
            Material::Ed25519 { point } => {
                let key = ed25519(plain(32, "wrong ed25519 key size")?, point);
                key.map(Opened::Ed25519).ok_or(Error::KeyInvalid("ed25519: invalid ed25519 public key"))
            }
            Material::Ed448 { point } => {
                let seed = plain(57, "wrong ed448 key size")?;
                let key = ed448_goldilocks::SigningKey::try_from(seed).ok();
                let key = key.filter(|key| key.verifying_key().to_bytes() == *point);
                key.map(Opened::Ed448).ok_or(Error::KeyInvalid("ed448: invalid ed448 public key"))
            }
            Material::Encrypts => Ok(Opened::Encrypts),
        }
    }

    /// The numbers of a signature of the digest, which the public half agrees to.
    pub fn sign(&self, public: &PublicKey, hash: Hash, digest: &[u8]) -> Result<Numbers, Error> {
        let signed = self.numbers(hash, public.material.truncated(digest));
        let signed =
            signed.ok_or_else(|| Error::Argument("public key cannot generate signatures".to_owned()))?;
        public.verify(hash, digest, &signed)?;
        Ok(signed)
    }

    fn numbers(&self, hash: Hash, digest: &[u8]) -> Option<Numbers> {
        let integers = |numbers: &[&[u8]]| {
            Some(Numbers::Integers(numbers.iter().map(|number| trimmed(number).to_vec()).collect()))
        };
        match self {
            Opened::Rsa(key) => {
                integers(&[&key.sign_with_rng(&mut rand::rng(), hash.padding(), digest).ok()?])
            }
            Opened::Dsa(key) => {
                // The hash of the digest is one part of how the number that is used once is made.
                let signed = key.sign_prehashed_rfc6979::<sha2::Sha512>(digest).ok()?;
                integers(&[&signed.r().to_be_bytes(), &signed.s().to_be_bytes()])
            }
            Opened::Ecdsa(curve, d) => on_curve!(*curve, curve => {
                let key = curve::ecdsa::SigningKey::from_bytes(&number_of(d)?).ok()?;
                let signed: curve::ecdsa::Signature = key.sign_prehash(digest).ok()?;
                let (r, s) = signed.split_bytes();
                integers(&[&r, &s])
            }),
            Opened::EdDsa(key) => {
                let signed = key.sign(digest);
                integers(&[signed.r_bytes(), signed.s_bytes()])
            }
            Opened::Ed25519(key) => Some(Numbers::Plain(key.sign(digest).to_bytes().to_vec())),
            Opened::Ed448(key) => Some(Numbers::Plain(key.sign_raw(digest).to_bytes().to_vec())),
            Opened::Encrypts => None,
        }
    }
}

fn product(p: &[u8], q: &[u8]) -> BigUint {
    BigUint::from_bytes_be(p) * BigUint::from_bytes_be(q)
}

fn rsa(n: &[u8], e: &[u8], d: &[u8], primes: [&[u8]; 2]) -> Option<Opened> {
    rsa_key(n, e)?;
    let [n, e, d] = [n, e, d].map(integer);
    rsa::PrivateKey::from_components(n, e, d, primes.map(integer).to_vec()).ok().map(Opened::Rsa)
}

fn ed25519(seed: &[u8], point: &[u8; 32]) -> Option<ed25519_dalek::SigningKey> {
    let key = ed25519_dalek::SigningKey::from_bytes(seed.try_into().ok()?);
    (key.verifying_key().to_bytes() == *point).then_some(key)
}
