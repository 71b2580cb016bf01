//! [`Pod`]: a pod as controls look at it.

use crate::path::FieldPath;
use crate::yaml::Node;

/// A pod, or the template of one.
#[derive(Debug)]
pub struct Pod<'a> {
    pub(super) metadata: Option<&'a Node>,
    pub(super) metadata_path: FieldPath,
    pub(super) spec: &'a Node,
    pub(super) path: FieldPath,
    pub(super) containers: Vec<Container<'a>>,
}

/// A container of any list.
#[derive(Debug)]
pub(super) struct Container<'a> {
    node: &'a Node,
    list: &'static str,
    at: usize,
}

impl<'a> Pod<'a> {
    /// The pod in the object at the path, if there is one: what has a `spec` and may have `metadata`.
    ///
    /// Go: `visitContainers`
    pub fn new(template: &'a Node, path: &FieldPath) -> Option<Pod<'a>> {
        let spec = template.get("spec")?;
        let list = |list: &'static str| {
            let items = spec.get(list).map_or(&[][..], Node::items);
            items.iter().enumerate().map(move |(at, node)| Container { node, list, at })
        };
        let lists = ["initContainers", "containers", "ephemeralContainers"];
        Some(Pod {
            metadata: template.get("metadata"),
            metadata_path: path.key("metadata"),
            spec,
            path: path.key("spec"),
            containers: lists.into_iter().flat_map(list).collect(),
        })
    }

    pub(super) fn field(&self, route: &[&str]) -> Option<&'a Node> {
        self.spec.at(route).filter(|node| !node.is_null())
    }

    pub(super) fn annotations(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let entries = self.metadata.and_then(|node| node.get("annotations")).map_or(&[][..], Node::entries);
        entries.iter().map(|entry| (entry.key.as_str(), entry.value.as_str().unwrap_or_default()))
    }

    pub(super) fn is_windows(&self) -> bool {
        self.field(&["os", "name"]).and_then(Node::as_str) == Some("windows")
    }

    pub(super) fn has_own_users(&self) -> bool {
        self.field(&["hostUsers"]).and_then(Node::as_bool) == Some(false)
    }

    pub(super) fn path_of(&self, container: &Container<'_>) -> FieldPath {
        let items = self.spec.get(container.list).map_or(&[][..], Node::items);
        self.path.key(container.list).item(items, container.at)
    }
}

impl<'a> Container<'a> {
    pub(super) fn name(&self) -> &'a str {
        self.node.get("name").and_then(Node::as_str).unwrap_or_default()
    }

    pub(super) fn field(&self, route: &[&str]) -> Option<&'a Node> {
        self.node.at(route).filter(|node| !node.is_null())
    }
}
