//! [`Signature`]: a signature packet, what it says of itself, and whether it fits.
//!
//! Source: ProtonMail go-crypto openpgp/packet signature.go. The bytes that a signature signs of itself are kept as they came,
//! so nothing is lost by what is not understood of them.

use super::bytes::Bytes;
use super::hash::Hash;
use super::material::{Numbers, algorithm};
use super::openpgp::Error;
use super::public::PublicKey;

/// What a signature is about. Go: openpgp/packet packet.go `SignatureType`.
pub mod kind {
    /// A document, byte for byte.
    pub const BINARY: u8 = 0x00;
    /// A text, however its lines end.
    pub const TEXT: u8 = 0x01;
    /// A user ID is that key's: four degrees of certainty.
    pub const CERTIFICATIONS: std::ops::RangeInclusive<u8> = 0x10..=0x13;
    /// A subkey belongs to that key.
    pub const SUBKEY_BINDING: u8 = 0x18;
    /// The key is the subkey's: the other direction.
    pub const PRIMARY_KEY_BINDING: u8 = 0x19;
    /// About the key itself.
    pub const DIRECT: u8 = 0x1f;
    /// The key is no longer valid.
    pub const KEY_REVOCATION: u8 = 0x20;
    /// The subkey is no longer valid.
    pub const SUBKEY_REVOCATION: u8 = 0x28;
    /// The user ID is no longer that key's.
    pub const CERTIFICATION_REVOCATION: u8 = 0x30;
}

/// The parts of a signature that say something. Go: `signatureSubpacketType`.
pub(super) mod part {
    pub const CREATED: u8 = 2;
    pub const ISSUER: u8 = 16;
    pub const NOTATION: u8 = 20;
    pub const FINGERPRINT: u8 = 33;
}

/// What a key may be used for.
const CAN_SIGN: u8 = 2;
/// The reason of a revocation after which nothing that the key ever signed counts.
const COMPROMISED: u8 = 2;
/// How deep signatures may stand in signatures.
const MAX_DEPTH: usize = 4;

/// A signature.
#[derive(Clone, Debug)]
pub struct Signature {
    /// 4 or 6.
    pub version: u8,
    /// What it is about, of [`kind`].
    pub kind: u8,
    /// The algorithm's number.
    pub algorithm: u8,
    /// How the digest is made.
    pub hash: Hash,
    /// What it signs of itself, with what comes after it.
    suffix: Vec<u8>,
    /// The digest's beginning.
    tag: [u8; 2],
    salt: Vec<u8>,
    numbers: Numbers,
    /// What it says of itself.
    pub says: Says,
}

/// What a signature says of itself, as far as it matters here.
#[derive(Clone, Debug, Default)]
pub struct Says {
    /// When it was made, in seconds since 1970.
    pub created: u64,
    /// How many seconds it is valid; 0 is for ever.
    lifetime: u64,
    /// How many seconds the key is valid; 0 is for ever.
    pub key_lifetime: u64,
    /// The ID of the key that made it.
    pub issuer: Option<u64>,
    fingerprint: Vec<u8>,
    /// Whether the user ID is the main one.
    pub is_primary: bool,
    /// What the key is for, if that is said.
    flags: Option<u8>,
    /// A statement that must be understood.
    pub critical_notation: Option<String>,
    reason: Option<u8>,
    embedded: Option<Box<Signature>>,
}

impl Signature {
    /// Takes the body of a packet apart.
    pub fn parse(body: &[u8]) -> Result<Signature, Error> {
        Signature::parse_at(body, 0)
    }

    fn parse_at(body: &[u8], depth: usize) -> Result<Signature, Error> {
        let mut bytes = Bytes(body);
        let version = bytes.byte()?;
        let width = match version {
            4 => 2,
            6 => 4,
            5 => {
                let text = "support for parsing v5 entities is disabled; build with `-tags v5` if needed";
                return Err(Error::unsupported(text));
            }
            version => return Err(Error::unsupported(format!("signature packet version {version}"))),
        };
        let head = bytes.take(3)?;
        let (kind, algorithm) = (head[0], head[1]);
        let length = bytes.number(width)?;
        if !algorithm::can_sign(algorithm) {
            return Err(Error::unsupported(format!("public key algorithm {algorithm}")));
        }
        let hash = hash(head[2], version)?;
        let own = bytes.take(length)?;
        let mut says = Says::default();
        let mut dated = false;
        says.read(own, true, depth, version, &mut dated)?;
        if !dated {
            return Err(Error::structural("no creation time in signature"));
        }
        let length = bytes.number(width)?;
        says.read(bytes.take(length)?, false, depth, version, &mut dated)?;
        let tag = [bytes.byte()?, bytes.byte()?];
        let salt = if version == 6 { salt(&mut bytes, hash)? } else { Vec::new() };
        let numbers = numbers(&mut bytes, algorithm)?;
        let suffix = suffix(version, &body[..1 + 3 + width + own.len()]);
        Ok(Signature { version, kind, algorithm, hash, suffix, tag, salt, numbers, says })
    }

