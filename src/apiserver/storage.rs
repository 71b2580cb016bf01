//! Persistent volumes, claims on them, and classes of storage.
//!
//! Source: k8s.io/kubernetes `pkg/apis/core/validation/validation.go`, `pkg/apis/storage/validation/validation.go`.

use std::collections::BTreeMap;

use super::error::{Bad, Errors, Path};
use super::pod::{resources, scheduling, volume_source as source};
use super::tree::Tree;
use super::{meta, text};

const ACCESS_MODES: [&str; 4] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const VOLUME_MODES: [&str; 2] = ["Block", "Filesystem"];

/// Go: `ValidatePersistentVolumeClaim`
pub fn claim(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    claim_spec(object.get("spec"), &Path::new("spec"), errors);
}

fn access_modes(spec: &Tree, path: &Path, errors: &mut Errors) {
    let path = path.child("accessModes");
    let modes: Vec<&str> = spec.list("accessModes").iter().map(Tree::text).collect();
    for mode in &modes {
        if !ACCESS_MODES.contains(mode) {
            errors.not_supported(&path, *mode, &ACCESS_MODES);
        }
    }
    let is_other = |mode: &&str| ACCESS_MODES.contains(mode) && *mode != "ReadWriteOncePod";
    if modes.contains(&"ReadWriteOncePod") && modes.iter().any(is_other) {
        errors.forbidden(&path, "may not use ReadWriteOncePod with other access modes");
    }
}

/// Go: `ValidatePersistentVolumeClaimSpec`
pub fn claim_spec(spec: &Tree, path: &Path, errors: &mut Errors) {
    if spec.list("accessModes").is_empty() {
        errors.required(&path.child("accessModes"), "at least 1 access mode is required");
    }
    meta::label_selector(spec.get("selector"), &path.child("selector"), errors);
    access_modes(spec, path, errors);
    let (amount, place) =
        (spec.at(&["resources", "requests", "storage"]), path.child("resources").key("storage"));
    if amount.is_null() {
        errors.required(&place, "");
    } else if resources::is_negative(amount.text()) || resources::is_zero_amount(amount.text()) {
        errors.invalid(&place, amount.text(), "must be greater than zero");
    }
    let class = spec.str("storageClassName");
    if !class.is_empty() {
        errors.invalid_each(&path.child("storageClassName"), class, text::dns_subdomain(class));
    }
    volume_mode(spec, path, errors);
    for field in ["dataSource", "dataSourceRef"] {
        if spec.has(field) {
            data_source(spec.get(field), &path.child(field), errors);
        }
    }
    let (source, reference) = (spec.get("dataSource"), spec.get("dataSourceRef"));
    // The server prints the way to the field as the value: `{}`.
    let bad = || Bad::Raw("{}".to_owned());
    // The field is dropped: CrossNamespaceVolumeDataSource is off.
    if !source.is_null() && !reference.is_null() {
        let is_same =
            ["apiGroup", "kind", "name"].iter().all(|field| source.get(field) == reference.get(field));
        if !is_same {
            errors.invalid(path, bad(), "must match dataSourceRef");
        }
    }
    let class = spec.str("volumeAttributesClassName");
    if !class.is_empty() && errors.since(34) {
        errors.invalid_each(&path.child("volumeAttributesClassName"), class, text::dns_subdomain(class));
    }
}

fn volume_mode(spec: &Tree, path: &Path, errors: &mut Errors) {
    let mode = spec.str("volumeMode");
    if spec.has("volumeMode") && !VOLUME_MODES.contains(&mode) {
        errors.not_supported(&path.child("volumeMode"), mode, &VOLUME_MODES);
    }
}

/// Go: `validateDataSource`, `validateDataSourceRef`
fn data_source(source: &Tree, path: &Path, errors: &mut Errors) {
    for field in ["name", "kind"] {
        if source.str(field).is_empty() {
            errors.required(&path.child(field), "");
        }
    }
    let (group, kind) = (source.str("apiGroup"), source.str("kind"));
    if group.is_empty() && kind != "PersistentVolumeClaim" {
        let words = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
        errors.invalid(path, kind, words);
    }
    if !group.is_empty() {
        errors.invalid_each(&path.child("apiGroup"), group, text::dns_subdomain(group));
    }
}

type Check = fn(&Tree, &Path, &mut Errors);

