use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, labels_of};
use crate::yaml::Node;

use super::parts::matches;

declare_rule! {
    /// A PodDisruptionBudget should select a pod of the release.
    ///
    /// ## Why
    /// A budget that selects no pods protects none. Nothing is said where the release has custom resources, whose controllers
    /// may make the pods, or has no pods at all.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: policy/v1
    ///     kind: PodDisruptionBudget
    ///     metadata: {name: web}
    ///     spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
    ///   - apiVersion: v1
    ///     kind: Pod
    ///     metadata: {name: web, labels: {app: website}}
    ///     spec: {containers: [{name: main, image: "web:1"}]}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: policy/v1
    ///     kind: PodDisruptionBudget
    ///     metadata: {name: web}
    ///     spec: {minAvailable: 1, selector: {matchExpressions: [{key: app, operator: In, values: [web]}]}}
    ///   - apiVersion: v1
    ///     kind: Pod
    ///     metadata: {name: web, labels: {app: web}}
    ///     spec: {containers: [{name: main, image: "web:1"}]}
    /// ```
    ///
    /// ## Fix
    /// Write labels that the template of the pods has.
    "REF105" "idle-disruption-budget" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["Plimsoll: references between the objects of a release"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let parts = release.parts();
    if parts.pods().is_empty() || !parts.is_whole() {
        return;
    }
    for budget in parts.objects().filter(|object| object.id.kind == "PodDisruptionBudget") {
        let Some(selector) = budget.node.at(&["spec", "selector"]) else { continue };
        let labels = selector.get("matchLabels").map_or(&[][..], Node::entries);
        let is_written = labels.iter().all(|entry| parts.is_written(&entry.key));
        let mut pods = parts.labelled(budget, labels).into_iter();
        if is_written && !pods.any(|pod| matches(labels_of(pod), selector)) {
            let path = FieldPath::root().keys(&["spec", "selector"]);
            r.report_on(budget, path, "the budget selects no pod of the release");
        }
    }
}
