//! The checks of `Chart.yaml`. Helm: lint/rules/chartfile.go.

use std::path::Path;

use super::messages::Level::{Error, Info, Warning};
use super::messages::Lint;
use crate::chart::Metadata;
use crate::files;
use crate::go::os::error_text;
use crate::go::strconv::quote;
use crate::go::{path, regexp, semver, url};
use crate::yaml;

const FILE: &str = "Chart.yaml";

/// Checks `Chart.yaml` of the chart in the folder.
pub(super) fn check(folder: &Path, lint: &mut Lint) {
    let file = folder.join(FILE);
    if file.is_dir() {
        lint.say(Error, FILE, "should be a file, not a directory");
    }
    let text = match files::read(&file) {
        Ok(text) => text,
        Err(error) => {
            let error = error_text(&error);
            return lint.say(
                Error,
                FILE,
                format!("unable to parse YAML\n\tread {}: {error}", file.display()),
            );
        }
    };
    let metadata = match Metadata::parse(&text) {
        Ok(metadata) => metadata,
        Err(error) => return lint.say(Error, FILE, format!("unable to parse YAML\n\t{error}")),
    };
    if let Err(error) = Metadata::parse_strict(&text) {
        lint.say(Warning, FILE, format!("failed to strictly parse chart metadata file\n\t{error}"));
    }
    lint.check(Error, FILE, name(&metadata));
    lint.check(Error, FILE, api_version(&metadata));
    lint.check(Error, FILE, is_text(&text, "version"));
    lint.check(Error, FILE, version(&metadata));
    lint.check(Error, FILE, is_text(&text, "appVersion"));
    lint.check(Error, FILE, maintainers(&metadata));
    lint.check(Error, FILE, sources(&metadata));
    if metadata.icon.is_empty() {
        lint.say(Info, FILE, "icon is recommended");
    } else if !is_request_url(&metadata.icon) {
        lint.say(Error, FILE, format!("invalid icon URL '{}'", metadata.icon));
    }
    lint.check(Error, FILE, only_in_v2(&metadata));
    lint.check(Error, FILE, dependencies(&metadata));
    if semver::Version::parse_strict(&metadata.version).is_err() {
        lint.say(Warning, FILE, format!("version '{}' is not a valid SemVerV2", metadata.version));
    }
}

type Complaint = Option<String>;

fn name(metadata: &Metadata) -> Complaint {
    if metadata.name.is_empty() {
        return Some("name is required".to_owned());
    }
    (path::base(&metadata.name) != metadata.name)
        .then(|| format!("chart name {} is invalid", quote(&metadata.name)))
}

fn api_version(metadata: &Metadata) -> Complaint {
    const WANTED: &str = "The value must be either \"v1\" or \"v2\"";
    match metadata.api_version.as_str() {
        "" => Some(format!("apiVersion is required. {WANTED}")),
        "v1" | "v2" => None,
        other => Some(format!("apiVersion '{other}' is not valid. {WANTED}")),
    }
}

/// Whether the key, in just this writing, holds a string. Helm: `isStringValue`.
fn is_text(text: &[u8], key: &str) -> Complaint {
    let value = yaml::map_from_str(text).ok()?.get(key)?;
    let type_name = value.type_name();
    (type_name != "string").then(|| format!("{key} should be of type string but it's of type {type_name}"))
}

fn version(metadata: &Metadata) -> Complaint {
    if metadata.version.is_empty() {
        return Some("version is required".to_owned());
    }
    let Ok(version) = semver::Version::parse(&metadata.version) else {
        return Some(format!("version '{}' is not a valid SemVer", metadata.version));
    };
    let reasons = semver::Constraints::parse(">0.0.0-0").ok()?.validate(&version).err()?;
    reasons.first().map(|reason| format!("version {reason}"))
}

fn maintainers(metadata: &Metadata) -> Complaint {
    metadata.maintainers.iter().find_map(|maintainer| {
        let Some(it) = maintainer else { return Some("a maintainer entry is empty".to_owned()) };
        if it.name.is_empty() {
            Some("each maintainer requires a name".to_owned())
        } else if !it.email.is_empty() && !is_email(&it.email) {
            Some(format!("invalid email '{}' for maintainer '{}'", it.email, it.name))
        } else if !it.url.is_empty() && !is_url(&it.url) {
            Some(format!("invalid url '{}' for maintainer '{}'", it.url, it.name))
        } else {
            None
        }
    })
}

fn sources(metadata: &Metadata) -> Complaint {
    let bad = metadata.sources.iter().find(|source| !is_request_url(source))?;
    Some(format!("invalid source URL '{bad}'"))
}

fn only_in_v2(metadata: &Metadata) -> Complaint {
    let given = &metadata.api_version;
    (!metadata.kind.is_empty() && given != "v2")
        .then(|| format!("chart type is not valid in apiVersion '{given}'. It is valid in apiVersion 'v2'"))
}

fn dependencies(metadata: &Metadata) -> Complaint {
    let given = &metadata.api_version;
    (!metadata.dependencies().is_empty() && given != "v2").then(|| {
        format!(
            "dependencies are not valid in the Chart file with apiVersion '{given}'. They are valid in apiVersion 'v2'"
        )
    })
}

/// govalidator: `IsRequestURL`: a URL as it may stand in a request, with a scheme.
fn is_request_url(text: &str) -> bool {
    url::parse(text.as_bytes()).is_ok_and(|url| !url.scheme.is_empty())
}

/// govalidator: `IsEmail`.
fn is_email(text: &str) -> bool {
    matches(EMAIL, text)
}

/// govalidator: `IsURL`.
fn is_url(text: &str) -> bool {
    let count = text.chars().count();
    if text.is_empty() || count >= 2083 || text.len() <= 3 || text.starts_with('.') {
        return false;
    }
    let with_scheme =
        if text.contains(':') && !text.contains("://") { format!("http://{text}") } else { text.to_owned() };
    let Ok(url) = url::parse(with_scheme.as_bytes()) else { return false };
    let without_host = url.host.is_empty() && !url.path.is_empty() && !url.path.contains(&b'.');
    !url.host.starts_with(b".") && !without_host && matches(&url_pattern(), text)
}

fn matches(pattern: &str, text: &str) -> bool {
    regexp::compile(pattern.as_bytes()).is_ok_and(|pattern| pattern.is_match(text.as_bytes()))
}

/// govalidator: patterns.go `Email`.
const EMAIL: &str = include_str!("email.pattern");

/// govalidator: patterns.go `URL`.
fn url_pattern() -> String {
    include_str!("url.pattern").trim_end().to_owned()
}
