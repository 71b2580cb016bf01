//! What is done with each kind: which defaults are set, what the server makes of it, what judges it, what it warns of. A kind
//! that has no line here is decoded and its metadata judged.

use super::error::Errors;
use super::tree::Tree;
use super::warnings::Warnings;
use super::{
    admission, autoscaling, config, crd, defaults, flow, job, network, pod, policy, rbac, service, storage,
    warnings, webhook, workloads,
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
}

fn none(_object: &mut Tree, _minor: u32) {}

fn unprepared(_object: &mut Tree, _errors: &mut Errors) {}

fn silent(_object: &Tree, _warnings: &mut Warnings) {}

impl Kind {
    const fn new(name: (&'static str, &'static str), validate: fn(&Tree, &mut Errors)) -> Kind {
        Kind { name, defaults: none, prepare: unprepared, validate, warn: silent }
    }

    const fn with(mut self, defaults: fn(&mut Tree, u32)) -> Kind {
        self.defaults = defaults;
        self
    }

    const fn prepared(mut self, prepare: fn(&mut Tree, &mut Errors)) -> Kind {
        self.prepare = prepare;
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
const ADMISSION: &str = "admissionregistration.k8s.io/v1";

/// Every kind that more is known of than its fields.
pub static KINDS: [Kind; 51] = [
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
    Kind::new((CORE, "LimitRange"), config::limit_range).with(defaults::limit_range),
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
        .prepared(|job, _| job::generate_selector(job))
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
        .prepared(crd::internal),
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
    Kind::new((CORE, "Node"), named),
    Kind::new((DEVICES, "ResourceClaim"), placed).with(defaults::resource_claim),
    Kind::new((DEVICES, "ResourceClaimTemplate"), placed).with(defaults::resource_claim_template),
];

/// A kind of which only the name is judged.
fn named(object: &Tree, errors: &mut Errors) {
    super::meta::core_object(object, false, super::text::dns_subdomain, errors);
}

/// The same of a kind whose objects have a namespace.
fn placed(object: &Tree, errors: &mut Errors) {
    super::meta::core_object(object, true, super::text::dns_subdomain, errors);
}

/// The line of a kind.
pub fn find(api_version: &str, kind: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|known| known.name == (api_version, kind))
}
