//! [`Material`]: the numbers of a public key, as they stand in its packet, and whether they fit a signature's. The arithmetic is
//! that of RustCrypto's crates, of which each is asked for one algorithm.
//!
//! Source: ProtonMail go-crypto openpgp/packet public_key.go `parseRSA` and its sisters, `VerifySignature`; openpgp/ecdsa, eddsa,
//! ed25519, ed448.

use crypto_bigint::BoxedUint;
use dsa::signature::hazmat::PrehashVerifier as _;
use ed25519_dalek::Verifier as _;

use super::bytes::Bytes;
use super::hash::Hash;
use super::openpgp::Error;

/// The numbers of algorithms. Go: openpgp/packet packet.go `PublicKeyAlgorithm`.
pub mod algorithm {
    pub(in crate::signing) const RSA: u8 = 1;
    pub(in crate::signing) const RSA_ENCRYPT_ONLY: u8 = 2;
    pub(in crate::signing) const RSA_SIGN_ONLY: u8 = 3;
    pub(in crate::signing) const ELGAMAL: u8 = 16;
    pub(in crate::signing) const DSA: u8 = 17;
    pub(in crate::signing) const ECDH: u8 = 18;
    pub(in crate::signing) const ECDSA: u8 = 19;
    /// EdDSA as GnuPG writes it, whose signatures are two numbers.
    pub const EDDSA: u8 = 22;
    pub(in crate::signing) const X25519: u8 = 25;
    pub(in crate::signing) const X448: u8 = 26;
    /// Ed25519 of RFC 9580, whose signatures are plain bytes.
    pub const ED25519: u8 = 27;
    /// Ed448 of RFC 9580.
    pub const ED448: u8 = 28;

    /// Whether such keys sign.
    pub fn can_sign(algorithm: u8) -> bool {
        matches!(algorithm, RSA | RSA_SIGN_ONLY | DSA | ECDSA | EDDSA | ED25519 | ED448)
    }

    /// How many numbers its signatures are; none where they are plain bytes.
    pub fn signature_numbers(algorithm: u8) -> usize {
        match algorithm {
            RSA | RSA_SIGN_ONLY => 1,
            DSA | ECDSA | EDDSA => 2,
            _ => 0,
        }
    }
}

/// The bits of an RSA key: the fewest as Go has it since 1.24, the most for the time that a check takes.
const RSA_BITS: std::ops::RangeInclusive<usize> = 1024..=16384;
/// The most bits of a DSA key and of its subgroup. NIST's are 3072 and 256; the time of a check grows with them.
const DSA_BITS: [u32; 2] = [4096, 512];
/// The fewest bits of a subgroup, as Go has it for a secret key.
const DSA_LEAST: u32 = 150;

/// A curve of ECDSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// NIST's with 256 bits.
    P256,
    /// NIST's with 384 bits.
    P384,
    /// NIST's with 521 bits.
    P521,
    /// secp256k1.
    K256,
}

/// The names of curves. Go: openpgp/internal/ecc curve_info.go.
mod oid {
    pub const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    pub const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
    pub const P521: &[u8] = &[0x2b, 0x81, 4, 0, 0x23];
    pub const K256: &[u8] = &[0x2b, 0x81, 4, 0, 0x0a];
    pub const CURVE25519: &[u8] = &[0x2b, 6, 1, 4, 1, 0x97, 0x55, 1, 5, 1];
    pub const X448: &[u8] = &[0x2b, 0x65, 0x6f];
    pub const ED25519: &[u8] = &[0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1];
    pub const BRAINPOOL: [&[u8]; 3] = [
        &[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7],
        &[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 0x0b],
        &[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 0x0d],
    ];
}

/// Does the same with whichever crate has the curve.
macro_rules! on_curve {
    ($curve:expr, $crate_name:ident => $body:expr) => {
        match $curve {
            Curve::P256 => {
                use p256 as $crate_name;
                $body
            }
            Curve::P384 => {
                use p384 as $crate_name;
                $body
            }
            Curve::P521 => {
                use p521 as $crate_name;
                $body
            }
            Curve::K256 => {
                use k256 as $crate_name;
                $body
            }
        }
    };
}
pub(super) use on_curve;