/// The kinds of persistent volumes, as in the volumes of pods.
const KINDS: [(&str, &str, &str, Check); 21] = [
    ("hostPath", "hostPath", "hostPath", source::host_path),
    ("gcePersistentDisk", "gcePersistentDisk", "persistentDisk", source::gce_disk),
    ("awsElasticBlockStore", "awsElasticBlockStore", "awsElasticBlockStore", source::aws_disk),
    ("glusterfs", "glusterfs", "glusterfs", source::glusterfs),
    ("flocker", "flocker", "flocker", source::flocker),
    ("nfs", "nfs", "nfs", source::nfs),
    ("rbd", "rbd", "rbd", source::rbd),
    ("quobyte", "quobyte", "quobyte", source::quobyte),
    ("cephfs", "cephFS", "cephfs", source::ceph),
    ("iscsi", "iscsi", "iscsi", iscsi),
    ("cinder", "cinder", "cinder", cinder),
    ("fc", "fc", "fc", source::fibre_channel),
    ("flexVolume", "flexVolume", "flexVolume", source::flex),
    ("azureFile", "azureFile", "azureFile", azure_file),
    ("vsphereVolume", "vsphereVolume", "vsphereVolume", source::vsphere),
    ("photonPersistentDisk", "photonPersistentDisk", "photonPersistentDisk", source::photon),
    ("portworxVolume", "portworxVolume", "portworxVolume", source::portworx),
    ("azureDisk", "azureDisk", "azureDisk", source::azure_disk),
    ("scaleIO", "scaleIO", "scaleIO", source::scale_io),
    ("storageos", "storageos", "storageos", storage_os),
    ("csi", "csi", "csi", csi),
];

/// Go: `ValidateCSIDriver`
pub fn driver(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    let (spec, path) = (object.get("spec"), Path::new("spec"));
    for (field, told) in [
        ("attachRequired", "attachedRequired"),
        ("podInfoOnMount", "podInfoOnMount"),
        ("storageCapacity", "storageCapacity"),
    ] {
        if !spec.has(field) {
            errors.required(&path.child(told), "");
        }
    }
    let policies = ["File", "None", "ReadWriteOnceWithFSType"];
    if spec.has("fsGroupPolicy") && !policies.contains(&spec.str("fsGroupPolicy")) {
        errors.not_supported(&path.child("fsGroupPolicy"), spec.str("fsGroupPolicy"), &policies);
    }
    tokens(spec, &path.child("tokenRequests"), errors);
    for mode in spec.list("volumeLifecycleModes").iter().map(Tree::text) {
        if !matches!(mode, "Persistent" | "Ephemeral") {
            errors.not_supported(&path.child("volumeLifecycleModes"), mode, &["Persistent", "Ephemeral"]);
        }
    }
    if let Some(period) = spec.int("nodeAllocatableUpdatePeriodSeconds").filter(|period| *period < 10) {
        let words = "must be greater than or equal to 10 seconds";
        errors.invalid(&path.child("nodeAllocatableUpdatePeriodSeconds"), period, words);
    }
    if let Some(flag) =
        spec.bool("serviceAccountTokenInSecrets").filter(|_| spec.list("tokenRequests").is_empty())
    {
        let words = "serviceAccountTokenInSecrets is set but no tokenRequests are specified";
        errors.invalid(&path.child("serviceAccountTokenInSecrets"), flag, words);
    }
}

fn tokens(spec: &Tree, path: &Path, errors: &mut Errors) {
    let requests = spec.list("tokenRequests");
    for (at, request) in requests.iter().enumerate() {
        let (path, audience) = (path.index(at), request.str("audience"));
        if requests[..at].iter().any(|other| other.str("audience") == audience) {
            errors.duplicate(&path.child("audience"), audience);
            continue;
        }
        let Some(seconds) = request.int("expirationSeconds") else { continue };
        let place = path.child("expirationSeconds");
        if seconds < 600 {
            errors.invalid(&place, seconds, "may not specify a duration less than 10 minutes");
        }
        if seconds > 1 << 32 {
            errors.invalid(&place, seconds, "may not specify a duration larger than 2^32 seconds");
        }
    }
}

/// Go: `ValidateCSIStorageCapacity`
pub fn capacity_of_class(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    meta::label_selector(object.get("nodeTopology"), &Path::new("nodeTopology"), errors);
    let class = object.str("storageClassName");
    errors.invalid_each(&Path::new("storageClassName"), class, text::dns_subdomain(class));
    let amount = object.str("capacity");
    if object.has("capacity") && resources::is_negative(amount) {
        errors.invalid(&Path::new("capacity"), amount, "must be greater than or equal to 0");
    }
}

