//! What was found, told to people and to machines: one file for each format. A report is data; nothing here looks at charts
//! or prints.
//!
//! Read [`Report`] for what there is to tell, [`Format`] for the ways to tell it.

use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

use crate::diagnostic::Diagnostic;
use crate::judge::{ChartReport, Report};

mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod reval;
mod sarif;
mod tap;
pub mod why;

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
