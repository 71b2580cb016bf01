//! Private keys: made, printed as PEM as sprig prints them, and signing certificates. `private` reads them.

use ed25519_dalek::Signer;
use num_bigint::BigUint;
use num_integer::Integer;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::der::{self, Pem, bit_string, element, integer, sequence};
use super::prime;
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

/// An RSA key.
pub struct Rsa {
    pub n: BigUint,
    pub e: BigUint,
    pub d: BigUint,
    pub p: BigUint,
    pub q: BigUint,
    /// Further primes, which hardly any key has.
    pub others: Vec<BigUint>,
}

/// A DSA key.
pub struct Dsa {
    pub p: BigUint,
    pub q: BigUint,
    pub g: BigUint,
    pub y: BigUint,
    pub x: BigUint,
}

/// The identifiers of algorithms and curves, as they are written in DER.
pub mod oid {
    pub const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    pub const SHA256_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
    pub const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
    pub const SHA256_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    pub const SHA384_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3];
    pub const SHA512_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4];
    pub const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
    pub const P224: &[u8] = &[0x2b, 0x81, 4, 0, 33];
    pub const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    pub const P384: &[u8] = &[0x2b, 0x81, 4, 0, 34];
    pub const P521: &[u8] = &[0x2b, 0x81, 4, 0, 35];
    pub const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
    pub const X25519: &[u8] = &[0x2b, 0x65, 0x6e];
}

const PUBLIC_EXPONENT: u32 = 65_537;

fn one() -> BigUint {
    BigUint::from(1_u8)
}

/// Go: `rsa.GenerateKey`.
pub fn generate_rsa(host: &mut dyn Host, bits: u64) -> PrivateKey {
    let e = BigUint::from(PUBLIC_EXPONENT);
    loop {
        let p = prime::rsa_prime(host, bits / 2, PUBLIC_EXPONENT);
        let q = prime::rsa_prime(host, bits / 2, PUBLIC_EXPONENT);
        let totient = (&p - 1_u8).lcm(&(&q - 1_u8));
        if let Some(d) = e.modinv(&totient)
            && p != q
        {
            return PrivateKey::Rsa(Box::new(Rsa { n: &p * &q, e, d, p, q, others: vec![] }));
        }
    }
}

/// Go: `dsa.GenerateParameters` for 2048 and 256 bits, then `dsa.GenerateKey`.
pub fn generate_dsa(host: &mut dyn Host) -> PrivateKey {
    let (p, q) = dsa_primes(host);
    let exponent = (&p - 1_u8) / &q;
    let g = (2_u8..=u8::MAX).map(|h| BigUint::from(h).modpow(&exponent, &p)).find(|g| *g != one());
    let g = g.unwrap_or_else(one);
    let x = prime::random_below(host, &q);
    let y = g.modpow(&x, &p);
    PrivateKey::Dsa(Box::new(Dsa { p, q, g, y, x }))
}