/// Go: `ValidateVolumeAttachment`
pub fn attachment(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    let (spec, path) = (object.get("spec"), Path::new("spec"));
    let (attacher, by_markers) = (path.child("attacher"), errors.since(37));
    if !by_markers {
        source::driver_name(spec.str("attacher"), &attacher, errors);
    }
    let (volume, place) = (spec.get("source"), path.child("source"));
    let words = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
    let (name, inline) = (volume.str("persistentVolumeName"), volume.get("inlineVolumeSpec"));
    match (volume.has("persistentVolumeName"), volume.has("inlineVolumeSpec")) {
        (false, false) => errors.required(&place, words),
        (true, true) => errors.forbidden(&place, words),
        (true, false) if name.is_empty() => {
            let words = "must specify non empty persistentVolumeName";
            errors.required(&place.child("persistentVolumeName"), words);
        }
        (true, false) => {}
        (false, true) => inline_volume(inline, &place.child("inlineVolumeSpec"), errors),
    }
    let node = spec.str("nodeName");
    errors.invalid_each(&path.child("nodeName"), node, text::dns_subdomain(node));
    if volume.has("persistentVolumeName") {
        let path = Path::new("spec.source.persistentVolumeName");
        errors.invalid_each(&path, name, text::dns_subdomain(name));
    }
    if by_markers {
        source::marked_driver_name(spec.str("attacher"), &attacher, errors);
    }
}

/// Go: `ValidatePersistentVolumeSpec` of a volume that stands where its name could
fn inline_volume(spec: &Tree, path: &Path, errors: &mut Errors) {
    let context = "in the context of inline volumes";
    for field in ["claimRef", "capacity"] {
        if !spec.get(field).is_zero() || field == "claimRef" && spec.has(field) {
            errors.forbidden(&path.child(field), &format!("may not be specified {context}"));
        }
    }
    if !spec.has("csi") {
        errors.required(&path.child("csi"), &format!("has to be specified {context}"));
    }
    if spec.list("accessModes").is_empty() {
        errors.required(&path.child("accessModes"), "");
    }
    access_modes(spec, path, errors);
    let policy = spec.str("persistentVolumeReclaimPolicy");
    if !matches!(policy, "" | "Retain") {
        let place = path.child("persistentVolumeReclaimPolicy");
        errors.forbidden(&place, &format!("may only be Retain {context}"));
    }
    if spec.has("nodeAffinity") {
        errors.forbidden(&path.child("nodeAffinity"), &format!("may not be specified {context}"));
    }
    sources(&Tree::Null, spec, path, errors);
    volume_mode(spec, path, errors);
}

/// Go: `ValidatePersistentVolume`
pub fn volume(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    if spec.list("accessModes").is_empty() {
        errors.required(&path.child("accessModes"), "");
    }
    access_modes(spec, &path, errors);
    capacity(spec, &path, errors);
    let policies = ["Delete", "Recycle", "Retain"];
    let policy = spec.str("persistentVolumeReclaimPolicy");
    if !policy.is_empty() && !policies.contains(&policy) {
        errors.not_supported(&path.child("persistentVolumeReclaimPolicy"), policy, &policies);
    }
    if spec.has("nodeAffinity") {
        let (required, place) =
            (spec.at(&["nodeAffinity", "required"]), path.child("nodeAffinity").child("required"));
        if required.is_null() {
            errors.required(&place, "must specify required node constraints");
        } else {
            scheduling::node_selector(required, &place, errors);
        }
    }
    sources(object, spec, &path, errors);
    let host = spec.get("hostPath").str("path");
    let is_root = host.starts_with('/') && host.split('/').all(|part| part.is_empty() || part == ".");
    if is_root && policy == "Recycle" {
        let words = "may not be 'recycle' for a hostPath mount of '/'";
        errors.forbidden(&path.child("persistentVolumeReclaimPolicy"), words);
    }
    let class = spec.str("storageClassName");
    if !class.is_empty() {
        errors.invalid_each(&path.child("storageClassName"), class, text::dns_subdomain(class));
    }
    volume_mode(spec, &path, errors);
    if spec.has("volumeAttributesClassName") && errors.since(34) {
        let (class, place) = (spec.str("volumeAttributesClassName"), path.child("volumeAttributesClassName"));
        if class.is_empty() {
            errors.required(&place, "an empty string is disallowed");
        } else {
            errors.invalid_each(&place, class, text::dns_subdomain(class));
        }
        if !spec.has("csi") {
            errors.required(&path.child("csi"), "has to be specified when using volumeAttributesClassName");
        }
    }
}

