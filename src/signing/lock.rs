//! [`Lock`]: how a secret key is locked, and opening it with a passphrase.
//!
//! Source: ProtonMail go-crypto openpgp/packet private_key.go `parse`, `decrypt`; openpgp/s2k; openpgp/internal/algorithm
//! cipher.go, aead.go.

use aes::cipher::{BlockCipherEncrypt, KeyInit, KeyIvInit, consts::U15};
use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::{Aead, Nonce, Payload};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use hkdf::Hkdf;
use sha2::Sha256;

use super::bytes::Bytes;
use super::hash::Hash;
use super::openpgp::Error;
use super::public::PublicKey;

/// What stands before the secret numbers: how they are protected.
pub mod usage {
    /// Not at all.
    pub const NONE: u8 = 0;
    /// With a cipher that tells of changes.
    pub const AEAD: u8 = 253;
    /// With a cipher and a SHA-1 sum.
    pub const SHA1: u8 = 254;
    /// With a cipher and the sum of the bytes.
    pub const SUM: u8 = 255;
}

/// The most that a passphrase may cost: passes, threads, and memory as a power of two in KiB. GnuPG takes no such
/// passphrases, others 64 MiB or 2 GiB.
const ARGON_MOST: [u8; 3] = [32, 32, 21];

/// The string-to-key type that says where a secret is instead of how it is locked.
const GNU_EXTENSION: u8 = 101;

/// How a secret is locked.
#[derive(Clone, Debug)]
pub struct Lock {
    usage: u8,
    cipher: u8,
    aead: u8,
    stretch: Stretch,
    start: Vec<u8>,
}

/// How a key is made of a passphrase. Go: openpgp/s2k s2k.go.
#[derive(Clone, Debug)]
enum Stretch {
    /// Its digest: of a salt and it, so many bytes of both again and again.
    Digest { hash: Hash, salt: Vec<u8>, count: usize },
    /// Argon2id.
    Argon { salt: Vec<u8>, passes: u8, threads: u8, memory: u8 },
}

impl Lock {
    /// Reads what follows the usage; none where the secret is elsewhere.
    pub fn parse(version: u8, usage: u8, bytes: &mut Bytes<'_>) -> Result<Option<Lock>, Error> {
        if version == 6 {
            bytes.byte()?;
            if usage == usage::SUM {
                return Err(Error::structural("wrong s2k identifier for version 6"));
            }
        }
        let cipher = bytes.byte()?;
        if cipher != 0 && block_length(cipher) == 0 {
            return Err(Error::unsupported("unsupported cipher function in private key"));
        }
        let aead = if usage == usage::AEAD { bytes.byte()? } else { 0 };
        let nonce = match (usage, aead) {
            (usage::AEAD, 1) => 16,
            (usage::AEAD, 2) => 15,
            (usage::AEAD, 3) => 12,
            (usage::AEAD, _) => return Err(Error::unsupported("unsupported aead mode in private key")),
            _ => block_length(cipher),
        };
        if version == 6 {
            bytes.byte()?;
        }
        let kind = bytes.byte()?;
        let Some(stretch) = Stretch::parse(kind, bytes)? else { return Ok(None) };
        if matches!(stretch, Stretch::Argon { .. }) && usage != usage::AEAD {
            return Err(Error::structural("using Argon2 S2K without AEAD is not allowed"));
        }
        if kind == 0 && version == 6 {
            return Err(Error::structural("using Simple S2K with version 6 keys is not allowed"));
        }
        if block_length(cipher) == 0 || (usage == usage::AEAD && block_length(cipher) != 16) {
            return Err(Error::unsupported(format!("unsupported cipher in private key: {cipher}")));
        }
        let start = bytes.take(nonce)?.to_vec();
        Ok(Some(Lock { usage, cipher, aead, stretch, start }))
    }

