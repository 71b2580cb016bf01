//! [`Index`]: `index.yaml`, the list of what a chart repository offers, and the choice of a version from it.
//!
//! Source: Helm repo/v1/index.go `loadIndex`, `IndexFile.Get`.

use std::collections::BTreeMap;
use std::fmt;

use crate::chart::{self, ChartVersion, InvalidMetadata, RepositoryIndex};
use crate::go::semver::{self, Constraints, Version};
use crate::go::slog;

use super::same_url::same_url;

/// Why an index cannot be read, or does not offer what is wanted. The texts are Helm's.
#[derive(Debug)]
pub enum Error {
    /// It is empty.
    Empty,
    /// It cannot be understood.
    Malformed(Box<chart::Error>),
    /// It does not say which version of the format it has.
    NoApiVersion,
    /// It has no chart of that name.
    NoChart,
    /// It has no version of the chart.
    NoVersion,
    /// The version that is wanted is no constraint, for this reason.
    Constraint(semver::Error),
    /// It has none of the versions that are wanted.
    NoMatch {
        /// The chart.
        name: String,
        /// The version, or a constraint.
        version: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Empty => f.write_str("empty index.yaml file"),
            Error::Malformed(error) => write!(f, "{error}"),
            Error::NoApiVersion => f.write_str("no API version specified"),
            Error::NoChart => f.write_str("no chart name found"),
            Error::NoVersion => f.write_str("no chart version found"),
            Error::Constraint(reason) => reason.fmt(f),
            Error::NoMatch { name, version } => write!(f, "no chart version found for {name}-{version}"),
        }
    }
}

impl std::error::Error for Error {}

/// A chart in a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Its version.
    pub version: String,
    /// Where its archive is; the first counts.
    pub urls: Vec<String>,
    /// The hexadecimal digits of the archive's SHA-256, if the index tells them.
    pub digest: String,
}

/// What a repository offers, by name, the newest version first.
#[derive(Clone, Debug, Default)]
pub struct Index {
    entries: BTreeMap<String, Vec<Offer>>,
    /// What Helm logs of entries that it leaves out.
    pub warnings: Vec<slog::Line>,
}

impl Index {
    /// Reads an index, which came from `source`. Entries that are no valid charts are left out with a warning.
    pub fn parse(data: &[u8], source: &str) -> Result<Index, Error> {
        if data.is_empty() {
            return Err(Error::Empty);
        }
        let read = RepositoryIndex::parse(data).map_err(|error| Error::Malformed(Box::new(error)))?;
        let mut index = Index::default();
        for (name, versions) in read.entries {
            let mut offers = Vec::new();
            for version in versions.into_iter().rev() {
                match offer(version, &name, source) {
                    Ok(offer) => offers.push(offer),
                    Err(warning) => index.warnings.push(warning),
                }
            }
            offers.reverse();
            offers.sort_by(|(one, _), (other, _)| other.compare(one));
            index.entries.insert(name, offers.into_iter().map(|(_, offer)| offer).collect());
        }
        if read.api_version.is_empty() {
            return Err(Error::NoApiVersion);
        }
        Ok(index)
    }

    /// What is offered under a name.
    pub fn offers(&self, name: &str) -> Option<&[Offer]> {
        self.entries.get(name).map(Vec::as_slice)
    }

    /// The names, one a line.
    pub fn names(&self) -> String {
        self.entries.keys().map(|name| format!("{name}\n")).collect()
    }

    /// Whether a chart's archive is at this address.
    pub fn has_url(&self, url: &str) -> bool {
        let offers = self.entries.values().flatten();
        offers.flat_map(|offer| &offer.urls).any(|known| same_url(known, url))
    }

    /// The newest offer that the version, a constraint or nothing, allows; and what Helm logs where it was a version, and
    /// another one is taken.
    pub fn get(&self, name: &str, version: &str) -> Result<(&Offer, Option<slog::Line>), Error> {
        let offers = self.entries.get(name).ok_or(Error::NoChart)?;
        if offers.is_empty() {
            return Err(Error::NoVersion);
        }
        let constraint =
            Constraints::parse(if version.is_empty() { "*" } else { version }).map_err(Error::Constraint)?;
        if let Some(exact) = offers.iter().find(|offer| offer.version == version) {
            return Ok((exact, None));
        }
        let fits =
            |offer: &&Offer| Version::parse(&offer.version).is_ok_and(|version| constraint.check(&version));
        let found = offers.iter().find(fits);
        let found =
            found.ok_or_else(|| Error::NoMatch { name: name.to_owned(), version: version.to_owned() })?;
        let inexact = !version.is_empty() && !is_range(version);
        let warning = inexact.then(|| {
            let message = "unable to find exact version requested; falling back to closest available version";
            let attributes = [("chart", name), ("requested", version), ("selected", &found.version)];
            slog::Line::warn(message, &attributes)
        });
        Ok((found, warning))
    }
}

