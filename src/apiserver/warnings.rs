//! What the server warns of although it takes the object.
//!
//! Source: `pkg/api/pod/warnings.go`, `pkg/api/service/warnings.go`, `pkg/registry/*/strategy.go` of k8s.io/kubernetes,
//! `pkg/endpoints/deprecation` of k8s.io/apiserver.

use crate::go::strconv::quote;

use super::custom::is_known_format;
use super::error::Path;
use super::known;
use super::pod::Pod;
use super::pod::resources::is_fractional;
use super::text;
use super::tree::Tree;

/// A thing that the server warns of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The field, where the warning is about one.
    pub path: Path,
    /// The server's words.
    pub text: String,
    /// Whether it is about the kind itself, which goes away.
    pub of_kind: bool,
}

/// The warnings of an object.
pub struct Warnings {
    minor: u32,
    /// In the order in which they were found.
    pub found: Vec<Warning>,
}

impl Warnings {
    /// None yet.
    pub fn new(minor: u32) -> Warnings {
        Warnings { minor, found: Vec::new() }
    }

    /// Adds one; the server tells each text once.
    fn add(&mut self, text: String) {
        self.push(Path::default(), text);
    }

    fn push(&mut self, path: Path, text: String) {
        if !self.found.iter().any(|known| known.text == text) {
            self.found.push(Warning { path, text, of_kind: false });
        }
    }

    pub fn at(&mut self, path: &Path, text: &str) {
        self.push(path.clone(), format!("{path}: {text}"));
    }

    /// Go: deprecation.WarningMessage
    pub fn deprecated_kind(&mut self, kind: &known::Kind) {
        let Some(since) = kind.deprecated.filter(|since| *since <= self.minor) else { return };
        let mut text = format!("{} {} is deprecated in v1.{since}+", kind.api_version, kind.name);
        if let Some(removed) = kind.removed {
            text.push_str(&format!(", unavailable in v1.{removed}+"));
        }
        if let Some((version, name)) = kind.replacement {
            text.push_str(&format!("; use {version} {name}"));
        }
        self.found.push(Warning { path: Path::default(), text, of_kind: true });
    }
}

/// Go: `GetWarningsForPod`
pub fn pod(object: &Tree, warnings: &mut Warnings) {
    named(object, "the Pod's hostname", warnings);
    template_warnings(object, &Path::default(), warnings);
}

/// The pods of a workload.
pub fn workload(object: &Tree, warnings: &mut Warnings) {
    let spec = object.get("spec");
    template_warnings(spec.get("template"), &Path::new("spec").child("template"), warnings);
}

/// Go: `warningsForPodSpecAndMeta`
fn template_warnings(template: &Tree, path: &Path, warnings: &mut Warnings) {
    let pod = Pod { spec: template.get("spec"), meta: None };
    let place = path.child("spec");
    selectors(pod.spec, &place, warnings);
    annotations(template, path, warnings);
    volumes(pod.spec, &place.child("volumes"), warnings);
    repeated(pod.spec, &place, warnings);
    if pod.spec.int("terminationGracePeriodSeconds").is_some_and(|seconds| seconds < 0) {
        let words = "must be >= 0; negative values are invalid and will be treated as 1";
        warnings.at(&place.child("terminationGracePeriodSeconds"), words);
    }
    let containers = pod.containers(&place);
    for (container, path) in &containers {
        amounts(container, path, warnings);
        environment(container, path, warnings);
    }
    ports(&containers, warnings);
    port_names(&containers, warnings);
    affinity(pod.spec, &place.child("affinity"), warnings);
}

const OLD_LABELS: [(&str, &str); 8] = [
    ("app.kubernetes.io/created-by", "deprecated since v1.9"),
    (
        "scheduler.alpha.kubernetes.io/preferAvoidPods",
        "deprecated since v1.22; use Taints and Tolerations instead",
    ),
    ("node-role.kubernetes.io/master", "use \"node-role.kubernetes.io/control-plane\" instead"),
    ("beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead"),
    ("beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead"),
    (
        "failure-domain.beta.kubernetes.io/region",
        "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
    ),
    (
        "failure-domain.beta.kubernetes.io/zone",
        "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
    ),
    (
        "beta.kubernetes.io/instance-type",
        "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
    ),
];

fn old_label(key: &str) -> Option<&'static str> {
    OLD_LABELS.iter().find(|(known, _)| *known == key).map(|(_, words)| *words)
}

