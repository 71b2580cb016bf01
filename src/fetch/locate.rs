//! From what a user writes to where a chart is: `oci://HOST/PATH/NAME[:TAG|@DIGEST]`, an `https://` address of an archive,
//! `REPO/NAME` of a known repository, or a name in the repository at an address.
//!
//! Source: Helm downloader/chart_downloader.go `ResolveChartVersion`, registry/client.go `ValidateReference`,
//! repo/v1/chartrepo.go `FindChartInRepoURL`.

use reqwest::Url;

use crate::go::path;
use crate::go::semver::{Constraints, Version};
use crate::go::strconv::quote;
use crate::oci::auth::Authorization;
use crate::oci::http::Transport;
use crate::oci::reference::{Reference, SCHEME, is_oci};

use super::index::Offer;
use super::repositories::{self, Entry, index_file};
use super::{Access, Fetcher};

/// Where a chart is.
#[derive(Clone, Debug)]
pub struct Located {
    /// What its archive is called.
    pub file_name: String,
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

/// An address and who we are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Web {
    /// The address.
    pub url: String,
    /// Who asks.
    pub authorization: Authorization,
    /// TLS.
    pub transport: Transport,
}

impl Web {
    /// An address of a repository or of a chart in it. Name and password go only to the repository's own host, unless the
    /// repository's entry or `everywhere` says otherwise. Helm: getter/httpgetter.go `get`.
    pub fn of(url: &str, repository: &Entry, everywhere: bool) -> Result<Web, String> {
        let place = |text: &str| {
            Url::parse(text)
                .ok()
                .map(|url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port()))
        };
        let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
        if !matches!(scheme, "http" | "https") {
            return Err(format!("scheme {} not supported", quote(scheme)));
        }
        let trusted = everywhere || repository.pass_credentials || place(url) == place(&repository.url);
        let named = !repository.username.is_empty() && !repository.password.is_empty();
        let authorization = match trusted && named {
            true => Authorization::Basic(repository.username.clone(), repository.password.clone()),
            false => Authorization::None,
        };
        let file = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let transport = Transport {
            plain_http: false,
            insecure: repository.insecure,
            ca_file: file(&repository.ca_file),
            cert_file: file(&repository.cert_file),
            key_file: file(&repository.key_file),
        };
        Ok(Web { url: url.to_owned(), authorization, transport })
    }
}

impl Access {
    /// The repository at an address as the command line describes it.
    fn entry(&self, url: &str) -> Entry {
        let text = |file: &Option<String>| file.clone().unwrap_or_default();
        Entry {
            url: url.to_owned(),
            username: self.username.clone(),
            password: self.password.clone(),
            cert_file: text(&self.transport.cert_file),
            key_file: text(&self.transport.key_file),
            ca_file: text(&self.transport.ca_file),
            insecure: self.transport.insecure,
            pass_credentials: self.pass_credentials,
            ..Entry::default()
        }
    }

    /// A repository of `repositories.yaml`; what it does not say of TLS the command line says.
    fn complete(&self, entry: &Entry) -> Entry {
        let own = self.entry(&entry.url);
        let or = |one: &str, other: String| if one.is_empty() { other } else { one.to_owned() };
        let named = !entry.username.is_empty() && !entry.password.is_empty();
        let (username, password) = match named {
            true => (entry.username.clone(), entry.password.clone()),
            false => (own.username, own.password),
        };
        Entry {
            username,
            password,
            cert_file: or(&entry.cert_file, own.cert_file),
            key_file: or(&entry.key_file, own.key_file),
            ca_file: or(&entry.ca_file, own.ca_file),
            insecure: entry.insecure || own.insecure,
            pass_credentials: entry.pass_credentials || own.pass_credentials,
            ..entry.clone()
        }
    }
}

