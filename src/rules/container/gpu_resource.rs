use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, parameters};
use crate::yaml::Node;

declare_rule! {
    /// GPUs are asked for by a resource name that the platform knows.
    ///
    /// ## Why
    /// The platform counts, swaps and places by these names. A GPU under another name is not counted, and no node offers
    /// it.
    ///
    /// ```yaml bad
    /// resources:
    ///   limits:
    ///     nvidia.com/gpus: 1
    /// ```
    /// ```yaml good
    /// resources:
    ///   limits:
    ///     nvidia.com/gpu: 1
    /// ```
    ///
    /// ## Fix
    /// Ask for `nvidia.com/gpu`.
    "CTR117" "gpu-resource" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["page: nvidia.com/gpu if required", "agent: enforcement webhook"],
        check: Check::AnyContainer(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let known = r.profile().list(parameters::GPU_RESOURCES);
    let is_known = |name: &str| {
        known
            .iter()
            .any(|known| known.strip_suffix('*').map_or(known == name, |start| name.starts_with(start)))
    };
    for part in ["limits", "requests"] {
        let resources = container.at(&["resources", part]).map_or(&[][..], Node::entries);
        for resource in resources.iter().filter(|resource| looks_like_gpu(&resource.key)) {
            if !is_known(&resource.key) {
                let path = container.path_of(&["resources", part, &resource.key]);
                let message = format!("`{}` is no GPU resource that the platform knows", resource.key);
                r.report(path, message);
            }
        }
    }
}

/// Whether a resource is meant to be a GPU.
fn looks_like_gpu(name: &str) -> bool {
    let (domain, resource) = name.split_once('/').unwrap_or(("", name));
    resource.contains("gpu")
        || resource.contains("mig-")
        || (domain == "nvidia.com" && resource.starts_with("mig"))
}
