//! `push`: a chart's archive into a registry.

use std::path::Path;

use clap::Args as ClapArgs;

mod attest;

use crate::cache::{self, Finding};
use crate::chart;
use crate::cli::args::Switch;
use crate::cli::args::access::AccessArgs;
use crate::cli::args::sign::SigningKeyArgs;
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
    /// Judge the chart and push what is found beside it, signed; `check` flags stand behind `--`
    #[arg(long)]
    attest: Switch,
    #[command(flatten)]
    key: SigningKeyArgs,
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
        if !self.attest.is_on() {
            context.telling(|listener| fetcher.push(archive, remote, listener))?;
            return Ok(Done::Clean);
        }
        // What cannot be attested is not pushed.
        let mut signing = self.key.begin("what was found")?;
        let found = attest::findings(archive, &self.words[2..], context.globals)?;
        let name = chart::load_metadata(Path::new(archive))?.name.clone();
        let mut signed = Vec::new();
        for Finding { chart, key, result } in &found {
            let text = cache::statement(&name, chart, key, result);
            signed.push((cache::tag(key), signing.clear_sign(&text, context)?));
        }
        let pushed = context.telling(|listener| fetcher.push(archive, remote, listener))?;
        for (tag, text) in signed {
            let place = (remote.as_str(), pushed.name.as_str(), tag.as_str());
            let reference = fetcher.push_beside(place, cache::MEDIA_TYPE, text, &pushed.descriptor)?;
            writeln!(context.out, "Attested: {reference}")?;
        }
        Ok(Done::Clean)
    }
}
