//! [`Cache`]: contents by their SHA-256, in Helm's folder and under Helm's names. What is found is checked before it counts;
//! what is put appears whole.
//!
//! Source: Helm downloader/cache.go `DiskCache`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::staged::Staged;

/// What a content is, by the end of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A chart's archive.
    Chart,
    /// A registry's manifest. Helm keeps none; here a chart can so be found offline by the digest of its manifest.
    Manifest,
    /// A chart's provenance file, by the digest of the chart. What it says is signed, so nothing else vouches for it.
    Provenance,
}

impl Kind {
    fn suffix(self) -> &'static str {
        match self {
            Kind::Chart => ".chart",
            Kind::Manifest => ".manifest",
            Kind::Provenance => ".prov",
        }
    }
}

/// The cache.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// The cache in this folder.
    pub fn new(root: PathBuf) -> Cache {
        Cache { root }
    }

    /// Where a content of this digest (its hexadecimal digits alone) is or would be.
    pub fn path(&self, digits: &str, kind: Kind) -> PathBuf {
        let folder = digits.get(..2).unwrap_or(digits);
        self.root.join(folder).join(format!("{digits}{}", kind.suffix()))
    }

    /// The content of this digest, if it is there and is what its name says.
    pub fn find(&self, digits: &str, kind: Kind) -> Option<PathBuf> {
        let path = self.path(digits, kind);
        (digest_of_file(&path).ok()? == digits).then_some(path)
    }

    /// A content on its way into the cache, whose digest need not be known yet. All of them begin in one folder, so that one
    /// look finds what was left behind.
    pub fn stage(&self) -> Result<Staged, String> {
        Staged::beside(&self.root.join("incoming"))
    }
}

/// The hexadecimal digits of a file's SHA-256.
pub fn digest_of_file(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let (mut hash, mut chunk) = (Sha256::new(), vec![0; 256 * 1024]);
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&chunk[..read]);
    }
}
