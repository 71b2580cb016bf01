//! The files of a chart folder, in Helm's order: symbolic links followed, `.helmignore` obeyed, sizes limited.
//! Helm: pkg/chart/v2/loader/directory.go and internal/sympath.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::go::os::PathError;
use crate::go::{raw, slog};
use crate::{budget, files};

use super::archive::MAX_CHART_SIZE;
use super::sniff::content_type;
use super::{BufferedFile, Error, ErrorKind, IgnoreRules};

/// The files of a chart folder, and what Helm logs while it walks it.
pub(super) fn files(folder: &Path) -> Result<(Vec<BufferedFile>, Vec<slog::Line>), Error> {
    let root = std::path::absolute(folder).map_err(|error| io_error("stat", folder, &error))?;
    let ignore_file = root.join(".helmignore");
    let mut rules = IgnoreRules::default();
    if ignore_file.exists() {
        let text = files::read(&ignore_file).map_err(|error| io_error("read", &ignore_file, &error))?;
        rules = IgnoreRules::parse(&text).map_err(|error| error.in_file(".helmignore"))?;
    }
    let mut walk =
        Walk { rules: rules.with_defaults(), remaining: MAX_CHART_SIZE, files: vec![], log: vec![] };
    let real = fs::canonicalize(&root).map_err(|error| io_error("lstat", &root, &error))?;
    match walk.folder(&root, &real, "") {
        Ok(()) => Ok((walk.files, walk.log)),
        Err(error) => Err(error.after(walk.log)),
    }
}

struct Walk {
    rules: IgnoreRules,
    remaining: u64,
    files: Vec<BufferedFile>,
    log: Vec<slog::Line>,
}

impl Walk {
    /// Walks a folder, whose path without symbolic links is `real`. A circle of links ends, as in Helm, where the system
    /// follows no more of them: nothing is read twice by then that the limit on sizes does not count.
    fn folder(&mut self, folder: &Path, real: &Path, name: &str) -> Result<(), Error> {
        let entries = fs::read_dir(folder).map_err(|error| io_error("open", folder, &error))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| io_error("readdirent", folder, &error))?;
            names.push(entry.file_name());
        }
        names.sort_by(|a, b| a.as_encoded_bytes().cmp(b.as_encoded_bytes()));
        for entry in names {
            let (path, real) = (folder.join(&entry), real.join(&entry));
            let entry = raw::of_path(&entry);
            let name = if name.is_empty() { entry.into_owned() } else { format!("{name}/{entry}") };
            self.visit(&path, real, &name)?;
        }
        Ok(())
    }

    fn visit(&mut self, path: &Path, mut real: PathBuf, name: &str) -> Result<(), Error> {
        let mut info = fs::symlink_metadata(path).map_err(|error| io_error("lstat", path, &error))?;
        if info.is_symlink() {
            real = fs::canonicalize(&real).map_err(|error| bad_link(path, name, &error))?;
            let (from, to) = (raw::shown_path(path).into_owned(), raw::shown_path(&real).into_owned());
            let message = "found symbolic link in path. Contents of linked file included and used";
            self.log.push(slog::Line::info(message, &[("path", &from), ("resolved", &to)]));
            info = fs::symlink_metadata(&real).map_err(|error| io_error("lstat", &real, &error))?;
        }
        if self.rules.ignores(name, info.is_dir()) {
            return Ok(());
        }
        if info.is_dir() {
            return self.folder(path, &real, name);
        }
        if !info.is_file() {
            let path = raw::shown_path(path);
            let message = format!("cannot load irregular file {path} as it has file mode type bits set");
            return Err(Error::new(ErrorKind::Io, message).in_file(name));
        }
        let data = self
            .read(path, info.len())
            .map_err(|error| error.while_doing(format!("error reading {name}")).in_file(name))?;
        let modified = info.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let modified = modified.map_or(0, |since| since.as_secs() as i64);
        self.files.push(BufferedFile::new(name, &data, modified));
        Ok(())
    }

    /// Helm: `ReadFileWithBudget`.
    fn read(&mut self, path: &Path, size: u64) -> Result<Vec<u8>, Error> {
        let too_large = || {
            let message = format!("chart exceeds maximum decompressed size of {MAX_CHART_SIZE} bytes");
            Error::new(ErrorKind::Size, message)
        };
        if size > self.remaining {
            return Err(too_large());
        }
        // It is copied once more where it stays.
        budget::make((size as usize).saturating_mul(2))
            .map_err(|over| Error::new(ErrorKind::Size, over.to_string()))?;
        let file = files::open(path).map_err(|error| io_error("open", path, &error))?;
        let data = files::read_sized(&file, size, self.remaining + 1)
            .map_err(|error| io_error("read", path, &error))?;
        budget::read_input(data.len());
        self.remaining = self.remaining.checked_sub(data.len() as u64).ok_or_else(too_large)?;
        Ok(data)
    }
}

