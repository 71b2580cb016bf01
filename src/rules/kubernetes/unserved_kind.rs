use crate::apiserver::known::Known;
use crate::apiserver::{Definitions, answer};
use crate::diagnostic::{Applicability, Edit};
use crate::path::FieldPath;
use crate::policy::answers::in_words;
use crate::policy::kinds::is_of_kubernetes;
use crate::policy::{Check, Level, Levels, Object, Release, Reporter, declare_rule};
use crate::yaml::{self, Data, Node};

declare_rule! {
    /// The server knows no such version of a kind of Kubernetes' own.
    ///
    /// ## Why
    /// An object whose `apiVersion` and `kind` the server does not serve cannot be created. Old versions of an API are
    /// removed some time after they are deprecated; alpha and beta versions are off unless the cluster turns them on.
    ///
    /// Of other groups those kinds are judged whose custom resource definition is in the release or named with `--crd`.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1beta1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// ```
    ///
    /// ## Fix
    /// Write a version that the cluster serves; where there is a successor, the finding names it. Where the object means the
    /// same in the successor and every server that was asked takes it, `plimsoll patch` writes its `apiVersion`.
    "API101" "unserved-kind" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Safe),
        sources: &["Kubernetes: the discovery document of each version"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let versions = release.subject.api_answers();
    for (at, object) in release.asked() {
        let is_unserved =
            |answers: &[crate::apiserver::Answer]| answers.get(at).is_some_and(|answer| answer.code == 0);
        let minors: Vec<u32> = versions
            .iter()
            .filter(|version| is_unserved(&version.answers))
            .map(|version| version.minor)
            .collect();
        let Some(newest) = minors.last() else { continue };
        if versions.iter().any(|version| version.answers.get(at).is_some_and(|answer| answer.is_defined)) {
            let (version, kind) = (&object.id.api_version, &object.id.kind);
            let message = format!("the definition of {kind} serves no {version}");
            r.report_on(object, FieldPath::root().key("apiVersion"), message);
        } else if is_of_kubernetes(object) {
            tell(object, &minors, *newest, r);
        }
    }
}

fn tell(object: &Object<'_>, minors: &[u32], newest: u32, r: &mut Reporter<'_>) {
    let (version, kind) = (&object.id.api_version, &object.id.kind);
    let known = Known::of(newest).kind(version, kind);
    let removed = known.and_then(|kind| kind.removed).filter(|removed| *removed <= newest);
    // The same words for each version that it is gone from.
    let message = match removed {
        Some(removed) => format!("{version} {kind} is gone since Kubernetes 1.{removed}"),
        None => format!("{} does not serve {version} {kind}", in_words(minors)),
    };
    let path = FieldPath::root().key("apiVersion");
    let finding = r.report_on(object, path.clone(), message);
    let Some((successor, new_kind)) = known.and_then(|kind| kind.replacement) else { return };
    if new_kind == kind
        && means_the_same(object)
        && minors.iter().all(|minor| is_taken(object, successor, *minor))
    {
        let value = successor.into();
        finding.help(format!("write {successor}")).fix([Edit::Set { path, value }]);
    } else {
        finding.help(format!("write {new_kind} of {successor}, and compare its fields"));
    }
}

/// Kinds whose fields and defaults are the same in the successor of the version.
const SAME: [&str; 20] = [
    "apiregistration.k8s.io/v1beta1/APIService",
    "autoscaling/v2beta2/HorizontalPodAutoscaler",
    "batch/v1beta1/CronJob",
    "coordination.k8s.io/v1beta1/Lease",
    "flowcontrol.apiserver.k8s.io/v1beta3/FlowSchema",
    "flowcontrol.apiserver.k8s.io/v1beta3/PriorityLevelConfiguration",
    "networking.k8s.io/v1beta1/IngressClass",
    "policy/v1beta1/PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1beta1/ClusterRole",
    "rbac.authorization.k8s.io/v1beta1/ClusterRoleBinding",
    "rbac.authorization.k8s.io/v1beta1/Role",
    "rbac.authorization.k8s.io/v1beta1/RoleBinding",
    "scheduling.k8s.io/v1beta1/PriorityClass",
    "storage.k8s.io/v1alpha1/VolumeAttachment",
    "storage.k8s.io/v1beta1/CSIDriver",
    "storage.k8s.io/v1beta1/CSINode",
    "storage.k8s.io/v1beta1/CSIStorageCapacity",
    "storage.k8s.io/v1beta1/StorageClass",
    "storage.k8s.io/v1beta1/VolumeAttachment",
    "storage.k8s.io/v1beta1/VolumeAttributesClass",
];

/// Whether the object means the same in the successor: a budget whose selector is empty selected no pod, and selects all now.
fn means_the_same(object: &Object<'_>) -> bool {
    let selector = object.node.at(&["spec", "selector"]);
    let is_empty =
        selector.is_some_and(|selector| matches!(&selector.data, Data::Map(entries) if entries.is_empty()));
    SAME.contains(&object.kind().as_str()) && !(object.id.kind == "PodDisruptionBudget" && is_empty)
}

/// Whether a server takes the object as one of another version.
fn is_taken(object: &Object<'_>, version: &str, minor: u32) -> bool {
    let mut json = object.node.to_json();
    if let Some(own) = json.get_mut("apiVersion") {
        *own = version.into();
    }
    let taken = |node: &Node| answer(node, minor, &Definitions::default()).is_taken();
    yaml::parse(json.to_string()).is_ok_and(|node| taken(&node))
}
