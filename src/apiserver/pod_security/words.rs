//! What the server says of what a control forbids.

use std::collections::BTreeSet;

use super::breach::{Breach, By, Part};
use super::control::Control;
use super::level::Level;
use super::look::breaches;
use super::pod::Pod;

/// All that is forbidden in a pod at a level, as the server says it; empty where nothing is.
///
/// Go: `ForbiddenDetail`
pub fn whole(pod: &Pod<'_>, level: Level, minor: u32) -> String {
    let found = breaches(pod, level, minor);
    let of_each = found.chunk_by(|a, b| a.control == b.control);
    of_each.map(words).collect::<Vec<_>>().join(", ")
}

/// What the server would say if this were all.
pub fn one(breach: &Breach) -> String {
    words(std::slice::from_ref(breach))
}

/// What a control says of what it forbids: there is something.
fn words(found: &[Breach]) -> String {
    let told = Told { found };
    let (reason, detail) = told.of(found[0].control);
    if detail.is_empty() { reason } else { format!("{reason} ({detail})") }
}

struct Told<'a> {
    found: &'a [Breach],
}

fn plural(word: &str, count: usize) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

fn uses(count: usize) -> &'static str {
    if count == 1 { "uses" } else { "use" }
}

/// Go: `joinQuote`
fn quoted<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| format!("\"{}\"", item.as_ref())).collect();
    items.join(", ")
}

