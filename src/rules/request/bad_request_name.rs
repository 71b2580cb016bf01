use super::parts;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

declare_rule! {
    /// The name of a function or task may have letters, digits, hyphens and underscores, 128 at most.
    ///
    /// ## Why
    /// The control plane refuses other names, and names that begin with a hyphen or an underscore.
    ///
    /// ```request bad
    /// name: my function
    /// ```
    /// ```request good
    /// name: my-function
    /// ```
    ///
    /// ## Fix
    /// Rename it.
    "REQ105" "bad-request-name" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["control plane: pattern of names"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = &release.subject.request else { return };
    let Some(name) = request.body.node.get("name").and_then(crate::yaml::Node::as_str) else { return };
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let message = match name.chars().find(|c| !good(*c)) {
        Some(bad) => format!("name `{name}` contains `{bad}`"),
        None if name.is_empty() => "name is empty".to_owned(),
        None if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) => {
            format!("name `{name}` must begin with a letter or digit")
        }
        None if name.len() > 128 => format!("name has {} characters, it may have 128", name.len()),
        None => return,
    };
    r.report_field(&request.body, parts::field("name"), message);
}
