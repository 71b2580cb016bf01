//! Kubernetes' own types: amounts, addresses, URLs, versions, formats.
//!
//! Go: k8s.io/apiserver `pkg/cel/library`: `quantity.go`, `ip.go`, `cidr.go`, `urls.go`, `semverlib.go`, `format.go`.

use std::net::IpAddr;
use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::apiserver::text;
use crate::go::netip::{Addr, parse_addr};
use crate::go::strconv::quote;
use crate::go::url::{self, Part, Url};

use super::amounts::{self, Amount};
use super::value::{Got, Stop, Value};
use super::versions::Version;

/// Calls one of these functions, if the name is one; what names must be the minor says.
pub fn call<'a>(name: &str, args: &[Value<'a>], minor: u32) -> Option<Got<'a>> {
    amount(name, args)
        .or_else(|| address(name, args))
        .or_else(|| of_url(name, args))
        .or_else(|| version(name, args))
        .or_else(|| format(name, args, minor))
}

fn order<'a>(name: &str, order: std::cmp::Ordering) -> Value<'a> {
    match name {
        "isGreaterThan" => Value::Bool(order.is_gt()),
        "isLessThan" => Value::Bool(order.is_lt()),
        _ => Value::Int(order as i64),
    }
}

fn amount<'a>(name: &str, args: &[Value<'a>]) -> Option<Got<'a>> {
    let made = |amount: Amount| Ok(Value::Amount(Rc::new(amount)));
    Some(match (name, args) {
        ("quantity", [Value::Text(text)]) => match Amount::parse(text) {
            Some(amount) => made(amount),
            None => Err(Stop::error(amounts::WRONG)),
        },
        ("isQuantity", [Value::Text(text)]) => Ok(Value::Bool(Amount::parse(text).is_some())),
        ("sign", [Value::Amount(amount)]) => Ok(Value::Int(amount.sign())),
        ("isInteger", [Value::Amount(amount)]) => Ok(Value::Bool(amount.integer().is_some())),
        ("asInteger", [Value::Amount(amount)]) => {
            amount.integer().map(Value::Int).ok_or_else(|| Stop::error("cannot convert value to integer"))
        }
        ("asApproximateFloat", [Value::Amount(amount)]) => Ok(Value::Double(amount.float())),
        ("isGreaterThan" | "isLessThan" | "compareTo", [Value::Amount(a), Value::Amount(b)]) => {
            Ok(order(name, a.compare(b)))
        }
        ("add" | "sub", [Value::Amount(a), Value::Amount(b)]) => made(a.plus(b, name == "sub")),
        ("add" | "sub", [Value::Amount(a), Value::Int(b)]) => {
            made(a.plus(&Amount::whole(*b)?, name == "sub"))
        }
        _ => return None,
    })
}

/// Go: `parseIPAddr`
fn ip(text: &str) -> Result<IpAddr, String> {
    match parse_addr(text.as_bytes()) {
        Ok(Addr::V4(octets)) => Ok(IpAddr::from(octets)),
        Ok(Addr::V6(_, zone)) if !zone.is_empty() => {
            Err(format!("IP address {} with zone value is not allowed", quote(text)))
        }
        Ok(Addr::V6(octets, _)) if is_mapped(&octets) => {
            Err(format!("IPv4-mapped IPv6 address {} is not allowed", quote(text)))
        }
        Ok(Addr::V6(octets, _)) => Ok(IpAddr::from(octets)),
        Err(why) => {
            Err(format!("IP Address {} parse error during conversion from string: {why}", quote(text)))
        }
    }
}

fn is_mapped(octets: &[u8; 16]) -> bool {
    octets[..10] == [0; 10] && octets[10..12] == [255; 2]
}