fn selectors(spec: &Tree, path: &Path, warnings: &mut Warnings) {
    for (key, _) in spec.map("nodeSelector") {
        if let Some(words) = old_label(key) {
            warnings.at(&path.child("nodeSelector").key(key), words);
        }
    }
    let nodes = spec.at(&["affinity", "nodeAffinity"]);
    let place = path.child("affinity").child("nodeAffinity");
    let required = "requiredDuringSchedulingIgnoredDuringExecution";
    for (at, term) in nodes.get(required).list("nodeSelectorTerms").iter().enumerate() {
        node_term(term, false, &place.child(required).child("nodeSelectorTerms").index(at), warnings);
    }
    let preferred = "preferredDuringSchedulingIgnoredDuringExecution";
    for (at, term) in nodes.list(preferred).iter().enumerate() {
        let place = place.child(preferred).index(at).child("preference");
        node_term(term.get("preference"), true, &place, warnings);
    }
    for (at, constraint) in spec.list("topologySpreadConstraints").iter().enumerate() {
        let path = path.child("topologySpreadConstraints").index(at);
        let key = constraint.str("topologyKey");
        if let Some(words) = old_label(key) {
            warnings.at(&path.child("topologyKey"), &format!("{key} is {words}"));
        }
        if !constraint.has("labelSelector") {
            let words = "a null labelSelector results in matching no pod";
            warnings.at(&path.child("labelSelector"), words);
        }
    }
}

/// Go: `GetWarningsForNodeSelectorTerm`
fn node_term(term: &Tree, checks_values: bool, path: &Path, warnings: &mut Warnings) {
    let minor = warnings.minor;
    for (at, expression) in term.list("matchExpressions").iter().enumerate() {
        let path = path.child("matchExpressions").index(at);
        let key = expression.str("key");
        if let Some(words) = old_label(key) {
            warnings.at(&path.child("key"), &format!("{key} is {words}"));
        }
        if !checks_values {
            continue;
        }
        for (at, value) in expression.list("values").iter().enumerate() {
            for why in text::label_value(value.text(), minor) {
                let words = format!("{} is invalid, {why}", value.text());
                warnings.at(&path.child("values").index(at), &words);
            }
        }
    }
}

fn annotations(template: &Tree, path: &Path, warnings: &mut Warnings) {
    const OLD: [(&str, &str); 3] = [
        (
            "scheduler.alpha.kubernetes.io/critical-pod",
            "non-functional in v1.16+; use the \"priorityClassName\" field instead",
        ),
        (
            "security.alpha.kubernetes.io/sysctls",
            "non-functional in v1.11+; use the \"sysctls\" field instead",
        ),
        (
            "security.alpha.kubernetes.io/unsafe-sysctls",
            "non-functional in v1.11+; use the \"sysctls\" field instead",
        ),
    ];
    const SECCOMP: &str = "seccomp.security.alpha.kubernetes.io/pod";
    const WORDS: &str = "non-functional in v1.27+; use the \"seccompProfile\" field instead";
    let given = template.at(&["metadata", "annotations"]);
    let path = path.child("metadata").child("annotations");
    for (key, words) in OLD {
        if given.has(key) {
            warnings.at(&path.key(key), words);
        }
    }
    let spec = template.get("spec");
    if given.has(SECCOMP) && !spec.get("securityContext").has("seccompProfile") {
        warnings.at(&path.key(SECCOMP), WORDS);
    }
    let pod = Pod { spec, meta: None };
    for (container, _) in pod.containers(&Path::default()) {
        let (name, context) = (container.str("name"), container.get("securityContext"));
        let key = format!("container.seccomp.security.alpha.kubernetes.io/{name}");
        if given.has(&key) && !context.has("seccompProfile") {
            warnings.at(&path.key(&key), WORDS);
        }
        let key = format!("container.apparmor.security.beta.kubernetes.io/{name}");
        let is_template = path.steps().len() > 2;
        if warnings.minor >= 30 && is_template && given.has(&key) && !context.has("appArmorProfile") {
            warnings.at(&path.key(&key), "deprecated since v1.30; use the \"appArmorProfile\" field instead");
        }
    }
}

