//! What objects of a release need and the release does not have: [`of`]. Nothing is found where something may make it, custom
//! resources or a program that is allowed to.

use std::cell::LazyCell;

use rustc_hash::FxHashSet;

use crate::path::FieldPath;
use crate::policy::{Object, PodSpec, Release, Reporter};
use crate::yaml::Node;

use super::missing_backend_port::backends;
use super::needs::{self, SECRET};
use super::parts::text_at;

/// What an Ingress or a route leads to.
pub const SERVICE: &str = "Service";

/// An object that is named and not there.
pub struct Missing<'a> {
    /// The object that names it.
    pub by: &'a Object<'a>,
    /// Where.
    pub path: FieldPath,
    /// What it is.
    pub kind: &'static str,
    /// How it is called.
    pub name: &'a str,
}

impl Missing<'_> {
    /// Whether it is worth a word. Of a chart it is known whether its templates make up the name by themselves; a name that
    /// comes from values is that of something that is meant to be there already.
    pub fn is_told(&self, release: &Release<'_>) -> bool {
        match &release.subject.own_names {
            Some(own) => own.contains(&(self.by.number, self.by.path.clone(), self.path.clone())),
            // Secrets are often made elsewhere.
            None => self.kind != SECRET,
        }
    }

    /// What is said of it.
    pub fn message(&self) -> String {
        format!("there is no {} {} in the release", self.kind, self.name)
    }
}

/// Reports what is missing of the kinds that are meant, where it is worth a word.
pub(super) fn report(release: &Release<'_>, is_meant: fn(&str) -> bool, r: &mut Reporter<'_>) {
    for missing in of(release) {
        if is_meant(missing.kind) && missing.is_told(release) {
            r.report_on(missing.by, missing.path.clone(), missing.message());
        }
    }
}

/// All that is missing.
pub fn of<'a>(release: &Release<'a>) -> Vec<Missing<'a>> {
    let parts = release.parts();
    if !parts.is_whole() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let makers = LazyCell::new(|| Makers::of(release));
    for pod in parts.pods().iter().copied() {
        found.extend(of_pod(pod, release, &makers));
    }
    for binding in parts.objects().filter(|object| object.id.kind == "RoleBinding") {
        let kind = binding.node.at(&["roleRef", "kind"]).and_then(Node::as_str);
        let name = text_at(binding.node, &FieldPath::root(), &["roleRef", "name"]);
        // What is there is Kubernetes' own.
        let is_of_system = matches!(parts.namespace(binding), "kube-system" | "kube-public");
        let Some((name, path)) = name.filter(|_| kind == Some("Role") && !is_of_system) else { continue };
        if parts.named("Role", name).is_empty() {
            found.push(Missing { by: binding, path, kind: "Role", name });
        }
    }
    // Where there is no Service at all, nobody knows what is to be reached.
    if parts.objects().any(|object| object.is("v1", SERVICE)) {
        for object in parts.objects() {
            let named = match object.id.kind.as_str() {
                "Ingress" if object.is("networking.k8s.io/v1", "Ingress") => of_ingress(object),
                _ if object.id.api_version.starts_with("gateway.networking.k8s.io/") => of_route(object),
                _ => continue,
            };
            let named = named.into_iter().filter(|(name, _)| parts.named(SERVICE, name).is_empty());
            found.extend(named.map(|(name, path)| Missing { by: object, path, kind: SERVICE, name }));
        }
    }
    found
}

/// What a pod needs, each thing at the first place that names it.
fn of_pod<'a, F: FnOnce() -> Makers<'a>>(
    pod: PodSpec<'a>,
    release: &Release<'a>,
    makers: &LazyCell<Makers<'a>, F>,
) -> Vec<Missing<'a>> {
    let mut found: Vec<Missing<'a>> = Vec::new();
    for (kind, name, path) in needs::of(pod) {
        let is_told = found.iter().any(|other| (other.kind, other.name) == (kind, name));
        if !is_told && release.parts().named(kind, name).is_empty() && !(kind == SECRET && makers.make(name))
        {
            found.push(Missing { by: pod.object, path, kind, name });
        }
    }
    found
}

/// The Services that an Ingress names.
fn of_ingress<'a>(ingress: &Object<'a>) -> Vec<(&'a str, FieldPath)> {
    let named = |(backend, path): (&'a Node, FieldPath)| {
        let port = backend.at(&["service", "port", "name"]).and_then(Node::as_str);
        // The name is that of an annotation, which says what is done.
        let is_annotation = port == Some("use-annotation");
        text_at(backend, &path, &["service", "name"]).filter(|_| !is_annotation)
    };
    backends(ingress).into_iter().filter_map(named).collect()
}

/// The Services that a route of the Gateway API names.
fn of_route<'a>(route: &Object<'a>) -> Vec<(&'a str, FieldPath)> {
    let mut found = Vec::new();
    let rules = route.node.at(&["spec", "rules"]).map_or(&[][..], Node::items);
    for (at, rule) in rules.iter().enumerate() {
        let path = FieldPath::root().keys(&["spec", "rules"]).index(at).key("backendRefs");
        let backends = rule.get("backendRefs").map_or(&[][..], Node::items);
        for (backend, path) in backends.iter().zip(path.items(backends)) {
            let word = |field: &str| backend.get(field).and_then(Node::as_str).unwrap_or_default();
            let is_service = matches!(word("kind"), "" | SERVICE) && word("group").is_empty();
            if is_service && word("namespace").is_empty() {
                found.extend(text_at(backend, &path, &["name"]));
            }
        }
    }
    found
}

/// What makes Secrets while the release runs: a program that may, or whoever reads an annotation or the certificate of an
/// Ingress.
struct Makers<'a> {
    /// Whether a program may make any.
    is_program: bool,
    /// The certificates of Ingresses.
    certificates: FxHashSet<&'a str>,
    /// The texts of annotations.
    annotations: Vec<&'a str>,
}

impl<'a> Makers<'a> {
    fn of(release: &Release<'a>) -> Makers<'a> {
        let mut makers =
            Makers { is_program: false, certificates: FxHashSet::default(), annotations: Vec::new() };
        for object in release.parts().objects() {
            match object.id.kind.as_str() {
                "Role" | "ClusterRole" => {
                    let rules = object.node.get("rules").map_or(&[][..], Node::items);
                    makers.is_program |= rules.iter().any(makes_secrets);
                }
                "Ingress" => {
                    let tls = object.node.at(&["spec", "tls"]).map_or(&[][..], Node::items);
                    let names = tls.iter().filter_map(|tls| tls.get("secretName").and_then(Node::as_str));
                    makers.certificates.extend(names);
                }
                _ => {
                    let annotations =
                        object.node.at(&["metadata", "annotations"]).map_or(&[][..], Node::entries);
                    makers.annotations.extend(annotations.iter().filter_map(|entry| entry.value.as_str()));
                }
            }
        }
        makers
    }

    /// Whether the Secret of that name may be made.
    fn make(&self, name: &str) -> bool {
        self.is_program
            || self.certificates.contains(name)
            || self.annotations.iter().any(|text| text.contains(name))
    }
}

/// Whether a rule of a role lets Secrets be made.
fn makes_secrets(rule: &Node) -> bool {
    let lists = |field: &str, word: &str| {
        let words = rule.get(field).map_or(&[][..], Node::items).iter().filter_map(Node::as_str);
        words.into_iter().any(|own| own == word || own == "*")
    };
    lists("resources", "secrets") && (lists("verbs", "create") || lists("verbs", "update"))
}
