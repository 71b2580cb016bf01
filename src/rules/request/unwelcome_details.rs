use super::parts;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Release, Reporter, Request, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// Tags, description and secrets of a request keep to the control plane's limits.
    ///
    /// ## Why
    /// The control plane refuses more than 64 tags, tags with more than 128 characters or other ones than letters, digits and
    /// `-_:=`, descriptions of more than 256 characters, and secrets with long or odd names or very long values.
    ///
    /// ```request bad
    /// name: web
    /// tags: [team a]
    /// ```
    /// ```request good
    /// name: web
    /// tags: [team=a]
    /// ```
    ///
    /// ## Fix
    /// Shorten them, and write hyphens in place of other characters.
    "REQ116" "unwelcome-details" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["control plane: limits of tags, descriptions and secrets"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = &release.subject.request else { return };
    for (path, message) in problems(request) {
        r.report_field(&request.body, path, message);
    }
}

fn problems(request: &Request) -> Vec<(FieldPath, String)> {
    let list = |name: &str| request.body.node.get(name).map_or(&[][..], Node::items);
    let mut found = Vec::new();
    let tags = list("tags");
    if tags.len() > 64 {
        found.push((parts::field("tags"), format!("there are {} tags, there may be 64", tags.len())));
    }
    for (at, tag) in tags.iter().enumerate() {
        let text = tag.as_str().unwrap_or_default();
        if let Some(why) = unfit(text, "-_:=", 128) {
            found.push((parts::field("tags").index(at), format!("tag `{text}` {why}")));
        }
    }
    let description = request.text("description").unwrap_or_default().chars().count();
    if description > 256 {
        let message = format!("description has {description} characters, it may have 256");
        found.push((parts::field("description"), message));
    }
    for (at, secret) in list("secrets").iter().enumerate() {
        let path = parts::field("secrets").index(at);
        let name = secret.get("name").and_then(Node::as_str).unwrap_or_default();
        let odd_start = !name.starts_with(|c: char| c.is_ascii_alphanumeric());
        let start = odd_start.then(|| "must begin with a letter or digit".to_owned());
        if let Some(why) = unfit(name, "-_.", 48).or(start) {
            found.push((path.key("name"), format!("secret name `{name}` {why}")));
        }
        let length = secret.get("value").and_then(Node::as_str).map_or(0, |text| text.chars().count());
        if length > 32_768 {
            let message = format!("secret `{name}` has {length} characters, it may have 32768");
            found.push((path.key("value"), message));
        }
    }
    found
}

/// What keeps a text from being letters, digits and some marks, up to a length.
fn unfit(text: &str, marks: &str, most: usize) -> Option<String> {
    let count = text.chars().count();
    match text.chars().find(|c| !c.is_ascii_alphanumeric() && !marks.contains(*c)) {
        Some(bad) => Some(format!("contains `{bad}`")),
        None if count == 0 => Some("is empty".to_owned()),
        None if count > most => Some(format!("has {count} characters, it may have {most}")),
        None => None,
    }
}
