//! What each control looks at. Read [`breaches`].

use crate::path::FieldPath;
use crate::yaml::Node;

use super::breach::{Breach, By, Part};
use super::control::Control;
use super::level::Level;
use super::pod::{Container, Pod};

use super::control::Control::{
    AllCapabilities, AppArmor, Capabilities, Escalation, HostNamespaces, HostPaths, HostPorts, HostProcess,
    NeededSeccomp, NonRoot, Privileged, ProbeHosts, ProcMount, ProcMountAlways, RootUser, SeLinux, Seccomp,
    Sysctls, Volumes,
};

/// What a control forbids in a pod; nothing where the policy does not have the control.
pub fn of_control(control: Control, pod: &Pod<'_>, level: Level, minor: u32) -> Vec<Breach> {
    let mut found = Vec::new();
    if control.holds(level, minor) {
        look(control, pod, minor, &mut found);
    }
    found
}

/// All that a policy forbids in a pod, in the server's order.
///
/// Go: `EvaluatePod`
pub fn breaches(pod: &Pod<'_>, level: Level, minor: u32) -> Vec<Breach> {
    Control::ALL.into_iter().flat_map(|control| of_control(control, pod, level, minor)).collect()
}

/// Adds what a control forbids in the pod.
fn look(control: Control, pod: &Pod<'_>, minor: u32, found: &mut Vec<Breach>) {
    let mut out = Out { control, pod, found };
    // Since 1.25 what says that it is for Windows needs not what Windows does not know; since 1.35 what has users of its
    // own may be root among them.
    let is_excused = match control {
        Escalation | AllCapabilities | NeededSeccomp => minor >= 25 && pod.is_windows(),
        ProcMount | NonRoot | RootUser => minor >= 35 && pod.has_own_users(),
        _ => false,
    };
    if is_excused {
        return;
    }
    match control {
        AppArmor => app_armor(&mut out),
        Capabilities => capabilities(&mut out, &USUAL),
        HostNamespaces => host_namespaces(&mut out),
        HostPaths => host_paths(&mut out),
        HostPorts => host_ports(&mut out),
        ProbeHosts => probe_hosts(&mut out),
        Privileged => out.on_containers(&["privileged"], is_true),
        ProcMount | ProcMountAlways => {
            out.on_containers(&["procMount"], |node| word_but(node, &["Default"]));
        }
        SeLinux => se_linux(&mut out, minor),
        Seccomp if minor < 19 => seccomp_annotations(&mut out),
        Seccomp => {
            out.on_pod(&["seccompProfile", "type"], bad_seccomp);
            out.on_containers(&["seccompProfile", "type"], bad_seccomp);
        }
        Sysctls => sysctls(&mut out, minor),
        HostProcess => {
            out.on_pod(&["windowsOptions", "hostProcess"], is_true);
            out.on_containers(&["windowsOptions", "hostProcess"], is_true);
        }
        Escalation => {
            out.missing_in_containers(&["allowPrivilegeEscalation"], |node| node.as_bool() == Some(false));
        }
        AllCapabilities => {
            out.missing_in_containers(&["capabilities", "drop"], |node| {
                node.items().iter().any(|item| item.as_str() == Some("ALL"))
            });
            capabilities(&mut out, &["NET_BIND_SERVICE"]);
        }
        Volumes => volumes(&mut out),
        NonRoot => needed(&mut out, &["runAsNonRoot"], is_false),
        RootUser => {
            out.on_pod(&["runAsUser"], is_zero);
            out.on_containers(&["runAsUser"], is_zero);
        }
        NeededSeccomp => needed(&mut out, &["seccompProfile", "type"], bad_seccomp),
    }
}

/// What may be added at `baseline`.
const USUAL: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Which sysctls are safe, and since when.
const SAFE_SYSCTLS: [(u32, &[&str]); 5] = [
    (
        0,
        &[
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range",
            "net.ipv4.ip_unprivileged_port_start",
        ],
    ),
    (27, &["net.ipv4.ip_local_reserved_ports"]),
    (
        29,
        &[
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes",
        ],
    ),
    (32, &["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"]),
    (37, &["net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"]),
];

