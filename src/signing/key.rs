//! [`Key`]: a key packet. rPGP reads the numbers in it, checks signatures with them, and opens and uses the secret ones; which
//! keys are taken at all is said here.
//!
//! Source: ProtonMail go-crypto openpgp/packet public_key.go, private_key.go.

use num_bigint::BigUint;
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{self, PacketHeader};
use pgp::types::{
    EcdsaPublicParams, EddsaLegacyPublicParams, KeyDetails, Mpi, Password, PublicParams, SignatureBytes,
    SigningKey, Tag, VerifyingKey,
};

use super::bytes::Bytes;
use super::openpgp::Error;

/// The numbers of algorithms. Go: openpgp/packet packet.go `PublicKeyAlgorithm`.
pub mod algorithm {
    pub(super) const RSA: u8 = 1;
    pub(super) const RSA_ENCRYPT_ONLY: u8 = 2;
    pub(super) const RSA_SIGN_ONLY: u8 = 3;
    pub(super) const ELGAMAL: u8 = 16;
    pub(super) const DSA: u8 = 17;
    pub(super) const ECDH: u8 = 18;
    pub(super) const ECDSA: u8 = 19;
    /// EdDSA as GnuPG writes it, whose signatures are two numbers.
    pub const EDDSA: u8 = 22;
    pub(super) const X25519: u8 = 25;
    pub(super) const X448: u8 = 26;
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

/// The fewest bits of an RSA key, as Go has it since 1.24.
const RSA_BITS: usize = 1024;
/// The most bits of a DSA key and of its subgroup. NIST's are 3072 and 256; the time of a check grows with them.
const DSA_BITS: [usize; 2] = [4096, 512];

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
    bits: [usize; 2],
    material: packet::PublicKey,
}

/// A key as it stands in a keyring.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its public half.
    pub public: PublicKey,
    /// Whether it belongs to a primary key.
    pub is_subkey: bool,
    /// Its secret half. Those of subkeys are never used and not read.
    pub secret: Option<SecretKey>,
}

/// The secret half of a primary key.
#[derive(Clone, Debug)]
pub enum SecretKey {
    /// Only a mark that there is one elsewhere.
    Dummy,
    /// The key itself, maybe locked.
    Here(Box<packet::SecretKey>),
}

impl Key {
    /// Takes the body of a packet apart.
    pub fn parse(body: &[u8], is_subkey: bool, secret: bool) -> Result<Key, Error> {
        let (public, rest) = PublicKey::parse(body)?;
        let secret = match secret && !is_subkey {
            true => Some(SecretKey::parse(body, rest, public.version)?),
            false => None,
        };
        Ok(Key { public, is_subkey, secret })
    }
}

impl PublicKey {
    /// The key as signatures about it hash it. Go: openpgp/packet public_key.go `SerializeForHash`.
    pub fn hashed(&self) -> Vec<u8> {
        let length = self.body.len() as u32;
        let mut text = match self.version {
            6 => [&[0x9b][..], &length.to_be_bytes()].concat(),
            _ => [&[0x99][..], &(length as u16).to_be_bytes()].concat(),
        };
        text.extend_from_slice(&self.body);
        text
    }

    /// The key at the beginning of a packet's body, and what follows it.
    fn parse(body: &[u8]) -> Result<(PublicKey, &[u8]), Error> {
        let mut bytes = Bytes(body);
        let version = bytes.byte()?;
        let created = bytes.number(4)? as u64;
        let algorithm = bytes.byte()?;
        match version {
            4 => {}
            6 => {
                bytes.number(4)?;
            }
            5 => {
                let text = "support for parsing v5 entities is disabled; build with `-tags v5` if needed";
                return Err(Error::unsupported(text));
            }
            version => return Err(Error::unsupported(format!("public key version {version}"))),
        }
        let bits = bits_of_numbers(algorithm, bytes)?;
        let header = PacketHeader::new_fixed(Tag::PublicKey, body.len() as u32);
        let mut rest = body;
        let material = packet::PublicKey::try_from_reader(header, &mut rest)
            .map_err(|error| Error::structural(error.to_string()))?;
        if let Some(curve) = unsupported_curve(material.public_params()) {
            return Err(Error::unsupported(format!("keys of the curve {curve}")));
        }
        let own = &body[..body.len() - rest.len()];
        if version == 4 && own.len() > usize::from(u16::MAX) {
            return Err(Error::structural("the key is too long"));
        }
        let fingerprint = material.fingerprint().as_bytes().to_vec();
        let id = match version {
            6 => &fingerprint[..8],
            _ => &fingerprint[fingerprint.len() - 8..],
        };
        let id = id.iter().fold(0, |id, byte| id << 8 | u64::from(*byte));
        let body = own.to_vec();
        Ok((PublicKey { version, created, algorithm, fingerprint, id, body, bits, material }, rest))
    }

    /// Whether the signature's numbers fit the digest. Go: `VerifySignature`, from where the digest is made.
    pub fn verify(
        &self,
        hash: HashAlgorithm,
        digest: &[u8],
        signature: &SignatureBytes,
    ) -> Result<(), Error> {
        let (name, fits) = match self.algorithm {
            algorithm::RSA | algorithm::RSA_SIGN_ONLY => ("RSA", self.bits[0] >= RSA_BITS),
            algorithm::DSA => ("DSA", true),
            algorithm::ECDSA => ("ECDSA", true),
            algorithm::EDDSA => ("EdDSA", true),
            algorithm::ED25519 => ("Ed25519", true),
            _ => ("ed448", true),
        };
        let signature = match self.material.public_params() {
            PublicParams::ECDSA(EcdsaPublicParams::Secp256k1 { .. }) => &with_low_s(signature),
            _ => signature,
        };
        match fits && self.material.verify(hash, self.truncated(digest), signature).is_ok() {
            true => Ok(()),
            false => Err(Error::Signature(format!("{name} verification failure"))),
        }
    }

