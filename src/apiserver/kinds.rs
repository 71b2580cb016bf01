//! What is done with each kind: which defaults are set, what the server makes of it, what judges it, what it warns of. Every
//! kind that a server serves has a line here.

use super::error::Errors;
use super::tree::Tree;
use super::warnings::Warnings;
use super::{
    addresses, admission, autoscaling, certificates, config, crd, defaults, devices, event, flow, job,
    network, node, pod, policy, rbac, reviews, service, storage, warnings, webhook, workloads,
};

/// A kind of Kubernetes' own.
pub struct Kind {
    /// Its group, version and name.
    pub name: (&'static str, &'static str),
    /// Sets the defaults that validation goes by, for a minor.
    pub defaults: fn(&mut Tree, u32),
    /// What the server makes of the object before it judges it.
    pub prepare: fn(&mut Tree, &mut Errors),
    /// Judges it.
    pub validate: fn(&Tree, &mut Errors),
    /// Warns of what is taken.
    pub warn: fn(&Tree, &mut Warnings),
    /// Why the server does not even look at the object.
    pub request: fn(&Tree) -> Option<String>,
    /// Whether objects of the kind are kept, and so have names.
    pub is_kept: bool,
}

fn none(_object: &mut Tree, _minor: u32) {}

fn unprepared(_object: &mut Tree, _errors: &mut Errors) {}

fn silent(_object: &Tree, _warnings: &mut Warnings) {}

fn looked_at(_object: &Tree) -> Option<String> {
    None
}

fn unjudged(_object: &Tree, _errors: &mut Errors) {}

impl Kind {
    const fn new(name: (&'static str, &'static str), validate: fn(&Tree, &mut Errors)) -> Kind {
        Kind {
            name,
            defaults: none,
            prepare: unprepared,
            validate,
            warn: silent,
            request: looked_at,
            is_kept: true,
        }
    }

    const fn with(mut self, defaults: fn(&mut Tree, u32)) -> Kind {
        self.defaults = defaults;
        self
    }

    const fn prepared(mut self, prepare: fn(&mut Tree, &mut Errors)) -> Kind {
        self.prepare = prepare;
        self
    }

    /// A question: objects of the kind are answered and not kept.
    const fn asked(mut self, request: fn(&Tree) -> Option<String>) -> Kind {
        self.request = request;
        self.is_kept = false;
        self
    }

    const fn warning(mut self, warn: fn(&Tree, &mut Warnings)) -> Kind {
        self.warn = warn;
        self
    }
}

const CORE: &str = "v1";
pub(super) const APPS: &str = "apps/v1";
pub(super) const BATCH: &str = "batch/v1";
const NETWORK: &str = "networking.k8s.io/v1";
pub(super) const RBAC: &str = "rbac.authorization.k8s.io/v1";
pub(super) const STORAGE: &str = "storage.k8s.io/v1";
const FLOW: &str = "flowcontrol.apiserver.k8s.io/v1";
pub(super) const DEVICES: &str = "resource.k8s.io/v1";
const FLOW_BETA: &str = "flowcontrol.apiserver.k8s.io/v1beta3";
pub(super) const CERTIFICATES: &str = "certificates.k8s.io/v1";
const AUTHORIZATION: &str = "authorization.k8s.io/v1";
const AUTHENTICATION: &str = "authentication.k8s.io/v1";
const ADMISSION: &str = "admissionregistration.k8s.io/v1";

