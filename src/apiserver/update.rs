//! What the server says of a change: fields that nobody may change once the object is there.
//!
//! Read [`answer`]. What is judged is an apply, as Helm does it: what the object does not say keeps what the server gave it, such
//! as the address of a Service or the selector of a Job. Most rules are lines of [`FIXED`]; those that look further are functions
//! of [`changes`](super::changes).
//!
//! Source: the functions `Validate…Update` of k8s.io/kubernetes `pkg/apis/*/validation/validation.go`.

use crate::yaml::Node;

use super::answer::{Answer, place};
use super::changes::{self, Change, Changes, Place};
use super::decode;
use super::error::{Bad, Errors, FieldError, IMMUTABLE, Path};
use super::kinds::{APPS, BATCH, CERTIFICATES, DEVICES, RBAC, STORAGE};
use super::known::Known;
use super::tree::Tree;
use super::{custom::Definitions, judge, refusal};

/// What a server says of a field that changes.
#[derive(Clone, Copy)]
enum Says {
    /// `field is immutable`, with the new value.
    Immutable,
    /// The same, from that minor on; words of its own before.
    ImmutableSince(u32, &'static str),
    /// Words of its own.
    Forbidden(&'static str),
    /// Words of its own before that minor, with the new value.
    InvalidBefore(u32, &'static str),
}

/// A field that nobody may change.
struct Fixed {
    /// The version and kind.
    kind: (&'static str, &'static str),
    /// The way to it.
    route: &'static [&'static str],
    /// The way as the server says it, where it says another.
    told: &'static [&'static str],
    /// Its Go type.
    type_name: &'static str,
    says: Says,
    /// The first minor in which it is fixed, and the last.
    minors: (u32, u32),
    /// The first minor that does not show the new value.
    silent_since: u32,
}

const fn fixed(
    kind: (&'static str, &'static str),
    route: &'static [&'static str],
    type_name: &'static str,
    says: Says,
) -> Fixed {
    Fixed { kind, route, told: route, type_name, says, minors: (0, u32::MAX), silent_since: u32::MAX }
}

const SELECTOR: &str = "meta/v1.LabelSelector";

/// The first minor in which each field of a StatefulSet is told by itself.
const TELLS_FIELDS: u32 = 37;

const fn since(minor: u32, line: Fixed) -> Fixed {
    Fixed { minors: (minor, u32::MAX), ..line }
}

const fn until(minor: u32, line: Fixed) -> Fixed {
    Fixed { minors: (0, minor), ..line }
}

/// A rule that the server reads from the markers of its types since 1.37.
const fn declared(line: Fixed) -> Fixed {
    Fixed { silent_since: 37, ..line }
}

const CHANGED_ROLE: Says = Says::InvalidBefore(37, "cannot change roleRef");

