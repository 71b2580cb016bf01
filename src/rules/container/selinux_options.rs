use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, parameters, remove};
use crate::yaml::Node;

declare_rule! {
    /// SELinux options must not name a user, a role or a type beyond those of containers.
    ///
    /// ## Why
    /// Another user, role or type takes the container out of the confinement that the node has for containers; the level is
    /// free.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   seLinuxOptions:
    ///     type: spc_t
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   seLinuxOptions:
    ///     level: s0:c123,c456
    /// ```
    ///
    /// ## Fix
    /// Remove `user`, `role` and `type` from the `seLinuxOptions`.
    "CTR111" "selinux-options" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Error },
        fix: Some(Applicability::Safe),
        sources: &[
            "Kubernetes: Pod Security Standards, Baseline",
            "service: validateContainerSecurityContext",
        ],
        check: Check::Container(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let Some((node, path)) = container.security("seLinuxOptions") else {
        return;
    };
    for field in ["user", "role", "type"] {
        let value = node.get(field).and_then(Node::as_str).unwrap_or_default();
        let free =
            value.is_empty() || (field == "type" && r.profile().lists(parameters::SELINUX_TYPES, value));
        if !free {
            let path = path.key(field);
            let message = format!("container {} has SELinux {field} `{value}`", container.label());
            r.report(path.clone(), message).fix([remove(&path)]);
        }
    }
}
