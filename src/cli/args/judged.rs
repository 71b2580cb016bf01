//! The flags of the commands that judge a chart: what is rendered, for which request, by which rules.

use clap::Args;

use super::policy::PolicyArgs;
use super::{CapabilitiesArgs, RepeatArgs, SourceArgs, ValuesArgs};

/// What is rendered and judged.
#[derive(Args, Clone, Debug)]
pub struct JudgedArgs {
    /// Name of the release
    #[arg(long, value_name = "NAME", default_value = "mini-service")]
    pub release: String,
    /// Function or task request that goes with the chart, JSON or YAML
    #[arg(long, value_name = "FILE")]
    pub request: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap would take the text for the command's")]
    pub policy: PolicyArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap would take the text for the command's")]
    pub values: ValuesArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap would take the text for the command's")]
    pub capabilities: CapabilitiesArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap would take the text for the command's")]
    pub repeat: RepeatArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap would take the text for the command's")]
    pub source: SourceArgs,
}
