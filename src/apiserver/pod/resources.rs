//! Requests, limits and claims of resources, and what resources are called.
//!
//! Source: `validateResourceRequirements` and `pkg/apis/core/helper/helpers.go`.

use std::cmp::Ordering;

use crate::apiserver::error::{Bad, Errors, Path};
use crate::apiserver::text;
use crate::apiserver::tree::Tree;
use crate::kubernetes::Quantity;

use super::whole::Pod;

/// The resources that are measured.
const MEASURED: [&str; 11] = [
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "storage",
    "requests.storage",
];

/// The resources that are counted.
const COUNTED: [&str; 9] = [
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
];

/// Whether it is a resource of Kubernetes' own, without a domain.
fn is_standard(name: &str) -> bool {
    MEASURED.contains(&name) || COUNTED.contains(&name)
}

/// Whether the amount is below zero.
pub fn is_negative(amount: &str) -> bool {
    compare(amount, "0") == Ordering::Less
}

/// Whether the amount is zero or not there.
pub fn is_zero_amount(amount: &str) -> bool {
    amount.is_empty() || compare(amount, "0") == Ordering::Equal
}

/// How one amount stands to another; what is no amount was refused before.
pub fn compare(a: &str, b: &str) -> Ordering {
    match (Quantity::parse(a), Quantity::parse(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => Ordering::Equal,
    }
}

/// Whether the amount has thousandths: `MilliValue() % 1000 != 0`.
pub fn is_fractional(amount: &str) -> bool {
    let Some(quantity) = Quantity::parse(amount) else { return false };
    Quantity::parse(&quantity.ceil().to_string()).is_some_and(|whole| whole != quantity)
}

fn is_huge(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// Go: `IsNativeResource`
pub fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// Go: `IsOvercommitAllowed`
pub fn allows_overcommit(name: &str) -> bool {
    is_native(name) && !is_huge(name)
}

/// Go: `IsExtendedResourceName`
fn is_extended(name: &str, errors: &Errors) -> bool {
    !is_native(name)
        && !name.starts_with("requests.")
        && text::qualified_name(&format!("requests.{name}"), errors.minor()).is_empty()
}

/// Whether a quota may hold the resource.
///
/// Go: `IsStandardQuotaResourceName`
pub fn is_quota_resource(name: &str) -> bool {
    (is_standard(name) && name != "storage") || is_huge(name) || name.starts_with("requests.hugepages-")
}

/// Go: `validateResourceName`; gives whether the name is good.
pub fn resource_name(name: &str, path: &Path, errors: &mut Errors) -> bool {
    let before = errors.len();
    for why in text::qualified_name(name, errors.minor()) {
        errors.invalid(path, shown(name, errors), &why);
    }
    let is_standard = is_standard(name) || is_huge(name) || name.starts_with("requests.hugepages-");
    if errors.len() == before && !name.contains('/') && !is_standard {
        errors.invalid(path, shown(name, errors), "must be a standard resource type or fully qualified");
    }
    errors.len() == before
}

/// A name of a resource as errors show it: without quotes before 1.34.
fn shown<'a>(name: &str, errors: &Errors) -> Bad<'a> {
    if errors.since(34) { Bad::Raw(crate::go::strconv::quote(name)) } else { Bad::Raw(name.to_owned()) }
}

/// Go: `ValidateContainerResourceName`
pub fn container_resource_name(name: &str, path: &Path, errors: &mut Errors) {
    resource_name(name, path, errors);
    let is_standard = matches!(name, "cpu" | "memory" | "ephemeral-storage") || is_huge(name);
    if !name.contains('/') {
        if !is_standard {
            errors.invalid(path, shown(name, errors), "must be a standard resource for containers");
        }
    } else if !is_native(name) && !is_extended(name, errors) {
        errors.invalid(path, shown(name, errors), "doesn't follow extended resource name standard");
    }
}

/// Go: `ValidateResourceQuantityValue`
pub fn amount(resource: &str, amount: &str, path: &Path, errors: &mut Errors) {
    if is_negative(amount) {
        errors.invalid(path, amount, "must be greater than or equal to 0");
    }
    if (COUNTED.contains(&resource) || is_extended(resource, errors)) && is_fractional(amount) {
        errors.invalid(path, amount, "must be an integer");
    }
}

/// Go: `validateResourceQuantityHugePageValue`
fn huge_pages(resource: &str, amount: &str, path: &Path, errors: &mut Errors) {
    let size = resource.strip_prefix("hugepages-").and_then(Quantity::parse);
    let is_divisible = match (size, Quantity::parse(amount)) {
        (Some(size), Some(amount)) => {
            let whole = size.ceil() > 0 && !is_fractional(&size.canonical());
            whole && amount.ceil() % size.ceil() == 0
        }
        _ => false,
    };
    if !is_divisible {
        errors.invalid(path, amount, &format!("{amount} is not positive integer multiple of {resource}"));
    }
}

/// Go: `ValidateContainerResourceRequirements`
pub fn container(requirements: &Tree, claims: &[&str], path: &Path, errors: &mut Errors) {
    requirements_with(requirements, claims, container_resource_name, path, errors);
}

type NameCheck = fn(&str, &Path, &mut Errors);

/// Go: `validateResourceRequirements`
fn requirements_with(tree: &Tree, claims: &[&str], name: NameCheck, path: &Path, errors: &mut Errors) {
    let (limits, requests) = (path.child("limits"), path.child("requests"));
    let (mut has_compute, mut has_huge) = (false, false);
    for (resource, value) in tree.map("limits") {
        let (value, path) = (value.text(), limits.key(resource));
        name(resource, &path, errors);
        amount(resource, value, &path, errors);
        if is_huge(resource) {
            has_huge = true;
            huge_pages(resource, value, &path, errors);
        }
        has_compute |= matches!(resource.as_str(), "cpu" | "memory");
    }
    for (resource, value) in tree.map("requests") {
        let (value, path) = (value.text(), requests.key(resource));
        name(resource, &path, errors);
        amount(resource, value, &path, errors);
        let limit = tree.get("limits").get(resource);
        if !limit.is_null() {
            let limit = limit.text();
            let order = compare(value, limit);
            if order != Ordering::Equal && !allows_overcommit(resource) {
                let words = format!("must be equal to {resource} limit of {limit}");
                errors.invalid(&requests, value, &words);
            } else if order == Ordering::Greater {
                let words = format!("must be less than or equal to {resource} limit of {limit}");
                errors.invalid(&requests, value, &words);
            }
        } else if !allows_overcommit(resource) {
            errors.required(&limits, "Limit must be set for non overcommitable resources");
        }
        if is_huge(resource) {
            has_huge = true;
            huge_pages(resource, value, &path, errors);
        }
        has_compute |= matches!(resource.as_str(), "cpu" | "memory");
    }
    if has_huge && !has_compute {
        errors.forbidden(path, "HugePages require cpu or memory");
    }
    if errors.since(34) {
        claim_names(tree.list("claims"), claims, &path.child("claims"), errors);
    }
}

/// Go: `validateResourceClaimNames`
fn claim_names(claims: &[Tree], known: &[&str], path: &Path, errors: &mut Errors) {
    let mut names: Vec<String> = Vec::new();
    for (at, claim) in claims.iter().enumerate() {
        let path = path.index(at);
        let (name, request) = (claim.str("name"), claim.str("request"));
        if name.is_empty() {
            errors.required(&path, "");
            continue;
        }
        if names.iter().any(|known| known == name) {
            errors.duplicate(&path, name);
        } else {
            let mut key = name.to_owned();
            if !request.is_empty() {
                errors.invalid_each(&path.child("request"), request, text::dns_label(request));
                key = format!("{name}/{request}");
            }
            let is_whole_of_part = request.is_empty()
                && names.iter().any(|known| known.split_once('/').is_some_and(|(claim, _)| claim == name));
            if names.contains(&key) {
                errors.duplicate(&path, &key);
            } else if is_whole_of_part {
                errors.duplicate(&path, name);
            }
            names.push(key);
        }
        if !known.contains(&name) {
            let mut sorted = known.to_vec();
            sorted.sort_unstable();
            let which = if sorted.is_empty() {
                " which is empty".to_owned()
            } else {
                format!(": {}", sorted.join(", "))
            };
            errors.not_found(
                &path,
                name,
                &format!("must be one of the names in pod.spec.resourceClaims{which}"),
            );
        }
    }
}

/// Go: `validatePodResourceClaims`
pub fn pod_claims(pod: &Pod, path: &Path, errors: &mut Errors) {
    if !errors.since(34) {
        return;
    }
    let mut names = Vec::new();
    for (at, claim) in pod.spec.list("resourceClaims").iter().enumerate() {
        let path = path.index(at);
        let name = claim.str("name");
        if name.is_empty() {
            errors.required(&path.child("name"), "");
        } else if names.contains(&name) {
            errors.duplicate(&path.child("name"), name);
        } else {
            errors.invalid_each(&path.child("name"), name, text::dns_label(name));
            names.push(name);
        }
        let fields = ["resourceClaimName", "resourceClaimTemplateName"];
        let bad = || Bad::Typed(claim, "core.PodResourceClaim");
        match fields.map(|field| claim.has(field)) {
            [true, true] => {
                let words =
                    "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified";
                errors.invalid(&path, bad(), words);
            }
            [false, false] => {
                let words = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`";
                errors.invalid(&path, bad(), words);
            }
            _ => {}
        }
        for field in fields {
            if claim.has(field) {
                let name = claim.str(field);
                errors.invalid_each(&path.child(field), name, text::dns_subdomain(name));
            }
        }
    }
}

fn pod_resource_name(name: &str, path: &Path, errors: &mut Errors) {
    if resource_name(name, path, errors) && !matches!(name, "cpu" | "memory") && !is_huge(name) {
        errors.not_supported(path, name, &["cpu", "hugepages-", "memory"]);
    }
}

/// Go: `validatePodResources`
pub fn pod_level(pod: &Pod, path: &Path, errors: &mut Errors) {
    let tree = pod.spec.get("resources");
    let path = path.child("resources");
    if tree.is_null() {
        return;
    }
    if pod.spec.get("os").str("name") == "windows" {
        return errors.forbidden(&path, "may not be set for a windows pod");
    }
    if tree.has("claims") {
        errors.forbidden(&path.child("claims"), "claims may not be set for Resources at pod-level");
    }
    requirements_with(tree, &pod.claims(), pod_resource_name, &path, errors);
    for (at, container) in pod.spec.list("containers").iter().enumerate() {
        for (resource, limit) in container.get("resources").map("limits") {
            let whole = tree.get("limits").get(resource);
            if !whole.is_null() && compare(limit.text(), whole.text()) == Ordering::Greater {
                let path = path.child("containers").index(at).key(resource).child("limits");
                let words = format!("must be less than or equal to pod limits of {}", whole.text());
                errors.invalid(&path, limit.text(), &words);
            }
        }
    }
}
