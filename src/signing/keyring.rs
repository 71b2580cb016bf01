//! [`Keyring`]: the keys in a file, in any of three forms: plain packets, armored, or GnuPG's keybox.
//!
//! Source: Helm provenance/sign.go `loadKeyRing`, provenance/keybox.go.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::go::os::error_text;
use crate::go::strconv::quote;

use super::entity::{Entity, read_ring};
use super::{Error, armor};

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
    /// The keys of a file. Errors are Helm's.
    pub fn read(path: &Path) -> Result<Keyring, String> {
        let shown = path.display();
        let file = File::open(path).map_err(|error| format!("open {shown}: {}", error_text(&error)))?;
        let mut data = Vec::new();
        file.take(LIMIT + 1)
            .read_to_end(&mut data)
            .map_err(|error| format!("read {shown}: {}", error_text(&error)))?;
        if data.len() as u64 > LIMIT {
            return Err(format!("the keyring {shown} is larger than {LIMIT} bytes"));
        }
        if is_keybox(&data) {
            let keys = keybox(&data).map_err(|error| format!("reading keybox {shown}: {error}"))?;
            return read_ring(&keys, None).map(Keyring).map_err(|error| error.to_string());
        }
        if data.trim_ascii_start().starts_with(b"-----BEGIN PGP") {
            return armored(&data)
                .map(Keyring)
                .map_err(|error| format!("reading armored keyring {shown}: {error}"));
        }
        read_ring(&data, None).map(Keyring).map_err(|error| error.to_string())
    }

    /// The key that is meant: one with exactly that user ID, or the only one whose user ID contains it.
    pub fn find(&self, id: &str) -> Result<Option<&Entity>, String> {
        let names =
            || self.0.iter().flat_map(|it| it.identities.iter().map(move |identity| (&identity.name, it)));
        if let Some((_, entity)) = names().find(|(name, _)| *name == id) {
            return Ok(Some(entity));
        }
        let mut candidates = names().filter(|(name, _)| name.contains(id));
        let first = candidates.next().map(|(_, entity)| entity);
        match candidates.next() {
            Some(_) => Err(format!("more than one key contain the id {}", quote(id))),
            None => Ok(first),
        }
    }
}

fn is_keybox(data: &[u8]) -> bool {
    data.len() >= 12 && data[4] == 1 && &data[8..12] == b"KBXf"
}

/// The keys in a keybox, one after another. Go: `keyboxPublicKeys`.
fn keybox(data: &[u8]) -> Result<Vec<u8>, String> {
    let number = |blob: &[u8], at: usize, count: usize| {
        blob[at..at + count].iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
    };
    let (mut keys, mut at) = (Vec::new(), 0);
    while at < data.len() {
        let rest = &data[at..];
        if rest.len() < 5 {
            return Err(format!("truncated blob header at offset {at}"));
        }
        let length = number(rest, 0, 4);
        if length < 5 {
            return Err(format!("invalid blob length {length} at offset {at}"));
        }
        let left = rest.len();
        let blob = rest.get(..length).ok_or_else(|| {
            format!("blob at offset {at} has length {length} exceeding the {left} remaining bytes")
        })?;
        if blob[4] == OPENPGP {
            if blob.len() < 16 {
                return Err(format!("OpenPGP blob at offset {at} is too short"));
            }
            let (start, count) = (number(blob, 8, 4), number(blob, 12, 4));
            let key = blob
                .get(start..start + count)
                .ok_or_else(|| format!("OpenPGP blob at offset {at} has an out-of-range keyblock"))?;
            if number(blob, 6, 2) as u16 & EPHEMERAL == 0 {
                keys.extend_from_slice(key);
            }
        }
        at += length;
    }
    match keys.is_empty() {
        true => Err("keybox contains no OpenPGP keys".to_owned()),
        false => Ok(keys),
    }
}

/// The keys of every armored block. Go: `loadArmoredKeyRing`.
fn armored(mut data: &[u8]) -> Result<Vec<Entity>, String> {
    let mut ring = Vec::new();
    while let Some((block, rest)) = armor::decode(data) {
        data = rest;
        if !["PGP PUBLIC KEY BLOCK", "PGP PRIVATE KEY BLOCK"].contains(&block.kind.as_str()) {
            return Err(format!("expected a public or private key block, got {}", quote(&block.kind)));
        }
        ring.extend(read_ring(&block.bytes, block.end).map_err(|error: Error| error.to_string())?);
    }
    match ring.is_empty() {
        true => Err("no keys found".to_owned()),
        false => Ok(ring),
    }
}
