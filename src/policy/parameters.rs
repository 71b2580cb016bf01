//! The names of the lists and numbers that rules go by. Their values, and who says so, stand in profiles; a rule asks for
//! one by its constant here, so that a name that no profile could have does not compile.

use std::fmt;

/// The name of a list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List(pub(super) &'static str);

/// The name of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub(super) &'static str);

/// The name of a number for each of several words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers(pub(super) &'static str);

/// What the value of a parameter must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// That of a [`List`].
    List,
    /// That of a [`Number`].
    Number,
    /// That of [`Numbers`].
    Numbers,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Shape::List => "a list of words",
            Shape::Number => "a number",
            Shape::Numbers => "a map of numbers",
        })
    }
}

/// The shape of the parameter of that name, if rules know it.
pub fn shape(name: &str) -> Option<Shape> {
    KNOWN.iter().find(|(known, _)| *known == name).map(|(_, shape)| *shape)
}

/// The names of all parameters.
pub fn names() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|(name, _)| *name)
}

macro_rules! parameters {
    ($($constant:ident: $shape:ident = $name:literal;)+) => {
        $(#[doc = concat!("`", $name, "`")] pub const $constant: $shape = $shape($name);)+
        const KNOWN: &[(&str, Shape)] = &[$(($name, Shape::$shape)),+];
    };
}

parameters! {
    ADDABLE_CAPABILITIES: List = "addable-capabilities";
    ADDON_KINDS: List = "addon-kinds";
    ALLOWED_KINDS: List = "allowed-kinds";
    APPARMOR_TYPES: List = "apparmor-types";
    DEPRECATED_KINDS: List = "deprecated-kinds";
    FUNCTION_ENVIRONMENT: List = "function-environment";
    GPU_RESOURCES: List = "gpu-resources";
    LIMIT_RESOURCES: List = "limit-resources";
    MAX_OBJECT_BYTES: Number = "max-object-bytes";
    MAX_OBJECTS: Number = "max-objects";
    OBJECT_QUOTAS: Numbers = "object-quotas";
    POD_SECURITY: List = "pod-security";
    PROJECTED_SOURCES: List = "projected-sources";
    REQUIRED_LIMITS: List = "required-limits";
    RESERVED_CONTAINERS: List = "reserved-containers";
    RESERVED_ENVIRONMENT: List = "reserved-environment";
    RESERVED_METADATA: List = "reserved-metadata";
    RESERVED_METADATA_PREFIXES: List = "reserved-metadata-prefixes";
    RESERVED_MOUNT_PATHS: List = "reserved-mount-paths";
    RESERVED_NAMES: List = "reserved-names";
    RESERVED_VOLUMES: List = "reserved-volumes";
    RUNTIME_IMAGE_VERSIONS: List = "runtime-image-versions";
    RUNTIME_PLACEHOLDERS: List = "runtime-placeholders";
    RUNTIME_VOLUME_TYPES: List = "runtime-volume-types";
    SAFE_SYSCTLS: List = "safe-sysctls";
    SECCOMP_TYPES: List = "seccomp-types";
    SELINUX_TYPES: List = "selinux-types";
    TASK_ENVIRONMENT: List = "task-environment";
    TASK_VALUES: List = "task-values";
    VOLUME_TYPES: List = "volume-types";
    WELL_KNOWN_DEFINITIONS: List = "well-known-definitions";
    WORKLOAD_FLAGS: List = "workload-flags";
}
