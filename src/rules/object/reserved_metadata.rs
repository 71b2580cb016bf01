use crate::diagnostic::{Applicability, Severity};
use crate::manifest::workload;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule, parameters, remove};
use crate::yaml::{Entry, Node};

declare_rule! {
    /// Labels and annotations that the platform sets are overwritten.
    ///
    /// ## Why
    /// They say whose function a pod is, and the platform's word goes before the chart's. The annotation
    /// `nvca.nvcf.nvidia.io/nvca-infra-object` would make a pod pass for one of the platform's own.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   annotations:
    ///     nvca.nvcf.nvidia.io/nvca-infra-object: "true"
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   labels:
    ///     app: settings
    /// ```
    ///
    /// ## Fix
    /// Remove the label or annotation.
    "OBJ108" "reserved-metadata" {
        levels: Levels::all(Level::Error),
        lowered_to: Some(Severity::Warning),
        fix: Some(Applicability::Safe),
        sources: &["agent: overwrites its own labels and annotations"],
        check: Check::Object(check),
    }
}

const INFRASTRUCTURE: &str = "nvca.nvcf.nvidia.io/nvca-infra-object";

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    look(object.node.get("metadata"), &FieldPath::root().key("metadata"), &[], r);
    if object.id.kind == "Pod" {
        return;
    }
    if let Some(pod) = workload::pod_spec(object.node) {
        let selected = object.node.at(&["spec", "selector", "matchLabels"]).map_or(&[][..], Node::entries);
        look(pod.metadata, &pod.metadata_path, selected, r);
    }
}

/// Labels that the object's own selector asks for cannot be removed alone.
fn look(metadata: Option<&Node>, at: &FieldPath, selected: &[Entry], r: &mut Reporter<'_>) {
    for part in ["labels", "annotations"] {
        for entry in metadata.and_then(|node| node.get(part)).map_or(&[][..], Node::entries) {
            let key = entry.key.as_str();
            let prefixed = r
                .profile()
                .list(parameters::RESERVED_METADATA_PREFIXES)
                .iter()
                .any(|start| key.starts_with(start));
            if !prefixed && !r.profile().lists(parameters::RESERVED_METADATA, key) {
                continue;
            }
            let path = at.key(part).key(key);
            let message = format!("the platform sets `{key}` itself");
            let mut finding = r.report(path.clone(), message);
            if key != INFRASTRUCTURE {
                finding = finding.lowered();
            }
            if part != "labels" || !selected.iter().any(|label| label.key == key) {
                finding.fix([remove(&path)]);
            }
        }
    }
}
