//! The flags that say how findings are told, and when they fail a run.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::output::{self, Output};
use crate::cli::args::Switch;
use crate::diagnostic::Severity;

/// How findings are told.
#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Report")]
pub(super) struct TellArgs {
    /// Fail from this severity on [default: error]
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub(super) fail_on: Option<FailOn>,
    /// Format of the report: human, concise, json, sarif, junit, github, gitlab, tap, markdown, html or reval; with `=FILE` it is
    /// written there (can specify multiple) [default: human]
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = output::parse)]
    pub(super) format: Vec<Output>,
    /// Write the report to this file instead of stdout
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Write a page of HTML with findings, the release and its values to this file besides
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// Show each finding on its own with all that is known of it
    #[arg(long)]
    pub(super) full: Switch,
    /// Say one line for each chart that is not clean, and nothing else
    #[arg(short, long, conflicts_with = "full")]
    pub(super) quiet: Switch,
    /// Say on standard error what is judged, with which configuration and for how long
    #[arg(short = 'v', long)]
    pub(super) verbose: Switch,
    /// Count findings by rule and by chart at the end
    #[arg(long)]
    pub(super) statistics: Switch,
    /// Leave out the findings that this file holds [default: .plimsoll-baseline.json, where there is one]
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write the findings to the baseline file, and find nothing
    #[arg(long)]
    pub(super) write_baseline: Switch,
    /// Take out of the baseline file what is no longer found
    #[arg(long, conflicts_with = "write_baseline")]
    pub(super) prune_baseline: Switch,
    /// Judge only the charts that changed since this git revision, and those that depend on them
    #[arg(long, value_name = "REVISION", conflicts_with = "manifests")]
    pub(super) since: Option<String>,
    /// Number of charts to judge at the same time [default: the number of processors]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
}

/// From which severity on a run fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Advice,
    Never,
}

impl FailOn {
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Advice => Some(Severity::Advice),
            FailOn::Never => None,
        }
    }
}

impl TellArgs {
    /// Whether some report shows the whole release.
    pub(super) fn shows_release(&self) -> bool {
        self.report.is_some() || self.format.iter().any(|output| output.format.shows_release())
    }
}