impl Fetcher {
    /// Where the chart is that the reference names; the version is one, a constraint, or empty.
    pub fn locate(&self, reference: &str, version: &str) -> Result<Located, String> {
        if is_oci(reference) {
            return self.locate_in_registry(reference, version);
        }
        let repositories = repositories::read(&self.settings.repository_config)?;
        if let Ok(url) = Url::parse(reference)
            && url.has_host()
            && url.path() != "/"
        {
            let owner = self.owner(reference, &repositories)?;
            let entry =
                owner.map_or_else(|| self.access.entry(reference), |owner| self.access.complete(owner));
            return web(reference, &entry, false, "");
        }
        let Some((name, chart)) = reference.split_once('/') else {
            let text = "non-absolute URLs should be in form of repo_name/path_to_chart, got:";
            return Err(format!("{text} {reference}"));
        };
        let entry = repositories.iter().find(|entry| entry.name == name);
        let entry = entry.ok_or_else(|| format!("repo {name} not found"))?;
        if entry.url.is_empty() {
            return Err(format!("no URL found for repository {name}"));
        }
        let index = self
            .index(&index_file(&self.settings.repository_cache, name))
            .map_err(|error| format!("no cached repo found. (try 'helm repo update'): {error}"))?;
        let (offer, warning) = index.get(chart, version).map_err(|error| {
            let chart = quote(chart);
            format!("chart {chart} matching {version} not found in {name} index. (try 'helm repo update'): {error}")
        })?;
        self.warned.borrow_mut().extend(warning);
        let url = offer.urls.first();
        let url = url.ok_or_else(|| format!("chart {} has no downloadable URLs", quote(reference)))?;
        web(&resolve_url(&entry.url, url)?, &self.access.complete(entry), false, &offer.digest)
    }

    /// Where the chart of that name is in the repository at an address, which need not be a known one.
    pub fn locate_in_repository(&self, address: &str, name: &str, version: &str) -> Result<Located, String> {
        let entry = self.access.entry(address);
        let not_valid = |error: String| {
            format!(
                "looks like {} is not a valid chart repository or cannot be reached: {error}",
                quote(address)
            )
        };
        let data = self.download_index(&entry).map_err(not_valid)?;
        let mut index = super::index::Index::parse(&data, address).map_err(not_valid)?;
        self.warned.borrow_mut().append(&mut index.warnings);
        let what = match version {
            "" => format!("chart {}", quote(name)),
            version => format!("chart {} version {}", quote(name), quote(version)),
        };
        let (offer, warning) =
            index.get(name, version).map_err(|_| format!("{what} not found in {address} repository"))?;
        self.warned.borrow_mut().extend(warning);
        let url = offer.urls.first().ok_or_else(|| format!("{what} has no downloadable URLs"))?;
        web(&resolve_url(address, url)?, &entry, false, &offer.digest)
    }

    /// Where an offer of a repository is, be it a known one or not.
    pub(super) fn offered(
        &self,
        entry: Option<&Entry>,
        address: &str,
        offer: &Offer,
    ) -> Result<Located, String> {
        let entry = entry.map_or_else(|| self.access.entry(address), |entry| self.access.complete(entry));
        let url =
            offer.urls.first().ok_or_else(|| format!("a chart of {address} has no downloadable URLs"))?;
        web(&resolve_url(address, url)?, &entry, false, &offer.digest)
    }

    /// The known repository that offers the archive at this address.
    fn owner<'a>(&self, url: &str, repositories: &'a [Entry]) -> Result<Option<&'a Entry>, String> {
        for entry in repositories {
            let index = self
                .index(&index_file(&self.settings.repository_cache, &entry.name))
                .map_err(|error| format!("no cached repo found. (try 'helm repo update'): {error}"))?;
            if index.has_url(url) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    fn locate_in_registry(&self, text: &str, version: &str) -> Result<Located, String> {
        let reference = Reference::parse(text)?;
        let name = path::base(&reference.repository).to_owned();
        let tag = reference.tag.replace('_', "+");
        if !version.is_empty() && !tag.is_empty() && version != tag {
            return Err(format!("chart reference and version mismatch: {version} is not {tag}"));
        }
        let version = if version.is_empty() { tag.as_str() } else { version };
        if !reference.digest.is_empty() {
            let digest = &reference.digest;
            if !version.is_empty() && !self.settings.offline {
                // That the tag is not there is no fault when there is a digest.
                let tagged = self.client()?.manifest(&reference.with_tag(version));
                if let Some(found) = tagged.ok().filter(|found| found.digest != *digest) {
                    return Err(format!("chart reference digest mismatch: {} is not {digest}", found.digest));
                }
            }
            let file_name = format!("{name}@{}.tgz", digest.replace(':', "-"));
            let origin = Origin::Registry(reference.with_digest(digest));
            return Ok(Located { file_name, digest: None, origin });
        }
        let version = match Version::parse(version) {
            Ok(_) => version.to_owned(),
            Err(_) => choose(&self.versions(&reference, text)?, version)?,
        };
        let file_name = format!("{name}-{version}.tgz");
        Ok(Located { file_name, digest: None, origin: Origin::Registry(reference.with_tag(&version)) })
    }

    /// The versions among the tags of a repository in a registry, the newest first. Helm: `Client.Tags`.
    pub(super) fn versions(&self, reference: &Reference, text: &str) -> Result<Vec<String>, String> {
        self.online(&format!("choosing a version of {text}"))?;
        let tags = self.client()?.tags(reference).map_err(|error| error.to_string())?;
        let mut versions: Vec<Version> = tags
            .iter()
            .map(|tag| tag.replace('_', "+"))
            .filter_map(|tag| Version::parse_strict(&tag).ok())
            .collect();
        versions.sort_by(|one, other| other.compare(one));
        if versions.is_empty() {
            return Err(format!("unable to locate any tags in provided repository: {text}"));
        }
        Ok(versions.iter().map(ToString::to_string).collect())
    }
}

