use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Parts, Release, Reporter, declare_rule};
use crate::yaml::Node;

use super::missing_backend_port::backends;
use super::needs;
use super::parts::text_at;

declare_rule! {
    /// An object must be in the namespace in which it is looked for.
    ///
    /// ## Why
    /// Pods find ConfigMaps, Secrets, claims and service accounts in their own namespace only, an Ingress its Services, a binding
    /// its Role. Where the release has the object in another namespace, one of the two has a namespace that was written down
    /// while the other is where the release is installed. A binding that names a service account in the wrong namespace gives
    /// rights to nobody.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: v1
    ///     kind: Pod
    ///     metadata: {name: web}
    ///     spec:
    ///       containers: [{name: main, image: "web:1", envFrom: [{configMapRef: {name: web}}]}]
    ///   - apiVersion: v1
    ///     kind: ConfigMap
    ///     metadata: {name: web, namespace: shop}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: v1
    ///     kind: Pod
    ///     metadata: {name: web}
    ///     spec:
    ///       containers: [{name: main, image: "web:1", envFrom: [{configMapRef: {name: web}}]}]
    ///   - apiVersion: v1
    ///     kind: ConfigMap
    ///     metadata: {name: web}
    /// ```
    ///
    /// ## Fix
    /// Leave the namespace out, or write `{{ .Release.Namespace }}`, in both.
    "REF108" "mixed-namespaces" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Kubernetes: Namespaces"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let parts = release.parts();
    let space = FieldPath::root().keys(&["metadata", "namespace"]);
    let mut tell = |from: &Object<'_>, path: FieldPath, to: &Object<'_>| {
        let message = format!(
            "the {} {} of the release is in the namespace {}, and looked for in {}",
            to.id.kind,
            to.id.name,
            parts.namespace(to),
            parts.namespace(from)
        );
        r.report_on(from, path, message).related(to, &space);
    };
    let astray = |object: &Object<'_>, kind: &str, name: &str| {
        if parts.beside(object, kind, name).is_some() { None } else { parts.elsewhere(object, kind, name) }
    };
    for pod in parts.pods().iter().copied() {
        let mut told: Vec<(&str, &str)> = Vec::new();
        for (kind, name, path) in needs::of(pod) {
            if let Some(other) = astray(pod.object, kind, name).filter(|_| !told.contains(&(kind, name))) {
                told.push((kind, name));
                tell(pod.object, path, other);
            }
        }
    }
    for object in parts.objects() {
        match object.id.kind.as_str() {
            "Ingress" => {
                for (backend, path) in backends(object) {
                    let named = text_at(backend, &path, &["service", "name"]);
                    if let Some((name, path)) = named
                        && let Some(other) = astray(object, "Service", name)
                    {
                        tell(object, path, other);
                    }
                }
            }
            "RoleBinding" => {
                let kind = object.node.at(&["roleRef", "kind"]).and_then(Node::as_str);
                let role = text_at(object.node, &FieldPath::root(), &["roleRef", "name"]);
                if let Some((name, path)) = role.filter(|_| kind == Some("Role"))
                    && let Some(other) = astray(object, "Role", name)
                {
                    tell(object, path, other);
                }
            }
            _ => {}
        }
    }
    subjects(parts, r);
}

/// Bindings whose service account is in the release, but not where they say.
fn subjects(parts: &Parts<'_>, r: &mut Reporter<'_>) {
    let bindings = parts
        .objects()
        .filter(|object| matches!(object.id.kind.as_str(), "RoleBinding" | "ClusterRoleBinding"));
    for binding in bindings {
        let subjects = binding.node.get("subjects").map_or(&[][..], Node::items);
        for (at, subject) in subjects.iter().enumerate() {
            let word = |field: &str| subject.get(field).and_then(Node::as_str);
            let (Some("ServiceAccount"), Some(name), Some(space)) =
                (word("kind"), word("name"), word("namespace"))
            else {
                continue;
            };
            let own = parts.named("ServiceAccount", name);
            let Some(first) = own.first() else { continue };
            if own.iter().any(|account| parts.namespace(account) == space) {
                continue;
            }
            let path = FieldPath::root().key("subjects").index(at).key("namespace");
            let message = format!(
                "the ServiceAccount {name} of the release is in the namespace {}, not in {space}",
                parts.namespace(first)
            );
            r.report_on(binding, path, message)
                .related(first, &FieldPath::root().keys(&["metadata", "name"]));
        }
    }
}
