use crate::diagnostic::Applicability;
use crate::policy::{Check, Container, Level, Levels, PodSpec, Reporter, declare_rule, remove};
use crate::yaml::Node;

declare_rule! {
    /// The security context of a pod must be good in itself, not only overridden by its containers.
    ///
    /// ## Why
    /// The service looks at what holds for each container, and does not see a pod that allows root where every container
    /// forbids it. The pod security standards forbid the pod's setting itself.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   runAsNonRoot: false
    /// containers:
    ///   - name: main
    ///     image: registry.example.com/app:1.0
    ///     resources: {limits: {cpu: "1", memory: 1Gi}}
    ///     securityContext:
    ///       allowPrivilegeEscalation: false
    ///       readOnlyRootFilesystem: true
    ///       runAsNonRoot: true
    ///       capabilities: {drop: [ALL]}
    ///       seccompProfile: {type: RuntimeDefault}
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   runAsNonRoot: true
    /// ```
    ///
    /// ## Fix
    /// Remove the field from the pod, or set it as the containers do.
    "POD107" "masked-pod-security" {
        levels: Levels { documented: Level::Warning, service: Level::Advice, strict: Level::Warning },
        fix: Some(Applicability::Safe),
        sources: &["page: conform to the Baseline and Restricted policies"],
        check: Check::PodSpec(check),
    }
}

/// Whether the pod's own value is forbidden.
type Test = fn(&Node) -> bool;

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    let bad: [(&str, Test); 3] = [
        ("runAsNonRoot", |node| node.as_bool() == Some(false)),
        ("runAsUser", |node| node.as_i64() == Some(0)),
        ("seccompProfile", |node| node.get("type").and_then(Node::as_str) == Some("Unconfined")),
    ];
    for (field, is_bad) in bad {
        let Some(node) = pod.spec.node.at(&["securityContext", field]).filter(|node| is_bad(node)) else {
            continue;
        };
        let mut judged = pod.each_container().filter(Container::is_judged).peekable();
        // Where it holds for a container, the rule about containers says so.
        let masked = judged.peek().is_some()
            && judged
                .all(|container| container.security(field).is_some_and(|(own, _)| !std::ptr::eq(own, node)));
        if masked {
            let path = pod.spec.path.keys(&["securityContext", field]);
            let message =
                format!("{field} of the pod is hidden by its containers, and forbidden all the same");
            r.report(path.clone(), message).fix([remove(&path)]);
        }
    }
}
