//! Changes that the server judges by more than one field: of pods, claims, volumes, services, secrets, StatefulSets, Jobs.
//!
//! Source: the functions `Validate…Update` of k8s.io/kubernetes `pkg/apis/{core,apps,batch,networking}/validation/validation.go`.

use crate::kubernetes::Quantity;

use super::error::{Bad, Errors, FieldError, IMMUTABLE, Path};
use super::print::json_of;
use super::tree::Tree;

/// Where an object changes that may not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The field.
    pub path: Path,
    /// What it was, as JSON; nothing where it was not there.
    pub from: Option<String>,
    /// What it is to be.
    pub to: Option<String>,
}

impl Place {
    /// A field of which nothing more is known.
    pub fn at(path: &Path) -> Place {
        Place { path: path.clone(), from: None, to: None }
    }
}

/// A change that the server refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it says.
    pub error: FieldError,
    /// A field that changes.
    pub path: Path,
    /// What it was, as JSON; nothing where it was not there.
    pub from: Option<String>,
    /// What it is to be.
    pub to: Option<String>,
}

impl Change {
    pub(super) fn new(error: FieldError, Place { path, from, to }: Place) -> Change {
        Change { error, path, from, to }
    }
}

/// What the server says of changes, with the place of each.
pub(super) struct Changes<'a> {
    pub errors: &'a mut Errors,
    /// Those of each error.
    pub places: Vec<Vec<Place>>,
}

impl Changes<'_> {
    /// Notes where the next error is: what stands at the end of the way, before and after.
    pub fn at(&mut self, route: &[&str], before: &Tree, after: &Tree) {
        let path = route.iter().fold(Path::default(), |path, step| path.child(step));
        self.places.push(differing(path, before, after));
    }
}

/// How many fields are told of one error; of more, what holds them all.
const MOST: usize = 6;

/// The fields that differ.
fn differing(path: Path, before: &Tree, after: &Tree) -> Vec<Place> {
    let mut found = Vec::new();
    match (before, after) {
        (Tree::Map(first), Tree::Map(second)) => {
            let mut keys: Vec<&String> = first.iter().chain(second).map(|(key, _)| key).collect();
            keys.sort();
            keys.dedup();
            for key in keys.into_iter().filter(|key| !before.get(key).is_same(after.get(key))) {
                found.extend(differing(path.child(key), before.get(key), after.get(key)));
            }
        }
        (Tree::List(first), Tree::List(second)) if first.len() == second.len() => {
            for (at, (before, after)) in first.iter().zip(second).enumerate() {
                if !before.is_same(after) {
                    found.extend(differing(path.index(at), before, after));
                }
            }
        }
        _ => {}
    }
    if (1..=MOST).contains(&found.len()) {
        return found;
    }
    let shown = |tree: &Tree| (!tree.is_null()).then(|| json_of(tree));
    vec![Place { path, from: shown(before), to: shown(after) }]
}

/// What the server put into an object stays where nobody takes its place: of what is written anew only what somebody wrote before
/// goes.
///
/// Go: k8s.io/apimachinery `pkg/util/managedfields`, of a manager that wrote the whole object
pub(super) fn settle(kind: (&str, &str), written: &Tree, old: &Tree, new: &mut Tree) {
    match kind {
        ("v1", "Service") => drop_unneeded(old.get("spec"), new.field_mut("spec")),
        _ => keep(written, old, new),
    }
}

/// Whether something that is wrong is let be, since it was so before and does not change.
///
/// Go: `validationOptionsForHorizontalPodAutoscaler`
pub(super) fn is_let_be(kind: (&str, &str), old: &Tree, new: &Tree, cause: &FieldError) -> bool {
    let target = ["spec", "scaleTargetRef"];
    let is_same = |field: &&str| old.at(&target).str(field) == new.at(&target).str(field);
    kind.1 == "HorizontalPodAutoscaler"
        && cause.path.to_string() == "spec.scaleTargetRef.apiVersion"
        && ["apiVersion", "kind"].iter().all(is_same)
}

