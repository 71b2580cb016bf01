use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule, parameters};

declare_rule! {
    /// ServiceAccounts, Roles and RoleBindings will not be supported for ever.
    ///
    /// ## Why
    /// The service takes them for the sake of older charts and says that it will not. They do nothing: pods get another
    /// account and no token.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: web
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: web
    /// ```
    ///
    /// ## Fix
    /// Leave it out, best behind `serviceAccount.create: false` in the values.
    "OBJ102" "deprecated-kind" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["page: lists them as supported", "service: checkTypes logs them as deprecated"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    if r.profile().lists(parameters::DEPRECATED_KINDS, &object.kind()) {
        let message = format!("{} is supported for now only, and has no effect", object.id.kind);
        let finding = r.report(FieldPath::root().key("kind"), message);
        if object.id.kind != "ServiceAccount" {
            finding.help("leave it out, best behind a switch such as `rbac.create: false` in the values");
        }
    }
}
