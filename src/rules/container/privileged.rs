use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, set};
use crate::yaml::Node;

declare_rule! {
    /// Containers must not be privileged.
    ///
    /// ## Why
    /// A privileged container has the rights of root on the node.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   privileged: true
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   privileged: false
    /// ```
    ///
    /// ## Fix
    /// Remove `privileged`; GPUs need no privilege, a limit of `nvidia.com/gpu` is enough.
    "CTR101" "privileged" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Error },
        fix: Some(Applicability::Unsafe),
        sources: &[
            "page: no privilege escalation, root capabilities",
            "service: validateContainerSecurityContext",
        ],
        check: Check::Container(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    if container.at(&["securityContext", "privileged"]).and_then(Node::as_bool) == Some(true) {
        let path = container.path_of(&["securityContext", "privileged"]);
        let message = format!("container {} is privileged", container.label());
        r.report(path.clone(), message).unsafe_fix([set(&path, false)]);
    }
}
