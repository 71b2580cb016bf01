//! [`Web`]: an address of a chart repository, or of a chart in one, and the credentials for it.
//!
//! Source: Helm getter/httpgetter.go, repo/v1/chartrepo.go `ResolveReferenceURL`.

use reqwest::Url;

use crate::go::strconv::quote;
use crate::oci::TlsOptions;
use crate::oci::authorization::Authorization;

use super::Error;
use super::repositories::Entry;

/// An address and the credentials for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Web {
    /// The address.
    pub url: String,
    /// The credentials that go there.
    pub authorization: Authorization,
    /// Certificates.
    pub tls: TlsOptions,
}

impl Web {
    /// An address of a repository or of a chart in it. Name and password go only to the repository's own host, unless the
    /// repository's entry says otherwise. Helm: `HTTPGetter.get`.
    pub fn new(url: &str, repository: &Entry) -> Result<Web, Error> {
        let host = |text: &str| {
            let url = Url::parse(text).ok()?;
            Some((url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port()))
        };
        let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
        if !matches!(scheme, "http" | "https") {
            return Err(Error::other(format!("scheme {} not supported", quote(scheme))));
        }
        let trusted = repository.pass_credentials || host(url) == host(&repository.url);
        let named = !repository.username.is_empty() && !repository.password.is_empty();
        let authorization = match trusted && named {
            true => Authorization::Basic(repository.username.clone(), repository.password.clone()),
            false => Authorization::None,
        };
        let file = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let tls = TlsOptions {
            insecure: repository.insecure,
            ca_file: file(&repository.ca_file),
            cert_file: file(&repository.cert_file),
            key_file: file(&repository.key_file),
        };
        Ok(Web { url: url.to_owned(), authorization, tls })
    }
}

/// An address relative to that of a repository. Helm: `ResolveReferenceURL`.
pub fn resolve_url(base: &str, reference: &str) -> Result<String, Error> {
    if Url::parse(reference).is_ok() {
        return Ok(reference.to_owned());
    }
    let failed = |error| Error::other(format!("failed to parse {base} as URL: {error}"));
    let mut url = Url::parse(base).map_err(failed)?;
    let query = url.query().map(str::to_owned);
    url.set_query(None);
    url.set_path(&format!("{}/", url.path().trim_end_matches('/')));
    let mut resolved = url.join(reference).map_err(failed)?;
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
        let sent = |url: &str| Web::new(url, &entry).unwrap().authorization != Authorization::None;
        assert!(sent("https://a/y/c.tgz"));
        for url in ["https://b/c.tgz", "http://a/c.tgz", "https://a:444/c.tgz"] {
            assert!(!sent(url), "{url}");
        }
    }
}
