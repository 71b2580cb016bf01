use memchr::memchr3;

use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

use super::scalars;

declare_rule! {
    /// No text may hold what Go prints for a value that is none.
    ///
    /// ## Why
    /// `<nil>` and `<no value>` stand where a template printed a value that nobody set, `%!s(...)` where `printf` was given
    /// something else than its verb takes, `map[a:1]` where a map was printed without `toYaml`. It is YAML all the same, so
    /// that nobody complains before the program reads it.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   url: "http://%!s(<nil>):80"
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   url: "http://web:80"
    /// ```
    ///
    /// ## Fix
    /// Set the value, give it a `default`, or print maps and lists with `toYaml` or `toJson`.
    "TPL103" "printed-go-value" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: Go's fmt prints it for values that fit no verb"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    scalars::each(release, |object, place, node| {
        if let Some(found) = node.as_str().and_then(found) {
            r.report_on(
                object,
                place.path(),
                format!("the text holds `{found}`, which Go prints for no value"),
            );
        }
    });
}

/// What Go printed in a text.
fn found(text: &str) -> Option<&str> {
    memchr3(b'<', b'%', b'[', text.as_bytes())?;
    // Texts of many lines are programs or documents, which may mean it.
    let is_short = text.len() < 400 && text.lines().count() < 3;
    let word = ["<nil>", "<no value>"].into_iter().find(|word| text.contains(word) && is_short);
    word.or_else(|| verb(text)).or_else(|| map(text).filter(|_| is_short))
}

/// `%!s(`, `%!d(`, and on to the bracket.
fn verb(text: &str) -> Option<&str> {
    text.match_indices("%!").find_map(|(at, _)| {
        let rest = text[at + 2..].strip_prefix(|c: char| c.is_ascii_alphabetic())?;
        let inside = rest.strip_prefix('(')?;
        let is_value = inside.starts_with('<') || inside.split(')').next().is_some_and(|it| it.contains('='));
        let end = text[at..].find(')').map_or(text.len(), |end| at + end + 1);
        is_value.then(|| &text[at..end])
    })
}

/// `map[a:1 b:2]` at the beginning of a text or behind something that ends a word.
fn map(text: &str) -> Option<&str> {
    text.match_indices("map[").find_map(|(at, found)| {
        let begins =
            text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '.');
        let inside = &text[at + found.len()..];
        let key = inside.find(':')?;
        let is_key = key > 0 && inside[..key].chars().all(|c| c.is_alphanumeric() || "-_./".contains(c));
        let end = inside.find(']').map(|end| at + found.len() + end + 1)?;
        (begins && is_key).then(|| &text[at..end])
    })
}
