//! Kinds that hold data or bounds: config maps, secrets, service accounts, namespaces, limit ranges, quotas, endpoints.
//!
//! Source: k8s.io/kubernetes `pkg/apis/core/validation/validation.go`, `pkg/apis/discovery/validation/validation.go`.

use std::cmp::Ordering;

use crate::value::Value;
use crate::yaml::json;

use super::error::{Bad, Errors, Path};
use super::pod::{port_protocol, resources};
use super::tree::Tree;
use super::{ip, meta, text};

/// How many bytes a secret or config map may hold.
const MOST: usize = 1024 * 1024;

fn length(value: &Tree) -> usize {
    match value {
        Tree::Bytes(bytes) => bytes.len(),
        other => other.text().len(),
    }
}

/// Go: `ValidateConfigMap`
pub fn config_map(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let mut size = 0;
    for field in ["data", "binaryData"] {
        for (key, value) in object.map(field) {
            let path = Path::new(field).key(key);
            errors.invalid_each(&path, key, text::config_key(key));
            if field == "data" && object.get("binaryData").has(key) {
                errors.invalid(&path, key, "duplicate of key present in binaryData");
            }
            size += length(value);
        }
    }
    if size > MOST {
        errors.too_long(&Path::new(""), MOST);
    }
}

/// Go: `ValidateSecret`
pub fn secret(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let (data, path) = (object.get("data"), Path::new("data"));
    for (key, _) in data.entries() {
        errors.invalid_each(&path.key(key), key, text::config_key(key));
    }
    if data.entries().iter().map(|(_, value)| length(value)).sum::<usize>() > MOST {
        errors.too_long(&path, MOST);
    }
    let require = |key: &str, errors: &mut Errors| {
        if !data.has(key) {
            errors.required(&path.key(key), "");
        }
    };
    match object.str("type") {
        "kubernetes.io/service-account-token" => {
            const NAME: &str = "kubernetes.io/service-account.name";
            if object.at(&["metadata", "annotations"]).str(NAME).is_empty() {
                errors.required(&Path::new("metadata").child("annotations").key(NAME), "");
            }
        }
        "kubernetes.io/dockercfg" => docker(data, ".dockercfg", &path, errors),
        "kubernetes.io/dockerconfigjson" => docker(data, ".dockerconfigjson", &path, errors),
        "kubernetes.io/basic-auth" if !data.has("username") && !data.has("password") => {
            require("username", errors);
            require("password", errors);
        }
        "kubernetes.io/ssh-auth" if length(data.get("ssh-privatekey")) == 0 => {
            errors.required(&path.key("ssh-privatekey"), "");
        }
        "kubernetes.io/tls" => {
            require("tls.crt", errors);
            require("tls.key", errors);
        }
        _ => {}
    }
}

/// The credentials of registries, which are a JSON object.
fn docker(data: &Tree, key: &str, path: &Path, errors: &mut Errors) {
    let path = path.key(key);
    let bytes = match data.get(key) {
        Tree::Null => return errors.required(&path, ""),
        Tree::Bytes(bytes) => bytes.as_slice(),
        other => other.text().as_bytes(),
    };
    let why = match json::from_json(bytes) {
        Ok(Value::Map(_) | Value::Nil) => return,
        Ok(other) => json::mismatch(&other, "map[string]interface {}").to_string(),
        Err(error) => error.to_string(),
    };
    errors.invalid(&path, "<secret contents redacted>", &why);
}

/// Go: `ValidateServiceAccount`
pub fn service_account(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
}

/// Go: `ValidateNamespace`
pub fn namespace(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_label, errors);
    let path = Path::new("spec").child("finalizers");
    for finalizer in object.get("spec").list("finalizers") {
        meta::label_name(finalizer.text(), &path, errors);
        meta::kube_finalizer(finalizer.text(), &path, errors);
    }
}

/// Gives a range without a name the one that the server draws for it.
///
/// Go: `limitrangeStrategy.PrepareForCreate`
pub fn name_limit_range(range: &mut Tree) {
    range.field_mut("metadata").default_str("name", "00000000-0000-0000-0000-000000000000");
}

