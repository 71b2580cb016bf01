//! Services: what the server allots to them before it judges them, and what it says of them.
//!
//! Source: `validateService` of `pkg/apis/core/validation`, `pkg/registry/core/service/storage/alloc.go`.

use super::error::{Bad, Errors, Path};
use super::pod::handler_port;
use super::pod::port_protocol;
use super::text;
use super::tree::Tree;
use super::{ip, meta};

/// The ports of nodes that a server hands out by default.
const NODE_PORTS: (i64, i64) = (30000, 32767);

/// The first port of a node that a dry run hands out.
const FIRST_DRY_PORT: i64 = 32769;

/// The address of a service that asks for none.
pub const GIVEN: &str = "10.0.0.2";

/// Allots addresses and ports; what cannot be allotted is refused before anything else is judged.
///
/// Go: `NormalizeClusterIPs`, `Allocators.allocateCreate`
pub fn allot(service: &mut Tree, errors: &mut Errors) {
    let spec = service.field_mut("spec");
    if !spec.str("clusterIP").is_empty() && spec.list("clusterIPs").is_empty() {
        spec.set("clusterIPs", Tree::List(vec![spec.get("clusterIP").clone()]));
    }
    families(spec, errors);
    if errors.is_empty() {
        addresses(spec, errors);
    }
    if errors.is_empty() {
        node_ports(spec, errors);
    }
}

/// Go: `initIPFamilyFields` on a cluster with IPv4 alone
fn families(spec: &mut Tree, errors: &mut Errors) {
    if spec.str("type") == "ExternalName" {
        return;
    }
    let is_headless = spec.str("clusterIP") == "None";
    let has_no_selector = spec.map("selector").is_empty();
    if !spec.has("ipFamilyPolicy") {
        let policy = if is_headless && has_no_selector { "RequireDualStack" } else { "SingleStack" };
        spec.set("ipFamilyPolicy", policy.into());
    }
    addresses_and_families(spec, errors);
    if !errors.is_empty() {
        return;
    }
    let path = Path::new("spec");
    let policy = spec.str("ipFamilyPolicy").to_owned();
    if policy == "SingleStack" {
        let words = |what| {
            format!("must be 'RequireDualStack' or 'PreferDualStack' when multiple {what} are specified")
        };
        if spec.list("clusterIPs").len() == 2 {
            errors.invalid(&path.child("ipFamilyPolicy"), &policy, &words("cluster IPs"));
        }
        if spec.list("ipFamilies").len() == 2 {
            errors.invalid(&path.child("ipFamilyPolicy"), &policy, &words("IP families"));
        }
    }
    let places = spec.list("clusterIPs").iter().enumerate().skip(spec.list("ipFamilies").len());
    for (at, _) in places.filter(|(_, address)| address.text().contains(':')) {
        let bad = Bad::Typed(spec.get("clusterIPs"), "[]string");
        errors.invalid(&path.child("clusterIPs").index(at), bad, "IPv6 is not configured on this cluster");
    }
    if !errors.is_empty() || is_headless && has_no_selector {
        return;
    }
    if policy == "RequireDualStack" {
        let words = "this cluster is not configured for dual-stack services";
        errors.invalid(&path.child("ipFamilyPolicy"), &policy, words);
    }
    for (at, family) in spec.list("ipFamilies").iter().enumerate() {
        if family.text() != "IPv4" {
            let path = path.child("ipFamilies").index(at);
            errors.invalid(&path, family.text(), "not configured on this cluster");
        }
    }
    spec.default("ipFamilies", Tree::List(vec!["IPv4".into()]));
}

