use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, set};
use crate::yaml::Node;

declare_rule! {
    /// The root file system of a container must be read-only.
    ///
    /// ## Why
    /// Who breaks into a program cannot put a file beside it. The service demands it where object validation is on, the page
    /// does not mention it.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   readOnlyRootFilesystem: false
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   readOnlyRootFilesystem: true
    /// ```
    ///
    /// ## Fix
    /// Set `readOnlyRootFilesystem: true` and mount an `emptyDir` where the program writes, such as `/tmp`.
    "CTR106" "writable-root" {
        levels: Levels { documented: Level::Warning, service: Level::Advice, strict: Level::Error },
        fix: Some(Applicability::Unsafe),
        sources: &["service: validateContainerSecurityContext"],
        check: Check::Container(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let route = ["securityContext", "readOnlyRootFilesystem"];
    let set_to = container.at(&route).and_then(Node::as_bool);
    if set_to == Some(true) {
        return;
    }
    let path = container.path_of(&route);
    let found = if set_to.is_some() { "is false" } else { "is not set" };
    let message =
        format!("readOnlyRootFilesystem of container {} {found}, it must be true", container.label());
    r.report(path.clone(), message).unsafe_fix([set(&path, true)]);
}
