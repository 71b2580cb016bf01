use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Release, Reporter, Request, declare_rule};
use crate::yaml::{Data, Node};

declare_rule! {
    /// A validation policy has one of two names, and names kinds in full.
    ///
    /// ## Why
    /// The control plane takes `Default` and `Unrestricted`, and kinds with group, version and kind. It hands the policy on;
    /// the service goes by the policy of the cluster.
    ///
    /// ```request bad
    /// gpuSpecification:
    ///   gpu: H100
    ///   instanceType: AWS.GPU.H100_1x
    ///   helmValidationPolicy:
    ///     name: Anything
    /// ```
    /// ```request good
    /// helmValidationPolicy:
    ///   name: Default
    ///   extraKubernetesTypes:
    ///     - group: nvidia.com
    ///       version: v1alpha1
    ///       kind: DynamoGraphDeployment
    /// ```
    ///
    /// ## Fix
    /// Name `Default` or `Unrestricted`, and give each kind its group, version and kind.
    "REQ110" "bad-validation-policy" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["control plane: validation of helmValidationPolicy"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = &release.subject.request else { return };
    for (node, path) in request.parts() {
        if let Some(policy) = node.get("helmValidationPolicy").filter(|node| !node.is_null()) {
            look(request, policy, &path.key("helmValidationPolicy"), r);
        }
    }
}

fn look(request: &Request, policy: &Node, path: &FieldPath, r: &mut Reporter<'_>) {
    let name = policy.get("name").and_then(Node::as_str).unwrap_or_default();
    if !matches!(name, "Default" | "Unrestricted") {
        let message = format!("validation policy is `{name}`, it must be Default or Unrestricted");
        r.report_field(&request.body, path.key("name"), message);
    }
    let Some(kinds) = policy.get("extraKubernetesTypes").filter(|node| !node.is_null()) else { return };
    let list = path.key("extraKubernetesTypes");
    if !matches!(&kinds.data, Data::Seq(items) if !items.is_empty()) {
        r.report_field(&request.body, list.clone(), "extraKubernetesTypes is empty, leave it out");
    }
    for (index, kind) in kinds.items().iter().enumerate() {
        let blank =
            |field: &&str| kind.get(field).and_then(Node::as_str).is_none_or(|text| text.trim().is_empty());
        let missing: Vec<&str> = ["group", "version", "kind"].into_iter().filter(blank).collect();
        if !missing.is_empty() {
            let message = format!("kind has no {}", missing.join(", "));
            r.report_field(&request.body, list.index(index), message);
        }
    }
}
