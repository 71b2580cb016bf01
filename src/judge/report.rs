//! What judging found: [`Report`] of all charts, [`ChartReport`] of one, with the verdict of each profile and the answer of
//! the platform's own service. They are data; `crate::report` tells them.

use std::fmt;

use crate::diagnostic::{Diagnostic, Severity};
use crate::policy::Mode;

/// What was found in every chart that was given.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The charts, in the order in which they were given.
    pub charts: Vec<ChartReport>,
}

/// What was found in a chart.
#[derive(Clone, Debug, Default)]
pub struct ChartReport {
    /// As it was given.
    pub path: String,
    /// What lies there.
    pub root: Root,
    /// Its name; empty where it could not be read.
    pub name: String,
    /// Its version; empty where it could not be read.
    pub version: String,
    /// How many objects it renders to.
    pub objects: usize,
    /// The verdict of each profile; none where the chart could not be judged.
    pub verdicts: Vec<Verdict>,
    /// The findings, or why the chart could not be judged.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the chart could not be judged: then `diagnostics` say why.
    pub failed: bool,
    /// The service's own answer.
    pub answer: Option<Answer>,
}

/// What was given to be judged, which says where the files lie that findings name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Root {
    /// A chart that lies nowhere as files: an archive, or one from a registry.
    #[default]
    Archive,
    /// The folder of a chart.
    Folder,
    /// Rendered text.
    Manifests,
    /// Values files.
    Values,
}

impl ChartReport {
    /// The report of what could not be judged, and why.
    pub fn failed(path: impl Into<String>, why: Diagnostic) -> ChartReport {
        let mut report = ChartReport { path: path.into(), ..ChartReport::default() };
        report.fail(why);
        report
    }

    /// Says that the chart could not be judged, and why. The service's answer is its own words for it, where it would have
    /// come so far.
    pub(super) fn fail(&mut self, why: Diagnostic) {
        self.answer.get_or_insert_with(|| Answer::refusal(why.message.clone()));
        self.diagnostics = vec![why];
        self.failed = true;
    }
}

/// What a profile says about a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// `nvcf`
    pub profile: String,
    /// The mode in which it was asked.
    pub mode: Mode,
    /// Whether the chart may be deployed.
    pub valid: bool,
    /// What that stands on, in a sentence without a full stop.
    pub reason: String,
}

/// What the platform's own service would answer, in its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Its verdict.
    pub valid: bool,
    /// Its errors, sorted.
    pub errors: Vec<String>,
    /// The name of the validation policy, where one was given.
    pub policy: Option<String>,
}

impl Answer {
    /// A refusal in these words.
    pub(super) fn refusal(words: String) -> Answer {
        Answer { valid: false, errors: vec![words], policy: None }
    }
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Advice.
    pub advice: usize,
}

impl Counts {
    /// Counts findings.
    pub fn of<'a>(found: impl IntoIterator<Item = &'a Diagnostic>) -> Counts {
        let mut counts = Counts::default();
        for diagnostic in found {
            match diagnostic.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Advice => counts.advice += 1,
            }
        }
        counts
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let Counts { errors, warnings, advice } = *self;
        let (e, w) = (plural(errors), plural(warnings));
        write!(f, "{errors} error{e}, {warnings} warning{w}, {advice} advice")
    }
}

impl Report {
    /// All findings of all charts.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.charts.iter().flat_map(|chart| &chart.diagnostics)
    }

    /// Whether a chart could not be judged.
    pub fn failed(&self) -> bool {
        self.charts.iter().any(|chart| chart.failed)
    }

    /// Whether something is at least that severe.
    pub fn reaches(&self, severity: Severity) -> bool {
        self.diagnostics().any(|diagnostic| diagnostic.severity >= severity)
    }
}
