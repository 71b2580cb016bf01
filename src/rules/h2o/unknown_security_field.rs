use super::layout::runtimes;
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::suggest;
use crate::yaml::Data;

declare_rule! {
    /// The security context of a runtime has fields that Kubernetes knows.
    ///
    /// ## Why
    /// It becomes the security context of the container. A field that Kubernetes does not know is dropped or refused, and what it was to
    /// protect is not protected.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           containerSecurityContext:
    ///             runAsNonroot: true
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           containerSecurityContext:
    ///             runAsNonRoot: true
    /// ```
    ///
    /// ## Fix
    /// Write the field as Kubernetes does.
    "H2O021" "unknown-security-field" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtimes: optional security context", "Kubernetes: SecurityContext"],
        check: Check::Values(check),
    }
}

const FIELDS: [&str; 12] = [
    "allowPrivilegeEscalation",
    "appArmorProfile",
    "capabilities",
    "privileged",
    "procMount",
    "readOnlyRootFilesystem",
    "runAsGroup",
    "runAsNonRoot",
    "runAsUser",
    "seLinuxOptions",
    "seccompProfile",
    "windowsOptions",
];

fn check(values: &Values, r: &mut Reporter<'_>) {
    for runtime in runtimes(values) {
        let path = runtime.path.key("containerSecurityContext");
        let Some(context) = runtime.get("containerSecurityContext") else { continue };
        if !matches!(context.data, Data::Map(_)) {
            let message = format!(
                "security context of runtime `{}` is {}, it must be a map",
                runtime.key,
                context.kind_name()
            );
            r.report(path, message);
            continue;
        }
        for entry in context.entries().iter().filter(|entry| !FIELDS.contains(&entry.key.as_str())) {
            let message = format!("Kubernetes knows no field `{}` of a security context", entry.key);
            let finding = r.report(path.key(&entry.key), message);
            if let Some(near) = suggest::closest(&entry.key, FIELDS) {
                finding.help(format!("did you mean `{near}`?"));
            }
        }
    }
}
