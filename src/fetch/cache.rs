//! [`Cache`]: contents by their SHA-256, in Helm's folder and under Helm's names. What is found is checked before it is used.
//!
//! Source: Helm downloader/cache.go `DiskCache`.

use std::path::PathBuf;

use crate::oci::digest::digest_of_file;
use crate::staged::{self, Staged};

/// What a content is, by the end of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A chart's archive.
    Chart,
    /// A registry's manifest. Helm keeps none; here it lets a chart be found offline by the digest of its manifest.
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
        (digest_of_file(&path).ok()?.0 == digits).then_some(path)
    }

    /// A content on its way into the cache, whose digest need not be known yet. All of them begin in one folder, so that one
    /// look finds what was left behind.
    pub fn stage(&self) -> Result<Staged, staged::Error> {
        Staged::beside(&self.root.join("incoming"))
    }
}
