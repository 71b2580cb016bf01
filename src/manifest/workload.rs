//! THE one switch from an object to its pod template and containers. Nothing else in Plimsoll knows which kinds run pods
//! and where they keep them. Read [`objects`], then [`pod_spec`].

use crate::diagnostic::ObjectId;
use crate::path::FieldPath;
use crate::yaml::{Data, Node};

/// One Kubernetes object of a document: the document itself, or an item of a `List` in it.
#[derive(Clone, Debug)]
pub struct Object<'a> {
    /// The object.
    pub node: &'a Node,
    /// Where it is in its document: the root, or `items[2]`.
    pub path: FieldPath,
    /// What it is called.
    pub id: ObjectId,
}

/// The pod specification in an object, and what is known of the pods it makes.
#[derive(Clone, Debug)]
pub struct PodSpec<'a> {
    /// The `PodSpec`.
    pub node: &'a Node,
    /// Where it is in its object: `spec.template.spec`.
    pub path: FieldPath,
    /// The metadata of the pods, if they are written.
    pub metadata: Option<&'a Node>,
    /// Where the metadata of the pods is, or would be, in the object.
    pub metadata_path: FieldPath,
    /// Its containers in the order in which Kubernetes starts them: init, normal, ephemeral.
    pub containers: Vec<Container<'a>>,
}

/// A container of a pod.
#[derive(Clone, Debug)]
pub struct Container<'a> {
    /// The container.
    pub node: &'a Node,
    /// Where it is in its object: `spec.template.spec.containers[main]`.
    pub path: FieldPath,
    /// Which list it is in.
    pub role: Role,
}

/// Which list of a `PodSpec` a container is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// `initContainers`
    Init,
    /// `containers`
    Normal,
    /// `ephemeralContainers`
    Ephemeral,
}

impl Role {
    /// The roles in the order in which Kubernetes starts them.
    pub const ALL: [Role; 3] = [Role::Init, Role::Normal, Role::Ephemeral];

    /// The field of a `PodSpec` that lists them.
    pub fn field(self) -> &'static str {
        match self {
            Role::Init => "initContainers",
            Role::Normal => "containers",
            Role::Ephemeral => "ephemeralContainers",
        }
    }
}

impl Container<'_> {
    /// Its name, if it is a string.
    pub fn name(&self) -> Option<&str> {
        self.node.get("name").and_then(Node::as_str)
    }

    /// Whether it is an init container that goes on running beside the normal ones.
    pub fn is_sidecar(&self) -> bool {
        self.role == Role::Init && self.node.get("restartPolicy").and_then(Node::as_str) == Some("Always")
    }
}

/// What an object is called: the strings at `apiVersion`, `kind`, `metadata.name` and `metadata.namespace`.
pub fn object_id(node: &Node) -> ObjectId {
    let text = |route: &[&str]| node.at(route).and_then(Node::as_str).map(str::to_owned);
    ObjectId {
        api_version: text(&["apiVersion"]).unwrap_or_default(),
        kind: text(&["kind"]).unwrap_or_default(),
        name: text(&["metadata", "name"]).unwrap_or_default(),
        namespace: text(&["metadata", "namespace"]),
    }
}

/// Whether the object only wraps others: its kind is `List` or ends in it, and it has `items`.
pub fn is_list(node: &Node) -> bool {
    let kind = node.get("kind").and_then(Node::as_str).unwrap_or_default();
    kind.ends_with("List") && matches!(node.get("items").map(|items| &items.data), Some(Data::Seq(_)))
}

/// The objects in a document: itself, or the items of a `List`, lists in lists too; none in a document that is no map.
pub fn objects(document: &Node) -> Vec<Object<'_>> {
    let mut found = Vec::new();
    collect(document, FieldPath::root(), &mut found);
    found
}

// The depth is that of the document, which the YAML parser bounds.
fn collect<'a>(node: &'a Node, path: FieldPath, found: &mut Vec<Object<'a>>) {
    if !matches!(node.data, Data::Map(_)) {
        return;
    }
    if !is_list(node) {
        found.push(Object { node, path, id: object_id(node) });
        return;
    }
    let items_path = path.key("items");
    for (index, item) in node.get("items").map_or(&[][..], Node::items).iter().enumerate() {
        collect(item, items_path.index(index), found);
    }
}

/// Where a kind keeps the pod template; the root for a Pod, which is its own template. `None` for kinds without pods.
pub fn template_route(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "Pod" => &[],
        "PodTemplate" => &["template"],
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "ReplicationController" | "Job" => {
            &["spec", "template"]
        }
        "CronJob" => &["spec", "jobTemplate", "spec", "template"],
        _ => return None,
    })
}

/// The pod specification of an object with its containers; `None` where the kind has none or it is no map.
pub fn pod_spec(object: &Node) -> Option<PodSpec<'_>> {
    let route = template_route(object.get("kind")?.as_str()?)?;
    let template = object.at(route)?;
    let template_path = FieldPath::root().keys(route);
    let node = template.get("spec").filter(|spec| matches!(spec.data, Data::Map(_)))?;
    let path = template_path.key("spec");
    let containers = containers(node, &path);
    let metadata = template.get("metadata");
    Some(PodSpec { node, path, metadata, metadata_path: template_path.key("metadata"), containers })
}

/// The containers of a `PodSpec` that is at `path` in its object.
fn containers<'a>(spec: &'a Node, path: &FieldPath) -> Vec<Container<'a>> {
    let mut found = Vec::new();
    for role in Role::ALL {
        let list = spec.get(role.field()).map_or(&[][..], Node::items);
        let list_path = path.key(role.field());
        for (node, path) in list.iter().zip(list_path.items(list)) {
            found.push(Container { node, path, role });
        }
    }
    found
}