/// The numbers of a public key.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the numbers have their names from the algorithms")]
pub enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    Dsa {
        p: Vec<u8>,
        q: Vec<u8>,
        g: Vec<u8>,
        y: Vec<u8>,
    },
    Ecdsa {
        curve: Curve,
        point: Vec<u8>,
    },
    EdDsa {
        point: [u8; 32],
    },
    Ed25519 {
        point: [u8; 32],
    },
    Ed448 {
        point: [u8; 57],
    },
    /// A key that encrypts, of which nothing is needed.
    Encrypts,
}

/// The numbers of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// Integers of any length, one or two of them.
    Integers(Vec<Vec<u8>>),
    /// Plain bytes.
    Plain(Vec<u8>),
}

impl Numbers {
    /// Two integers.
    fn two(&self) -> Option<[&[u8]; 2]> {
        match self {
            Numbers::Integers(numbers) => match &numbers[..] {
                [r, s] => Some([r, s]),
                _ => None,
            },
            Numbers::Plain(_) => None,
        }
    }
}

impl Material {
    /// The numbers of a key of that version and algorithm, which stand in front of these bytes.
    pub fn parse(version: u8, algorithm: u8, bytes: &mut Bytes<'_>) -> Result<Material, Error> {
        let owned = <[u8]>::to_vec;
        Ok(match algorithm {
            algorithm::RSA | algorithm::RSA_ENCRYPT_ONLY | algorithm::RSA_SIGN_ONLY => {
                let (n, e) = (owned(bytes.integer()?), owned(bytes.integer()?));
                if e.len() > 3 {
                    return Err(Error::unsupported("large public exponent"));
                }
                Material::Rsa { n, e }
            }
            algorithm::DSA => {
                let mut number = || bytes.integer().map(owned);
                let (p, q, g, y) = (number()?, number()?, number()?, number()?);
                if bits(&p) > DSA_BITS[0] || bits(&q) > DSA_BITS[1] {
                    return Err(Error::unsupported(format!("DSA keys of {} bits", bits(&p))));
                }
                Material::Dsa { p, q, g, y }
            }
            algorithm::ELGAMAL => {
                for _ in 0..3 {
                    bytes.integer()?;
                }
                Material::Encrypts
            }
            algorithm::ECDSA => ecdsa(bytes)?,
            algorithm::ECDH => ecdh(version, bytes)?,
            algorithm::EDDSA => eddsa(version, bytes)?,
            algorithm::X25519 | algorithm::X448 => {
                bytes.take(if algorithm == algorithm::X448 { 56 } else { 32 })?;
                Material::Encrypts
            }
            algorithm::ED25519 => Material::Ed25519 { point: array(bytes.take(32)?) },
            algorithm::ED448 => Material::Ed448 { point: array(bytes.take(57)?) },
            other => return Err(Error::unsupported(format!("public key type: {other}"))),
        })
    }

    /// Whether the signature's numbers fit the digest. Go: `VerifySignature`, from where the digest is made.
    pub fn verify(&self, hash: Hash, digest: &[u8], signature: &Numbers) -> Result<(), Error> {
        let (name, fits) = match self {
            Material::Rsa { n, e } => ("RSA", rsa_fits(n, e, hash, digest, signature)),
            Material::Dsa { p, q, g, y } => {
                ("DSA", dsa_fits([p, q, g, y], self.truncated(digest), signature))
            }
            Material::Ecdsa { curve, point } => ("ECDSA", ecdsa_fits(*curve, point, digest, signature)),
            Material::EdDsa { point } => {
                let bytes =
                    signature.two().and_then(|[r, s]| Some([padded(r, 32)?, padded(s, 32)?].concat()));
                ("EdDSA", bytes.and_then(|bytes| ed25519_fits(point, digest, &bytes)))
            }
            Material::Ed25519 { point } => match signature {
                Numbers::Plain(bytes) => ("Ed25519", ed25519_fits(point, digest, bytes)),
                Numbers::Integers(_) => ("Ed25519", None),
            },
            Material::Ed448 { point } => match signature {
                Numbers::Plain(bytes) => ("ed448", ed448_fits(point, digest, bytes)),
                Numbers::Integers(_) => ("ed448", None),
            },
            Material::Encrypts => {
                return Err(Error::Argument("public key cannot generate signatures".to_owned()));
            }
        };
        fits.ok_or_else(|| Error::Signature(format!("{name} verification failure")))
    }