fn keep(written: &Tree, old: &Tree, new: &mut Tree) {
    match (old, new) {
        (Tree::Map(entries), new @ Tree::Map(_)) => {
            for (key, value) in entries {
                match (written.has(key), new.has(key)) {
                    (false, false) => new.set(key, value.clone()),
                    (_, true) => {
                        new.get_mut(key).into_iter().for_each(|below| keep(written.get(key), value, below));
                    }
                    (true, false) => {}
                }
            }
        }
        (Tree::List(_), Tree::List(items)) => {
            let of_name = |list: &Tree, name: &str| {
                list.items().iter().find(|item| item.str("name") == name).cloned().unwrap_or(Tree::Null)
            };
            for item in items.iter_mut().filter(|item| !item.str("name").is_empty()) {
                let name = item.str("name").to_owned();
                keep(&of_name(written, &name), &of_name(old, &name), item);
            }
        }
        _ => {}
    }
}

/// Fields that a Service of another type does not need go where they stay the same.
///
/// Go: `dropTypeDependentFields`
fn drop_unneeded(old: &Tree, new: &mut Tree) {
    let is = |spec: &Tree, kinds: &[&str]| kinds.contains(&spec.str("type"));
    let needs = |spec: &Tree, field: &str| match field {
        "loadBalancerClass" | "allocateLoadBalancerNodePorts" => is(spec, &["LoadBalancer"]),
        _ => is(spec, &["LoadBalancer", "NodePort"]),
    };
    for field in ["loadBalancerClass", "allocateLoadBalancerNodePorts", "externalTrafficPolicy"] {
        if needs(old, field) && !needs(new, field) && old.get(field) == new.get(field) {
            new.remove(field);
        }
    }
    let is_open = ["LoadBalancer", "NodePort"];
    if is(old, &is_open) && !is(new, &is_open) {
        let ports: Vec<(Tree, Tree)> = old
            .list("ports")
            .iter()
            .map(|port| (port.get("port").clone(), port.get("nodePort").clone()))
            .collect();
        for port in new.list_mut("ports") {
            if ports.contains(&(port.get("port").clone(), port.get("nodePort").clone())) {
                port.remove("nodePort");
            }
        }
    }
}

/// Tells of changes before those of fixed fields.
pub(super) fn before(kind: (&str, &str), old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    match kind {
        ("v1", "Service") => service(old.get("spec"), new.get("spec"), c),
        ("batch/v1", "Job") => {
            completions(old.get("spec"), new.get("spec"), c);
            suspended(old.get("spec"), new.get("spec"), c);
        }
        _ => {}
    }
}

/// Tells of changes after those of fixed fields.
pub(super) fn after(kind: (&str, &str), old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    match kind {
        ("v1", "Secret") => frozen(old, new, &["data"], c),
        ("v1", "ConfigMap") => frozen(old, new, &["data", "binaryData"], c),
        ("v1", "PersistentVolumeClaim") => claim(old, new, c),
        ("v1", "PersistentVolume") => volume(old.get("spec"), new.get("spec"), c),
        ("v1", "Pod") => pod(old.get("spec"), new.get("spec"), c),
        ("v1", "ResourceQuota") => scopes(old.get("spec"), new.get("spec"), c),
        ("apps/v1", "StatefulSet") => stateful_set(old.get("spec"), new.get("spec"), c),
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition") => definition(old, new, c),
        ("networking.k8s.io/v1", "ServiceCIDR") => ranges(old.get("spec"), new.get("spec"), c),
        _ => {}
    }
}

/// Whether a fixed field may change after all.
pub(super) fn may_change(kind: (&str, &str), route: &[&str], old: &Tree, new: &Tree, minor: u32) -> bool {
    kind == ("batch/v1", "Job")
        && route == ["spec", "template"]
        && is_template_open(old.get("spec"), new.get("spec"), minor)
}

/// The first minor in which a suspended Job may change what its pods ask for.
const OPEN_RESOURCES: u32 = 36;

/// A Job that was made suspended may still change where its pods go.
///
/// Go: `validatePodTemplateUpdate`
fn is_template_open(old: &Tree, new: &Tree, minor: u32) -> bool {
    old.is("suspend") && (minor >= OPEN_RESOURCES || closed(old, false).is_same(&closed(new, false)))
}

/// The template without what a suspended Job may change.
fn closed(job: &Tree, opens_resources: bool) -> Tree {
    let mut template = job.get("template").clone();
    template.remove("metadata");
    let spec = template.field_mut("spec");
    for list in ["containers", "initContainers"].into_iter().filter(|_| opens_resources) {
        spec.list_mut(list).iter_mut().for_each(|container| container.remove("resources"));
    }
    for field in ["nodeSelector", "tolerations", "schedulingGates"] {
        spec.remove(field);
    }
    if let Some(affinity) = spec.get_mut("affinity") {
        affinity.remove("nodeAffinity");
    }
    template
}

