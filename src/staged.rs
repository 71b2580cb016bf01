//! [`Staged`] and [`StagedFolder`]: a file and a folder that appear under their names only when they are complete. Until then
//! they have a temporary name in the same file system, and are removed when anything fails.
//!
//! A process that is killed cannot clean up. So a process holds a lock on what it stages for as long as it lives, and the next
//! one that stages something in that folder first removes what nobody holds any more: leftovers never pile up.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tempfile::{NamedTempFile, TempDir};

use crate::go::os::PathError;
use crate::system;

/// Temporary names: this, some random letters, and that.
const PREFIX: &str = ".plimsoll-";
const SUFFIX: &str = ".part";
/// How often another temporary name is tried when another process has removed the file before it was locked.
const ATTEMPTS: usize = 100;

/// Why a file or folder cannot be staged or put in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The operating system refused.
    Path(PathError),
    /// This stands where a folder should.
    NotAFolder(PathBuf),
}

/// Helm's text, and Go's.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Path(error) => write!(f, "{error}"),
            Error::NotAFolder(path) => write!(f, "is not a directory: {}", path.display()),
        }
    }
}

impl std::error::Error for Error {}

/// What is staged now, by the process's threads.
static STAGED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn staged() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    STAGED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes whatever is staged, because the process is about to end.
pub fn abandon() {
    for path in std::mem::take(&mut *staged()) {
        // What cannot be removed is swept away by the next process.
        let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
    }
}

/// Notes a path that is removed if the process is ended, as long as this lives.
#[derive(Debug)]
struct Noted(PathBuf);

impl Noted {
    fn new(path: &Path) -> Noted {
        staged().insert(path.to_owned());
        Noted(path.to_owned())
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        staged().remove(&self.0);
    }
}

/// Writes a file so that it is there whole or, where that fails, is what it was before: see [`Replacing`].
pub fn write(path: &Path, data: &[u8]) -> Result<(), Error> {
    let mut file = Replacing::of(path)?;
    file.write_all(data).map_err(|error| failed("write", path, &error))?;
    file.keep()
}

/// What takes the place of a file once all of it is written. A link stays a link, the mode of what was there stays; what is no
/// regular file, such as a terminal or a pipe, is written to as it is.
#[derive(Debug)]
pub enum Replacing {
    /// It stands beside the file, and gets this mode.
    Beside(Staged, u32),
    /// The thing itself.
    Itself(File),
}

impl Replacing {
    /// What is to take the place of the file.
    pub fn of(path: &Path) -> Result<Replacing, Error> {
        let before = fs::metadata(path);
        if let Ok(before) = &before
            && !before.is_file()
        {
            let operation = if before.is_dir() { "open" } else { "write" };
            return system::open_to_write(path, NOBODY)
                .map(Replacing::Itself)
                .map_err(|error| failed(operation, path, &error));
        }
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let mode = before.map_or(0o644, |before| system::mode_of(&before));
        Ok(Replacing::Beside(Staged::beside(&target)?, mode))
    }

    /// Puts it in its place.
    pub fn keep(self) -> Result<(), Error> {
        match self {
            Replacing::Beside(staged, mode) => staged.keep_as(mode),
            Replacing::Itself(_) => Ok(()),
        }
    }
}

/// How long it is waited for somebody who reads a pipe.
const NOBODY: Duration = Duration::from_secs(2);

impl Write for Replacing {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        match self {
            Replacing::Beside(staged, _) => staged.writer().write(text),
            Replacing::Itself(file) => file.write(text),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Replacing::Beside(staged, _) => staged.writer().flush(),
            Replacing::Itself(file) => file.flush(),
        }
    }
}

/// A file on its way to a name.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    target: PathBuf,
    noted: Noted,
}

impl Staged {
    /// A file that is to stand at `target`. The folder is made where it is missing.
    pub fn beside(target: &Path) -> Result<Staged, Error> {
        let folder = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        prepare(folder)?;
        let file = until_held(|| {
            let mut builder = builder();
            if let Some(permissions) = system::permissions(0o600) {
                builder.permissions(permissions);
            }
            let file = builder.tempfile_in(folder)?;
            Ok(hold(file.as_file(), file.path()).then_some(file))
        });
        let file = file.map_err(|error| failed("open", target, &error))?;
        let noted = Noted::new(file.path());
        Ok(Staged { file, target: target.to_owned(), noted })
    }

    /// Where its content is written to.
    pub fn writer(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Where the content stands for now, to be read before it is kept.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Puts it under its name, readable by everybody (0644), in place of what was there.
    pub fn keep(self) -> Result<(), Error> {
        self.keep_as(0o644)
    }

    /// Puts it at another path of the same file system.
    pub fn keep_at(self, target: &Path) -> Result<(), Error> {
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(|error| failed("mkdir", folder, &error))?;
        }
        Staged { target: target.to_owned(), ..self }.keep()
    }

    /// As [`Staged::keep`], with this mode.
    pub fn keep_as(self, mode: u32) -> Result<(), Error> {
        let Staged { file, target, noted } = self;
        let permitted = system::permissions(mode)
            .map_or(Ok(()), |permissions| file.as_file().set_permissions(permissions));
        permitted
            .and_then(|()| file.as_file().sync_all())
            .map_err(|error| failed("write", &target, &error))?;
        file.persist(&target).map_err(|error| failed("rename", &target, &error.error))?;
        drop(noted);
        Ok(())
    }
}

/// A folder on its way to a name, or one that is needed only for a while.
#[derive(Debug)]
pub struct StagedFolder {
    folder: TempDir,
    _lock: Option<File>,
    _noted: Noted,
}

