use crate::diagnostic::Severity;
use crate::manifest::workload::Role;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, parameters};

declare_rule! {
    /// Containers must not have the names of those that the platform adds.
    ///
    /// ## Why
    /// The agent adds containers of its own to pods, and names in a pod are unique.
    ///
    /// ```yaml bad
    /// name: byoo-otel-collector
    /// ```
    /// ```yaml good
    /// name: collector
    /// ```
    ///
    /// ## Fix
    /// Rename the container.
    "CTR119" "reserved-container" {
        levels: Levels::all(Level::Error),
        lowered_to: Some(Severity::Warning),
        fix: None,
        sources: &["agent: adds containers of these names"],
        check: Check::AnyContainer(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let Some(name) = container.container.name() else { return };
    if r.profile().lists(parameters::RESERVED_CONTAINERS, name) {
        let message = format!("the platform adds a container `{name}` itself");
        let finding = r.report(container.path_of(&["name"]), message);
        // An init container gives way; of two others the pod is refused.
        if container.container.role == Role::Init {
            finding.lowered();
        }
    }
}
