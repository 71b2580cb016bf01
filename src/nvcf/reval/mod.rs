//! NVCF's own judge, helm-reval, offline: what the service answers about a rendered release, in its own words, and the
//! objects that its `/v1/render` gives back. Rules say what *we* find; this module says what *the service* says, holes
//! included, and the two are kept apart.
//!
//! Read [`answer`] first, then `decode`, `sanitize` and `validate`, which it runs in that order.
//! Source: NVIDIA/nvcf, `src/control-plane-services/helm-reval/reval` (run.go, serialize.go).

mod decode;
mod sanitize;
mod validate;

use std::str::FromStr;

use serde_json::Value;

use decode::Object;
pub use sanitize::pod_template_pointer;

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
    fn service_name(&self) -> String {
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

/// How far the service came with a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The rendered text could not be read into objects.
    Decode,
    /// The objects were judged.
    Policy,
}

/// What the service answers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The verdict.
    pub valid: bool,
    /// How far it came.
    pub stage: Stage,
    /// Its errors, sorted where the service sorts them.
    pub errors: Vec<String>,
    /// What `/v1/render` gives back; empty where the release is not valid.
    pub objects: Vec<Value>,
}

/// What the service answers about the text that Helm 3.18.5 rendered.
pub fn answer(manifest: &str, options: &Options) -> Answer {
    let mut objects = match decode::decode(manifest) {
        Ok(objects) => objects,
        Err(errors) => return Answer::refused(Stage::Decode, errors),
    };
    if let Some(error) = validate::unsupported_types(&objects, &options.extra_kinds) {
        return Answer::refused(Stage::Policy, vec![error]);
    }
    if options.policy == PolicyName::Default {
        let selection = sanitize::Selection::of(&objects);
        sanitize::sanitize(&mut objects, &selection, options);
        let mut errors = validate::validate(&objects, &selection, options);
        if options.validate_objects && !errors.is_empty() {
            errors.sort();
            return Answer::refused(Stage::Policy, errors);
        }
    }
    let objects = objects.into_iter().map(Object::into_json).collect();
    Answer { valid: true, stage: Stage::Policy, errors: Vec::new(), objects }
}

impl Answer {
    fn refused(stage: Stage, errors: Vec<String>) -> Answer {
        Answer { valid: false, stage, errors, objects: Vec::new() }
    }
}
