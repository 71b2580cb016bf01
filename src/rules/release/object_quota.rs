use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, parameters};
use crate::yaml::Node;

declare_rule! {
    /// The self-managed stack limits how many objects of a kind there may be.
    ///
    /// ## Why
    /// The quota is far below 300, and the platform's own objects count too. What is beyond it is refused when the release
    /// is applied.
    ///
    /// ```yaml bad quota
    /// Job 11
    /// ```
    /// ```yaml good quota
    /// Job 10
    /// ```
    ///
    /// ## Fix
    /// Merge objects of the kind, or split the chart.
    "REL105" "object-quota" {
        levels: Levels { documented: Level::Warning, service: Level::Error, strict: Level::Error },
        fix: None,
        sources: &["Kubernetes: ResourceQuota max-objects of the self-managed stack"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    for (kind, limit) in r.profile().numbers(parameters::OBJECT_QUOTAS) {
        let limit = usize::try_from(limit).unwrap_or_default();
        let mut objects = release.objects().filter(|object| object.id.kind == kind);
        let count = objects.clone().count();
        if let Some(first) = objects.nth(limit) {
            let message = format!("release has {count} of {kind}, the quota is {limit}");
            r.report_on(first, FieldPath::root().key("kind"), message);
        } else if kind == "Pod" {
            pods_of_workloads(release, limit, r);
        }
    }
}

/// Pods count whoever makes them: replicas too.
fn pods_of_workloads(release: &Release<'_>, limit: usize, r: &mut Reporter<'_>) {
    let mut count = 0_usize;
    for pod in release.pod_specs() {
        let replicas = pod.object.node.at(&["spec", "replicas"]).and_then(Node::as_i64).unwrap_or(1);
        let before = count;
        count = count.saturating_add(usize::try_from(replicas).unwrap_or_default());
        if before <= limit && count > limit {
            let path = FieldPath::root().keys(&["spec", "replicas"]);
            r.report_on(
                pod.object,
                path,
                format!("workloads run {count} pods and more, the quota is {limit}"),
            );
        }
    }
}
