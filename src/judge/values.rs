//! Judges values: those of files alone, or all that a chart and its dependencies see. Nothing is rendered. What is judged is
//! in [`crate::policy`], by the rules of profiles that look at values and nothing else.

use crate::chart::Chart;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::HelmVersion;
use crate::policy::{self, Clusters, Judgement, Subject, ValuesSubject};
use crate::rules;
use crate::source::SourceFile;
use crate::values::Layers;

use super::failure::unreadable_values;
use super::inputs::{Chosen, Inputs};
use super::report::{ChartReport, Counts, Root, Verdict};
use super::secret;

/// Judges the values that the inputs give, without a chart; the report names them as `path` does. Never fails: values that
/// cannot be judged have a report that says why.
pub fn values(path: &str, inputs: Result<Inputs, Box<Diagnostic>>) -> ChartReport {
    let mut report = ChartReport { path: path.to_owned(), root: Root::Values, ..ChartReport::default() };
    match inputs {
        Ok(inputs) if inputs.user.values.is_empty() => {
            report.fail(unreadable_values("the values are empty, there is nothing to judge"));
        }
        Ok(inputs) => {
            let previous = inputs.previous.as_ref().map(Layers::of_user);
            let values = ValuesSubject::new(Layers::of_user(&inputs.user), previous.as_ref());
            ask(values, &inputs, &mut report);
        }
        Err(why) => report.fail(*why),
    }
    secret::hide_values(&mut report.diagnostics);
    report
}

/// Judges all that a chart and its dependencies see.
pub(super) fn of_chart(chart: &Chart, inputs: &Inputs, report: &mut ChartReport) {
    ask(subject(chart, inputs), inputs, report);
}

/// All that a chart and its dependencies see, and what it was before.
pub(super) fn subject(chart: &Chart, inputs: &Inputs) -> ValuesSubject {
    let layers = |user| Layers::new(chart, user, HelmVersion::Helm4);
    let previous = inputs.previous.as_ref().map(layers);
    ValuesSubject::new(layers(&inputs.user), previous.as_ref())
}

/// Asks the rules of each profile.
fn ask(values: ValuesSubject, inputs: &Inputs, report: &mut ChartReport) {
    let subject = Subject {
        chart: None,
        text: SourceFile::new("", ""),
        documents: Vec::new(),
        request: None,
        namespace: inputs.release.namespace.clone(),
        extra_kinds: Vec::new(),
        values: Some(values),
        log: Vec::new(),
        clusters: Clusters::default(),
        own_names: None,
    };
    for Chosen { profile, mode } in &inputs.profiles {
        let Judgement { found, allowed } = policy::judge(&subject, &rules::all(), profile, *mode);
        let left_out = profile.left_out(&rules::all(), *mode);
        report.verdicts.push(verdict(&profile.name, *mode, &found).unless_hidden(left_out, &allowed));
        report.allowed += allowed.len();
        report.diagnostics.extend(found);
    }
}

/// What a profile says of values: its own rules are all that there is to ask.
pub(super) fn verdict(profile: &str, mode: policy::Mode, found: &[Diagnostic]) -> Verdict {
    let valid = found.iter().all(|diagnostic| diagnostic.severity < Severity::Error);
    let Counts { errors, .. } = Counts::of(found);
    let reason = match errors {
        0 => "no rule finds an error in the values".to_owned(),
        1 => "a rule finds an error in the values".to_owned(),
        count => format!("rules find {count} errors in the values"),
    };
    Verdict { profile: profile.to_owned(), mode, valid, reason, withheld: false }
}
