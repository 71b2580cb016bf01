use super::parts;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};
use crate::yaml::Node;

use super::bad_instance_type::Instance;

declare_rule! {
    /// On several nodes each pod that takes GPUs should take all those of a node.
    ///
    /// ## Why
    /// On clusters that join nodes by NVLink, the pods of an instance share one domain. It is made for pods that have a node
    /// to themselves.
    ///
    /// ```request gpus bad
    /// gpuSpecification:
    ///   gpu: H100
    ///   instanceType: AWS.GPU.H100_8x.x2
    /// ```
    /// ```request gpus good
    /// gpuSpecification:
    ///   gpu: H100
    ///   instanceType: AWS.GPU.H100_4x.x2
    /// ```
    ///
    /// ## Fix
    /// Let each pod ask for as many GPUs as the instance type has on a node, and set replicas to the number of nodes.
    "REQ113" "partial-node" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["page: NVLink-optimized clusters, each pod requests a full node of GPUs"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = &release.subject.request else { return };
    let parts = request.parts();
    let names = parts.iter().filter_map(|(node, _)| node.get("instanceType")?.as_str());
    let instances: Vec<Instance> = names.filter_map(Instance::parse).filter(|it| it.nodes > 1).collect();
    let Some(most) = instances.iter().map(|instance| instance.gpus).max() else { return };
    for pod in release.pod_specs() {
        let gpus = parts::gpus(&pod, r.profile());
        if gpus > 0 && gpus < most {
            let taker = pod.each_container().find(|container| {
                container.at(&["resources"]).is_some_and(|node| !Node::entries(node).is_empty())
            });
            let path = taker.map_or(pod.path_of("containers"), |container| container.path_of(&["resources"]));
            r.report_on(pod.object, path, format!("each pod takes {gpus} of the {most} GPUs of a node"));
        }
    }
}
