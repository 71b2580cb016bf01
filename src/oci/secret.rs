//! What must not be shown: the secrets that were used so far in this process, in every form in which they travel, and what
//! addresses hold of them. [`hidden`] takes them out of any text, a server's own words among them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// What stands in place of a secret.
const HIDDEN: &str = "***";
/// A shorter text is in too many others to be taken out of them.
const SHORTEST: usize = 4;

static SECRETS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Notes a secret, which no text that passes [`hidden`] will show from now on.
pub fn note(secret: &str) {
    if secret.len() >= SHORTEST {
        SECRETS.lock().unwrap_or_else(PoisonError::into_inner).insert(secret.to_owned());
    }
}

/// The text without secrets: those that were noted, and names, passwords and queries of addresses in it.
pub fn hidden(text: &str) -> Cow<'_, str> {
    let mut text = without_credentials(text);
    // The longest first, since one may be a part of another.
    let mut secrets: Vec<String> =
        SECRETS.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    for secret in secrets.iter().filter(|secret| text.contains(*secret)).collect::<Vec<_>>() {
        text = Cow::Owned(text.replace(secret, HIDDEN));
    }
    text
}

/// The address without name, password and the values of its query.
pub fn address(url: &str) -> Cow<'_, str> {
    without_credentials(url)
}

fn without_credentials(text: &str) -> Cow<'_, str> {
    const SCHEME: &str = "://";
    if !text.contains(SCHEME) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(SCHEME) {
        let (before, after) = rest.split_at(at + SCHEME.len());
        out.push_str(before);
        let ends = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '`' | '<' | '>');
        let (url, next) = after.split_at(after.find(ends).unwrap_or(after.len()));
        let (authority, path) = url.split_at(url.find(['/', '?', '#']).unwrap_or(url.len()));
        match authority.rsplit_once('@') {
            Some((_, host)) => out.push_str(&format!("{HIDDEN}@{host}")),
            None => out.push_str(authority),
        }
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        out.push_str(path);
        if let Some(query) = query {
            out.push('?');
            out.push_str(&query.split('&').map(without_value).collect::<Vec<_>>().join("&"));
        }
        rest = next;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// A part of a query whose value may be a secret, with nothing of the value.
fn without_value(part: &str) -> String {
    const PLAIN: [&str; 7] = ["service", "scope", "digest", "n", "last", "version", "ref"];
    match part.split_once('=') {
        Some((key, _)) if !PLAIN.contains(&key) => format!("{key}={HIDDEN}"),
        _ => part.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_shown() {
        note("hunter22");
        note("x");
        for (text, wanted) in [
            ("it said: hunter22, x", "it said: ***, x"),
            (
                "GET https://user:pass@host:1/a?token=t&scope=s: no",
                "GET https://***@host:1/a?token=***&scope=s: no",
            ),
            ("\"https://a@b/c?d\"", "\"https://***@b/c?d\""),
            ("oci://host/a:1 is https://host", "oci://host/a:1 is https://host"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(hidden(text), wanted);
        }
    }
}
