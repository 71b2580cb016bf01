//! "Did you mean": the name that is most like a word.

/// The name that is most like the word, if one is much like it.
pub(crate) fn closest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |name: &str| similar::TextDiff::from_chars(word, name).ratio();
    let names = names.into_iter().map(|name| (likeness(name), name));
    names.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(likeness, _)| *likeness > 0.6).map(|(_, name)| name)
}
