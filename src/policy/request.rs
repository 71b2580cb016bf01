//! [`Request`]: the function or task request that goes with a chart. It says which service of
//! the chart is called; the rules about the request itself are in `crate::rules::request`.

use crate::path::FieldPath;
use crate::yaml::{Data, Node};

use super::yaml_file::YamlFile;

/// The port that requests go to where the request names none.
pub const INFERENCE_PORT: i64 = 8000;

/// A request as NVCF's API takes it, JSON or YAML.
#[derive(Clone, Debug)]
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

    /// The first instance type that it names, where it says what runs where.
    pub fn instance_type(&self) -> Option<&str> {
        let parts = self.parts();
        let named = |(node, _): &(&Node, FieldPath)| node.get("instanceType").is_some();
        let (node, _) = parts.into_iter().find(named)?;
        node.get("instanceType")?.as_str().filter(|name| !name.trim().is_empty())
    }

    /// Whether this is the request of a task: only those have one GPU specification, durations or results.
    pub fn is_task(&self) -> bool {
        [
            "gpuSpecification",
            "maxRuntimeDuration",
            "maxQueuedDuration",
            "terminationGracePeriodDuration",
            "resultsLocation",
            "resultHandlingStrategy",
        ]
        .iter()
        .any(|field| self.body.node.get(field).is_some())
    }

    /// What it says about where and how often it runs: the deployments of a function, and the GPU specification of a task.
    pub fn deployments(&self) -> Vec<(&Node, FieldPath)> {
        let body = &self.body.node;
        let key = |name: &str| FieldPath::root().key(name);
        let mut found = Vec::new();
        for name in ["deploymentSpecifications", "gpuSpecifications"] {
            let list = body.get(name).map_or(&[][..], Node::items);
            found.extend(list.iter().enumerate().map(|(at, node)| (node, key(name).index(at))));
        }
        found.extend(body.get("gpuSpecification").map(|node| (node, key("gpuSpecification"))));
        found
    }

    /// The same, and the body itself, for fields that some write there.
    pub fn parts(&self) -> Vec<(&Node, FieldPath)> {
        let mut found = vec![(&self.body.node, FieldPath::root())];
        found.extend(self.deployments());
        found
    }

    /// The kinds that its validation policies add, as `GROUP/VERSION/KIND`.
    pub fn extra_kinds(&self) -> Vec<String> {
        let parts = self.parts();
        let policies =
            parts.iter().filter_map(|(node, _)| node.at(&["helmValidationPolicy", "extraKubernetesTypes"]));
        let field =
            |kind: &Node, name: &str| kind.get(name).and_then(Node::as_str).unwrap_or_default().to_owned();
        let name = |kind: &Node| ["group", "version", "kind"].map(|part| field(kind, part)).join("/");
        policies.flat_map(Node::items).map(name).collect()
    }

    /// The first configuration that is a map, as a values file whose lines and columns are those of the request.
    pub fn configuration(&self) -> Option<String> {
        let parts = self.parts();
        let node = parts.iter().find_map(|(node, _)| {
            node.get("configuration").filter(|node| matches!(node.data, Data::Map(_)))
        })?;
        let (start, end) = (node.span.start as usize, node.span.end as usize);
        let before = self.body.file.position(start);
        let text = self.body.file.text().get(start..end)?;
        Some(format!("{}{}{text}\n", "\n".repeat(before.line - 1), " ".repeat(before.column - 1)))
    }
}
