use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, remove};
use crate::yaml::Node;

declare_rule! {
    /// Containers must not run as user 0.
    ///
    /// ## Why
    /// Root in a container is one mistake of the kernel away from root on the node.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   runAsUser: 0
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   runAsUser: 10001
    /// ```
    ///
    /// ## Fix
    /// Set `runAsUser` to a number above 0 that may read the program's files, or remove it and let the image say it.
    "CTR108" "root-user" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Error },
        fix: Some(Applicability::Unsafe),
        sources: &[
            "Kubernetes: Pod Security Standards, Restricted",
            "service: validateContainerSecurityContext",
        ],
        check: Check::Container(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let Some((node, path)) = container.security("runAsUser") else {
        return;
    };
    if Node::as_i64(node) == Some(0) {
        let message = format!("container {} runs as user 0", container.label());
        r.report(path.clone(), message).unsafe_fix([remove(&path)]);
    }
}