/// The first version that is this one or that it allows. Helm: registry/tag.go `GetTagMatchingVersionOrConstraint`.
fn choose(versions: &[String], wanted: &str) -> Result<String, String> {
    if versions.iter().any(|version| version == wanted) {
        return Ok(wanted.to_owned());
    }
    let constraint = Constraints::parse(if wanted.is_empty() { "*" } else { wanted })?;
    let fits = |version: &&String| Version::parse(version).is_ok_and(|version| constraint.check(&version));
    versions
        .iter()
        .find(fits)
        .cloned()
        .ok_or_else(|| format!("could not locate a version matching provided version string {wanted}"))
}

fn web(url: &str, entry: &Entry, everywhere: bool, digest: &str) -> Result<Located, String> {
    let web = Web::of(url, entry, everywhere)?;
    let parsed = Url::parse(url).map_err(|_| format!("invalid chart URL format: {url}"))?;
    let digits = digest.rsplit(':').next().unwrap_or_default().to_owned();
    let digest = (!digits.is_empty()).then_some(digits);
    if let Some(digits) = digest.as_ref().filter(|digits| digits.len() != 64) {
        return Err(format!("invalid digest length: {}", digits.len() / 2));
    }
    Ok(Located { file_name: path::base(parsed.path()).to_owned(), digest, origin: Origin::Web(web) })
}

/// An address relative to that of a repository. Helm: repo/v1/chartrepo.go `ResolveReferenceURL`.
pub fn resolve_url(base: &str, reference: &str) -> Result<String, String> {
    if Url::parse(reference).is_ok() {
        return Ok(reference.to_owned());
    }
    let failed = |error: String| format!("failed to parse {base} as URL: {error}");
    let mut url = Url::parse(base).map_err(|error| failed(error.to_string()))?;
    let query = url.query().map(str::to_owned);
    url.set_query(None);
    url.set_path(&format!("{}/", url.path().trim_end_matches('/')));
    let mut resolved = url.join(reference).map_err(|error| failed(error.to_string()))?;
    resolved.set_query(query.as_deref());
    Ok(resolved.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_relative_to_the_repository() {
        for (base, reference, wanted) in [
            ("https://a/x", "index.yaml", "https://a/x/index.yaml"),
            ("https://a/x/?q=1", "c.tgz", "https://a/x/c.tgz?q=1"),
            ("https://a/x", "../c.tgz", "https://a/c.tgz"),
            ("https://a/x", "https://b/c.tgz", "https://b/c.tgz"),
        ] {
            assert_eq!(resolve_url(base, reference).unwrap(), wanted);
        }
    }

    #[test]
    fn secrets_stay_with_their_host() {
        let entry = Entry {
            url: "https://a/x".into(),
            username: "u".into(),
            password: "p".into(),
            ..Entry::default()
        };
        let sent = |url: &str| Web::of(url, &entry, false).unwrap().authorization != Authorization::None;
        assert!(sent("https://a/y/c.tgz"));
        for url in ["https://b/c.tgz", "http://a/c.tgz", "https://a:444/c.tgz"] {
            assert!(!sent(url), "{url}");
        }
    }
}
