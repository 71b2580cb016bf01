//! [`Coverage`]: which lines, branches and named templates of a chart were executed, and which values of it were read, with
//! how many sets of values. What the tracer saw of one rendering is made into numbers by [`Coverage::new`]; what other
//! renderings saw is added with [`Coverage::add`].

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::accounts::{Accounts, Files};
use super::origin::Origins;
use crate::chart::{Chart, Dependency};
use crate::diagnostic::Layer;
use crate::funcs;
use crate::path::FieldPath;
use crate::template::cover::{Covered, Fork, covered};
use crate::template::reach::Executed;

/// What was reached of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// With which sets of values.
    pub sets: Vec<String>,
    /// The templates of the chart and of those charts in it that come from nowhere else.
    pub files: Vec<FileCoverage>,
    /// The keys of `values.yaml` that are no tables.
    pub values: Vec<KeyCoverage>,
}

/// What was reached of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileCoverage {
    /// Its path below the chart.
    pub file: String,
    /// The lines, from 1, that write or do something, with how many sets they were executed.
    pub lines: BTreeMap<usize, usize>,
    /// The branches.
    pub branches: Vec<BranchCoverage>,
    /// The templates that it defines.
    pub defines: Vec<DefineCoverage>,
}

/// What was reached of an `if`, `with` or `range`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchCoverage {
    /// Its word.
    pub word: &'static str,
    /// What it asks.
    pub condition: String,
    /// Its line, from 1.
    pub line: usize,
    /// Its column, from 1.
    pub column: usize,
    /// With how many sets it was asked.
    pub asked: usize,
    /// With how many its body was executed.
    pub entered: usize,
    /// With how many it was left out.
    pub passed: usize,
}

/// What was reached of a named template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefineCoverage {
    /// Its name.
    pub name: String,
    /// Its first line, from 1.
    pub line: usize,
    /// With how many sets it was executed.
    pub executed: usize,
}

/// Whether a key of values was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyCoverage {
    /// The key.
    pub path: FieldPath,
    /// Its line in `values.yaml`, where it is known.
    pub line: Option<usize>,
    /// With how many sets it was read.
    pub read: usize,
}

/// How many there are, and how many of them were reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many were reached.
    pub hit: usize,
    /// Of how many.
    pub found: usize,
}

impl Share {
    fn of(counts: impl IntoIterator<Item = usize>) -> Share {
        counts.into_iter().fold(Share::default(), |share, count| Share {
            hit: share.hit + usize::from(count > 0),
            found: share.found + 1,
        })
    }

    /// In percent, rounded down; all of nothing is all.
    pub fn percent(self) -> usize {
        (self.hit * 100).checked_div(self.found).unwrap_or(100)
    }
}

impl FileCoverage {
    /// The share of its lines.
    pub fn line_share(&self) -> Share {
        Share::of(self.lines.values().copied())
    }

    /// The share of its branches, two for each `if`, `with` and `range`.
    pub fn branch_share(&self) -> Share {
        Share::of(self.branches.iter().flat_map(|branch| [branch.entered, branch.passed]))
    }

    /// The share of the templates that it defines.
    pub fn define_share(&self) -> Share {
        Share::of(self.defines.iter().map(|define| define.executed))
    }

    fn new(file: String, covered: Covered) -> FileCoverage {
        let count = usize::from;
        let branch = |fork: Fork| BranchCoverage {
            word: fork.word,
            condition: fork.condition,
            line: fork.line,
            column: fork.column,
            asked: count(fork.is_asked),
            entered: count(fork.is_entered),
            passed: count(fork.is_passed),
        };
        let define = |(name, line, is_executed)| DefineCoverage { name, line, executed: count(is_executed) };
        FileCoverage {
            file,
            lines: covered.lines.into_iter().map(|(line, is)| (line, count(is))).collect(),
            branches: covered.branches.into_iter().map(branch).collect(),
            defines: covered.defines.into_iter().map(define).collect(),
        }
    }

    fn add(&mut self, other: FileCoverage) {
        for (line, count) in other.lines {
            *self.lines.entry(line).or_default() += count;
        }
        for (own, other) in self.branches.iter_mut().zip(other.branches) {
            own.asked += other.asked;
            own.entered += other.entered;
            own.passed += other.passed;
        }
        for (own, other) in self.defines.iter_mut().zip(other.defines) {
            own.executed += other.executed;
        }
    }
}