impl StagedFolder {
    /// A folder inside another, which is made where it is missing.
    pub fn inside(parent: &Path) -> Result<StagedFolder, Error> {
        prepare(parent)?;
        let made = until_held(|| {
            let folder = builder().tempdir_in(parent)?;
            let lock = match system::lock_of(folder.path()) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                opened => opened?,
            };
            let noted = Noted::new(folder.path());
            let is_held = lock.as_ref().is_none_or(|lock| hold(lock, folder.path()));
            Ok(is_held.then_some(StagedFolder { folder, _lock: lock, _noted: noted }))
        });
        made.map_err(|error| failed("mkdir", parent, &error))
    }

    /// Where its content is put.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Gives it a name, where nothing may be, and this mode.
    pub fn keep_at(self, target: &Path, mode: u32) -> Result<(), Error> {
        let path = self.folder.path();
        if let Some(permissions) = system::permissions(mode) {
            fs::set_permissions(path, permissions).map_err(|error| failed("chmod", path, &error))?;
        }
        fs::rename(path, target).map_err(|error| failed("rename", target, &error))?;
        // It has been moved away, so there is nothing to remove.
        let _ = self.folder.keep();
        Ok(())
    }
}

fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    builder
}

/// Makes the folder where it is missing and removes from it what killed processes left there.
fn prepare(folder: &Path) -> Result<(), Error> {
    match fs::metadata(folder) {
        Ok(metadata) if !metadata.is_dir() => {
            return Err(Error::NotAFolder(folder.to_owned()));
        }
        Ok(_) => sweep(folder),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder).map_err(|error| failed("mkdir", folder, &error))?;
        }
        Err(error) => return Err(failed("stat", folder, &error)),
    }
    Ok(())
}

/// Removes what has a temporary name and is locked by no process. What cannot be removed stays, which is no error.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let temporary = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        // A link was not made here.
        let Some(kind) = entry.file_type().ok().filter(|kind| temporary && (kind.is_dir() || kind.is_file()))
        else {
            continue;
        };
        let path = entry.path();
        let Ok(file) = File::open(&path) else { continue };
        if file.try_lock().is_ok() {
            let _ = if kind.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
    }
}

/// Tries until what was made could be locked: in between, another process may remove it.
fn until_held<T>(make: impl Fn() -> io::Result<Option<T>>) -> io::Result<T> {
    for _ in 0..ATTEMPTS {
        if let Some(made) = make()? {
            return Ok(made);
        }
    }
    Err(io::Error::other("somebody removes temporary files as soon as they are made"))
}

/// Locks what was just made, and says whether it is still there. Where the file system has no locks, nothing is ever removed.
fn hold(file: &File, path: &Path) -> bool {
    !matches!(file.try_lock(), Err(TryLockError::WouldBlock)) && path.symlink_metadata().is_ok()
}

fn failed(operation: &'static str, path: &Path, error: &io::Error) -> Error {
    Error::Path(PathError::new(operation, path, error))
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn nothing_is_left_of_what_was_not_kept() {
        let place = tempfile::tempdir().unwrap();
        let mut file = Staged::beside(&place.path().join("a")).unwrap();
        file.writer().write_all(b"half").unwrap();
        let folder = StagedFolder::inside(place.path()).unwrap();
        fs::write(folder.path().join("b"), "half").unwrap();
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
        drop((file, folder));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_written_stays_what_it_was() {
        let place = tempfile::tempdir().unwrap();
        let [file, link] = ["file", "link"].map(|name| place.path().join(name));
        write(&file, b"one").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("file", &link).unwrap();
        write(&link, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        write(Path::new("/dev/null"), b"gone").unwrap();
        assert!(write(&file.join("x"), b"").is_err());
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_is_kept_stands_under_its_name() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("below").join("a");
        for text in ["one", "two"] {
            let mut staged = Staged::beside(&target).unwrap();
            staged.writer().write_all(text.as_bytes()).unwrap();
            staged.keep().unwrap();
        }
        assert_eq!(fs::read_to_string(&target).unwrap(), "two");
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o644);
        let folder = StagedFolder::inside(place.path()).unwrap();
        folder.keep_at(&place.path().join("folder"), 0o755).unwrap();
        assert_eq!(fs::metadata(place.path().join("folder")).unwrap().permissions().mode() & 0o777, 0o755);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_nobody_holds_is_swept_away_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        let path = |name: &str| place.path().join(name);
        fs::write(path(".plimsoll-dead01.part"), "half").unwrap();
        fs::create_dir(path(".plimsoll-dead02.part")).unwrap();
        fs::write(path(".plimsoll-dead02.part/a"), "half").unwrap();
        fs::write(path(".plimsoll.toml"), "a user's").unwrap();
        fs::write(path("precious"), "a user's").unwrap();
        std::os::unix::fs::symlink(path("precious"), path(".plimsoll-link00.part")).unwrap();
        let held = Staged::beside(&path("a")).unwrap();
        let folder = StagedFolder::inside(place.path()).unwrap();
        let other = Staged::beside(&path("b")).unwrap();
        let mut left: Vec<PathBuf> =
            fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        left.sort();
        let mut wanted = vec![path(".plimsoll.toml"), path("precious"), path(".plimsoll-link00.part")];
        wanted.extend([held.path(), folder.path(), other.path()].map(Path::to_owned));
        wanted.sort();
        assert_eq!(left, wanted);
    }

    #[test]
    fn many_at_once_do_not_sweep_each_other_away() {
        let place = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let target = place.path().join(thread.to_string());
                scope.spawn(move || {
                    for _ in 0..50 {
                        let mut staged = Staged::beside(&target).unwrap();
                        staged.writer().write_all(b"whole").unwrap();
                        staged.keep().unwrap();
                        assert_eq!(fs::read(&target).unwrap(), b"whole");
                    }
                });
            }
        });
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 8);
    }
}