fn volumes(spec: &Tree, path: &Path, warnings: &mut Warnings) {
    const OLD: [(&str, &str, &str); 8] = [
        ("photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
        ("scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
        ("flocker", "flocker", "deprecated in v1.22, non-functional in v1.25+"),
        ("storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"),
        ("quobyte", "quobyte", "deprecated in v1.22, non-functional in v1.25+"),
        ("glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
        ("cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"),
        ("rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"),
    ];
    for (at, volume) in spec.list("volumes").iter().enumerate() {
        let path = path.index(at);
        for (field, place, words) in OLD {
            if volume.has(field) {
                warnings.at(&path.child(place), words);
            }
        }
        if volume.has("gitRepo") {
            let words = if warnings.minor >= 33 {
                "deprecated in v1.11, and disabled by default in v1.33+"
            } else {
                "deprecated in v1.11"
            };
            warnings.at(&path.child("gitRepo"), words);
        }
        let claim = volume.at(&["ephemeral", "volumeClaimTemplate", "spec"]);
        claim_amount(claim, &path.child("ephemeral").child("volumeClaimTemplate").child("spec"), warnings);
    }
    for volume in spec.list("volumes") {
        overlaps(volume, warnings);
    }
}

/// Files of a volume that hide each other.
///
/// Go: `warningsForOverlappingVirtualPaths`
fn overlaps(volume: &Tree, warnings: &mut Warnings) {
    let name = volume.str("name");
    for (field, what, key) in [("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName")] {
        let source = volume.get(field);
        let items = source.list("items").iter().map(|item| (item.str("path").to_owned(), String::new()));
        let of = format!("{what} \"{}\"", source.str(key));
        overlapping(name, &of, items, warnings);
    }
    let items = volume.get("downwardAPI").list("items").iter();
    let items = items.map(|item| (item.str("path").to_owned(), String::new()));
    overlapping(name, "DownwardAPI", items, warnings);
    let mut files = Vec::new();
    for source in volume.get("projected").list("sources") {
        if source.entries().is_empty() && warnings.minor >= 33 {
            warnings.add(format!("volume \"{name}\" (Projected) has no sources provided"));
        }
        for (field, what) in [("configMap", "ConfigMap"), ("secret", "Secret")] {
            let one = source.get(field);
            let of = format!("{what} \"{}\"", one.str("name"));
            files.extend(one.list("items").iter().map(|item| (item.str("path").to_owned(), of.clone())));
        }
        let downward = source.get("downwardAPI").list("items").iter();
        files.extend(downward.map(|item| (item.str("path").to_owned(), "DownwardAPI".to_owned())));
        if source.has("serviceAccountToken") {
            let path = source.get("serviceAccountToken").str("path").to_owned();
            files.push((path, "ServiceAccountToken".to_owned()));
        }
    }
    overlapping(name, "Projected", files.into_iter(), warnings);
}

fn overlapping(name: &str, of: &str, files: impl Iterator<Item = (String, String)>, warnings: &mut Warnings) {
    let show = |(path, source): &(String, String)| match source.is_empty() {
        true => format!("\"{path}\""),
        false => format!("\"{path}\" ({source})"),
    };
    if warnings.minor < 32 {
        return;
    }
    let mut seen: Vec<(String, String)> = Vec::new();
    for (path, source) in files {
        let file = (path.trim_end_matches('/').to_owned(), source);
        let lies_in =
            |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        for other in seen.iter().filter(|other| lies_in(&file.0, &other.0) || lies_in(&other.0, &file.0)) {
            let text =
                format!("volume \"{name}\" ({of}): overlapping paths: {} with {}", show(&file), show(other));
            warnings.add(text);
        }
        seen.push(file);
    }
}

fn repeated(spec: &Tree, path: &Path, warnings: &mut Warnings) {
    for (list, field, what) in [("hostAliases", "ip", "ip"), ("imagePullSecrets", "name", "name")] {
        let items = spec.list(list);
        for (at, item) in items.iter().enumerate() {
            let value = item.str(field);
            let path = path.child(list).index(at).child(field);
            if items[..at].iter().any(|other| other.str(field) == value) {
                warnings.at(&path, &format!("duplicate {what} \"{value}\""));
            }
        }
        if list == "imagePullSecrets" {
            for (at, _) in items.iter().enumerate().filter(|(_, item)| item.str("name").is_empty()) {
                warnings.at(&path.child(list).index(at).child("name"), "invalid empty name \"\"");
            }
        }
    }
    amount(spec.get("overhead"), &path.child("overhead"), warnings);
}

/// Fractions of bytes.
fn amount(amounts: &Tree, path: &Path, warnings: &mut Warnings) {
    for name in ["memory", "ephemeral-storage"] {
        let value = amounts.str(name);
        if is_fractional(value) {
            let words = format!("fractional byte value \"{value}\" is invalid, must be an integer");
            warnings.at(&path.key(name), &words);
        }
    }
}

fn amounts(container: &Tree, path: &Path, warnings: &mut Warnings) {
    for field in ["limits", "requests"] {
        let path = path.child("resources").child(field);
        amount(container.get("resources").get(field), &path, warnings);
    }
}

fn environment(container: &Tree, path: &Path, warnings: &mut Warnings) {
    let variables = container.list("env");
    for (at, variable) in variables.iter().enumerate() {
        let (name, value) = (variable.str("name"), variable.str("value"));
        let reference = format!("$({name})");
        let is_bad = variable.has("valueFrom") || value == reference || !value.contains(&reference);
        if is_bad && variables[..at].iter().any(|other| other.str("name") == name) {
            let words =
                format!("hides previous definition of \"{name}\", which may be dropped when using apply");
            warnings.at(&path.child("env").index(at), &words);
        }
    }
}

/// A port with its place.
type Placed<'a> = (&'a Tree, Path);

fn placed_ports<'a>(containers: &[Placed<'a>]) -> Vec<Placed<'a>> {
    let mut all = Vec::new();
    for (container, path) in containers {
        let ports = container.list("ports").iter().enumerate();
        all.extend(ports.map(|(at, port)| (port, path.child("ports").index(at))));
    }
    all
}

