//! [`Policy`]: a level as a minor defines it, and the labels of a Namespace that set one.

use crate::yaml::Node;

use super::level::{Level, Version};

/// The label that says at which level pods are refused.
pub const ENFORCE: &str = "pod-security.kubernetes.io/enforce";
/// The label that says as which minor defines it.
const ENFORCE_VERSION: &str = "pod-security.kubernetes.io/enforce-version";

/// A level as a minor defines it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The level.
    pub level: Level,
    /// The minor that defines it.
    pub version: Version,
}

impl Policy {
    /// Nothing is forbidden.
    pub const PRIVILEGED: Policy = Policy { level: Level::Privileged, version: Version::Latest };

    /// The policy with what the labels of a Namespace say laid over it; what cannot be read is the strictest, as the server
    /// takes it.
    ///
    /// Go: `PolicyToEvaluate`
    pub fn labelled(self, labels: &Node) -> Policy {
        let word = |key: &str| labels.get(key).map(|node| node.as_str().unwrap_or_default());
        Policy {
            level: word(ENFORCE).map_or(self.level, |word| Level::of(word).unwrap_or(Level::Restricted)),
            version: word(ENFORCE_VERSION)
                .map_or(self.version, |word| Version::of(word).unwrap_or(Version::Latest)),
        }
    }
}

/// A label that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its key.
    pub key: String,
    /// What it says.
    pub value: String,
    /// What it must be.
    pub wanted: &'static str,
}

/// The labels of a Namespace that the server refuses.
///
/// Go: `PolicyToEvaluate`
pub fn faults(labels: &Node) -> Vec<Fault> {
    let mut found = Vec::new();
    for entry in labels.entries() {
        let Some(word) = entry.key.strip_prefix("pod-security.kubernetes.io/") else { continue };
        let value = entry.value.as_str().unwrap_or_default();
        let wanted = match word {
            "enforce" | "audit" | "warn" if Level::of(value).is_none() => {
                "must be one of privileged, baseline, restricted"
            }
            "enforce-version" | "audit-version" | "warn-version" if Version::of(value).is_none() => {
                "must be \"latest\" or \"v1.x\""
            }
            _ => continue,
        };
        found.push(Fault { key: entry.key.clone(), value: value.to_owned(), wanted });
    }
    found
}
