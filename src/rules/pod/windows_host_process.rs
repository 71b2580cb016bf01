use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule, remove};
use crate::yaml::Node;

declare_rule! {
    /// Pods and containers must not run as processes of a Windows node.
    ///
    /// ## Why
    /// A host process has the node's rights. The Baseline pod security standard, to which the page holds charts, forbids it;
    /// the service does not look.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   windowsOptions:
    ///     hostProcess: true
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   windowsOptions:
    ///     hostProcess: false
    /// ```
    ///
    /// ## Fix
    /// Remove `hostProcess`.
    "POD105" "windows-host-process" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Warning },
        fix: Some(Applicability::Unsafe),
        sources: &["page: conform to the Baseline and Restricted policies"],
        check: Check::PodSpec(check),
    }
}

const ROUTE: [&str; 3] = ["securityContext", "windowsOptions", "hostProcess"];

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    let at_pod = pod.spec.node.at(&ROUTE).map(|node| (node, pod.spec.path.keys(&ROUTE)));
    let at_containers = pod.each_container().filter_map(|c| Some((c.at(&ROUTE)?, c.path_of(&ROUTE))));
    for (node, path) in at_pod.into_iter().chain(at_containers) {
        if Node::as_bool(node) == Some(true) {
            r.report(path.clone(), "hostProcess is true, it must be unset or false")
                .unsafe_fix([remove(&path)]);
        }
    }
}