/// Go: `netip.ParsePrefix`, `parseCIDR`
fn cidr(text: &str) -> Result<(IpAddr, u8), String> {
    const DURING: &str = "network address parse error during conversion from string";
    let bad = |why: &str| format!("{DURING}: netip.ParsePrefix({}): {why}", quote(text));
    let (address, bits) = text.rsplit_once('/').ok_or_else(|| bad("no '/'"))?;
    let address = match parse_addr(address.as_bytes()) {
        Ok(Addr::V4(octets)) => IpAddr::from(octets),
        Ok(Addr::V6(_, zone)) if !zone.is_empty() => {
            return Err(bad("IPv6 zones cannot be present in a prefix"));
        }
        Ok(Addr::V6(octets, _)) => IpAddr::from(octets),
        // It tells what is wrong with the address in its own name.
        Err(why) => return Err(bad(&why)),
    };
    let digits = bits.as_bytes();
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    if !is_number || digits.len() > 1 && digits[0] == b'0' {
        return Err(bad(&format!("bad bits after slash: {}", quote(bits))));
    }
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits
        .parse::<u8>()
        .ok()
        .filter(|bits| *bits <= most)
        .ok_or_else(|| bad("prefix length out of range"))?;
    if let IpAddr::V6(v6) = address
        && is_mapped(&v6.octets())
    {
        return Err(format!("IPv4-mapped IPv6 address {} is not allowed", quote(text)));
    }
    Ok((address, bits))
}

/// The bits of an address, above which zeros stand.
fn bits_of(address: &IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(v4) => (u128::from(u32::from(*v4)), 32),
        IpAddr::V6(v6) => (u128::from(*v6), 128),
    }
}

fn mask(address: &IpAddr, bits: u8) -> IpAddr {
    let (own, width) = bits_of(address);
    let rest = width - u32::from(bits).min(width);
    let kept = if rest >= 128 { 0 } else { own >> rest << rest };
    match address {
        IpAddr::V4(_) => IpAddr::from((kept as u32).to_be_bytes()),
        IpAddr::V6(_) => IpAddr::from(kept.to_be_bytes()),
    }
}

fn holds(network: (&IpAddr, u8), address: &IpAddr) -> bool {
    network.0.is_ipv4() == address.is_ipv4() && mask(network.0, network.1) == mask(address, network.1)
}

fn address<'a>(name: &str, args: &[Value<'a>]) -> Option<Got<'a>> {
    let made = |network: Result<(IpAddr, u8), String>| match network {
        Ok((address, bits)) => Ok(Value::Cidr(address, bits)),
        Err(why) => {
            Err(Stop::error(format!("network address parse error during conversion from string: {why}")))
        }
    };
    Some(match (name, args) {
        ("ip", [Value::Text(text)]) => ip(text).map(Value::Ip).map_err(Stop::Error),
        ("isIP", [Value::Text(text)]) => Ok(Value::Bool(ip(text).is_ok())),
        ("ip.isCanonical", [Value::Text(text)]) => match ip(text) {
            Ok(address) => Ok(Value::Bool(address.to_string() == **text)),
            Err(why) => Err(Stop::Error(why)),
        },
        ("family", [Value::Ip(address)]) => Ok(Value::Int(if address.is_ipv4() { 4 } else { 6 })),
        ("isUnspecified", [Value::Ip(address)]) => Ok(Value::Bool(address.is_unspecified())),
        ("isLoopback", [Value::Ip(address)]) => Ok(Value::Bool(address.is_loopback())),
        ("isLinkLocalMulticast", [Value::Ip(address)]) => Ok(Value::Bool(is_local_multicast(address))),
        ("isLinkLocalUnicast", [Value::Ip(address)]) => Ok(Value::Bool(is_link_local(address))),
        ("isGlobalUnicast", [Value::Ip(address)]) => {
            let is_broadcast = matches!(address, IpAddr::V4(v4) if v4.is_broadcast());
            let is_other = address.is_unspecified() || address.is_loopback() || address.is_multicast();
            Ok(Value::Bool(!is_broadcast && !is_other && !is_link_local(address)))
        }
        ("cidr", [Value::Text(text)]) => made(cidr(text)),
        ("isCIDR", [Value::Text(text)]) => Ok(Value::Bool(cidr(text).is_ok())),
        ("ip", [Value::Cidr(address, _)]) => Ok(Value::Ip(*address)),
        ("prefixLength", [Value::Cidr(_, bits)]) => Ok(Value::Int(i64::from(*bits))),
        ("masked", [Value::Cidr(address, bits)]) => Ok(Value::Cidr(mask(address, *bits), *bits)),
        ("containsIP", [Value::Cidr(network, bits), other]) => match other {
            Value::Ip(address) => Ok(Value::Bool(holds((network, *bits), address))),
            Value::Text(text) => match ip(text) {
                Ok(address) => Ok(Value::Bool(holds((network, *bits), &address))),
                // What is no address is no operand either.
                Err(_) => Err(Stop::no_overload()),
            },
            _ => return None,
        },
        ("containsCIDR", [Value::Cidr(network, bits), other]) => {
            let (address, others) = match other {
                Value::Cidr(address, bits) => (*address, *bits),
                Value::Text(text) => match made(cidr(text)) {
                    Ok(Value::Cidr(address, bits)) => (address, bits),
                    Ok(_) => return None,
                    Err(stop) => return Some(Err(stop)),
                },
                _ => return None,
            };
            Ok(Value::Bool(others >= *bits && holds((network, *bits), &address)))
        }
        _ => return None,
    })
}

