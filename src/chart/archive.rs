//! Chart archives: what a `.tgz` may hold, and Helm's words for what it may not. Helm: pkg/chart/loader/archive.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use flate2::read::MultiGzDecoder;
use tar::EntryType;

use crate::budget::{self, Over};
use crate::go::{path, raw, strconv};

use super::{Error, ErrorKind};

/// How large all files of a chart may be together. Helm: `MaxDecompressedChartSize`.
pub const MAX_CHART_SIZE: u64 = 100 * 1024 * 1024;

const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// How long the headers before a member may be together: names and records. Go: archive/tar `maxSpecialFileSize`, for each.
const LONGEST_HEADER: u64 = 2 << 20;

/// What Go says of a header that is longer. Go: `tar.ErrFieldTooLong`.
const LONG_FIELD: &str = "archive/tar: header field too long";

/// Units of work for a member.
const MEMBER: u64 = 100;

/// What Go says of an archive that is none. Go: `tar.ErrHeader`.
const BAD_TAR: &str = "archive/tar: invalid tar header";

/// A file on its way into a chart. Helm: `archive.BufferedFile`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BufferedFile {
    /// The path inside the chart, with `/`.
    pub name: String,
    /// The content, its byte order mark removed.
    pub data: Rc<[u8]>,
    /// When it was last changed, in seconds since 1970.
    pub modified: i64,
}

impl BufferedFile {
    /// A file whose byte order mark, if there is one, is not kept.
    pub fn new(name: impl Into<String>, data: &[u8], modified: i64) -> BufferedFile {
        BufferedFile { name: name.into(), data: data.strip_prefix(UTF8_BOM).unwrap_or(data).into(), modified }
    }
}

/// The files of a chart archive, their names without the base folder. Nothing is written to disk, and no more than
/// `MAX_CHART_SIZE` is taken out of it. Helm: `archive.LoadArchiveFiles`.
pub fn load_archive_files(input: impl Read) -> Result<Vec<BufferedFile>, Error> {
    load_some_archive_files(input, |_| true)
}

/// As [`load_archive_files`], but only files with these names are kept; the others are looked through and forgotten.
pub fn load_some_archive_files(
    input: impl Read,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<BufferedFile>, Error> {
    let mut input = input;
    let head = read_start(&mut input)?;
    let allowed = Rc::new(Cell::new(LONGEST_HEADER));
    // Entries are read to their end or skipped, so the stream is bounded a little above the limit for contents.
    let unzipped = MultiGzDecoder::new((&head[..]).chain(input)).take(MAX_CHART_SIZE * 4);
    let mut archive = tar::Archive::new(Metered { inner: unzipped, allowed: Rc::clone(&allowed) });
    let mut files = Vec::new();
    let mut remaining = MAX_CHART_SIZE;
    for entry in archive.entries().map_err(|error| damaged(&error))? {
        let mut entry = entry.map_err(|error| damaged(&error))?;
        budget::spend(MEMBER).map_err(over)?;
        let name = raw::into_text(entry.path_bytes().into_owned());
        let header = entry.header();
        let skipped = [EntryType::Directory, EntryType::XGlobalHeader, EntryType::XHeader];
        let kind = if name.ends_with('/') { EntryType::Directory } else { header.entry_type() };
        let size = entry.size();
        // Go takes what follows a folder for the next header, whatever size it claims.
        if kind == EntryType::Directory && size > 0 {
            return Err(Error::new(ErrorKind::Archive, BAD_TAR));
        }
        allowed.set(LONGEST_HEADER);
        if skipped.contains(&kind) {
            if size > LONGEST_HEADER {
                return Err(Error::new(ErrorKind::Archive, LONG_FIELD));
            }
            continue;
        }
        let modified = header.mtime().unwrap_or_default() as i64;
        let inside = inner_name(&name)?;
        if size > remaining {
            return Err(too_large());
        }
        let is_wanted = wanted(&inside);
        let mut data = Vec::new();
        if is_wanted {
            // It is copied once more where it stays.
            budget::make((size as usize).saturating_mul(2)).map_err(over)?;
            data.reserve_exact(size as usize);
        }
        allowed.set(u64::MAX);
        let mut content = entry.by_ref().take(remaining);
        let copied = match is_wanted {
            true => content.read_to_end(&mut data).map(|copied| copied as u64),
            false => io::copy(&mut content, &mut io::sink()),
        };
        allowed.set(LONGEST_HEADER);
        let copied = copied.map_err(|error| damaged(&error))?;
        remaining -= copied;
        if copied < size || remaining == 0 {
            return Err(too_large());
        }
        if is_wanted {
            files.push(BufferedFile::new(inside, &data, modified));
        }
    }
    if files.is_empty() {
        return Err(Error::new(ErrorKind::Archive, "no files in chart archive"));
    }
    Ok(files)
}

/// A stream of which only so much may be read.
struct Metered<R> {
    inner: R,
    allowed: Rc<Cell<u64>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let allowed = self.allowed.get();
        if allowed == 0 {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, LONG_FIELD));
        }
        let most = usize::try_from(allowed).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.inner.read(&mut buffer[..most])?;
        self.allowed.set(allowed - read as u64);
        Ok(read)
    }
}

