//! Reading files that somebody else may have made: nothing that is opened here waits for ever or has no end. [`open`] and
//! [`read`] take regular files alone; [`read_given`] takes what a user may name besides, such as a pipe.
//!
//! The error is that of the system where it has one, and else says what was found.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::system::{self, Source};
use crate::{budget, outside};

/// The most bytes of a file.
pub const LARGEST: u64 = 128 << 20;
/// How many bytes more than it has a file may give.
const GROWN: u64 = 16 << 20;
/// The most bytes of a pipe or device.
pub const LONGEST_STREAM: u64 = 64 << 20;

/// How long a pipe that somebody has opened may say nothing, and how long one that nobody has is waited for.
const SILENCE: Duration = Duration::from_secs(60);
const NOBODY: Duration = Duration::from_secs(2);

/// Whether files are noted that are read, and those that were.
static IS_RECORDING: AtomicBool = AtomicBool::new(false);
static RECORDED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Notes from now on which files the process reads.
pub fn record() {
    IS_RECORDING.store(true, Ordering::Relaxed);
}

/// The files that were read since [`record`], as they were named; with this the noting ends.
pub fn recorded() -> BTreeSet<PathBuf> {
    IS_RECORDING.store(false, Ordering::Relaxed);
    std::mem::take(&mut *RECORDED.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Opens a regular file. A pipe, device or socket is an error at once.
pub fn open(path: &Path) -> io::Result<File> {
    let file = open_any(path)?;
    let kind = file.metadata()?.file_type();
    match () {
        () if kind.is_file() => Ok(file),
        () if kind.is_dir() => Err(system::is_a_directory()),
        () => Err(invalid("is no regular file")),
    }
}

/// The bytes of a regular file, at most [`LARGEST`].
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    read_regular(open(path)?)
}

/// All of a regular file. One may grow while it is read; what gives far more than it has, as some of the system's own do, has no
/// end.
fn read_regular(file: File) -> io::Result<Vec<u8>> {
    let size = file.metadata()?.len();
    if size > LARGEST {
        return Err(too_large("has", LARGEST));
    }
    let most = LARGEST.min(size + GROWN);
    within(read_sized(&file, size, most + 1)?, most)
}

/// The bytes of a regular file that is the program's own, such as a result that it kept: no input, and not noted as read.
pub fn read_own(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = system::open_to_read(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(invalid("is no regular file"));
    }
    if about.len() > limit {
        return Err(too_large("has", limit));
    }
    let mut data = Vec::new();
    (&file).take(limit + 1).read_to_end(&mut data)?;
    if data.len() as u64 > limit { Err(too_large("has", limit)) } else { Ok(data) }
}

/// As [`read`], the text of a file that is UTF-8.
pub fn read_to_string(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?).map_err(|_| io::Error::new(ErrorKind::InvalidData, "is not UTF-8"))
}

/// The bytes of a file that a user named, which may be a pipe or a device: at most [`LONGEST_STREAM`] of those, and as long
/// as somebody writes.
pub fn read_given(path: &Path) -> io::Result<Vec<u8>> {
    budget::while_at(|| path.display().to_string(), || read_given_now(path))
}