fn is_link_local(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.segments()[0] & 0xffc0 == 0xfe80,
    }
}

fn is_local_multicast(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.octets()[..3] == [224, 0, 0],
        IpAddr::V6(v6) => v6.segments()[0] & 0xff0f == 0xff02,
    }
}

/// Go: `url.ParseRequestURI`
fn request_uri(text: &str) -> Result<Url, String> {
    let bad = |why: &str| format!("parse {}: {why}", quote(text));
    if text.is_empty() {
        return Err(bad("empty url"));
    }
    let parsed = url::parse(text.as_bytes())?;
    if parsed.scheme.is_empty() && !text.starts_with('/')
        || !parsed.opaque.is_empty() && parsed.scheme.is_empty()
    {
        return Err(bad("invalid URI for request"));
    }
    Ok(parsed)
}

fn of_url<'a>(name: &str, args: &[Value<'a>]) -> Option<Got<'a>> {
    let words = |bytes: &[u8]| Ok(Value::text(&String::from_utf8_lossy(bytes)));
    Some(match (name, args) {
        ("isURL", [Value::Text(text)]) => Ok(Value::Bool(request_uri(text).is_ok())),
        ("url", [Value::Text(text)]) => match request_uri(text) {
            Ok(url) => Ok(Value::Url(Rc::new(url))),
            Err(why) => Err(Stop::error(format!("URL parse error during conversion from string: {why}"))),
        },
        ("getScheme", [Value::Url(url)]) => words(&url.scheme),
        ("getHost", [Value::Url(url)]) => words(&url.host),
        ("getHostname", [Value::Url(url)]) => words(url.hostname()),
        ("getPort", [Value::Url(url)]) => words(port(&url.host)),
        ("getEscapedPath", [Value::Url(url)]) => {
            let raw = &url.raw_path;
            let is_raw = is_encoded(raw) && url::unescape(raw, Part::Path).is_ok_and(|path| path == url.path);
            match is_raw {
                true => words(raw),
                false => words(&url::escape(&url.path, Part::Path)),
            }
        }
        ("getQuery", [Value::Url(url)]) => Ok(query(&url.raw_query)),
        _ => return None,
    })
}

/// Go: `validEncoded`
fn is_encoded(path: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"!$&'()*+,;=:@[]%-._~/".contains(byte);
    !path.is_empty() && path.iter().all(is_plain)
}

fn port(host: &[u8]) -> &[u8] {
    let colon = host.iter().rposition(|byte| *byte == b':');
    let bracket = host.iter().rposition(|byte| *byte == b']');
    match colon {
        Some(at) if bracket.is_none_or(|bracket| bracket < at) => &host[at + 1..],
        _ => &[],
    }
}

fn query<'a>(raw: &[u8]) -> Value<'a> {
    let mut found: Vec<(String, Vec<Value<'a>>)> = Vec::new();
    for pair in raw.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty() && !pair.contains(&b';')) {
        let at = pair.iter().position(|byte| *byte == b'=');
        let (key, value) = at.map_or((pair, &[][..]), |at| (&pair[..at], &pair[at + 1..]));
        let (Ok(key), Ok(value)) =
            (url::unescape(key, Part::QueryComponent), url::unescape(value, Part::QueryComponent))
        else {
            continue;
        };
        let (key, value) = (String::from_utf8_lossy(&key).into_owned(), String::from_utf8_lossy(&value));
        let value = Value::text(&value);
        match found.iter_mut().find(|(own, _)| *own == key) {
            Some((_, values)) => values.push(value),
            None => found.push((key, vec![value])),
        }
    }
    let entries = found.into_iter().map(|(key, values)| (Value::text(&key), Value::list(values)));
    Value::Map(Rc::new(entries.collect()))
}

