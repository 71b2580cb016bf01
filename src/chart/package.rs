//! A chart as an archive, as `helm package` writes it: the same members in the same order, with the same modes and times.
//! The bytes repeat when the times do; they differ from Helm's only in how they are compressed.
//!
//! Source: Helm pkg/chart/v2/util/save.go `Save`, `writeTarContents`.

use std::io::{self, Write};

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use super::{Chart, File};
use crate::go::path;
use crate::go::raw;

/// The extra field and comment by which Helm marks its archives.
const GZIP_EXTRA: &[u8] = b"rr\x28\x00aHR0cHM6Ly95b3V0dS5iZS96OVV6MWljandyTQo=";
const GZIP_COMMENT: &str = "Helm";
/// What Go's gzip writes for "unknown operating system".
const UNKNOWN_SYSTEM: u8 = 255;

/// The times that members of an archive carry, in seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub enum Times {
    /// Each file's own; this one where a file has none.
    OwnOr(i64),
    /// This one for every member: `SOURCE_DATE_EPOCH`.
    All(i64),
}

impl Times {
    fn of(self, own: i64) -> u64 {
        let time = match self {
            Times::OwnOr(now) if own == 0 => now,
            Times::OwnOr(_) => own,
            Times::All(time) => time,
        };
        time.max(0) as u64
    }
}

/// The name of a chart's archive: `web-1.2.3.tgz`.
pub fn file_name(chart: &Chart) -> String {
    format!("{}-{}.tgz", chart.metadata.name, chart.metadata.version)
}

/// Writes the archive of the chart and its dependencies.
///
/// # Errors
/// Those of `out`, and `InvalidData` with Helm's text for a name that is a path and for a schema that is not JSON.
pub fn write(chart: &Chart, times: Times, out: impl Write) -> io::Result<()> {
    let header = GzBuilder::new().extra(GZIP_EXTRA).comment(GZIP_COMMENT).operating_system(UNKNOWN_SYSTEM);
    let mut archive = Archive { tar: Builder::new(header.write(out, Compression::default())), times };
    archive.chart(chart, "")?;
    archive.tar.into_inner()?.finish()?.flush()
}

struct Archive<W: Write> {
    tar: Builder<W>,
    times: Times,
}

impl<W: Write> Archive<W> {
    fn chart(&mut self, chart: &Chart, prefix: &str) -> io::Result<()> {
        let name = chart.name();
        if path::base(name) != name {
            return Err(invalid(format!(
                "chart.metadata.name {} is invalid",
                crate::go::strconv::quote(name)
            )));
        }
        let base = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
        let time_of = |file: &str| chart.raw_file(file).map_or(0, |file| file.modified);
        let metadata = chart.metadata.to_yaml();
        self.member(&format!("{base}/Chart.yaml"), metadata.as_bytes(), time_of("Chart.yaml"))?;
        if let Some(lock) = chart.lock.as_ref().filter(|_| chart.metadata.api_version == "v2") {
            let generated = lock.generated.parse().map_or(0, |time: jiff::Timestamp| time.as_second());
            self.member(&format!("{base}/Chart.lock"), lock.to_yaml().as_bytes(), generated)?;
        }
        for file in chart.raw.iter().filter(|file| file.name == "values.yaml") {
            self.file(&base, file)?;
        }
        if let Some(schema) = &chart.schema {
            if serde_json::from_slice::<serde::de::IgnoredAny>(schema).is_err() {
                return Err(invalid("invalid JSON in values.schema.json".to_owned()));
            }
            self.member(&format!("{base}/values.schema.json"), schema, time_of("values.schema.json"))?;
        }
        for file in chart.templates.iter().chain(&chart.files) {
            self.file(&base, file)?;
        }
        for dependency in &chart.dependencies {
            self.chart(dependency, &format!("{base}/charts"))?;
        }
        Ok(())
    }

    fn file(&mut self, base: &str, file: &File) -> io::Result<()> {
        self.member(&format!("{base}/{}", file.name), &file.data, file.modified)
    }

    fn member(&mut self, name: &str, data: &[u8], modified: i64) -> io::Result<()> {
        let name = &*raw::path(name);
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o644);
        header.set_size(data.len() as u64);
        header.set_mtime(self.times.of(modified));
        if header.set_path(name).is_err() {
            // It is too long for this form of header; the library knows another.
            return self.tar.append_data(&mut header, name, data);
        }
        as_go(&mut header)?;
        self.tar.append(&header, data)
    }
}

/// Fills what Go fills with zeros, and writes the sum as Go does. Go: archive/tar format.go `FormatUSTAR`.
fn as_go(header: &mut Header) -> io::Result<()> {
    header.set_uid(0);
    header.set_gid(0);
    header.set_device_major(0)?;
    header.set_device_minor(0)?;
    header.set_cksum();
    let sum = header.cksum()?;
    header.as_old_mut().cksum.copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Ok(())
}

fn invalid(text: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}
