//! `version`: which Helm this program answers for, in the form of Helm's own `version`; `--version` says its own.

use clap::Args as ClapArgs;

use super::args::Switch;
use super::{Done, Failure, Session};
use crate::render::capabilities::HELM_VERSION;

/// What `plimsoll --version` prints after the name.
pub(super) const LONG: &str =
    concat!(env!("CARGO_PKG_VERSION"), " (renders as Helm 4.3.1 for Kubernetes 1.37)");

/// Print the version of Helm that this program stands in for
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Print the version number
    #[arg(long)]
    short: Switch,
}

impl Args {
    pub(super) fn run(&self, session: &mut Session) -> Result<Done, Failure> {
        let version = HELM_VERSION;
        if self.short.is_on() {
            writeln!(session.out, "{}", version.version)?;
        } else {
            writeln!(session.out, "{}", version.go_syntax())?;
        }
        Ok(Done::Clean)
    }
}