/// The sources that `restricted` allows, and those that it names.
const VOLUMES: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];
const OTHER_VOLUMES: [&str; 21] = [
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "gitRepo",
    "nfs",
    "iscsi",
    "glusterfs",
    "rbd",
    "flexVolume",
    "cinder",
    "cephfs",
    "flocker",
    "fc",
    "azureFile",
    "vsphereVolume",
    "quobyte",
    "azureDisk",
    "photonPersistentDisk",
    "portworxVolume",
    "scaleIO",
    "storageos",
];

const CONTEXT: &str = "securityContext";

/// What is found goes here.
struct Out<'a, 'b> {
    control: Control,
    pod: &'a Pod<'a>,
    found: &'b mut Vec<Breach>,
}

impl<'a> Out<'a, '_> {
    fn push(&mut self, by: By, part: Part, value: impl Into<String>, path: FieldPath) {
        self.found.push(Breach { control: self.control, by, part, value: value.into(), path });
    }

    fn by_container(&mut self, at: usize, part: Part, value: impl Into<String>, route: &[&str]) {
        let container = &self.pod.containers[at];
        let path = self.pod.path_of(container).keys(route);
        self.push(By::Container(at, container.name().to_owned()), part, value, path);
    }

    fn containers(&self) -> impl Iterator<Item = (usize, &'a Container<'a>)> + use<'a> {
        self.pod.containers.iter().enumerate()
    }

    /// Looks at a field of the pod's security context.
    fn on_pod(&mut self, route: &[&str], is_bad: impl Fn(&Node) -> Option<String>) {
        let route = [&[CONTEXT], route].concat();
        if let Some(value) = node_or_parent(|route| self.pod.field(route), &route).and_then(is_bad) {
            self.push(By::Pod, Part::Value, value, self.pod.path.keys(&route));
        }
    }

    /// Looks at a field of each container's security context.
    fn on_containers(&mut self, route: &[&str], is_bad: impl Fn(&Node) -> Option<String>) {
        let route = [&[CONTEXT], route].concat();
        for (at, container) in self.containers() {
            if let Some(value) = node_or_parent(|route| container.field(route), &route).and_then(&is_bad) {
                self.by_container(at, Part::Value, value, &route);
            }
        }
    }

    /// Tells the containers whose security context has not what is needed.
    fn missing_in_containers(&mut self, route: &[&str], is_good: impl Fn(&Node) -> bool) {
        let route = [&[CONTEXT], route].concat();
        for (at, container) in self.containers() {
            if !container.field(&route).is_some_and(&is_good) {
                self.by_container(at, Part::Missing, "", &route);
            }
        }
    }
}

static NOTHING: Node = Node { data: crate::yaml::Data::Null, span: crate::source::Span { start: 0, end: 0 } };

/// The field at a route of which all but the last key, that of a struct, is there: an empty word counts as one.
fn node_or_parent<'a>(field: impl Fn(&[&str]) -> Option<&'a Node>, route: &[&str]) -> Option<&'a Node> {
    let parent = field(&route[..route.len() - 1])?;
    // A profile without a type has an empty one.
    field(route).or_else(|| (route.last() == Some(&"type") && !parent.is_null()).then_some(&NOTHING))
}

fn is_true(node: &Node) -> Option<String> {
    (node.as_bool() == Some(true)).then(|| "true".to_owned())
}

fn is_false(node: &Node) -> Option<String> {
    (node.as_bool() == Some(false)).then(|| "false".to_owned())
}

fn is_zero(node: &Node) -> Option<String> {
    (node.as_i64() == Some(0)).then(|| "0".to_owned())
}

fn text(node: Option<&Node>) -> &str {
    node.and_then(Node::as_str).unwrap_or_default()
}

