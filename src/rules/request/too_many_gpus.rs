use super::parts;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};
use crate::yaml::Node;

use super::bad_instance_type::Instance;

declare_rule! {
    /// The pods of a release may take as many GPUs as the instance has.
    ///
    /// ## Why
    /// The agent sets a quota of GPUs for each instance: those of a node times the number of nodes, as the instance type
    /// says. Pods beyond it, replicas counted, never start.
    ///
    /// ```request gpus bad
    /// gpuSpecification:
    ///   gpu: H100
    ///   instanceType: AWS.GPU.H100_2x
    /// ```
    /// ```request gpus good
    /// gpuSpecification:
    ///   gpu: H100
    ///   instanceType: AWS.GPU.H100_8x.x2
    /// ```
    ///
    /// ## Fix
    /// Ask for fewer GPUs or replicas, or for a larger instance type.
    "REQ112" "too-many-gpus" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Kubernetes: ResourceQuota max-gpus that the agent sets"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = &release.subject.request else { return };
    let profile = r.profile();
    let of_pod = |pod| parts::gpus(&pod, profile).saturating_mul(parts::replicas(&pod));
    let total = release.pod_specs().map(of_pod).fold(0, i64::saturating_add);
    for (node, path) in request.parts() {
        let Some(name) = node.get("instanceType").and_then(Node::as_str) else { continue };
        let Some(instance) = Instance::parse(name) else { continue };
        let there = instance.gpus.saturating_mul(instance.nodes);
        if total > there {
            let message = format!("the release takes {total} GPUs, an instance `{name}` has {there}");
            r.report_field(&request.body, path.key("instanceType"), message);
        }
    }
}
