//! [`Reads`]: which values below `.Values` something looks at, and how: the tree that the tracer fills with what was read and
//! [`super::reach`] with what could be.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::path::{FieldPath, Step};

/// What is looked at of a value and of what stands below it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reads {
    /// Whether somebody asked for it.
    pub is_touched: bool,
    /// Whether all that stands below it was looked at, as by `toYaml`.
    pub is_whole: bool,
    /// Whether it was looked at which keys or items it has, as by `range`.
    pub has_keys: bool,
    /// Whether somebody wanted to know if it is empty.
    pub is_tested: bool,
    below: BTreeMap<Step, Reads>,
    /// What is looked at below whichever key or item.
    any: Option<Box<Reads>>,
}

/// A step of a path that may be any.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// That key or item.
    To(Step),
    /// Whichever it is.
    Any,
}

/// How deep values are followed.
pub const DEEP: usize = 64;

impl Reads {
    /// What is looked at below a path, to add to it.
    pub fn at(&mut self, path: impl IntoIterator<Item = Way>) -> &mut Reads {
        path.into_iter().take(DEEP).fold(self, |reads, way| match way {
            Way::To(step) => reads.below.entry(step).or_default(),
            Way::Any => reads.any.get_or_insert_default(),
        })
    }

    /// Adds what is looked at below a step.
    pub fn put(&mut self, step: Step, below: Reads) {
        match self.below.entry(step) {
            Entry::Vacant(entry) => drop(entry.insert(below)),
            Entry::Occupied(entry) => entry.into_mut().absorb(below),
        }
    }

    /// As [`Self::add`], of what nobody else needs.
    pub fn absorb(&mut self, other: Reads) {
        self.is_touched |= other.is_touched;
        self.is_whole |= other.is_whole;
        self.has_keys |= other.has_keys;
        self.is_tested |= other.is_tested;
        other.below.into_iter().for_each(|(step, below)| self.put(step, below));
        if let Some(any) = other.any {
            self.any.get_or_insert_default().absorb(*any);
        }
    }

    /// Adds what somebody else looked at.
    pub fn add(&mut self, other: &Reads) {
        self.is_touched |= other.is_touched;
        self.is_whole |= other.is_whole;
        self.has_keys |= other.has_keys;
        self.is_tested |= other.is_tested;
        for (step, below) in &other.below {
            self.below.entry(step.clone()).or_default().add(below);
        }
        if let Some(any) = &other.any {
            self.any.get_or_insert_default().add(any);
        }
    }

    /// Whether the value at a path is looked at, or something below it, or all of what it is a part of. What is read below
    /// whichever key is read below one that has a table.
    pub fn reaches(&self, path: &[Step], is_table: bool) -> bool {
        let Some((step, rest)) = path.split_first() else { return true };
        if self.is_whole || rest.is_empty() && self.has_keys {
            return true;
        }
        let is_meant = |any: &&Reads| !rest.is_empty() || is_table || any.is_read();
        let any = self.any.as_deref().filter(is_meant);
        self.below.get(step).into_iter().chain(any).any(|below| below.reaches(rest, is_table))
    }

    /// Whether it is looked at itself, not only what is below it.
    fn is_read(&self) -> bool {
        self.is_touched || self.is_whole || self.has_keys || self.is_tested
    }

    /// Whether somebody names the path, key by key.
    pub fn names(&self, path: &[Step]) -> bool {
        path.iter().try_fold(self, |reads, step| reads.below.get(step)).is_some()
    }

    /// The names that somebody asks for below a path.
    pub fn named_below(&self, path: &[Step]) -> Vec<&Step> {
        let Some((step, rest)) = path.split_first() else { return self.below.keys().collect() };
        self.steps(step).flat_map(|below| below.named_below(rest)).collect()
    }

    /// Whether all below a path is looked at.
    pub fn is_whole_at(&self, path: &[Step]) -> bool {
        let Some((step, rest)) = path.split_first() else { return self.is_whole };
        self.is_whole || self.steps(step).any(|below| below.is_whole_at(rest))
    }

    /// Whether somebody wanted to know if the value at a path is empty.
    pub fn is_tested_at(&self, path: &[Step]) -> bool {
        let Some((step, rest)) = path.split_first() else { return self.is_tested };
        self.steps(step).any(|below| below.is_tested_at(rest))
    }

    fn steps<'a>(&'a self, step: &Step) -> impl Iterator<Item = &'a Reads> {
        self.below.get(step).into_iter().chain(self.any.as_deref())
    }

    /// Each path that is looked at, to its end.
    pub fn paths(&self) -> Vec<FieldPath> {
        let mut found = Vec::new();
        self.collect(&mut Vec::new(), &mut found, DEEP);
        found
    }

    fn collect(&self, here: &mut Vec<Step>, found: &mut Vec<FieldPath>, depth: usize) {
        if !here.is_empty() {
            found.push(FieldPath::new(here.clone()));
        }
        for (step, below) in self.below.iter().filter(|_| depth > 0) {
            here.push(step.clone());
            below.collect(here, found, depth - 1);
            here.pop();
        }
    }
}
