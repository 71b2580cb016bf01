use crate::diagnostic::Severity;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule, parameters};
use crate::yaml::{self, Data, Node};

declare_rule! {
    /// The ConfigMap `nvcf-workload-config` must hold settings that the agent understands.
    ///
    /// ## Why
    /// The agent takes this ConfigMap out of the release and reads flags from its key `config.yaml`. What is no YAML, or no
    /// boolean, ends the installation; what it does not know it ignores.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: nvcf-workload-config
    /// data:
    ///   config.yaml: |
    ///     featureFlags:
    ///       StatusByWorkerReadiness: "sometimes"
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: nvcf-workload-config
    /// data:
    ///   config.yaml: |
    ///     featureFlags:
    ///       StatusByWorkerReadiness: true
    /// ```
    ///
    /// ## Fix
    /// Write `featureFlags: {StatusByWorkerReadiness: true}` under the key `config.yaml`.
    "OBJ109" "workload-config" {
        levels: Levels::all(Level::Error),
        lowered_to: Some(Severity::Warning),
        fix: None,
        sources: &["agent: reads flags from the ConfigMap nvcf-workload-config"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    if !object.is("v1", "ConfigMap") || object.id.name != "nvcf-workload-config" {
        return;
    }
    let path = FieldPath::root().key("data").key("config.yaml");
    let text = object.node.at(&["data", "config.yaml"]).and_then(Node::as_str).unwrap_or_default();
    if text.trim().is_empty() {
        r.report(path, "`config.yaml` is missing or empty, the ConfigMap has no effect").lowered();
        return;
    }
    let node = match yaml::parse(text) {
        Ok(node) => node,
        Err(error) => {
            r.report(path, format!("`config.yaml` is not YAML: {}", error.message()));
            return;
        }
    };
    let flags = node.get("featureFlags").filter(|flags| !flags.is_null());
    let bad = [Some(&node), flags]
        .into_iter()
        .flatten()
        .find(|node| !matches!(node.data, Data::Map(_) | Data::Null));
    if let Some(bad) = bad {
        r.report(
            path,
            format!("`config.yaml` must be a map with a map of featureFlags, not {}", bad.kind_name()),
        );
        return;
    }
    for flag in node.get("featureFlags").map_or(&[][..], Node::entries) {
        if !matches!(flag.value.data, Data::Bool(_) | Data::Null) {
            let message =
                format!("flag `{}` is {}, it must be true or false", flag.key, flag.value.kind_name());
            r.report(path.clone(), message);
        } else if !r.profile().lists(parameters::WORKLOAD_FLAGS, &flag.key) {
            let message = format!("flag `{}` is unknown and has no effect", flag.key);
            r.report(path.clone(), message).lowered();
        }
    }
}
