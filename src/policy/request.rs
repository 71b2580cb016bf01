//! [`Request`]: the function or task request that goes with a chart, and the validation policy. It says which service of
//! the chart is called; the rules about the request itself are in `crate::rules::request`.

use crate::yaml::Node;

use super::subject::YamlFile;

/// A request as NVCF's API takes it, JSON or YAML.
#[derive(Debug)]
pub struct Request {
    /// The text and what it says.
    pub body: YamlFile,
}

impl Request {
    /// The service that is called: `helmChartServiceName`, where it is no blank string.
    pub fn service_name(&self) -> Option<&str> {
        self.text("helmChartServiceName")
    }

    /// The port that is called: `inferencePort`, or `helmChartServicePort` as the service's own API names it.
    pub fn service_port(&self) -> Option<i64> {
        ["inferencePort", "helmChartServicePort"].iter().find_map(|key| self.body.node.get(key)?.as_i64())
    }

    /// A field that is a string with more than blanks in it.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.body.node.get(field).and_then(Node::as_str).filter(|text| !text.trim().is_empty())
    }

    /// Whether this is the request of a task: only those have a `maxRuntimeDuration` or a results location.
    pub fn is_task(&self) -> bool {
        ["maxRuntimeDuration", "maxQueuedDuration", "resultsLocation", "resultHandlingStrategy"]
            .iter()
            .any(|field| self.body.node.get(field).is_some())
    }
}

/// The policy by which the service judges objects: which kinds it takes beyond its own, and whether it looks into them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidationPolicy {
    /// Without pod and service checks, and without changing the objects.
    pub unrestricted: bool,
    /// Kinds that are allowed beyond the list.
    pub extra_kinds: Vec<Kind>,
}

/// A kind with its group and version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// Empty for the core group.
    pub group: String,
    /// `v1`
    pub version: String,
    /// `Deployment`
    pub kind: String,
}

impl Kind {
    /// The kind of an `apiVersion` and `kind`.
    pub fn new(api_version: &str, kind: &str) -> Kind {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Kind { group: group.into(), version: version.into(), kind: kind.into() }
    }

    /// Reads `GROUP/VERSION/KIND`, with or without a `/RESOURCE` behind it, as NVCF's command line takes it.
    ///
    /// # Errors
    /// A sentence that says what is wanted.
    pub fn parse(text: &str) -> Result<Kind, String> {
        let parts: Vec<&str> = text.split('/').collect();
        match parts[..] {
            [group, version, kind] | [group, version, kind, _]
                if ![group, version, kind].iter().any(|part| part.trim().is_empty()) =>
            {
                Ok(Kind { group: group.into(), version: version.into(), kind: kind.into() })
            }
            _ => Err(format!(
                "`{text}` names no kind; write GROUP/VERSION/KIND or GROUP/VERSION/KIND/RESOURCE, such as \
                 `nvidia.com/v1alpha1/DynamoGraphDeployment`"
            )),
        }
    }

    /// Reads `VERSION/KIND` or `GROUP/VERSION/KIND`, as profiles list kinds.
    pub fn of_profile(text: &str) -> Option<Kind> {
        let (api_version, kind) = text.rsplit_once('/')?;
        Some(Kind::new(api_version, kind))
    }
}
