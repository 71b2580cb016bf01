//! How to reach a registry or repository and with which credentials: the flags of the commands that take no chart from
//! there, such as `push`.

use clap::Args;

use super::source::SourceArgs;
use super::switch::Switch;

/// Flags that say how to reach a registry and with which credentials.
#[derive(Args, Clone, Debug)]
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
