use crate::apiserver::Change;
use crate::policy::answers::{Told, report};
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, field_path};

declare_rule! {
    /// The server refuses to change a field of an object that is there.
    ///
    /// ## Why
    /// Selectors, claim templates, the type of a Secret, the role of a binding, the template of a Job and others are fixed once
    /// the object is made: the chart installs, and its upgrade fails. Judged with `--upgrade-from`. Of two objects in an example
    /// the first is what was there.
    ///
    /// ```yaml upgrade bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata: {name: web}
    /// roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata: {name: web}
    /// roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: other}
    /// ```
    /// ```yaml upgrade good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata: {name: web}
    /// roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata: {name: web, labels: {app: web}}
    /// roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
    /// ```
    ///
    /// ## Fix
    /// Leave the field as it was, give the object another name, or delete it before the upgrade.
    "API108" "refused-change" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["Kubernetes: the validation of updates of each kind"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, |answer, _| {
        answer.changes.iter().map(|change| Told::new(field_path(&change.path), words(change))).collect()
    });
}

fn words(Change { error, path, from, to }: &Change) -> String {
    const LONGEST: usize = 60;
    const MOST: usize = 300;
    let shown = |value: &Option<String>| match value {
        None => "nothing".to_owned(),
        Some(text) if text.chars().count() > LONGEST => {
            format!("{}…", text.chars().take(LONGEST).collect::<String>())
        }
        Some(text) => text.clone(),
    };
    if from == to {
        return format!("{}: {}", error.path, error.message);
    }
    let said = format!("{}: {}", error.path, error.message);
    let words = format!("{path} cannot change from {} to {}", shown(from), shown(to));
    // The server shows the whole value, which is long where it is a list or map; the verdict has it.
    if said.chars().count() > MOST { words } else { format!("{words}: {said}") }
}