fn capacity(spec: &Tree, path: &Path, errors: &mut Errors) {
    let path = path.child("capacity");
    let capacity = spec.map("capacity");
    if capacity.is_empty() {
        errors.required(&path, "");
    }
    if !spec.get("capacity").has("storage") || capacity.len() > 1 {
        let bad = Bad::Typed(spec.get("capacity"), "core/v1.ResourceList");
        errors.not_supported(&path, bad, &["storage"]);
    }
    for (name, amount) in capacity {
        let (amount, path) = (amount.text(), path.key(name));
        if resources::is_negative(amount) {
            let whole = crate::kubernetes::Quantity::parse(amount).map_or(0, |amount| amount.ceil());
            errors.invalid(&path, whole, "must be a valid resource quantity");
        }
        if resources::is_negative(amount) || resources::is_zero_amount(amount) {
            errors.invalid(&path, amount, "must be greater than zero");
        }
    }
}

fn sources(object: &Tree, spec: &Tree, path: &Path, errors: &mut Errors) {
    let mut count = 0;
    for (field, second, place, check) in KINDS {
        if !spec.has(field) {
            continue;
        }
        if count > 0 && field != "flexVolume" {
            errors.forbidden(&path.child(second), "may not specify more than 1 volume type");
            continue;
        }
        count += 1;
        check(spec.get(field), &path.child(place), errors);
        if field == "iscsi" {
            iscsi_name(object, spec, path, errors);
        }
    }
    if spec.has("local") {
        if count > 0 {
            errors.forbidden(&path.child("local"), "may not specify more than 1 volume type");
        } else {
            count += 1;
            let (folder, place) = (spec.get("local").str("path"), path.child("local").child("path"));
            if folder.is_empty() {
                errors.required(&place, "");
            } else if folder.split('/').any(|part| part == "..") {
                errors.invalid(&place, folder, "must not contain '..'");
            }
            if !spec.has("nodeAffinity") {
                errors.required(&path.child("nodeAffinity"), "Local volume requires node affinity");
            }
        }
    }
    if count == 0 {
        errors.required(path, "must specify a volume type");
    }
}

fn iscsi(tree: &Tree, path: &Path, errors: &mut Errors) {
    const UNKNOWN: &str = "must be valid format";
    if tree.str("targetPortal").is_empty() {
        errors.required(&path.child("targetPortal"), "");
    }
    source::iscsi_device(tree, UNKNOWN, path, errors);
    source::secret_reference(tree, &["name"], path, errors);
    source::iscsi_initiator(tree, UNKNOWN, path, errors);
}

fn iscsi_name(object: &Tree, spec: &Tree, path: &Path, errors: &mut Errors) {
    let (name, iscsi) = (object.get("metadata").str("name"), spec.get("iscsi"));
    let portal = iscsi.str("targetPortal");
    if iscsi.has("initiatorName") && name.len() + 1 + portal.len() > 64 {
        errors.invalid(&path.child("iscsi").child("targetportal"), portal, source::ISCSI_TOO_LONG);
    }
}

fn cinder(tree: &Tree, path: &Path, errors: &mut Errors) {
    if tree.str("volumeID").is_empty() {
        errors.required(&path.child("volumeID"), "");
    }
    source::secret_reference(tree, &["name", "namespace"], path, errors);
}

fn azure_file(tree: &Tree, path: &Path, errors: &mut Errors) {
    source::azure_file(tree, path, errors);
    if tree.has("secretNamespace") && tree.str("secretNamespace").is_empty() {
        errors.required(&path.child("secretNamespace"), "");
    }
}

fn storage_os(tree: &Tree, path: &Path, errors: &mut Errors) {
    source::storage_os_names(tree, path, errors);
    source::secret_reference(tree, &["name", "namespace"], path, errors);
}

