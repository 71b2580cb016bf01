//! Windows, where files have no modes and no owners that could be asked with safe code, and pipes have no names in folders.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fs::{File, FileType, Metadata, OpenOptions, Permissions};
use std::io::{self, Cursor, Read};
use std::os::windows::io::AsHandle;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::Source;

/// Opens a file.
pub fn open_to_read(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Opens what is no regular file, such as `NUL`.
pub fn open_to_write(path: &Path, _patience: Duration) -> io::Result<File> {
    OpenOptions::new().write(true).open(path)
}

/// The error of reading a folder.
pub fn is_a_directory() -> io::Error {
    io::ErrorKind::IsADirectory.into()
}

/// Reads what there is; none where that is all. It waits as long as nothing comes.
pub fn read_some(source: Source<'_>, piece: &mut [u8], _silence: Duration) -> io::Result<usize> {
    match source {
        Source::File(mut file) => file.read(piece),
        Source::Stdin => io::stdin().lock().read(piece),
    }
}

/// Reads what there is, as far as the data has room for it; none where that is all.
pub fn read_into(file: &File, data: &mut Vec<u8>) -> io::Result<usize> {
    let room = data.capacity() - data.len();
    file.take(room as u64).read_to_end(data)
}

/// Standard input as a file that can be asked what it is.
pub fn stdin_as_file() -> io::Result<File> {
    Ok(File::from(io::stdin().as_handle().try_clone_to_owned()?))
}

/// Whether it is a pipe: whatever is neither file, folder nor link.
pub fn is_pipe(kind: FileType) -> bool {
    !kind.is_file() && !kind.is_dir() && !kind.is_symlink()
}

/// What a lock can be put on of what lies there: no folder.
pub fn lock_of(_folder: &Path) -> io::Result<Option<File>> {
    Ok(None)
}

/// The mode that a file has on other systems.
pub fn mode_of(_about: &Metadata) -> u32 {
    0o644
}

/// The permissions of a mode: there are none.
pub fn permissions(_mode: u32) -> Option<Permissions> {
    None
}

/// Makes a folder, and those above it. What lies in the user's profile is his own.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// Whether nobody else may have written it, which is not asked.
pub fn is_private(_about: &Metadata) -> bool {
    true
}

/// The address space that the process may use: it is not limited.
pub fn address_space() -> Option<u64> {
    None
}

/// How much of that is left: it is not limited.
pub fn address_space_left() -> Option<u64> {
    None
}

/// What ends the process from within cannot be heard of.
pub fn survive_aborts(_codes: [u8; 2], _is_first: &Arc<AtomicBool>) {}

/// Makes writing too large a file an error, as it is.
pub fn survive_large_files() {}

/// The time that went by since this was first asked, which is at least the time that one processor took.
pub fn processor_time() -> Duration {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed()
}

/// Reads a line that is typed without being shown.
pub fn type_secret<T>(
    ask: impl FnOnce() -> io::Result<()>,
    read: impl FnOnce(&mut dyn Read) -> io::Result<T>,
) -> io::Result<T> {
    ask()?;
    let line = rpassword::read_password()?;
    read(&mut Cursor::new(line + "\n"))
}

/// The path with `/` between its parts, which Windows reads too.
pub fn with_slashes(path: PathBuf) -> PathBuf {
    match path.to_str() {
        Some(text) if text.contains('\\') => PathBuf::from(text.replace('\\', "/")),
        _ => path,
    }
}

/// What the system says of an error, as Go repeats it: as it is.
pub fn words_of(said: &str) -> String {
    said.to_owned()
}

/// The bytes of a name, which is text here.
pub fn bytes_of_name(name: &OsStr) -> Cow<'_, [u8]> {
    Cow::Owned(name.to_string_lossy().into_owned().into_bytes())
}

/// The name that bytes are as text.
pub fn name_of_bytes(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}
