//! Types of objects as the service names them.

use std::str::FromStr;

/// A group, version and kind, such as `apps/v1, Deployment`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupVersionKind {
    /// `apps`; empty for the core group.
    pub group: String,
    /// `v1`
    pub version: String,
    /// `Deployment`
    pub kind: String,
}

impl GroupVersionKind {
    /// From an `apiVersion` and a `kind`.
    pub fn new(api_version: &str, kind: &str) -> GroupVersionKind {
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        GroupVersionKind { group: group.into(), version: version.into(), kind: kind.into() }
    }

    /// The `apiVersion`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }

    /// As the service names types in its errors: `core/v1.Pod`, `apps/v1.DaemonSet`.
    pub(super) fn service_name(&self) -> String {
        let group = if self.group.is_empty() && self.version == "v1" { "core" } else { &self.group };
        format!("{group}/{}.{}", self.version, self.kind)
    }
}

impl FromStr for GroupVersionKind {
    type Err = String;

    /// Reads `GROUP/VERSION/KIND[/RESOURCE]`, as NVCF's own command line writes it. The resource is of no use here.
    fn from_str(text: &str) -> Result<GroupVersionKind, String> {
        match text.split('/').collect::<Vec<_>>()[..] {
            [group, version, kind] | [group, version, kind, _]
                if ![group, version, kind].iter().any(|part| part.is_empty()) =>
            {
                Ok(GroupVersionKind { group: group.into(), version: version.into(), kind: kind.into() })
            }
            _ => Err(format!(
                "`{text}` is not GROUP/VERSION/KIND, as in `monitoring.coreos.com/v1/ServiceMonitor`"
            )),
        }
    }
}
