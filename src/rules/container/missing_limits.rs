use crate::diagnostic::Severity;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, parameters};

declare_rule! {
    /// Every container and init container must limit its CPU and memory.
    ///
    /// ## Why
    /// The page asks for it, and the agent of the self-managed stack refuses pods without limits when they are applied. It
    /// looks at pods, Deployments, StatefulSets, Jobs and CronJobs, not at ReplicaSets; their pods are refused later.
    ///
    /// ```yaml bad
    /// resources:
    ///   limits:
    ///     cpu: null
    /// ```
    /// ```yaml good
    /// resources:
    ///   limits:
    ///     cpu: "1"
    ///     memory: 1Gi
    /// ```
    ///
    /// ## Fix
    /// Set `resources.limits.cpu` and `resources.limits.memory` to what the program needs at most.
    "CTR114" "missing-limits" {
        levels: Levels { documented: Level::Warning, service: Level::Error, strict: Level::Error },
        lowered_to: Some(Severity::Warning),
        fix: None,
        sources: &[
            "page: resource limits for at least cpu and memory",
            "agent: validation webhook of the self-managed stack",
        ],
        check: Check::Container(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let missing = |resource: &&String| container.at(&["resources", "limits", resource.as_str()]).is_none();
    let missing: Vec<&str> =
        r.profile().list(parameters::REQUIRED_LIMITS).iter().filter(missing).map(String::as_str).collect();
    if !missing.is_empty() {
        let message = format!("container {} has no limit for {}", container.label(), missing.join(" and "));
        // Where nothing is limited, the map is what is missing.
        let has_limits = container.at(&["resources", "limits"]).is_some_and(|map| !map.entries().is_empty());
        let limits = container.path_of(&["resources", "limits"]);
        let path = if has_limits { limits.key(missing[0]) } else { limits };
        let finding = r.report(path, message);
        // The webhook does not see ReplicaSets.
        if container.pod.object.id.kind == "ReplicaSet" {
            finding.lowered();
        }
    }
}
