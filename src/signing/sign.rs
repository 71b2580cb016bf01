//! [`Signer`]: a secret key, opened, and what it signs.
//!
//! Source: Helm provenance/sign.go `DecryptKey`, `ClearSign`; ProtonMail go-crypto openpgp/clearsign, openpgp/packet
//! signature.go `Sign`. The parts of the signature are those that go-crypto writes, in its order.

use rand::Rng;

use super::clearsign;
use super::entity::Entity;
use super::error::Error;
use super::hash::Hash;
use super::material::Numbers;
use super::openpgp;
use super::public::PublicKey;
use super::secret::Opened;
use super::signature::{kind, part, suffix};

/// The hash: Helm's choice, which every key that is supported can sign.
const HASH: (Hash, &str, u8) = (Hash::Sha512, "SHA512", 10);
/// The length of the salt that goes with that hash.
const SALT: usize = 32;
/// The statement that makes every signature different, even over the same text.
const SALT_NAME: &[u8] = b"salt@notations.openpgpjs.org";

/// A secret key that can be used.
#[derive(Debug)]
pub struct Signer<'a> {
    key: &'a PublicKey,
    /// None where the keyring only says that there is one elsewhere.
    secret: Option<Opened>,
}

impl<'a> Signer<'a> {
    /// The key of an entity. If it is locked, `ask` is asked for the passphrase by the name of its owner.
    pub fn unlock(
        entity: Option<&'a Entity>,
        ask: impl FnOnce(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Signer<'a>, Error> {
        let entity = entity.ok_or(Error::NoKey)?;
        let secret = entity.secret.as_ref().ok_or(Error::NotSecret)?;
        let mut passphrase = Vec::new();
        if secret.is_locked() {
            let mut names = entity.identities.iter().map(|identity| identity.name.as_str());
            let owner = names.find(|name| !name.is_empty()).unwrap_or("Unknown");
            passphrase = ask(owner).map_err(Error::Passphrase)?;
        }
        let secret = secret.unlock(&entity.primary, &passphrase)?;
        Ok(Signer { key: &entity.primary, secret })
    }

    /// The text with a signature below it, made at that time, in seconds since 1970.
    pub fn clear_sign(&self, text: &[u8], now: u64) -> Result<Vec<u8>, Error> {
        let escaped = clearsign::escape(text);
        self.sign(&escaped.signed, now)
            .map(|packet| clearsign::encode(&escaped, HASH.1, &packet))
            .map_err(Error::Sign)
    }

    /// A signature packet.
    fn sign(&self, signed: &[u8], now: u64) -> Result<Vec<u8>, openpgp::Error> {
        let version = self.key.version;
        let mut rng = rand::rng();
        let mut salt = [0; SALT];
        rng.fill_bytes(&mut salt);
        let parts = self.parts(&salt, now);
        let mut own = vec![version, kind::TEXT, self.key.algorithm, HASH.2];
        let before: &[u8] = if version == 6 {
            own.extend((parts.len() as u32).to_be_bytes());
            &salt
        } else {
            own.extend((parts.len() as u16).to_be_bytes());
            &[]
        };
        own.extend(parts);
        let digest = HASH.0.digest([before, signed, &suffix(version, &own)].into_iter())?;
        let secret = self.secret.as_ref().ok_or(openpgp::Error::DummyKey)?;
        let numbers = secret.sign(self.key, HASH.0, &digest)?;
        let mut body = own;
        body.extend(vec![0; if version == 6 { 4 } else { 2 }]);
        body.extend(&digest[..2]);
        if version == 6 {
            body.push(SALT as u8);
            body.extend(salt);
        }
        match &numbers {
            Numbers::Plain(bytes) => body.extend(bytes),
            Numbers::Integers(numbers) => {
                for number in numbers {
                    let unused = number.first().map_or(0, |first| first.leading_zeros() as usize);
                    body.extend(((number.len() * 8 - unused) as u16).to_be_bytes());
                    body.extend(number);
                }
            }
        }
        Ok([&[0xc0 | 2][..], &length(body.len()), &body].concat())
    }

    /// What the signature says of itself. Go: `buildSubpackets`.
    fn parts(&self, salt: &[u8], now: u64) -> Vec<u8> {
        let mut parts = Vec::new();
        let mut add = |kind: u8, text: &[u8]| {
            parts.extend(length(text.len() + 1));
            parts.push(kind);
            parts.extend(text);
        };
        add(0x80 | part::CREATED, &(now as u32).to_be_bytes());
        if self.key.version == 4 {
            add(part::ISSUER, &self.key.id.to_be_bytes());
            let lengths = [SALT_NAME.len() as u16, salt.len() as u16].map(u16::to_be_bytes).concat();
            add(part::NOTATION, &[&[0; 4][..], &lengths, SALT_NAME, salt].concat());
        }
        add(part::FINGERPRINT, &[&[self.key.version][..], &self.key.fingerprint].concat());
        parts
    }
}

/// A length as packets and their parts have it.
fn length(length: usize) -> Vec<u8> {
    match length {
        0..192 => vec![length as u8],
        192..8384 => {
            let rest = length - 192;
            vec![(rest >> 8) as u8 + 192, rest as u8]
        }
        _ => [&[255][..], &(length as u32).to_be_bytes()].concat(),
    }
}
