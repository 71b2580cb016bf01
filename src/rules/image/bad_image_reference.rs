use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// An image must be written as a reference that registries understand.
    ///
    /// ## Why
    /// The agent parses every image when it chooses pull secrets, and one that does not parse ends the deployment, even
    /// where validation is off.
    ///
    /// ```yaml bad
    /// image: registry.example.com/App Name:1.0
    /// ```
    /// ```yaml good
    /// image: registry.example.com/app-name:1.0
    /// ```
    ///
    /// ## Fix
    /// Write it as `REGISTRY/REPOSITORY:TAG` or `REGISTRY/REPOSITORY@sha256:DIGEST`, the repository in lower case.
    "IMG102" "bad-image-reference" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["agent: parses image references", "service: parseReference, where image validation is on"],
        check: Check::AnyContainer(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let Some(image) = container.at(&["image"]).and_then(Node::as_str) else { return };
    if let Some(problem) = problem(image).filter(|_| !image.trim().is_empty()) {
        r.report(container.path_of(&["image"]), format!("image `{image}` {problem}"));
    }
}

/// What keeps an image from being a reference. Go: go-containerregistry's name package with weak validation.
fn problem(image: &str) -> Option<String> {
    let (rest, digest) = match image.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (image, None),
    };
    let slash = rest.rfind('/').map_or(0, |at| at + 1);
    let (repository, tag) = match rest[slash..].find(':') {
        Some(at) => (&rest[..slash + at], Some(&rest[slash + at + 1..])),
        None => (rest, None),
    };
    if let Some(digest) = digest {
        let hex = digest.strip_prefix("sha256:").unwrap_or_default();
        if hex.len() != 64 || !hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Some(format!("has the digest `{digest}`, which is not sha256: and 64 digits"));
        }
    }
    if let Some(tag) = tag {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
        if tag.is_empty() || tag.len() > 128 || !tag.bytes().all(good) {
            return Some(format!("has the tag `{tag}`, which registries do not take"));
        }
    }
    // The first part is a registry only where it looks like a host.
    let path = match repository.split_once('/') {
        Some((host, path)) if host.contains(['.', ':']) || host == "localhost" => path.to_owned(),
        Some(_) => repository.to_owned(),
        // Without a slash it is one of Docker Hub's own.
        None => format!("library/{repository}"),
    };
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-./".contains(&byte);
    if path.len() < 2 || path.len() > 255 {
        return Some(format!("has the repository `{path}`, which must have 2 to 255 characters"));
    }
    let bad = path.chars().find(|c| !c.is_ascii() || !good(*c as u8))?;
    Some(format!("has `{bad}` in its repository, which takes a-z, 0-9 and ._-/ only"))
}