    /// As much of a digest as the algorithm takes: FIPS 186-3 section 4.6.
    pub fn truncated<'a>(&self, digest: &'a [u8]) -> &'a [u8] {
        match self {
            Material::Dsa { q, .. } => &digest[..digest.len().min(bits(q).div_ceil(8) as usize)],
            _ => digest,
        }
    }
}

/// Go: `parseECDSA`.
fn ecdsa(bytes: &mut Bytes<'_>) -> Result<Material, Error> {
    let name = bytes.short()?;
    let curve = match name {
        oid::P256 => Curve::P256,
        oid::P384 => Curve::P384,
        oid::P521 => Curve::P521,
        oid::K256 => Curve::K256,
        _ => return Err(unknown(name)),
    };
    let point = bytes.integer()?;
    // Go takes no point in its short form.
    let is_point = point.first() == Some(&4)
        && on_curve!(curve, curve => curve::PublicKey::from_sec1_bytes(point).is_ok());
    match is_point {
        true => Ok(Material::Ecdsa { curve, point: point.to_vec() }),
        false => Err(Error::Numbers("ecdsa: failed to parse EC point")),
    }
}

/// Go: `parseEdDSA`.
fn eddsa(version: u8, bytes: &mut Bytes<'_>) -> Result<Material, Error> {
    if version == 6 {
        return Err(Error::structural("cannot generate v6 key with deprecated algorithm: EdDSALegacy"));
    }
    let name = bytes.short()?;
    if name != oid::ED25519 {
        return Err(unknown(name));
    }
    match bytes.integer()? {
        [] => Err(Error::structural("empty EdDSA public key")),
        [0x40, point @ ..] => match point.try_into() {
            Ok(point) => Ok(Material::EdDsa { point }),
            Err(_) => Err(Error::Numbers("eddsa: failed to parse EC point")),
        },
        [flag, ..] => Err(Error::unsupported(format!("unsupported EdDSA compression: {flag}"))),
    }
}

/// Looks at a key of ECDH as Go does, since one that Go refuses ends the keyring. Go: `parseECDH`.
fn ecdh(version: u8, bytes: &mut Bytes<'_>) -> Result<Material, Error> {
    let name = bytes.short()?;
    let length = match name {
        oid::CURVE25519 if version == 6 => {
            return Err(Error::structural("cannot read v6 key with deprecated OID: Curve25519Legacy"));
        }
        oid::CURVE25519 => Some(33),
        oid::X448 => Some(57),
        oid::P256 | oid::P384 | oid::P521 | oid::K256 => None,
        _ if oid::BRAINPOOL.contains(&name) => None,
        _ => return Err(unknown(name)),
    };
    let point = bytes.integer()?;
    let &[reserved, hash, cipher, ..] = bytes.short()? else {
        return Err(Error::unsupported("unsupported ECDH KDF length"));
    };
    if reserved != 1 {
        return Err(Error::unsupported(format!("unsupported KDF reserved field: {reserved}")));
    }
    if Hash::of(hash).is_none_or(|hash| hash == Hash::Sha1) {
        return Err(Error::unsupported(format!("unsupported ECDH KDF hash: {hash}")));
    }
    if !matches!(cipher, 2 | 3 | 7..=9) {
        return Err(Error::unsupported(format!("unsupported ECDH KDF cipher: {cipher}")));
    }
    match length.is_none_or(|length| length == point.len()) {
        true => Ok(Material::Encrypts),
        false => Err(Error::Numbers("ecdh: failed to parse EC point")),
    }
}

fn unknown(name: &[u8]) -> Error {
    Error::unsupported(format!("unknown oid: {}", hex::encode(name)))
}

/// The public key of these numbers, if they are such.
pub(super) fn rsa_key(n: &[u8], e: &[u8]) -> Option<rsa::PublicKey> {
    let [n, e] = [n, e].map(integer);
    rsa::PublicKey::new_with_size_limits(n, e, RSA_BITS).ok()
}

