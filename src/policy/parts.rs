//! [`Parts`]: a release as references between its objects see it. Objects are found by their names and pods by their labels,
//! without a look at all of them.

use rustc_hash::FxHashMap;

use crate::manifest::workload;
use crate::yaml::{Entry, Node};

use super::kinds::is_of_kubernetes;
use super::subject::{Object, PodSpec};

/// What goes by two words: a kind and a name, a label and its value.
type ByWords<'a, T> = FxHashMap<&'a str, FxHashMap<&'a str, Vec<T>>>;

/// A release as references see it: hooks are part of it.
pub struct Parts<'a> {
    namespace: &'a str,
    objects: &'a [Object<'a>],
    by_name: ByWords<'a, &'a Object<'a>>,
    pods: Vec<PodSpec<'a>>,
    by_label: ByWords<'a, usize>,
    is_whole: bool,
}

impl<'a> Parts<'a> {
    /// The parts of a release that is installed in the namespace.
    pub(super) fn new(
        namespace: &'a str,
        objects: &'a [Object<'a>],
        pods: &'a [(usize, workload::PodSpec<'a>)],
    ) -> Parts<'a> {
        let mut parts = Parts {
            namespace,
            objects,
            by_name: FxHashMap::default(),
            pods: pods.iter().map(|(at, spec)| PodSpec { object: &objects[*at], spec }).collect(),
            by_label: FxHashMap::default(),
            is_whole: objects.iter().all(makes_nothing),
        };
        for object in objects {
            let of_kind = parts.by_name.entry(&object.id.kind).or_default();
            of_kind.entry(&object.id.name).or_default().push(object);
        }
        for (at, pod) in parts.pods.iter().enumerate() {
            for entry in labels_of(*pod).map_or(&[][..], Node::entries) {
                let of_label = parts.by_label.entry(&entry.key).or_default();
                if let Some(value) = entry.value.as_str() {
                    of_label.entry(value).or_default().push(at);
                }
            }
        }
        parts
    }

    /// All objects.
    pub fn objects(&self) -> impl Iterator<Item = &'a Object<'a>> + use<'a> {
        self.objects.iter()
    }

    /// All pods, and templates of some.
    pub fn pods(&self) -> &[PodSpec<'a>] {
        &self.pods
    }

    /// The namespace of an object.
    pub fn namespace<'b>(&self, object: &'b Object<'_>) -> &'b str
    where
        'a: 'b,
    {
        object.id.namespace.as_deref().unwrap_or(self.namespace)
    }

    /// The objects of a kind and name, in whatever namespace.
    pub fn named(&self, kind: &str, name: &str) -> &[&'a Object<'a>] {
        self.by_name.get(kind).and_then(|named| named.get(name)).map_or(&[][..], Vec::as_slice)
    }

    /// The object of a kind and name in the namespace of another.
    pub fn beside(&self, object: &Object<'_>, kind: &str, name: &str) -> Option<&'a Object<'a>> {
        let space = self.namespace(object);
        self.named(kind, name).iter().copied().find(|other| self.namespace(other) == space)
    }

    /// The object of a kind and name in another namespace than that of an object.
    pub fn elsewhere(&self, object: &Object<'_>, kind: &str, name: &str) -> Option<&'a Object<'a>> {
        let space = self.namespace(object);
        self.named(kind, name).iter().copied().find(|other| self.namespace(other) != space)
    }

    /// The pods in the namespace of an object that have all these labels.
    pub fn labelled(&self, object: &Object<'_>, wanted: &[Entry]) -> Vec<PodSpec<'a>> {
        let space = self.namespace(object);
        let is_meant =
            |pod: &PodSpec<'a>| self.namespace(pod.object) == space && has_all(labels_of(*pod), wanted);
        let having = |entry: &Entry| {
            let value = entry.value.as_str()?;
            let pods = self.by_label.get(entry.key.as_str()).and_then(|values| values.get(value));
            Some(pods.map_or(&[][..], Vec::as_slice))
        };
        match wanted.iter().filter_map(having).min_by_key(|pods| pods.len()) {
            Some(fewest) => fewest.iter().map(|at| self.pods[*at]).filter(is_meant).collect(),
            None => self.pods.iter().copied().filter(is_meant).collect(),
        }
    }

    /// Whether a label is one that some pod of the release has; others are set while pods run, such as that of a leader.
    pub fn is_written(&self, label: &str) -> bool {
        self.by_label.contains_key(label)
    }

    /// Whether all that the release makes is written in it: no custom resource whose controller may make more objects.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }
}

/// Whether nothing else comes of an object than pods of Kubernetes' own workloads.
fn makes_nothing(object: &Object<'_>) -> bool {
    /// Custom resources that say how others are watched or reached, by group.
    const PLAIN: [(&str, &[&str]); 2] = [
        ("monitoring.coreos.com", &["ServiceMonitor", "PodMonitor", "PrometheusRule", "Probe"]),
        ("gateway.networking.k8s.io", &["HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"]),
    ];
    let version = object.id.api_version.as_str();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let is_plain = |(of, kinds): &(&str, &[&str])| *of == group && kinds.contains(&object.id.kind.as_str());
    version.is_empty() || PLAIN.iter().any(is_plain) || is_of_kubernetes(object)
}

/// The labels of a pod.
pub fn labels_of(pod: PodSpec<'_>) -> Option<&Node> {
    pod.spec.metadata.and_then(|metadata| metadata.get("labels"))
}

fn has_all(labels: Option<&Node>, wanted: &[Entry]) -> bool {
    let label = |key: &str| labels.and_then(|labels| labels.get(key)).and_then(Node::as_str);
    wanted.iter().all(|entry| label(&entry.key) == entry.value.as_str())
}
