use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule, parameters, remove};
use crate::yaml::Node;

declare_rule! {
    /// Pods must not set kernel parameters beyond the safe ones.
    ///
    /// ## Why
    /// Most kernel parameters act on the whole node. The Baseline pod security standard, to which the page holds charts,
    /// names the few that do not; the service does not look.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   sysctls:
    ///     - name: kernel.msgmax
    ///       value: "65536"
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   sysctls:
    ///     - name: net.ipv4.ip_unprivileged_port_start
    ///       value: "80"
    /// ```
    ///
    /// ## Fix
    /// Remove the parameter, or have the operator of the cluster set it on the nodes.
    "POD106" "unsafe-sysctl" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Warning },
        fix: Some(Applicability::Unsafe),
        sources: &["page: conform to the Baseline and Restricted policies"],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    let Some(sysctls) = pod.spec.node.at(&["securityContext", "sysctls"]) else { return };
    let list = pod.spec.path.keys(&["securityContext", "sysctls"]);
    for (index, sysctl) in sysctls.items().iter().enumerate() {
        let Some(name) = sysctl.get("name").and_then(Node::as_str) else { continue };
        if !r.profile().lists(parameters::SAFE_SYSCTLS, name) {
            let item = list.item(sysctls.items(), index);
            r.report(item.key("name"), format!("sysctl `{name}` is not one of the safe ones"))
                .unsafe_fix([remove(&item)]);
        }
    }
}
