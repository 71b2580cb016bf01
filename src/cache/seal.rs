//! [`Seal`]: the secret with which results are sealed. What was sealed with another secret, for another key, or not at all, is
//! not believed; so a cache that comes with a checkout, or that others may write to, can slow a run down and do no more.

use std::fmt;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::error::Error;
use super::key::Key;
use crate::files;
use crate::go::os::error_text;
use crate::system;

/// The bytes of a seal.
const LENGTH: usize = 32;
const LEAST: usize = 32;

/// A secret.
pub struct Seal(Vec<u8>);

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    /// The secret in the file, which is made where there is none.
    ///
    /// # Errors
    /// It cannot be read or made, is too short, or others may write it.
    pub fn of_file(path: &Path) -> Result<Seal, Error> {
        let failed = |what, error: &std::io::Error| Error::Io(what, path.to_owned(), error_text(error));
        let secret = match files::read_own(path, 1 << 16) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                make(path).map_err(|error| failed("make the key", &error))?;
                files::read_own(path, 1 << 16).map_err(|error| failed("read the key", &error))?
            }
            read => read.map_err(|error| failed("read the key", &error))?,
        };
        let about = fs::metadata(path).map_err(|error| failed("read the key", &error))?;
        if !system::is_private(&about) {
            return Err(Error::Open(path.to_owned()));
        }
        if secret.len() < LEAST {
            return Err(Error::Short(path.to_owned()));
        }
        Ok(Seal(secret))
    }

    /// The bytes with a seal before them that holds for this key alone.
    pub(super) fn close(&self, key: &Key, bytes: &[u8]) -> Vec<u8> {
        [&self.mac(key, bytes).finalize().into_bytes()[..], bytes].concat()
    }

    /// The bytes behind the seal, where it is ours.
    pub(super) fn open<'a>(&self, key: &Key, sealed: &'a [u8]) -> Option<&'a [u8]> {
        let (seal, bytes) = sealed.split_at_checked(LENGTH)?;
        self.mac(key, bytes).verify_slice(seal).ok()?;
        Some(bytes)
    }

    fn mac(&self, key: &Key, bytes: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length will do");
        mac.update(key.bytes());
        mac.update(bytes);
        mac
    }
}

/// Makes a secret that only its owner reads. Of several processes one makes it, and all read that.
fn make(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // A temporary file is its owner's alone.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(hex::encode(rand::random::<[u8; 32]>()).as_bytes())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    }
}
