//! What the fixes of findings on values change in which files. The changes are those of [`crate::yaml::edit`].

use std::path::Path;

use super::report::ChartReport;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Layer};
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
        Some(Layer::Chart(file)) if Path::new(&report.path).is_dir() => {
            Some(Path::new(&report.path).join(file).display().to_string())
        }
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

/// A text with a change made.
///
/// # Errors
/// What is in the way.
pub fn apply(text: &str, change: &Change) -> Result<String, Refusal> {
    edit::apply(text, std::slice::from_ref(change))
}
