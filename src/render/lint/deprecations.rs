//! Kinds of objects that Kubernetes is giving up, as Helm 4.3.1's client library knows them.

use super::super::KubeVersion;

/// One kind a line: API version, kind, the minor version of Kubernetes 1 in which it is deprecated, the one in which it
/// is gone (`-` where that is not settled), and what to use instead, if anything. Recorded from client-go 0.37.
const DEPRECATIONS: &str = include_str!("deprecations.txt");

/// The warning about the kind, if it is deprecated in that version.
/// Helm: lint/rules/deprecations.go `validateNoDeprecations`.
pub(super) fn warning(api_version: &str, kind: &str, version: &KubeVersion) -> Option<String> {
    if api_version.is_empty() || kind.is_empty() {
        return None;
    }
    let found = DEPRECATIONS.lines().find_map(|line| {
        let rest =
            line.strip_prefix(api_version)?.strip_prefix(' ')?.strip_prefix(kind)?.strip_prefix(' ')?;
        Some(rest)
    })?;
    let mut words = found.splitn(3, ' ');
    let (deprecated, removed) = (words.next()?, words.next()?);
    let is_reached = match (version.major.parse::<u64>().ok()?, version.minor.parse::<u64>().ok()?) {
        (0, 0) => true,
        reached => reached >= (1, deprecated.parse().ok()?),
    };
    let gone = if removed == "-" { String::new() } else { format!(", unavailable in v1.{removed}+") };
    let instead = words.next().map(|other| format!("; use {other}")).unwrap_or_default();
    is_reached.then(|| format!("{api_version} {kind} is deprecated in v1.{deprecated}+{gone}{instead}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_is_deprecated_when() {
        let old = KubeVersion::parse("1.20").unwrap();
        assert_eq!(warning("policy/v1beta1", "PodDisruptionBudget", &old), None);
        assert_eq!(
            warning("policy/v1beta1", "PodDisruptionBudget", &KubeVersion::default()).as_deref(),
            Some(
                "policy/v1beta1 PodDisruptionBudget is deprecated in v1.21+, unavailable in v1.25+; use policy/v1 \
                 PodDisruptionBudget"
            )
        );
        assert_eq!(warning("apps/v1", "Deployment", &KubeVersion::default()), None);
    }
}
