//! Digests of contents, as registries write them: `sha256:` and 64 hexadecimal digits.

use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::files;

/// What stands before the digits.
pub const SHA256: &str = "sha256:";
/// How much of a file is read at once.
const CHUNK: usize = 256 * 1024;

/// Whether it is the digest of a content that can be checked here.
pub fn is_digest(text: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.strip_prefix(SHA256).is_some_and(|digits| digits.len() == 64 && digits.bytes().all(hex))
}

/// The digits of a digest, or of what is digits alone.
pub fn digits(digest: &str) -> &str {
    digest.strip_prefix(SHA256).unwrap_or(digest)
}

/// The digest of a content: `sha256:…`.
pub fn digest_of(content: &[u8]) -> String {
    finish(Sha256::new_with_prefix(content))
}

/// The digest of everything that a hash was fed with.
pub fn finish(hash: Sha256) -> String {
    format!("{SHA256}{}", hex::encode(hash.finalize()))
}

/// The digits of a file's digest, and its size.
pub fn digest_of_file(path: &Path) -> std::io::Result<(String, u64)> {
    let mut file = files::open(path)?;
    let (mut hash, mut size, mut chunk) = (Sha256::new(), 0, vec![0; CHUNK]);
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok((hex::encode(hash.finalize()), size));
        }
        hash.update(&chunk[..read]);
        size += read as u64;
    }
}
