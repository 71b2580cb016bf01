//! What was found, told to people and to machines: one file for each format. A report is data; nothing here looks at charts
//! or prints.
//!
//! Read [`Report`] for what there is to tell, [`Format`] for the ways to tell it.

use std::io::{self, Write};

use clap::ValueEnum;

use crate::judge::Report;

mod fingerprint;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod look;
mod place;
mod reval;
mod sarif;
mod tap;
#[cfg(test)]
mod tests;
pub mod why;

pub use look::{Look, safe};

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
            Format::Json => look::escaped(out, |out| json::write(report, out)),
            Format::Sarif => look::escaped(out, |out| sarif::write(report, out)),
            Format::Junit => junit::write(report, out),
            Format::Github => github::write(report, out),
            Format::Gitlab => look::escaped(out, |out| gitlab::write(report, out)),
            Format::Tap => tap::write(report, out),
            Format::Reval => look::escaped(out, |out| reval::write(report, out)),
        }
    }
}
