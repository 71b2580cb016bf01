//! What rules about references share: the objects of a namespace, its pods, and what selects them.

use crate::apiserver::known::{Known, NEWEST};
use crate::manifest::workload;
use crate::path::FieldPath;
use crate::policy::kinds::is_of_kubernetes;
use crate::policy::{Object, Release};
use crate::yaml::Node;

/// A release as references see it: hooks are part of it.
pub(super) struct Parts<'a> {
    release: &'a Release<'a>,
    pods: Vec<Pod<'a>>,
}

/// A pod, or the template of some.
pub(super) struct Pod<'a> {
    /// The object that it is in.
    pub object: &'a Object<'a>,
    /// Its specification.
    pub spec: workload::PodSpec<'a>,
}

impl<'a> Parts<'a> {
    /// The parts of a release.
    pub fn of(release: &'a Release<'a>) -> Parts<'a> {
        let pod = |(_, object): (usize, &'a Object<'a>)| {
            Some(Pod { object, spec: workload::pod_spec(object.node)? })
        };
        Parts { release, pods: release.asked().filter_map(pod).collect() }
    }

    /// All objects.
    pub fn objects(&self) -> impl Iterator<Item = &'a Object<'a>> {
        self.release.asked().map(|(_, object)| object)
    }

    /// All pods.
    pub fn pods(&self) -> &[Pod<'a>] {
        &self.pods
    }

    /// The namespace of an object.
    pub fn namespace<'b>(&self, object: &'b Object<'_>) -> &'b str
    where
        'a: 'b,
    {
        object.id.namespace.as_deref().unwrap_or(&self.release.subject.namespace)
    }

    /// The object of a kind and name in the namespace of another.
    pub fn beside(&self, object: &Object<'_>, kind: &str, name: &str) -> Option<&'a Object<'a>> {
        let space = self.namespace(object);
        self.objects()
            .find(|other| other.id.kind == kind && other.id.name == name && self.namespace(other) == space)
    }

    /// The object of a kind and name in another namespace than that of an object.
    pub fn elsewhere(&self, object: &Object<'_>, kind: &str, name: &str) -> Option<&'a Object<'a>> {
        let space = self.namespace(object);
        self.objects()
            .find(|other| other.id.kind == kind && other.id.name == name && self.namespace(other) != space)
    }

    /// Whether the release has no object of a kind and name, in no namespace.
    pub fn is_missing(&self, object: &Object<'_>, kind: &str, name: &str) -> bool {
        self.beside(object, kind, name).is_none() && self.elsewhere(object, kind, name).is_none()
    }

    /// The pods in the namespace of an object that a selector finds.
    pub fn selected(&self, object: &Object<'_>, selects: impl Fn(Option<&Node>) -> bool) -> Vec<&Pod<'a>> {
        let space = self.namespace(object);
        let labels = |pod: &Pod<'a>| pod.spec.metadata.and_then(|metadata| metadata.get("labels"));
        self.pods.iter().filter(|pod| self.namespace(pod.object) == space && selects(labels(pod))).collect()
    }

    /// Whether a label is one that some pod of the release has; others are set while pods run, such as that of a leader.
    pub fn is_written(&self, key: &str) -> bool {
        let labels = |pod: &Pod<'a>| pod.spec.metadata.and_then(|metadata| metadata.get("labels"));
        self.pods.iter().any(|pod| labels(pod).is_some_and(|labels| labels.get(key).is_some()))
    }

    /// Whether all that the release makes is written in it: no custom resource whose controller may make more.
    pub fn is_whole(&self) -> bool {
        self.objects().all(|object| is_of_kubernetes(object) || object.id.api_version.is_empty())
    }
}

/// Whether objects of that kind are in no namespace.
pub(super) fn is_cluster_wide(object: &Object<'_>) -> bool {
    let known = Known::of(NEWEST).kind(&object.id.api_version, &object.id.kind);
    known.is_some_and(|kind| kind.served && !kind.namespaced)
}

/// Whether labels have all of a map's entries.
pub(super) fn has_all(labels: Option<&Node>, wanted: &Node) -> bool {
    let label = |key: &str| labels.and_then(|labels| labels.get(key)).and_then(Node::as_str);
    wanted.entries().iter().all(|entry| label(&entry.key) == entry.value.as_str())
}

/// Whether a selector with `matchLabels` and `matchExpressions` finds labels.
pub(super) fn matches(labels: Option<&Node>, selector: &Node) -> bool {
    let word = |expression: &Node| {
        let text = |field: &str| expression.get(field).and_then(Node::as_str).unwrap_or_default().to_owned();
        let label = labels.and_then(|labels| labels.get(&text("key"))).and_then(Node::as_str);
        let values = expression.get("values").map_or(&[][..], Node::items);
        let is_listed = label.is_some_and(|label| values.iter().any(|value| value.as_str() == Some(label)));
        match text("operator").as_str() {
            "In" => is_listed,
            "NotIn" => !is_listed,
            "Exists" => label.is_some(),
            _ => label.is_none(),
        }
    };
    selector.get("matchLabels").is_none_or(|wanted| has_all(labels, wanted))
        && selector.get("matchExpressions").map_or(&[][..], Node::items).iter().all(word)
}

/// A text at the end of a way, with its path.
pub(super) fn text_at<'a>(node: &'a Node, path: &FieldPath, route: &[&str]) -> Option<(&'a str, FieldPath)> {
    let text = node.at(route)?.as_str().filter(|text| !text.is_empty())?;
    Some((text, path.keys(route)))
}