impl<'a> Told<'a> {
    fn only(&self, part: Part) -> Told<'a> {
        // What of a control is of one part stands together.
        let start = self.found.iter().position(|breach| breach.part == part).unwrap_or_default();
        let count = self.found.iter().filter(|breach| breach.part == part).count();
        Told { found: &self.found[start..start + count] }
    }

    /// The containers, each once.
    fn names(&self) -> Vec<&'a str> {
        let mut names: Vec<(usize, &str)> = Vec::new();
        for breach in self.found {
            if let By::Container(at, name) = &breach.by
                && !names.iter().any(|(seen, _)| seen == at)
            {
                names.push((*at, name));
            }
        }
        names.sort_unstable_by_key(|(at, _)| *at);
        names.into_iter().map(|(_, name)| name).collect()
    }

    fn containers(&self) -> String {
        let names = self.names();
        format!("{} {}", plural("container", names.len()), quoted(names))
    }

    fn volumes(&self) -> String {
        let names = self.found.iter().filter_map(|breach| match &breach.by {
            By::Volume(name) => Some(name),
            _ => None,
        });
        format!("{} {}", plural("volume", self.found.len()), quoted(names))
    }

    fn annotations(&self) -> Vec<String> {
        let mut found: Vec<String> = self
            .found
            .iter()
            .filter_map(|breach| match &breach.by {
                By::Annotation(key) => Some(format!("{key}={}", crate::go::strconv::quote(&breach.value))),
                _ => None,
            })
            .collect();
        found.sort_unstable();
        found
    }

    /// `pod and containers "a", "b"`
    fn setters(&self) -> String {
        let is_pod = self.found.iter().any(|breach| breach.by == By::Pod);
        let pod = is_pod.then(|| "pod".to_owned());
        let containers = (!self.names().is_empty()).then(|| self.containers());
        let annotations = self.annotations().len();
        let annotations = (annotations > 0).then(|| plural("annotation", annotations));
        pod.into_iter().chain(containers).chain(annotations).collect::<Vec<_>>().join(" and ")
    }

    /// What fields say, each once.
    fn values(&self) -> BTreeSet<&'a str> {
        let is_field = |breach: &&Breach| !matches!(breach.by, By::Annotation(_));
        self.found.iter().filter(is_field).map(|breach| breach.value.as_str()).collect()
    }

    fn in_order(&self, suffix: &str) -> String {
        let values = self.found.iter().map(|breach| format!("{}{suffix}", breach.value));
        values.collect::<Vec<_>>().join(", ")
    }

    /// Why, and what in particular.
    fn of(&self, control: Control) -> (String, String) {
        let (reason, detail) = match control {
            Control::AppArmor => return self.app_armor(),
            Control::Capabilities => ("non-default capabilities", self.added()),
            Control::HostNamespaces => ("host namespaces", self.in_order("=true")),
            Control::HostPaths => ("hostPath volumes", self.volumes()),
            Control::HostPorts => ("hostPort", self.host_ports()),
            Control::ProbeHosts => ("probe or lifecycle host", self.probe_hosts()),
            Control::Privileged => {
                ("privileged", format!("{} must not set securityContext.privileged=true", self.containers()))
            }
            Control::ProcMount | Control::ProcMountAlways => {
                let (containers, values) = (self.containers(), quoted(self.values()));
                ("procMount", format!("{containers} must not set securityContext.procMount to {values}"))
            }
            Control::SeLinux => ("seLinuxOptions", self.se_linux()),
            Control::Seccomp | Control::NeededSeccomp => ("seccompProfile", self.seccomp()),
            Control::Sysctls => ("forbidden sysctls", self.in_order("")),
            Control::HostProcess => {
                let setters = self.setters();
                (
                    "hostProcess",
                    format!("{setters} must not set securityContext.windowsOptions.hostProcess=true"),
                )
            }
            Control::Escalation => {
                let containers = self.containers();
                let detail = format!("{containers} must set securityContext.allowPrivilegeEscalation=false");
                ("allowPrivilegeEscalation != false", detail)
            }
            Control::AllCapabilities => ("unrestricted capabilities", self.all_capabilities()),
            Control::Volumes => ("restricted volume types", self.restricted_volumes()),
            Control::NonRoot => ("runAsNonRoot != true", self.non_root()),
            Control::RootUser => ("runAsUser=0", format!("{} must not set runAsUser=0", self.setters())),
        };
        (reason.to_owned(), detail)
    }

    fn app_armor(&self) -> (String, String) {
        let mut values: Vec<String> = self.values().into_iter().map(str::to_owned).collect();
        values.extend(self.annotations());
        let reason = plural("forbidden AppArmor profile", values.len());
        let setters = self.setters();
        (reason, format!("{setters} must not set AppArmor profile type to {}", quoted(values)))
    }

    fn added(&self) -> String {
        let (containers, values) = (self.containers(), quoted(self.values()));
        format!("{containers} must not include {values} in securityContext.capabilities.add")
    }

    fn host_ports(&self) -> String {
        let (values, uses) = (self.values(), uses(self.names().len()));
        let ports = plural("hostPort", values.len());
        let values = values.into_iter().collect::<Vec<_>>().join(", ");
        format!("{} {uses} {ports} {values}", self.containers())
    }

    fn probe_hosts(&self) -> String {
        // Go keeps the names in a set.
        let names: BTreeSet<&str> = self.names().into_iter().collect();
        let (count, values) = (names.len(), self.values());
        let (containers, uses) = (plural("container", count), uses(count));
        let hosts = plural("probe or lifecycle host", values.len());
        format!("{containers} {} {uses} {hosts} {}", quoted(names), quoted(values))
    }

    fn se_linux(&self) -> String {
        let types = self.only(Part::Value).values();
        let has = |part: Part| self.found.iter().any(|breach| breach.part == part);
        let types = (!types.is_empty()).then(|| format!("{} {}", plural("type", types.len()), quoted(types)));
        let user = has(Part::User).then(|| "user may not be set".to_owned());
        let role = has(Part::Role).then(|| "role may not be set".to_owned());
        let bad: Vec<String> = types.into_iter().chain(user).chain(role).collect();
        format!("{} set forbidden securityContext.seLinuxOptions: {}", self.setters(), bad.join("; "))
    }

    fn seccomp(&self) -> String {
        let annotations = self.annotations();
        if !annotations.is_empty() {
            return format!(
                "forbidden {} {}",
                plural("annotation", annotations.len()),
                annotations.join(", ")
            );
        }
        let bad = self.only(Part::Value);
        if bad.found.is_empty() {
            let words = "must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"";
            return format!("pod or {} {words}", self.containers());
        }
        let (setters, values) = (bad.setters(), quoted(bad.values()));
        format!("{setters} must not set securityContext.seccompProfile.type to {values}")
    }

    fn non_root(&self) -> String {
        let bad = self.only(Part::Value);
        match bad.found.is_empty() {
            true => format!("pod or {} must set securityContext.runAsNonRoot=true", self.containers()),
            false => format!("{} must not set securityContext.runAsNonRoot=false", bad.setters()),
        }
    }

    fn all_capabilities(&self) -> String {
        let (missing, added) = (self.only(Part::Missing), self.only(Part::Value));
        let is_missing = !missing.found.is_empty();
        let missing = is_missing.then(|| {
            format!("{} must set securityContext.capabilities.drop=[\"ALL\"]", missing.containers())
        });
        let added = (!added.found.is_empty()).then(|| added.added());
        missing.into_iter().chain(added).collect::<Vec<_>>().join("; ")
    }

    fn restricted_volumes(&self) -> String {
        let (values, uses) = (self.values(), uses(self.found.len()));
        let types = plural("restricted volume type", values.len());
        format!("{} {uses} {types} {}", self.volumes(), quoted(values))
    }
}
