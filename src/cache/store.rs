//! [`Store`]: the folder of a cache. Results lie below `results`, by the first letters of their names; they are written beside, in
//! `new`, and renamed, so that any number of processes may read, write and remove at a time. Whatever else lies there is left alone.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::error::Error;
use super::key::Key;
use crate::files;
use crate::go::os::error_text;
use crate::system;

/// The most bytes of a result.
const LARGEST: u64 = 32 << 20;
/// How long what is being written may lie in `new`.
const ABANDONED: Duration = Duration::from_secs(60 * 60);
/// How often the time of a result that is used is renewed.
const RENEWED: Duration = Duration::from_secs(60 * 60);
/// What tells backups to leave the folder out: see bford.info/cachedir.
const TAG: &str = "CACHEDIR.TAG";
const TAG_TEXT: &str = "Signature: 8a477f597d28d172789f06886806bc55\n# Results of plimsoll.\n";

/// A folder of results.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    limit: u64,
}

/// What a folder holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// How many results.
    pub results: usize,
    /// How many bytes they have.
    pub bytes: u64,
}

impl Store {
    /// The folder, which may hold so many bytes. It is made where it is missing.
    ///
    /// # Errors
    /// It cannot be made, or holds something else.
    pub fn open(folder: &Path, limit: u64) -> Result<Store, Error> {
        let failed = |what, error: &std::io::Error| Error::Io(what, folder.to_owned(), error_text(error));
        system::private_folder(folder).map_err(|error| failed("make the cache", &error))?;
        let tag = folder.join(TAG);
        if !tag.exists() {
            let mut entries = fs::read_dir(folder).map_err(|error| failed("read the cache", &error))?;
            // Another process may be making it.
            if entries.next().is_some() && !tag.exists() {
                return Err(Error::NoCache(folder.to_owned()));
            }
            fs::write(&tag, TAG_TEXT).map_err(|error| failed("write to the cache", &error))?;
        }
        Ok(Store { folder: folder.to_owned(), limit })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many bytes it may hold.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    fn results(&self) -> PathBuf {
        self.folder.join("results")
    }

    fn path(&self, key: &Key) -> PathBuf {
        let name = key.name();
        self.results().join(&name[..2]).join(&name[2..])
    }

    /// The result under the key, if one is there that is no larger than results are.
    pub(super) fn read(&self, key: &Key) -> Option<Vec<u8>> {
        let path = self.path(key);
        let bytes = files::read_own(&path, LARGEST).ok()?;
        let about = fs::metadata(&path).ok()?;
        let age = about.modified().ok().and_then(|time| time.elapsed().ok());
        if age.is_some_and(|age| age > RENEWED) {
            // Who is used stays longest; that it cannot be noted does not matter.
            let _ = fs::File::options()
                .append(true)
                .open(&path)
                .and_then(|file| file.set_modified(SystemTime::now()));
        }
        Some(bytes)
    }

    /// Keeps the result under the key. That it cannot be kept does not matter.
    pub(super) fn write(&self, key: &Key, bytes: &[u8]) {
        if bytes.len() as u64 <= LARGEST {
            let _ = self.try_write(&self.path(key), bytes);
        }
    }

    fn try_write(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let new = self.folder.join("new");
        fs::create_dir_all(&new)?;
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        let builder = &mut tempfile::Builder::new();
        let mut file = builder.tempfile_in(&new)?;
        file.write_all(bytes)?;
        // Nobody waits for the disk: what a crash tears has no seal.
        file.persist(path)?;
        Ok(())
    }

    /// What there is.
    pub fn contents(&self) -> Contents {
        let all = self.all();
        Contents { results: all.len(), bytes: all.iter().map(|result| result.bytes).sum() }
    }

    /// Removes all results, and says what there was.
    pub fn clean(&self) -> Contents {
        let all = self.all();
        let gone = all.iter().filter(|result| removed(&result.path));
        let gone = gone.fold(Contents::default(), |sum, result| Contents {
            results: sum.results + 1,
            bytes: sum.bytes + result.bytes,
        });
        self.sweep();
        gone
    }

    /// Removes what was not used for longest until a fifth is free, where there is more than there may be.
    pub(super) fn trim(&self) {
        let mut all = self.all();
        let mut bytes: u64 = all.iter().map(|result| result.bytes).sum();
        if bytes > self.limit {
            all.sort_by_key(|result| result.used);
            for result in all {
                if bytes <= self.limit / 5 * 4 {
                    break;
                }
                if removed(&result.path) {
                    bytes -= result.bytes;
                }
            }
        }
        self.sweep();
    }

    /// Removes what somebody began to write and never will end.
    fn sweep(&self) {
        for entry in fs::read_dir(self.folder.join("new")).into_iter().flatten().flatten() {
            let age = entry.metadata().ok().and_then(|about| about.modified().ok()?.elapsed().ok());
            if age.is_some_and(|age| age > ABANDONED) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// The files that have names of results.
    fn all(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for folder in entries(&self.results(), 2) {
            for path in entries(&folder, 62) {
                let Ok(about) = fs::symlink_metadata(&path) else { continue };
                if about.is_file() {
                    let used = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                    found.push(Found { path, bytes: about.len(), used });
                }
            }
        }
        found
    }
}

/// A result.
struct Found {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
}

/// The entries of a folder whose names are so many hexadecimal digits.
fn entries(folder: &Path, digits: usize) -> Vec<PathBuf> {
    let is_name = |name: &str| name.len() == digits && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_str().is_some_and(is_name))
        .map(|entry| entry.path())
        .collect()
}

/// Whether the file is gone through us or somebody else.
fn removed(path: &Path) -> bool {
    match fs::remove_file(path) {
        Ok(()) => true,
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}
