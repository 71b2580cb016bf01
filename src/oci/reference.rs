//! [`Reference`]: which chart in which registry: `HOST/PATH/NAME[:TAG][@DIGEST]`, read as Helm reads it. Registries allow no
//! `+` in a tag, so that of a version travels as `_`.
//!
//! Source: Helm registry/reference.go; oras-go registry/reference.go.

use std::fmt;

use super::digest::is_digest;
use crate::go::raw;
use crate::go::strconv::quote;

/// What stands before a reference that a user writes.
pub const SCHEME: &str = "oci://";

/// A repository in a registry, and maybe one manifest in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The registry: a host, maybe with a port.
    pub registry: String,
    /// The path of the repository.
    pub repository: String,
    /// The tag as it is sent; empty if there is none.
    pub tag: String,
    /// The digest; empty if there is none.
    pub digest: String,
}

/// Why a text is no reference. The texts are those of Helm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// It has no `/`.
    Incomplete,
    /// The registry's host is none.
    Registry(String),
    /// The repository's path is none.
    Repository(String),
    /// The tag is none.
    Tag(String),
    /// The digest is none that can be checked here.
    Digest(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid reference: ")?;
        match self {
            Error::Incomplete => f.write_str("missing registry or repository"),
            Error::Registry(text) => write!(f, "invalid registry {}", quote(raw::bytes(text))),
            Error::Repository(text) => write!(f, "invalid repository {}", quote(raw::bytes(text))),
            Error::Tag(text) => write!(f, "invalid tag {}", quote(raw::bytes(text))),
            Error::Digest(text) => {
                write!(f, "invalid digest {text:?}: a digest is sha256: and 64 hexadecimal digits")
            }
        }
    }
}

impl std::error::Error for Error {}

/// Whether a text names something in a registry.
pub fn is_oci(text: &str) -> bool {
    text.starts_with(SCHEME)
}

impl Reference {
    /// Reads a reference, with or without `oci://` before it. A `+` in the tag becomes `_`. Helm: `newReference`.
    pub fn parse(text: &str) -> Result<Reference, Error> {
        Reference::read(text, |tag| tag.replace('+', "_"))
    }

    /// The same, but a tag with a `+` is none. oras-go: `ParseReference`.
    pub fn parse_strict(text: &str) -> Result<Reference, Error> {
        Reference::read(text, str::to_owned)
    }

    fn read(text: &str, sent: impl Fn(&str) -> String) -> Result<Reference, Error> {
        let text = text.strip_prefix(SCHEME).unwrap_or(text);
        let (text, digest) = text.rsplit_once('@').unwrap_or((text, ""));
        let (registry, path) = text.split_once('/').ok_or(Error::Incomplete)?;
        let (repository, tag) = path.split_once(':').unwrap_or((path, ""));
        if !is_registry(registry) {
            return Err(Error::Registry(registry.to_owned()));
        }
        if !is_repository(repository) {
            return Err(Error::Repository(repository.to_owned()));
        }
        let tag = sent(tag);
        if !tag.is_empty() && !is_tag(&tag) {
            return Err(Error::Tag(tag));
        }
        if !digest.is_empty() && !is_digest(digest) {
            return Err(Error::Digest(digest.to_owned()));
        }
        Ok(Reference {
            registry: registry.to_owned(),
            repository: repository.to_owned(),
            tag,
            digest: digest.to_owned(),
        })
    }

    /// The same repository with this tag, in which `+` may stand.
    pub fn with_tag(&self, tag: &str) -> Reference {
        Reference { tag: tag.replace('+', "_"), digest: String::new(), ..self.clone() }
    }

    /// The same repository with this digest alone.
    pub fn with_digest(&self, digest: &str) -> Reference {
        Reference { tag: String::new(), digest: digest.to_owned(), ..self.clone() }
    }

    /// The name by which the manifest is asked for: its digest if there is one, or its tag.
    pub fn manifest_name(&self) -> &str {
        if self.digest.is_empty() { &self.tag } else { &self.digest }
    }

    /// The host that answers for the registry.
    pub fn host(&self) -> &str {
        if self.registry == "docker.io" { "registry-1.docker.io" } else { &self.registry }
    }
}

/// As Helm prints it in `Pulled:` and `Pushed:`: with the tag if there is one, or else the digest.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)?;
        match (self.tag.is_empty(), self.digest.is_empty()) {
            (false, _) => write!(f, ":{}", self.tag),
            (true, false) => write!(f, "@{}", self.digest),
            (true, true) => Ok(()),
        }
    }
}

fn is_registry(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (text, None),
    };
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    let port = port.is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
    let colons = host.contains(':') == host.starts_with('[');
    !host.is_empty() && host.bytes().all(fits) && port && colons
}

fn is_repository(text: &str) -> bool {
    text.split('/').all(is_component)
}

/// Runs of lower-case letters and digits, with one `.`, `_`, `__` or any number of `-` between them.
fn is_component(text: &str) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut rest = text.as_bytes();
    loop {
        let run = rest.iter().take_while(|byte| alphanumeric(**byte)).count();
        if run == 0 {
            return false;
        }
        rest = &rest[run..];
        if rest.is_empty() {
            return true;
        }
        let gap = rest.iter().take_while(|byte| !alphanumeric(**byte)).count();
        let (separator, after) = rest.split_at(gap);
        if !matches!(separator, b"." | b"_" | b"__") && separator.iter().any(|byte| *byte != b'-') {
            return false;
        }
        rest = after;
    }
}

fn is_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 128
        && text.bytes().enumerate().all(|(i, byte)| word(byte) || (i > 0 && (byte == b'.' || byte == b'-')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_and_printed() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        for (text, printed) in [
            ("oci://h:5000/a/b:1.0.0+x", "h:5000/a/b:1.0.0_x".to_owned()),
            ("h/a", "h/a".to_owned()),
            (&format!("h/a@{digest}"), format!("h/a@{digest}")),
            (&format!("h/a:1@{digest}"), "h/a:1".to_owned()),
            ("h/a--b__c.d_e", "h/a--b__c.d_e".to_owned()),
        ] {
            assert_eq!(Reference::parse(text).unwrap().to_string(), printed, "{text}");
        }
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for (text, wanted) in [
            ("oci://h", "invalid reference: missing registry or repository"),
            ("h/A:1", "invalid reference: invalid repository \"A\""),
            ("h/a..b", "invalid reference: invalid repository \"a..b\""),
            ("h/a//b", "invalid reference: invalid repository \"a//b\""),
            ("h y/a", "invalid reference: invalid registry \"h y\""),
            ("h/a:-x", "invalid reference: invalid tag \"-x\""),
        ] {
            assert_eq!(Reference::parse(text).unwrap_err().to_string(), wanted, "{text}");
        }
        assert!(Reference::parse("h/a@sha256:12").is_err());
        let strict = Reference::parse_strict("h/a:1+x").unwrap_err();
        assert_eq!(strict.to_string(), "invalid reference: invalid tag \"1+x\"");
    }
}