/// Go: `validatePodResourceUpdatesOnly`
fn suspended(old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    let (before, after) = (closed(old, true), closed(new, true));
    if old.is("suspend") && c.errors.since(OPEN_RESOURCES) && !before.is_same(&after) {
        c.at(&["spec", "template"], &before, &after);
        let spec = new.get("template").get("spec");
        c.errors.invalid(
            &Path::new("spec").child("template.spec"),
            Bad::Typed(spec, "core/v1.PodSpec"),
            IMMUTABLE,
        );
    }
}

/// Go: `validateCompletions`
fn completions(old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    let path = Path::new("spec").child("completions");
    let (before, after) = (old.get("completions"), new.get("completions"));
    if before.is_same(after) {
        return;
    }
    if new.str("completionMode") != "Indexed" {
        c.at(&["spec", "completions"], before, after);
        c.errors.invalid(&path, after, IMMUTABLE);
    } else if !after.is_null() && after != new.get("parallelism") {
        c.at(&["spec", "completions"], before, after);
        c.errors.invalid(&path, after, "can only be modified in tandem with spec.parallelism");
    }
}

/// Go: `ValidateSecretUpdate`, `ValidateConfigMapUpdate`
fn frozen(old: &Tree, new: &Tree, fields: &[&str], c: &mut Changes<'_>) {
    if !old.is("immutable") {
        return;
    }
    let words = "field is immutable when `immutable` is set";
    if !new.is("immutable") {
        c.at(&["immutable"], old.get("immutable"), new.get("immutable"));
        c.errors.forbidden(&Path::new("immutable"), words);
    }
    for field in fields {
        if !old.get(field).is_same(new.get(field)) {
            c.at(&[field], old.get(field), new.get(field));
            c.errors.forbidden(&Path::new(field), words);
        }
    }
}

/// A claim is taken to be bound, as claims of a release that runs are.
///
/// Go: `ValidatePersistentVolumeClaimUpdate`
fn claim(old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    let kept = |claim: &Tree| {
        let mut spec = claim.get("spec").clone();
        spec.remove("volumeAttributesClassName");
        if let Some(requests) = spec.get_mut("resources").and_then(|resources| resources.get_mut("requests"))
        {
            requests.remove("storage");
        }
        spec
    };
    let (mut before, after) = (kept(old), kept(new));
    for field in ["volumeName", "storageClassName"] {
        // What nobody asked for is given once.
        if before.str(field).is_empty() && !(field == "storageClassName" && before.has(field)) {
            before.set(field, after.get(field).clone());
        }
    }
    let path = Path::new("spec");
    if !before.is_same(&after) || before.has("storageClassName") != after.has("storageClassName") {
        let words = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
        c.at(&["spec"], &before, &after);
        c.errors.forbidden(&path, words);
    }
    let size = |claim: &Tree| Quantity::parse(claim.at(&["spec", "resources", "requests"]).str("storage"));
    if let (Some(before), Some(after)) = (size(old), size(new))
        && after < before
    {
        let words = match c.errors.since(32) {
            true => "field can not be less than status.capacity",
            false => "field can not be less than previous value",
        };
        let route = ["spec", "resources", "requests", "storage"];
        c.at(&route, old.at(&route), new.at(&route));
        c.errors.forbidden(&path.child("resources").child("requests").child("storage"), words);
    }
    volume_mode(old.get("spec"), new.get("spec"), c);
}

fn volume_mode(old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    if old.get("volumeMode") != new.get("volumeMode") {
        c.at(&["spec", "volumeMode"], old.get("volumeMode"), new.get("volumeMode"));
        c.errors.invalid(&Path::new("volumeMode"), new.get("volumeMode"), IMMUTABLE);
    }
}

/// What of a volume is no source of it.
const NO_SOURCE: [&str; 9] = [
    "capacity",
    "accessModes",
    "claimRef",
    "persistentVolumeReclaimPolicy",
    "storageClassName",
    "mountOptions",
    "volumeMode",
    "nodeAffinity",
    "volumeAttributesClassName",
];