    /// The secret numbers of that key, whose passphrase this is.
    pub fn open(&self, public: &PublicKey, locked: &[u8], passphrase: &[u8]) -> Result<Vec<u8>, Error> {
        let key = self.stretch.key(passphrase, key_length(self.cipher))?;
        if self.usage == usage::AEAD {
            let opened = self.open_sealed(public, locked, &key);
            return opened.ok_or_else(|| Error::structural("private key checksum failure"));
        }
        let opened = self.decrypted(locked, &key).unwrap_or_default();
        match self.usage {
            usage::SHA1 => {
                let Some((numbers, sum)) = opened.split_last_chunk::<20>() else { return Err(truncated()) };
                match Hash::Sha1.digest([numbers].into_iter())? == sum {
                    true => Ok(numbers.to_vec()),
                    false => Err(Error::structural("private key checksum failure")),
                }
            }
            _ => summed(&opened).map(<[u8]>::to_vec),
        }
    }

    /// What a cipher that tells of changes gives, if nothing was changed.
    fn open_sealed(&self, public: &PublicKey, locked: &[u8], key: &[u8]) -> Option<Vec<u8>> {
        // 0xc5 is the packet of a primary secret key. Go: `applyHKDF`, `additionalData`.
        let purpose = [0xc5, public.version, self.cipher, self.aead];
        let mut own = vec![0; key.len()];
        Hkdf::<Sha256>::new(Some(&[]), key).expand(&purpose, &mut own).ok()?;
        let about = [&[0xc5][..], &public.body].concat();
        let (nonce, text) = (&self.start[..], Payload { msg: locked, aad: &about });
        match (self.aead, self.cipher) {
            (1, 7) => unsealed::<eax::Eax<Aes128>>(&own, nonce, text),
            (1, 8) => unsealed::<eax::Eax<Aes192>>(&own, nonce, text),
            (1, 9) => unsealed::<eax::Eax<Aes256>>(&own, nonce, text),
            (2, 7) => unsealed::<ocb3::Ocb3<Aes128, U15>>(&own, nonce, text),
            (2, 8) => unsealed::<ocb3::Ocb3<Aes192, U15>>(&own, nonce, text),
            (2, 9) => unsealed::<ocb3::Ocb3<Aes256, U15>>(&own, nonce, text),
            (3, 7) => unsealed::<aes_gcm::Aes128Gcm>(&own, nonce, text),
            (3, 8) => unsealed::<aes_gcm::AesGcm<Aes192, aes::cipher::consts::U12>>(&own, nonce, text),
            (3, 9) => unsealed::<aes_gcm::Aes256Gcm>(&own, nonce, text),
            _ => None,
        }
    }

    /// What the cipher gives, right or wrong.
    fn decrypted(&self, locked: &[u8], key: &[u8]) -> Option<Vec<u8>> {
        match self.cipher {
            2 => feedback::<des::TdesEde3>(locked, key, &self.start),
            3 => feedback::<cast5::Cast5>(locked, key, &self.start),
            7 => feedback::<Aes128>(locked, key, &self.start),
            8 => feedback::<Aes192>(locked, key, &self.start),
            _ => feedback::<Aes256>(locked, key, &self.start),
        }
    }
}

