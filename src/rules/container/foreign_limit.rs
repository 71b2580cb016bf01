use crate::diagnostic::Severity;
use crate::kubernetes::Quantity;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, parameters};
use crate::yaml::Node;

declare_rule! {
    /// Limits may be on CPU, memory, ephemeral storage and NVIDIA's resources only.
    ///
    /// ## Why
    /// The agent of the self-managed stack refuses pods with a limit on any other resource, huge pages and network adapters
    /// included.
    ///
    /// ```yaml bad
    /// resources:
    ///   limits:
    ///     vpc.amazonaws.com/efa: 1
    /// ```
    /// ```yaml good
    /// resources:
    ///   limits:
    ///     nvidia.com/gpu: 1
    /// ```
    ///
    /// ## Fix
    /// Remove the limit.
    "CTR115" "foreign-limit" {
        levels: Levels { documented: Level::Warning, service: Level::Error, strict: Level::Error },
        lowered_to: Some(Severity::Warning),
        fix: None,
        sources: &["agent: validation webhook of the self-managed stack"],
        check: Check::Container(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let limits = container.at(&["resources", "limits"]).map_or(&[][..], Node::entries);
    for limit in limits {
        let known = limit.key.starts_with("nvidia.com/")
            || r.profile().lists(parameters::LIMIT_RESOURCES, &limit.key);
        let quantity = limit.value.as_str().and_then(Quantity::parse);
        let zero = limit.value.as_i64() == Some(0) || quantity.is_some_and(|amount| amount.is_zero());
        if !known && !zero && !limit.value.is_null() {
            let path = container.path_of(&["resources", "limits", &limit.key]);
            let message = format!("container {} limits `{}`, which is refused", container.label(), limit.key);
            let finding = r.report(path, message);
            // The webhook does not see ReplicaSets.
            if container.pod.object.id.kind == "ReplicaSet" {
                finding.lowered();
            }
        }
    }
}