/// Gives a service an address. Which one it would be nobody knows; none that is asked for can be taken to be free or not.
fn addresses(spec: &mut Tree, errors: &mut Errors) {
    let first = spec.list("clusterIPs").first().map_or("", Tree::text).to_owned();
    if spec.str("type") == "ExternalName" || first == "None" {
        return;
    }
    if first.is_empty() {
        spec.set("clusterIPs", Tree::List(vec![GIVEN.into()]));
        spec.set("clusterIP", GIVEN.into());
        return;
    }
    let is_in_range = ip::parse_sloppy(&first).is_some_and(|address| match address {
        std::net::IpAddr::V4(v4) => v4.octets()[..3] == [10, 0, 0],
        std::net::IpAddr::V6(_) => false,
    });
    // The range of a real cluster is another one; only a range that no cluster has is told.
    if !is_in_range && ip::parse_sloppy(&first).is_none() {
        let words = format!("failed to allocate IP {first}");
        errors.invalid(&Path::new("spec").child("clusterIPs"), &first, &words);
    }
}

/// Go: `initNodePorts` in a dry run
fn node_ports(spec: &mut Tree, errors: &mut Errors) {
    let kind = spec.str("type").to_owned();
    if kind != "NodePort" && kind != "LoadBalancer" {
        return;
    }
    let allots = kind == "NodePort" || spec.bool("allocateLoadBalancerNodePorts") != Some(false);
    let mut taken: Vec<i64> = Vec::new();
    let mut by_port: Vec<(i64, i64)> = Vec::new();
    let asked: Vec<(i64, i64)> =
        spec.list("ports").iter().map(|port| (number(port, "port"), number(port, "nodePort"))).collect();
    for at in 0..asked.len() {
        let (port, node) = asked[at];
        if node == 0 && !allots {
            continue;
        }
        let known = by_port.iter().find(|(known, _)| *known == port).map(|(_, node)| *node);
        let given = match known {
            Some(known) if node == 0 => known,
            Some(known) if node == known => known,
            Some(_) => node,
            None => {
                let wanted =
                    asked.iter().find(|(other, node)| *other == port && *node != 0).map(|(_, node)| *node);
                let next = taken.iter().max().map_or(FIRST_DRY_PORT, |last| last + 1);
                let given = wanted.unwrap_or(next);
                by_port.push((port, given));
                given
            }
        };
        let is_asked = asked.iter().any(|(_, node)| *node == given);
        if known != Some(given) && is_asked {
            let (low, high) = NODE_PORTS;
            let why = if !(low..=high).contains(&given) {
                format!("provided port is not in the valid range. The range of valid ports is {low}-{high}")
            } else if taken.contains(&given) {
                "provided port is already allocated".to_owned()
            } else {
                String::new()
            };
            if !why.is_empty() {
                let path = Path::new("spec").child("ports").index(at).child("nodePort");
                return errors.invalid(&path, given, &why);
            }
        }
        taken.push(given);
        if let Some(port) = spec.list_mut("ports").get_mut(at) {
            port.set("nodePort", given.into());
        }
    }
    if needs_health_check(spec) {
        spec.default("healthCheckNodePort", 32700);
    }
}

fn number(port: &Tree, field: &str) -> i64 {
    port.int(field).unwrap_or_default()
}

/// Go: `NeedsHealthCheck`
fn needs_health_check(spec: &Tree) -> bool {
    spec.str("type") == "LoadBalancer" && spec.str("externalTrafficPolicy") == "Local"
}

/// Go: `isHeadlessService`
fn is_headless(spec: &Tree) -> bool {
    matches!(spec.list("clusterIPs"), [only] if only.text() == "None")
}