    /// Whether the key made it over these parts. Go: openpgp/packet public_key.go `VerifySignature`.
    pub fn verify(&self, key: &PublicKey, parts: &[&[u8]]) -> Result<(), Error> {
        if !algorithm::can_sign(key.algorithm) {
            return Err(Error::Argument("public key cannot generate signatures".to_owned()));
        }
        let parts = [&[&self.salt[..]], parts, &[&self.suffix[..]]].concat();
        let digest = self.hash.digest(parts.into_iter())?;
        if self.version == 6 && digest[..2] != self.tag {
            return Err(Error::Signature("hash tag doesn't match".to_owned()));
        }
        if key.algorithm != self.algorithm {
            return Err(Error::Argument("public key and signature use different algorithms".to_owned()));
        }
        key.verify(self.hash, &digest, &self.numbers)
    }

    /// Whether the key made it over a subkey of its own, and a signing subkey agrees. Go: `VerifyKeySignature`.
    pub fn verify_subkey(&self, key: &PublicKey, subkey: &PublicKey) -> Result<(), Error> {
        let (first, second) = (key.hashed(), subkey.hashed());
        self.verify(key, &[&first, &second])?;
        if !self.lets_sign() {
            return Ok(());
        }
        let missing = || Error::structural("signing subkey is missing cross-signature");
        let cross = self.says.embedded.as_ref().ok_or_else(missing)?;
        cross
            .verify(subkey, &[&first, &second])
            .map_err(|error| Error::structural(format!("error while verifying cross-signature: {error}")))
    }

    /// Whether it says that this key made it. Go: `CheckKeyIdOrFingerprint`.
    pub fn names(&self, key: &PublicKey) -> bool {
        match self.says.fingerprint.is_empty() {
            false => self.says.fingerprint == key.fingerprint,
            true => self.says.issuer == Some(key.id),
        }
    }

    /// Whether it says that the key may sign.
    pub fn lets_sign(&self) -> bool {
        self.says.flags.is_some_and(|flags| flags & CAN_SIGN != 0)
    }

    /// The signature of the other direction in that of a subkey.
    pub fn cross(&self) -> Option<&Signature> {
        self.says.embedded.as_deref()
    }

    /// Whether it has expired or is from the future. Go: `SigExpired`.
    pub fn is_expired(&self, now: u64) -> bool {
        let Says { created, lifetime, .. } = self.says;
        created > now || (lifetime != 0 && now > created + lifetime)
    }

    /// Whether it, a revocation, revokes. Go: openpgp keys.go `revoked`.
    pub fn revokes(&self, now: u64) -> bool {
        self.says.reason == Some(COMPROMISED) || !self.is_expired(now)
    }
}

impl Says {
    /// Reads parts. Of those that are not signed only the ones count that say who signed. Go: `parseSignatureSubpacket`.
    fn read(
        &mut self,
        parts: &[u8],
        signed: bool,
        depth: usize,
        version: u8,
        dated: &mut bool,
    ) -> Result<(), Error> {
        let truncated = |_| Error::structural("signature subpacket truncated");
        let mut bytes = Bytes(parts);
        while !bytes.0.is_empty() {
            let length = match usize::from(bytes.byte()?) {
                first @ 0..192 => first,
                255 => bytes.number(4).map_err(truncated)?,
                first => ((first - 192) << 8) + bytes.number(1).map_err(truncated)? + 192,
            };
            let mut part = Bytes(bytes.take(length).map_err(truncated)?);
            let empty = |_| Error::structural("zero length signature subpacket");
            let kind = part.byte().map_err(empty)?;
            let (kind, critical, text) = (kind & 0x7f, kind & 0x80 != 0, part.0);
            let names = matches!(kind, part::ISSUER | part::FINGERPRINT | 32);
            if signed || names {
                *dated |= kind == part::CREATED;
                self.take(kind, critical, text, Of { signed, depth, version })?;
            }
        }
        Ok(())
    }

