//! "Did you mean": the name that is most like a word that names nothing. One measure for commands, flags, rules, objects,
//! fields and values.

use crate::budget;

/// How like two words must be, of 1: one letter of three may differ.
const LIKE: f64 = 0.6;

/// The name that is most like the word, if one is much like it: letters that are missing, too many, replaced or swapped count.
pub fn closest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let names = names.into_iter().map_while(|name| Some((measured(word, name).ok()?, name)));
    let names = names.filter_map(|(likeness, name)| Some((likeness?, name)));
    // Of names that are equally like it, the first.
    let best = names.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    Some(best.1)
}

/// How like two words are, of 1, if they are much like each other.
pub fn likeness(one: &str, other: &str) -> Option<f64> {
    measured(one, other).ok().flatten()
}

/// The longest word that anybody types: of longer ones none is like another.
const LONGEST: usize = 128;
/// Units of work for a letter of a word beside one of another.
const PAIR: u64 = 1;

/// How like two words are, if much; an error where the budget is over, so that nobody goes on through a long list.
fn measured(one: &str, other: &str) -> Result<Option<f64>, budget::Over> {
    budget::spend(1)?;
    if one.len().max(other.len()) > LONGEST {
        return Ok(None);
    }
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let (short, long) = in_order(one.chars().count(), other.chars().count());
    // The letters that one has more are at least what is between them; most pairs differ too much by that alone.
    if 1.0 - (long - short) as f64 / (long as f64) < LIKE {
        return Ok(None);
    }
    budget::spend(PAIR * (long * short) as u64)?;
    let likeness = strsim::normalized_damerau_levenshtein(&one, &other);
    Ok((likeness >= LIKE).then_some(likeness))
}

/// Whether a word is another with a slip of the hand: one letter too much, missing, replaced or swapped, or the case.
pub fn is_slip(word: &str, other: &str) -> bool {
    const SHORT: usize = 4;
    let (short, long) = in_order(word.len(), other.len());
    if word == other || short < SHORT || long > LONGEST {
        return false;
    }
    let (word, other) = (word.to_lowercase(), other.to_lowercase());
    let (short, long) = in_order(word.chars().count(), other.chars().count());
    let is_near = long - short <= 1 && budget::spend(PAIR * (long * short) as u64).is_ok();
    is_near && strsim::damerau_levenshtein(&word, &other) <= 1
}

fn in_order(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::{Limits, Run};

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

    #[test]
    fn words_that_nobody_types_are_like_none_and_cost_nothing() {
        let long = "a".repeat(1 << 20);
        let _run = Run::within(Limits { steps: Some(100_000), ..Limits::default() });
        assert_eq!(closest(&long, [&*format!("{long}b"), "a"]), None);
        assert!(!is_slip(&long, &format!("{long}b")) && likeness(&long, &long[1..]).is_none());
        let names: Vec<String> = (0..100_000).map(|number| format!("some-name-{number}")).collect();
        assert_eq!(closest("some-name-", names.iter().map(String::as_str)), Some("some-name-0"));
        assert!(budget::over().is_some());
    }
}
