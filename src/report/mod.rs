//! What was found, told to people and to machines: one file for each format. A report is data; nothing here looks at charts
//! or prints.
//!
//! Read [`Report`] for what there is to tell, [`Format`] for the ways to tell it.

use std::io::{self, Write};

use clap::ValueEnum;

use crate::diagnostic::{Diagnostic, Location};
use crate::judge::{ChartReport, Report, Root};

mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod look;
mod reval;
mod sarif;
mod tap;
pub mod why;

pub use look::Look;

/// The ways to tell a report. The names of the variants are those of `--format`, their comments its help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, in a terminal or a log.
    #[default]
    Human,
    /// Plimsoll's own JSON, stable.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test reports.
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
    /// Writes the report. How it looks matters to people only.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(self, report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Format::Human => human::write(report, look, out),
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

/// A place in a file as a user would type it; a finding of a chart that has no file leads to the chart.
struct Place {
    file: String,
    line: Option<usize>,
    column: Option<usize>,
}

/// The place that a finding leads to.
fn place_of(chart: &ChartReport, diagnostic: &Diagnostic) -> Place {
    let location = &diagnostic.location;
    match (&location.source, location.rendered) {
        (_, Some(rendered)) if chart.root == Root::Manifests => {
            Place { file: chart.path.clone(), line: Some(rendered.line), column: Some(rendered.column) }
        }
        (Some(source), _) => {
            let file = if location.is_given { source.file.clone() } else { in_chart(chart, &source.file) };
            Place { file, line: source.line, column: source.column }
        }
        (None, _) => Place { file: chart.path.clone(), line: None, column: None },
    }
}

/// The path of a file of the chart: below the chart's folder, where it is one.
fn in_chart(chart: &ChartReport, file: &str) -> String {
    let folder = chart.path.trim_end_matches('/');
    if chart.root != Root::Folder || folder == "." || file.starts_with('/') {
        return file.to_owned();
    }
    format!("{folder}/{file}")
}

/// The object and field of a finding in a line: `Deployment/web spec.hostNetwork`.
fn subject_of(diagnostic: &Diagnostic) -> String {
    subject(&diagnostic.location)
}

/// The object and field of a place in a line.
fn subject(location: &Location) -> String {
    let object = location.object.as_ref().map(ToString::to_string);
    let field = location.field.as_ref().map(ToString::to_string);
    object.into_iter().chain(field).collect::<Vec<String>>().join(" ")
}
