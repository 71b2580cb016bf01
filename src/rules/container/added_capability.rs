use serde_json::json;

use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, parameters, remove, set};
use crate::yaml::Node;

declare_rule! {
    /// Containers may add no capability but `NET_BIND_SERVICE`, and that one once.
    ///
    /// ## Why
    /// Every other capability reaches beyond the container. The service compares names as they are written: a
    /// `CAP_` before the name, or the name twice, is refused too.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   capabilities:
    ///     add: [IPC_LOCK]
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   capabilities:
    ///     add: [NET_BIND_SERVICE]
    /// ```
    ///
    /// ## Fix
    /// Remove the capability; listen on a port above 1023 and do without.
    "CTR104" "added-capability" {
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
    let route = ["securityContext", "capabilities", "add"];
    let added: Vec<&str> =
        container.at(&route).map_or(&[][..], Node::items).iter().filter_map(Node::as_str).collect();
    let allowed = r.profile().list(parameters::ADDABLE_CAPABILITIES);
    let is_allowed = |name: &&str| allowed.iter().any(|other| other.eq_ignore_ascii_case(name));
    if added.iter().all(is_allowed) && added.len() < 2 {
        return;
    }
    let path = container.path_of(&route);
    let message = format!(
        "container {} adds {}, it may add {} once and nothing else",
        container.label(),
        added.join(", "),
        allowed.join(", ")
    );
    // What may be added stays, once and under the name that the service compares with.
    let kept = allowed.iter().find(|name| added.iter().any(|other| other.eq_ignore_ascii_case(name)));
    let edit = kept.map_or_else(|| remove(&path), |name| set(&path, json!([name])));
    r.report(path, message).unsafe_fix([edit]);
}
