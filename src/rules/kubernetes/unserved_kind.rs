use crate::apiserver::known::Known;
use crate::path::FieldPath;
use crate::policy::answers::in_words;
use crate::policy::kinds::is_of_kubernetes;
use crate::policy::{Check, Level, Levels, Object, Release, Reporter, declare_rule};

declare_rule! {
    /// The server knows no such version of a kind of Kubernetes' own.
    ///
    /// ## Why
    /// An object whose `apiVersion` and `kind` the server does not serve cannot be created. Old versions of an API are
    /// removed some time after they are deprecated; alpha and beta versions are off unless the cluster turns them on.
    ///
    /// Of other groups those kinds are judged whose custom resource definition is in the release or named with `--crd`.
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
        let Some(newest) = minors.last() else { continue };
        if versions.iter().any(|version| version.answers.get(at).is_some_and(|answer| answer.is_defined)) {
            let (version, kind) = (&object.id.api_version, &object.id.kind);
            let message = format!("the definition of {kind} serves no {version}");
            r.report_on(object, FieldPath::root().key("apiVersion"), message);
        } else if is_of_kubernetes(object) {
            tell(object, &minors, *newest, r);
        }
    }
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
