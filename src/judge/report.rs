//! What judging found: [`Report`] of all charts, [`ChartReport`] of one, with the verdict of each profile and the answer of
//! the platform's own service. They are data; `crate::report` tells them.

use std::collections::BTreeMap;
use std::fmt;

use crate::apiserver;
use crate::diagnostic::{Applicability, Diagnostic, Severity};
use crate::policy::Mode;
use crate::render::{Accounts, Coverage};

use super::view::View;

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
    /// What the Kubernetes API server of each version answers; none where no profile asks it.
    pub api_answers: Vec<apiserver::Answers>,
    /// How many findings somebody allows, with a reason.
    pub allowed: usize,
    /// How many findings a baseline hides.
    pub in_baseline: usize,
    /// The configuration files that it was judged by, in words.
    pub configurations: Vec<String>,
    /// The whole release, where somebody asked for it.
    pub view: Option<View>,
    /// What it was judged with, where that is more than one thing: sets of values, versions of Kubernetes.
    pub runs: Vec<Run>,
    /// What was reached of the chart, where somebody asked.
    pub coverage: Option<Coverage>,
    /// What was read of the values, as long as other runs may read more; see [`fold`](super::fold()).
    pub reads: Reads,
}

/// What was read of the values in one run.
#[derive(Clone, Debug, Default)]
pub struct Reads(pub Option<Accounts>);

/// One of several things that a chart was judged with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// What it is called: `default`, the name of a set of values, with a version of Kubernetes behind it where several were
    /// named.
    pub name: String,
    /// The set of values.
    pub values_set: String,
    /// The version of Kubernetes that somebody named.
    pub kube_version: Option<String>,
    /// How many objects it renders to.
    pub objects: usize,
    /// Whether it could not be judged: then a finding says why.
    pub failed: bool,
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

    /// The report, what was reached in it under the name of the values.
    pub fn reached_with(mut self, set: &str) -> ChartReport {
        if let Some(coverage) = &mut self.coverage {
            coverage.sets = vec![set.to_owned()];
        }
        self
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
    /// Whether there is no verdict after all, for a reason that is given: not everything was asked, or not everything is told.
    pub withheld: bool,
}

impl Verdict {
    /// The same, unless it is good only because rules were left out or errors are allowed.
    pub(super) fn unless_hidden(self, (left_out, of): (usize, usize), allowed: &[Diagnostic]) -> Verdict {
        let errors = allowed.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
        match (left_out, errors) {
            (0, 0) => self,
            (0, errors) => self.withhold(format!("{} allowed", are(errors, "error"))),
            (left_out, _) => {
                let asked = of.saturating_sub(left_out);
                self.withhold(format!("only {asked} of {of} rules were asked as they are"))
            }
        }
    }

    /// The same without a verdict, for that reason, if it is a good one: a bad one holds whatever else there may be.
    #[must_use]
    pub fn withhold(self, reason: String) -> Verdict {
        let is_certain = !self.valid && !self.withheld;
        if is_certain { self } else { Verdict { valid: false, withheld: true, reason, ..self } }
    }
}

/// `1 error is`, `2 errors are`
fn are(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what} is") } else { format!("{count} {what}s are") }
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

impl Counts {
    /// Whether something is at least that severe.
    pub fn reach(&self, severity: Severity) -> bool {
        match severity {
            Severity::Error => self.errors > 0,
            Severity::Warning => self.errors + self.warnings > 0,
            Severity::Advice => self.total() > 0,
        }
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.errors + self.warnings + self.advice
    }

    fn add(&mut self, other: Counts) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.advice += other.advice;
    }
}

/// What is counted while charts are told, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How many charts.
    pub charts: usize,
    /// How many of them could not be judged.
    pub failed: usize,
    /// Findings by severity.
    pub counts: Counts,
    /// Findings that somebody allows.
    pub allowed: usize,
    /// Findings that a baseline hides.
    pub in_baseline: usize,
    /// Findings of each rule, by code.
    pub rules: BTreeMap<&'static str, RuleTally>,
    /// The charts with findings, and how many.
    pub by_chart: Vec<(String, Counts)>,
}

/// What is counted of a rule.
#[derive(Clone, Debug, Default)]
pub struct RuleTally {
    /// Its name.
    pub name: &'static str,
    /// Its findings.
    pub counts: Counts,
    /// In how many charts.
    pub charts: usize,
    /// How many of its findings `patch` mends.
    pub safe: usize,
    /// How many `patch --unsafe` mends besides.
    pub risky: usize,
}

impl Tally {
    /// Of a report that is known whole.
    pub fn of(report: &Report) -> Tally {
        let mut tally = Tally::default();
        report.charts.iter().for_each(|chart| tally.add(chart));
        tally
    }

    /// Counts a chart.
    pub fn add(&mut self, chart: &ChartReport) {
        let counts = Counts::of(&chart.diagnostics);
        self.charts += 1;
        self.failed += usize::from(chart.failed);
        self.counts.add(counts);
        self.allowed += chart.allowed;
        self.in_baseline += chart.in_baseline;
        if counts.total() > 0 {
            self.by_chart.push((chart.path.clone(), counts));
        }
        let mut seen: Vec<&str> = Vec::new();
        for diagnostic in &chart.diagnostics {
            let rule = self.rules.entry(diagnostic.code).or_default();
            rule.name = diagnostic.name;
            rule.counts.add(Counts::of([diagnostic]));
            if !seen.contains(&diagnostic.code) {
                rule.charts += 1;
                seen.push(diagnostic.code);
            }
            match diagnostic.fix.as_ref().map(|fix| fix.applicability) {
                Some(Applicability::Safe) => rule.safe += 1,
                Some(Applicability::Unsafe) => rule.risky += 1,
                Some(Applicability::DisplayOnly) | None => {}
            }
        }
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
