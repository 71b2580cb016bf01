use super::layout::{defaults, words};
use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule, set};
use crate::suggest;

declare_rule! {
    /// The pull policy is Always, IfNotPresent or Never.
    ///
    /// ## Why
    /// Kubernetes refuses any other word, and one in another case too.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     config:
    ///       runtime:
    ///         pullPolicy: ifNotPresent
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     config:
    ///       runtime:
    ///         pullPolicy: IfNotPresent
    /// ```
    ///
    /// ## Fix
    /// Write one of the three words.
    "H2O022" "bad-pull-policy" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Safe),
        sources: &["page: H2O MLOps, Helm configuration for runtimes, default resource limits: Kubernetes image pull policy (Always, IfNotPresent, or Never)"],
        check: Check::Values(check),
    }
}

const POLICIES: [&str; 3] = ["Always", "IfNotPresent", "Never"];

fn check(values: &Values, r: &mut Reporter<'_>) {
    let Some(defaults) = defaults(values) else { return };
    let Some(policy) = defaults.get("pullPolicy") else { return };
    let word = policy.as_str().unwrap_or_default();
    if POLICIES.contains(&word) {
        return;
    }
    let path = defaults.path.key("pullPolicy");
    let message = format!("pull policy is {}, it must be Always, IfNotPresent or Never", words(policy));
    let finding = r.report(path.clone(), message);
    if let Some(meant) = POLICIES.iter().find(|known| known.eq_ignore_ascii_case(word.trim())) {
        finding.fix([set(&path, *meant)]);
    } else if let Some(near) = suggest::closest(word, POLICIES) {
        finding.help(format!("did you mean `{near}`?"));
    }
}
