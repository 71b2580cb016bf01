//! What was found, told to people and to machines: one file for each format. A report is data; nothing here looks at charts
//! or prints.
//!
//! Read [`Report`] for what there is to tell, [`Format`] for the ways to tell it.

use std::io::{self, Write};

use clap::ValueEnum;

use crate::judge::{Report, Tally};

pub mod absent;
mod apiserver;
mod blocks;
mod brief;
mod concise;
pub mod coverage;
mod fingerprint;
mod github;
mod gitlab;
mod html;
mod human;
mod json;
mod junit;
mod look;
mod markdown;
pub mod merge;
mod notes;
pub mod page;
mod place;
mod reval;
mod sarif;
mod shard;
mod statistics;
mod stream;
mod tap;
#[cfg(test)]
mod tests;
pub mod why;

pub use look::{Look, safe};
pub use shard::Shard;
pub use stream::{Detail, Stream, Style};

use stream::Escaped;

/// The ways to tell a report. The names of the variants are those of `--format`, their comments its help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, in a terminal or a log.
    #[default]
    Human,
    /// One line a finding, for grep and editors.
    Concise,
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
    /// Markdown, for the summary of a job.
    Markdown,
    /// One page of HTML with everything in it.
    Html,
    /// What the platform's own service answers.
    Reval,
    /// What the Kubernetes API server answers, a line of JSON an object.
    Apiserver,
}

impl Format {
    /// What tells charts in the format.
    pub fn stream(self, style: Style) -> Box<dyn Stream> {
        match self {
            Format::Human => Box::new(human::Human::new(style)),
            Format::Concise => Box::new(concise::Concise(style)),
            Format::Json => Box::new(Escaped(json::Stream::new(style))),
            Format::Sarif => Box::new(Escaped(sarif::Sarif::new(style))),
            Format::Junit => Box::new(junit::Junit::default()),
            Format::Github => Box::new(github::Github),
            Format::Gitlab => Box::new(Escaped(gitlab::Gitlab::default())),
            Format::Tap => Box::new(tap::Tap::default()),
            Format::Markdown => Box::new(markdown::Markdown::default()),
            Format::Html => Box::new(html::Html::default()),
            Format::Reval => Box::new(Escaped(reval::Reval::default())),
            Format::Apiserver => Box::new(Escaped(apiserver::Apiserver)),
        }
    }

    /// Whether it is the answer of somebody else to one rendering, so that a chart has one and not several.
    pub fn is_an_answer(self) -> bool {
        matches!(self, Format::Reval | Format::Apiserver)
    }

    /// Whether it has no place for which configurations were read.
    pub fn hides_configurations(self) -> bool {
        self.is_an_answer() || self == Format::Gitlab
    }

    /// Whether it shows the whole release, which judging has to hand over then.
    pub fn shows_release(self) -> bool {
        self == Format::Html
    }

    /// Writes a report that is known whole. How it looks matters to people only.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(self, report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
        let mut stream = self.stream(Style { look, ..Style::default() });
        report.charts.iter().try_for_each(|chart| stream.chart(chart, out))?;
        stream.end(&Tally::of(report), out)
    }
}
