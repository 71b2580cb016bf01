//! From what a user writes to where a chart is: `oci://HOST/PATH/NAME[:TAG|@DIGEST]`, an `https://` address of an archive,
//! `REPO/NAME` of a known repository, or a name in the repository at an address.
//!
//! Source: Helm downloader/chart_downloader.go `ResolveChartVersion`, registry/client.go `ValidateReference`,
//! repo/v1/chartrepo.go `FindChartInRepoURL`.

use std::sync::Arc;

use reqwest::Url;

use crate::go::semver::{Constraints, Version};
use crate::go::strconv::quote;
use crate::go::{path, raw, url};
use crate::oci::reference::{Reference, SCHEME, is_oci};

use super::error::Error;
use super::event::{Event, Listener};
use super::fetcher::Fetcher;
use super::index::{Index, Offer};
use super::repositories::{self, Entry, index_file};
use super::web::{Web, resolve_url};

/// Where a chart is.
#[derive(Clone, Debug)]
pub struct Located {
    /// What its archive is called.
    pub file_name: String,
    /// The name of the chart that was asked for; nothing where an address was.
    pub chart: Option<String>,
    /// The hexadecimal digits of its SHA-256, if they are known beforehand.
    pub digest: Option<String>,
    /// The way to it.
    pub origin: Origin,
}

impl Located {
    /// Its address.
    pub fn place(&self) -> String {
        match &self.origin {
            Origin::Registry(reference) => format!("{SCHEME}{reference}"),
            Origin::Web(web) => web.url.clone(),
        }
    }
}

/// The way to a chart.
#[derive(Clone, Debug)]
pub enum Origin {
    /// In a registry.
    Registry(Reference),
    /// At an address.
    Web(Web),
}

impl Fetcher {
    /// Where the chart is that the reference names; the version is one, a constraint, or empty.
    pub fn locate(&self, reference: &str, version: &str, listener: Listener<'_>) -> Result<Located, Error> {
        if is_oci(reference) {
            return self.locate_in_registry(reference, version);
        }
        let repositories = repositories::read(&self.settings.repository_config)?;
        if let Ok(url) = Url::parse(reference)
            && url.has_host()
            && url.path() != "/"
        {
            let owner = self.owner(reference, &repositories, listener)?;
            let entry =
                owner.map_or_else(|| self.access.entry(reference), |owner| self.access.complete(owner));
            return web(reference, &entry, "");
        }
        let Some((name, chart)) = reference.split_once('/') else {
            let text = "non-absolute URLs should be in form of repo_name/path_to_chart, got:";
            let read = url::parse(&raw::bytes(reference));
            let shown = read.map_or_else(|_| reference.into(), |url| raw::into_text(url.print()));
            return Err(Error::other(format!("{text} {shown}")));
        };
        let entry = repositories.iter().find(|entry| entry.name == name);
        let entry = entry.ok_or_else(|| Error::other(format!("repo {name} not found")))?;
        if entry.url.is_empty() {
            return Err(Error::other(format!("no URL found for repository {name}")));
        }
        let index = self.cached_index(name, listener)?;
        let (offer, warning) = index.get(chart, version).map_err(|error| {
            let chart = quote(chart);
            let hint = "(try 'helm repo update')";
            Error::from(error)
                .while_doing(format!("chart {chart} matching {version} not found in {name} index. {hint}"))
        })?;
        if let Some(line) = warning {
            listener(Event::Logged(line));
        }
        let missing = || Error::other(format!("chart {} has no downloadable URLs", quote(reference)));
        let url = offer.urls.first().ok_or_else(missing)?;
        named(web(&resolve_url(&entry.url, url)?, &self.access.complete(entry), &offer.digest)?, chart, offer)
    }

