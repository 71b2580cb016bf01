//! [`Control`]: which controls there are, at which level, since when, and which takes the place of which.

use super::level::Level;

/// A control of the Pod Security Standards, in the order in which the server names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Control {
    /// AppArmor profiles.
    AppArmor,
    /// Capabilities beyond the usual.
    Capabilities,
    /// Namespaces of the node.
    HostNamespaces,
    /// Volumes of type `hostPath`.
    HostPaths,
    /// Ports of the node.
    HostPorts,
    /// Hosts of probes and handlers.
    ProbeHosts,
    /// Privileged containers.
    Privileged,
    /// Masks of `/proc`, except in a user namespace.
    ProcMount,
    /// Options of SELinux.
    SeLinux,
    /// Seccomp profiles, where there are some.
    Seccomp,
    /// Sysctls.
    Sysctls,
    /// Processes of a Windows node.
    HostProcess,
    /// Privilege escalation.
    Escalation,
    /// All capabilities but one.
    AllCapabilities,
    /// Masks of `/proc`.
    ProcMountAlways,
    /// Types of volumes.
    Volumes,
    /// Users that may be root.
    NonRoot,
    /// The user 0.
    RootUser,
    /// Seccomp profiles.
    NeededSeccomp,
}

use Control::{
    AllCapabilities, AppArmor, Capabilities, Escalation, HostNamespaces, HostPaths, HostPorts, HostProcess,
    NeededSeccomp, NonRoot, Privileged, ProbeHosts, ProcMount, ProcMountAlways, RootUser, SeLinux, Seccomp,
    Sysctls, Volumes,
};

impl Control {
    /// All, in the server's order: those of `baseline` by their ids, then those of `restricted`.
    pub const ALL: [Control; 19] = [
        AppArmor,
        Capabilities,
        HostNamespaces,
        HostPaths,
        HostPorts,
        ProbeHosts,
        Privileged,
        ProcMount,
        SeLinux,
        Seccomp,
        Sysctls,
        HostProcess,
        Escalation,
        AllCapabilities,
        ProcMountAlways,
        Volumes,
        NonRoot,
        RootUser,
        NeededSeccomp,
    ];

    /// The level that it belongs to.
    pub fn level(self) -> Level {
        if self < Escalation { Level::Baseline } else { Level::Restricted }
    }

    /// The minor that has it first.
    fn since(self) -> u32 {
        match self {
            Escalation => 8,
            NeededSeccomp => 19,
            AllCapabilities => 22,
            RootUser => 23,
            ProbeHosts => 34,
            ProcMountAlways => 35,
            _ => 0,
        }
    }

    /// The stricter control of `restricted` that takes its place.
    fn stricter(self) -> Option<Control> {
        match self {
            Capabilities => Some(AllCapabilities),
            HostPaths => Some(Volumes),
            ProcMount => Some(ProcMountAlways),
            Seccomp => Some(NeededSeccomp),
            _ => None,
        }
    }

    /// Whether a level has it in a minor.
    pub fn holds(self, level: Level, minor: u32) -> bool {
        let is_replaced = |other: Control| level == Level::Restricted && minor >= other.since();
        level >= self.level() && minor >= self.since() && !self.stricter().is_some_and(is_replaced)
    }
}