fn read_given_now(path: &Path) -> io::Result<Vec<u8>> {
    let file = open_any(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_file() {
        return read_regular(file);
    }
    if kind.is_dir() {
        return Err(system::is_a_directory());
    }
    // What another process of this shell writes to has its own end.
    let is_named = system::is_pipe(kind) && !path.starts_with("/dev") && !path.starts_with("/proc");
    let nobody = if is_named { NOBODY } else { Duration::ZERO };
    read_stream(Source::File(&file), nobody)
}

/// All of standard input, at most [`LONGEST_STREAM`].
pub fn read_stdin() -> io::Result<Vec<u8>> {
    budget::while_at(|| "standard input".to_owned(), || read_stream(Source::Stdin, Duration::ZERO))
}

/// All that comes; where nobody writes, it is waited so long for somebody.
fn read_stream(source: Source<'_>, nobody: Duration) -> io::Result<Vec<u8>> {
    const PIECE: usize = 64 << 10;
    let opened = Instant::now();
    let mut data = Vec::new();
    let mut piece = vec![0; PIECE];
    loop {
        match system::read_some(source, &mut piece, SILENCE) {
            Ok(0) if data.is_empty() && opened.elapsed() < nobody => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Ok(0) if data.is_empty() && !nobody.is_zero() => {
                return Err(invalid("is a pipe that nobody writes to"));
            }
            Ok(0) => return Ok(data),
            Ok(read) => {
                data.extend_from_slice(&piece[..read]);
                if data.len() as u64 > LONGEST_STREAM {
                    return Err(too_large("gives", LONGEST_STREAM));
                }
            }
            Err(error) if error.kind() == ErrorKind::TimedOut => {
                return Err(invalid(&format!("gave nothing for {} seconds", SILENCE.as_secs())));
            }
            Err(error) => return Err(error),
        }
    }
}

/// All of a reader, which is an error where it has more bytes than that.
pub fn read_to_end(reader: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut data = Vec::new();
    reader.take(limit + 1).read_to_end(&mut data)?;
    within(data, limit)
}

/// At most so many bytes of a file that is said to have so many: those in one piece.
pub fn read_sized(file: &File, size: u64, most: u64) -> io::Result<Vec<u8>> {
    let mut data = Vec::with_capacity(usize::try_from(size.min(most)).unwrap_or(usize::MAX));
    while data.len() < data.capacity() && system::read_into(file, &mut data)? > 0 {}
    // It may have grown since.
    file.take(most - data.len() as u64).read_to_end(&mut data)?;
    Ok(data)
}

/// Input that was read, unless it is more than that.
fn within(data: Vec<u8>, limit: u64) -> io::Result<Vec<u8>> {
    if data.len() as u64 > limit {
        return Err(too_large("has", limit));
    }
    budget::read_input(data.len());
    Ok(data)
}

/// Opens whatever it is, without waiting for somebody at the other end.
fn open_any(path: &Path) -> io::Result<File> {
    outside::touch();
    let file = system::open_to_read(path)?;
    if IS_RECORDING.load(Ordering::Relaxed) {
        RECORDED.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
    }
    Ok(file)
}

fn invalid(text: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, text)
}

fn too_large(verb: &str, limit: u64) -> io::Error {
    io::Error::new(ErrorKind::FileTooLarge, format!("{verb} more than {} MiB", limit >> 20))
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::io::Write;
    use std::process::Command;

    use super::*;

    #[test]
    fn only_what_has_an_end_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let sparse = folder.path().join("sparse");
        File::create(&sparse).unwrap().set_len(1 << 40).unwrap();
        let why = |path: &Path| read(path).unwrap_err().to_string();
        assert_eq!(why(&pipe), "is no regular file");
        assert_eq!(why(Path::new("/dev/zero")), "is no regular file");
        assert_eq!(why(&sparse), "has more than 128 MiB");
        // It is regular and empty, as far as the system says.
        let endless = Path::new("/proc/self/pagemap");
        assert!(!endless.exists() || read(endless).is_err());
        assert_eq!(read(folder.path()).unwrap_err().kind(), ErrorKind::IsADirectory);
        let why = |path: &Path| read_given(path).unwrap_err().to_string();
        assert_eq!(why(&pipe), "is a pipe that nobody writes to");
        assert_eq!(why(Path::new("/dev/zero")), "gives more than 64 MiB");
        assert_eq!(read_given(Path::new("/dev/null")).unwrap(), b"");
    }

    #[test]
    fn a_pipe_that_somebody_writes_to_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let writer = std::thread::spawn({
            let pipe = pipe.clone();
            move || {
                let mut pipe = OpenOptions::new().write(true).open(pipe).unwrap();
                for _ in 0..3 {
                    pipe.write_all(b"some ").unwrap();
                    std::thread::sleep(Duration::from_millis(30));
                }
            }
        });
        assert_eq!(read_given(&pipe).unwrap(), b"some some some ");
        writer.join().unwrap();
    }
}