    /// Where the chart of that name is in the repository at an address, which need not be a known one.
    pub fn locate_in_repository(
        &self,
        address: &str,
        name: &str,
        version: &str,
        listener: Listener<'_>,
    ) -> Result<Located, Error> {
        is_of_a_repository(address)?;
        let entry = self.access.entry(address);
        let not_valid = |error: Error| {
            let quoted = quote(raw::bytes(address));
            error.while_doing(format!(
                "looks like {quoted} is not a valid chart repository or cannot be reached"
            ))
        };
        let data = self.download_index(&entry).map_err(not_valid)?;
        let mut index = Index::parse(&data, address).map_err(|error| not_valid(error.into()))?;
        index.warnings.drain(..).for_each(|line| listener(Event::Logged(line)));
        let what = match version {
            "" => format!("chart {}", quote(name)),
            version => format!("chart {} version {}", quote(name), quote(version)),
        };
        let (offer, warning) = index
            .get(name, version)
            .map_err(|_| Error::other(format!("{what} not found in {address} repository")))?;
        if let Some(line) = warning {
            listener(Event::Logged(line));
        }
        let missing = || Error::other(format!("{what} has no downloadable URLs"));
        let url = offer.urls.first().ok_or_else(missing)?;
        named(web(&resolve_url(address, url)?, &entry, &offer.digest)?, name, offer)
    }

    /// Where an offer of a repository is, be it a known one or not.
    pub(super) fn offered(
        &self,
        entry: Option<&Entry>,
        address: &str,
        name: &str,
        offer: &Offer,
    ) -> Result<Located, Error> {
        let entry = entry.map_or_else(|| self.access.entry(address), |entry| self.access.complete(entry));
        let missing = || Error::other(format!("a chart of {address} has no downloadable URLs"));
        let url = offer.urls.first().ok_or_else(missing)?;
        named(web(&resolve_url(address, url)?, &entry, &offer.digest)?, name, offer)
    }

    /// The known repository that offers the archive at this address.
    fn owner<'a>(
        &self,
        url: &str,
        repositories: &'a [Entry],
        listener: Listener<'_>,
    ) -> Result<Option<&'a Entry>, Error> {
        for entry in repositories {
            if self.cached_index(&entry.name, listener)?.has_url(url) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// The cached index of the repository of that name.
    fn cached_index(&self, name: &str, listener: Listener<'_>) -> Result<Arc<Index>, Error> {
        self.index(&index_file(&self.settings.repository_cache, name), listener)
            .map_err(|error| error.while_doing("no cached repo found. (try 'helm repo update')"))
    }

    /// Helm: `ValidateReference`.
    fn locate_in_registry(&self, text: &str, version: &str) -> Result<Located, Error> {
        let reference = Reference::parse(text)?;
        let name = path::base(&reference.repository).to_owned();
        let tag = &reference.tag;
        if !version.is_empty() && !tag.is_empty() && version != tag {
            return Err(Error::other(format!(
                "chart reference and version mismatch: {version} is not {tag}"
            )));
        }
        let version = if version.is_empty() { tag } else { version };
        if !reference.digest.is_empty() {
            let digest = &reference.digest;
            if !version.is_empty() && !self.settings.offline {
                // Where there is a digest, it is no error that the tag is not there.
                let tagged = self.content(&reference.with_tag(version));
                if let Some((found, _)) = tagged.ok().filter(|(found, _)| found != digest) {
                    return Err(Error::other(format!(
                        "chart reference digest mismatch: {found} is not {digest}"
                    )));
                }
            }
            let file_name = format!("{name}@{}.tgz", digest.replace(':', "-"));
            let origin = Origin::Registry(reference.with_digest(digest));
            return Ok(Located { file_name, chart: Some(name), digest: None, origin });
        }
        let version = match Version::parse(version) {
            Ok(_) => version.to_owned(),
            // Where Helm lists tags it reads the reference once more, and then takes no `+`.
            Err(_) => choose(&self.versions(&Reference::parse_strict(text)?, text)?, version)?,
        };
        let file_name = format!("{name}-{version}.tgz");
        let origin = Origin::Registry(reference.with_tag(&version));
        Ok(Located { file_name, chart: Some(name), digest: None, origin })
    }

    /// The versions among the tags of a repository in a registry, the newest first. Helm: `Client.Tags`.
    pub(super) fn versions(&self, reference: &Reference, text: &str) -> Result<Vec<String>, Error> {
        self.online(format!("choosing a version of {text}"))?;
        let tags = self.registries()?.tags(reference)?;
        let mut versions: Vec<Version> = tags
            .into_iter()
            .map(|tag| tag.replace('_', "+"))
            .filter_map(|tag| Version::parse_strict(&tag).ok())
            .collect();
        versions.sort_by(|one, other| other.compare(one));
        if versions.is_empty() {
            return Err(Error::other(format!("unable to locate any tags in provided repository: {text}")));
        }
        Ok(versions.into_iter().map(|version| version.to_string()).collect())
    }
}

