use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, parameters, set};
use crate::yaml::Node;

declare_rule! {
    /// A seccomp profile must be set, on the container or on its pod.
    ///
    /// ## Why
    /// Without one, a container may make every system call. `RuntimeDefault` leaves out those that programs do not need.
    /// What a container says goes before what its pod says.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   seccompProfile:
    ///     type: Unconfined
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   seccompProfile:
    ///     type: RuntimeDefault
    /// ```
    ///
    /// ## Fix
    /// Set `seccompProfile: {type: RuntimeDefault}` in the security context of the pod.
    "CTR109" "seccomp-profile" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Error },
        fix: Some(Applicability::Safe),
        sources: &["page: non-default seccomp profiles", "service: validateContainerSecurityContext"],
        check: Check::Container(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let label = container.label();
    let allowed = r.profile().list(parameters::SECCOMP_TYPES);
    let Some((node, path)) = container.security("seccompProfile") else {
        let path = container.path_of(&["securityContext", "seccompProfile", "type"]);
        let of_pod = container.pod.spec.path.keys(&["securityContext", "seccompProfile"]);
        r.report(path, format!("container {label} has no seccomp profile")).fix([set(&of_pod, default())]);
        return;
    };
    let kind = node.get("type").and_then(Node::as_str).unwrap_or_default();
    if !allowed.iter().any(|name| name == kind) {
        let message =
            format!("container {label} has seccomp profile `{kind}`, it must be {}", allowed.join(" or "));
        r.report(path.key("type"), message).fix([set(&path, default())]);
    }
}

/// The runtime's profile; the whole of it, since a local one has a field more.
fn default() -> serde_json::Value {
    serde_json::json!({"type": "RuntimeDefault"})
}
