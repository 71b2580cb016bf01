use std::collections::BTreeMap;

use crate::path::FieldPath;
use crate::policy::kinds::is_of_kubernetes;
use crate::policy::{Check, Level, Levels, Object, Profile, Release, Reporter, declare_rule, parameters};

declare_rule! {
    /// Nobody here defines the kind of a custom resource.
    ///
    /// ## Why
    /// Objects of other groups than Kubernetes' own are judged by the schema in their custom resource definition. Without one
    /// nothing is said of them, and whether the cluster has it is not known. Each kind is told once.
    ///
    /// ```yaml bad
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: ServiceMonitor
    /// metadata:
    ///   name: web
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: apiextensions.k8s.io/v1
    ///     kind: CustomResourceDefinition
    ///     metadata:
    ///       name: shops.example.com
    ///     spec:
    ///       group: example.com
    ///       scope: Namespaced
    ///       names: {plural: shops, kind: Shop}
    ///       versions:
    ///         - name: v1
    ///           served: true
    ///           storage: true
    ///           schema:
    ///             openAPIV3Schema: {type: object}
    ///   - apiVersion: example.com/v1
    ///     kind: Shop
    ///     metadata:
    ///       name: web
    /// ```
    ///
    /// ## Fix
    /// Pass the definition with `--crd`, or allow the rule.
    "API107" "undefined-kind" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["Plimsoll: what is not judged is told"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let versions = release.subject.api_answers();
    let mut kinds: BTreeMap<String, (&Object<'_>, usize)> = BTreeMap::new();
    for (at, object) in release.asked() {
        let answers = || versions.iter().filter_map(|version| version.answers.get(at));
        let is_undefined = answers().any(|answer| answer.code == 0 && !answer.is_defined);
        if is_undefined && object.id.api_version.contains('/') && !is_of_kubernetes(object) {
            kinds.entry(object.kind()).or_insert((object, 0)).1 += 1;
        }
    }
    for (object, count) in kinds.into_values() {
        let (version, kind) = (&object.id.api_version, &object.id.kind);
        let objects =
            if count == 1 { "its object is".to_owned() } else { format!("its {count} objects are") };
        let message = format!("nobody here defines {version} {kind}: {objects} not judged");
        let known = well_known(r.profile(), version).map(str::to_owned);
        let finding = r.report_on(object, FieldPath::root().key("kind"), message);
        if let Some(place) = known {
            finding.help(format!("pass the definition with `--crd`; it is at {place}"));
        }
    }
}

/// Where the definitions of a group are.
fn well_known<'a>(profile: &'a Profile, api_version: &str) -> Option<&'a str> {
    let group = api_version.split('/').next()?;
    let known = profile.list(parameters::WELL_KNOWN_DEFINITIONS).iter();
    let (_, place) = known.filter_map(|line| line.split_once(' ')).find(|(own, _)| {
        group.strip_suffix(own).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })?;
    Some(place)
}