impl Coverage {
    /// What a rendering that was listened to reached; nothing where a template failed, since nobody knows how far it came.
    /// `chart` is the chart before its dependencies were processed, `accounts` what is read of
    /// the values, where that is known already.
    pub fn new(origins: &Origins, chart: &Chart, accounts: Option<&Accounts>) -> Option<Coverage> {
        let accounts = match accounts {
            Some(accounts) => Cow::Borrowed(accounts),
            None => Cow::Owned(Accounts::new(origins, chart)?),
        };
        let mut files = Files::default();
        files.enabled(&origins.chart, &[]);
        files.sort();
        let mut all = Files::default();
        all.disabled(chart, &origins.chart, &[]);
        all.all.extend(files.all);
        let executed = Executed::of(origins.outputs.values().map(|output| &output.trace));
        let texts = all.all.iter().map(|file| (file.name.as_str(), file.text));
        let mut coverage = Coverage { sets: vec![String::new()], ..Coverage::default() };
        for covered in covered(texts, &origins.parsed, funcs::table(), &executed).ok()? {
            let file = place(chart, origins, &covered.name);
            if !covered.lines.is_empty() && !comes_from_elsewhere(chart, &file) {
                coverage.file(FileCoverage::new(file, covered));
            }
        }
        coverage.files.sort_by(|one, other| one.file.cmp(&other.file));
        coverage.values = keys(origins, &accounts);
        Some(coverage)
    }

    /// A chart that is there twice, under two aliases, has its files once.
    fn file(&mut self, new: FileCoverage) {
        match self.files.iter_mut().find(|known| known.file == new.file) {
            Some(known) => known.join(&new),
            None => self.files.push(new),
        }
    }

    /// Adds what was reached with other values.
    pub fn add(&mut self, other: Coverage) {
        self.sets.extend(other.sets);
        for file in other.files {
            match self.files.iter_mut().find(|known| known.file == file.file) {
                Some(known) => known.add(file),
                None => self.files.push(file),
            }
        }
        self.files.sort_by(|one, other| one.file.cmp(&other.file));
        for key in other.values {
            match self.values.iter_mut().find(|known| known.path == key.path) {
                Some(known) => known.read += key.read,
                None => self.values.push(key),
            }
        }
    }

    /// The share of all lines.
    pub fn line_share(&self) -> Share {
        Share::of(self.files.iter().flat_map(|file| file.lines.values().copied()))
    }

    /// The share of all branches.
    pub fn branch_share(&self) -> Share {
        let branches = self.files.iter().flat_map(|file| &file.branches);
        Share::of(branches.flat_map(|branch| [branch.entered, branch.passed]))
    }

    /// The share of all values.
    pub fn value_share(&self) -> Share {
        Share::of(self.values.iter().map(|key| key.read))
    }
}

impl FileCoverage {
    /// Takes what the same file reached as another chart of the same release, in the same rendering.
    fn join(&mut self, other: &FileCoverage) {
        for (line, count) in &other.lines {
            let own = self.lines.entry(*line).or_default();
            *own = (*own).max(*count);
        }
        for (own, other) in self.branches.iter_mut().zip(&other.branches) {
            own.asked = own.asked.max(other.asked);
            own.entered = own.entered.max(other.entered);
            own.passed = own.passed.max(other.passed);
        }
        for (own, other) in self.defines.iter_mut().zip(&other.defines) {
            own.executed = own.executed.max(other.executed);
        }
    }
}

/// The path below the chart of a template by the name that Helm gives it, of a dependency that is switched off too.
pub(super) fn place(chart: &Chart, origins: &Origins, name: &str) -> String {
    let rendered = origins.on_disk(name);
    let is_there = |chart: &Chart| chart.raw_file(&rendered).is_some();
    if is_there(chart) { rendered } else { chart.on_disk(name) }
}

/// Whether a file is one of a chart in `charts/` that comes from a repository.
pub(super) fn comes_from_elsewhere(chart: &Chart, file: &str) -> bool {
    let mut chart = chart;
    while let Some(below) =
        chart.dependencies.iter().find(|below| file.starts_with(&format!("{}/", below.dir)))
    {
        let is_it = |named: &Dependency| named.name == below.name() && named.is_from_elsewhere();
        if chart.metadata.dependencies().iter().any(is_it) {
            return true;
        }
        chart = below;
    }
    false
}

/// The keys that `values.yaml` sets, down to what is no table.
fn keys(origins: &Origins, accounts: &Accounts) -> Vec<KeyCoverage> {
    let is_own = |layer: &Layer| matches!(layer, Layer::Chart(file) if file == "values.yaml");
    let mut keys = Vec::new();
    for value in origins.leaves() {
        let line = match &value.layer {
            Some(layer) if is_own(layer) => Some(value.line),
            _ => value.shadows.iter().find(|shadow| is_own(&shadow.layer)).map(|shadow| shadow.line),
        };
        let Some(line) = line else { continue };
        let is_table = value.value.is_object() || value.value.is_array();
        let read = usize::from(accounts.was_read(value.path.steps(), is_table));
        keys.push(KeyCoverage { path: value.path, line, read });
    }
    keys
}
