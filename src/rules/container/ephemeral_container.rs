use crate::diagnostic::Applicability;
use crate::manifest::workload::Role;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, remove};

declare_rule! {
    /// Ephemeral containers have no place in a chart.
    ///
    /// ## Why
    /// Kubernetes refuses a pod that is created with them: they are added to running pods, by `kubectl debug`. The service
    /// does not look at them, so what they ask for would be seen by nobody.
    ///
    /// ```yaml bad
    /// kind: Pod
    /// apiVersion: v1
    /// metadata:
    ///   name: web
    /// spec:
    ///   securityContext:
    ///     runAsNonRoot: true
    ///     seccompProfile:
    ///       type: RuntimeDefault
    ///   containers: []
    ///   ephemeralContainers:
    ///     - name: debug
    ///       image: registry.example.com/debug:1.0
    /// ```
    /// ```yaml good
    /// name: web
    /// ```
    ///
    /// ## Fix
    /// Remove `ephemeralContainers`, or make the container a normal one.
    "CTR113" "ephemeral-container" {
        levels: Levels { documented: Level::Error, service: Level::Warning, strict: Level::Warning },
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: ephemeral containers are not allowed when a pod is created"],
        check: Check::AnyContainer(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    if container.container.role == Role::Ephemeral {
        let message = format!("ephemeral container {} cannot be part of a new pod", container.label());
        let path = container.container.path.clone();
        r.report(path.clone(), message).unsafe_fix([remove(&path)]);
    }
}