/// A prime of 2048 bits and one of 256 bits that divides it less one.
fn dsa_primes(host: &mut dyn Host) -> (BigUint, BigUint) {
    loop {
        let q = prime::rsa_prime(host, 256, 1);
        let step = &q << 1_u8;
        let mut start = prime::random_bits(host, 2048);
        start.set_bit(2047, true);
        let start = &start - (&start % &step) + 1_u8;
        if let Some(p) = prime::search(host, &start, &step, |p| p.bits() == 2048) {
            return (p, q);
        }
    }
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
fn algorithm(name: &[u8], parameters: Vec<u8>) -> Vec<u8> {
    sequence(&[element(der::OID, name), parameters])
}

/// A key of 32 bytes. Go: `x509.MarshalPKCS8PrivateKey`.
fn to_pkcs8(name: &[u8], key: &[u8]) -> Vec<u8> {
    let key = element(der::OCTET_STRING, &element(der::OCTET_STRING, key));
    sequence(&[integer(&BigUint::ZERO), sequence(&[element(der::OID, name)]), key])
}

impl PrivateKey {
    /// sprig: crypto.go `pemBlockForKey`.
    pub fn to_pem(&self) -> String {
        let (kind, bytes) = match self {
            PrivateKey::Rsa(key) => ("RSA PRIVATE KEY", key.to_pkcs1()),
            PrivateKey::Dsa(key) => {
                let numbers = [&BigUint::ZERO, &key.p, &key.q, &key.g, &key.y, &key.x];
                ("DSA PRIVATE KEY", sequence(&numbers.map(integer)))
            }
            PrivateKey::Ed25519(key) => ("PRIVATE KEY", to_pkcs8(oid::ED25519, key.as_bytes())),
            PrivateKey::X25519(key) => ("PRIVATE KEY", to_pkcs8(oid::X25519, key)),
            PrivateKey::P256(key) => ("EC PRIVATE KEY", self.to_sec1(&key.to_bytes())),
            PrivateKey::P384(key) => ("EC PRIVATE KEY", self.to_sec1(&key.to_bytes())),
            PrivateKey::P521(key) => ("EC PRIVATE KEY", self.to_sec1(&key.to_bytes())),
        };
        Pem { kind: kind.to_owned(), bytes }.print()
    }

    /// Go: `x509.MarshalECPrivateKey`.
    fn to_sec1(&self, scalar: &[u8]) -> Vec<u8> {
        sequence(&[
            integer(&one()),
            element(der::OCTET_STRING, scalar),
            element(0xa0, &element(der::OID, self.curve())),
            element(0xa1, &bit_string(&self.public_bytes().unwrap_or_default())),
        ])
    }

    fn curve(&self) -> &'static [u8] {
        match self {
            PrivateKey::P384(_) => oid::P384,
            PrivateKey::P521(_) => oid::P521,
            _ => oid::P256,
        }
    }

    /// The public key as certificates hold it, without its algorithm; `None` for those that no certificate can hold.
    pub fn public_bytes(&self) -> Option<Vec<u8>> {
        Some(match self {
            PrivateKey::Rsa(key) => sequence(&[integer(&key.n), integer(&key.e)]),
            PrivateKey::Dsa(_) | PrivateKey::X25519(_) => return None,
            PrivateKey::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            PrivateKey::P384(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            PrivateKey::P521(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            PrivateKey::Ed25519(key) => key.verifying_key().to_bytes().to_vec(),
        })
    }

    /// The public key with its algorithm; `None` for those that no certificate can hold. Go: x509.go `marshalPublicKey`.
    pub fn public_info(&self) -> Option<Vec<u8>> {
        let name = match self {
            PrivateKey::Rsa(_) => algorithm(oid::RSA, element(der::NULL, b"")),
            PrivateKey::Ed25519(_) => sequence(&[element(der::OID, oid::ED25519)]),
            _ => algorithm(oid::EC, element(der::OID, self.curve())),
        };
        Some(sequence(&[name, bit_string(&self.public_bytes()?)]))
    }

    /// The identifier of the algorithm that [`PrivateKey::sign`] uses. Go: x509.go `signingParamsForKey`.
    pub fn signature_algorithm(&self) -> Vec<u8> {
        let name = match self {
            PrivateKey::Rsa(_) => return algorithm(oid::SHA256_RSA, element(der::NULL, b"")),
            PrivateKey::P384(_) => oid::SHA384_EC,
            PrivateKey::P521(_) => oid::SHA512_EC,
            PrivateKey::Ed25519(_) => oid::ED25519,
            PrivateKey::P256(_) | PrivateKey::Dsa(_) | PrivateKey::X25519(_) => oid::SHA256_EC,
        };
        sequence(&[element(der::OID, name)])
    }

    /// Signs for a certificate, or says why the key cannot.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        match self {
            PrivateKey::Rsa(key) if key.n.bits() < 1024 => Err(format!(
                "crypto/rsa: {}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)",
                key.n.bits()
            )),
            _ => self.signature(message).ok_or_else(|| "crypto/rsa: internal error".to_owned()),
        }
    }

    fn signature(&self, message: &[u8]) -> Option<Vec<u8>> {
        use p256::ecdsa::signature::hazmat::PrehashSigner;
        match self {
            PrivateKey::Rsa(key) => key.sign(message),
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

impl Rsa {
    /// Go: `x509.MarshalPKCS1PrivateKey`.
    fn to_pkcs1(&self) -> Vec<u8> {
        let dp = &self.d % (&self.p - 1_u8);
        let dq = &self.d % (&self.q - 1_u8);
        let inverse = self.q.modinv(&self.p).unwrap_or_default();
        let version = BigUint::from(u8::from(!self.others.is_empty()));
        let numbers = [&version, &self.n, &self.e, &self.d, &self.p, &self.q, &dp, &dq, &inverse];
        let mut fields = numbers.map(integer).to_vec();
        let mut product = &self.p * &self.q;
        let mut others = Vec::new();
        for prime in &self.others {
            let exponent = &self.d % (prime - 1_u8);
            let coefficient = product.modinv(prime).unwrap_or_default();
            others.push(sequence(&[prime, &exponent, &coefficient].map(integer)));
            product *= prime;
        }
        if !others.is_empty() {
            fields.push(sequence(&others));
        }
        sequence(&fields)
    }

    /// Go: `rsa.SignPKCS1v15` of the SHA-256 sum; `None` for a key too short to hold it.
    fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
        let name = algorithm(SHA256, element(der::NULL, b""));
        let digest = sequence(&[name, element(der::OCTET_STRING, &Sha256::digest(message))]);
        let length = self.n.bits().div_ceil(8) as usize;
        let padding = length.checked_sub(digest.len() + 3).filter(|padding| *padding >= 8)?;
        let padded = [&[0, 1][..], &vec![0xff; padding], &[0], &digest].concat();
        let padded = BigUint::from_bytes_be(&padded);
        if !self.others.is_empty() {
            let signature = padded.modpow(&self.d, &self.n).to_bytes_be();
            return Some([vec![0; length.saturating_sub(signature.len())], signature].concat());
        }
        // By the two primes apart, which takes a quarter of the time (Garner).
        let by_p = padded.modpow(&(&self.d % (&self.p - 1_u8)), &self.p);
        let by_q = padded.modpow(&(&self.d % (&self.q - 1_u8)), &self.q);
        let inverse = self.q.modinv(&self.p)?;
        let difference = (&by_p + &self.p - &by_q % &self.p) * inverse % &self.p;
        let signature = (by_q + difference * &self.q).to_bytes_be();
        Some([vec![0; length.saturating_sub(signature.len())], signature].concat())
    }
}
