//! `push`: a chart's archive into a registry.

use clap::Args as ClapArgs;

use crate::cli::args::{SourceArgs, Switch};
use crate::cli::context::{Context, Done, Failure};

/// Push a chart to a registry, its provenance file with it if it lies beside
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    /// The archive, and `oci://HOST/PATH` below which the chart's name is put
    #[arg(value_name = "CHART REMOTE")]
    words: Vec<String>,
    #[command(flatten)]
    access: AccessArgs,
}

/// Flags that say how and as whom a registry is asked.
#[derive(ClapArgs, Clone, Debug)]
pub(crate) struct AccessArgs {
    /// Identify registry client using this SSL certificate file
    #[arg(long, value_name = "FILE")]
    cert_file: Option<String>,
    /// Identify registry client using this SSL key file
    #[arg(long, value_name = "FILE")]
    key_file: Option<String>,
    /// Verify certificates of HTTPS-enabled servers using this CA bundle
    #[arg(long, value_name = "FILE")]
    ca_file: Option<String>,
    /// Skip tls certificate checks for the chart upload
    #[arg(long)]
    insecure_skip_tls_verify: Switch,
    /// Use insecure HTTP connections for the chart upload
    #[arg(long)]
    plain_http: Switch,
    /// Registry username
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// Registry password
    #[arg(long, value_name = "PASSWORD")]
    password: Option<String>,
    /// Leave the network alone
    #[arg(long)]
    offline: Switch,
}

impl AccessArgs {
    /// The same as flags of a chart's source.
    pub(crate) fn source(&self) -> SourceArgs {
        let it = self.clone();
        SourceArgs {
            cert_file: it.cert_file,
            key_file: it.key_file,
            ca_file: it.ca_file,
            insecure_skip_tls_verify: it.insecure_skip_tls_verify,
            plain_http: it.plain_http,
            username: it.username,
            password: it.password,
            offline: it.offline,
            ..SourceArgs::default()
        }
    }
}

impl Args {
    /// Helm: cmd/push.go and action/push.go `Run`. It looks at the first two words alone.
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Failure> {
        let [archive, remote, ..] = &self.words[..] else {
            return Err(Failure::error(
                "\"plimsoll push\" requires at least 2 arguments\n\nUsage:  plimsoll push [chart] [remote] [flags]",
            ));
        };
        let fetcher = self.access.source().fetcher(context.globals);
        let pushed = fetcher.push(archive, remote);
        context.pass_on(&fetcher)?;
        pushed.map_err(Failure::Error)?;
        Ok(Done::Clean)
    }
}