/// Every kind that more is known of than its fields.
pub static KINDS: [Kind; 73] = [
    Kind::new((CORE, "Pod"), pod::pod).with(defaults::pod).warning(warnings::pod),
    Kind::new((CORE, "PodTemplate"), workloads::pod_template).with(defaults::pod_template),
    Kind::new((CORE, "ReplicationController"), workloads::replication_controller)
        .with(defaults::replication_controller)
        .warning(warnings::workload),
    Kind::new((CORE, "Service"), service::service)
        .with(defaults::service)
        .prepared(service::allot)
        .warning(warnings::service),
    Kind::new((CORE, "ConfigMap"), config::config_map),
    Kind::new((CORE, "Secret"), config::secret).with(defaults::secret).warning(warnings::secret),
    Kind::new((CORE, "ServiceAccount"), config::service_account),
    Kind::new((CORE, "Namespace"), config::namespace).with(defaults::namespace),
    Kind::new((CORE, "LimitRange"), config::limit_range)
        .with(defaults::limit_range)
        .prepared(|range, _| config::name_limit_range(range)),
    Kind::new((CORE, "ResourceQuota"), config::resource_quota),
    Kind::new((CORE, "Endpoints"), config::endpoints).with(defaults::endpoints),
    Kind::new((CORE, "PersistentVolume"), storage::volume)
        .with(defaults::persistent_volume)
        .warning(warnings::persistent_volume),
    Kind::new((CORE, "PersistentVolumeClaim"), storage::claim)
        .with(defaults::claim)
        .warning(warnings::persistent_volume_claim),
    Kind::new((APPS, "Deployment"), workloads::deployment)
        .with(defaults::deployment)
        .warning(warnings::workload),
    Kind::new((APPS, "ReplicaSet"), workloads::replica_set)
        .with(defaults::replica_set)
        .warning(warnings::workload),
    Kind::new((APPS, "StatefulSet"), workloads::stateful_set)
        .with(defaults::stateful_set)
        .warning(warnings::stateful_set),
    Kind::new((APPS, "DaemonSet"), workloads::daemon_set)
        .with(defaults::daemon_set)
        .warning(warnings::workload),
    Kind::new((APPS, "ControllerRevision"), workloads::controller_revision),
    Kind::new((BATCH, "Job"), job::job)
        .with(defaults::job)
        .prepared(|job, _| job::complete(job))
        .warning(warnings::job),
    Kind::new((BATCH, "CronJob"), job::cron_job).with(defaults::cron_job).warning(warnings::cron_job),
    Kind::new((NETWORK, "Ingress"), network::ingress).warning(warnings::ingress),
    Kind::new((NETWORK, "IngressClass"), network::ingress_class).with(defaults::ingress_class),
    Kind::new((NETWORK, "NetworkPolicy"), network::network_policy).with(defaults::network_policy),
    Kind::new((RBAC, "Role"), rbac::role),
    Kind::new((RBAC, "ClusterRole"), rbac::cluster_role),
    Kind::new((RBAC, "RoleBinding"), rbac::role_binding).with(defaults::binding),
    Kind::new((RBAC, "ClusterRoleBinding"), rbac::cluster_role_binding).with(defaults::binding),
    Kind::new(("policy/v1", "PodDisruptionBudget"), policy::disruption_budget),
    Kind::new(("scheduling.k8s.io/v1", "PriorityClass"), policy::priority_class)
        .with(defaults::priority_class),
    Kind::new(("node.k8s.io/v1", "RuntimeClass"), policy::runtime_class),
    Kind::new(("coordination.k8s.io/v1", "Lease"), policy::lease),
    Kind::new(("autoscaling/v1", "HorizontalPodAutoscaler"), autoscaling::autoscaler)
        .with(defaults::autoscaler)
        .prepared(|object, _| autoscaling::of_version_one(object)),
    Kind::new(("autoscaling/v2", "HorizontalPodAutoscaler"), autoscaling::autoscaler)
        .with(defaults::autoscaler),
    Kind::new((STORAGE, "StorageClass"), storage::class)
        .with(defaults::storage_class)
        .warning(warnings::storage_class),
    Kind::new((STORAGE, "VolumeAttributesClass"), storage::attributes_class),
    Kind::new((ADMISSION, "ValidatingWebhookConfiguration"), webhook::configuration).with(defaults::webhooks),
    Kind::new((ADMISSION, "MutatingWebhookConfiguration"), webhook::configuration).with(defaults::webhooks),
    Kind::new(("apiregistration.k8s.io/v1", "APIService"), webhook::api_service).with(defaults::api_service),
    Kind::new(("discovery.k8s.io/v1", "EndpointSlice"), config::endpoint_slice)
        .with(defaults::endpoint_slice),
    Kind::new(("apiextensions.k8s.io/v1", "CustomResourceDefinition"), crd::definition)
        .with(crd::defaults)
        .prepared(crd::internal)
        .warning(warnings::definition),
    Kind::new((ADMISSION, "ValidatingAdmissionPolicy"), admission::validating)
        .with(defaults::admission_policy),
    Kind::new((ADMISSION, "MutatingAdmissionPolicy"), admission::mutating).with(defaults::admission_policy),
    Kind::new((ADMISSION, "ValidatingAdmissionPolicyBinding"), admission::validating_binding)
        .with(defaults::admission_binding),
    Kind::new((ADMISSION, "MutatingAdmissionPolicyBinding"), admission::mutating_binding)
        .with(defaults::admission_binding),
    Kind::new((FLOW, "FlowSchema"), flow::schema).with(defaults::flow_schema),
    Kind::new((FLOW, "PriorityLevelConfiguration"), flow::level).with(defaults::priority_level),
    Kind::new((STORAGE, "CSIDriver"), storage::driver)
        .with(defaults::csi_driver)
        .warning(warnings::csi_driver),
    Kind::new((STORAGE, "CSIStorageCapacity"), storage::capacity_of_class),
    Kind::new((CORE, "Node"), node::node).prepared(node::ranges_of_node),
    Kind::new((CORE, "Event"), event::old),
    Kind::new((CORE, "Binding"), node::binding).asked(looked_at),
    Kind::new(("events.k8s.io/v1", "Event"), event::new),
    Kind::new((STORAGE, "CSINode"), node::of_drivers),
    Kind::new((STORAGE, "VolumeAttachment"), storage::attachment),
    Kind::new((NETWORK, "IPAddress"), addresses::address),
    Kind::new((NETWORK, "ServiceCIDR"), addresses::range),
    Kind::new(("storagemigration.k8s.io/v1", "StorageVersionMigration"), addresses::migration),
    Kind::new((DEVICES, "ResourceClaim"), devices::claim).with(defaults::resource_claim),
    Kind::new((DEVICES, "ResourceClaimTemplate"), devices::claim_template)
        .with(defaults::resource_claim_template),
    Kind::new((DEVICES, "DeviceClass"), devices::class),
    Kind::new((DEVICES, "DeviceTaintRule"), devices::taint_rule),
    Kind::new((DEVICES, "ResourceSlice"), devices::slice)
        .prepared(devices::drop_disabled)
        .warning(devices::warn_of_slice),
    Kind::new((CERTIFICATES, "CertificateSigningRequest"), certificates::signing_request),
    Kind::new((CERTIFICATES, "ClusterTrustBundle"), certificates::trust_bundle),
    Kind::new((CERTIFICATES, "PodCertificateRequest"), certificates::pod_request)
        .with(defaults::pod_certificate_request),
    Kind::new((FLOW_BETA, "FlowSchema"), flow::schema).with(defaults::flow_schema),
    Kind::new((FLOW_BETA, "PriorityLevelConfiguration"), flow::level).with(defaults::priority_level),
    Kind::new((AUTHORIZATION, "SubjectAccessReview"), reviews::of_subject).asked(looked_at),
    Kind::new((AUTHORIZATION, "SelfSubjectAccessReview"), reviews::of_self).asked(looked_at),
    Kind::new((AUTHORIZATION, "LocalSubjectAccessReview"), reviews::of_subject_in_namespace).asked(looked_at),
    Kind::new((AUTHORIZATION, "SelfSubjectRulesReview"), unjudged).asked(reviews::rules_request),
    Kind::new((AUTHENTICATION, "TokenReview"), unjudged).asked(reviews::token_request),
    Kind::new((AUTHENTICATION, "SelfSubjectReview"), unjudged).asked(looked_at),
];

/// The line of a kind.
pub fn find(api_version: &str, kind: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|known| known.name == (api_version, kind))
}

#[cfg(test)]
mod tests {
    use super::super::known::{Known, NEWEST, OLDEST};
    use super::*;

    #[test]
    fn every_kind_that_is_served_has_a_line() {
        for minor in OLDEST..=NEWEST {
            let served = Known::of(minor).kinds().filter(|kind| kind.served);
            let missing: Vec<String> = served
                .filter(|kind| find(kind.api_version, kind.name).is_none())
                .map(|kind| format!("{} {}", kind.api_version, kind.name))
                .collect();
            assert!(missing.is_empty(), "1.{minor} serves what nothing judges: {}", missing.join(", "));
        }
    }

    #[test]
    fn every_line_is_of_a_kind_that_is_served() {
        for kind in &KINDS {
            let is_served =
                |minor| Known::of(minor).kind(kind.name.0, kind.name.1).is_some_and(|kind| kind.served);
            assert!((OLDEST..=NEWEST).any(is_served), "nobody serves {:?}", kind.name);
        }
    }
}
