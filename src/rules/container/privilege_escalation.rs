use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, set};
use crate::yaml::Node;

declare_rule! {
    /// Containers must not be allowed to gain privileges.
    ///
    /// ## Why
    /// With `allowPrivilegeEscalation: true` a set-user-id program in the image makes root out of any user. The service
    /// takes an unset field, and sets it to false where a security context is written.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   allowPrivilegeEscalation: true
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   allowPrivilegeEscalation: false
    /// ```
    ///
    /// ## Fix
    /// Set `allowPrivilegeEscalation: false`.
    "CTR102" "privilege-escalation" {
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
    let route = ["securityContext", "allowPrivilegeEscalation"];
    if container.at(&route).and_then(Node::as_bool) == Some(true) {
        let path = container.path_of(&route);
        let message = format!("container {} may gain privileges", container.label());
        let finding = r.report(path.clone(), message);
        if !needs_escalation(container) {
            finding.fix([set(&path, false)]);
        }
    }
}

/// Whether Kubernetes refuses the container once it may not gain privileges: what makes it so has to go first.
fn needs_escalation(container: &Container<'_>) -> bool {
    let privileged = container.at(&["securityContext", "privileged"]).and_then(Node::as_bool) == Some(true);
    let added = container.at(&["securityContext", "capabilities", "add"]).map_or(&[][..], Node::items);
    let is_admin =
        |name: &str| name.eq_ignore_ascii_case("SYS_ADMIN") || name.eq_ignore_ascii_case("CAP_SYS_ADMIN");
    privileged || added.iter().filter_map(Node::as_str).any(is_admin)
}
