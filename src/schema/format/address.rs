//! Hosts, mail and web addresses. Go: jsonschema format.go `validateIPV4` and its sisters.

use super::parts::ensure;
use crate::go::netip::{Addr, parse_addr};
use crate::go::strconv::{atoi, quote_rune};
use crate::go::url::Url;
use crate::schema::address::{decode, parse};

pub fn ipv4(text: &str) -> Result<(), String> {
    let groups: Vec<&str> = text.split('.').collect();
    ensure(groups.len() == 4, "expected four decimals")?;
    for group in groups {
        ensure(group.len() <= 1 || !group.starts_with('0'), "leading zeros")?;
        let number = atoi(group).map_err(|error| error.to_string())?;
        ensure((0..=255).contains(&number), "decimal must be between 0 and 255")?;
    }
    Ok(())
}

pub fn ipv6(text: &str) -> Result<(), String> {
    ensure(text.contains(':'), "missing colon")?;
    match parse_addr(text.as_bytes())? {
        Addr::V6(_, zone) if !zone.is_empty() => Err("zone id is not a part of ipv6 address".to_owned()),
        _ => Ok(()),
    }
}

pub fn hostname(text: &str) -> Result<(), String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    ensure(text.len() <= 253, "more than 253 characters long")?;
    for label in text.split('.') {
        ensure((1..=63).contains(&label.len()), "label must be 1 to 63 characters long")?;
        ensure(!label.starts_with('-'), "label starts with hyphen")?;
        ensure(!label.ends_with('-'), "label ends with hyphen")?;
        valid_characters(label, "-")?;
    }
    Ok(())
}

fn valid_characters(text: &str, besides: &str) -> Result<(), String> {
    match text.chars().find(|c| !c.is_ascii_alphanumeric() && !besides.contains(*c)) {
        Some(c) => Err(format!("invalid character {}", quote_rune(c))),
        None => Ok(()),
    }
}

pub fn email(text: &str) -> Result<(), String> {
    ensure(text.len() <= 254, "more than 255 characters long")?;
    let Some((local, domain)) = text.rsplit_once('@') else { return Err("missing @".to_owned()) };
    ensure(local.len() <= 64, "local part more than 64 characters long")?;
    if local.len() > 1 && local.starts_with('"') && local.ends_with('"') {
        let quoted = &local[1..local.len() - 1];
        let plain = !quoted.contains(['\\', '"']);
        ensure(plain, "backslash and quote are not allowed within quoted local part")?;
    } else {
        ensure(!local.starts_with('.'), "starts with dot")?;
        ensure(!local.ends_with('.'), "ends with dot")?;
        ensure(!local.contains(".."), "consecutive dots")?;
        valid_characters(local, ".!#$%&'*+-/=?^_`{|}~")?;
    }
    if let Some(literal) = domain.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        return match literal.strip_prefix("IPv6:") {
            Some(literal) => ipv6(literal).map_err(|why| format!("invalid ipv6 address: {why}")),
            None => ipv4(literal).map_err(|why| format!("invalid ipv4 address: {why}")),
        };
    }
    hostname(domain).map_err(|why| format!("invalid domain: {why}"))
}

/// Go: format.go `parseURL`.
fn parse_url(text: &str) -> Result<Url, String> {
    let url = parse(text)?;
    let host = String::from_utf8_lossy(url.hostname()).into_owned();
    if host.contains(':') {
        let bracketed = url.host.contains(&b'[') && url.host.contains(&b']');
        ensure(bracketed, "ipv6 address not enclosed in brackets")?;
        ipv6(&host).map_err(|why| format!("invalid ipv6 address: {why}"))?;
    }
    Ok(url)
}

pub fn uri(text: &str) -> Result<(), String> {
    let url = parse_url(text)?;
    ensure(!url.scheme.is_empty(), "relative url")
}

pub fn uri_reference(text: &str) -> Result<(), String> {
    ensure(!text.contains('\\'), "contains \\")?;
    parse_url(text).map(drop)
}

pub fn uri_template(text: &str) -> Result<(), String> {
    let url = parse_url(text)?;
    for token in String::from_utf8_lossy(&url.raw_path).split('/') {
        let token = decode(token).map_err(|why| format!("percent decode failed: {why}"))?;
        let mut open = false;
        for c in token.chars().filter(|c| matches!(c, '{' | '}')) {
            ensure(open != (c == '{'), "nested curly braces")?;
            open = !open;
        }
        ensure(!open, "no matching closing brace")?;
    }
    Ok(())
}
