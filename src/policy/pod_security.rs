//! [`report`]: findings out of what Pod Security admission forbids in the pods of a release. What it forbids is in
//! [`pod_security`].

use crate::apiserver::known::NEWEST;
use crate::apiserver::pod_security::{self, Breach, Control, ENFORCE, Level, Pod, Policy, Version};
use crate::diagnostic::Edit;
use crate::manifest::workload;
use crate::path::FieldPath;
use crate::yaml::Node;

use super::{Object, Profile, Release, Reporter, parameters};

/// Reports what a control forbids in the pods of the release, hooks too, at the level of their namespace. `mend` says what
/// mends it, with the program's behaviour perhaps another one.
pub fn report(
    release: &Release<'_>,
    r: &mut Reporter<'_>,
    control: Control,
    mend: impl Fn(&Breach) -> Vec<Edit>,
) {
    let namespaces: Vec<&Object<'_>> = namespaces(release).collect();
    let usual = policy(r.profile());
    if usual.level == Level::Privileged && namespaces.is_empty() {
        return;
    }
    let server = release.subject.clusters.minors().last().copied().unwrap_or(NEWEST);
    for (_, object) in release.asked() {
        let Some(route) = workload::template_route(&object.id.kind) else { continue };
        let Some(template) = object.node.at(route) else { continue };
        let own = object.id.namespace.as_ref().unwrap_or(&release.subject.namespace);
        let namespace = namespaces.iter().find(|namespace| namespace.id.name == *own);
        let policy = namespace.and_then(|namespace| labels(namespace)).map_or(usual, |it| usual.labelled(it));
        // Most releases have namespaces without labels.
        if policy.level == Level::Privileged {
            continue;
        }
        let Some(pod) = Pod::new(template, &FieldPath::root().keys(route)) else { continue };
        for breach in pod_security::of_control(control, &pod, policy.level, policy.version.minor(server)) {
            let mut finding = r.report_on(object, breach.path.clone(), pod_security::one(&breach));
            if let Some(namespace) = namespace {
                finding =
                    finding.related(namespace, &FieldPath::root().keys(&["metadata", "labels", ENFORCE]));
            }
            let edits = mend(&breach);
            if !edits.is_empty() {
                finding.unsafe_fix(edits);
            }
        }
    }
}

/// The policy of a profile: that of namespaces without labels.
pub fn policy(profile: &Profile) -> Policy {
    let [level, version] = profile.list(parameters::POD_SECURITY) else { return Policy::PRIVILEGED };
    Policy {
        level: Level::of(level).unwrap_or(Level::Restricted),
        version: Version::of(version).unwrap_or(Version::Latest),
    }
}

/// The namespaces that the release makes.
pub fn namespaces<'a>(release: &Release<'a>) -> impl Iterator<Item = &'a Object<'a>> {
    release.asked().map(|(_, object)| object).filter(|object| object.is("v1", "Namespace"))
}

/// The labels of an object.
pub fn labels<'a>(object: &Object<'a>) -> Option<&'a Node> {
    object.node.at(&["metadata", "labels"])
}
