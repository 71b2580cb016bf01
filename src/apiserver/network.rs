//! Ingresses, their classes, and network policies.
//!
//! Source: k8s.io/kubernetes `pkg/apis/networking/validation/validation.go`.

use super::error::{Bad, Errors, Path};
use super::job::domain_prefixed_path;
use super::tree::Tree;
use super::{ip, meta, text};

/// Go: `ValidateIngressCreate`
pub fn ingress(object: &Tree, errors: &mut Errors) {
    const CLASS: &str = "kubernetes.io/ingress.class";
    meta::core_object(object, true, text::dns_subdomain, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    let (rules, default) = (spec.list("rules"), spec.get("defaultBackend"));
    if rules.is_empty() && default.is_null() {
        let bad = Bad::Typed(spec.get("rules"), "[]networking/v1.IngressRule");
        errors.invalid(&path, bad, "either `defaultBackend` or `rules` must be specified");
    }
    if !default.is_null() {
        backend(default, &path.child("defaultBackend"), errors);
    }
    for (at, rule) in rules.iter().enumerate() {
        self::rule(rule, &path.child("rules").index(at), errors);
    }
    for (at, tls) in spec.list("tls").iter().enumerate() {
        let path = path.child("tls").index(at);
        for (at, host) in tls.list("hosts").iter().enumerate() {
            host_name(host.text(), &path.child("hosts").index(at), errors);
        }
        let secret = tls.str("secretName");
        if !secret.is_empty() {
            errors.invalid_each(&path.child("secretName"), secret, text::dns_subdomain(secret));
        }
    }
    let class = spec.str("ingressClassName");
    if spec.has("ingressClassName") {
        errors.invalid_each(&path.child("ingressClassName"), class, text::dns_subdomain(class));
    }
    let annotation = object.at(&["metadata", "annotations"]).get(CLASS);
    if !annotation.is_null() && spec.has("ingressClassName") && annotation.text() != class {
        let words = "must match `ingressClassName` when both are specified";
        let words = if errors.since(30) { words } else { "can not be set when the class field is also set" };
        errors.invalid(&Path::new("annotations").child(CLASS), annotation.text(), words);
    }
}

fn host_name(host: &str, path: &Path, errors: &mut Errors) {
    let wrong = if host.contains('*') { text::wildcard_subdomain(host) } else { text::dns_subdomain(host) };
    errors.invalid_each(path, host, wrong);
}

fn rule(rule: &Tree, path: &Path, errors: &mut Errors) {
    let host = rule.str("host");
    if !host.is_empty() {
        if ip::parse_sloppy(host).is_some() {
            errors.invalid(&path.child("host"), host, "must be a DNS name, not an IP address");
        }
        host_name(host, &path.child("host"), errors);
    }
    if !rule.has("http") {
        return;
    }
    let (paths, path) = (rule.get("http").list("paths"), path.child("http").child("paths"));
    if paths.is_empty() {
        errors.required(&path, "");
    }
    for (at, one) in paths.iter().enumerate() {
        http_path(one, &path.index(at), errors);
    }
}

/// Go: `validateHTTPIngressPath`
fn http_path(one: &Tree, path: &Path, errors: &mut Errors) {
    let (value, place) = (one.str("path"), path.child("path"));
    if !one.has("pathType") {
        return errors.required(&path.child("pathType"), "pathType must be specified");
    }
    match one.str("pathType") {
        "Exact" | "Prefix" => {
            if !value.starts_with('/') {
                errors.invalid(&place, value, "must be an absolute path");
            }
            for part in ["//", "/./", "/../", "%2f", "%2F"] {
                if value.contains(part) {
                    errors.invalid(&place, value, &format!("must not contain '{part}'"));
                }
            }
            for end in ["/..", "/."] {
                if value.ends_with(end) {
                    errors.invalid(&place, value, &format!("cannot end with '{end}'"));
                }
            }
        }
        "ImplementationSpecific" => {
            if !value.is_empty() && !value.starts_with('/') {
                errors.invalid(&place, value, "must be an absolute path");
            }
        }
        other => {
            let known = ["Exact", "ImplementationSpecific", "Prefix"];
            errors.not_supported(&path.child("pathType"), other, &known);
        }
    }
    backend(one.get("backend"), &path.child("backend"), errors);
}

/// Go: `validateIngressBackend`
fn backend(backend: &Tree, path: &Path, errors: &mut Errors) {
    match (backend.has("resource"), backend.has("service")) {
        (true, true) => errors.invalid(path, "", "cannot set both resource and service backends"),
        (true, false) => reference(backend.get("resource"), &path.child("resource"), errors),
        (false, true) => service_backend(backend.get("service"), path, errors),
        (false, false) => errors.invalid(path, "", "resource or service backend is required"),
    }
}

fn service_backend(service: &Tree, path: &Path, errors: &mut Errors) {
    let place = path.child("service");
    let name = service.str("name");
    if name.is_empty() {
        errors.required(&place.child("name"), "");
    } else {
        let wrong = if errors.since(36) { text::dns_label(name) } else { text::dns_1035_label(name) };
        errors.invalid_each(&place.child("name"), name, wrong);
    }
    let port = service.get("port");
    let place = place.child("port");
    match (port.str("name"), port.int("number").unwrap_or_default()) {
        ("", 0) => errors.required(path, "port name or number is required"),
        ("", number) => {
            if let Some(why) = text::port_number(number) {
                errors.invalid(&place.child("number"), number, &why);
            }
        }
        (name, 0) => errors.invalid_each(&place.child("name"), name, text::port_name(name)),
        _ => errors.invalid(path, "", "cannot set both port name & port number"),
    }
}

/// Go: `validateIngressTypedLocalObjectReference`
fn reference(reference: &Tree, path: &Path, errors: &mut Errors) {
    if reference.has("apiGroup") {
        let group = reference.str("apiGroup");
        errors.invalid_each(&path.child("apiGroup"), group, text::dns_subdomain(group));
    }
    meta::kind_and_name(reference, path, errors);
}

/// Go: `ValidateIngressClass`
pub fn ingress_class(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    let controller = spec.str("controller");
    if controller.len() > 250 {
        errors.too_long(&path.child("controller"), 250);
    }
    domain_prefixed_path(controller, &path.child("controller"), errors);
    let parameters = spec.get("parameters");
    if parameters.is_null() {
        return;
    }
    let path = path.child("parameters");
    reference(parameters, &path, errors);
    let space = parameters.str("namespace");
    match parameters.str("scope") {
        "Namespace" => {
            if parameters.has("namespace") {
                errors.invalid_each(&path.child("namespace"), space, text::dns_label(space));
            } else {
                errors.required(&path.child("namespace"), "`parameters.scope` is set to 'Namespace'");
            }
        }
        "Cluster" => {
            if parameters.has("namespace") {
                errors.forbidden(&path.child("namespace"), "`parameters.scope` is set to 'Cluster'");
            }
        }
        _ if !parameters.has("scope") => errors.required(&path.child("scope"), ""),
        other => errors.not_supported(&path.child("scope"), other, &["Cluster", "Namespace"]),
    }
}

/// Go: `ValidateNetworkPolicy`
pub fn network_policy(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    meta::label_selector(spec.get("podSelector"), &path.child("podSelector"), errors);
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
        for (at, rule) in spec.list(direction).iter().enumerate() {
            let path = path.child(direction).index(at);
            for (at, port) in rule.list("ports").iter().enumerate() {
                policy_port(port, &path.child("ports").index(at), errors);
            }
            for (at, peer) in rule.list(peers).iter().enumerate() {
                policy_peer(peer, &path.child(peers).index(at), errors);
            }
        }
    }
    let (types, path) = (spec.list("policyTypes"), path.child("policyTypes"));
    if types.len() > 2 {
        let bad = Bad::Typed(spec.get("policyTypes"), "[]networking.PolicyType");
        return errors.invalid(&path, bad, "may not specify more than two policyTypes");
    }
    for (at, kind) in types.iter().enumerate() {
        if !matches!(kind.text(), "Ingress" | "Egress") {
            errors.not_supported(&path.index(at), kind.text(), &["Ingress", "Egress"]);
        }
    }
}