fn rsa_fits(n: &[u8], e: &[u8], hash: Hash, digest: &[u8], signature: &Numbers) -> Option<()> {
    let Numbers::Integers(numbers) = signature else { return None };
    // Zeros in front may be missing. Go: `padToKeySize`.
    let length = bits(n).div_ceil(8) as usize;
    let signature = padded(numbers.first()?, length)?;
    rsa_key(n, e)?.verify(hash.padding(), digest, &signature).ok()
}

/// The public key of p, q, g and y, if they are such.
pub(super) fn dsa_key([p, q, g, y]: [&[u8]; 4]) -> Option<dsa::VerifyingKey> {
    // Each number has the room of the prime, as the crate wants it. Go takes subgroups of whole bytes alone.
    if bits(q) < DSA_LEAST || !bits(q).is_multiple_of(8) || bits(p) <= bits(q) {
        return None;
    }
    let room = integer(p).bits_precision();
    let [p, g, y] = [p, g, y].map(|number| sized(number, room));
    let (p, g, y) = (p?, g?, y?);
    if y >= p {
        return None;
    }
    let components = dsa::Components::from_components_unchecked(p, integer(q), g).ok()?;
    dsa::VerifyingKey::from_components(components, y).ok()
}

fn dsa_fits(key: [&[u8]; 4], digest: &[u8], signature: &Numbers) -> Option<()> {
    let [r, s] = signature.two()?;
    let room = integer(key[1]).bits_precision();
    let signature = dsa::Signature::from_components(sized(r, room)?, sized(s, room)?)?;
    dsa_key(key)?.verify_prehash(digest, &signature).ok()
}

fn ecdsa_fits(curve: Curve, point: &[u8], digest: &[u8], signature: &Numbers) -> Option<()> {
    let [r, s] = signature.two()?;
    on_curve!(curve, curve => {
        // Of one curve the smaller s alone is taken, as is the custom where it is used for money; both fit or none does.
        let [r, s] = [number_of::<curve::FieldBytes>(r)?, number_of::<curve::FieldBytes>(s)?];
        let signature = curve::ecdsa::Signature::from_scalars(r, s).ok()?.normalize_s();
        let is_long = digest.len() >= curve::FieldBytes::default().len().min(64);
        let key = curve::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
        is_long.then(|| key.verify_prehash(digest, &signature).ok())?
    })
}

/// The bytes of a number with zeros in front.
pub(super) fn number_of<B: Default + AsMut<[u8]>>(number: &[u8]) -> Option<B> {
    let mut bytes = B::default();
    let length = bytes.as_mut().len();
    bytes.as_mut().copy_from_slice(&padded(number, length)?);
    Some(bytes)
}

fn ed25519_fits(point: &[u8; 32], digest: &[u8], signature: &[u8]) -> Option<()> {
    let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(point).ok()?;
    (digest.len() >= 32).then(|| key.verify(digest, &signature).ok())?
}

fn ed448_fits(point: &[u8; 57], digest: &[u8], signature: &[u8]) -> Option<()> {
    let signature = ed448_goldilocks::Signature::from_slice(signature).ok()?;
    let key = ed448_goldilocks::VerifyingKey::from_bytes(point).ok()?;
    (digest.len() >= 64).then(|| key.verify_raw(&signature, digest).ok())?
}

/// How many bits the number has, zeros in front left out.
fn bits(number: &[u8]) -> u32 {
    let number = trimmed(number);
    number.first().map_or(0, |first| number.len() as u32 * 8 - first.leading_zeros())
}

/// The number without zeros in front.
pub(super) fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

/// The number with zeros in front, so that it is so long; none where it is longer.
pub(super) fn padded(number: &[u8], length: usize) -> Option<Vec<u8>> {
    let number = trimmed(number);
    let zeros = length.checked_sub(number.len())?;
    Some([&vec![0; zeros], number].concat())
}

/// The number with the room that it needs.
pub(super) fn integer(number: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(trimmed(number))
}

/// The number with so much room, if it is enough.
fn sized(number: &[u8], bits: u32) -> Option<BoxedUint> {
    BoxedUint::from_be_slice(trimmed(number), bits).ok()
}

/// Bytes whose number is known.
fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(bytes);
    array
}
