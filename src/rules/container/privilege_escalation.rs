//! `privilege-escalation`

use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Reporter, declare_rule, set};
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
        catalogue: &["NVCF076"],
        levels: [Level::Error, Level::Advice, Level::Error],
        fix: Some(Applicability::Safe),
        sources: &[
            "page: no privilege escalation, root capabilities",
            "service: validateContainerSecurityContext",
        ],
        check: Check::Container(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    if !container.is_judged() {
        return;
    }
    let route = ["securityContext", "allowPrivilegeEscalation"];
    if container.at(&route).and_then(Node::as_bool) == Some(true) {
        let path = container.path_of(&route);
        let message = format!("container {} may gain privileges", container.label());
        r.report(path.clone(), message).fix([set(&path, false)]);
    }
}
