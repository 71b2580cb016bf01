//! `bad-instance-type`

use crate::policy::{Check, Level, Release, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// An instance type is written as `PROVIDER.GPU.NAME_Nx`, with `.xM` behind it for M nodes.
    ///
    /// ## Why
    /// The control plane compares it with the types that clusters registered, and agents write them so. There is no `.x1`:
    /// one node has nothing behind the number of GPUs.
    ///
    /// ```request bad
    /// deploymentSpecifications:
    ///   - gpu: H100
    ///     instanceType: GPU.H100_1x
    /// ```
    /// ```request good
    /// deploymentSpecifications:
    ///   - gpu: H100
    ///     instanceType: DGX-CLOUD.GPU.H100_8x.x2
    /// ```
    ///
    /// ## Fix
    /// Write it as the list of the cluster's instance types does.
    "REQ108" "bad-instance-type" {
        catalogue: &["NVCF036"],
        levels: [Level::Error, Level::Warning, Level::Error],
        fix: None,
        sources: &[
            "page: <CSP>.GPU.<GPU_NAME>_<number of gpus per node>x[.x<number of nodes>]",
            "agent: names of instance types",
        ],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = &release.subject.request else { return };
    for (node, path) in super::deployments(request) {
        let Some(name) = node.get("instanceType").and_then(Node::as_str) else { continue };
        if let Err(why) = parse(name) {
            let message = format!("instance type `{name}` {why}");
            r.report_field(&request.body, path.key("instanceType"), message);
        }
    }
}

/// The providers that agents name.
const PROVIDERS: [&str; 7] = ["ON-PREM", "AWS", "GCP", "OCI", "AZURE", "DGX-CLOUD", "NCP"];

fn parse(name: &str) -> Result<(), String> {
    if name.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    let (provider, rest) =
        name.split_once(".GPU.").ok_or("has no PROVIDER.GPU. before the name of the GPU")?;
    let (gpu, amount) = rest.rsplit_once('_').ok_or("has no number of GPUs, such as _8x")?;
    if gpu.is_empty() || !gpu.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err("has no name of a GPU".to_owned());
    }
    let (gpus, nodes) = amount.split_once(".x").map_or((amount, None), |(gpus, nodes)| (gpus, Some(nodes)));
    let positive = |text: &str| text.parse::<u32>().is_ok_and(|number| number > 0) && !text.starts_with('0');
    if !gpus.strip_suffix('x').is_some_and(positive) {
        return Err(format!("has `_{amount}` for the number of GPUs, it must be as _8x"));
    }
    if nodes.is_some_and(|nodes| nodes == "1" || !positive(nodes)) {
        return Err("must have 2 nodes or more behind .x, or nothing".to_owned());
    }
    if !PROVIDERS.iter().any(|known| known.eq_ignore_ascii_case(provider)) {
        return Err(format!("begins with {provider}; agents register {}", PROVIDERS.join(", ")));
    }
    Ok(())
}