fn ports(containers: &[Placed], warnings: &mut Warnings) {
    let ports = placed_ports(containers);
    let number = |port: &Tree, field: &str| port.int(field).unwrap_or_default();
    for (at, (port, path)) in ports.iter().enumerate() {
        let (host, address) = (number(port, "hostPort"), port.str("hostIP"));
        let inner = number(port, "containerPort");
        if !address.is_empty() && host == 0 {
            let words = format!(
                "hostIP set without hostPort: {{Name:{} HostPort:{host} ContainerPort:{inner} Protocol:{} HostIP:{address}}}",
                port.str("name"),
                port.str("protocol")
            );
            warnings.at(path, &words);
        }
        for (other, other_path) in &ports[..at] {
            if number(other, "containerPort") != inner || other.str("protocol") != port.str("protocol") {
                continue;
            }
            let (other_host, other_address) = (number(other, "hostPort"), other.str("hostIP"));
            let what = if address == other_address && host == other_host {
                "duplicate port definition"
            } else if host == 0 || other_host == 0 {
                "overlapping port definition"
            } else if host == other_host && address.is_empty() != other_address.is_empty() {
                "dangerously ambiguous port definition"
            } else {
                continue;
            };
            warnings.at(path, &format!("{what} with {other_path}"));
        }
    }
}

fn port_names(containers: &[Placed], warnings: &mut Warnings) {
    if warnings.minor < 33 {
        return;
    }
    let ports = placed_ports(containers);
    for (at, (port, path)) in ports.iter().enumerate() {
        let name = port.str("name");
        let first = ports[..at].iter().find(|(other, _)| !name.is_empty() && other.str("name") == name);
        if let Some((_, first)) = first {
            let words = format!(
                "duplicate port name \"{name}\" with {first}, services and probes that select ports by name will use {first}"
            );
            warnings.at(path, &words);
        }
    }
}

fn affinity(spec: &Tree, path: &Path, warnings: &mut Warnings) {
    const WORDS: &str = "a null labelSelector results in matching no pod";
    for kind in ["podAffinity", "podAntiAffinity"] {
        let (terms, path) = (spec.get("affinity").get(kind), path.child(kind));
        let required = "requiredDuringSchedulingIgnoredDuringExecution";
        for (at, term) in terms.list(required).iter().enumerate() {
            if !term.has("labelSelector") {
                warnings.at(&path.child(required).index(at).child("labelSelector"), WORDS);
            }
        }
        let preferred = "preferredDuringSchedulingIgnoredDuringExecution";
        for (at, term) in terms.list(preferred).iter().enumerate() {
            if !term.get("podAffinityTerm").has("labelSelector") {
                let path = path.child(preferred).index(at).child("podAffinityTerm").child("labelSelector");
                warnings.at(&path, WORDS);
            }
        }
    }
}

