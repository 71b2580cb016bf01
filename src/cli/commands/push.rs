//! `push`: a chart's archive into a registry.

use clap::Args as ClapArgs;

use crate::cli::args::access::AccessArgs;
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;

/// Push a chart to a registry, its provenance file with it if it lies beside
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    /// The archive, and `oci://HOST/PATH` below which the chart's name is put
    #[arg(value_name = "CHART REMOTE")]
    words: Vec<String>,
    #[command(flatten)]
    access: AccessArgs,
}

impl Args {
    /// Helm: cmd/push.go and action/push.go `Run`. It looks at the first two words alone.
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let [archive, remote, ..] = &self.words[..] else {
            return Err(Error::new(
                "\"plimsoll push\" requires at least 2 arguments\n\nUsage:  plimsoll push [chart] [remote] [flags]",
            ));
        };
        let fetcher = self.access.source().fetcher(context.globals);
        context.telling(|listener| fetcher.push(archive, remote, listener))?;
        Ok(Done::Clean)
    }
}
