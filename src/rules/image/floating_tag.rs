use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// Images should be named by a version or a digest, not by `latest`.
    ///
    /// ## Why
    /// What `latest` is changes between two starts of the same function, and nobody can say what ran yesterday. An image
    /// without tag is `latest`.
    ///
    /// ```yaml bad
    /// image: registry.example.com/app:latest
    /// ```
    /// ```yaml good
    /// image: registry.example.com/app:1.0
    /// ```
    ///
    /// ## Fix
    /// Name a version as tag, or the digest.
    "IMG103" "floating-tag" {
        levels: Levels { documented: Level::Warning, service: Level::Advice, strict: Level::Warning },
        fix: None,
        sources: &[
            "page: do not use the tag latest",
            "Kubernetes: avoid the tag latest in production",
        ],
        check: Check::AnyContainer(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let Some(image) = container.at(&["image"]).and_then(Node::as_str) else { return };
    if image.trim().is_empty() || image.contains('@') {
        return;
    }
    // The colon of a registry's port stands before the last slash.
    let name = image.rsplit('/').next().unwrap_or(image);
    let found = match name.rsplit_once(':') {
        None => "has no tag, which means latest",
        Some((_, "latest")) => "is tagged latest",
        Some(_) => return,
    };
    r.report(container.path_of(&["image"]), format!("image `{image}` {found}"));
}
