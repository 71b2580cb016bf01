//! `bad-chart-address`

use crate::policy::{Check, Level, Release, Reporter, declare_rule};

declare_rule! {
    /// The address of the chart must be one that control plane and service both take.
    ///
    /// ## Why
    /// The service fetches charts by `https` and `oci` only, and from public hosts. A reference without a scheme, as some
    /// examples have it, is refused when the function is deployed.
    ///
    /// ```request bad
    /// helmChart: registry.example.com/charts/web:1.0.0
    /// ```
    /// ```request good
    /// helmChart: oci://registry.example.com/charts/web:1.0.0
    /// ```
    ///
    /// ## Fix
    /// Write `oci://HOST/REPOSITORY/NAME:VERSION`, or `https://` with the address of the archive.
    "REQ104" "bad-chart-address" {
        catalogue: &["NVCF020", "NVCF021", "NVCF022", "NVCF023"],
        levels: [Level::Error, Level::Error, Level::Error],
        fix: None,
        sources: &["control plane: schemes of chart addresses", "service: validateHelmChartURL"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = &release.subject.request else { return };
    let Some(address) = request.text("helmChart") else { return };
    let message = match address.split_once("://") {
        None => format!("chart address `{address}` has no scheme, it must begin with oci:// or https://"),
        Some((scheme, _)) if !["oci", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) => {
            format!("chart address has the scheme {scheme}, it must be oci or https")
        }
        Some((scheme, rest)) => {
            let host = host(rest);
            if host.is_empty() {
                format!("chart address `{address}` has no host")
            } else if is_private(host) {
                format!("chart address leads to {host}, which is not public")
            } else if scheme.eq_ignore_ascii_case("oci") && rest.rsplit('.').next() == Some("tgz") {
                "chart address ends in .tgz, which is no OCI reference".to_owned()
            } else {
                return;
            }
        }
    };
    r.report_field(&request.body, super::field("helmChart"), message);
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
