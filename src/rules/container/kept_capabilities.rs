use serde_json::json;

use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, set};
use crate::yaml::Node;

declare_rule! {
    /// Containers must drop all capabilities.
    ///
    /// ## Why
    /// A container starts with fourteen of root's powers unless it gives them up. Only `drop: [ALL]` gives up all of them,
    /// those of later kernels too. Ephemeral containers are not looked at: the platform admits none.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   capabilities:
    ///     drop: [NET_RAW]
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   capabilities:
    ///     drop: [ALL]
    /// ```
    ///
    /// ## Fix
    /// Set `securityContext.capabilities.drop: [ALL]` on the container.
    "CTR103" "kept-capabilities" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Error },
        fix: Some(Applicability::Safe),
        sources: &[
            "page: no privilege escalation, root capabilities",
            "service: validateContainerSecurityContext",
        ],
        check: Check::Container(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let drop = container.at(&["securityContext", "capabilities", "drop"]);
    let all = |node: &Node| node.as_str().is_some_and(|name| name.eq_ignore_ascii_case("ALL"));
    if drop.is_some_and(|drop| drop.items().iter().any(all)) {
        return;
    }
    let path = container.path_of(&["securityContext", "capabilities", "drop"]);
    let found = match drop {
        Some(_) => "drops only some capabilities",
        None => "keeps its capabilities",
    };
    r.report(path.clone(), format!("container {} {found}", container.label()))
        .fix([set(&path, json!(["ALL"]))]);
}
