//! A baseline: the findings of a day, so that only new ones are told. It is a JSON file that names each finding by code,
//! object and field, and counts those that cannot be told apart.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Severity};

/// The findings of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Baseline {
    schema_version: u32,
    /// Chart name to finding to how often.
    charts: BTreeMap<String, BTreeMap<String, usize>>,
}

impl Default for Baseline {
    fn default() -> Baseline {
        Baseline::new()
    }
}

impl Baseline {
    /// A baseline with nothing in it.
    pub fn new() -> Baseline {
        Baseline { schema_version: 1, charts: BTreeMap::new() }
    }

    /// Reads what [`Baseline::to_json`] writes.
    ///
    /// # Errors
    /// What is wrong with the text, in a sentence.
    pub fn parse(text: &str) -> Result<Baseline, String> {
        let baseline: Baseline = serde_json::from_str(text)
            .map_err(|error| format!("is no baseline that Plimsoll wrote: {error}"))?;
        match baseline.schema_version {
            1 => Ok(baseline),
            other => Err(format!("is a baseline of version {other}; this Plimsoll reads version 1")),
        }
    }

    /// The file's text, sorted, so that it can be committed.
    pub fn to_json(&self) -> String {
        let document = serde_json::json!({"schemaVersion": self.schema_version, "charts": self.charts});
        format!("{document:#}\n")
    }

    /// Notes the findings of a chart.
    pub fn record(&mut self, chart: &str, found: &[Diagnostic]) {
        let counts = self.charts.entry(chart.to_owned()).or_default();
        for diagnostic in found {
            *counts.entry(key(diagnostic)).or_default() += 1;
        }
    }

    /// How many findings it holds.
    pub fn count(&self) -> usize {
        self.charts.values().flat_map(BTreeMap::values).sum()
    }

    /// Takes out of it what is not among the findings of a chart, and adds nothing.
    pub fn prune(&mut self, chart: &str, found: &[Diagnostic]) {
        let mut now: BTreeMap<String, usize> = BTreeMap::new();
        for diagnostic in found {
            *now.entry(key(diagnostic)).or_default() += 1;
        }
        let Some(counts) = self.charts.get_mut(chart) else { return };
        for (finding, count) in counts.iter_mut() {
            *count = (*count).min(now.get(finding).copied().unwrap_or(0));
        }
        counts.retain(|_, count| *count > 0);
    }

    /// Takes the findings that are in the baseline out, and says which of its entries were not found again.
    pub fn apply(&self, chart: &str, found: Vec<Diagnostic>) -> Compared {
        let mut left = self.charts.get(chart).cloned().unwrap_or_default();
        let is_new = |diagnostic: &Diagnostic| match left.get_mut(&key(diagnostic)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        };
        let before = found.len();
        let found: Vec<Diagnostic> = found.into_iter().filter(is_new).collect();
        let mut stale = Vec::new();
        for (finding, _) in left.into_iter().filter(|(_, count)| *count > 0) {
            let message = format!("the baseline has `{finding}`, which is no longer found");
            let mut diagnostic = Diagnostic::new("SUP003", "stale-baseline", Severity::Advice, message);
            diagnostic.help = Some("take it out with --prune-baseline".to_owned());
            stale.push(diagnostic);
        }
        Compared { hidden: before - found.len(), found, stale }
    }
}

/// Findings compared with a baseline.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// Those that are new.
    pub found: Vec<Diagnostic>,
    /// How many are not.
    pub hidden: usize,
    /// A finding for each of the baseline that was not found again.
    pub stale: Vec<Diagnostic>,
}

/// What makes a finding the same tomorrow: not its line, which moves.
fn key(diagnostic: &Diagnostic) -> String {
    let location = &diagnostic.location;
    let object = location.object.as_ref().map(ToString::to_string);
    let file = location.source.as_ref().filter(|_| object.is_none()).map(|source| source.file.clone());
    let place = [object.or(file), location.field.as_ref().map(ToString::to_string)];
    let place: Vec<String> = place.into_iter().flatten().collect();
    [&[diagnostic.code.to_owned()][..], &place].concat().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FieldPath;

    fn finding(code: &'static str, field: &str) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(code, "x", Severity::Error, "m");
        diagnostic.location.field = Some(FieldPath::root().key(field));
        diagnostic
    }

    #[test]
    fn knows_old_findings_and_tells_new_and_stale_ones() {
        let mut baseline = Baseline::new();
        baseline.record("web", &[finding("POD101", "a"), finding("POD101", "a"), finding("CTR101", "b")]);
        let baseline = Baseline::parse(&baseline.to_json()).unwrap();
        let now = vec![finding("POD101", "a"), finding("POD101", "a"), finding("POD101", "c")];
        let told = baseline.apply("web", now);
        let codes = |found: &[Diagnostic]| found.iter().map(|d| d.code).collect::<Vec<_>>();
        assert_eq!(
            (codes(&told.found), told.hidden, codes(&told.stale)),
            (vec!["POD101"], 2, vec!["SUP003"])
        );
        assert_eq!(told.found[0].location.field, Some(FieldPath::root().key("c")));
        let mut pruned = baseline.clone();
        pruned.prune("web", &[finding("POD101", "a"), finding("POD101", "new")]);
        assert_eq!((baseline.count(), pruned.count()), (3, 1));
        assert!(Baseline::parse("{}").is_err());
    }
}