/// Go: `ValidateServiceCreate`
pub fn service(object: &Tree, errors: &mut Errors) {
    let rule = if errors.since(36) { text::dns_label } else { text::dns_1035_label };
    meta::core_object(object, true, rule, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    topology(object, errors);
    if spec.list("ports").is_empty() && !is_headless(spec) && spec.str("type") != "ExternalName" {
        errors.required(&path.child("ports"), "");
    }
    kind(spec, &path, errors);
    ports(spec, &path.child("ports"), errors);
    meta::labels(spec.get("selector"), &path.child("selector"), errors);
    affinity(spec, &path, errors);
    addresses_and_families(spec, errors);
    for (at, address) in spec.list("externalIPs").iter().enumerate() {
        let path = path.child("externalIPs").index(at);
        let before = errors.len();
        ip::legacy(address.text(), &path, errors);
        if errors.len() == before {
            ip::endpoint(address.text(), &path, errors);
        }
    }
    let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    if !types.contains(&spec.str("type")) {
        errors.not_supported(&path.child("type"), spec.str("type"), &types);
    }
    node_port_rules(spec, &path.child("ports"), errors);
    repeated_ports(spec, &path.child("ports"), errors);
    source_ranges(object, &path, errors);
    load_balancer(spec, &path, errors);
    traffic(spec, &path, errors);
}

fn topology(object: &Tree, errors: &mut Errors) {
    const HINTS: &str = "service.kubernetes.io/topology-aware-hints";
    const MODE: &str = "service.kubernetes.io/topology-mode";
    let annotations = object.at(&["metadata", "annotations"]);
    let (hints, mode) = (annotations.get(HINTS), annotations.get(MODE));
    if !hints.is_null() && !mode.is_null() && hints != mode {
        let path = Path::new("metadata").child("annotations").key(MODE);
        errors.invalid(
            &path,
            mode.text(),
            &format!("must match annotations[{HINTS}] when both are specified"),
        );
    }
}

fn kind(spec: &Tree, path: &Path, errors: &mut Errors) {
    let kind = spec.str("type");
    match kind {
        "LoadBalancer" | "NodePort" if is_headless(spec) => {
            let words = format!("may not be set to 'None' for {kind} services");
            errors.invalid(&path.child("clusterIPs").index(0), "None", &words);
        }
        "ExternalName" => {
            const WORDS: &str = "may not be set for ExternalName services";
            for field in ["clusterIPs", "ipFamilies"] {
                if !spec.list(field).is_empty() {
                    errors.forbidden(&path.child(field), WORDS);
                }
            }
            if spec.has("ipFamilyPolicy") {
                errors.forbidden(&path.child("ipFamilyPolicy"), WORDS);
            }
            let name = spec.str("externalName");
            let name = name.strip_suffix('.').unwrap_or(name);
            if name.is_empty() {
                errors.required(&path.child("externalName"), "");
            } else {
                errors.invalid_each(&path.child("externalName"), name, text::dns_subdomain(name));
            }
        }
        _ => {}
    }
}

/// Go: `validateServicePort`
fn ports(spec: &Tree, path: &Path, errors: &mut Errors) {
    let ports = spec.list("ports");
    let mut names = Vec::new();
    for (at, port) in ports.iter().enumerate() {
        let path = path.index(at);
        let name = port.str("name");
        if name.is_empty() {
            if ports.len() > 1 {
                errors.required(&path.child("name"), "");
            }
        } else {
            errors.invalid_each(&path.child("name"), name, text::dns_label(name));
            if names.contains(&name) {
                errors.duplicate(&path.child("name"), name);
            } else {
                names.push(name);
            }
        }
        let number = number(port, "port");
        if let Some(why) = text::port_number(number) {
            errors.invalid(&path.child("port"), number, &why);
        }
        port_protocol(port.str("protocol"), &path.child("protocol"), errors);
        handler_port(port.get("targetPort"), &path.child("targetPort"), errors);
        if port.has("appProtocol") {
            meta::label_name(port.str("appProtocol"), &path.child("appProtocol"), errors);
        }
    }
}

fn affinity(spec: &Tree, path: &Path, errors: &mut Errors) {
    const DAY: i64 = 86_400;
    let affinity = spec.str("sessionAffinity");
    if affinity.is_empty() {
        errors.required(&path.child("sessionAffinity"), "");
    } else if !matches!(affinity, "ClientIP" | "None") {
        errors.not_supported(&path.child("sessionAffinity"), affinity, &["ClientIP", "None"]);
    }
    let config = spec.get("sessionAffinityConfig");
    let path = path.child("sessionAffinityConfig");
    if affinity == "None" && !config.is_null() {
        errors.forbidden(&path, "must not be set when session affinity is None");
    }
    if affinity == "ClientIP"
        && let Some(seconds) = config.get("clientIP").int("timeoutSeconds")
        && !(1..=DAY).contains(&seconds)
    {
        let words = format!("must be greater than 0 and less than {DAY}");
        errors.invalid(&path.child("clientIP").child("timeoutSeconds"), seconds, &words);
    }
}

/// Go: `ValidateServiceClusterIPsRelatedFields`
fn addresses_and_families(spec: &Tree, errors: &mut Errors) {
    if spec.str("type") == "ExternalName" {
        return;
    }
    let path = Path::new("spec");
    let (place, addresses) = (path.child("clusterIPs"), spec.list("clusterIPs"));
    let bad = || Bad::Typed(spec.get("clusterIPs"), "[]string");
    match (spec.str("clusterIP"), addresses.first().map(Tree::text)) {
        ("", Some(_)) => errors.invalid(&place, bad(), "must be empty when `clusterIP` is not specified"),
        ("", None) => {}
        (_, None) => errors.required(&place, ""),
        (one, Some(first)) if one != first => {
            errors.invalid(&place, bad(), "first value must match `clusterIP`");
        }
        _ => {}
    }
    let mut seen = Vec::new();
    for (at, family) in spec.list("ipFamilies").iter().enumerate() {
        let (family, path) = (family.text(), path.child("ipFamilies").index(at));
        if !matches!(family, "IPv4" | "IPv6") {
            errors.not_supported(&path, family, &["IPv4", "IPv6"]);
        }
        if seen.contains(&family) {
            errors.duplicate(&path, family);
        }
        seen.push(family);
    }
    let policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
    if spec.has("ipFamilyPolicy") && !policies.contains(&spec.str("ipFamilyPolicy")) {
        errors.not_supported(&path.child("ipFamilyPolicy"), spec.str("ipFamilyPolicy"), &policies);
    }
    let mut has_invalid = false;
    for (at, address) in addresses.iter().enumerate() {
        let address = address.text();
        if at == 0 && address == "None" {
            if addresses.len() > 1 {
                has_invalid = true;
                let words = "'None' must be the first and only value";
                errors.invalid(&place, bad(), words);
            }
            continue;
        }
        let before = errors.len();
        ip::legacy(address, &place.index(at), errors);
        has_invalid |= errors.len() > before;
    }
    if addresses.len() > 2 {
        errors.invalid(&place, bad(), "may only hold up to 2 values");
    }
    if has_invalid || is_headless(spec) {
        return;
    }
    let is_six = |address: &Tree| address.text().contains(':');
    if let [first, second, ..] = addresses
        && is_six(first) == is_six(second)
    {
        errors.invalid(&place, bad(), "may specify no more than one IP for each IP family");
    }
    for (at, (address, family)) in addresses.iter().zip(spec.list("ipFamilies")).enumerate() {
        let wanted = if is_six(address) { "IPv6" } else { "IPv4" };
        if matches!(family.text(), "IPv4" | "IPv6") && family.text() != wanted {
            let words = format!("expected an {} value as indicated by `ipFamilies[{at}]`", family.text());
            errors.invalid(&place.index(at), address.text(), &words);
        }
    }
}

fn node_port_rules(spec: &Tree, path: &Path, errors: &mut Errors) {
    if spec.str("type") == "ClusterIP" {
        for (at, port) in spec.list("ports").iter().enumerate() {
            if number(port, "nodePort") != 0 {
                let path = path.index(at).child("nodePort");
                errors.forbidden(&path, "may not be used when `type` is 'ClusterIP'");
            }
        }
    }
    let mut seen = Vec::new();
    for (at, port) in spec.list("ports").iter().enumerate() {
        let node = number(port, "nodePort");
        if node == 0 {
            continue;
        }
        let key = (port.str("protocol"), node);
        if seen.contains(&key) {
            errors.duplicate(&path.index(at).child("nodePort"), node);
        }
        seen.push(key);
    }
}

fn repeated_ports(spec: &Tree, path: &Path, errors: &mut Errors) {
    let mut seen = Vec::new();
    for (at, port) in spec.list("ports").iter().enumerate() {
        let key = (port.str("protocol"), number(port, "port"));
        if seen.contains(&key) {
            let shown =
                Tree::Map(vec![("protocol".to_owned(), key.0.into()), ("port".to_owned(), key.1.into())]);
            errors.duplicate(&path.index(at), Bad::Typed(&shown, "core.ServicePort"));
        }
        seen.push(key);
    }
}

fn source_ranges(object: &Tree, path: &Path, errors: &mut Errors) {
    const KEY: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";
    const WORDS: &str = "may only be used when `type` is 'LoadBalancer'";
    let spec = object.get("spec");
    let is_balanced = spec.str("type") == "LoadBalancer";
    let ranges = spec.list("loadBalancerSourceRanges");
    let annotations = object.at(&["metadata", "annotations"]);
    if !ranges.is_empty() {
        let path = path.child("LoadBalancerSourceRanges");
        if !is_balanced {
            errors.forbidden(&path, WORDS);
        }
        for (at, range) in ranges.iter().enumerate() {
            ip::legacy_range(range.text().trim(), &path.index(at), errors);
        }
    } else if annotations.has(KEY) {
        let path = Path::new("metadata").child("annotations").key(KEY);
        if !is_balanced {
            errors.forbidden(&path, WORDS);
        }
        let value = annotations.str(KEY).trim();
        for range in value.split(',').filter(|_| !value.is_empty()) {
            ip::legacy_range(range.trim(), &path, errors);
        }
    }
}

fn load_balancer(spec: &Tree, path: &Path, errors: &mut Errors) {
    const WORDS: &str = "may only be used when `type` is 'LoadBalancer'";
    let is_balanced = spec.str("type") == "LoadBalancer";
    if spec.has("allocateLoadBalancerNodePorts") && !is_balanced {
        errors.forbidden(&path.child("allocateLoadBalancerNodePorts"), WORDS);
    }
    if spec.has("loadBalancerClass") {
        let path = path.child("loadBalancerClass");
        if is_balanced {
            meta::label_name(spec.str("loadBalancerClass"), &path, errors);
        } else {
            errors.forbidden(&path, WORDS);
        }
    }
}

/// Go: `ExternallyAccessible`
pub fn is_external(spec: &Tree) -> bool {
    let kind = spec.str("type");
    matches!(kind, "LoadBalancer" | "NodePort") || kind == "ClusterIP" && !spec.list("externalIPs").is_empty()
}

fn traffic(spec: &Tree, path: &Path, errors: &mut Errors) {
    let policy = spec.str("externalTrafficPolicy");
    let place = path.child("externalTrafficPolicy");
    if is_external(spec) {
        if policy.is_empty() {
            errors.required(&place, "");
        } else if !matches!(policy, "Cluster" | "Local") {
            errors.not_supported(&place, policy, &["Cluster", "Local"]);
        }
    } else if !policy.is_empty() {
        errors.invalid(&place, policy, "may only be set for externally-accessible services");
    }
    let (health, place) = (number(spec, "healthCheckNodePort"), path.child("healthCheckNodePort"));
    if !needs_health_check(spec) {
        if health != 0 {
            let words =
                "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
            errors.invalid(&place, health, words);
        }
    } else if let Some(why) = text::port_number(health) {
        errors.invalid(&place, health, &why);
    }
    let policy = spec.str("internalTrafficPolicy");
    if spec.has("internalTrafficPolicy") && !matches!(policy, "Cluster" | "Local") {
        errors.not_supported(&path.child("internalTrafficPolicy"), policy, &["Cluster", "Local"]);
    }
    let distributions: &[&str] = if errors.since(34) {
        &["PreferClose", "PreferSameZone", "PreferSameNode"]
    } else {
        &["PreferClose"]
    };
    let distribution = spec.str("trafficDistribution");
    if spec.has("trafficDistribution") && errors.since(31) && !distributions.contains(&distribution) {
        errors.not_supported(&path.child("trafficDistribution"), distribution, distributions);
    }
}
