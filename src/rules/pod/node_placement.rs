use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule, remove};

declare_rule! {
    /// Where a pod runs is the platform's choice.
    ///
    /// ## Why
    /// The service removes nodeSelector, nodeName and node affinity, and the agent sets its own by instance type.
    ///
    /// ```yaml bad
    /// nodeSelector:
    ///   disk: fast
    /// ```
    /// ```yaml good
    /// tolerations: []
    /// ```
    ///
    /// ## Fix
    /// Remove it, and choose the instance type in the request.
    "POD108" "node-placement" {
        levels: Levels::all(Level::Advice),
        fix: Some(Applicability::Safe),
        sources: &["page: NVCF may automatically modify certain objects", "service: sanitizePodSpec"],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    for route in [&["nodeSelector"][..], &["nodeName"], &["affinity", "nodeAffinity"]] {
        let Some(node) = pod.spec.node.at(route) else { continue };
        let empty = node.entries().is_empty() && node.as_str().unwrap_or_default().is_empty();
        if !empty {
            let path = pod.spec.path.keys(route);
            r.report(path.clone(), format!("{} is removed by the platform", route.join(".")))
                .fix([remove(&path)]);
        }
    }
}
