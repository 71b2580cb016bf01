//! `verify`: whether a chart's archive is the one that a key of the keyring signed.

use clap::Args as ClapArgs;

use crate::cli::args::KeyringArg;
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::fetch::provenance::verify_chart;

/// Verify that a chart at the given path has been signed and is valid
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    /// The archive; its provenance file lies beside it
    #[arg(value_name = "PATH")]
    charts: Vec<String>,
    #[command(flatten)]
    keyring: KeyringArg,
}

impl Args {
    /// Helm: action/verify.go `Run`.
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let [chart] = &self.charts[..] else {
            return Err(Error::new(
                "\"plimsoll verify\" requires 1 argument\n\nUsage:  plimsoll verify PATH [flags]",
            ));
        };
        let verified = verify_chart(chart, &format!("{chart}.prov"), &self.keyring.path());
        for line in verified?.lines() {
            writeln!(context.out, "{line}")?;
        }
        Ok(Done::Clean)
    }
}