/// The first version that is this one or that it allows. Helm: registry/tag.go `GetTagMatchingVersionOrConstraint`.
fn choose(versions: &[String], wanted: &str) -> Result<String, Error> {
    if versions.iter().any(|version| version == wanted) {
        return Ok(wanted.to_owned());
    }
    let constraint = Constraints::parse(if wanted.is_empty() { "*" } else { wanted });
    let constraint = constraint.map_err(Error::other)?;
    let fits = |version: &&String| Version::parse(version).is_ok_and(|version| constraint.check(&version));
    versions.iter().find(fits).cloned().ok_or_else(|| {
        Error::other(format!("could not locate a version matching provided version string {wanted}"))
    })
}

/// Whether a file may be called so because a server says it: nothing hidden, no flag, no escapes, no provenance of another
/// chart, nothing that a system takes for a device.
fn is_file_name(name: &str) -> bool {
    const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-@~".contains(&byte);
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let is_device = DEVICES.contains(&stem.as_str()) || port.is_some_and(|port| port.len() == 1);
    let is_part = name.ends_with(".prov") || name.ends_with(".part");
    !name.is_empty()
        && !name.starts_with(['.', '-', '~'])
        && name.bytes().all(plain)
        && !is_device
        && !is_part
}

/// The place of a chart of that name: whatever an index says, its file has a name of its own.
fn named(located: Located, name: &str, offer: &Offer) -> Result<Located, Error> {
    let file_name = match located.file_name.starts_with(name) {
        true => located.file_name.clone(),
        false => format!("{name}-{}.tgz", offer.version),
    };
    if !is_file_name(&file_name) {
        return Err(Error::other(format!("{} is no name for the archive of a chart", quote(&file_name))));
    }
    Ok(Located { file_name, chart: Some(name.to_owned()), ..located })
}

fn web(url: &str, entry: &Entry, digest: &str) -> Result<Located, Error> {
    let web = Web::new(url, entry)?;
    let parsed = Url::parse(url).map_err(|_| Error::other(format!("invalid chart URL format: {url}")))?;
    let digits = digest.rsplit(':').next().unwrap_or_default().to_owned();
    let digest = (!digits.is_empty()).then_some(digits);
    if let Some(digits) = digest.as_ref().filter(|digits| digits.len() != 64) {
        return Err(Error::other(format!("invalid digest length: {}", digits.len() / 2)));
    }
    let file_name = path::base(parsed.path()).to_owned();
    if !is_file_name(&file_name) {
        return Err(Error::other(format!("{} is no name for the archive of a chart", quote(&file_name))));
    }
    Ok(Located { file_name, chart: None, digest, origin: Origin::Web(web) })
}

/// Refuses an address that nobody asks. Helm: repo/v1/chartrepo.go `NewChartRepository`.
fn is_of_a_repository(address: &str) -> Result<(), Error> {
    let url = url::parse(&raw::bytes(address))
        .map_err(|_| Error::other(format!("invalid chart URL format: {address}")))?;
    match url.scheme.as_slice() {
        b"http" | b"https" | b"oci" => Ok(()),
        scheme => {
            let scheme = raw::text(scheme);
            Err(Error::other(format!("could not find protocol handler for: {scheme}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_file_name;

    #[test]
    fn a_server_names_no_file_at_will() {
        for name in ["web-1.0.0.tgz", "web-1.0.0+a_b.tgz", "web@sha256-ab.tgz", "Web.tar.gz"] {
            assert!(is_file_name(name), "{name}");
        }
        for name in [
            "",
            ".",
            "..",
            ".bashrc",
            ".plimsoll-x.part",
            "-rf",
            "~",
            "a%2fb.tgz",
            "a b.tgz",
            "a\u{1b}.tgz",
            "a\\b.tgz",
            "a:b.tgz",
            "nul",
            "CON.tgz",
            "com1.tgz",
            "web.tgz.prov",
            "web.part",
        ] {
            assert!(!is_file_name(name), "{name}");
        }
    }
}