/// Go: `statefulSetStrategy.WarningsOnCreate`
pub fn stateful_set(object: &Tree, warnings: &mut Warnings) {
    workload(object, warnings);
    let spec = object.get("spec");
    let path = Path::new("spec");
    for (at, claim) in spec.list("volumeClaimTemplates").iter().enumerate() {
        let path = path.child("volumeClaimTemplates").index(at);
        claim_amount(claim.get("spec"), &path, warnings);
    }
    if spec.int("revisionHistoryLimit").is_some_and(|limit| limit < 0) && warnings.minor >= 33 {
        let words = "a negative value retains all historical revisions; a value >= 0 is recommended";
        warnings.at(&path.child("revisionHistoryLimit"), words);
    }
}

/// Go: `GetWarningsForPersistentVolumeClaimSpec`
fn claim_amount(spec: &Tree, path: &Path, warnings: &mut Warnings) {
    let value = spec.at(&["resources", "requests"]).str("storage");
    if is_fractional(value) {
        let words = format!("fractional byte value \"{value}\" is invalid, must be an integer");
        warnings.at(&path.child("resources").child("requests").key("storage"), &words);
    }
}

/// Go: `GetWarningsForPersistentVolumeClaim`
pub fn persistent_volume_claim(object: &Tree, warnings: &mut Warnings) {
    storage_annotation(object, "storageClassName", warnings);
    claim_amount(object.get("spec"), &Path::new("spec"), warnings);
}

fn storage_annotation(object: &Tree, field: &str, warnings: &mut Warnings) {
    const KEY: &str = "volume.beta.kubernetes.io/storage-class";
    if object.at(&["metadata", "annotations"]).has(KEY) {
        let path = Path::new("metadata").child("annotations").key(KEY);
        warnings.at(&path, &format!("deprecated since v1.8; use \"{field}\" attribute instead"));
    }
}

/// Go: `csiDriverStrategy.WarningsOnCreate`
pub fn csi_driver(object: &Tree, warnings: &mut Warnings) {
    let spec = object.get("spec");
    if warnings.minor >= 35
        && !spec.list("tokenRequests").is_empty()
        && !spec.has("serviceAccountTokenInSecrets")
    {
        let words = "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent \
                     possible logging of tokens in volume attributes";
        warnings.push(Path::new("spec").child("tokenRequests"), words.to_owned());
    }
}

/// Go: `GetWarningsForPersistentVolume`
pub fn persistent_volume(object: &Tree, warnings: &mut Warnings) {
    storage_annotation(object, "storageClassName", warnings);
    let spec = object.get("spec");
    if spec.str("persistentVolumeReclaimPolicy") == "Recycle" {
        let path = Path::new("spec").child("persistentVolumeReclaimPolicy");
        let words = "The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic \
                     provisioning.";
        warnings.at(&path, words);
    }
}

/// Go: `jobStrategy.WarningsOnCreate`
pub fn job(object: &Tree, warnings: &mut Warnings) {
    named_job(object, warnings);
    workload(object, warnings);
}

fn named_job(object: &Tree, warnings: &mut Warnings) {
    named(object, "Pod names and hostnames", warnings);
}

/// A name that is none of a host, in `what`.
fn named(object: &Tree, what: &str, warnings: &mut Warnings) {
    let wrong = text::dns_label(object.get("metadata").str("name"));
    if !wrong.is_empty() {
        warnings.add(format!(
            "metadata.name: this is used in {what}, which can result in surprising behavior; a DNS label is recommended: [{}]",
            wrong.join(" ")
        ));
    }
}

/// Go: `cronJobStrategy.WarningsOnCreate`
pub fn cron_job(object: &Tree, warnings: &mut Warnings) {
    named_job(object, warnings);
    let template = object.at(&["spec", "jobTemplate", "spec", "template"]);
    let path = Path::new("spec").child("jobTemplate").child("spec").child("template");
    template_warnings(template, &path, warnings);
}