impl Stretch {
    /// Reads what follows the type; none where the secret is elsewhere. Go: `ParseIntoParams`, `Function`.
    fn parse(kind: u8, bytes: &mut Bytes<'_>) -> Result<Option<Stretch>, Error> {
        let hash = |number: u8| {
            Hash::of(number).ok_or_else(|| Error::unsupported(format!("hash for S2K function: {number}")))
        };
        Ok(Some(match kind {
            0 => Stretch::Digest { hash: hash(bytes.byte()?)?, salt: Vec::new(), count: 0 },
            1 => Stretch::Digest { hash: hash(bytes.byte()?)?, salt: bytes.take(8)?.to_vec(), count: 0 },
            3 => {
                let (number, salt, count) = (bytes.byte()?, bytes.take(8)?.to_vec(), bytes.byte()?);
                let count = (16 + usize::from(count & 15)) << ((count >> 4) + 6);
                Stretch::Digest { hash: hash(number)?, salt, count }
            }
            4 => {
                let salt = bytes.take(16)?.to_vec();
                let (passes, threads, memory) = (bytes.byte()?, bytes.byte()?, bytes.byte()?);
                let bad = |what: &str| Error::structural(format!("invalid argon2 params: {what}"));
                if threads == 0 {
                    return Err(bad("parallelism is 0"));
                }
                if passes == 0 {
                    return Err(bad("iterations is 0"));
                }
                if memory > 31 || 1_u32 << memory < 8 * u32::from(threads) {
                    return Err(bad("memory is out of bounds"));
                }
                if [passes, threads, memory].iter().zip(ARGON_MOST).any(|(has, most)| *has > most) {
                    return Err(Error::unsupported("a passphrase that costs more than 2 GiB or 32 passes"));
                }
                Stretch::Argon { salt, passes, threads, memory }
            }
            GNU_EXTENSION => {
                bytes.byte()?;
                return match bytes.take(4)? {
                    b"GNU\x01" => Ok(None),
                    _ => Err(Error::unsupported("GNU S2K extension")),
                };
            }
            _ => return Err(Error::unsupported("S2K function")),
        }))
    }

    /// The key of so many bytes.
    fn key(&self, passphrase: &[u8], length: usize) -> Result<Vec<u8>, Error> {
        match self {
            Stretch::Digest { hash, salt, count } => {
                let whole = [salt, passphrase].concat();
                let count = (*count).max(whole.len());
                let mut key = Vec::new();
                let mut zeros = Vec::new();
                while key.len() < length {
                    let full = count / whole.len().max(1);
                    let rest = count - full * whole.len();
                    let parts = std::iter::repeat_n(&whole[..], full).chain([&whole[..rest]]);
                    key.extend(hash.digest([&zeros[..]].into_iter().chain(parts))?);
                    zeros.push(0);
                }
                key.truncate(length);
                Ok(key)
            }
            Stretch::Argon { salt, passes, threads, memory } => {
                let wrong = |error: argon2::Error| Error::Argument(error.to_string());
                let (passes, threads) = (u32::from(*passes), u32::from(*threads));
                let params = Params::new(1 << memory, passes, threads, Some(length)).map_err(wrong)?;
                let mut blocks = vec![Block::default(); params.block_count()];
                let mut key = vec![0; length];
                Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                    .hash_password_into_with_memory(passphrase, salt, &mut key, &mut blocks)
                    .map_err(wrong)?;
                Ok(key)
            }
        }
    }
}

/// The secret numbers without the sum at their end.
pub fn summed(secret: &[u8]) -> Result<&[u8], Error> {
    let (numbers, sum) = secret.split_last_chunk::<2>().ok_or_else(truncated)?;
    let found = numbers.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    match found == u16::from_be_bytes(*sum) {
        true => Ok(numbers),
        false => Err(Error::structural("private key checksum failure")),
    }
}

fn truncated() -> Error {
    Error::structural("truncated private key data")
}

/// The bytes of a cipher's blocks, 0 where Helm does not know it.
fn block_length(cipher: u8) -> usize {
    match cipher {
        2 | 3 => 8,
        7..=9 => 16,
        _ => 0,
    }
}

fn key_length(cipher: u8) -> usize {
    match cipher {
        2 | 8 => 24,
        9 => 32,
        _ => 16,
    }
}

/// Cipher feedback. None where key or start have another length than the cipher's.
fn feedback<C: BlockCipherEncrypt + KeyInit>(locked: &[u8], key: &[u8], start: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = locked.to_vec();
    cfb_mode::Decryptor::<C>::new_from_slices(key, start).ok()?.decrypt(&mut bytes);
    Some(bytes)
}

fn unsealed<A: Aead + KeyInit>(key: &[u8], nonce: &[u8], text: Payload<'_, '_>) -> Option<Vec<u8>> {
    let nonce = Nonce::<A>::try_from(nonce).ok()?;
    A::new_from_slice(key).ok()?.decrypt(&nonce, text).ok()
}
