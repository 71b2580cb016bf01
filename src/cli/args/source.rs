//! Where a chart comes from: the flags of Helm's chart sources, and the way from a word to a path.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Switch;

/// Flags that say where and how to get a chart that is not on this disk.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Chart source")]
pub struct SourceArgs {
    /// Version constraint for the chart version to use
    #[arg(long, value_name = "CONSTRAINT")]
    pub version: Option<String>,
    /// Verify the package before using it
    #[arg(long)]
    pub verify: Switch,
    /// Location of public keys used for verification
    #[arg(long, value_name = "FILE")]
    pub keyring: Option<String>,
    /// Chart repository url where to locate the requested chart
    #[arg(long, value_name = "URL")]
    pub repo: Option<String>,
    /// Chart repository username where to locate the requested chart
    #[arg(long, value_name = "NAME")]
    pub username: Option<String>,
    /// Chart repository password where to locate the requested chart
    #[arg(long, value_name = "PASSWORD")]
    pub password: Option<String>,
    /// Identify HTTPS client using this SSL certificate file
    #[arg(long, value_name = "FILE")]
    pub cert_file: Option<String>,
    /// Identify HTTPS client using this SSL key file
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<String>,
    /// Skip tls certificate checks for the chart download
    #[arg(long)]
    pub insecure_skip_tls_verify: Switch,
    /// Use insecure HTTP connections for the chart download
    #[arg(long)]
    pub plain_http: Switch,
    /// Verify certificates of HTTPS-enabled servers using this CA bundle
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<String>,
    /// Pass credentials to all domains
    #[arg(long)]
    pub pass_credentials: Switch,
}

impl SourceArgs {
    /// The path of a chart. Helm: action/install.go `LocateChart`, of which only what is on this disk is done here.
    pub fn locate(&self, reference: &str) -> Result<PathBuf, String> {
        let name = reference.trim();
        if self.repo.as_deref().is_none_or(str::is_empty) {
            if Path::new(name).exists() {
                if self.verify.is_on() {
                    return Err(
                        "--verify is not done here: check the provenance with `helm verify`".to_owned()
                    );
                }
                return Ok(PathBuf::from(name));
            }
            if Path::new(name).is_absolute() || name.starts_with('.') {
                return Err(format!("path {} not found", crate::go::strconv::quote(name)));
            }
        }
        if name.contains('/') || self.repo.is_some() {
            return Err(format!("{name} is not on this disk: pull the chart first, then give its path"));
        }
        Err(format!("non-absolute URLs should be in form of repo_name/path_to_chart, got: {name}"))
    }
}
