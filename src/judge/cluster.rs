//! What the API servers of the clusters would answer, and the verdict that stands on it.

use crate::apiserver::known::{NEWEST, OLDEST};
use crate::apiserver::{self, Answers};
use crate::diagnostic::{Diagnostic, Severity};
use crate::policy::{Clusters, Mode, Profile};
use crate::render::KubeVersion;
use crate::rules;

use super::report::Verdict;

/// The clusters of a Kubernetes version; those of Helm's own where nobody named one.
pub(super) fn clusters(version: Option<&KubeVersion>) -> Clusters {
    minor(version.unwrap_or(&KubeVersion::default()))
        .map_or_else(Clusters::default, |minor| Clusters::of(&[minor]))
}

/// Refuses a version whose API server nobody knows.
///
/// # Errors
/// What may be said instead.
pub(super) fn known(version: Option<&KubeVersion>) -> Result<(), String> {
    let default = KubeVersion::default();
    let version = version.unwrap_or(&default);
    match minor(version).filter(|minor| (OLDEST..=NEWEST).contains(minor)) {
        Some(_) => Ok(()),
        None => Err(format!(
            "nobody knows what the API server of Kubernetes {} answers; pass --kube-version with one from 1.{OLDEST} to \
             1.{NEWEST}",
            version.version
        )),
    }
}

fn minor(version: &KubeVersion) -> Option<u32> {
    version.minor.parse().ok().filter(|_| version.major == "1")
}

/// Whether the profile holds a rule of the folder.
fn holds(profile: &Profile, mode: Mode, rules: &[&crate::policy::Rule]) -> bool {
    rules.iter().any(|rule| profile.level(rule, mode).severity().is_some())
}

/// Whether the profile is about what API servers answer.
pub(super) fn asks_servers(profile: &Profile, mode: Mode) -> bool {
    holds(profile, mode, rules::kubernetes::RULES)
}

/// Whether the profile is about what NVCF's service answers: that is all but those that extend one of ours in which no rule
/// speaks for it. Which of its rules somebody left out says nothing.
pub(super) fn asks_service(profile: &Profile, mode: Mode) -> bool {
    let whole = profile.base.as_deref().and_then(Profile::built_in);
    whole.is_none_or(|whole| holds(&whole, mode, rules::object::RULES))
}

/// What a profile says that no service stands behind, and what that stands on.
pub(super) fn verdict(profile: &str, mode: Mode, found: &[Diagnostic], asked: Option<&[Answers]>) -> Verdict {
    let is_clean = found.iter().all(|diagnostic| diagnostic.severity < Severity::Error);
    let reason = match asked {
        Some(asked) => asked.iter().map(|asked| in_words(asked, found)).collect::<Vec<_>>().join("; "),
        None if is_clean => "no rule finds an error".to_owned(),
        None => "rules find errors".to_owned(),
    };
    Verdict { profile: profile.to_owned(), mode, valid: is_clean, reason, withheld: false }
}

fn in_words(asked: &Answers, found: &[Diagnostic]) -> String {
    let unserved = found.iter().filter(|found| found.code == rules::kubernetes::UNSERVED_KIND.code).count();
    let is_undefined = |found: &Diagnostic| found.code == rules::kubernetes::UNDEFINED_KIND.code;
    let refused: Vec<&apiserver::Answer> = asked.answers.iter().filter(|answer| answer.code >= 300).collect();
    let server = format!("a server of Kubernetes 1.{}", asked.minor);
    match &refused[..] {
        [] if unserved > 0 => format!("{server} does not serve {unserved} of these objects"),
        [] if found.iter().any(is_undefined) => {
            format!("{server} would take this, but for kinds that nobody here defines")
        }
        [] => format!("{server} would take this"),
        [only] => format!("{server} would refuse this: {}", only.message),
        [first, rest @ ..] => {
            format!("{server} would refuse this: {} (and {} more)", first.message, rest.len())
        }
    }
}