/// Go: `ValidateLimitRange`
pub fn limit_range(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let mut types = Vec::new();
    for (at, limit) in object.get("spec").list("limits").iter().enumerate() {
        let path = Path::new("spec").child("limits").index(at);
        let kind = limit.str("type");
        limit_type(kind, &path.child("type"), errors);
        if types.contains(&kind) {
            errors.duplicate(&path.child("type"), kind);
        }
        types.push(kind);
        let of_pods = kind == "Pod";
        for field in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
            let path = path.child(field);
            if of_pods && matches!(field, "default" | "defaultRequest") {
                if !limit.map(field).is_empty() {
                    errors.forbidden(&path, "may not be specified when `type` is 'Pod'");
                }
                continue;
            }
            for (name, _) in limit.map(field) {
                if matches!(kind, "Pod" | "Container") {
                    resources::container_resource_name(name, &path.key(name), errors);
                } else {
                    resources::resource_name(name, &path.key(name), errors);
                }
            }
        }
        let has_storage = ["min", "max"].iter().any(|field| limit.get(field).has("storage"));
        if kind == "PersistentVolumeClaim" && !has_storage {
            let words = "either minimum or maximum storage value is required, but neither was provided";
            errors.required(&path.child("limits"), words);
        }
        bounds(limit, of_pods, &path, errors);
    }
}

fn limit_type(kind: &str, path: &Path, errors: &mut Errors) {
    let before = errors.len();
    meta::label_name(kind, path, errors);
    let is_standard = matches!(kind, "Pod" | "Container" | "PersistentVolumeClaim");
    if errors.len() == before && !kind.contains('/') && !is_standard {
        errors.invalid(path, kind, "must be a standard limit type or fully qualified");
    }
}

/// How the bounds of a limit range stand to each other.
fn bounds(limit: &Tree, of_pods: bool, path: &Path, errors: &mut Errors) {
    let mut names: Vec<&str> = Vec::new();
    for field in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
        for (name, _) in limit.map(field) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    for name in names {
        let amount = |field: &str| {
            let is_there = !of_pods || !matches!(field, "default" | "defaultRequest");
            let amount = limit.get(field).get(name).text();
            (is_there && !amount.is_empty()).then(|| amount.to_owned())
        };
        let above = |a: &str, b: &str| match (amount(a), amount(b)) {
            (Some(a), Some(b)) => (resources::compare(&a, &b) == Ordering::Greater).then_some((a, b)),
            _ => None,
        };
        let pairs = [
            ("min", "max", "min", "min value", "max value", true),
            ("min", "defaultRequest", "defaultRequest", "min value", "default request value", false),
            ("defaultRequest", "max", "defaultRequest", "default request value", "max value", true),
            (
                "defaultRequest",
                "default",
                "defaultRequest",
                "default request value",
                "default limit value",
                true,
            ),
            ("min", "default", "default", "min value", "default value", true),
            ("default", "max", "default", "default value", "max value", false),
        ];
        for (low, high, place, low_name, high_name, shows_low) in pairs {
            if let Some((a, b)) = above(low, high) {
                let words = format!("{low_name} {a} is greater than {high_name} {b}");
                let bad = if shows_low { &a } else { &b };
                errors.invalid(&path.child(place).key(name), bad, &words);
            }
        }
        let ratio_path = path.child("maxLimitRequestRatio").key(name);
        let Some(ratio) = amount("maxLimitRequestRatio") else { continue };
        if resources::compare(&ratio, "1") == Ordering::Less {
            errors.invalid(&ratio_path, &ratio, &format!("ratio {ratio} is less than 1"));
        }
    }
}

/// Go: `ValidateResourceQuota`
pub fn resource_quota(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    for (name, amount) in spec.map("hard") {
        let path = path.child("hard").key(name);
        resources::resource_name(name, &path, errors);
        if !name.contains('/') && !resources::is_quota_resource(name) {
            errors.invalid(&path, name.as_str(), "must be a standard resource for quota");
        }
        resources::amount(name, amount.text(), &path, errors);
    }
    scopes(spec, &path, errors);
    scope_selector(spec, &path, errors);
}

