//! Linux and macOS.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fs::{DirBuilder, File, FileType, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read};
use std::os::fd::AsFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::io::Errno;
use rustix::process::{Resource, getrlimit};
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use rustix::time::{ClockId, clock_gettime};
use signal_hook::consts::{SIGABRT, SIGXFSZ};

use super::Source;

/// Opens whatever it is, without waiting for somebody at the other end.
pub fn open_to_read(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(without_waiting()).open(path)
}

/// Opens what is no regular file. A pipe that nobody reads is an error after a while, where the system would wait for ever.
pub fn open_to_write(path: &Path, patience: Duration) -> io::Result<File> {
    let began = Instant::now();
    loop {
        match OpenOptions::new().write(true).custom_flags(without_waiting()).open(path) {
            Err(error) if error.raw_os_error() == Some(Errno::NXIO.raw_os_error()) => {
                if began.elapsed() > patience {
                    return Err(io::Error::new(ErrorKind::InvalidInput, "is a pipe that nobody reads"));
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            Ok(file) => {
                rustix::fs::fcntl_setfl(&file, OFlags::empty())?;
                return Ok(file);
            }
            failed => return failed,
        }
    }
}

fn without_waiting() -> i32 {
    (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed()
}

/// The error of reading a folder.
pub fn is_a_directory() -> io::Error {
    Errno::ISDIR.into()
}

/// Reads what there is; none where that is all. Where nothing comes for so long, it is an error of the kind
/// [`ErrorKind::TimedOut`].
pub fn read_some(source: Source<'_>, piece: &mut [u8], silence: Duration) -> io::Result<usize> {
    match source {
        Source::File(file) => read_descriptor(file, piece, silence),
        Source::Stdin => read_descriptor(&io::stdin(), piece, silence),
    }
}

/// Reads what there is, as far as the data has room for it; none where that is all.
pub fn read_into(file: &File, data: &mut Vec<u8>) -> io::Result<usize> {
    loop {
        match rustix::io::read(file, rustix::buffer::spare_capacity(data)) {
            Err(Errno::INTR) => {}
            done => return Ok(done?),
        }
    }
}

fn read_descriptor(file: &impl AsFd, piece: &mut [u8], silence: Duration) -> io::Result<usize> {
    loop {
        match rustix::io::read(file, &mut *piece) {
            Ok(read) => return Ok(read),
            Err(Errno::AGAIN) => wait(file, silence)?,
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Waits until there is something to read.
fn wait(file: &impl AsFd, silence: Duration) -> io::Result<()> {
    let silence = Timespec { tv_sec: silence.as_secs() as i64, tv_nsec: 0 };
    let mut polled = [PollFd::new(file, PollFlags::IN)];
    match poll(&mut polled, Some(&silence)) {
        Ok(0) => Err(ErrorKind::TimedOut.into()),
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Standard input as a file that can be asked what it is.
pub fn stdin_as_file() -> io::Result<File> {
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

/// Whether it is a pipe.
pub fn is_pipe(kind: FileType) -> bool {
    kind.is_fifo()
}

/// What a lock can be put on of what lies there; nothing where the system locks no folders.
pub fn lock_of(folder: &Path) -> io::Result<Option<File>> {
    File::open(folder).map(Some)
}

/// The mode that a file has.
pub fn mode_of(about: &Metadata) -> u32 {
    about.permissions().mode() & 0o7777
}

/// The permissions of a mode; none where files have no modes.
pub fn permissions(mode: u32) -> Option<Permissions> {
    Some(Permissions::from_mode(mode))
}

/// Makes a folder that nobody else looks into, and those above it.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Whether nobody but its owner, who is the user or the system's, may have written it.
pub fn is_private(about: &Metadata) -> bool {
    let is_ours = about.uid() == rustix::process::geteuid().as_raw() || about.uid() == 0;
    is_ours && about.permissions().mode() & 0o022 == 0
}

/// The address space that the process may use, or what it may hold in it, where that is limited.
pub fn address_space() -> Option<u64> {
    [Resource::As, Resource::Data].into_iter().filter_map(|resource| getrlimit(resource).current).min()
}

/// How much of that is left, as far as the system tells.
pub fn address_space_left() -> Option<u64> {
    const PAGE: u64 = 4096;
    let statistics = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let used = |field: usize| -> Option<u64> {
        let pages: u64 = statistics.split_ascii_whitespace().nth(field)?.parse().ok()?;
        Some(pages * PAGE)
    };
    // All that is mapped, and what of it can be written.
    let left = |(resource, field)| {
        getrlimit(resource).current.map(|limit| limit.saturating_sub(used(field).unwrap_or_default()))
    };
    [(Resource::As, 0), (Resource::Data, 5)].into_iter().filter_map(left).min()
}

/// Makes an exit code of what ends the process from within when there is no memory left, or no stack: the system would tell
/// of a signal. The code is the first as long as the condition holds, and else the second.
pub fn survive_aborts(codes: [u8; 2], is_first: &Arc<AtomicBool>) {
    // Where it cannot be heard of it ends the process as it always does.
    for (code, condition) in codes.into_iter().zip([Arc::clone(is_first), Arc::new(AtomicBool::new(true))]) {
        let _ = signal_hook::flag::register_conditional_shutdown(SIGABRT, i32::from(code), condition);
    }
}

/// Makes writing too large a file an error, where the system would end the process without a word.
pub fn survive_large_files() {
    // Where it cannot be heard of it ends the process as it always does.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
}

/// The processor time that the process took.
pub fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
}

/// Reads a line that is typed without being shown, not even if it is typed at once; `read` is given the keys as they are
/// pressed.
pub fn type_secret<T>(
    ask: impl FnOnce() -> io::Result<()>,
    read: impl FnOnce(&mut dyn Read) -> io::Result<T>,
) -> io::Result<T> {
    let silent = Silent::begin();
    ask()?;
    let _silent = silent?;
    read(&mut io::stdin().lock())
}

/// A terminal that shows nothing, until this is dropped.
struct Silent(Termios);

impl Silent {
    /// The terminal hands over each key as it is pressed, those for stopping a program too: a program that was stopped would
    /// leave the terminal silent.
    fn begin() -> io::Result<Silent> {
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN);
        silent.special_codes[SpecialCodeIndex::VMIN] = 1;
        silent.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(io::stdin(), OptionalActions::Now, &silent)?;
        Ok(Silent(before))
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        // There is nobody left to tell.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

/// The path with `/` between its parts, as it is written everywhere here.
pub fn with_slashes(path: PathBuf) -> PathBuf {
    path
}

/// What the system says of an error, as Go repeats it: it writes the words of C's library in small letters.
pub fn words_of(said: &str) -> String {
    let mut chars = said.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// The bytes that a name is.
pub fn bytes_of_name(name: &OsStr) -> Cow<'_, [u8]> {
    Cow::Borrowed(name.as_bytes())
}

/// The name that bytes are.
pub fn name_of_bytes(bytes: Vec<u8>) -> OsString {
    OsString::from_vec(bytes)
}