/// Go: `GetWarningsForService`
pub fn service(object: &Tree, warnings: &mut Warnings) {
    const HINTS: &str = "service.kubernetes.io/topology-aware-hints";
    let spec = object.get("spec");
    let kind = spec.str("type");
    if object.at(&["metadata", "annotations"]).has(HINTS) {
        warnings.add(format!(
            "annotation {HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead"
        ));
    }
    let has_addresses = !spec.list("externalIPs").is_empty();
    let is_headless = kind == "ClusterIP" && spec.str("clusterIP") == "None";
    if is_headless {
        if !spec.str("loadBalancerIP").is_empty() {
            warnings.add("spec.loadBalancerIP is ignored for headless services".to_owned());
        }
        if has_addresses {
            warnings.add("spec.externalIPs is ignored for headless services".to_owned());
        }
        if spec.str("sessionAffinity") != "None" {
            warnings.add("spec.SessionAffinity is ignored for headless services".to_owned());
        }
    }
    if has_addresses && !is_headless && kind != "ExternalName" && warnings.minor >= 36 {
        let text = "spec.externalIPs is deprecated and may no longer be implemented in some clusters";
        warnings.add(text.to_owned());
    }
    if kind == "ExternalName" && has_addresses {
        warnings.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"".to_owned());
    }
    if kind != "ExternalName" && !spec.str("externalName").is_empty() {
        warnings.add("spec.externalName is ignored when spec.type is not \"ExternalName\"".to_owned());
    }
    if spec.str("trafficDistribution") == "PreferClose" && warnings.minor >= 35 {
        let text = "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"";
        warnings.add(text.to_owned());
    }
}

/// Go: secret `warningsForSecret`
pub fn secret(object: &Tree, warnings: &mut Warnings) {
    if object.str("type") != "kubernetes.io/tls" {
        return;
    }
    let Tree::Bytes(certificate) = object.get("data").get("tls.crt") else { return };
    if !String::from_utf8_lossy(certificate).contains("-----BEGIN ") {
        warnings.add("tls: failed to find any PEM data in certificate input".to_owned());
    }
}

/// Go: `ingressStrategy.WarningsOnCreate`
pub fn ingress(object: &Tree, warnings: &mut Warnings) {
    const CLASS: &str = "kubernetes.io/ingress.class";
    if object.at(&["metadata", "annotations"]).has(CLASS) && !object.get("spec").has("ingressClassName") {
        warnings
            .add(format!("annotation \"{CLASS}\" is deprecated, please use 'spec.ingressClassName' instead"));
    }
}

/// Go: apiextensions `strategy.WarningsOnCreate`
pub fn definition(object: &Tree, warnings: &mut Warnings) {
    if warnings.minor < 37 {
        return;
    }
    let spec = object.get("spec");
    let of_versions = spec.list("versions").iter().map(|version| version.get("schema"));
    for schema in of_versions.chain([spec.get("validation")]) {
        schema_warnings(schema.get("openAPIV3Schema"), warnings);
    }
}

fn schema_warnings(schema: &Tree, warnings: &mut Warnings) {
    let (format, kind) = (schema.str("format"), schema.str("type"));
    let kinds = if kind.is_empty() { &[][..] } else { &[kind] };
    if !format.is_empty() && !is_known_format(format, kinds, warnings.minor) {
        warnings.add(format!("unrecognized format {}", quote(format)));
    }
    let of_items = schema.get("items").str("type");
    if schema.str("x-kubernetes-list-type") == "set" && matches!(of_items, "object" | "array") {
        warnings.add(format!(
            "x-kubernetes-list-type: set for items of type \"{of_items}\" is not supported by server-side apply or CEL \
             validation rules"
        ));
    }
    let below = ["allOf", "anyOf", "oneOf"].iter().flat_map(|field| schema.list(field));
    let single = ["items", "additionalProperties", "not"].iter().map(|field| schema.get(field));
    let properties = schema.map("properties").iter().map(|(_, property)| property);
    for schema in below.chain(single).chain(properties).filter(|schema| matches!(schema, Tree::Map(_))) {
        schema_warnings(schema, warnings);
    }
}

/// Go: `GetWarningsForStorageClass`
pub fn storage_class(object: &Tree, warnings: &mut Warnings) {
    for (at, term) in object.list("allowedTopologies").iter().enumerate() {
        let path = Path::new("allowedTopologies").index(at).child("matchLabelExpressions");
        for (at, expression) in term.list("matchLabelExpressions").iter().enumerate() {
            let key = expression.str("key");
            if let Some(words) = old_label(key) {
                warnings.at(&path.index(at).child("key"), &format!("{key} is {words}"));
            }
        }
    }
}
