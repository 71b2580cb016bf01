//! The flags that say what the cluster can do.

use clap::Args;

use super::invalid::InvalidArgument;
use crate::cli::error::Error;
use crate::render::{Capabilities, KubeVersion};
use crate::values;

/// What the cluster can do.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Capabilities")]
pub struct CapabilitiesArgs {
    /// Kubernetes version used for Capabilities.KubeVersion
    #[arg(long, value_name = "VERSION")]
    pub kube_version: Option<String>,
    /// Kubernetes api versions used for Capabilities.APIVersions (can specify multiple)
    #[arg(short, long, value_name = "VERSIONS")]
    pub api_versions: Vec<String>,
}

impl CapabilitiesArgs {
    /// What a chart is told.
    pub fn read(&self) -> Result<Capabilities, Error> {
        let version = self.named_kube_version()?.unwrap_or_default();
        Ok(Capabilities::new(version, &self.api_versions()?))
    }

    /// The version of Kubernetes that was named, if one was.
    pub fn named_kube_version(&self) -> Result<Option<KubeVersion>, Error> {
        kube_version(self.kube_version.as_deref())
    }

    /// The API versions that were named.
    pub fn api_versions(&self) -> Result<Vec<String>, InvalidArgument> {
        let mut more = Vec::new();
        for argument in &self.api_versions {
            let split = values::split_list(argument)
                .map_err(|error| InvalidArgument::new("-a, --api-versions", argument, error))?;
            more.extend(split);
        }
        Ok(more)
    }
}

/// The version that `--kube-version` names, if it names one.
pub fn kube_version(flag: Option<&str>) -> Result<Option<KubeVersion>, Error> {
    let parse = |text: &str| {
        KubeVersion::parse(text)
            .map_err(|error| Error::new(format!("invalid kube version '{text}': {error}")))
    };
    flag.filter(|text| !text.is_empty()).map(parse).transpose()
}