const SCOPES: [&str; 7] = [
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "CrossNamespacePodAffinity",
    "VolumeAttributesClass",
];

/// Whether a scope is for a resource.
///
/// Go: `IsResourceQuotaScopeValidForResource`
fn scope_fits(scope: &str, resource: &str) -> bool {
    let of_pods = ["pods"];
    let computed = ["cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];
    match scope {
        "BestEffort" => of_pods.contains(&resource),
        "VolumeAttributesClass" => matches!(resource, "persistentvolumeclaims" | "requests.storage"),
        known if SCOPES.contains(&known) => of_pods.contains(&resource) || computed.contains(&resource),
        _ => true,
    }
}

/// Go: `validateResourceQuotaScopes`
fn scopes(spec: &Tree, path: &Path, errors: &mut Errors) {
    let scopes: Vec<&str> = spec.list("scopes").iter().map(Tree::text).collect();
    let path = path.child("scopes");
    let bad = || Bad::Typed(spec.get("scopes"), "[]core/v1.ResourceQuotaScope");
    for scope in &scopes {
        if !SCOPES.contains(scope) {
            errors.invalid(&path, bad(), "unsupported scope");
        }
        for (resource, _) in spec.map("hard") {
            if resources::is_quota_resource(resource) && !scope_fits(scope, resource) {
                errors.invalid(&path, bad(), "unsupported scope applied to resource");
            }
        }
    }
    conflicts(spec, &scopes, &path, errors);
}

fn conflicts(spec: &Tree, scopes: &[&str], path: &Path, errors: &mut Errors) {
    for pair in [["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]] {
        if pair.iter().all(|scope| scopes.contains(scope)) {
            let bad = Bad::Typed(spec.get("scopes"), "[]core/v1.ResourceQuotaScope");
            errors.invalid(path, bad, "conflicting scopes");
        }
    }
}

/// Go: `validateScopedResourceSelectorRequirement`
fn scope_selector(spec: &Tree, path: &Path, errors: &mut Errors) {
    let selector = spec.get("scopeSelector");
    let path = path.child("scopeSelector").child("matchExpressions");
    let mut seen = Vec::new();
    for expression in selector.list("matchExpressions") {
        let (scope, operator) = (expression.str("scopeName"), expression.str("operator"));
        if !SCOPES.contains(&scope) {
            errors.invalid(&path.child("scopeName"), scope, "unsupported scope");
        }
        for (resource, _) in spec.map("hard") {
            if resources::is_quota_resource(resource) && !scope_fits(scope, resource) {
                let bad = Bad::Typed(selector, "core/v1.ScopeSelector");
                errors.invalid(&path, bad, "unsupported scope applied to resource");
            }
        }
        let only_exists =
            !matches!(scope, "PriorityClass" | "VolumeAttributesClass") && SCOPES.contains(&scope);
        if only_exists && operator != "Exists" {
            let words = "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, \
                         ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, \
                         ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
            errors.invalid(&path.child("operator"), operator, words);
        }
        let values = expression.list("values");
        match operator {
            "In" | "NotIn" if values.is_empty() => {
                let words =
                    "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
                errors.required(&path.child("values"), words);
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                let words =
                    "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
                errors.invalid(
                    &path.child("values"),
                    Bad::Typed(expression.get("values"), "[]string"),
                    words,
                );
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => errors.invalid(&path.child("operator"), other, "not a valid selector operator"),
        }
        seen.push(scope);
    }
    conflicts(spec, &seen, &path, errors);
}

/// Go: `ValidateEndpoints`
pub fn endpoints(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    for (at, subset) in object.list("subsets").iter().enumerate() {
        let path = Path::new("subsets").index(at);
        let fields = ["addresses", "notReadyAddresses"];
        if fields.iter().all(|field| subset.list(field).is_empty()) {
            errors.required(&path, "must specify `addresses` or `notReadyAddresses`");
        }
        for field in fields {
            for (at, address) in subset.list(field).iter().enumerate() {
                endpoint_address(address, &path.child(field).index(at), errors);
            }
        }
        let ports = subset.list("ports");
        for (at, port) in ports.iter().enumerate() {
            let path = path.child("ports").index(at);
            let (name, number) = (port.str("name"), port.int("port").unwrap_or_default());
            if !name.is_empty() {
                errors.invalid_each(&path.child("name"), name, text::dns_label(name));
            } else if ports.len() > 1 {
                errors.required(&path.child("name"), "");
            }
            if let Some(why) = text::port_number(number) {
                errors.invalid(&path.child("port"), number, &why);
            }
            port_protocol(port.str("protocol"), &path.child("protocol"), errors);
            if port.has("appProtocol") {
                meta::label_name(port.str("appProtocol"), &path.child("appProtocol"), errors);
            }
        }
    }
}

fn endpoint_address(address: &Tree, path: &Path, errors: &mut Errors) {
    let (text_of, place) = (address.str("ip"), path.child("ip"));
    ip::legacy(text_of, &place, errors);
    if !address.str("hostname").is_empty() {
        let name = address.str("hostname");
        errors.invalid_each(&path.child("hostname"), name, text::dns_label(name));
    }
    if address.has("nodeName") {
        let name = address.str("nodeName");
        errors.invalid_each(&path.child("nodeName"), name, text::dns_subdomain(name));
    }
    ip::endpoint(text_of, &place, errors);
}

/// Go: `ValidateEndpointSlice`
pub fn endpoint_slice(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let kind = object.str("addressType");
    if kind.is_empty() {
        errors.required(&Path::new("addressType"), "");
    } else if !matches!(kind, "FQDN" | "IPv4" | "IPv6") {
        errors.not_supported(&Path::new("addressType"), kind, &["FQDN", "IPv4", "IPv6"]);
    }
    let mut names = Vec::new();
    for (at, port) in object.list("ports").iter().enumerate() {
        let path = Path::new("ports").index(at);
        let name = port.str("name");
        if !name.is_empty() {
            errors.invalid_each(&path.child("name"), name, text::dns_label(name));
        }
        if names.contains(&name) {
            errors.duplicate(&path.child("name"), name);
        }
        names.push(name);
        port_protocol(port.str("protocol"), &path.child("protocol"), errors);
        if port.has("appProtocol") {
            meta::label_name(port.str("appProtocol"), &path.child("appProtocol"), errors);
        }
    }
    for (at, endpoint) in object.list("endpoints").iter().enumerate() {
        slice_endpoint(endpoint, kind, &Path::new("endpoints").index(at), errors);
    }
}

fn slice_endpoint(endpoint: &Tree, kind: &str, path: &Path, errors: &mut Errors) {
    let (addresses, place) = (endpoint.list("addresses"), path.child("addresses"));
    if addresses.is_empty() {
        errors.required(&place, "must contain at least 1 address");
    } else if addresses.len() > 100 {
        errors.too_many(&place, addresses.len(), 100);
    }
    for (at, address) in addresses.iter().enumerate() {
        let (address, path) = (address.text(), place.index(at));
        let before = errors.len();
        match kind {
            "IPv4" => ip::legacy(address, &path, errors),
            "IPv6" => ip::strict(address, &path, errors),
            _ => continue,
        }
        if errors.len() == before {
            let is_six = address.contains(':');
            if (kind == "IPv6") != is_six {
                errors.invalid(&place, address, &format!("must be an {kind} address"));
            }
            ip::endpoint(address, &path, errors);
        }
    }
    for (field, rule) in [("nodeName", text::dns_subdomain as meta::NameRule), ("hostname", text::dns_label)]
    {
        if endpoint.has(field) {
            let name = endpoint.str(field);
            errors.invalid_each(&path.child(field), name, rule(name));
        }
    }
}
