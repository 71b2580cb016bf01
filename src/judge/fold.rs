//! Makes one report of several runs of a chart: with each set of values, for each version of Kubernetes. What several runs
//! find alike is one finding that names them.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, FileLine, Severity};
use crate::render::{Accounts, Coverage};
use crate::rules::values::UNREAD_VALUE;

use super::codes::OUTPUT_NOT_YAML;
use super::report::{ChartReport, Reads, Run, Verdict};

/// What makes findings of two runs the same: not the rendered line, nor what set a value, which differ from run to run.
type Key = (&'static str, Severity, Option<String>, String, String, Option<FileLine>);

/// The report of all runs, the first of which is that with the chart's own values. A single one stays as it is.
///
/// A chart that does not render with its own values alone, since it needs more of them, is judged with the others, and that is
/// advice; any other run that could not be judged is an error of its own.
pub fn fold(mut reports: Vec<(Run, ChartReport)>) -> ChartReport {
    if reports.len() < 2 {
        let report = reports.pop().map(|(_, report)| report).unwrap_or_default();
        return ChartReport { reads: Reads::default(), ..report };
    }
    let read = read_by_any(&mut reports);
    // With other values, for the same version: a version that nobody knows is no matter of values.
    let judged: Vec<Option<String>> = reports
        .iter()
        .filter(|(run, report)| !report.failed && run.values_set != OWN)
        .map(|(run, _)| run.kube_version.clone())
        .collect();
    let all = reports.len();
    let mut folded = ChartReport { runs: Vec::with_capacity(all), ..ChartReport::default() };
    let mut places: HashMap<Key, usize> = HashMap::new();
    for (run, mut report) in reports {
        folded.add_coverage(report.coverage.take());
        let is_excused = run.values_set == OWN
            && report.failed
            && judged.contains(&run.kube_version)
            && report.diagnostics.iter().all(may_need_values);
        folded.take_head(&report);
        folded.failed |= report.failed && !is_excused;
        let is_read = |found: &Diagnostic| {
            found.code == UNREAD_VALUE.code && found.origin.values.first().is_some_and(|key| read.reads(key))
        };
        for mut diagnostic in report.diagnostics.into_iter().filter(|found| !is_read(found)) {
            // What rules find in the parts that do render is as bad as ever.
            if is_excused && diagnostic.profile.is_none() {
                diagnostic.severity = Severity::Advice;
                diagnostic.message =
                    format!("with its own values alone the chart cannot be judged: {}", diagnostic.message);
            }
            let at = *places.entry(key(&diagnostic)).or_insert_with(|| {
                folded.diagnostics.push(diagnostic);
                folded.diagnostics.len() - 1
            });
            let runs = &mut folded.diagnostics[at].runs;
            if runs.last() != Some(&run.name) {
                runs.push(run.name.clone());
            }
        }
        folded.view = folded.view.or(report.view);
        folded.allowed = folded.allowed.max(report.allowed);
        join_verdicts(&mut folded.verdicts, report.verdicts, &run.name);
        folded.runs.push(Run { objects: report.objects, failed: report.failed, ..run });
    }
    if folded.failed {
        let unjudged = folded.runs.iter().filter(|run| run.failed).count();
        let reason = format!("{unjudged} of {all} runs could not be judged");
        let verdicts = folded.verdicts.into_iter();
        folded.verdicts = verdicts.map(|verdict| verdict.withhold(reason.clone())).collect();
    }
    // What every run finds needs no names.
    for diagnostic in &mut folded.diagnostics {
        if diagnostic.runs.len() == all {
            diagnostic.runs.clear();
        }
    }
    folded
}

/// Whether more values may mend it: what was written and is no YAML must have been written of something that is not set.
fn may_need_values(found: &Diagnostic) -> bool {
    found.code != OUTPUT_NOT_YAML || found.origin.values.iter().any(|value| value.layer.is_none())
}

/// What any of the runs reads of the values.
fn read_by_any(reports: &mut [(Run, ChartReport)]) -> Accounts {
    let mut all = Accounts::default();
    for accounts in reports.iter_mut().filter_map(|(_, report)| report.reads.0.take()) {
        all.add(&accounts);
    }
    all
}

/// The name of the chart's own values.
pub const OWN: &str = "default";

impl ChartReport {
    /// Adds what another run reached.
    fn add_coverage(&mut self, more: Option<Coverage>) {
        match (&mut self.coverage, more) {
            (Some(all), Some(more)) => all.add(more),
            (none @ None, more) => *none = more,
            (Some(_), None) => {}
        }
    }

    /// Takes over what is the same in every run; of the objects the most.
    fn take_head(&mut self, other: &ChartReport) {
        if self.path.is_empty() {
            self.path.clone_from(&other.path);
            self.root = other.root;
        }
        if self.name.is_empty() {
            self.name.clone_from(&other.name);
            self.version.clone_from(&other.version);
        }
        self.objects = self.objects.max(other.objects);
        if self.answer.is_none() || other.answer.as_ref().is_some_and(|answer| !answer.valid) {
            self.answer.clone_from(&other.answer);
        }
    }
}

/// A profile refuses a chart that it refuses in any run.
fn join_verdicts(all: &mut Vec<Verdict>, more: Vec<Verdict>, run: &str) {
    for mut verdict in more {
        let known =
            all.iter_mut().find(|known| known.profile == verdict.profile && known.mode == verdict.mode);
        let Some(known) = known else {
            all.push(verdict);
            continue;
        };
        let is_bad = |verdict: &Verdict| !verdict.valid && !verdict.withheld;
        if is_bad(known) || known.withheld && !is_bad(&verdict) {
            continue;
        }
        // Each server that takes it says so.
        if !known.withheld
            && !known.reason.contains(&verdict.reason)
            && !is_bad(&verdict)
            && !verdict.withheld
        {
            known.reason = format!("{}; {}", known.reason, verdict.reason);
        }
        if is_bad(&verdict) || verdict.withheld {
            verdict.reason = format!("with {run}: {}", verdict.reason);
            *known = verdict;
        }
    }
}

/// Adds what a profile finds to what others found before it: what several find is told once, as severe as any has it.
pub(super) fn add(found: &mut Vec<Diagnostic>, more: Vec<Diagnostic>) {
    if found.is_empty() {
        *found = more;
        return;
    }
    let key = |diagnostic: &Diagnostic| {
        let location = &diagnostic.location;
        let (object, field) = (location.object.clone(), location.field.clone());
        (
            diagnostic.code,
            diagnostic.message.clone(),
            object,
            field,
            location.rendered,
            location.source.clone(),
        )
    };
    let known: HashMap<_, usize> = found.iter().enumerate().map(|(at, known)| (key(known), at)).collect();
    for diagnostic in more {
        match known.get(&key(&diagnostic)) {
            Some(&at) if found[at].severity < diagnostic.severity => found[at] = diagnostic,
            Some(_) => {}
            None => found.push(diagnostic),
        }
    }
}

fn key(diagnostic: &Diagnostic) -> Key {
    let Diagnostic { code, severity, profile, message, location, .. } = diagnostic;
    let object = location.object.as_ref().map(ToString::to_string).unwrap_or_default();
    let field = location.field.as_ref().map(ToString::to_string).unwrap_or_default();
    let place = format!("{object} {field}");
    (code, *severity, profile.clone(), message.clone(), place, location.source.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Layer, ValueOrigin};

    fn run(name: &str, found: &[&str], failed: bool) -> (Run, ChartReport) {
        let found = found.iter().map(|text| Diagnostic::new("POD101", "x", Severity::Error, *text));
        let report = ChartReport { diagnostics: found.collect(), failed, ..ChartReport::default() };
        let run = Run { name: name.to_owned(), values_set: name.to_owned(), ..Run::default() };
        (run, report)
    }

    #[test]
    fn equal_findings_are_one_that_names_its_runs() {
        let folded = fold(vec![
            run(OWN, &["a", "b"], false),
            run("prod", &["b", "c"], false),
            run("dev", &["b"], false),
        ]);
        let told: Vec<(&str, String)> =
            folded.diagnostics.iter().map(|d| (d.message.as_str(), d.runs.join(","))).collect();
        assert_eq!(told, [("a", "default".into()), ("b", String::new()), ("c", "prod".into())]);
        assert_eq!(folded.runs.len(), 3);
        assert!(!folded.failed);
    }

    #[test]
    fn own_values_that_do_not_suffice_are_advice_and_a_broken_set_is_not() {
        let folded = fold(vec![run(OWN, &["set a"], true), run("prod", &[], false)]);
        assert!(!folded.failed);
        assert_eq!(folded.diagnostics[0].severity, Severity::Advice);
        assert!(fold(vec![run(OWN, &[], false), run("prod", &["bad"], true)]).failed);
        assert!(fold(vec![run(OWN, &["bad"], true), run("prod", &["bad"], true)]).failed);
    }

    #[test]
    fn own_values_that_suffice_for_broken_yaml_are_no_excuse() {
        let broken = |values: Vec<ValueOrigin>| {
            let mut own = run(OWN, &["no YAML"], true);
            own.1.diagnostics[0].code = OUTPUT_NOT_YAML;
            own.1.diagnostics[0].origin.values = values;
            fold(vec![own, run("prod", &[], false)]).failed
        };
        assert!(broken(Vec::new()));
        assert!(broken(vec![ValueOrigin {
            layer: Some(Layer::Chart("values.yaml".into())),
            ..ValueOrigin::default()
        }]));
        assert!(!broken(vec![ValueOrigin::default()]));
    }
}
