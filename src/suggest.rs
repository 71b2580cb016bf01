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
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let (short, long) = in_order(one.chars().count(), other.chars().count());
    // The letters that one has more are at least what is between them; most pairs differ too much by that alone.
    if 1.0 - (long - short) as f64 / (long as f64) < LIKE {
        return None;
    }
    let likeness = strsim::normalized_damerau_levenshtein(&one, &other);
    (likeness >= LIKE).then_some(likeness)
}

/// Whether a word is another with a slip of the hand: one letter too much, missing, replaced or swapped, or the case.
pub fn is_slip(word: &str, other: &str) -> bool {
    const SHORT: usize = 4;
    if word == other || word.len().min(other.len()) < SHORT {
        return false;
    }
    let (word, other) = (word.to_lowercase(), other.to_lowercase());
    let (short, long) = in_order(word.chars().count(), other.chars().count());
    long - short <= 1 && strsim::damerau_levenshtein(&word, &other) <= 1
}

fn in_order(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
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
