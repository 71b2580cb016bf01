//! Addresses and ranges of addresses: what is wrong with one, as older and newer servers see it.
//!
//! Source: k8s.io/apimachinery `pkg/util/validation/ip.go`; k8s.io/kubernetes `ValidateEndpointIP`; k8s.io/utils `net`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::error::{Errors, Path};

const NO_ADDRESS: &str = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

/// Go: `netutils.ParseIPSloppy`: leading zeros are read over.
pub fn parse_sloppy(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        return text.parse::<Ipv6Addr>().ok().map(|address| match address.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(address),
        });
    }
    let parts: Vec<&str> = text.split('.').collect();
    let octet = |part: &&str| {
        let significant = part.trim_start_matches('0');
        let is_number =
            !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit()) && significant.len() <= 3;
        is_number.then(|| significant.parse().unwrap_or(0))
    };
    let octets: Vec<u32> = parts.iter().map(octet).collect::<Option<_>>()?;
    match octets[..] {
        [a, b, c, d] if octets.iter().all(|octet| *octet <= 255) => {
            Some(IpAddr::V4(Ipv4Addr::new(a as u8, b as u8, c as u8, d as u8)))
        }
        _ => None,
    }
}

fn has_leading_zero(text: &str) -> bool {
    text.split('.').any(|part| part.len() > 1 && part.starts_with('0'))
}

/// Go: `IsValidIPForLegacyField`, strict since 1.36.
pub fn legacy(text: &str, path: &Path, errors: &mut Errors) {
    let Some(address) = parse_sloppy(text) else { return errors.invalid(path, text, NO_ADDRESS) };
    if !errors.since(36) {
        return;
    }
    if address.is_ipv4() && !text.contains(':') && has_leading_zero(text) {
        errors.invalid(path, text, "must not have leading 0s");
    }
    if text.contains(':') && address.is_ipv4() {
        errors.invalid(path, text, "must not be an IPv4-mapped IPv6 address");
    }
}

/// Go: `IsValidIP`
pub fn strict(text: &str, path: &Path, errors: &mut Errors) {
    errors.invalid_each(path, text, faults(text));
}

/// What is wrong with an address that must be written in its one form.
pub fn faults(text: &str) -> Vec<String> {
    let Some(address) = parse_sloppy(text) else { return vec![NO_ADDRESS.to_owned()] };
    let mut wrong = Vec::new();
    if address.is_ipv4() && !text.contains(':') && has_leading_zero(text) {
        wrong.push("must not have leading 0s".to_owned());
    }
    if text.contains(':') && address.is_ipv4() {
        wrong.push("must not be an IPv4-mapped IPv6 address".to_owned());
    }
    if wrong.is_empty() && address.to_string() != text {
        wrong.push(format!("must be in canonical form (\"{address}\")"));
    }
    wrong
}

/// A range: its address, the length of its prefix.
pub fn parse_range(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = text.split_once('/')?;
    let address = parse_sloppy(address)?;
    let most = if address.is_ipv4() && !text.contains(':') { 32 } else { 128 };
    let digits = !length.is_empty() && length.bytes().all(|c| c.is_ascii_digit());
    let length: u32 = length.parse().ok().filter(|length| digits && *length <= most)?;
    Some((address, length as u8))
}

/// The first address of a range.
fn masked(address: IpAddr, length: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length.min(32))).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from(u32::from(v4) & mask))
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length.min(128))).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from(u128::from(v6) & mask))
        }
    }
}

/// Whether one range lies within another, and is smaller.
pub fn is_strictly_within(inner: (IpAddr, u8), outer: (IpAddr, u8)) -> bool {
    inner.0.is_ipv4() == outer.0.is_ipv4()
        && inner.1 > outer.1
        && masked(inner.0, outer.1) == masked(outer.0, outer.1)
}

/// Go: `IsValidCIDRForLegacyField`
pub fn legacy_range(text: &str, path: &Path, errors: &mut Errors) {
    if let Some(why) = range_fault(text, errors.since(36)) {
        errors.invalid(path, text, why);
    }
}

/// Go: `IsValidCIDR`
pub fn strict_range(text: &str, path: &Path, errors: &mut Errors) {
    if let Some(why) = range_fault(text, true) {
        return errors.invalid(path, text, why);
    }
    let canonical = parse_range(text).map(|(address, length)| format!("{address}/{length}"));
    if let Some(canonical) = canonical.filter(|canonical| canonical != text) {
        errors.invalid(path, text, &format!("must be in canonical form (\"{canonical}\")"));
    }
}

/// Go: `parseCIDR`
fn range_fault(text: &str, is_strict: bool) -> Option<&'static str> {
    let Some((address, length)) = parse_range(text) else {
        return Some("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
    };
    if !is_strict {
        return None;
    }
    let prefix = text.split('/').nth(1).unwrap_or_default();
    let octets = text.split('/').next().unwrap_or_default();
    if address.is_ipv4() && has_leading_zero(octets) || prefix.len() > 1 && prefix.starts_with('0') {
        Some("must not have leading 0s in IP or prefix length")
    } else if text.contains(':') && address.is_ipv4() {
        Some("must not have an IPv4-mapped IPv6 address")
    } else if masked(address, length) != address {
        Some("must not have bits set beyond the prefix length")
    } else {
        None
    }
}

/// Go: `ValidateEndpointIP`
pub fn endpoint(text: &str, path: &Path, errors: &mut Errors) {
    let Some(address) = parse_sloppy(text) else {
        return errors.invalid(path, text, "must be a valid IP address");
    };
    if address.is_unspecified() {
        errors.invalid(path, text, &format!("may not be unspecified ({text})"));
    }
    if address.is_loopback() {
        errors.invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
    }
    let (is_link_local, is_link_multicast) = match address {
        IpAddr::V4(v4) => (v4.is_link_local(), v4.octets()[..3] == [224, 0, 0]),
        IpAddr::V6(v6) => (v6.segments()[0] & 0xffc0 == 0xfe80, v6.segments()[0] & 0xff0f == 0xff02),
    };
    if is_link_local {
        errors.invalid(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    }
    if is_link_multicast {
        errors.invalid(path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    }
}
