use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, PodSpec, Release, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// A Service must name a port that the pods it selects have.
    ///
    /// ## Why
    /// A `targetPort` that is a name is looked up among the ports of the containers. Where none has it, the Service has no
    /// endpoint for the port, and nothing says so.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: v1
    ///     kind: Service
    ///     metadata: {name: web}
    ///     spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
    ///   - apiVersion: v1
    ///     kind: Pod
    ///     metadata: {name: web, labels: {app: web}}
    ///     spec: {containers: [{name: main, image: "web:1", ports: [{name: web, containerPort: 8080}]}]}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: v1
    ///     kind: Service
    ///     metadata: {name: web}
    ///     spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
    ///   - apiVersion: v1
    ///     kind: Pod
    ///     metadata: {name: web, labels: {app: web}}
    ///     spec: {containers: [{name: main, image: "web:1", ports: [{name: http, containerPort: 8080}]}]}
    /// ```
    ///
    /// ## Fix
    /// Write the name or number of a port of the container.
    "REF102" "unknown-target-port" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Kubernetes: the endpoint slice controller looks names up in the pods, FindPort"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let parts = release.parts();
    for service in parts.objects().filter(|object| object.is("v1", "Service")) {
        let selector = service.node.at(&["spec", "selector"]).filter(|node| !node.entries().is_empty());
        let Some(selector) = selector else { continue };
        let pods = parts.labelled(service, selector.entries());
        let Some(first) = pods.first() else { continue };
        let ports = service.node.at(&["spec", "ports"]).map_or(&[][..], Node::items);
        let path = FieldPath::root().keys(&["spec", "ports"]);
        for (port, path) in ports.iter().zip(path.items(ports)) {
            let name = port.get("targetPort").and_then(Node::as_str).unwrap_or_default();
            // A number in quotes is a number to nobody; that is another rule's matter.
            if !name.is_empty() && !pods.iter().any(|pod| has_port(*pod, name)) {
                let message = format!("no container of {} has a port called {name}", first.object.id);
                let finding = r.report_on(service, path.key("targetPort"), message);
                finding.related(first.object, &first.spec.path.key("containers"));
            }
        }
    }
}

fn has_port(pod: PodSpec<'_>, name: &str) -> bool {
    pod.spec.containers.iter().any(|container| {
        let ports = container.node.get("ports").map_or(&[][..], Node::items);
        ports.iter().any(|port| port.get("name").and_then(Node::as_str) == Some(name))
    })
}
