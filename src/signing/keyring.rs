//! [`Keyring`]: the keys in a file, in any of three forms: plain packets, armored, or GnuPG's keybox.
//!
//! Source: Helm provenance/sign.go `loadKeyRing`, provenance/keybox.go.

use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::files;
use crate::go::os::PathError;

use super::armor;
use super::entity::{Entity, read_ring};
use super::error::{ArmorError, Error, KeyboxError};

/// The most bytes of a keyring.
const LIMIT: u64 = 32 * 1024 * 1024;
/// A keybox's blob that holds an OpenPGP key.
const OPENPGP: u8 = 2;
/// The mark of a blob that GnuPG has not taken into the keybox.
const EPHEMERAL: u16 = 2;

/// Keys in the order of their file.
#[derive(Clone, Debug)]
pub struct Keyring(pub Vec<Entity>);

impl Keyring {
    /// The keys of a file.
    pub fn read(path: &Path) -> Result<Keyring, Error> {
        let file = files::open(path).map_err(|error| {
            // A folder can be opened and not be read.
            let operation = if error.kind() == ErrorKind::IsADirectory { "read" } else { "open" };
            PathError::new(operation, path, &error)
        })?;
        let mut data = Vec::new();
        file.take(LIMIT + 1).read_to_end(&mut data).map_err(|error| PathError::new("read", path, &error))?;
        if data.len() as u64 > LIMIT {
            return Err(Error::KeyringTooLarge(path.to_owned(), LIMIT));
        }
        if is_keybox(&data) {
            let keys = keybox(&data).map_err(|error| Error::Keybox(path.to_owned(), error))?;
            return Ok(Keyring(read_ring(&keys, None)?));
        }
        if data.trim_ascii_start().starts_with(b"-----BEGIN PGP") {
            let keys = armored(&data).map_err(|error| Error::Armored(path.to_owned(), error))?;
            return Ok(Keyring(keys));
        }
        Ok(Keyring(read_ring(&data, None)?))
    }

    /// The key that is meant: one with exactly that user ID, or the only one whose user ID contains it.
    pub fn find(&self, id: &str) -> Result<Option<&Entity>, Error> {
        let names =
            || self.0.iter().flat_map(|it| it.identities.iter().map(move |identity| (&identity.name, it)));
        if let Some((_, entity)) = names().find(|(name, _)| *name == id) {
            return Ok(Some(entity));
        }
        let mut candidates = names().filter(|(name, _)| name.contains(id));
        let first = candidates.next().map(|(_, entity)| entity);
        match candidates.next() {
            Some(_) => Err(Error::AmbiguousKey(id.to_owned())),
            None => Ok(first),
        }
    }
}

fn is_keybox(data: &[u8]) -> bool {
    data.len() >= 12 && data[4] == 1 && &data[8..12] == b"KBXf"
}

/// The keys in a keybox, one after another. Go: `keyboxPublicKeys`.
fn keybox(data: &[u8]) -> Result<Vec<u8>, KeyboxError> {
    let number = |blob: &[u8], at: usize, count: usize| {
        blob[at..at + count].iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
    };
    let (mut keys, mut at) = (Vec::new(), 0);
    while at < data.len() {
        let rest = &data[at..];
        if rest.len() < 5 {
            return Err(KeyboxError::TruncatedHeader { at });
        }
        let length = number(rest, 0, 4);
        if length < 5 {
            return Err(KeyboxError::InvalidLength { at, length });
        }
        let left = rest.len();
        let blob = rest.get(..length).ok_or(KeyboxError::BeyondEnd { at, length, left })?;
        if blob[4] == OPENPGP {
            if blob.len() < 16 {
                return Err(KeyboxError::TooShort { at });
            }
            let (start, count) = (number(blob, 8, 4), number(blob, 12, 4));
            let key = blob.get(start..start + count).ok_or(KeyboxError::OutOfRange { at })?;
            if number(blob, 6, 2) as u16 & EPHEMERAL == 0 {
                keys.extend_from_slice(key);
            }
        }
        at += length;
    }
    match keys.is_empty() {
        true => Err(KeyboxError::NoKeys),
        false => Ok(keys),
    }
}

/// The keys of every armored block. Go: `loadArmoredKeyRing`.
fn armored(mut data: &[u8]) -> Result<Vec<Entity>, ArmorError> {
    let mut ring = Vec::new();
    while let Some((block, rest)) = armor::decode(data) {
        data = rest;
        if !["PGP PUBLIC KEY BLOCK", "PGP PRIVATE KEY BLOCK"].contains(&block.kind.as_str()) {
            return Err(ArmorError::UnexpectedBlock(block.kind));
        }
        ring.extend(read_ring(&block.bytes, block.end).map_err(ArmorError::OpenPgp)?);
    }
    match ring.is_empty() {
        true => Err(ArmorError::NoKeys),
        false => Ok(ring),
    }
}
