//! What each kind of volume must say. Pods and persistent volumes share most of it.
//!
//! Source: `validate…VolumeSource` of `pkg/apis/core/validation/validation.go`.

use crate::apiserver::error::{Bad, Errors, Path};
use crate::apiserver::pod::resources::is_negative;
use crate::apiserver::text;
use crate::apiserver::tree::Tree;

use super::files::{downward_file, file_mode, key_to_path, require, user};
use super::mounts::{local_path, no_backsteps};
use super::projected;

pub use projected::projected;

pub fn empty_dir(tree: &Tree, path: &Path, errors: &mut Errors) {
    if is_negative(tree.str("sizeLimit")) {
        errors.forbidden(&path.child("sizeLimit"), "SizeLimit field must be a valid resource quantity");
    }
    if let Some(mode) = tree.int("mode")
        && !(0..=0o1777).contains(&mode)
    {
        errors.invalid(
            &path.child("mode"),
            mode,
            "must be a number between 0 and 01777 (octal), both inclusive",
        );
    }
}

pub fn host_path(tree: &Tree, path: &Path, errors: &mut Errors) {
    const TYPES: [&str; 8] =
        ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
    if tree.str("path").is_empty() {
        return errors.required(&path.child("path"), "");
    }
    no_backsteps(tree.str("path"), &path.child("path"), errors);
    if !TYPES.contains(&tree.str("type")) {
        errors.not_supported(&path.child("type"), tree.str("type"), &TYPES);
    }
}

pub fn git_repo(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["repository"], path, errors);
    local_path(tree.str("directory"), &path.child("directory"), errors);
}

fn partition(tree: &Tree, path: &Path, errors: &mut Errors) {
    let partition = tree.int("partition").unwrap_or_default();
    if !(0..=255).contains(&partition) {
        errors.invalid(&path.child("partition"), partition, &text::between(1, 255));
    }
}

pub fn gce_disk(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["pdName"], path, errors);
    partition(tree, path, errors);
}

pub fn aws_disk(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["volumeID"], path, errors);
    partition(tree, path, errors);
}

pub fn secret(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["secretName"], path, errors);
    keyed_files(tree, path, errors);
}

pub fn config_map(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["name"], path, errors);
    keyed_files(tree, path, errors);
}

fn keyed_files(tree: &Tree, path: &Path, errors: &mut Errors) {
    file_mode(tree, "defaultMode", path, errors);
    user(tree, "defaultUser", path, errors);
    for (at, item) in tree.list("items").iter().enumerate() {
        key_to_path(item, &path.child("items").index(at), errors);
    }
}

pub fn claim(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["claimName"], path, errors);
}

pub fn nfs(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["server", "path"], path, errors);
    if !tree.str("path").starts_with('/') {
        errors.invalid(&path.child("path"), tree.str("path"), "must be an absolute path");
    }
}

/// Whether a name of an iSCSI device has the form that its first letters promise.
fn is_device_name(name: &str) -> bool {
    let alphanumeric = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric());
    if let Some(rest) = name.strip_prefix("iqn.") {
        let date = rest.get(..8).unwrap_or_default().as_bytes();
        let is_date = date.len() == 8
            && date[4] == b'-'
            && date[7] == b'.'
            && [0, 1, 2, 3, 5, 6].iter().all(|at| date[*at].is_ascii_digit());
        let (domain, unique) = rest.get(8..).unwrap_or_default().split_once(':').unwrap_or_default();
        let in_domain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        let in_unique = |c: char| !matches!(c, '^' | ',' | ';' | '*' | '&' | '$' | '|') && !c.is_whitespace();
        return is_date
            && !domain.is_empty()
            && domain.chars().all(in_domain)
            && !unique.is_empty()
            && unique.chars().all(in_unique);
    }
    let hex = |prefix: &str, length: usize| {
        name.strip_prefix(prefix).is_some_and(|rest| rest.len() == length + 1 && alphanumeric(&rest[1..]))
    };
    hex("eui", 16) || hex("naa", 32)
}

fn device_name(name: &str, unknown: &str, path: &Path, errors: &mut Errors) {
    if !["iqn", "eui", "naa"].iter().any(|prefix| name.starts_with(prefix)) {
        errors.invalid(path, name, unknown);
    } else if !is_device_name(name) {
        errors.invalid(path, name, "must be valid format");
    }
}

