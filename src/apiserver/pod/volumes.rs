//! The volumes of a pod: which of the many kinds each is, and whether it is only one.
//!
//! Source: `ValidateVolumes`, `validateVolumeSource`.

use crate::apiserver::error::{Errors, Path};
use crate::apiserver::text;
use crate::apiserver::tree::Tree;

use super::whole::{Pod, Volumes};
use super::{ephemeral, volume_source as source};

type Check = fn(&Tree, &Path, &mut Errors);

/// The kinds of volumes in the order in which they are looked for: the field, what a second kind is called there, where
/// errors stand, and what checks it.
const KINDS: [(&str, &str, &str, Check); 27] = [
    ("hostPath", "hostPath", "hostPath", source::host_path),
    ("gitRepo", "gitRepo", "gitRepo", source::git_repo),
    ("gcePersistentDisk", "gcePersistentDisk", "persistentDisk", source::gce_disk),
    ("awsElasticBlockStore", "awsElasticBlockStore", "awsElasticBlockStore", source::aws_disk),
    ("secret", "secret", "secret", source::secret),
    ("nfs", "nfs", "nfs", source::nfs),
    ("iscsi", "iscsi", "iscsi", source::iscsi),
    ("glusterfs", "glusterfs", "glusterfs", source::glusterfs),
    ("flocker", "flocker", "flocker", source::flocker),
    ("persistentVolumeClaim", "persistentVolumeClaim", "persistentVolumeClaim", source::claim),
    ("rbd", "rbd", "rbd", source::rbd),
    ("cinder", "cinder", "cinder", source::cinder),
    ("cephfs", "cephFS", "cephfs", source::ceph),
    ("quobyte", "quobyte", "quobyte", source::quobyte),
    ("downwardAPI", "downwarAPI", "downwardAPI", source::downward),
    ("fc", "fc", "fc", source::fibre_channel),
    ("flexVolume", "flexVolume", "flexVolume", source::flex),
    ("configMap", "configMap", "configMap", source::config_map),
    ("azureFile", "azureFile", "azureFile", source::azure_file),
    ("vsphereVolume", "vsphereVolume", "vsphereVolume", source::vsphere),
    ("photonPersistentDisk", "photonPersistentDisk", "photonPersistentDisk", source::photon),
    ("portworxVolume", "portworxVolume", "portworxVolume", source::portworx),
    ("azureDisk", "azureDisk", "azureDisk", source::azure_disk),
    ("storageos", "storageos", "storageos", source::storage_os),
    ("projected", "projected", "projected", source::projected),
    ("scaleIO", "scaleIO", "scaleIO", source::scale_io),
    ("csi", "csi", "csi", source::csi),
];

/// Checks the volumes of a pod.
pub fn check<'a>(pod: &Pod<'a>, path: &Path, errors: &mut Errors) -> Volumes<'a> {
    let mut good: Vec<(&str, &Tree)> = Vec::new();
    let owner = pod.meta.map_or("", |meta| meta.str("name"));
    let claims: Vec<String> = pod
        .spec
        .list("volumes")
        .iter()
        .filter(|volume| !owner.is_empty() && volume.has("ephemeral"))
        .map(|volume| format!("{owner}-{}", volume.str("name")))
        .collect();
    for (at, volume) in pod.spec.list("volumes").iter().enumerate() {
        let path = path.index(at);
        let (name, name_path) = (volume.str("name"), path.child("name"));
        let before = errors.len();
        one(volume, owner, &path, errors);
        if name.is_empty() {
            errors.required(&name_path, "");
        } else {
            errors.invalid_each(&name_path, name, text::dns_label(name));
        }
        if good.iter().any(|(known, _)| *known == name) {
            errors.duplicate(&name_path, name);
        }
        if errors.len() == before {
            good.push((name, volume));
        }
        let claim = volume.get("persistentVolumeClaim").str("claimName");
        if claims.iter().any(|known| known == claim) {
            let path = path.child("persistentVolumeClaim").child("claimName");
            errors.invalid(
                &path,
                claim,
                "must not reference a PVC that gets created for an ephemeral volume",
            );
        }
    }
    Volumes::new(good)
}

/// Go: `validateVolumeSource`
fn one(volume: &Tree, owner: &str, path: &Path, errors: &mut Errors) {
    let mut count = 0;
    if volume.has("emptyDir") {
        count += 1;
        source::empty_dir(volume.get("emptyDir"), &path.child("emptyDir"), errors);
    }
    for (field, second, place, check) in KINDS {
        if !volume.has(field) {
            continue;
        }
        if count > 0 {
            errors.forbidden(&path.child(second), "may not specify more than 1 volume type");
        } else {
            count += 1;
            check(volume.get(field), &path.child(place), errors);
        }
        if field == "iscsi" {
            source::iscsi_name(volume, path, errors);
        }
    }
    if volume.has("ephemeral") {
        if count > 0 {
            errors.forbidden(&path.child("ephemeral"), "may not specify more than 1 volume type");
        } else {
            count += 1;
            ephemeral::volume(volume, owner, path, errors);
        }
    }
    // The field is dropped where the feature is off.
    if volume.has("image") && errors.since(35) {
        if count > 0 {
            errors.forbidden(&path.child("image"), "may not specify more than 1 volume type");
        } else {
            count += 1;
            source::image(volume.get("image"), &path.child("image"), errors);
        }
    }
    if count == 0 {
        errors.required(path, "must specify a volume type");
    }
}
