//! [`Meant`]: which of the values that are read was likely meant by a key that nothing reads.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::path::{FieldPath, Step};
use crate::suggest;

/// How many paths are suggested for one.
const SUGGESTIONS: usize = 5;

/// How often two names are held against each other; who has more keys in vain is told no more names that are like them.
const MOST: usize = 300_000;

/// The paths that are read.
#[derive(Default)]
pub struct Meant {
    all: Vec<Candidate>,
    /// Those in a table, by its hash.
    in_table: FxHashMap<u64, Vec<usize>>,
    /// Those with a last key.
    named: FxHashMap<String, Vec<usize>>,
    compared: usize,
}

struct Candidate {
    path: FieldPath,
    /// The last key as it is spelled in any case and with any marks between its words.
    plain: String,
}

impl Candidate {
    fn new(path: FieldPath) -> Candidate {
        let plain = path.steps().last().map(|step| plain(&step.as_key())).unwrap_or_default();
        Candidate { path, plain }
    }

    /// The steps to the table that it is in.
    fn above(&self) -> &[Step] {
        self.path.steps().split_last().map_or(&[], |(_, above)| above)
    }

    fn table(&self) -> u64 {
        let mut hasher = FxHasher::default();
        self.above().iter().for_each(|step| step.as_key().hash(&mut hasher));
        hasher.finish()
    }
}

/// A name without what tells its words apart.
fn plain(key: &str) -> String {
    let kept = key.chars().filter(|c| *c != '-' && *c != '_');
    if key.is_ascii() {
        kept.map(|c| c.to_ascii_lowercase()).collect()
    } else {
        key.to_lowercase().replace(['-', '_'], "")
    }
}

/// Whether two lists of steps are the same keys.
fn is_same(one: &[Step], other: &[Step]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.as_key() == other.as_key())
}

impl Meant {
    /// Nothing is asked yet.
    pub fn new(known: FxHashSet<FieldPath>) -> Meant {
        let mut meant = Meant::default();
        for candidate in known.into_iter().map(Candidate::new) {
            let at = meant.all.len();
            meant.in_table.entry(candidate.table()).or_default().push(at);
            meant.named.entry(candidate.plain.clone()).or_default().push(at);
            meant.all.push(candidate);
        }
        meant
    }

    /// The paths that are read and likely meant by one that is not, likeliest first.
    pub fn by(&mut self, path: &FieldPath) -> Vec<FieldPath> {
        let own = Candidate::new(path.clone());
        // No other is like it: two paths differ in one step at most, in the last one or before it.
        let beside = self.in_table.get(&own.table()).map_or(&[][..], Vec::as_slice);
        let beside = if self.compared < MOST { beside } else { &[] };
        let is_beside = |at: &&usize| is_same(self.all[**at].above(), own.above());
        let named = self.named.get(&own.plain).map_or(&[][..], Vec::as_slice);
        self.compared += beside.len();
        let candidates: BTreeSet<usize> = beside.iter().filter(is_beside).chain(named).copied().collect();
        let mut scored: Vec<(f64, &FieldPath)> = candidates
            .into_iter()
            .map(|at| &self.all[at])
            .filter(|candidate| candidate.path != *path)
            .filter_map(|candidate| Some((score(&own, candidate)?, &candidate.path)))
            .collect();
        scored.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(other.1)));
        scored.into_iter().take(SUGGESTIONS).map(|(_, path)| path.clone()).collect()
    }
}

/// How likely the second path was meant by the first: of the same table a name much like it, before the same name elsewhere,
/// before a way that differs in one step.
fn score(own: &Candidate, other: &Candidate) -> Option<f64> {
    let (last, above) = own.path.steps().split_last()?;
    let (name, around) = other.path.steps().split_last()?;
    let (last, name) = (last.as_key(), name.as_key());
    let is_named_same = own.plain == other.plain;
    if is_same(around, above) {
        let likeness = suggest::likeness(&last, &name).or(is_named_same.then_some(1.0))?;
        return Some(likeness * 10.0 + 10.0);
    }
    if is_named_same && name.len() > 2 {
        let common =
            around.iter().zip(above).take_while(|(one, other)| one.as_key() == other.as_key()).count();
        return Some(6.0 + common as f64 - around.len().abs_diff(above.len()) as f64 * 0.5);
    }
    one_differs(own.path.steps(), other.path.steps()).map(|likeness| likeness * 8.0)
}

/// How alike the only steps are in which two paths differ.
fn one_differs(one: &[Step], other: &[Step]) -> Option<f64> {
    if one.len() != other.len() {
        return None;
    }
    let mut different = one.iter().zip(other).filter(|(one, other)| one.as_key() != other.as_key());
    let (one, other) = different.next()?;
    if different.next().is_some() { None } else { suggest::likeness(&one.as_key(), &other.as_key()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(texts: &[&str]) -> Vec<FieldPath> {
        texts.iter().map(|text| FieldPath::root().keys(&text.split('.').collect::<Vec<_>>())).collect()
    }

    #[test]
    fn the_likeliest_comes_first_and_nothing_else_comes() {
        let known = paths(&[
            "image.tag",
            "image.repository",
            "sidecar.image.tag",
            "sidecar.imagePullPolicy",
            "replicas",
            "db.port",
            "dc.port",
            "a.id",
            "b.id",
        ]);
        for (path, meant) in [
            ("image.tga", &["image.tag"][..]),
            ("imagee.tag", &["image.tag", "sidecar.image.tag"]),
            ("sidecar.image_pull_policy", &["sidecar.imagePullPolicy"]),
            ("imagePullPolicy", &["sidecar.imagePullPolicy"]),
            ("tag", &["image.tag", "sidecar.image.tag"]),
            ("db.prot", &["db.port"]),
            ("replcas", &["replicas"]),
            ("c.id", &[]),
            ("nothing.like.it", &[]),
        ] {
            let found = Meant::new(known.iter().cloned().collect()).by(&paths(&[path])[0]);
            assert_eq!(found, paths(meant), "{path}");
        }
    }

    #[test]
    fn names_are_compared_so_often_and_no_more() {
        let known = || (0..1000).map(|at| FieldPath::root().key(format!("key{at}"))).collect();
        let mut meant = Meant::new(known());
        let told = |meant: &mut Meant, at: usize| meant.by(&FieldPath::root().key(format!("kez{at}"))).len();
        let counts: Vec<usize> = (0..400).map(|at| told(&mut meant, at)).collect();
        assert_eq!(counts.iter().filter(|count| **count > 0).count(), 300);
        // The same name elsewhere is found in any case.
        let nested = FieldPath::root().keys(&["below", "key7"]);
        assert_eq!(meant.by(&nested).first(), Some(&FieldPath::root().key("key7")));
    }
}
