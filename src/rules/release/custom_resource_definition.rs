use crate::diagnostic::{Applicability, Edit};
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

declare_rule! {
    /// A chart must not bring CustomResourceDefinitions.
    ///
    /// ## Why
    /// The page says that they are skipped. The service does not skip them: it renders the files of `crds/` with the rest
    /// and refuses the release because their kind is not supported.
    ///
    /// ```yaml bad
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata:
    ///   name: widgets.example.com
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: widgets
    /// ```
    ///
    /// ## Fix
    /// Remove the definition from `crds/` or `templates/`, and leave it to the operator of the cluster.
    "REL107" "custom-resource-definition" {
        levels: Levels { documented: Level::Advice, service: Level::Error, strict: Level::Error },
        fix: Some(Applicability::Safe),
        sources: &[
            "page: CustomResourceDefinitions will be skipped on installation",
            "service: checkTypes refuses them",
        ],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    for object in release.objects() {
        let extra = release.subject.extra_kinds.contains(&object.kind());
        if object.id.kind == "CustomResourceDefinition" && !extra {
            let message = "CustomResourceDefinitions are not installed, and the service refuses them";
            r.report_on(object, FieldPath::root().key("kind"), message).fix([Edit::Drop]);
        }
    }
}