fn over(over: Over) -> Error {
    Error::new(ErrorKind::Size, over.to_string())
}

/// Reads the header by which a gzip is known. Go: compress/gzip gunzip.go `readHeader`.
fn read_start(input: &mut impl Read) -> Result<Vec<u8>, Error> {
    let mut head = Vec::new();
    input.take(10).read_to_end(&mut head).map_err(|error| damaged(&error))?;
    let (kind, message) = match head[..] {
        [] => (ErrorKind::Archive, "EOF"),
        [0x1f, 0x8b, 8, ..] if head.len() == 10 => return Ok(head),
        _ if head.len() < 10 => (ErrorKind::Archive, "unexpected EOF"),
        // Go: `gzip.ErrHeader`.
        _ => (ErrorKind::NoArchive, "gzip: invalid header"),
    };
    Err(Error::new(kind, message))
}

/// The path of an entry below its base folder, checked.
fn inner_name(name: &str) -> Result<String, Error> {
    let fault = |message: &str| Err(Error::new(ErrorKind::Archive, message));
    // An archive from Windows may have backslashes.
    let delimiter = if name.contains('\\') { '\\' } else { '/' };
    let (base, inside) = name.split_once(delimiter).unwrap_or((name, ""));
    let inside = inside.replace(delimiter, "/");
    if path::is_abs(&inside) {
        return fault("chart illegally contains absolute paths");
    }
    let inside = path::clean(&inside);
    if inside == "." {
        let name = strconv::quote(raw::bytes(name));
        return fault(&format!("chart illegally contains content outside the base directory: {name}"));
    }
    if inside.starts_with("..") {
        return fault("chart illegally references parent directory");
    }
    if let [drive, b':', b'/', ..] = inside.as_bytes()
        && drive.is_ascii_alphabetic()
    {
        return fault("chart contains illegally named files");
    }
    if base == "Chart.yaml" {
        return fault("chart yaml not in base directory");
    }
    Ok(inside)
}

fn too_large() -> Error {
    let message = format!("decompressed chart is larger than the maximum size {MAX_CHART_SIZE}");
    Error::new(ErrorKind::Size, message)
}

/// A damaged stream, in Go's words where it has some.
fn damaged(error: &io::Error) -> Error {
    let message = match error.kind() {
        io::ErrorKind::UnexpectedEof => "unexpected EOF".to_owned(),
        io::ErrorKind::FileTooLarge => LONG_FIELD.to_owned(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => "gzip: invalid checksum".to_owned(),
        _ => BAD_TAR.to_owned(),
    };
    Error::new(ErrorKind::Archive, message)
}