fn version<'a>(name: &str, args: &[Value<'a>]) -> Option<Got<'a>> {
    let read =
        |text: &str, normal: bool| if normal { Version::normalized(text) } else { Version::parse(text) };
    let made = |read: Result<Version, String>| match read {
        Ok(version) => Ok(Value::Version(Rc::new(version))),
        Err(why) => Err(Stop::Error(why)),
    };
    let int = |number: u64| Ok(Value::Int(number as i64));
    Some(match (name, args) {
        ("semver", [Value::Text(text)]) => made(read(text, false)),
        ("semver", [Value::Text(text), Value::Bool(normal)]) => made(read(text, *normal)),
        ("isSemver", [Value::Text(text)]) => Ok(Value::Bool(read(text, false).is_ok())),
        ("isSemver", [Value::Text(text), Value::Bool(normal)]) => {
            Ok(Value::Bool(read(text, *normal).is_ok()))
        }
        ("isGreaterThan" | "isLessThan" | "compareTo", [Value::Version(a), Value::Version(b)]) => {
            Ok(order(name, a.compare(b)))
        }
        ("major", [Value::Version(version)]) => int(version.major),
        ("minor", [Value::Version(version)]) => int(version.minor),
        ("patch", [Value::Version(version)]) => int(version.patch),
        _ => return None,
    })
}

/// The formats, and how long a pattern for each would be, for what it costs.
const FORMATS: [(&str, u64); 13] = [
    ("dns1123Label", 30),
    ("dns1123Subdomain", 60),
    ("dns1035Label", 30),
    ("qualifiedName", 60),
    ("dns1123LabelPrefix", 30),
    ("dns1123SubdomainPrefix", 60),
    ("dns1035LabelPrefix", 30),
    ("labelValue", 40),
    ("uri", 1103),
    ("uuid", 70),
    ("byte", 84),
    ("date", 71),
    ("datetime", 71),
];

/// How long a pattern for a format would be.
pub fn pattern_length(name: &str) -> u64 {
    FORMATS.iter().find(|(own, _)| *own == name).map_or(0, |(_, length)| *length)
}

fn format<'a>(name: &str, args: &[Value<'a>], minor: u32) -> Option<Got<'a>> {
    let known = |name: &str| FORMATS.iter().find(|(own, _)| *own == name).map(|(own, _)| Value::Format(own));
    match (name, args) {
        ("format.named", [Value::Text(name)]) => {
            Some(Ok(known(name).map_or(Value::Optional(None), Value::some)))
        }
        ("validate", [Value::Format(format), Value::Text(text)]) => {
            let wrong = wrong_with(format, text, minor);
            let told = wrong.iter().map(|why| Value::text(why)).collect();
            Some(Ok(if wrong.is_empty() { Value::Optional(None) } else { Value::some(Value::list(told)) }))
        }
        (name, []) => known(name.strip_prefix("format.")?).map(Ok),
        _ => None,
    }
}

fn wrong_with(format: &str, word: &str, minor: u32) -> Vec<String> {
    // A prefix may end with what only a name must not end with.
    let prefix = || word.strip_suffix('-').map_or_else(|| word.to_owned(), |bare| format!("{bare}a"));
    let said = |is_good: bool, words: &str| if is_good { Vec::new() } else { vec![words.to_owned()] };
    match format {
        "dns1123Label" => text::dns_label(word),
        "dns1123LabelPrefix" => text::dns_label(&prefix()),
        "dns1123Subdomain" => text::dns_subdomain(word),
        "dns1123SubdomainPrefix" => text::dns_subdomain(&prefix()),
        "dns1035Label" => text::dns_1035_label(word),
        "dns1035LabelPrefix" => text::dns_1035_label(&prefix()),
        "qualifiedName" => text::qualified_name(word, minor),
        "labelValue" => text::label_value(word, minor),
        "uri" => request_uri(word).err().into_iter().collect(),
        "uuid" => said(is_uuid(word), "does not match the UUID format"),
        "byte" => said(!word.is_empty() && STANDARD.decode(word).is_ok(), "invalid base64"),
        "date" => said(is_date(word), "invalid date"),
        _ => said(super::moments::timestamp(&word.to_uppercase()).is_ok(), "invalid datetime"),
    }
}

fn is_date(word: &str) -> bool {
    use crate::go::time::{Location, parse_in_location};
    parse_in_location(b"2006-01-02", word.as_bytes(), &Location::Utc).is_ok()
}

fn is_uuid(word: &str) -> bool {
    let bare: String = word.chars().filter(|c| *c != '-').collect();
    bare.len() == 32 && bare.chars().all(|c| c.is_ascii_hexdigit()) && word.len() <= 36
}