/// The word, unless it is one of these.
fn word_but(node: &Node, allowed: &[&str]) -> Option<String> {
    let word = text(Some(node));
    (!allowed.contains(&word)).then(|| word.to_owned())
}

fn bad_seccomp(node: &Node) -> Option<String> {
    word_but(node, &["RuntimeDefault", "Localhost"])
}

/// Go: `appArmorProfile_1_0`
fn app_armor(out: &mut Out<'_, '_>) {
    const PREFIX: &str = "container.apparmor.security.beta.kubernetes.io/";
    let is_bad = |node: &Node| word_but(node, &["RuntimeDefault", "Localhost"]);
    out.on_pod(&["appArmorProfile", "type"], is_bad);
    out.on_containers(&["appArmorProfile", "type"], is_bad);
    let is_fine =
        |value: &str| value.is_empty() || value == "runtime/default" || value.starts_with("localhost/");
    annotations(out, |key, value| key.starts_with(PREFIX) && !is_fine(value));
}

fn annotations(out: &mut Out<'_, '_>, is_bad: impl Fn(&str, &str) -> bool) {
    let annotations = out.pod.annotations().filter(|(key, value)| is_bad(key, value));
    for (key, value) in annotations {
        let path = out.pod.metadata_path.key("annotations").key(key);
        out.push(By::Annotation(key.to_owned()), Part::Value, value, path);
    }
}

/// Go: `seccompProfileBaseline_1_0`
fn seccomp_annotations(out: &mut Out<'_, '_>) {
    let is_fine = |value: &str| {
        ["runtime/default", "docker/default"].contains(&value) || value.starts_with("localhost/")
    };
    let is_of_container = |name: &str| out.pod.containers.iter().any(|container| container.name() == name);
    let is_asked = |key: &str| {
        key == "seccomp.security.alpha.kubernetes.io/pod"
            || key
                .strip_prefix("container.seccomp.security.alpha.kubernetes.io/")
                .is_some_and(is_of_container)
    };
    annotations(out, |key, value| is_asked(key) && !is_fine(value));
}

/// Go: `capabilitiesBaseline_1_0`, `capabilitiesRestricted_1_22`
fn capabilities(out: &mut Out<'_, '_>, allowed: &[&str]) {
    const ROUTE: [&str; 3] = [CONTEXT, "capabilities", "add"];
    for (at, container) in out.containers() {
        let added = container.field(&ROUTE).map_or(&[][..], Node::items);
        for (number, added) in added.iter().enumerate() {
            if let Some(name) = word_but(added, allowed) {
                let path = out.pod.path_of(container).keys(&ROUTE).index(number);
                out.push(By::Container(at, container.name().to_owned()), Part::Value, name, path);
            }
        }
    }
}

/// Go: `hostNamespaces_1_0`
fn host_namespaces(out: &mut Out<'_, '_>) {
    for field in ["hostNetwork", "hostPID", "hostIPC"] {
        if out.pod.field(&[field]).and_then(is_true).is_some() {
            out.push(By::Pod, Part::Value, field, out.pod.path.key(field));
        }
    }
}

fn each_volume<'a>(pod: &Pod<'a>) -> impl Iterator<Item = (&'a Node, FieldPath)> {
    let volumes = pod.field(&["volumes"]).map_or(&[][..], Node::items);
    volumes.iter().zip(pod.path.key("volumes").items(volumes))
}

/// Go: `hostPathVolumes_1_0`
fn host_paths(out: &mut Out<'_, '_>) {
    for (volume, path) in each_volume(out.pod) {
        if volume.get("hostPath").is_some_and(|source| !source.is_null()) {
            let by = By::Volume(text(volume.get("name")).to_owned());
            out.push(by, Part::Value, "hostPath", path.key("hostPath"));
        }
    }
}