/// Fields that nobody may change.
static FIXED: [Fixed; 43] = [
    fixed((APPS, "Deployment"), &["spec", "selector"], SELECTOR, Says::Immutable),
    fixed((APPS, "ReplicaSet"), &["spec", "selector"], SELECTOR, Says::Immutable),
    fixed((APPS, "DaemonSet"), &["spec", "selector"], SELECTOR, Says::Immutable),
    since(TELLS_FIELDS, fixed((APPS, "StatefulSet"), &["spec", "selector"], SELECTOR, Says::Immutable)),
    since(
        TELLS_FIELDS,
        fixed(
            (APPS, "StatefulSet"),
            &["spec", "volumeClaimTemplates"],
            "[]core/v1.PersistentVolumeClaim",
            Says::Immutable,
        ),
    ),
    since(TELLS_FIELDS, fixed((APPS, "StatefulSet"), &["spec", "serviceName"], "string", Says::Immutable)),
    since(
        TELLS_FIELDS,
        fixed((APPS, "StatefulSet"), &["spec", "podManagementPolicy"], "string", Says::Immutable),
    ),
    fixed((APPS, "ControllerRevision"), &["data"], "runtime.RawExtension", Says::Immutable),
    fixed((BATCH, "Job"), &["spec", "selector"], SELECTOR, Says::Immutable),
    fixed((BATCH, "Job"), &["spec", "template"], "core/v1.PodTemplateSpec", Says::Immutable),
    fixed((BATCH, "Job"), &["spec", "completionMode"], "string", Says::Immutable),
    fixed((BATCH, "Job"), &["spec", "podFailurePolicy"], "batch/v1.PodFailurePolicy", Says::Immutable),
    fixed((BATCH, "Job"), &["spec", "backoffLimitPerIndex"], "*int32", Says::Immutable),
    since(30, fixed((BATCH, "Job"), &["spec", "managedBy"], "*string", Says::Immutable)),
    since(30, fixed((BATCH, "Job"), &["spec", "successPolicy"], "batch/v1.SuccessPolicy", Says::Immutable)),
    fixed((RBAC, "RoleBinding"), &["roleRef"], "rbac.RoleRef", CHANGED_ROLE),
    fixed((RBAC, "ClusterRoleBinding"), &["roleRef"], "rbac.RoleRef", CHANGED_ROLE),
    declared(fixed(
        (STORAGE, "StorageClass"),
        &["parameters"],
        "map[string]string",
        Says::ImmutableSince(36, "updates to parameters are forbidden."),
    )),
    declared(fixed(
        (STORAGE, "StorageClass"),
        &["provisioner"],
        "string",
        Says::ImmutableSince(36, "updates to provisioner are forbidden."),
    )),
    declared(fixed(
        (STORAGE, "StorageClass"),
        &["reclaimPolicy"],
        "string",
        Says::ImmutableSince(36, "updates to reclaimPolicy are forbidden."),
    )),
    declared(fixed((STORAGE, "StorageClass"), &["volumeBindingMode"], "string", Says::Immutable)),
    Fixed {
        told: &["spec", "attachedRequired"],
        ..fixed((STORAGE, "CSIDriver"), &["spec", "attachRequired"], "bool", Says::Immutable)
    },
    until(29, fixed((STORAGE, "CSIDriver"), &["spec", "fsGroupPolicy"], "string", Says::Immutable)),
    until(29, fixed((STORAGE, "CSIDriver"), &["spec", "podInfoOnMount"], "bool", Says::Immutable)),
    fixed((STORAGE, "CSIDriver"), &["spec", "volumeLifecycleModes"], "[]string", Says::Immutable),
    fixed(
        (STORAGE, "VolumeAttributesClass"),
        &["driverName"],
        "string",
        Says::Forbidden("updates to driverName are forbidden."),
    ),
    fixed(
        (STORAGE, "VolumeAttributesClass"),
        &["parameters"],
        "map[string]string",
        Says::Forbidden("updates to parameters are forbidden."),
    ),
    fixed(
        ("scheduling.k8s.io/v1", "PriorityClass"),
        &["value"],
        "int32",
        Says::Forbidden("may not be changed in an update."),
    ),
    fixed(("scheduling.k8s.io/v1", "PriorityClass"), &["preemptionPolicy"], "string", Says::Immutable),
    declared(fixed(("node.k8s.io/v1", "RuntimeClass"), &["handler"], "string", Says::Immutable)),
    fixed(("networking.k8s.io/v1", "IngressClass"), &["spec", "controller"], "string", Says::Immutable),
    declared(fixed(("discovery.k8s.io/v1", "EndpointSlice"), &["addressType"], "string", Says::Immutable)),
    fixed((DEVICES, "ResourceClaim"), &["spec"], "resource/v1.ResourceClaimSpec", Says::Immutable),
    fixed(
        (DEVICES, "ResourceClaimTemplate"),
        &["spec"],
        "resource/v1.ResourceClaimTemplateSpec",
        Says::Immutable,
    ),
    fixed((DEVICES, "ResourceSlice"), &["spec", "pool", "name"], "string", Says::Immutable),
    fixed((DEVICES, "ResourceSlice"), &["spec", "driver"], "string", Says::Immutable),
    fixed((DEVICES, "ResourceSlice"), &["spec", "nodeName"], "*string", Says::Immutable),
    declared(fixed(
        (STORAGE, "VolumeAttachment"),
        &["spec"],
        "storage.VolumeAttachmentSpec",
        Says::Immutable,
    )),
    since(
        37,
        fixed(
            ("storagemigration.k8s.io/v1", "StorageVersionMigration"),
            &["spec"],
            "storagemigration.StorageVersionMigrationSpec",
            Says::Immutable,
        ),
    ),
    since(
        37,
        fixed(
            (CERTIFICATES, "PodCertificateRequest"),
            &["spec"],
            "certificates.PodCertificateRequestSpec",
            Says::Immutable,
        ),
    ),
    since(
        37,
        fixed((CERTIFICATES, "ClusterTrustBundle"), &["spec", "signerName"], "string", Says::Immutable),
    ),
    fixed(("v1", "Secret"), &["type"], "string", Says::Immutable),
    declared(fixed(
        ("networking.k8s.io/v1", "IPAddress"),
        &["spec", "parentRef"],
        "networking/v1.ParentReference",
        Says::Immutable,
    )),
];

