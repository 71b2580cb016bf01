//! What the fixes of findings on values change in which files. The changes are those of [`crate::yaml::edit`].

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::{Applicability, Diagnostic, Edit, Layer};
use crate::go::raw;
use crate::judge::report::{ChartReport, Root};
use crate::manifest::{self, HelmVersion, split};
use crate::system;
use crate::yaml::edit::{self, Change, Refusal};

/// A change that a fix makes.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The file that sets the value, as the user would name it; none where no file does.
    pub file: Option<String>,
    /// Whose fix it is: `H2O003 bad-state`.
    pub rule: String,
    /// The change.
    pub change: Change,
    /// The change in words: `config.state set to "ACTIVE" (was "active")`.
    pub said: String,
}

/// The changes of the fixes that are at least so safe, of findings on values.
pub fn wanted(report: &ChartReport, least: Applicability) -> Vec<Wanted> {
    let is_wanted = |diagnostic: &&Diagnostic| {
        diagnostic.location.target.is_none()
            && diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability >= least)
    };
    report
        .diagnostics
        .iter()
        .filter(is_wanted)
        .flat_map(|diagnostic| of_finding(report, diagnostic))
        .collect()
}

fn of_finding(report: &ChartReport, diagnostic: &Diagnostic) -> Vec<Wanted> {
    let Some(value) = diagnostic.origin.values.first() else { return Vec::new() };
    let file = match &value.layer {
        Some(Layer::File(file)) if file.trim() != "-" => Some(file.clone()),
        Some(Layer::Chart(file)) if raw::path(&report.path).is_dir() => Some(
            raw::of_path(&system::with_slashes(raw::path(&report.path).join(&*raw::path(file)))).into_owned(),
        ),
        _ => None,
    };
    let rule = format!("{} {}", diagnostic.code, diagnostic.name);
    // In the values of a dependency itself the path is the one that its templates read.
    let path = |path: &crate::path::FieldPath| {
        let is_own = matches!(&value.layer, Some(Layer::Chart(file)) if file.contains('/'));
        if is_own && *path == value.path { value.key.clone() } else { path.clone() }
    };
    let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits);
    let wanted = edits.filter_map(|edit| {
        let (change, said) = match edit {
            Edit::Set { path: at, value: new } => {
                let said = format!("{at} set to {new} (was {})", value.value);
                (Change::Set { path: path(at), value: new.clone() }, said)
            }
            Edit::Remove { path: at } => (Change::Remove { path: path(at) }, format!("{at} removed")),
            Edit::Drop | Edit::Expand => return None,
        };
        Some(Wanted { file: file.clone(), rule: rule.clone(), change, said })
    });
    wanted.collect()
}

/// Lines of a file, and what a fix writes in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The file, as the user would name it.
    pub file: String,
    /// The lines, from 1, the last one not among them.
    pub lines: Range<usize>,
    /// How many characters the last of them has, where nothing ends it.
    pub open_end: Option<usize>,
    /// What stands there then.
    pub text: String,
}

/// What the fix of a finding changes in which file: in one of values, or in manifests that were given. What a template writes
/// stands in no file.
pub fn replacements(
    report: &ChartReport,
    diagnostic: &Diagnostic,
    read: fn(&str) -> Option<String>,
) -> Vec<Replacement> {
    let Some(fix) = diagnostic.fix.as_ref().filter(|fix| fix.applicability > Applicability::DisplayOnly)
    else {
        return Vec::new();
    };
    if let Some(target) = &diagnostic.location.target {
        let in_manifests = || {
            let before = read(&report.path)?;
            let range = split::split(&before, HelmVersion::Helm4).into_iter().nth(target.document)?;
            let document = manifest::edit::apply(&before[range.clone()], &target.path, &fix.edits).ok()??;
            let after = format!("{}{document}{}", &before[..range.start], &before[range.end..]);
            replaced(&report.path, &before, &after)
        };
        return if report.root == Root::Manifests {
            in_manifests().into_iter().collect()
        } else {
            Vec::new()
        };
    }
    let mut texts: BTreeMap<String, (String, String)> = BTreeMap::new();
    for Wanted { file, change, .. } in of_finding(report, diagnostic) {
        let Some(file) = file else { return Vec::new() };
        if !texts.contains_key(&file) {
            let Some(text) = read(&file) else { return Vec::new() };
            texts.insert(file.clone(), (text.clone(), text));
        }
        if let Some((_, after)) = texts.get_mut(&file) {
            // All of it or nothing.
            let Ok(changed) = apply(after, &change) else { return Vec::new() };
            *after = changed;
        }
    }
    texts.iter().filter_map(|(file, (before, after))| replaced(file, before, after)).collect()
}

/// The lines from the first to the last in which two texts differ.
fn replaced(file: &str, before: &str, after: &str) -> Option<Replacement> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let tail =
        old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    if old.is_empty() && new.is_empty() {
        return None;
    }
    let open_end = old.last().filter(|line| !line.ends_with('\n')).map(|line| line.chars().count());
    Some(Replacement {
        file: file.to_owned(),
        lines: head + 1..head + 1 + old.len(),
        open_end,
        text: new.concat(),
    })
}

/// A text with a change made.
///
/// # Errors
/// What is in the way.
pub fn apply(text: &str, change: &Change) -> Result<String, Refusal> {
    edit::apply(text, std::slice::from_ref(change))
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn what_differs_is_replaced_and_no_more() {
        for (before, after) in [
            ("a\nb\nc\n", "a\nB\nc\n"),
            ("a\nb", "a\nB"),
            ("a\n", "a\nb\n"),
            ("a\nb\nb\n", "a\nb\n"),
            ("", "a"),
        ] {
            let it = replaced("f", before, after).expect("they differ");
            let lines: Vec<&str> = before.split_inclusive('\n').collect();
            let (head, tail) = (&lines[..it.lines.start - 1], &lines[it.lines.end - 1..]);
            assert_eq!(head.concat() + &it.text + &tail.concat(), after, "{before:?}");
        }
        assert_eq!(replaced("f", "a\n", "a\n"), None);
    }
}