/// Go: `validateCSIPersistentVolumeSource`
fn csi(tree: &Tree, path: &Path, errors: &mut Errors) {
    source::driver_name(tree.str("driver"), &path.child("driver"), errors);
    if tree.str("volumeHandle").is_empty() {
        errors.required(&path.child("volumeHandle"), "");
    }
    let references = [
        "controllerPublishSecretRef",
        "controllerExpandSecretRef",
        "nodePublishSecretRef",
        "nodeExpandSecretRef",
    ];
    for field in references.iter().filter(|field| tree.has(field)) {
        let (reference, path) = (tree.get(field), path.child(field));
        let rules: [(&str, meta::NameRule); 2] =
            [("name", text::dns_subdomain), ("namespace", text::dns_label)];
        for (field, rule) in rules {
            let value = reference.str(field);
            if value.is_empty() {
                errors.required(&path.child(field), "");
            } else {
                errors.invalid_each(&path.child(field), value, rule(value));
            }
        }
    }
}

/// Go: `ValidateStorageClass`
pub fn class(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    provisioner(object.str("provisioner"), &Path::new("provisioner"), errors);
    parameters(object, errors);
    let (policy, mode) = (object.str("reclaimPolicy"), object.str("volumeBindingMode"));
    if !policy.is_empty() && !matches!(policy, "Delete" | "Retain") {
        errors.not_supported(&Path::new("reclaimPolicy"), policy, &["Delete", "Retain"]);
    }
    if !matches!(mode, "Immediate" | "WaitForFirstConsumer") {
        let known = ["Immediate", "WaitForFirstConsumer"];
        errors.not_supported(&Path::new("volumeBindingMode"), mode, &known);
    }
    let topologies = object.list("allowedTopologies");
    // The server begins with as many terms that ask for nothing.
    let mut asked: Vec<Vec<Asked<'_>>> = vec![Vec::new(); topologies.len()];
    for (at, term) in topologies.iter().enumerate() {
        let path = Path::new("allowedTopologies").index(at).child("matchLabelExpressions");
        let mut keys = Vec::new();
        for (at, expression) in term.list("matchLabelExpressions").iter().enumerate() {
            let path = path.index(at);
            let (key, values) = (expression.str("key"), expression.list("values"));
            if values.is_empty() {
                errors.required(&path.child("values"), "");
            }
            for (at, value) in values.iter().enumerate() {
                if values[..at].contains(value) {
                    errors.duplicate(&path.child("values").index(at), value.text());
                }
            }
            meta::label_name(key, &path.child("key"), errors);
            if keys.contains(&key) {
                errors.duplicate(&path.child("key"), key);
            }
            keys.push(key);
        }
        let own = asked_of(term);
        for _ in asked.iter().filter(|other| **other == own) {
            errors.duplicate(&path, "");
        }
        asked.push(own);
    }
}

/// A label and the values of it that will do, in order.
type Asked<'a> = (&'a str, Vec<&'a str>);

/// What a term asks for: of a label that stands twice the last counts.
fn asked_of(term: &Tree) -> Vec<Asked<'_>> {
    let mut asked: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for expression in term.list("matchLabelExpressions") {
        let mut values: Vec<&str> = expression.list("values").iter().map(Tree::text).collect();
        values.sort_unstable();
        values.dedup();
        asked.insert(expression.str("key"), values);
    }
    asked.into_iter().collect()
}

fn provisioner(name: &str, path: &Path, errors: &mut Errors) {
    if name.is_empty() {
        errors.required(path, "");
    } else {
        meta::label_name(&name.to_lowercase(), path, errors);
    }
}

fn parameters(object: &Tree, errors: &mut Errors) {
    const MOST: usize = 256 * 1024;
    let (parameters, path) = (object.map("parameters"), Path::new("parameters"));
    if parameters.len() > 512 {
        return errors.too_long(&path, 512);
    }
    if parameters.iter().any(|(key, _)| key.is_empty()) {
        errors.invalid(&path, "", "field can not be empty.");
    }
    let size: usize = parameters.iter().map(|(key, value)| key.len() + value.text().len()).sum();
    if size > MOST {
        errors.too_long(&path, MOST);
    }
}

/// Go: `ValidateVolumeAttributesClass`
pub fn attributes_class(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    provisioner(object.str("driverName"), &Path::new("driverName"), errors);
    parameters(object, errors);
    if object.map("parameters").is_empty() {
        errors.required(&Path::new("parameters"), "must contain at least one key/value pair");
    }
}
