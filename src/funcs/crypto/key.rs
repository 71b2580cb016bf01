//! Private keys: made, printed as PEM as sprig prints them, and signing certificates. `private` reads them.

use std::fmt::{self, Display, Formatter};

use crypto_bigint::{BoxedUint, NonZero, RandomMod};
use der::Encode;
use der::asn1::{Any, BitString, Null, OctetStringRef, UintRef};
use der::pem::{self, LineEnding};
use ed25519_dalek::Signer;
use num_bigint::BigUint;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use pkcs8::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
use sec1::{EcParameters, EcPrivateKey};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::oid;
use super::prime::{self, Chance};
use super::rsa::{Rsa, to_big};
use crate::template::host::Host;

/// A private key of the types that sprig makes and reads.
pub enum PrivateKey {
    Rsa(Box<Rsa>),
    Dsa(Box<Dsa>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    Ed25519(Box<ed25519_dalek::SigningKey>),
    /// For the agreement on secrets; it signs nothing. `crypto/ecdh` in Go.
    X25519([u8; 32]),
}

/// A DSA key.
pub struct Dsa {
    pub p: BigUint,
    pub q: BigUint,
    pub g: BigUint,
    pub y: BigUint,
    pub x: BigUint,
}

/// Why a key signs nothing.
#[derive(Debug)]
pub enum Error {
    /// An RSA key of so few bits.
    Insecure(u64),
    /// A key whose numbers do not fit together. Go finds that when it checks what it signed.
    Decryption,
}

impl Display for Error {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Error::Insecure(bits) => write!(
                out,
                "crypto/rsa: {bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"
            ),
            Error::Decryption => out.write_str("crypto/rsa: decryption error"),
        }
    }
}

impl std::error::Error for Error {}

/// Go: `rsa.GenerateKey`.
pub fn generate_rsa(host: &mut dyn Host, bits: u32) -> PrivateKey {
    PrivateKey::Rsa(Box::new(Rsa::generate(host, bits)))
}

/// Go: `dsa.GenerateParameters` for 2048 and 256 bits, then `dsa.GenerateKey`.
pub fn generate_dsa(host: &mut dyn Host) -> PrivateKey {
    // Go gives up a small prime as soon, which one in three hundred is.
    const TRIES: usize = 4 * 2048;
    let (q, p) = loop {
        let q = prime::prime(host, 256);
        if let Some(p) = prime::prime_above_multiple(host, 2048, &q, TRIES) {
            break (q, to_big(&p));
        }
    };
    let x = to_big(&below(host, &q));
    let q = to_big(&q);
    let one = BigUint::from(1_u8);
    let exponent = (&p - 1_u8) / &q;
    let g = (2_u8..=u8::MAX).map(|h| BigUint::from(h).modpow(&exponent, &p)).find(|g| *g != one);
    let g = g.unwrap_or(one);
    let y = g.modpow(&x, &p);
    PrivateKey::Dsa(Box::new(Dsa { p, q, g, y, x }))
}

/// A random number from 1 to below the prime.
fn below(host: &mut dyn Host, prime: &BoxedUint) -> BoxedUint {
    let less_one = NonZero::new(prime.wrapping_sub(BoxedUint::one())).into_option();
    let number = less_one.map(|limit| BoxedUint::random_mod_vartime(&mut Chance(host), &limit));
    number.unwrap_or_default().wrapping_add(BoxedUint::one())
}

/// Go: `ecdsa.GenerateKey` on P-256.
pub fn generate_p256(host: &mut dyn Host) -> PrivateKey {
    loop {
        let mut bytes = [0; 32];
        host.random(&mut bytes);
        // A number that is 0 or not below the order is drawn again.
        if let Ok(key) = p256::ecdsa::SigningKey::from_slice(&bytes) {
            return PrivateKey::P256(key);
        }
    }
}

/// Go: `ed25519.GenerateKey`.
pub fn generate_ed25519(host: &mut dyn Host) -> PrivateKey {
    let mut seed = [0; 32];
    host.random(&mut seed);
    PrivateKey::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&seed)))
}

/// An algorithm's identifier with its parameters.
fn algorithm(oid: &[u8], parameters: Option<Any>) -> der::Result<AlgorithmIdentifierOwned> {
    Ok(AlgorithmIdentifierOwned { oid: ObjectIdentifier::from_bytes(oid)?, parameters })
}

/// A key of 32 bytes. Go: `x509.MarshalPKCS8PrivateKey`.
fn to_pkcs8(oid: &[u8], key: &[u8]) -> der::Result<Vec<u8>> {
    let algorithm =
        pkcs8::AlgorithmIdentifierRef { oid: ObjectIdentifier::from_bytes(oid)?, parameters: None };
    let key = OctetStringRef::new(key)?.to_der()?;
    PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(&key)?).to_der()
}

impl Dsa {
    /// sprig: crypto.go `DSAKeyFormat`.
    fn to_der(&self) -> der::Result<Vec<u8>> {
        let numbers = [&BigUint::ZERO, &self.p, &self.q, &self.g, &self.y, &self.x].map(BigUint::to_bytes_be);
        numbers.iter().map(|number| UintRef::new(number)).collect::<der::Result<Vec<_>>>()?.to_der()
    }
}

