//! Private keys: made, printed as PEM as sprig prints them, read back, and signing certificates.

use ed25519_dalek::Signer;
use num_bigint::BigUint;
use num_integer::Integer;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::der::{self, Pem, Reader, bit_string, element, integer, sequence};
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
}

/// An RSA key of two primes.
pub struct Rsa {
    n: BigUint,
    e: BigUint,
    d: BigUint,
    p: BigUint,
    q: BigUint,
}

/// A DSA key.
pub struct Dsa {
    p: BigUint,
    q: BigUint,
    g: BigUint,
    y: BigUint,
    x: BigUint,
}

/// The identifiers of algorithms and curves, as they are written in DER.
mod oid {
    pub const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    pub const SHA256_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
    pub const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
    pub const SHA256_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    pub const SHA384_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3];
    pub const SHA512_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4];
    pub const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    pub const P384: &[u8] = &[0x2b, 0x81, 4, 0, 34];
    pub const P521: &[u8] = &[0x2b, 0x81, 4, 0, 35];
    pub const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
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
            return PrivateKey::Rsa(Box::new(Rsa { n: &p * &q, e, d, p, q }));
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

impl PrivateKey {
    /// sprig: crypto.go `pemBlockForKey`.
    pub fn to_pem(&self) -> String {
        let (kind, bytes) = match self {
            PrivateKey::Rsa(key) => ("RSA PRIVATE KEY", key.to_pkcs1()),
            PrivateKey::Dsa(key) => {
                let numbers = [&BigUint::ZERO, &key.p, &key.q, &key.g, &key.y, &key.x];
                ("DSA PRIVATE KEY", sequence(&numbers.map(integer)))
            }
            PrivateKey::Ed25519(key) => {
                let seed = element(der::OCTET_STRING, &element(der::OCTET_STRING, key.as_bytes()));
                let name = sequence(&[element(der::OID, oid::ED25519)]);
                ("PRIVATE KEY", sequence(&[integer(&BigUint::ZERO), name, seed]))
            }
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

    /// The public key as certificates hold it, without its algorithm; `None` for DSA.
    pub fn public_bytes(&self) -> Option<Vec<u8>> {
        Some(match self {
            PrivateKey::Rsa(key) => sequence(&[integer(&key.n), integer(&key.e)]),
            PrivateKey::Dsa(_) => return None,
            PrivateKey::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            PrivateKey::P384(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            PrivateKey::P521(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            PrivateKey::Ed25519(key) => key.verifying_key().to_bytes().to_vec(),
        })
    }

    /// The public key with its algorithm; `None` for DSA. Go: x509.go `marshalPublicKey`.
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
            PrivateKey::P256(_) | PrivateKey::Dsa(_) => oid::SHA256_EC,
        };
        sequence(&[element(der::OID, name)])
    }

    /// Signs for a certificate; `None` where the key cannot.
    pub fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        use p256::ecdsa::signature::hazmat::PrehashSigner;
        match self {
            PrivateKey::Rsa(key) => key.sign(message),
            PrivateKey::Dsa(_) => None,
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
        let numbers = [&BigUint::ZERO, &self.n, &self.e, &self.d, &self.p, &self.q, &dp, &dq, &inverse];
        sequence(&numbers.map(integer))
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
        // By the two primes apart, which takes a quarter of the time (Garner).
        let by_p = padded.modpow(&(&self.d % (&self.p - 1_u8)), &self.p);
        let by_q = padded.modpow(&(&self.d % (&self.q - 1_u8)), &self.q);
        let inverse = self.q.modinv(&self.p)?;
        let difference = (&by_p + &self.p - &by_q % &self.p) * inverse % &self.p;
        let signature = (by_q + difference * &self.q).to_bytes_be();
        Some([vec![0; length.saturating_sub(signature.len())], signature].concat())
    }
}

/// What Go's `asn1` says of most texts that are not what they should be.
const MALFORMED: &str = "asn1: structure error: tags don't match";

/// sprig: crypto.go `parsePrivateKeyPEM`; the error is Go's text where the fault is not deep inside the DER.
pub fn parse_pem(text: &[u8]) -> Result<PrivateKey, String> {
    let pem = Pem::find(text).ok_or("no PEM data in input")?;
    if pem.kind == "PRIVATE KEY" {
        return parse_pkcs8(&pem.bytes).map_err(|error| format!("decoding PEM as PKCS#8: {error}"));
    }
    let Some(kind) = pem.kind.strip_suffix(" PRIVATE KEY") else {
        return Err(format!("no private key data in PEM block of type {}", pem.kind));
    };
    match kind {
        "RSA" => {
            parse_pkcs1(&pem.bytes).map_err(|error| format!("parsing RSA private key from PEM: {error}"))
        }
        "EC" => {
            parse_sec1(None, &pem.bytes).map_err(|error| format!("parsing EC private key from PEM: {error}"))
        }
        "DSA" => read_dsa(&pem.bytes).ok_or_else(|| format!("parsing DSA private key from PEM: {MALFORMED}")),
        _ => Err(format!("invalid private key type {}", pem.kind)),
    }
}

fn read_dsa(bytes: &[u8]) -> Option<PrivateKey> {
    let mut fields = Reader(bytes).sequence()?;
    fields.integer()?;
    let mut next = || fields.integer();
    let (p, q, g, y, x) = (next()?, next()?, next()?, next()?, next()?);
    Some(PrivateKey::Dsa(Box::new(Dsa { p, q, g, y, x })))
}

/// The version and the first field of a sequence, which tell the formats apart.
fn format_of(bytes: &[u8]) -> Option<&'static str> {
    let mut fields = Reader(bytes).sequence()?;
    fields.integer()?;
    Some(match fields.next()?.tag {
        der::SEQUENCE => "ParsePKCS8PrivateKey",
        der::OCTET_STRING => "ParseECPrivateKey",
        der::INTEGER => "ParsePKCS1PrivateKey",
        _ => return None,
    })
}

/// What Go says when the key is in another format, or in none.
fn other_format(bytes: &[u8], wanted: &str) -> String {
    match format_of(bytes) {
        Some(found) if found != wanted => {
            format!("x509: failed to parse private key (use {found} instead for this key format)")
        }
        _ => MALFORMED.to_owned(),
    }
}

/// Go: `x509.ParsePKCS1PrivateKey`.
fn parse_pkcs1(bytes: &[u8]) -> Result<PrivateKey, String> {
    let key = read_pkcs1(bytes).ok_or_else(|| other_format(bytes, "ParsePKCS1PrivateKey"))?;
    if [&key.n, &key.d, &key.p, &key.q].contains(&&BigUint::ZERO) {
        return Err("x509: private key contains zero or negative value".into());
    }
    if key.n != &key.p * &key.q {
        return Err("crypto/rsa: p * q != n".into());
    }
    let inverts =
        |prime: &BigUint| *prime > one() && (&key.d * &key.e) % (prime - 1_u8) == one() % (prime - 1_u8);
    if !inverts(&key.p) || !inverts(&key.q) {
        return Err("crypto/rsa: invalid private exponent".into());
    }
    if key.n.bits() < 1024 {
        return Err(format!(
            "crypto/rsa: {}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)",
            key.n.bits()
        ));
    }
    Ok(PrivateKey::Rsa(Box::new(key)))
}

fn read_pkcs1(bytes: &[u8]) -> Option<Rsa> {
    let mut fields = Reader(bytes).sequence()?;
    fields.integer()?;
    let mut next = || fields.integer();
    let (n, e, d, p, q) = (next()?, next()?, next()?, next()?, next()?);
    Some(Rsa { n, e, d, p, q })
}

/// Go: x509 `parseECPrivateKey`: the curve is named inside, or by PKCS#8.
fn parse_sec1(curve: Option<&[u8]>, bytes: &[u8]) -> Result<PrivateKey, String> {
    let (scalar, named) = read_sec1(bytes).ok_or_else(|| match format_of(bytes) {
        Some("ParseECPrivateKey") | None => format!("x509: failed to parse EC private key: {MALFORMED}"),
        _ => other_format(bytes, "ParseECPrivateKey"),
    })?;
    let length = match curve.or(named) {
        Some(oid::P256) => 32,
        Some(oid::P384) => 48,
        Some(oid::P521) => 66,
        _ => return Err("x509: unknown elliptic curve".into()),
    };
    // Some tools cut leading zeros, others write too many.
    let significant = &scalar[scalar.iter().take_while(|byte| **byte == 0).count()..];
    if significant.len() > length {
        return Err("x509: invalid elliptic curve private key value".into());
    }
    let scalar = [vec![0; length - significant.len()], significant.to_vec()].concat();
    let key = match length {
        32 => p256::ecdsa::SigningKey::from_slice(&scalar).ok().map(PrivateKey::P256),
        48 => p384::ecdsa::SigningKey::from_slice(&scalar).ok().map(PrivateKey::P384),
        _ => p521::ecdsa::SigningKey::from_slice(&scalar).ok().map(PrivateKey::P521),
    };
    key.ok_or_else(|| "x509: invalid elliptic curve private key value".to_owned())
}

fn read_sec1(bytes: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let mut fields = Reader(bytes).sequence()?;
    fields.integer()?;
    let scalar = fields.expect(der::OCTET_STRING)?;
    let named = fields.expect(0xa0).and_then(|inner| Reader(inner).expect(der::OID));
    Some((scalar, named))
}

/// Go: `x509.ParsePKCS8PrivateKey`.
fn parse_pkcs8(bytes: &[u8]) -> Result<PrivateKey, String> {
    let (name, parameters, key) =
        read_pkcs8(bytes).ok_or_else(|| other_format(bytes, "ParsePKCS8PrivateKey"))?;
    let embedded = |kind: &str, error: String| {
        format!("x509: failed to parse {kind} private key embedded in PKCS#8: {error}")
    };
    match name {
        oid::RSA => parse_pkcs1(key).map_err(|error| embedded("RSA", error)),
        oid::EC => {
            let curve = Reader(parameters).expect(der::OID);
            parse_sec1(curve, key).map_err(|error| embedded("EC", error))
        }
        oid::ED25519 => {
            let seed = Reader(key).expect(der::OCTET_STRING).unwrap_or_default();
            let seed: [u8; 32] = seed
                .try_into()
                .map_err(|_| format!("x509: invalid Ed25519 private key length: {}", seed.len()))?;
            Ok(PrivateKey::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&seed))))
        }
        other => Err(format!(
            "x509: PKCS#8 wrapping contained private key with unknown algorithm: {}",
            dotted(other)
        )),
    }
}

fn read_pkcs8(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let mut fields = Reader(bytes).sequence()?;
    fields.integer()?;
    let mut name = fields.sequence()?;
    let identifier = name.expect(der::OID)?;
    Some((identifier, name.0, fields.expect(der::OCTET_STRING)?))
}

/// An object identifier as people write it.
fn dotted(bytes: &[u8]) -> String {
    let mut numbers: Vec<u64> = Vec::new();
    let mut number = 0_u64;
    for byte in bytes {
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            if numbers.is_empty() {
                let first = (number / 40).min(2);
                numbers.push(first);
                number -= first * 40;
            }
            numbers.push(number);
            number = 0;
        }
    }
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}
