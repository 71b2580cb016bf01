//! `.Capabilities`: what the cluster can do, as a chart asks. Offline that is what Helm 4.3.1 is built with (Kubernetes
//! 1.37 and client-go's API versions) and what the command line adds. Here are the data; how templates see them is in
//! `objects`.

use crate::go::strconv::quote;
use crate::value::{List, Str};

/// Helm's own build, as `.Capabilities.HelmVersion` and `helm version` show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuildInfo {
    /// `Version`
    pub version: &'static str,
    /// `GitCommit`
    pub git_commit: &'static str,
    /// `GitTreeState`
    pub git_tree_state: &'static str,
    /// `GoVersion`
    pub go_version: &'static str,
    /// `KubeClientVersion`
    pub kube_client_version: &'static str,
}

/// Helm 4.3.1 as `go install helm.sh/helm/v4/cmd/helm@v4.3.1` builds it.
pub const HELM_VERSION: BuildInfo = BuildInfo {
    version: "v4.3",
    git_commit: "",
    git_tree_state: "",
    go_version: "go1.26.8",
    kube_client_version: "v1.37",
};

/// The API versions that Helm 4.3.1 believes in when it asks no cluster: those of client-go's scheme and of
/// apiextensions, in its order.
pub const API_VERSIONS: &[&str] = &[
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "lifecycle.k8s.io/v1alpha1",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

impl BuildInfo {
    /// The fields in Go's order.
    pub fn named(&self) -> [(&'static str, &'static str); 5] {
        [
            ("Version", self.version),
            ("GitCommit", self.git_commit),
            ("GitTreeState", self.git_tree_state),
            ("GoVersion", self.go_version),
            ("KubeClientVersion", self.kube_client_version),
        ]
    }

    /// The struct as Go's `%#v` writes it, which is what `helm version` prints.
    pub fn go_syntax(&self) -> String {
        let fields = self.named().map(|(name, value)| format!("{name}:{}", quote(value)));
        format!("version.BuildInfo{{{}}}", fields.join(", "))
    }
}

/// The Kubernetes version of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeVersion {
    /// As given, with a `v` before it.
    pub version: String,
    /// Without what a vendor added: what constraints are checked against.
    pub normalized: String,
    /// The first number.
    pub major: String,
    /// The second number.
    pub minor: String,
}

impl KubeVersion {
    /// Reads `--kube-version`: two or more numbers with dots, then anything.
    ///
    /// Go: k8s.io/apimachinery/pkg/util/version `ParseGeneric`, Helm: common/capabilities.go `ParseKubeVersion`. The
    /// error is Go's text.
    pub fn parse(text: &str) -> Result<KubeVersion, String> {
        let unreadable = || format!("could not parse {} as version", quote(text));
        let rest = text.trim_start_matches(['\t', '\n', '\x0c', '\r', ' ']);
        let rest = rest.strip_prefix('v').unwrap_or(rest);
        let numbers = leading_numbers(rest).ok_or_else(unreadable)?;
        if rest[numbers.len()..].contains('\n') {
            return Err(unreadable());
        }
        let components: Vec<&str> = numbers.split('.').collect();
        if components.len() < 2 {
            return Err(format!("illegal version string {}", quote(text)));
        }
        let mut values = Vec::with_capacity(components.len());
        for (index, component) in components.iter().enumerate() {
            let quoted = quote(component);
            if index == 0 && component.starts_with('0') && *component != "0" {
                let whole = quote(text);
                return Err(format!("illegal zero-prefixed version component {quoted} in {whole}"));
            }
            let value: u64 = component.parse().map_err(|_| {
                let whole = quote(text);
                format!(
                    "illegal non-numeric version component {quoted} in {whole}: strconv.ParseUint: parsing {quoted}: \
                     value out of range"
                )
            })?;
            values.push(value.to_string());
        }
        Ok(KubeVersion {
            version: if text.starts_with('v') { text.to_owned() } else { format!("v{text}") },
            normalized: format!("v{}", values.join(".")),
            major: values[0].clone(),
            minor: values[1].clone(),
        })
    }
}

impl KubeVersion {
    /// The version that NVCF's service assumes where a request names none: that of Helm 3.18.5's libraries.
    ///
    /// Source: helm.sh/helm/v3@v3.18.5 pkg/chartutil/capabilities.go `DefaultCapabilities`; NVIDIA/nvcf helm-reval
    /// reval/helm_template.go `runHelmTemplate` takes another only from `k8sVersion`.
    pub fn of_service() -> KubeVersion {
        KubeVersion {
            version: "v1.20.0".to_owned(),
            normalized: "v1.20.0".to_owned(),
            major: "1".to_owned(),
            minor: "20".to_owned(),
        }
    }
}

impl Default for KubeVersion {
    /// The version of the client library in Helm 4.3.1.
    fn default() -> KubeVersion {
        KubeVersion {
            version: "v1.37.0".to_owned(),
            normalized: "v1.37.0".to_owned(),
            major: "1".to_owned(),
            minor: "37".to_owned(),
        }
    }
}

/// The longest start of the text that is numbers with dots between them.
fn leading_numbers(text: &str) -> Option<&str> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(text);
    if end == 0 {
        return None;
    }
    while let Some(after) = text[end..].strip_prefix('.') {
        match digits(after) {
            0 => break,
            more => end += 1 + more,
        }
    }
    Some(&text[..end])
}

/// What a chart is told of the cluster.
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// The version of Kubernetes.
    pub kube_version: KubeVersion,
    /// The API versions, `apps/v1` and, where given, `apps/v1/Deployment`.
    pub api_versions: List,
    /// The version of Helm.
    pub helm_version: BuildInfo,
}

impl Default for Capabilities {
    fn default() -> Capabilities {
        Capabilities::new(KubeVersion::default(), &[])
    }
}

impl Capabilities {
    /// Those of a cluster of that version which has the built-in API versions and the given ones.
    pub fn new(kube_version: KubeVersion, more_api_versions: &[String]) -> Capabilities {
        let built_in = API_VERSIONS.iter().copied();
        let more = more_api_versions.iter().map(|version| Str::of_name(version));
        let versions = List::strings(built_in.map(Str::from).chain(more));
        Capabilities {
            kube_version,
            api_versions: versions.appended_to(API_VERSIONS.len()),
            helm_version: HELM_VERSION,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kube_versions_lose_what_vendors_add() {
        let version = KubeVersion::parse("1.33.4-gke.1245000").unwrap();
        assert_eq!(version.version, "v1.33.4-gke.1245000");
        assert_eq!(version.normalized, "v1.33.4");
        assert_eq!((version.major.as_str(), version.minor.as_str()), ("1", "33"));
        assert_eq!(KubeVersion::parse("v1.20").unwrap().normalized, "v1.20");
        assert_eq!(KubeVersion::parse("x").unwrap_err(), "could not parse \"x\" as version");
        assert_eq!(KubeVersion::parse("1").unwrap_err(), "illegal version string \"1\"");
        assert!(KubeVersion::parse("01.2").unwrap_err().starts_with("illegal zero-prefixed"));
    }
}
