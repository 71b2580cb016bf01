//! The flags that say how findings are told, and when they fail a run.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::cli::args::Switch;
use crate::cli::args::bytes;
use crate::cli::args::output::OutputArgs;

/// How findings are told.
#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Report")]
pub(super) struct TellArgs {
    #[command(flatten)]
    pub(super) output: OutputArgs,
    /// Say on standard error what is judged, with which configuration and for how long
    #[arg(short = 'v', long)]
    pub(super) verbose: Switch,
    /// Leave out the findings that this file holds [default: .plimsoll-baseline.json, where there is one]
    #[arg(long, value_name = "FILE", value_parser = bytes::path())]
    pub(super) baseline: Option<PathBuf>,
    /// Write the findings to the baseline file, and find nothing
    #[arg(long, conflicts_with = "shard")]
    pub(super) write_baseline: Switch,
    /// Take out of the baseline file what is no longer found
    #[arg(long, conflicts_with_all = ["write_baseline", "shard"])]
    pub(super) prune_baseline: Switch,
    /// Judge only the charts that changed since this git revision, and those that depend on them
    #[arg(long, value_name = "REVISION", conflicts_with = "manifests")]
    pub(super) since: Option<String>,
    /// Number of charts to judge at the same time [default: the number of processors]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
}