/// Go: `ValidateNetworkPolicyPort`
fn policy_port(port: &Tree, path: &Path, errors: &mut Errors) {
    let protocol = port.str("protocol");
    if port.has("protocol") && !matches!(protocol, "TCP" | "UDP" | "SCTP") {
        errors.not_supported(&path.child("protocol"), protocol, &["TCP", "UDP", "SCTP"]);
    }
    let (end, place) = (port.int("endPort"), path.child("endPort"));
    match port.get("port") {
        Tree::Int(number) => {
            if let Some(why) = text::port_number(*number) {
                errors.invalid(&path.child("port"), *number, &why);
            }
            let Some(end) = end else { return };
            if end < *number {
                errors.invalid(&place, end, "must be greater than or equal to `port`");
            }
            if let Some(why) = text::port_number(end) {
                errors.invalid(&place, end, &why);
            }
        }
        Tree::Str(name) => {
            if let Some(end) = end {
                errors.invalid(&place, end, "may not be specified when `port` is non-numeric");
            }
            errors.invalid_each(&path.child("port"), name, text::port_name(name));
        }
        _ => {
            if let Some(end) = end {
                errors.invalid(&place, end, "may not be specified when `port` is not specified");
            }
        }
    }
}

/// Go: `ValidateNetworkPolicyPeer`
fn policy_peer(peer: &Tree, path: &Path, errors: &mut Errors) {
    let mut count = 0;
    for field in ["podSelector", "namespaceSelector"] {
        if peer.has(field) {
            count += 1;
            meta::label_selector(peer.get(field), &path.child(field), errors);
        }
    }
    if peer.has("ipBlock") {
        count += 1;
        block(peer.get("ipBlock"), &path.child("ipBlock"), errors);
    }
    if count == 0 {
        errors.required(path, "must specify a peer");
    } else if count > 1 && peer.has("ipBlock") {
        errors.forbidden(path, "may not specify both ipBlock and another peer");
    }
}

/// Go: `ValidateIPBlock`
fn block(block: &Tree, path: &Path, errors: &mut Errors) {
    let range = block.str("cidr");
    if range.is_empty() {
        return errors.required(&path.child("cidr"), "");
    }
    ip::legacy_range(range, &path.child("cidr"), errors);
    let Some(whole) = ip::parse_range(range) else { return };
    for (at, except) in block.list("except").iter().enumerate() {
        let path = path.child("except").index(at);
        ip::legacy_range(except.text(), &path, errors);
        if ip::parse_range(except.text()).is_some_and(|except| !ip::is_strictly_within(except, whole)) {
            errors.invalid(&path, except.text(), "must be a strict subset of `cidr`");
        }
    }
}
