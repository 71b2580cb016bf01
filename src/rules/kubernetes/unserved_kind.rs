use crate::apiserver::known::Known;
use crate::path::FieldPath;
use crate::policy::answers::in_words;
use crate::policy::{Check, Level, Levels, Object, Release, Reporter, declare_rule};

declare_rule! {
    /// The server knows no such version of a kind of Kubernetes' own.
    ///
    /// ## Why
    /// An object whose `apiVersion` and `kind` the server does not serve cannot be created. Old versions of an API are
    /// removed some time after they are deprecated; alpha and beta versions are off unless the cluster turns them on.
    ///
    /// Kinds of other groups are not judged: they may be custom resources.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1beta1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// ```
    ///
    /// ## Fix
    /// Write a version that the cluster serves; where there is a successor, the finding names it.
    "API101" "unserved-kind" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["Kubernetes: the discovery document of each version"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let versions = release.subject.api_answers();
    for (at, object) in release.asked() {
        let is_unserved =
            |answers: &[crate::apiserver::Answer]| answers.get(at).is_some_and(|answer| answer.code == 0);
        let minors: Vec<u32> = versions
            .iter()
            .filter(|version| is_unserved(&version.answers))
            .map(|version| version.minor)
            .collect();
        if let Some(newest) = minors.last().filter(|_| is_of_kubernetes(object)) {
            tell(object, &minors, *newest, r);
        }
    }
}

/// Whether the group is one of Kubernetes' own. A group without a dot is nobody else's.
fn is_of_kubernetes(object: &Object<'_>) -> bool {
    let version = &object.id.api_version;
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let known = Known::of(crate::apiserver::known::NEWEST);
    !version.is_empty()
        && !object.id.kind.is_empty()
        && (!group.contains('.') || known.kinds().any(|kind| kind.group() == group))
}

fn tell(object: &Object<'_>, minors: &[u32], newest: u32, r: &mut Reporter<'_>) {
    let (version, kind) = (&object.id.api_version, &object.id.kind);
    let known = Known::of(newest).kind(version, kind);
    let removed = known.and_then(|kind| kind.removed).filter(|removed| *removed <= newest);
    let since = removed.map(|removed| format!(" since 1.{removed}")).unwrap_or_default();
    let message = format!("{} does not serve {version} {kind}{since}", in_words(minors));
    let finding = r.report_on(object, FieldPath::root().key("apiVersion"), message);
    if let Some((version, kind)) = known.and_then(|kind| kind.replacement) {
        finding.help(format!("write {kind} of {version}, and compare its fields"));
    }
}
