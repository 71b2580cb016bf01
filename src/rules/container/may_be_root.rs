use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, set};
use crate::yaml::Node;

declare_rule! {
    /// `runAsNonRoot` must be true, on the container or on its pod.
    ///
    /// ## Why
    /// Only then Kubernetes refuses to start an image that wants to be root. What a container says goes before what its pod
    /// says.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   runAsNonRoot: false
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   runAsNonRoot: true
    /// ```
    ///
    /// ## Fix
    /// Set `runAsNonRoot: true` in the security context of the pod; the image must name a user by number that is not 0.
    "CTR107" "may-be-root" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Error },
        fix: Some(Applicability::Unsafe),
        sources: &[
            "page: runAsNonRoot must be explicitly set to true",
            "service: validateContainerSecurityContext",
        ],
        check: Check::Container(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let (found, path) = match container.security("runAsNonRoot") {
        Some((node, _)) if node.as_bool() == Some(true) => return,
        Some((node, path)) => {
            (if Node::as_bool(node).is_some() { "is false" } else { "is no boolean" }, path)
        }
        None => ("is not set", container.path_of(&["securityContext", "runAsNonRoot"])),
    };
    let message = format!("runAsNonRoot of container {} {found}, it must be true", container.label());
    r.report(path.clone(), message).unsafe_fix([set(&path, true)]);
}
