use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, remove};
use crate::yaml::Node;

declare_rule! {
    /// Containers must not take a port of the node.
    ///
    /// ## Why
    /// A node has each port once: a second pod with it waits for ever, and whoever reaches the node reaches the program.
    ///
    /// ```yaml bad
    /// ports:
    ///   - containerPort: 8000
    ///     hostPort: 8000
    /// ```
    /// ```yaml good
    /// ports:
    ///   - containerPort: 8000
    /// ```
    ///
    /// ## Fix
    /// Remove `hostPort`, and reach the program through a Service.
    "CTR112" "host-port" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Error },
        fix: Some(Applicability::Safe),
        sources: &["Kubernetes: Pod Security Standards, Baseline", "service: validatePorts"],
        check: Check::Container(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let ports = container.at(&["ports"]).map_or(&[][..], Node::items);
    for (index, port) in ports.iter().enumerate() {
        let Some(number) = port.get("hostPort").and_then(Node::as_i64).filter(|number| *number != 0) else {
            continue;
        };
        let path = container.path_of(&["ports"]).item(ports, index).key("hostPort");
        let message = format!("container {} takes port {number} of the node", container.label());
        r.report(path.clone(), message).fix([remove(&path)]);
    }
}
