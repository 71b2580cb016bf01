use crate::diagnostic::Severity;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// An instance type is written as `PROVIDER.GPU.NAME_Nx`, with `.xM` behind it for M nodes.
    ///
    /// ## Why
    /// The control plane compares it with the types that clusters registered, and agents write them so. There is no `.x1`:
    /// one node has nothing behind the number of GPUs.
    ///
    /// ```request bad
    /// gpuSpecification:
    ///   gpu: H100
    ///   instanceType: GPU.H100_1x
    /// ```
    /// ```request good
    /// gpuSpecification:
    ///   gpu: H100
    ///   instanceType: DGX-CLOUD.GPU.H100_8x.x2
    /// ```
    ///
    /// ## Fix
    /// Write it as the list of the cluster's instance types does.
    "REQ108" "bad-instance-type" {
        levels: Levels { documented: Level::Error, service: Level::Warning, strict: Level::Error },
        lowered_to: Some(Severity::Warning),
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
    for (node, path) in request.parts() {
        let Some(name) = node.get("instanceType").and_then(Node::as_str) else { continue };
        let at = path.key("instanceType");
        match parse(name) {
            Err(why) => {
                r.report_field(&request.body, at, format!("instance type `{name}` {why}"));
            }
            Ok(instance) => {
                let known = |provider: &&str| provider.eq_ignore_ascii_case(instance.provider);
                let message = if !PROVIDERS.iter().any(known) {
                    format!("begins with {}; agents register {}", instance.provider, PROVIDERS.join(", "))
                } else if instance.says_nodes && instance.nodes < 2 {
                    "has one node behind .x, for which no type is registered".to_owned()
                } else {
                    continue;
                };
                let message = format!("instance type `{name}` {message}");
                r.report_field(&request.body, at, message).lowered();
            }
        }
    }
}

/// What an instance type says.
pub(super) struct Instance<'a> {
    provider: &'a str,
    /// The GPUs of a node.
    pub gpus: i64,
    /// The nodes, 1 where none are said.
    pub nodes: i64,
    says_nodes: bool,
}

impl Instance<'_> {
    /// Reads the name of an instance type.
    pub fn parse(name: &str) -> Option<Instance<'_>> {
        parse(name).ok()
    }
}

/// The providers that agents name.
const PROVIDERS: [&str; 7] = ["ON-PREM", "AWS", "GCP", "OCI", "AZURE", "DGX-CLOUD", "NCP"];

/// Reads `PROVIDER.GPU.NAME_Nx` with `.xM` behind it or not. Control plane and agent compare without regard to case.
fn parse(name: &str) -> Result<Instance<'_>, String> {
    if name.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    let mut parts = name.splitn(3, '.');
    let (Some(provider), Some(word), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("is not as PROVIDER.GPU.NAME_8x".to_owned());
    };
    if provider.is_empty() || !word.eq_ignore_ascii_case("GPU") {
        return Err("has no PROVIDER.GPU. before the name of the GPU".to_owned());
    }
    let (gpu, amount) = rest.rsplit_once('_').ok_or("has no number of GPUs, such as _8x")?;
    if gpu.is_empty() || !gpu.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err("has no name of a GPU".to_owned());
    }
    let lower = amount.to_ascii_lowercase();
    let (gpus, nodes) = lower.split_once(".x").map_or((&*lower, None), |(gpus, nodes)| (gpus, Some(nodes)));
    let positive =
        |text: &str| text.parse().ok().filter(|number: &i64| *number > 0 && !text.starts_with(['0', '+']));
    let Some(gpus) = gpus.strip_suffix('x').and_then(positive) else {
        return Err(format!("has `_{amount}` for the number of GPUs, it must be as _8x"));
    };
    let says_nodes = nodes.is_some();
    let Some(nodes) = nodes.map_or(Some(1), positive) else {
        return Err("must have 2 nodes or more behind .x, or nothing".to_owned());
    };
    Ok(Instance { provider, gpus, nodes, says_nodes })
}
