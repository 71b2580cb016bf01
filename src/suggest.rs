//! "Did you mean": the name that is most like a word that names nothing. One measure for commands, flags, rules, objects,
//! fields and values.

/// How like two words must be, of 1: one letter of three may differ.
const LIKE: f64 = 0.6;

/// The name that is most like the word, if one is much like it: letters that are missing, too many, replaced or swapped count.
pub fn closest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(&word, &name.to_lowercase());
    let names = names.into_iter().map(|name| (likeness(name), name));
    // Of names that are equally like it, the first.
    let best = names.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    (best.0 >= LIKE).then_some(best.1)
}

/// How like two words are, of 1, if they are much like each other.
pub fn likeness(one: &str, other: &str) -> Option<f64> {
    let likeness = strsim::normalized_damerau_levenshtein(&one.to_lowercase(), &other.to_lowercase());
    (likeness >= LIKE).then_some(likeness)
}

/// Whether a word is another with a slip of the hand: one letter too much, missing, replaced or swapped, or the case.
pub fn is_slip(word: &str, other: &str) -> bool {
    const SHORT: usize = 4;
    word != other
        && word.len().min(other.len()) >= SHORT
        && strsim::damerau_levenshtein(&word.to_lowercase(), &other.to_lowercase()) <= 1
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_what_was_meant_and_nothing_else() {
        for (word, names, meant) in [
            ("fromat", &["output", "format", "mode"][..], Some("format")),
            ("hostipc", &["host-pid", "host-ipc", "host-network"], Some("host-ipc")),
            ("POD10l", &["POD101", "POD102"], Some("POD101")),
            ("configmap/web", &["Service/web", "ConfigMap/web"], Some("ConfigMap/web")),
            ("repliccas", &["image", "replicaCount", "replicas"], Some("replicas")),
            ("nonsense", &["namespace", "release"], None),
            ("", &["a"], None),
            ("a", &[], None),
        ] {
            assert_eq!(closest(word, names.iter().copied()), meant, "{word}");
        }
    }
}