/// Go: `ValidatePersistentVolumeUpdate`
fn volume(old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    let source = |spec: &Tree| {
        let mut spec = spec.clone();
        for field in NO_SOURCE {
            spec.remove(field);
        }
        spec
    };
    let (before, mut after) = (source(old), source(new));
    if before.has("csi")
        && !before.get("csi").has("controllerExpandSecretRef")
        && let Some(csi) = after.get_mut("csi")
    {
        csi.remove("controllerExpandSecretRef");
    }
    let path = Path::new("spec");
    if !before.is_same(&after) {
        let words = "spec.persistentvolumesource is immutable after creation";
        c.at(&["spec"], &before, &after);
        c.errors.forbidden(&path.child("persistentvolumesource"), words);
    }
    volume_mode(old, new, c);
    let (before, after) = (old.get("nodeAffinity"), new.get("nodeAffinity"));
    if !before.is_null() && !before.is_same(after) {
        let words = "field is immutable, except for updating from beta label to GA";
        c.at(&["spec", "nodeAffinity"], before, after);
        let bad = match after {
            Tree::Null => Bad::Raw("null".to_owned()),
            after => Bad::Typed(after, "core.VolumeNodeAffinity"),
        };
        c.errors.invalid(&Path::new("nodeAffinity"), bad, words);
    }
}

/// Go: `ValidateResourceQuotaUpdate`
fn scopes(old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    let all = |spec: &Tree| {
        let mut scopes: Vec<String> =
            spec.list("scopes").iter().map(|scope| scope.text().to_owned()).collect();
        scopes.sort();
        scopes.dedup();
        scopes
    };
    if all(old) != all(new) {
        let bad = Bad::Typed(new.get("scopes"), "[]string");
        c.at(&["spec", "scopes"], old.get("scopes"), new.get("scopes"));
        c.errors.invalid(&Path::new("spec").child("scopes"), bad, IMMUTABLE);
    }
}

/// What of a StatefulSet may change.
const OPEN: [&str; 6] = [
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
];

/// Before each field is told by itself.
///
/// Go: `ValidateStatefulSetUpdate` up to 1.36
fn stateful_set(old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    if c.errors.since(37) {
        return;
    }
    let may_keep_less = c.errors.since(33);
    let closed = |spec: &Tree| {
        let mut spec = spec.clone();
        for field in OPEN {
            spec.remove(field);
        }
        if may_keep_less {
            spec.remove("revisionHistoryLimit");
        }
        spec
    };
    let (before, after) = (closed(old), closed(new));
    if !before.is_same(&after) {
        c.at(&["spec"], &before, &after);
        let history = if may_keep_less { "'revisionHistoryLimit', " } else { "" };
        let words = format!(
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', \
             {history}'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
        );
        c.errors.forbidden(&Path::new("spec"), &words);
    }
}

/// Go: `ValidatePodUpdate`
fn pod(old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    let path = Path::new("spec");
    for field in ["containers", "initContainers"] {
        if old.list(field).len() != new.list(field).len() {
            c.at(&["spec", field], old.get(field), new.get(field));
            return c.errors.forbidden(&path.child(field), "pod updates may not add or remove containers");
        }
    }
    let told = c.places.len();
    deadline(old, new, c);
    if c.places.len() > told && new.has("activeDeadlineSeconds") {
        return;
    }
    tolerations(old, new, c);
    let fixed = |pod: &Tree| {
        let mut pod = pod.clone();
        for field in ["containers", "initContainers"] {
            pod.list_mut(field).iter_mut().for_each(|container| container.remove("image"));
        }
        for field in ["activeDeadlineSeconds", "schedulingGates", "tolerations"] {
            pod.remove(field);
        }
        pod
    };
    let (before, after) = (fixed(old), fixed(new));
    if !before.is_same(&after) {
        c.at(&["spec"], &before, &after);
        let words = "pod updates may not change fields other than \
                     `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,\
                     `spec.tolerations` (only additions to existing tolerations),\
                     `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
        c.errors.forbidden(&path, words);
    }
}

fn deadline(old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    let path = Path::new("spec").child("activeDeadlineSeconds");
    let route = ["activeDeadlineSeconds"];
    match (old.int("activeDeadlineSeconds"), new.int("activeDeadlineSeconds")) {
        (Some(before), Some(after)) if before < after => {
            c.at(&["spec", route[0]], old.at(&route), new.at(&route));
            c.errors.invalid(&path, after, "must be less than or equal to previous value");
        }
        (Some(_), None) => {
            let words = "must not update from a positive integer to nil value";
            c.at(&["spec", route[0]], old.at(&route), new.at(&route));
            c.errors.invalid(&path, Bad::Raw("null".to_owned()), words);
        }
        _ => {}
    }
}

