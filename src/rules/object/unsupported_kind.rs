use crate::manifest::workload;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule, parameters};

declare_rule! {
    /// Objects must be of a kind that the platform supports, in exactly the version that it supports.
    ///
    /// ## Why
    /// One unsupported object and the service refuses the whole release, in every configuration and under every validation
    /// policy.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: web
    /// ```
    ///
    /// ## Fix
    /// Remove the object, best behind a switch in the values; the platform brings its own ingress, scaling and network
    /// policies.
    "OBJ101" "unsupported-kind" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["page: others will be rejected", "service: checkTypes"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    let id = &object.id;
    let untyped = id.kind.is_empty() || id.api_version.is_empty();
    // Definitions of resources and lists have rules of their own.
    if untyped || id.kind == "CustomResourceDefinition" || workload::is_list(object.node) {
        return;
    }
    let kind = object.kind();
    if r.profile().lists(parameters::ALLOWED_KINDS, &kind) || r.subject().extra_kinds.contains(&kind) {
        return;
    }
    let path = FieldPath::root().key("kind");
    if r.profile().lists(parameters::ADDON_KINDS, &kind) {
        let help = format!("pass --validation-extra-type {kind} if the cluster's policy allows it");
        r.report(path, format!("{kind} is supported on clusters with the add-on only")).help(help);
        return;
    }
    let same_kind = |allowed: &&String| allowed.rsplit('/').next() == Some(id.kind.as_str());
    match r.profile().list(parameters::ALLOWED_KINDS).iter().find(same_kind) {
        Some(allowed) => {
            let help = format!(
                "write `apiVersion: {}`",
                allowed.rsplit_once('/').map_or("", |(version, _)| version)
            );
            r.report(path, format!("{kind} is not supported, {allowed} is")).help(help);
        }
        None => drop(r.report(path, format!("{kind} is not supported"))),
    }
}
