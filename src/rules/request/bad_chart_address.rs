use super::parts;
use crate::diagnostic::Severity;
use crate::go::regexp;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

declare_rule! {
    /// The address of the chart must be one that control plane and service both take.
    ///
    /// ## Why
    /// The service fetches charts by `https` and `oci` only, and from public hosts. A reference without a scheme, as some
    /// examples have it, is refused when the function is deployed.
    ///
    /// ```request bad
    /// helmChart: registry.example.com/charts/web:1.0.0
    /// maxRuntimeDuration: PT1H
    /// ```
    /// ```request good
    /// helmChart: oci://registry.example.com/charts/web:1.0.0
    /// maxRuntimeDuration: PT1H
    /// ```
    ///
    /// ## Fix
    /// Write `oci://HOST/REPOSITORY/NAME:VERSION`, or `https://` with the address of the archive.
    "REQ104" "bad-chart-address" {
        levels: Levels::all(Level::Error),
        lowered_to: Some(Severity::Warning),
        fix: None,
        sources: &["control plane: schemes of chart addresses", "service: validateHelmChartURL"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = &release.subject.request else { return };
    let Some(address) = request.text("helmChart") else { return };
    let path = parts::field("helmChart");
    if let Err(message) = parse(address) {
        r.report_field(&request.body, path, message);
    } else if address.to_ascii_lowercase().starts_with("oci:") && address.ends_with(".tgz") {
        let message = "chart address ends in .tgz, as no OCI reference does";
        r.report_field(&request.body, path, message).lowered();
    }
}

/// What is wrong with an address. Go: helm-reval `validateHelmChartURL`; the patterns are the control plane's.
fn parse(address: &str) -> Result<(), String> {
    let Some((scheme, rest)) = address.split_once("://") else {
        return Err(format!(
            "chart address `{address}` has no scheme, it must begin with oci:// or https://"
        ));
    };
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(&*scheme, "oci" | "https") {
        return Err(format!("chart address has the scheme {scheme}, it must be oci or https"));
    }
    let host = host(rest);
    if host.is_empty() {
        return Err(format!("chart address `{address}` has no host"));
    }
    if is_private(host) {
        return Err(format!("chart address leads to {host}, which is not public"));
    }
    let registry =
        REGISTRIES.iter().find(|registry| registry.scheme == scheme && matches(registry.host, host));
    match registry.filter(|registry| !matches(registry.rest, rest)) {
        Some(registry) => Err(format!("chart address must be as {}", registry.shape)),
        None => Ok(()),
    }
}

/// How a registry writes the addresses of charts.
struct Registry {
    scheme: &'static str,
    /// The pattern of its hosts.
    host: &'static str,
    /// The pattern of what follows the scheme.
    rest: &'static str,
    /// An address, for messages.
    shape: &'static str,
}

/// The registries whose addresses the control plane knows; the last one is any other.
const REGISTRIES: [Registry; 6] = [
    Registry {
        scheme: "https",
        host: r"^helm(\.[a-z]+)?\.ngc\.nvidia\.com$",
        rest: r"^[^/]+(/api)?/[^/]+(/[^/]+)?/charts/[a-zA-Z0-9_-]+-v?\d+(\.\d+){0,2}([-+][\w.+-]+)?\.tgz(\.prov)?$",
        shape: "https://helm.ngc.nvidia.com/ORG/TEAM/charts/NAME-1.2.3.tgz",
    },
    Registry {
        scheme: "oci",
        host: r"(^|\.)docker\.io$",
        rest: r"^[^/]+/[^/]+/[^/:@]+(:[^@]+|@sha256:[a-fA-F0-9]{64})?$",
        shape: "oci://docker.io/NAMESPACE/NAME:VERSION",
    },
    Registry {
        scheme: "oci",
        host: r"\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com$",
        rest: r"^\d{12}\.[^/]+/[a-z0-9][a-z0-9._/-]*[a-z0-9](:[A-Za-z0-9._-]+)?(@sha256:[a-f0-9]{64})?$",
        shape: "oci://ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:VERSION",
    },
    Registry {
        scheme: "oci",
        host: r"^public\.ecr\.aws$",
        rest: r"^[^/]+/[a-z0-9]([a-z0-9._-]*[a-z0-9])?/[a-z0-9]([a-z0-9._/-]*[a-z0-9])?(:[A-Za-z0-9._-]+)?(@sha256:[a-f0-9]{64})?$",
        shape: "oci://public.ecr.aws/ALIAS/NAME:VERSION",
    },
    Registry {
        scheme: "oci",
        host: r"\.cr\.volces\.com$",
        rest: r"^[\w-]+-(cn|ap)-[\w-]+\.cr\.volces\.com/[\w.-]+/[\w./-]+(:[\w.-]+)?$",
        shape: "oci://NAME-REGION.cr.volces.com/NAMESPACE/NAME:VERSION",
    },
    Registry {
        scheme: "oci",
        host: "",
        rest: r"^[^/.]+(\.[^/.]+)*/([^/:@]+/)*[^/:@]+(:[^@]+|@sha256:[a-f0-9]{64})?$",
        shape: "oci://HOST/REPOSITORY/NAME:VERSION",
    },
];

fn matches(pattern: &str, text: &str) -> bool {
    regexp::compile(pattern.as_bytes()).is_ok_and(|pattern| pattern.is_match(text.as_bytes()))
}

/// The host of what follows a scheme: without user, port and path.
fn host(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match authority.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Whether the host is an address that the service does not go to. Go: helm-reval `isPrivateIP`.
fn is_private(host: &str) -> bool {
    let host = host.split('%').next().unwrap_or(host);
    match host.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(ip)) => private_v4(ip),
        Ok(std::net::IpAddr::V6(ip)) => ip.to_ipv4_mapped().map_or_else(|| private_v6(ip), private_v4),
        Err(_) => false,
    }
}

fn private_v4(ip: std::net::Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let carrier_grade = a == 100 && (64..128).contains(&b);
    let local_multicast = a == 224 && b == 0 && c == 0;
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_unspecified()
        || carrier_grade
        || local_multicast
}

fn private_v6(ip: std::net::Ipv6Addr) -> bool {
    let local_multicast = ip.is_multicast() && matches!(ip.segments()[0] & 0xf, 1 | 2);
    ip.is_loopback()
        || ip.is_unspecified()
        || ip.is_unique_local()
        || ip.is_unicast_link_local()
        || local_multicast
}
