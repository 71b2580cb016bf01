//! [`Request`]: the function or task request that goes with a chart. It says which service of
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