/// Kinds whose fixed fields are told before what is wrong with the new object.
const TOLD_FIRST: [(&str, &str); 5] = [
    (APPS, "DaemonSet"),
    ("networking.k8s.io/v1", "IngressClass"),
    (STORAGE, "VolumeAttributesClass"),
    ("v1", "Secret"),
    ("v1", "ConfigMap"),
];

/// Kinds of which only the metadata and what changes are judged, up to that minor.
const JUDGED_ONCE: [((&str, &str), u32); 8] = [
    ((CERTIFICATES, "PodCertificateRequest"), u32::MAX),
    ((STORAGE, "StorageClass"), 36),
    (("scheduling.k8s.io/v1", "PriorityClass"), u32::MAX),
    (("node.k8s.io/v1", "RuntimeClass"), 36),
    ((DEVICES, "ResourceClaim"), u32::MAX),
    ((DEVICES, "ResourceClaimTemplate"), u32::MAX),
    (("networking.k8s.io/v1", "IPAddress"), u32::MAX),
    (("networking.k8s.io/v1", "ServiceCIDR"), u32::MAX),
];

/// What makes two objects one before and after a change: group, kind, namespace and name; nothing for an object without a name.
pub fn identity(object: &Node, namespace: &str) -> Option<[String; 4]> {
    let word = |route: &[&str]| object.at(route).and_then(Node::as_str).filter(|text| !text.is_empty());
    let version = word(&["apiVersion"])?;
    let group = version.rsplit_once('/').map_or("", |(group, _)| group);
    let space = word(&["metadata", "namespace"]).unwrap_or(namespace);
    Some([group, word(&["kind"])?, space, word(&["metadata", "name"])?].map(str::to_owned))
}

/// What the server answers to an object that takes the place of another: what it says of a new one, and what may not change.
pub fn answer(old: &Node, new: &Node, minor: u32, definitions: &Definitions<'_>) -> Answer {
    if let Some(answer) = custom_change(old, new, minor, definitions) {
        return answer;
    }
    let answer = super::answer(new, minor, definitions);
    // What cannot be decoded is not compared.
    if !matches!(answer.code, 201 | 422) {
        return answer;
    }
    let known = Known::of(minor);
    let (Some((of_old, old)), Some((kind, new))) = (held(old, known), held(new, known)) else {
        return answer;
    };
    if of_old.api_version != kind.api_version {
        return answer;
    }
    changed(kind, old, new, known)
}

/// What it says of a custom resource: rules of its definition may ask what it was.
fn custom_change(old: &Node, new: &Node, minor: u32, definitions: &Definitions<'_>) -> Option<Answer> {
    let known = Known::of(minor);
    let word = |key: &str| new.get(key).and_then(Node::as_str).unwrap_or_default();
    if known.kind(word("apiVersion"), word("kind")).is_some_and(|kind| kind.served) {
        return None;
    }
    let fresh = super::custom::answer(new, known, definitions)?;
    let mut answer = super::custom::change(Some(old), new, known, definitions)?;
    // What is wrong with the object alone is told as such.
    let causes = answer.causes.iter().filter(|cause| !fresh.causes.contains(cause));
    answer.changes = causes.map(|cause| Change::new(cause.clone(), Place::at(&cause.path))).collect();
    if answer.code == 201 {
        answer.code = 200;
    }
    Some(answer)
}