    /// As much of a digest as the algorithm takes: FIPS 186-3 section 4.6.
    fn truncated<'a>(&self, digest: &'a [u8]) -> &'a [u8] {
        match self.algorithm {
            algorithm::DSA => &digest[..digest.len().min(self.bits[1].div_ceil(8))],
            _ => digest,
        }
    }
}

impl SecretKey {
    /// The secret half of a packet's body, whose end it is.
    fn parse(body: &[u8], rest: &[u8], version: u8) -> Result<SecretKey, Error> {
        let mut bytes = Bytes(rest);
        match bytes.byte()? {
            0 if version == 4 => check_sum(bytes.0)?,
            0 => {}
            253..=255 => {
                if version == 6 {
                    bytes.byte()?;
                }
                bytes.byte()?;
                if rest[0] == 253 {
                    bytes.byte()?;
                }
                if version == 6 {
                    bytes.byte()?;
                }
                if bytes.byte()? == GNU_EXTENSION {
                    bytes.byte()?;
                    return match bytes.take(4)? {
                        b"GNU\x01" => Ok(SecretKey::Dummy),
                        _ => Err(Error::unsupported("GNU S2K extension")),
                    };
                }
            }
            _ => return Err(Error::unsupported("deprecated s2k function in private key")),
        }
        let header = PacketHeader::new_fixed(Tag::SecretKey, body.len() as u32);
        packet::SecretKey::try_from_reader(header, body)
            .map(|key| SecretKey::Here(Box::new(key)))
            .map_err(|error| Error::structural(format!("private key: {error}")))
    }

    /// Whether it takes a passphrase to use it.
    pub fn is_locked(&self) -> bool {
        matches!(self, SecretKey::Here(key) if key.secret_params().is_encrypted())
    }

    /// Whether the passphrase opens it.
    pub fn unlock(&self, passphrase: &[u8]) -> Result<(), Error> {
        match self {
            SecretKey::Dummy => Ok(()),
            SecretKey::Here(key) => match key.unlock(&Password::from(passphrase), |_, _| Ok(())) {
                Ok(Ok(())) => Ok(()),
                _ => Err(Error::structural("private key checksum failure")),
            },
        }
    }

    /// The numbers of a signature of the digest.
    pub fn sign(
        &self,
        public: &PublicKey,
        passphrase: &[u8],
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Result<SignatureBytes, Error> {
        match self {
            SecretKey::Dummy => Err(Error::DummyKey),
            SecretKey::Here(key) => key
                .sign(&Password::from(passphrase), hash, public.truncated(digest))
                .map_err(|error| Error::Argument(error.to_string())),
        }
    }
}

/// The order of the curve secp256k1.
const SECP256K1: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

/// The signature with the smaller of the two numbers that s may be: of this curve rPGP takes no other, as is the custom where
/// it is used for money.
fn with_low_s(signature: &SignatureBytes) -> SignatureBytes {
    let order = BigUint::parse_bytes(SECP256K1.as_bytes(), 16).expect("these are digits");
    match signature {
        SignatureBytes::Mpis(numbers) if numbers.len() == 2 => {
            let s = BigUint::from_bytes_be(numbers[1].as_ref());
            let low = if &s + &s > order && s < order { order - s } else { s };
            SignatureBytes::Mpis(vec![numbers[0].clone(), Mpi::from_slice(&low.to_bytes_be())])
        }
        other => other.clone(),
    }
}

/// The string-to-key type that says where a secret is instead of how it is locked.
const GNU_EXTENSION: u8 = 101;

/// The plain secret numbers end with their sum.
fn check_sum(secret: &[u8]) -> Result<(), Error> {
    let Some((numbers, sum)) = secret.split_last_chunk::<2>() else {
        return Err(Error::structural("truncated private key data"));
    };
    let found = numbers.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    match found == u16::from_be_bytes(*sum) {
        true => Ok(()),
        false => Err(Error::structural("private key checksum failure")),
    }
}

/// The bits of the first two numbers of a key of that algorithm. Refuses algorithms that are not known and numbers that would
/// take too long.
fn bits_of_numbers(algorithm: u8, mut bytes: Bytes<'_>) -> Result<[usize; 2], Error> {
    match algorithm {
        algorithm::RSA | algorithm::RSA_ENCRYPT_ONLY | algorithm::RSA_SIGN_ONLY => Ok([bytes.number(2)?, 0]),
        algorithm::DSA => {
            let first = bytes.number(2)?;
            bytes.take(first.div_ceil(8))?;
            let bits = [first, bytes.number(2)?];
            match bits[0] > DSA_BITS[0] || bits[1] > DSA_BITS[1] {
                true => Err(Error::unsupported(format!("DSA keys of {first} bits"))),
                false => Ok(bits),
            }
        }
        algorithm::ELGAMAL
        | algorithm::ECDH
        | algorithm::ECDSA
        | algorithm::EDDSA
        | algorithm::X25519
        | algorithm::X448
        | algorithm::ED25519
        | algorithm::ED448 => Ok([0, 0]),
        other => Err(Error::unsupported(format!("public key type: {other}"))),
    }
}

/// The name of the curve of a signing key that rPGP cannot use.
fn unsupported_curve(params: &PublicParams) -> Option<String> {
    match params {
        PublicParams::ECDSA(EcdsaPublicParams::Unsupported { curve, .. })
        | PublicParams::EdDSALegacy(EddsaLegacyPublicParams::Unsupported { curve, .. }) => {
            Some(curve.to_string())
        }
        _ => None,
    }
}
