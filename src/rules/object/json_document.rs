use crate::diagnostic::Applicability;
use crate::kubernetes::find_kind;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, set};
use crate::yaml::Node;

declare_rule! {
    /// Objects of kinds that are not Kubernetes' own must not be written in JSON.
    ///
    /// ## Why
    /// The service reads such an object only as YAML; in JSON it fails with a message about the kind, whatever the
    /// validation policy allows.
    ///
    /// ```yaml bad extra
    /// {"apiVersion": "nvidia.com/v1alpha1", "kind": "DynamoGraphDeployment", "metadata": {"name": "graph"}}
    /// ```
    /// ```yaml good
    /// {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}}
    /// ```
    ///
    /// ## Fix
    /// Print the object with `toYaml`.
    "OBJ114" "json-document" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Safe),
        sources: &["service: decode"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    for document in release.documents() {
        let text = document.text(&release.subject.text).trim_start();
        let field = |name: &str| document.node.get(name).and_then(Node::as_str).unwrap_or_default();
        let (api_version, kind) = (field("apiVersion"), field("kind"));
        if text.starts_with('{') && !kind.is_empty() && find_kind(api_version, kind).is_none() {
            let offset = document.start + document.node.span.start as usize;
            r.report_text(offset, format!("{api_version}/{kind} is written in JSON, it must be YAML"))
                .fix([set(&FieldPath::root(), document.node.to_json())]);
        }
    }
}
