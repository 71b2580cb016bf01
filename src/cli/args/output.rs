//! The flags that say in which formats a report is told, and where it goes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::bytes;
use super::switch::Switch;
use crate::diagnostic::Severity;
use crate::go::raw;
use crate::report::{Detail, Format};
use crate::word;

/// The formats of a report.
#[derive(Args, Debug)]
#[command(next_help_heading = "Report")]
pub struct OutputArgs {
    /// Fail from this severity on [default: error]
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub fail_on: Option<FailOn>,
    /// Format of the report: human, concise, json, sarif, junit, github, gitlab, tap, markdown, html, reval or apiserver; with
    /// `=FILE` it is written there (can specify multiple) [default: human]
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = parse)]
    pub format: Vec<Output>,
    /// Write the report to this file instead of stdout
    #[arg(long, value_name = "FILE", value_parser = bytes::path())]
    pub output: Option<PathBuf>,
    /// Write a page of HTML with findings, the release and its values to this file besides
    #[arg(long, value_name = "FILE", value_parser = bytes::path())]
    pub report: Option<PathBuf>,
    /// Show each finding on its own with all that is known of it
    #[arg(long)]
    pub full: Switch,
    /// Say one line for each chart that is not clean, and nothing else
    #[arg(short, long, conflicts_with = "full")]
    pub quiet: Switch,
    /// Count findings by rule and by chart at the end
    #[arg(long)]
    pub statistics: Switch,
}

impl OutputArgs {
    /// Whether some report shows the whole release.
    pub fn shows_release(&self) -> bool {
        self.report.is_some() || self.format.iter().any(|output| output.format.shows_release())
    }

    /// Whether some report is the answer of somebody else to one rendering.
    pub fn answers_once(&self) -> bool {
        self.format.iter().any(|output| output.format.is_an_answer())
    }

    /// Whether some report has no place for why there is no answer to a chart.
    pub fn hides_failures(&self) -> bool {
        self.format.iter().any(|output| output.format == Format::Apiserver)
    }

    /// Whether some report has no place for which configurations were read.
    pub fn hides_configurations(&self) -> bool {
        self.format.iter().any(|output| output.format.hides_configurations())
    }

    /// The files that reports go to.
    pub fn files(&self) -> Vec<PathBuf> {
        let files = self.format.iter().filter_map(|output| output.file.clone());
        files.chain(self.output.clone()).chain(self.report.clone()).collect()
    }

    /// How much is told to people.
    pub fn detail(&self) -> Detail {
        match (self.quiet.is_on(), self.full.is_on()) {
            (true, _) => Detail::Quiet,
            (_, true) => Detail::Full,
            _ => Detail::Folded,
        }
    }
}

/// A format, and the file that it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The format.
    pub format: Format,
    /// The file; without one it goes to standard output.
    pub file: Option<PathBuf>,
}

/// Reads `FORMAT` or `FORMAT=FILE`.
fn parse(text: &str) -> Result<Output, String> {
    let (name, file) = match text.split_once('=') {
        Some((_, "")) => return Err("it names no file behind `=`".to_owned()),
        Some((name, file)) => (name, Some(raw::path(file).into_owned())),
        None => (text, None),
    };
    let format = Format::from_str(name, false).map_err(|_| {
        let names: Vec<String> = Format::value_variants().iter().map(word::of).collect();
        let meant = crate::suggest::closest(name, names.iter().map(String::as_str));
        let meant = meant.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        format!("it is one of {}{meant}", names.join(", "))
    })?;
    Ok(Output { format, file })
}

/// From which severity on a run fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors.
    Error,
    /// Warnings and errors.
    Warning,
    /// Anything.
    Advice,
    /// Nothing.
    Never,
}

impl FailOn {
    /// The severity; none where nothing fails a run.
    pub fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Advice => Some(Severity::Advice),
            FailOn::Never => None,
        }
    }
}
