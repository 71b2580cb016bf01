//! Devices that pods claim: claims and their templates, classes, slices of what a driver offers, rules that taint.
//!
//! Source: `pkg/apis/resource/validation/validation.go` of k8s.io/kubernetes, and the markers of `k8s.io/api/resource/v1`.

mod capacity;
mod claim;
mod disabled;
mod expression;
mod names;
mod slice;
mod taints;

use std::collections::HashSet;

use super::error::{Bad, Errors, Path};
use super::print::versioned_json;
use super::tree::Tree;

pub use claim::{claim, claim_template, class};
pub use disabled::slice as drop_disabled;
pub use slice::{slice, warn as warn_of_slice};
pub use taints::rule as taint_rule;

/// The first minor that judges these kinds by the markers of their types, behind what is judged by hand, and shows a whole
/// item where it stands twice.
const BY_MARKERS: u32 = 37;

/// What is found, in two lists: the server tells what the markers of the types say behind the rest.
struct Found<'a> {
    errors: &'a mut Errors,
    marked: Errors,
}

impl Found<'_> {
    /// What is found by hand in older minors and by the markers since.
    fn marked(&mut self) -> &mut Errors {
        if self.errors.since(BY_MARKERS) { &mut self.marked } else { self.errors }
    }

    /// Judges the items of a list that may have so many; nothing is said of them where there are more.
    fn items(
        &mut self,
        items: &[Tree],
        most: usize,
        path: &Path,
        mut judge: impl FnMut(&Tree, &Path, &mut Self),
    ) -> bool {
        if items.len() > most {
            self.marked().too_many(path, items.len(), most);
            return false;
        }
        for (at, item) in items.iter().enumerate() {
            judge(item, &path.index(at), self);
        }
        true
    }

    /// Tells which items have a key that another has before them.
    fn unique(&mut self, items: &[Tree], key: &str, kind: &'static str, path: &Path) {
        let known = self.errors.known;
        let of = |item: &Tree| if key.is_empty() { item.text() } else { item.str(key) }.to_owned();
        let mut seen = HashSet::new();
        for (at, item) in items.iter().enumerate() {
            let name = of(item);
            if !seen.contains(&name) {
                seen.insert(name);
                continue;
            }
            let shown = match self.errors.since(BY_MARKERS) && !kind.is_empty() {
                true => Bad::Raw(versioned_json(known, item, kind)),
                false => Bad::from(&name),
            };
            let place = item_path(path, at, key, self.errors);
            self.marked().duplicate(&place, shown);
        }
    }
}

/// Judges by two lists and puts the second behind the first.
fn with_marks(errors: &mut Errors, judge: impl FnOnce(&mut Found<'_>)) {
    let marked = Errors::new(errors.known);
    let mut found = Found { errors, marked };
    judge(&mut found);
    let Found { errors, marked } = found;
    errors.found.extend(marked.found);
}

/// Where an item is that stands twice; 1.34 names the field by which it does.
fn item_path(list: &Path, at: usize, key: &str, errors: &Errors) -> Path {
    if errors.since(35) || key.is_empty() { list.index(at) } else { list.index(at).child(key) }
}