/// Go: `restrictedVolumes_1_0`
fn volumes(out: &mut Out<'_, '_>) {
    for (volume, path) in each_volume(out.pod) {
        let has = |source: &&&str| volume.get(source).is_some_and(|node| !node.is_null());
        if VOLUMES.iter().find(has).is_some() {
            continue;
        }
        // A volume without a source is an `emptyDir`.
        let Some(source) = OTHER_VOLUMES.iter().find(has) else { continue };
        let by = By::Volume(text(volume.get("name")).to_owned());
        out.push(by, Part::Value, *source, path.key(*source));
    }
}

/// Go: `hostPorts_1_0`
fn host_ports(out: &mut Out<'_, '_>) {
    for (at, container) in out.containers() {
        let ports = container.field(&["ports"]).map_or(&[][..], Node::items);
        for (number, port) in ports.iter().enumerate() {
            let host_port = port.get("hostPort").and_then(Node::as_i64).filter(|port| *port != 0);
            if let Some(host_port) = host_port {
                let path = out.pod.path_of(container).key("ports").item(ports, number).key("hostPort");
                let by = By::Container(at, container.name().to_owned());
                out.push(by, Part::Value, host_port.to_string(), path);
            }
        }
    }
}

/// Go: `hostProbesAndHostLifecycleV1Dot34`
fn probe_hosts(out: &mut Out<'_, '_>) {
    const HANDLERS: [&[&str]; 5] = [
        &["livenessProbe"],
        &["readinessProbe"],
        &["startupProbe"],
        &["lifecycle", "postStart"],
        &["lifecycle", "preStop"],
    ];
    for (at, container) in out.containers() {
        for handler in HANDLERS {
            for action in ["httpGet", "tcpSocket"] {
                let route = [handler, &[action, "host"]].concat();
                let host = text(container.field(&route));
                if !host.is_empty() {
                    out.by_container(at, Part::Value, host, &route);
                }
            }
        }
    }
}

/// Go: `seLinuxOptions`
fn se_linux(out: &mut Out<'_, '_>, minor: u32) {
    const TYPES: [&str; 5] = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
    let types = if minor >= 31 { &TYPES[..] } else { &TYPES[..4] };
    let is_set = |node: &Node| word_but(node, &[""]);
    for (field, part) in [("type", Part::Value), ("user", Part::User), ("role", Part::Role)] {
        let before = out.found.len();
        let is_bad = |node: &Node| if field == "type" { word_but(node, types) } else { is_set(node) };
        out.on_pod(&["seLinuxOptions", field], is_bad);
        out.on_containers(&["seLinuxOptions", field], is_bad);
        out.found[before..].iter_mut().for_each(|breach| breach.part = part);
    }
}

/// Go: `sysctls`
fn sysctls(out: &mut Out<'_, '_>, minor: u32) {
    const ROUTE: [&str; 2] = [CONTEXT, "sysctls"];
    let is_safe =
        |name: &str| SAFE_SYSCTLS.iter().any(|(since, names)| minor >= *since && names.contains(&name));
    let list = out.pod.field(&ROUTE).map_or(&[][..], Node::items);
    let path = out.pod.path.keys(&ROUTE);
    for (sysctl, path) in list.iter().zip(path.items(list)) {
        let name = text(sysctl.get("name"));
        if !is_safe(name) {
            out.push(By::Pod, Part::Value, name, path.key("name"));
        }
    }
}

/// What the pod or else each container has to say, and to say well.
///
/// Go: `runAsNonRoot1_0`, `seccompProfileRestricted_1_19`
fn needed(out: &mut Out<'_, '_>, route: &[&str], is_bad: impl Fn(&Node) -> Option<String>) {
    let before = out.found.len();
    out.on_pod(route, &is_bad);
    let is_pod_bad = out.found.len() > before;
    out.on_containers(route, &is_bad);
    let whole = [&[CONTEXT], &route[..1]].concat();
    // What the pod says badly is to be said well there.
    if is_pod_bad || out.pod.field(&whole).is_some() {
        return;
    }
    for (at, container) in out.containers() {
        if container.field(&whole).is_none() {
            out.by_container(at, Part::Missing, "", &[&[CONTEXT], route].concat());
        }
    }
}