    fn take(&mut self, kind: u8, critical: bool, text: &[u8], of: Of) -> Result<(), Error> {
        let bad = |what: &str| Error::structural(what);
        let four = |what: &str| match text.len() {
            4 => Bytes(text).number(4).map(|number| number as u64),
            _ => Err(bad(what)),
        };
        match kind {
            part::CREATED => self.created = four("signature creation time not four bytes")?,
            3 => self.lifetime = four("expiration subpacket with bad length")?,
            4 if text.first() == Some(&0) => {
                return Err(Error::unsupported("signature with non-exportable certification"));
            }
            5 if text.len() != 2 => return Err(bad("trust subpacket with bad length")),
            6 if text.is_empty() => return Err(bad("regexp subpacket with bad length")),
            6 if text.last() != Some(&0) => {
                return Err(bad("expected regular expression to be null-terminated"));
            }
            9 => self.key_lifetime = four("key expiration subpacket with bad length")?,
            part::ISSUER if of.version > 4 && of.signed => {
                return Err(bad("issuer subpacket found in v6 key"));
            }
            part::ISSUER if text.len() != 8 => return Err(bad("issuer subpacket with bad length")),
            part::ISSUER if of.version == 4 => self.issuer = Some(id(text)),
            part::NOTATION => self.take_notation(text, critical)?,
            25 if text.len() != 1 => return Err(bad("primary user id subpacket with bad length")),
            25 => self.is_primary = text[0] > 0,
            27 => self.flags = Some(text.first().copied().unwrap_or(0)),
            29 => self.reason = Some(*text.first().ok_or_else(|| bad("empty revocation reason subpacket"))?),
            32 => self.take_embedded(text, of.depth)?,
            part::FINGERPRINT => {
                let (&version, fingerprint) =
                    text.split_first().ok_or_else(|| bad("empty issuer fingerprint subpacket"))?;
                self.issuer = Some(match (version, fingerprint.len()) {
                    (5.., 32) => id(&fingerprint[..8]),
                    (..5, 20) => id(&fingerprint[12..]),
                    _ => return Err(bad("bad fingerprint length")),
                });
                fingerprint.clone_into(&mut self.fingerprint);
            }
            4..=6 | 11 | 16 | 21..=24 | 26 | 28 | 30 | 35 | 39 => {}
            kind if critical => {
                return Err(Error::unsupported(format!("unknown critical signature subpacket type {kind}")));
            }
            _ => {}
        }
        Ok(())
    }

    fn take_notation(&mut self, text: &[u8], critical: bool) -> Result<(), Error> {
        let bad = || Error::structural("notation data subpacket with bad length");
        let (head, rest) = text.split_at_checked(8).ok_or_else(bad)?;
        let [name, value] = [4, 6].map(|at| usize::from(u16::from_be_bytes([head[at], head[at + 1]])));
        if rest.len() != name + value {
            return Err(bad());
        }
        if critical && self.critical_notation.is_none() {
            self.critical_notation = Some(String::from_utf8_lossy(&rest[..name]).into_owned());
        }
        Ok(())
    }

    fn take_embedded(&mut self, text: &[u8], depth: usize) -> Result<(), Error> {
        if self.embedded.is_some() {
            return Err(Error::structural("Cannot have multiple embedded signatures"));
        }
        if depth == MAX_DEPTH {
            return Err(Error::structural("signatures in signatures in signatures"));
        }
        let embedded = Signature::parse_at(text, depth + 1)?;
        if embedded.kind != kind::PRIMARY_KEY_BINDING {
            let kind = embedded.kind;
            return Err(Error::structural(format!("cross-signature has unexpected type {kind}")));
        }
        self.embedded = Some(Box::new(embedded));
        Ok(())
    }
}

/// Where a part stands.
#[derive(Clone, Copy)]
struct Of {
    signed: bool,
    depth: usize,
    version: u8,
}

/// A key's ID from its eight bytes.
fn id(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |id, byte| id << 8 | u64::from(*byte))
}

/// The hash of that number. Go: openpgp/internal/algorithm hash.go.
fn hash(number: u8, version: u8) -> Result<Hash, Error> {
    let hash = Hash::of(number).filter(|hash| version == 4 || *hash != Hash::Sha1);
    hash.ok_or_else(|| Error::unsupported(format!("hash function {number}")))
}

/// What a signature signs of itself, then its version, a mark and the length of that. Go: `buildHashSuffix`.
pub(super) fn suffix(version: u8, own: &[u8]) -> Vec<u8> {
    [own, &[version, 0xff], &(own.len() as u32).to_be_bytes()].concat()
}

fn salt(bytes: &mut Bytes<'_>, hash: Hash) -> Result<Vec<u8>, Error> {
    let length = usize::from(bytes.byte()?);
    if hash.salt() != Some(length) {
        return Err(Error::structural("unexpected salt size for the given hash algorithm"));
    }
    Ok(bytes.take(length)?.to_vec())
}

fn numbers(bytes: &mut Bytes<'_>, algorithm: u8) -> Result<Numbers, Error> {
    match algorithm {
        algorithm::ED25519 => Ok(Numbers::Plain(bytes.take(64)?.to_vec())),
        algorithm::ED448 => Ok(Numbers::Plain(bytes.take(114)?.to_vec())),
        _ => {
            let count = algorithm::signature_numbers(algorithm);
            let numbers = (0..count).map(|_| bytes.integer().map(<[u8]>::to_vec));
            numbers.collect::<Result<_, _>>().map(Numbers::Integers)
        }
    }
}