/// Go: `validateOnlyAddedTolerations`
fn tolerations(old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    let timeless = |toleration: &Tree| {
        let mut toleration = toleration.clone();
        toleration.remove("tolerationSeconds");
        toleration
    };
    let is_kept = |before: &Tree| {
        new.list("tolerations").iter().any(|after| timeless(before).is_same(&timeless(after)))
    };
    if !old.list("tolerations").iter().all(is_kept) {
        let words = "existing toleration can not be modified except its tolerationSeconds";
        c.at(&["spec", "tolerations"], old.get("tolerations"), new.get("tolerations"));
        c.errors.forbidden(&Path::new("spec").child("tolerations"), words);
    }
}

/// Go: `ValidateServiceUpdate`
fn service(old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    let path = Path::new("spec");
    let is = |spec: &Tree, kind: &str| spec.str("type") == kind;
    let is_headless = |spec: &Tree| spec.list("clusterIPs").first().is_some_and(|ip| ip.text() == "None");
    let is_free = is(old, "ExternalName") || is(new, "ExternalName") || is_headless(old) && is_headless(new);
    if !is_free {
        let first = |spec: &Tree| spec.list("clusterIPs").first().map_or("", Tree::text).to_owned();
        // An address that nobody asked for stays.
        let asks = |spec: &Tree| first(spec) != super::service::GIVEN;
        // What no longer asks for an address, or for none, keeps what it has.
        if first(old) != first(new) && asks(new) {
            let bad = Bad::Typed(new.get("clusterIPs"), "[]string");
            c.at(&["spec", "clusterIP"], old.get("clusterIP"), new.get("clusterIP"));
            c.errors.invalid(&path.child("clusterIPs").index(0), bad, "may not change once set");
        }
    }
    if is(old, "LoadBalancer")
        && is(new, "LoadBalancer")
        && old.get("loadBalancerClass") != new.get("loadBalancerClass")
    {
        let class = new.get("loadBalancerClass");
        c.at(&["spec", "loadBalancerClass"], old.get("loadBalancerClass"), class);
        c.errors.invalid(&path.child("loadBalancerClass"), class, "may not change once set");
    }
}

/// Go: `ValidateServiceCIDRUpdate`
fn ranges(old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    let path = Path::new("spec").child("cidrs");
    let (before, after) = (old.list("cidrs"), new.list("cidrs"));
    let grows = before.len() == 1 && after.len() == 2;
    if before.len() != after.len() && !grows {
        c.at(&["spec", "cidrs"], old.get("cidrs"), new.get("cidrs"));
        return c.errors.invalid(&path, Bad::Typed(new.get("cidrs"), "[]string"), IMMUTABLE);
    }
    for (at, (before, after)) in before.iter().zip(after).enumerate() {
        if before != after {
            c.at(&["spec", "cidrs"], old.get("cidrs"), new.get("cidrs"));
            c.errors.invalid(&path.index(at), after, IMMUTABLE);
        }
    }
}

/// A definition is taken to be established, as those of a release that runs are.
///
/// Go: `validateCustomResourceDefinitionSpecUpdate`, `ValidateCustomResourceDefinitionStoredVersions`
fn definition(old: &Tree, new: &Tree, c: &mut Changes<'_>) {
    let path = Path::new("spec");
    let stored = old.get("status").list("storedVersions");
    let versions = new.get("spec").list("versions");
    for (at, version) in stored.iter().map(Tree::text).enumerate() {
        if versions.iter().any(|own| own.str("name") == version) {
            continue;
        }
        let words = format!(
            "missing from spec.versions; {version} was previously a storage version, and must remain in spec.versions \
             until a storage migration ensures no data remains persisted in {version} and removes {version} from \
             status.storedVersions"
        );
        c.at(&["spec", "versions"], &Tree::Null, &Tree::Null);
        c.errors.invalid(&Path::new("status").child("storedVersions").index(at), version, &words);
    }
    let (old, new) = (old.get("spec"), new.get("spec"));
    if old.str("scope") != new.str("scope") {
        c.at(&["spec", "scope"], old.get("scope"), new.get("scope"));
        c.errors.invalid(&path.child("scope"), new.str("scope"), IMMUTABLE);
    }
    let kind = |spec: &Tree| spec.get("names").str("kind").to_owned();
    if kind(old) != kind(new) {
        c.at(&["spec", "names", "kind"], old.get("names").get("kind"), new.get("names").get("kind"));
        c.errors.invalid(&path.child("names").child("kind"), &kind(new), IMMUTABLE);
    }
}
