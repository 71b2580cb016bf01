//! What was found, told to people and to machines: one file for each format. A report is data; nothing here looks at charts
//! or prints.
//!
//! Read [`Report`] for what there is to tell, [`Format`] for the ways to tell it.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

use crate::diagnostic::{Diagnostic, Severity};
use crate::policy::Mode;

mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod reval;
mod sarif;
mod tap;
mod why;

pub use why::Explanation;

/// What `check` found in every chart that it was given.
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

/// The ways to tell a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people, in a terminal or a log.
    #[default]
    Human,
    /// Plimsoll's own JSON, stable.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// `JUnit` XML, for test reports.
    Junit,
    /// Commands of GitHub's workflows, which become annotations.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// The Test Anything Protocol, version 14.
    Tap,
    /// What the platform's own service answers.
    Reval,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 8] = [
        Format::Human,
        Format::Json,
        Format::Sarif,
        Format::Junit,
        Format::Github,
        Format::Gitlab,
        Format::Tap,
        Format::Reval,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Junit => "junit",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Tap => "tap",
            Format::Reval => "reval",
        }
    }

    /// Writes the report. Colour is for people only, and carries no meaning of its own.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(self, report: &Report, color: bool, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Format::Human => human::write(report, color, out),
            Format::Json => json::write(report, out),
            Format::Sarif => sarif::write(report, out),
            Format::Junit => junit::write(report, out),
            Format::Github => github::write(report, out),
            Format::Gitlab => gitlab::write(report, out),
            Format::Tap => tap::write(report, out),
            Format::Reval => reval::write(report, out),
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Format, String> {
        Format::ALL.into_iter().find(|format| format.name() == text).ok_or_else(|| {
            let names = Format::ALL.map(Format::name);
            format!("`{text}` is no format; it is one of {}", names.join(", "))
        })
    }
}

/// The file of the chart on disk that a finding leads to, with its line where that is known: what formats that know
/// nothing but files show.
fn file_of(chart: &ChartReport, diagnostic: &Diagnostic) -> (String, Option<usize>) {
    match &diagnostic.location.source {
        Some(source) => (in_chart(chart, &source.file), source.line),
        None => (chart.path.clone(), None),
    }
}

/// The path of a file of the chart: below the chart's folder, where it is one.
fn in_chart(chart: &ChartReport, file: &str) -> String {
    let root = chart.path.trim_end_matches('/');
    let packed = Path::new(root).extension().is_some_and(|end| end == "tgz") || root.contains("://");
    if packed || root.is_empty() || file.starts_with('/') {
        file.to_owned()
    } else {
        format!("{root}/{file}")
    }
}

/// The object and field of a finding in a line: `Deployment/web spec.hostNetwork`.
fn subject_of(diagnostic: &Diagnostic) -> String {
    let object = diagnostic.location.object.as_ref().map(ToString::to_string);
    let parts: Vec<String> =
        object.into_iter().chain(diagnostic.location.field.as_ref().map(ToString::to_string)).collect();
    parts.join(" ")
}
