//! [`Key`]: a key packet, with its secret half where it has one that matters.

use super::openpgp::Error;
use super::public::PublicKey;
use super::secret::SecretKey;

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

impl Key {
    /// Takes the body of a packet apart.
    pub fn parse(body: &[u8], is_subkey: bool, secret: bool) -> Result<Key, Error> {
        let (public, rest) = PublicKey::parse(body)?;
        let secret = match secret && !is_subkey {
            true => Some(SecretKey::parse(&public, rest)?),
            false => None,
        };
        Ok(Key { public, is_subkey, secret })
    }
}
