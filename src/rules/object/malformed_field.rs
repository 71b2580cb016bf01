//! `malformed-field`

use serde_json::Value as Json;

use crate::diagnostic::Applicability;
use crate::kubernetes::{find_kind, typed};
use crate::path::FieldPath;
use crate::policy::{Check, Level, Object, Reporter, declare_rule, set};
use crate::yaml::{Data, Node};

declare_rule! {
    /// Every field must be of the type that Kubernetes gives it.
    ///
    /// ## Why
    /// The service cannot read an object with a number where a string belongs, takes it for one of an unknown kind and says
    /// `unsupported types: ["core/v1.Pod"]`, which misleads. An environment variable whose value is not in quotes is the
    /// usual cause.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   port: 8000
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   port: "8000"
    /// ```
    ///
    /// ## Fix
    /// Put the value in quotes, in a template with `quote`.
    "OBJ112" "malformed-field" {
        catalogue: &["NVCF055"],
        levels: [Level::Error, Level::Error, Level::Error],
        fix: Some(Applicability::Safe),
        sources: &["service: decode takes it for an unknown kind", "Kubernetes: refuses it"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    if !r.profile().lists("allowed-kinds", &object.kind()) {
        return;
    }
    let Some(kind) = find_kind(&object.id.api_version, &object.id.kind) else { return };
    for mismatch in typed::mismatches(kind, &object.node.to_json()) {
        let Ok(path) = mismatch.path.parse::<FieldPath>() else { continue };
        let node = path.lookup(object.node);
        let message = format!("{} is {}, it must be {}", mismatch.path, mismatch.found, mismatch.wanted);
        let written = node.and_then(|node| object.document.written(&r.subject().text, node));
        let meant = node.and_then(|node| meant(node, written, mismatch.wanted));
        let finding = r.report(path.clone(), message);
        if let Some(value) = meant {
            finding.fix([set(&path, value)]);
        }
    }
}

/// The value that was meant, where only quotes are missing or too many: a number or boolean stands in quotes as it is
/// written, so that `1.10` stays so.
fn meant(node: &Node, written: Option<&str>, wanted: &str) -> Option<Json> {
    match (&node.data, wanted) {
        (Data::Bool(_) | Data::Int(_) | Data::Uint(_) | Data::Float(_), "a string") => Some(written?.into()),
        (Data::String(text), "an integer") => text.parse::<i64>().ok().map(Json::from),
        (Data::String(text), "a boolean") => text.parse::<bool>().ok().map(Json::from),
        _ => None,
    }
}
