use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, remove};
use crate::yaml::Node;

declare_rule! {
    /// Containers must not see the whole of `/proc`.
    ///
    /// ## Why
    /// With `procMount: Unmasked` a container reads and writes settings of the kernel that are hidden otherwise.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   procMount: Unmasked
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   procMount: Default
    /// ```
    ///
    /// ## Fix
    /// Remove `procMount`.
    "CTR105" "proc-mount" {
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
    let Some(mount) = container.at(&["securityContext", "procMount"]).and_then(Node::as_str) else { return };
    if mount != "Default" {
        let path = container.path_of(&["securityContext", "procMount"]);
        let message =
            format!("container {} has procMount `{mount}`, it must be unset or Default", container.label());
        r.report(path.clone(), message).fix([remove(&path)]);
    }
}