/// The offer of an entry, or the warning about it. Helm: repo/v1/index.go `loadIndex`.
fn offer(version: Option<ChartVersion>, name: &str, source: &str) -> Result<(Version, Offer), slog::Line> {
    const SKIPPED: &str = "skipping loading invalid entry for chart";
    let Some(ChartVersion { mut metadata, urls, digest }) = version else {
        let attributes = [("name", name), ("source", source)];
        return Err(slog::Line::warn(format!("{SKIPPED}: empty entry"), &attributes));
    };
    if metadata.api_version.is_empty() {
        "v1".clone_into(&mut metadata.api_version);
    }
    let valid = match metadata.validate() {
        // JFrog's repositories leave the aliases out. Helm: `ignoreSkippableChartValidationError`.
        Ok(()) | Err(InvalidMetadata::DuplicateDependency(_)) => Ok(()),
        Err(error) => Err(error.to_string()),
    };
    let parsed = valid.and_then(|()| Ok(Version::parse(&metadata.version)?));
    match parsed {
        Ok(parsed) => Ok((parsed, Offer { version: metadata.version, urls, digest })),
        Err(error) => {
            let (version, error) = (&metadata.version, format!("validation: {error}"));
            let attributes = [("name", name), ("version", version), ("source", source), ("error", &error)];
            Err(slog::Line::warn(SKIPPED, &attributes))
        }
    }
}

