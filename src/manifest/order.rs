//! The order in which Helm installs, and so prints, what a chart renders to: by kind, then as it came.

use std::cmp::Ordering;

use crate::helm::HelmVersion;

/// Kinds in the order of installing; unknown kinds come after them.
///
/// Helm 4.3.1: release/v1/util/kind_sorter.go `InstallOrder`.
pub const INSTALL_ORDER: [&str; 38] = [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// How many of [`INSTALL_ORDER`] Helm 3 knows: not the webhooks.
const KNOWN_TO_HELM_3: usize = 36;

/// The place of a kind in the order; `None` for kinds that Helm does not know.
pub fn rank(kind: &str, helm: HelmVersion) -> Option<usize> {
    let known = match helm {
        HelmVersion::Helm4 => &INSTALL_ORDER[..],
        HelmVersion::Helm3 => &INSTALL_ORDER[..KNOWN_TO_HELM_3],
    };
    known.iter().position(|known| *known == kind)
}

/// Sorts by kind, known kinds first, unknown ones by their names; equal kinds stay as they are.
///
/// Helm: release/v1/util/kind_sorter.go `sortManifestsByKind`, `sortHooksByKind`.
pub fn sort_by_kind<T>(items: &mut [T], helm: HelmVersion, kind: impl Fn(&T) -> &str) {
    items.sort_by(|a, b| compare(kind(a), kind(b), helm));
}

fn compare(a: &str, b: &str, helm: HelmVersion) -> Ordering {
    match (rank(a, helm), rank(b, helm)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_kinds_come_first_and_equal_ones_stay() {
        let mut kinds = ["Zebra", "Ingress", "", "Service 1", "Namespace", "ValidatingWebhookConfiguration"];
        sort_by_kind(&mut kinds, HelmVersion::Helm4, |kind| kind);
        assert_eq!(
            kinds,
            ["Namespace", "Ingress", "ValidatingWebhookConfiguration", "", "Service 1", "Zebra"]
        );
        sort_by_kind(&mut kinds, HelmVersion::Helm3, |kind| kind);
        assert_eq!(kinds[2..], ["", "Service 1", "ValidatingWebhookConfiguration", "Zebra"]);
    }
}
