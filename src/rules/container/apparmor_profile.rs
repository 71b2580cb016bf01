use serde_json::json;

use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, parameters, set};
use crate::yaml::Node;

declare_rule! {
    /// An AppArmor profile, where one is set, must be the runtime's or a local one.
    ///
    /// ## Why
    /// `Unconfined` takes away what the node's AppArmor keeps from containers.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   appArmorProfile:
    ///     type: Unconfined
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   appArmorProfile:
    ///     type: RuntimeDefault
    /// ```
    ///
    /// ## Fix
    /// Remove `appArmorProfile` or set its type to `RuntimeDefault`.
    "CTR110" "apparmor-profile" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Error },
        fix: Some(Applicability::Safe),
        sources: &["page: non-default AppArmor profiles", "service: validateContainerSecurityContext"],
        check: Check::Container(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let Some((node, path)) = container.security("appArmorProfile") else {
        return;
    };
    let kind = node.get("type").and_then(Node::as_str).unwrap_or_default();
    if !kind.is_empty() && !r.profile().lists(parameters::APPARMOR_TYPES, kind) {
        let message = format!("container {} has AppArmor profile `{kind}`", container.label());
        r.report(path.key("type"), message).fix([set(&path, json!({"type": "RuntimeDefault"}))]);
    }
}
