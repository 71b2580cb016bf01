//! Helm's global flags and the environment that stands in for them. Those that only matter to a cluster are taken and
//! mean nothing.

use std::fmt;

use clap::Args;

use super::switch::Switch;
use super::{bytes, number};
use crate::go::strconv::quote;

const GLOBAL: &str = "Global flags";
const LIMITS: &str = "Limits";
const CLUSTER: &str = "Cluster flags (accepted, without effect)";

/// The flags that may stand before or after any command.
#[derive(Args, Debug)]
pub struct Globals {
    /// Namespace scope for this request
    #[arg(short, long, global = true, env = "HELM_NAMESPACE", hide_env = true, value_parser = bytes::text(), help_heading = GLOBAL)]
    pub namespace: Option<String>,
    /// Enable verbose output
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub debug: Switch,
    /// Use colored output (never, auto, always)
    #[arg(long, alias = "colour", global = true, value_name = "WHEN", help_heading = GLOBAL)]
    pub color: Option<String>,
    /// Path to the registry config file
    #[arg(long, global = true, env = "HELM_REGISTRY_CONFIG", hide_env = true, value_parser = bytes::text(), value_name = "FILE", hide_short_help = true, help_heading = GLOBAL)]
    pub registry_config: Option<String>,
    /// Path to the file containing repository names and URLs
    #[arg(long, global = true, env = "HELM_REPOSITORY_CONFIG", hide_env = true, value_parser = bytes::text(), value_name = "FILE", hide_short_help = true, help_heading = GLOBAL)]
    pub repository_config: Option<String>,
    /// Path to the directory containing cached repository indexes
    #[arg(long, global = true, env = "HELM_REPOSITORY_CACHE", hide_env = true, value_parser = bytes::text(), value_name = "DIR", hide_short_help = true, help_heading = GLOBAL)]
    pub repository_cache: Option<String>,
    /// Path to the directory containing cached content (e.g. charts)
    #[arg(long, global = true, env = "HELM_CONTENT_CACHE", hide_env = true, value_parser = bytes::text(), value_name = "DIR", hide_short_help = true, help_heading = GLOBAL)]
    pub content_cache: Option<String>,
    #[command(flatten)]
    pub limits: Limits,
    #[command(flatten)]
    pub cluster: Cluster,
}

/// How much a run may use.
#[derive(Args, Debug)]
pub struct Limits {
    /// Memory that a run may hold, such as 512MiB [default: 208MiB, and 96 bytes for each byte of input beyond 1 MiB]
    #[arg(long = "limit-memory", global = true, value_name = "SIZE", hide_short_help = true, help_heading = LIMITS, value_parser = number::size)]
    pub memory: Option<u64>,
    /// Steps of work that a chart may take [default: 200000000, and 100 for each byte of input beyond 1 MiB]
    #[arg(long = "limit-steps", global = true, value_name = "N", hide_short_help = true, help_heading = LIMITS)]
    pub steps: Option<u64>,
    /// Seconds of processor time that a chart may take [default: 60]
    #[arg(long = "limit-time", global = true, value_name = "SECONDS", hide_short_help = true, help_heading = LIMITS)]
    pub time: Option<u64>,
}

/// Flags that only matter to a cluster.
#[derive(Args, Debug)]
pub struct Cluster {
    /// Path to the kubeconfig file
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true, help_heading = CLUSTER)]
    pub kubeconfig: Option<String>,
    /// Name of the kubeconfig context to use
    #[arg(long, global = true, value_name = "NAME", hide_short_help = true, help_heading = CLUSTER)]
    pub kube_context: Option<String>,
    /// Bearer token used for authentication
    #[arg(long, global = true, value_name = "TOKEN", hide_short_help = true, help_heading = CLUSTER)]
    pub kube_token: Option<String>,
    /// Username to impersonate for the operation
    #[arg(long, global = true, value_name = "NAME", hide_short_help = true, help_heading = CLUSTER)]
    pub kube_as_user: Option<String>,
    /// Group to impersonate for the operation
    #[arg(long, global = true, value_name = "GROUP", hide_short_help = true, help_heading = CLUSTER)]
    pub kube_as_group: Vec<String>,
    /// Address and port of the Kubernetes API server
    #[arg(long, global = true, value_name = "URL", hide_short_help = true, help_heading = CLUSTER)]
    pub kube_apiserver: Option<String>,
    /// Certificate authority file of the Kubernetes API server
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true, help_heading = CLUSTER)]
    pub kube_ca_file: Option<String>,
    /// Server name for the validation of the Kubernetes API server's certificate
    #[arg(long, global = true, value_name = "NAME", hide_short_help = true, help_heading = CLUSTER)]
    pub kube_tls_server_name: Option<String>,
    /// Do not check the Kubernetes API server's certificate
    #[arg(long, global = true, hide_short_help = true, help_heading = CLUSTER)]
    pub kube_insecure_skip_tls_verify: Option<Switch>,
    /// Client-side throttling limit of bursts
    #[arg(long, global = true, value_name = "N", hide_short_help = true, help_heading = CLUSTER, value_parser = number::signed)]
    pub burst_limit: Option<i64>,
    /// Client-side throttling limit of queries per second
    #[arg(long, global = true, value_name = "X", hide_short_help = true, help_heading = CLUSTER, value_parser = number::float)]
    pub qps: Option<f32>,
}

impl Globals {
    /// The release's namespace: the flag, `HELM_NAMESPACE`, or `default`. Kubeconfig files are not read.
    pub fn namespace(&self) -> &str {
        self.namespace.as_deref().filter(|name| !name.is_empty()).unwrap_or("default")
    }

    /// Whether verbose output was asked for, by flag or `HELM_DEBUG`.
    pub fn debug(&self) -> bool {
        let asked = || std::env::var("HELM_DEBUG").is_ok_and(|text| text.parse() == Ok(Switch(true)));
        self.debug.is_on() || asked()
    }

    /// An error where a global flag has a value that Helm refuses.
    pub fn check(&self) -> Result<(), UnknownColorMode> {
        match self.color.as_deref() {
            None | Some("never" | "auto" | "always") => Ok(()),
            Some(other) => Err(UnknownColorMode(other.to_owned())),
        }
    }
}

/// A value of `--color` that is none of Helm's.
#[derive(Debug)]
pub struct UnknownColorMode(String);

impl fmt::Display for UnknownColorMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid color mode {}: must be one of: never, auto, always", quote(&self.0))
    }
}
