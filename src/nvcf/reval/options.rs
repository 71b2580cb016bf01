//! How the service is configured.

use super::kind::GroupVersionKind;

/// The service's `ValidationPolicy` names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PolicyName {
    /// Objects are sanitised and validated.
    #[default]
    Default,
    /// Only kinds are checked; objects come back as they are.
    Unrestricted,
}

/// How the service is configured, and what a request asks of it.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether findings about objects count (`skipValidateObjects: false`). A stock deployment only logs them.
    pub validate_objects: bool,
    /// Whether labels, annotations and selectors are replaced (`skipSanitizeObjectMetadata: false`).
    pub sanitize_metadata: bool,
    /// Labels that sanitising keeps.
    pub preserve_labels: Vec<String>,
    /// Annotations that sanitising keeps.
    pub preserve_annotations: Vec<String>,
    /// The service and port that inference requests go to (`helmChartServiceName`); both or neither.
    pub target: Option<Target>,
    /// The policy.
    pub policy: PolicyName,
    /// Kinds that the policy allows beside the built-in ones.
    pub extra_kinds: Vec<GroupVersionKind>,
}

/// The service and port that inference requests go to.
#[derive(Clone, Debug)]
pub struct Target {
    /// The name of a Service of the chart.
    pub service: String,
    /// One of its ports.
    pub port: i32,
}