/// Opens a file that looks like a gzip, and says what it looks like if not. Helm: `EnsureArchive`.
pub(super) fn open_archive(path: &Path) -> Result<File, Error> {
    let mut file = files::open(path).map_err(|error| io_error("open", path, &error))?;
    if let Ok(about) = file.metadata() {
        budget::read_input(usize::try_from(about.len()).unwrap_or(0).min(MAX_CHART_SIZE as usize));
    }
    // Go looks at the whole buffer, what was not filled being zeros.
    let mut start = [0; 512];
    let mut filled = 0;
    let name = raw::shown_path(path).into_owned();
    while filled < start.len() {
        let read = file.read(&mut start[filled..]).map_err(|error| {
            let error = io_error("read", path, &error);
            error.while_doing(format!("file '{name}' cannot be read"))
        })?;
        if read == 0 {
            break;
        }
        filled += read;
    }
    file.rewind().map_err(|error| io_error("seek", path, &error))?;
    if start.starts_with(b"\x1F\x8B\x08") {
        return Ok(file);
    }
    let message = if [".yml", ".yaml"].iter().any(|extension| name.ends_with(extension)) {
        format!("file '{name}' seems to be a YAML file, but expected a gzipped archive")
    } else {
        let found = content_type(&start);
        format!("file '{name}' does not appear to be a gzipped archive; got '{found}'")
    };
    Err(Error::new(ErrorKind::Archive, message))
}

fn bad_link(path: &Path, name: &str, error: &io::Error) -> Error {
    let context = format!("error evaluating symlink {}", raw::shown_path(path));
    if error.raw_os_error() == Some(40) {
        return Error::new(ErrorKind::Io, "EvalSymlinks: too many links").while_doing(context).in_file(name);
    }
    let missing = first_unreachable(path).unwrap_or_else(|| path.to_owned());
    io_error("lstat", &missing, error).while_doing(context).in_file(name)
}

/// Follows an absolute path link by link and gives the first place on the way that cannot be looked at, which is the one
/// that Go names. Go: path/filepath walkSymlinks, with its limit of 255 links.
fn first_unreachable(path: &Path) -> Option<PathBuf> {
    let parts = |path: &Path| -> Vec<OsString> {
        path.components().rev().map(|part| part.as_os_str().to_owned()).collect()
    };
    let mut ahead = parts(path);
    let mut reached = PathBuf::new();
    let mut links = 0;
    while let Some(part) = ahead.pop() {
        if part == ".." {
            reached.pop();
            continue;
        }
        // An absolute part, as a link may begin with, replaces what was reached.
        reached.push(part);
        let Ok(info) = fs::symlink_metadata(&reached) else { return Some(reached) };
        if info.is_symlink() {
            links += 1;
            let target = fs::read_link(&reached).ok().filter(|_| links <= 255)?;
            ahead.extend(parts(&target));
            reached.pop();
        }
    }
    None
}

/// An error of the operating system in Go's words: `open /a/b: no such file or directory`.
pub(super) fn io_error(operation: &'static str, path: &Path, error: &io::Error) -> Error {
    // A folder can be opened and not be read.
    let operation = if error.kind() == io::ErrorKind::IsADirectory { "read" } else { operation };
    Error::new(ErrorKind::Io, PathError::new(operation, path, error).to_string())
}