impl PrivateKey {
    /// sprig: crypto.go `pemBlockForKey`.
    pub fn to_pem(&self) -> der::Result<String> {
        let (kind, bytes) = match self {
            PrivateKey::Rsa(key) => ("RSA PRIVATE KEY", key.to_pkcs1()?),
            PrivateKey::Dsa(key) => ("DSA PRIVATE KEY", key.to_der()?),
            PrivateKey::Ed25519(key) => ("PRIVATE KEY", to_pkcs8(oid::ED25519, key.as_bytes())?),
            PrivateKey::X25519(key) => ("PRIVATE KEY", to_pkcs8(oid::X25519, key)?),
            PrivateKey::P256(key) => ("EC PRIVATE KEY", self.to_sec1(&key.to_bytes())?),
            PrivateKey::P384(key) => ("EC PRIVATE KEY", self.to_sec1(&key.to_bytes())?),
            PrivateKey::P521(key) => ("EC PRIVATE KEY", self.to_sec1(&key.to_bytes())?),
        };
        Ok(pem::encode_string(kind, LineEnding::LF, &bytes)?)
    }

    /// Go: `x509.MarshalECPrivateKey`.
    fn to_sec1(&self, scalar: &[u8]) -> der::Result<Vec<u8>> {
        let curve = ObjectIdentifier::from_bytes(self.curve())?;
        let public_key = self.public_bytes()?;
        let key = EcPrivateKey {
            private_key: scalar,
            parameters: Some(EcParameters::NamedCurve(curve)),
            public_key: public_key.as_deref(),
        };
        key.to_der()
    }

    fn curve(&self) -> &'static [u8] {
        match self {
            PrivateKey::P384(_) => oid::P384,
            PrivateKey::P521(_) => oid::P521,
            _ => oid::P256,
        }
    }

    /// The public key as certificates hold it, without its algorithm; `None` for those that no certificate can hold.
    pub fn public_bytes(&self) -> der::Result<Option<Vec<u8>>> {
        Ok(Some(match self {
            PrivateKey::Rsa(key) => key.public_to_pkcs1()?,
            PrivateKey::Dsa(_) | PrivateKey::X25519(_) => return Ok(None),
            PrivateKey::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            PrivateKey::P384(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            PrivateKey::P521(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            PrivateKey::Ed25519(key) => key.verifying_key().to_bytes().to_vec(),
        }))
    }

    /// The public key with its algorithm; `None` for those that no certificate can hold. Go: x509.go `marshalPublicKey`.
    pub fn public_info(&self) -> der::Result<Option<SubjectPublicKeyInfoOwned>> {
        let Some(bytes) = self.public_bytes()? else { return Ok(None) };
        let algorithm = match self {
            PrivateKey::Rsa(_) => algorithm(oid::RSA, Some(Null.into()))?,
            PrivateKey::Ed25519(_) => algorithm(oid::ED25519, None)?,
            _ => algorithm(oid::EC, Some(Any::from(&ObjectIdentifier::from_bytes(self.curve())?)))?,
        };
        Ok(Some(SubjectPublicKeyInfoOwned { algorithm, subject_public_key: BitString::from_bytes(&bytes)? }))
    }

    /// The algorithm that [`PrivateKey::sign`] uses. Go: x509.go `signingParamsForKey`.
    pub fn signature_algorithm(&self) -> der::Result<AlgorithmIdentifierOwned> {
        match self {
            PrivateKey::Rsa(_) => algorithm(oid::SHA256_RSA, Some(Null.into())),
            PrivateKey::P384(_) => algorithm(oid::SHA384_EC, None),
            PrivateKey::P521(_) => algorithm(oid::SHA512_EC, None),
            PrivateKey::Ed25519(_) => algorithm(oid::ED25519, None),
            PrivateKey::P256(_) | PrivateKey::Dsa(_) | PrivateKey::X25519(_) => {
                algorithm(oid::SHA256_EC, None)
            }
        }
    }

    /// Signs for a certificate.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        match self {
            PrivateKey::Rsa(key) if key.n.bits() < 1024 => Err(Error::Insecure(key.n.bits())),
            _ => self.signature(message).ok_or(Error::Decryption),
        }
    }

    fn signature(&self, message: &[u8]) -> Option<Vec<u8>> {
        match self {
            PrivateKey::Rsa(key) => key.sign(message).ok(),
            PrivateKey::Dsa(_) | PrivateKey::X25519(_) => None,
            PrivateKey::P256(key) => {
                let signed: p256::ecdsa::Signature = key.sign_prehash(&Sha256::digest(message)).ok()?;
                Some(signed.to_der().as_bytes().to_vec())
            }
            PrivateKey::P384(key) => {
                let signed: p384::ecdsa::Signature = key.sign_prehash(&Sha384::digest(message)).ok()?;
                Some(signed.to_der().as_bytes().to_vec())
            }
            PrivateKey::P521(key) => {
                let signed: p521::ecdsa::Signature = key.sign_prehash(&Sha512::digest(message)).ok()?;
                Some(signed.to_der().as_bytes().to_vec())
            }
            PrivateKey::Ed25519(key) => Some(key.sign(message).to_bytes().to_vec()),
        }
    }
}
