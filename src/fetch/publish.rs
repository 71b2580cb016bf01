//! [`Fetcher::push`]: a chart's archive into a registry, with the manifest that Helm would write: the same bytes, and so
//! the same digest.
//!
//! Source: Helm registry/client.go `Push`, registry/chart.go `generateOCIAnnotations`, pusher/ocipusher.go.

use std::collections::BTreeMap;
use std::path::Path;

use crate::chart::{self, Metadata};
use crate::go::os::PathError;
use crate::go::path;
use crate::go::strconv::quote;
use crate::oci::Reference;
use crate::oci::digest::digest_of;
use crate::oci::manifest::{Descriptor, MANIFEST, Manifest};
use crate::oci::push::Blob;
use crate::oci::reference::SCHEME;

use super::artifact::{CHART, CONFIG, PROVENANCE, explain_underscore};
use super::error::Error;
use super::event::{Listener, say};
use super::fetcher::Fetcher;

const ANNOTATION: &str = "org.opencontainers.image.";

/// A chart that was pushed.
#[derive(Clone, Debug)]
pub struct Pushed {
    /// The chart's name.
    pub name: String,
    /// Its manifest.
    pub descriptor: Descriptor,
}

impl Fetcher {
    /// Pushes the archive to the repository named after the chart below `remote`. The time at which the archive was last
    /// written becomes that at which the chart was created.
    pub fn push(&self, archive: &str, remote: &str, listener: Listener<'_>) -> Result<Pushed, Error> {
        let Some((scheme, _)) = remote.split_once("://") else {
            return Err(Error::other(format!("scheme prefix missing from remote (e.g. \"{SCHEME}\")")));
        };
        if scheme != "oci" {
            return Err(Error::other(format!("scheme {} not supported", quote(scheme))));
        }
        let file = Path::new(archive);
        let status = std::fs::metadata(file).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::other(format!("{archive}: no such file")),
            _ => Error::from(PathError::new("stat", archive, &error)),
        })?;
        if status.is_dir() {
            return Err(Error::other("cannot push directory, must provide chart archive (.tgz)"));
        }
        if !status.is_file() {
            return Err(Error::other(format!("{archive} is no regular file")));
        }
        let metadata = chart::load_metadata(file)?;
        let base = remote.strip_prefix(SCHEME).unwrap_or(remote);
        let reference = format!("{}:{}", path::join(&[base, &metadata.name]), metadata.version);
        let reference = Reference::parse(&reference)?;
        self.online(format!("pushing {reference}"))?;

        let created = status.modified().ok().and_then(|time| jiff::Timestamp::try_from(time).ok());
        let created = created.map(rfc3339).unwrap_or_default();
        let (blobs, manifest) = assemble(file, &metadata, &created)?;
        let digest = digest_of(&manifest);
        self.registries()?.push(&reference, &blobs, &manifest)?;
        say(listener, format!("Pushed: {reference}"));
        say(listener, format!("Digest: {digest}"));
        explain_underscore(&reference, &reference.tag, listener);
        let descriptor = Descriptor { media_type: MANIFEST.to_owned(), digest, size: manifest.len() as i64 };
        Ok(Pushed { name: metadata.name.clone(), descriptor })
    }
}

/// The blobs in the order in which they are sent, and the manifest.
fn assemble(file: &Path, metadata: &Metadata, created: &str) -> Result<(Vec<Blob>, Vec<u8>), Error> {
    let read = |media_type: &str, path: &Path| {
        Blob::of_file(media_type, path).map_err(|error| PathError::new("open", path, &error))
    };
    let config = Blob::of_bytes(CONFIG, metadata.to_go_json().into_bytes());
    let mut layers = vec![read(CHART, file)?];
    let mut provenance = file.as_os_str().to_owned();
    provenance.push(".prov");
    // A link or device of that name is nobody's provenance, and is not sent.
    let provenance_kind = Path::new(&provenance).symlink_metadata().map(|about| about.file_type());
    if let Ok(kind) = provenance_kind {
        if !kind.is_file() {
            let provenance = Path::new(&provenance).display();
            return Err(Error::other(format!("{provenance} is no regular file, and is not sent")));
        }
        layers.push(read(PROVENANCE, Path::new(&provenance))?);
    }
    layers.sort_by(|one, other| one.descriptor.digest.cmp(&other.descriptor.digest));
    let manifest = Manifest {
        config: config.descriptor.clone(),
        layers: layers.iter().map(|layer| layer.descriptor.clone()).collect(),
        annotations: Some(annotations(metadata, created)),
        ..Manifest::default()
    };
    let text = serde_json::to_string(&manifest)
        .map_err(|error| Error::other(format!("writing the manifest: {error}")))?;
    layers.push(config);
    Ok((layers, escape_html(&text).into_bytes()))
}

/// What Go's encoding/json does to these characters, which stand only inside texts.
fn escape_html(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => text.push(c),
        }
    }
    text
}

/// A time in the local zone as Go's `time.RFC3339` prints it.
fn rfc3339(time: jiff::Timestamp) -> String {
    let local = time.to_zoned(jiff::tz::TimeZone::system());
    let zone = if local.offset().seconds() == 0 { "Z".to_owned() } else { local.strftime("%:z").to_string() };
    format!("{}{zone}", local.strftime("%Y-%m-%dT%H:%M:%S"))
}

/// The chart's own annotations, and what its metadata say in the words of registries. A chart cannot give itself another
/// title or version.
fn annotations(metadata: &Metadata, created: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut add = |key: &str, text: &str| {
        if !text.trim().is_empty() {
            found.insert(format!("{ANNOTATION}{key}"), text.to_owned());
        }
    };
    add("description", &metadata.description);
    add("title", &metadata.name);
    add("version", &metadata.version);
    add("url", &metadata.home);
    add("created", created);
    add("source", metadata.sources.first().map_or("", String::as_str));
    let authors: Vec<String> = metadata
        .maintainers
        .iter()
        .flatten()
        .map(|it| match it.email.as_str() {
            "" => it.name.clone(),
            email => format!("{} ({email})", it.name),
        })
        .collect();
    add("authors", &authors.join(", "));
    let fixed = ["title", "version"].map(|key| format!("{ANNOTATION}{key}"));
    for (key, text) in metadata.annotations.iter().flatten().filter(|(key, _)| !fixed.contains(key)) {
        found.insert(key.clone(), text.clone());
    }
    found
}