/// Whether a text asks for a range of versions and not for one. Helm: repo/v1/index.go `isVersionRange`.
fn is_range(version: &str) -> bool {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    version.contains(['^', '~', '<', '>', '=', '!', '*'])
        || version.contains("||")
        || version.contains(" - ")
        || core.contains(['x', 'X'])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, urls: [x]}\n  - {name: a, version: 1.2.0, \
                        digest: d}\n  - {name: a, version: 2.0.0-rc.1}\n  - {name: a, version: nope}\n  - null\n  b: []\n";

    #[test]
    fn the_newest_that_fits_is_chosen() {
        let index = Index::parse(TEXT.as_bytes(), "here").unwrap();
        for (version, wanted, warned) in [
            ("", "1.2.0", false),
            ("1.0.0", "1.0.0", false),
            ("<1.2", "1.0.0", false),
            (">0.0.0-0", "2.0.0-rc.1", false),
            ("1.0", "1.0.0", true),
            ("1.x", "1.2.0", false),
        ] {
            let (found, warning) = index.get("a", version).unwrap();
            assert_eq!((found.version.as_str(), warning.is_some()), (wanted, warned), "{version:?}");
        }
        assert_eq!(index.get("a", "9").unwrap_err().to_string(), "no chart version found for a-9");
        assert_eq!(index.get("b", "").unwrap_err().to_string(), "no chart version found");
        assert_eq!(index.get("c", "").unwrap_err().to_string(), "no chart name found");
        assert!(index.has_url("x") && !index.has_url("y"));
    }

    /// Every text here was said by Helm 4.3.1.
    #[test]
    fn what_is_left_out_is_told() {
        let index = Index::parse(TEXT.as_bytes(), "here").unwrap();
        let head = "level=WARN msg=\"skipping loading invalid entry for chart";
        let wanted = [
            format!("{head}: empty entry\" name=a source=here"),
            format!(
                "{head}\" name=a version=nope source=here error=\"validation: chart.metadata.version \\\"nope\\\" is invalid\""
            ),
        ];
        let told: Vec<String> = index.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(told, wanted);
        let (_, warning) = index.get("a", "1.0").unwrap();
        let wanted = "level=WARN msg=\"unable to find exact version requested; falling back to closest available version\" \
                      chart=a requested=1.0 selected=1.0.0";
        assert_eq!(warning.unwrap().to_string(), wanted);
    }

    /// Every text here was said by Helm 4.3.1.
    #[test]
    fn what_is_no_index_is_refused() {
        assert_eq!(Index::parse(b"", "").unwrap_err().to_string(), "empty index.yaml file");
        let decoding = "error unmarshaling JSON: while decoding JSON: ";
        for (text, wanted) in [
            ("entries: {}", "no API version specified".to_owned()),
            (" ", "no API version specified".to_owned()),
            ("apiVersion: v1\nextra: 1", format!("{decoding}json: unknown field \"extra\"")),
            (
                "apiVersion: v1\nentries: {a: [{name: a, version: 1.0.0, unknownKey: 1}]}",
                format!("{decoding}json: unknown field \"unknownKey\""),
            ),
            (
                "apiVersion: v1\nentries: {a: [{name: a, version: [1]}]}",
                format!(
                    "{decoding}json: cannot unmarshal array into Go struct field ChartVersion.entries.Metadata.version of type string"
                ),
            ),
            (
                "apiVersion: v1\nentries: {a: [{name: a, version: 1}]}",
                format!(
                    "{decoding}json: cannot unmarshal number into Go struct field ChartVersion.entries.Metadata.version of type string"
                ),
            ),
            (
                "apiVersion: v1\nentries: {a: [{name: a, version: 1.0.0, maintainers: [{name: 1}]}]}",
                format!(
                    "{decoding}json: cannot unmarshal number into Go struct field Maintainer.entries.Metadata.maintainers.name of type \
                     string"
                ),
            ),
            (
                "apiVersion: v1\nentries: {a: [{name: a, version: 1.0.0, urls: a.tgz}]}",
                format!(
                    "{decoding}json: cannot unmarshal string into Go struct field ChartVersion.entries.urls of type []string"
                ),
            ),
            (
                "apiVersion: v1\nentries: {a: [{name: a, version: 1.0.0, removed: x}]}",
                format!("{decoding}json: cannot unmarshal string into Go struct field ChartVersion.entries.removed of type bool"),
            ),
            (
                "apiVersion: v1\nentries: {a: [{name: a, version: 1.0.0, created: nope}]}",
                format!("{decoding}parsing time \"nope\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"nope\" as \"2006\""),
            ),
            (
                "apiVersion: v1\nentries: {a: {name: a}}",
                format!("{decoding}json: cannot unmarshal object into Go struct field IndexFile.entries of type repo.ChartVersions"),
            ),
            (
                "apiVersion: v1\nentries: {a: [x]}",
                format!("{decoding}json: cannot unmarshal string into Go struct field IndexFile.entries of type repo.ChartVersion"),
            ),
            (
                "apiVersion: v1\nentries: []",
                format!(
                    "{decoding}json: cannot unmarshal array into Go struct field IndexFile.entries of type map[string]repo.ChartVersions"
                ),
            ),
            ("- a", format!("{decoding}json: cannot unmarshal array into Go value of type repo.IndexFile")),
            (
                "apiVersion: v1\napiVersion: v1\nentries: {}",
                "error converting YAML to JSON: yaml: unmarshal errors:\n  line 2: key \"apiVersion\" already set in map".to_owned(),
            ),
            (
                r#"{"apiVersion":1,"zzz":1,"entries":{}}"#,
                "json: cannot unmarshal number into Go struct field IndexFile.apiVersion of type string".to_owned(),
            ),
        ] {
            assert_eq!(Index::parse(text.as_bytes(), "").unwrap_err().to_string(), wanted, "{text}");
        }
    }

    #[test]
    fn what_helm_takes_is_taken() {
        for text in [
            r#"{"apiVersion":"v1","zzz":1,"entries":{"a":[{"name":"a","version":"1.0.0","nope":1}]}}"#,
            "apiVersion: 1\nentries: {a: [{NAME: a, version: 1.0.0}]}",
            "apiVersion: v1\nentries: {a: [{name: a, version: 1.0.0, urls: [1], dependencies: [{name: b}, {name: b}]}]}",
            "apiVersion: v1\ngenerated: 2020-01-01T00:00:00.1234Z\nserverInfo: {a: 1}\npublicKeys: [a]\nannotations: {a: b}\n\
             entries: {a: [{name: a, version: 1.0.0, created: '2020-01-01T00:00:00+02:00'}]}",
        ] {
            assert_eq!(Index::parse(text.as_bytes(), "").unwrap().get("a", "").unwrap().0.version, "1.0.0");
        }
    }
}
