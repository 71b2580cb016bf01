use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Release, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// A Service of the release that an Ingress leads to must have the port.
    ///
    /// ## Why
    /// An Ingress whose backend has no such port answers with an error. Services that are not in the release are not judged:
    /// they may be somebody else's.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: networking.k8s.io/v1
    ///     kind: Ingress
    ///     metadata: {name: web}
    ///     spec: {defaultBackend: {service: {name: web, port: {number: 8080}}}}
    ///   - apiVersion: v1
    ///     kind: Service
    ///     metadata: {name: web}
    ///     spec: {ports: [{name: http, port: 80}]}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: networking.k8s.io/v1
    ///     kind: Ingress
    ///     metadata: {name: web}
    ///     spec: {defaultBackend: {service: {name: web, port: {name: http}}}}
    ///   - apiVersion: v1
    ///     kind: Service
    ///     metadata: {name: web}
    ///     spec: {ports: [{name: http, port: 80}]}
    /// ```
    ///
    /// ## Fix
    /// Write the name or number of a port of the Service.
    "REF104" "missing-backend-port" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Kubernetes: Ingress, backend.service.port"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let parts = release.parts();
    for ingress in parts.objects().filter(|object| object.is("networking.k8s.io/v1", "Ingress")) {
        for (backend, path) in backends(ingress) {
            let Some(name) = backend.at(&["service", "name"]).and_then(Node::as_str) else { continue };
            let Some(service) = parts.beside(ingress, "Service", name) else { continue };
            let Some(port) = backend.at(&["service", "port"]) else { continue };
            let ports = service.node.at(&["spec", "ports"]).map_or(&[][..], Node::items);
            let wanted = ["name", "number"].into_iter().find_map(|field| Some((field, port.get(field)?)));
            let Some((field, wanted)) = wanted else { continue };
            let of_service = if field == "name" { "name" } else { "port" };
            if !ports.iter().any(|port| port.get(of_service).is_some_and(|own| own.data == wanted.data)) {
                let message = format!("{} has no port {}", service.id, wanted.to_json());
                let path = path.keys(&["service", "port", field]);
                r.report_on(ingress, path, message)
                    .related(service, &FieldPath::root().keys(&["spec", "ports"]));
            }
        }
    }
}

/// The backends of an Ingress, with their paths.
pub(super) fn backends<'a>(ingress: &Object<'a>) -> Vec<(&'a Node, FieldPath)> {
    let spec = FieldPath::root().key("spec");
    let usual = ingress.node.at(&["spec", "defaultBackend"]).map(|node| (node, spec.key("defaultBackend")));
    let mut found: Vec<(&Node, FieldPath)> = usual.into_iter().collect();
    let rules = ingress.node.at(&["spec", "rules"]).map_or(&[][..], Node::items);
    for (at, rule) in rules.iter().enumerate() {
        let paths = rule.at(&["http", "paths"]).map_or(&[][..], Node::items);
        let path = spec.key("rules").index(at).keys(&["http", "paths"]);
        let backend =
            |(at, node): (usize, &'a Node)| Some((node.get("backend")?, path.index(at).key("backend")));
        found.extend(paths.iter().enumerate().filter_map(backend));
    }
    found
}