/// What volumes of pods and persistent volumes share of iSCSI.
pub fn iscsi_device(tree: &Tree, unknown: &str, path: &Path, errors: &mut Errors) {
    let name = tree.str("iqn");
    if name.is_empty() {
        errors.required(&path.child("iqn"), "");
    } else {
        device_name(name, unknown, &path.child("iqn"), errors);
    }
    let lun = tree.int("lun").unwrap_or_default();
    if !(0..=255).contains(&lun) {
        errors.invalid(&path.child("lun"), lun, &text::between(0, 255));
    }
    if (tree.is("chapAuthDiscovery") || tree.is("chapAuthSession")) && !tree.has("secretRef") {
        errors.required(&path.child("secretRef"), "");
    }
}

/// The name that an iSCSI volume goes by.
pub fn iscsi_initiator(tree: &Tree, unknown: &str, path: &Path, errors: &mut Errors) {
    if tree.has("initiatorName") {
        device_name(tree.str("initiatorName"), unknown, &path.child("initiatorname"), errors);
    }
}

pub fn iscsi(tree: &Tree, path: &Path, errors: &mut Errors) {
    const UNKNOWN: &str = "must be valid format starting with iqn, eui, or naa";
    require(tree, &["targetPortal"], path, errors);
    iscsi_device(tree, UNKNOWN, path, errors);
    iscsi_initiator(tree, UNKNOWN, path, errors);
}

/// How long an iSCSI volume of a pod may be called.
pub const ISCSI_TOO_LONG: &str = "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if \
                                  iscsi.initiatorName is specified.";

pub fn iscsi_name(volume: &Tree, path: &Path, errors: &mut Errors) {
    let (name, iscsi) = (volume.str("name"), volume.get("iscsi"));
    if iscsi.has("initiatorName") && name.len() + 1 + iscsi.str("targetPortal").len() > 64 {
        errors.invalid(&path.child("name"), name, ISCSI_TOO_LONG);
    }
}

pub fn glusterfs(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["endpoints", "path"], path, errors);
}

pub fn flocker(tree: &Tree, path: &Path, errors: &mut Errors) {
    let (name, uuid) = (tree.str("datasetName"), tree.str("datasetUUID"));
    if name.is_empty() && uuid.is_empty() {
        errors.required(path, "one of datasetName and datasetUUID is required");
    }
    if !name.is_empty() && !uuid.is_empty() {
        errors.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously");
    }
    if name.contains('/') {
        errors.invalid(&path.child("datasetName"), name, "must not contain '/'");
    }
}

pub fn rbd(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["monitors", "image"], path, errors);
}

pub fn cinder(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["volumeID"], path, errors);
    secret_reference(tree, &["name"], path, errors);
}

/// The fields that a reference to a secret must have, if there is one.
pub fn secret_reference(tree: &Tree, fields: &[&str], path: &Path, errors: &mut Errors) {
    if tree.has("secretRef") {
        require(tree.get("secretRef"), fields, &path.child("secretRef"), errors);
    }
}

pub fn ceph(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["monitors"], path, errors);
}

pub fn quobyte(tree: &Tree, path: &Path, errors: &mut Errors) {
    const PAIR: &str = "must be a host:port pair or multiple pairs separated by commas";
    let registry = tree.str("registry");
    if registry.is_empty() {
        errors.required(&path.child("registry"), PAIR);
    } else if tree.str("tenant").len() >= 65 {
        errors.required(&path.child("tenant"), "must be a UUID and may not exceed a length of 64 characters");
    } else {
        for pair in
            registry.split(',').filter(|pair| pair.matches(':').count() != 1 && !pair.starts_with('['))
        {
            debug_assert!(!pair.contains(','));
            errors.invalid(&path.child("registry"), registry, PAIR);
        }
    }
    require(tree, &["volume"], path, errors);
}

pub fn downward(tree: &Tree, path: &Path, errors: &mut Errors) {
    file_mode(tree, "defaultMode", path, errors);
    user(tree, "defaultUser", path, errors);
    for item in tree.list("items") {
        downward_file(item, path, errors);
    }
}

pub fn fibre_channel(tree: &Tree, path: &Path, errors: &mut Errors) {
    let (targets, ids) = (tree.list("targetWWNs"), tree.list("wwids"));
    let place = path.child("targetWWNs");
    if targets.is_empty() && ids.is_empty() {
        errors.required(&place, "must specify either targetWWNs or wwids, but not both");
    }
    if !targets.is_empty() && !ids.is_empty() {
        let words = "targetWWNs and wwids can not be specified simultaneously";
        errors.invalid(&place, Bad::Typed(tree.get("targetWWNs"), "[]string"), words);
    }
    if !targets.is_empty() {
        match tree.int("lun") {
            None => errors.required(&path.child("lun"), "lun is required if targetWWNs is specified"),
            Some(lun) if !(0..=255).contains(&lun) => {
                errors.invalid(&path.child("lun"), lun, &text::between(0, 255));
            }
            Some(_) => {}
        }
    }
}