type Kind = super::known::Kind;

/// An object as the server decodes it; nothing where it does not.
fn held(object: &Node, known: &'static Known) -> Option<(&'static Kind, Tree)> {
    let word = |key: &str| object.get(key).and_then(Node::as_str).unwrap_or_default();
    let kind = known.kind(word("apiVersion"), word("kind")).filter(|kind| kind.served)?;
    let mut tree = decode::decode(known, object, kind.index?).ok()?.object;
    place(&mut tree, kind.namespaced);
    Some((kind, tree))
}

fn changed(kind: &'static Kind, written: Tree, mut new: Tree, known: &'static Known) -> Answer {
    let mut old = written.clone();
    // What the server put in stays; what is wrong with the object was told when it was made.
    judge(&mut old, kind, known);
    let named = (kind.api_version, kind.name);
    changes::settle(named, &written, &old, &mut new);
    let (errors, warnings) = judge(&mut new, kind, known);
    let mut causes = errors.found;
    let once_until = JUDGED_ONCE.iter().find(|(kind, _)| *kind == named).map(|(_, last)| *last);
    if once_until.is_some_and(|last| known.minor <= last) {
        causes.retain(|cause| cause.path.to_string().starts_with("metadata"));
    }
    causes.retain(|cause| !changes::is_let_be(named, &old, &new, cause));
    let mut errors = Errors::new(known);
    let places = compare(named, &old, &new, &mut errors);
    let each = |(error, places): (FieldError, Vec<Place>)| {
        places.into_iter().map(move |place| Change::new(error.clone(), place))
    };
    let changes = errors.found.iter().cloned().zip(places).flat_map(each).collect();
    if TOLD_FIRST.contains(&named) {
        errors.found.append(&mut causes);
    } else {
        errors.found.splice(0..0, causes);
    }
    if errors.is_empty() {
        return Answer { code: 200, warnings, ..Answer::default() };
    }
    let message = refusal(kind, new.at(&["metadata"]).str("name"), &errors);
    let warnings = warnings.into_iter().filter(|warning| warning.of_kind).collect();
    Answer { code: 422, message, causes: errors.found, changes, warnings, ..Answer::default() }
}

/// Tells what changes that may not, and where each thing is.
fn compare(kind: (&str, &str), old: &Tree, new: &Tree, errors: &mut Errors) -> Vec<Vec<Place>> {
    let minor = errors.minor();
    let mut c = Changes { errors, places: Vec::new() };
    changes::before(kind, old, new, &mut c);
    let of_kind = |line: &&Fixed| {
        let (first, last) = line.minors;
        line.kind == kind && (first..=last).contains(&minor)
    };
    for line in FIXED.iter().filter(of_kind) {
        let (before, after) = (old.at(line.route), new.at(line.route));
        if !before.is_same(after) && !changes::may_change(kind, line.route, old, new, minor) {
            c.at(line.route, before, after);
            tell(line, after, c.errors);
        }
    }
    changes::after(kind, old, new, &mut c);
    c.places
}

fn tell(line: &Fixed, value: &Tree, errors: &mut Errors) {
    let path = line.told.iter().fold(Path::default(), |path, step| path.child(step));
    let bad = match value {
        _ if errors.since(line.silent_since) => Bad::Raw("null".to_owned()),
        // The server points at what is not there.
        Tree::Null if !matches!(line.type_name, "string" | "bool" | "int32") => Bad::Raw("null".to_owned()),
        _ => Bad::Typed(value, line.type_name),
    };
    match line.says {
        Says::ImmutableSince(minor, words) if !errors.since(minor) => errors.forbidden(&path, words),
        Says::InvalidBefore(minor, words) if !errors.since(minor) => errors.invalid(&path, bad, words),
        Says::Forbidden(words) => errors.forbidden(&path, words),
        _ => errors.invalid(&path, bad, IMMUTABLE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fixed_field_is_of_a_kind_and_has_a_type() {
        for line in &FIXED {
            let known = Known::of(line.minors.0.max(37).min(line.minors.1));
            let kind = known.kind(line.kind.0, line.kind.1);
            assert!(kind.is_some(), "{:?}", line.kind);
        }
    }
}
