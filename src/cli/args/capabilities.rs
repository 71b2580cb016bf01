//! The flags that say what the cluster can do.

use clap::Args;

use crate::go::strconv::quote;
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
    /// What a chart is told. The error is Helm's text.
    pub fn read(&self) -> Result<Capabilities, String> {
        let version = kube_version(self.kube_version.as_deref())?;
        Ok(Capabilities::new(version, &self.api_versions()?))
    }

    /// The version of Kubernetes that was named, if one was. The error is Helm's text.
    pub fn named_kube_version(&self) -> Result<Option<KubeVersion>, String> {
        let named = self.kube_version.as_deref().filter(|text| !text.is_empty());
        named.map(|text| kube_version(Some(text))).transpose()
    }

    /// The API versions that were named. The error is Helm's text.
    pub fn api_versions(&self) -> Result<Vec<String>, String> {
        let mut more = Vec::new();
        for argument in &self.api_versions {
            let split = values::split_list(argument).map_err(|error| {
                format!("invalid argument {} for \"-a, --api-versions\" flag: {error}", quote(argument))
            })?;
            more.extend(split);
        }
        Ok(more)
    }
}

/// The version that `--kube-version` names, or the built-in one. The error is Helm's text.
pub fn kube_version(flag: Option<&str>) -> Result<KubeVersion, String> {
    match flag.filter(|text| !text.is_empty()) {
        Some(text) => {
            KubeVersion::parse(text).map_err(|error| format!("invalid kube version '{text}': {error}"))
        }
        None => Ok(KubeVersion::default()),
    }
}