pub fn flex(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["driver"], path, errors);
    for (key, _) in tree.map("options") {
        let space = key.split('/').next().unwrap_or(key);
        let space = format!(".{}", space.to_lowercase());
        if space.ends_with(".kubernetes.io") || space.ends_with(".k8s.io") {
            let path = path.child("options").key(key);
            errors.invalid(&path, key, "kubernetes.io and k8s.io namespaces are reserved");
        }
    }
}

pub fn azure_file(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["secretName", "shareName"], path, errors);
}

pub fn azure_disk(tree: &Tree, path: &Path, errors: &mut Errors) {
    const CACHING: [&str; 3] = ["None", "ReadOnly", "ReadWrite"];
    const KINDS: [&str; 3] = ["Dedicated", "Managed", "Shared"];
    require(tree, &["diskName", "diskURI"], path, errors);
    let (caching, kind, uri) = (tree.str("cachingMode"), tree.str("kind"), tree.str("diskURI"));
    if tree.has("cachingMode") && !CACHING.contains(&caching) {
        errors.not_supported(&path.child("cachingMode"), caching, &CACHING);
    }
    if !tree.has("kind") {
        return;
    }
    if !KINDS.contains(&kind) {
        errors.not_supported(&path.child("kind"), kind, &KINDS);
    }
    let (prefix, form) = match kind {
        "Managed" => (
            "/subscriptions/",
            "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}",
        ),
        _ => ("https://", "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"),
    };
    if !uri.starts_with(prefix) {
        errors.not_supported(&path.child("diskURI"), uri, &[form]);
    }
}

pub fn vsphere(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["volumePath"], path, errors);
}

pub fn photon(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["pdID"], path, errors);
}

pub fn portworx(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["volumeID"], path, errors);
}

pub fn scale_io(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["gateway", "system", "volumeName"], path, errors);
}

pub fn storage_os(tree: &Tree, path: &Path, errors: &mut Errors) {
    storage_os_names(tree, path, errors);
    secret_reference(tree, &["name"], path, errors);
}

/// What volumes of pods and persistent volumes share of StorageOS.
pub fn storage_os_names(tree: &Tree, path: &Path, errors: &mut Errors) {
    let (name, space) = (tree.str("volumeName"), tree.str("volumeNamespace"));
    if name.is_empty() {
        errors.required(&path.child("volumeName"), "");
    } else {
        errors.invalid_each(&path.child("volumeName"), name, text::dns_label(name));
    }
    if !space.is_empty() {
        errors.invalid_each(&path.child("volumeNamespace"), space, text::dns_label(space));
    }
}

/// The name of a driver by the markers of its type, since 1.37.
pub fn marked_driver_name(name: &str, path: &Path, errors: &mut Errors) {
    if name.is_empty() {
        return errors.required(path, "");
    }
    if name.len() > 63 {
        errors.too_many_characters(path, 63);
    }
    errors.invalid_each(path, name, text::dns_subdomain_caseless(name));
}

/// Go: `ValidateCSIDriverName`
pub fn driver_name(name: &str, path: &Path, errors: &mut Errors) {
    if name.is_empty() {
        return errors.required(path, "");
    }
    if name.len() > 63 {
        errors.too_long(path, 63);
    }
    errors.invalid_each(path, name, text::dns_subdomain(&name.to_lowercase()));
}

pub fn csi(tree: &Tree, path: &Path, errors: &mut Errors) {
    driver_name(tree.str("driver"), &path.child("driver"), errors);
    if tree.has("nodePublishSecretRef") {
        let name = tree.get("nodePublishSecretRef").str("name");
        if name.is_empty() {
            errors.required(&path.child("nodePublishSecretRef").child("name"), "");
        } else {
            errors.invalid_each(&path.child("name"), name, text::dns_subdomain(name));
        }
    }
}

/// Go: `validateImageVolumeSource`
pub fn image(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["reference"], path, errors);
    super::container::pull_policy(tree.str("pullPolicy"), &path.child("pullPolicy"), errors);
}
