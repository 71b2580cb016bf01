//! Claims on devices, templates of claims, and classes of devices.

use crate::go::strconv::quote;

use super::super::error::{Bad, Errors, Path};
use super::super::pod::volume_source::{driver_name, marked_driver_name};
use super::super::print::json_of;
use super::super::tree::Tree;
use super::super::{meta, text};
use super::{BY_MARKERS, Found, expression, names, taints, with_marks};

/// How many requests, constraints, selectors and configurations there may be.
const MOST: usize = 32;
/// How many alternatives a request may have.
const MOST_ALTERNATIVES: usize = 8;
/// How long the parameters of a driver may be.
const LONGEST_PARAMETERS: usize = 10 * 1024;

/// Go: `ValidateResourceClaim`
pub fn claim(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    with_marks(errors, |found| spec(object.get("spec"), &Path::new("spec"), found));
}

/// Go: `ValidateResourceClaimTemplate`
pub fn claim_template(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let (template, path) = (object.get("spec"), Path::new("spec"));
    meta::template_meta(template.get("metadata"), &path.child("metadata"), errors);
    with_marks(errors, |found| spec(template.get("spec"), &path.child("spec"), found));
}

/// Go: `ValidateDeviceClass`
pub fn class(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    let (spec, path) = (object.get("spec"), Path::new("spec"));
    with_marks(errors, |found| {
        selectors(spec, &path, found);
        found.items(spec.list("config"), MOST, &path.child("config"), configuration);
        let resource = spec.str("extendedResourceName");
        // Before, the field is dropped unless the server is told otherwise.
        if !spec.has("extendedResourceName") || !found.errors.since(36) {
            return;
        }
        let place = path.child("extendedResourceName");
        if found.errors.since(BY_MARKERS) {
            extended_resource(resource, &place, &mut found.marked);
        } else if !is_extended(resource, found.errors.minor()) {
            found.errors.invalid(&place, resource, "must be a valid extended resource name");
        }
    });
}

/// Go: `IsExtendedResourceName`
fn is_extended(name: &str, minor: u32) -> bool {
    let is_native = !name.contains('/') || name.contains("kubernetes.io/");
    !is_native
        && !name.starts_with("requests.")
        && text::qualified_name(&format!("requests.{name}"), minor).is_empty()
}

/// Go: `ExtendedResourceName` of k8s.io/apimachinery `pkg/api/validate`
fn extended_resource(name: &str, path: &Path, errors: &mut Errors) {
    if !name.contains('/') {
        let words = "a name must be a domain-prefixed path, such as 'example.com/my-prop'";
        errors.invalid(path, name, words);
    } else if name.contains("kubernetes.io/") {
        errors.invalid(path, name, "must not have \"kubernetes.io/\" domain");
    }
    if name.starts_with("requests.") {
        errors.invalid(path, name, "must not have \"requests.\" prefix");
    }
    let minor = errors.minor();
    errors.invalid_each(path, name, text::qualified_name(&format!("requests.{name}"), minor));
}

/// Go: `validateDeviceClaim`
fn spec(spec: &Tree, path: &Path, found: &mut Found<'_>) {
    let (devices, path) = (spec.get("devices"), path.child("devices"));
    let requests = devices.list("requests");
    let place = path.child("requests");
    if found.items(requests, MOST, &place, request) {
        found.unique(requests, "name", "resource/v1.DeviceRequest", &place);
    }
    let known = Requests(requests);
    found.items(devices.list("constraints"), MOST, &path.child("constraints"), |item, path, found| {
        constraint(item, &known, path, found);
    });
    found.items(devices.list("config"), MOST, &path.child("config"), |item, path, found| {
        references(item.list("requests"), &known, &path.child("requests"), found);
        configuration(item, path, found);
    });
}

/// The requests of a claim, by their names.
struct Requests<'a>(&'a [Tree]);

impl Requests<'_> {
    /// Whether it is the name of a request, or of one of its alternatives behind a slash.
    fn has(&self, name: &str) -> bool {
        let (first, rest) = name.split_once('/').map_or((name, None), |(first, rest)| (first, Some(rest)));
        let mut named = self.0.iter().rev().filter(|request| request.str("name") == first);
        let Some(request) = named.next() else { return false };
        rest.is_none_or(|rest| request.list("firstAvailable").iter().any(|sub| sub.str("name") == rest))
    }
}

/// Go: `validateDeviceRequest`
fn request(request: &Tree, path: &Path, found: &mut Found<'_>) {
    names::label(request.str("name"), &path.child("name"), found.errors);
    let subs = request.list("firstAvailable");
    match (subs.is_empty(), request.has("exactly")) {
        (true, false) => {
            found.errors.required(path, "exactly one of `exactly` or `firstAvailable` is required");
        }
        (false, true) => {
            let words =
                "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set";
            found.errors.invalid(path, Bad::Raw("null".to_owned()), words);
        }
        (true, true) => {
            let (exactly, path) = (request.get("exactly"), path.child("exactly"));
            names::class(exactly.str("deviceClassName"), &path.child("deviceClassName"), found.errors);
            wanted(exactly, &path, found);
        }
        (false, false) => {
            let path = path.child("firstAvailable");
            let judged = found.items(subs, MOST_ALTERNATIVES, &path, |sub, path, found| {
                names::label(sub.str("name"), &path.child("name"), found.errors);
                names::class(sub.str("deviceClassName"), &path.child("deviceClassName"), found.marked());
                wanted(sub, path, found);
            });
            if judged {
                found.unique(subs, "name", "resource/v1.DeviceSubRequest", &path);
            }
        }
    }
}

/// What a request and an alternative have in common.
fn wanted(request: &Tree, path: &Path, found: &mut Found<'_>) {
    selectors(request, path, found);
    let (count, place) = (request.int("count").unwrap_or_default(), path.child("count"));
    match request.str("allocationMode") {
        "All" if count != 0 => {
            found.errors.invalid(&place, count, "must not be specified when allocationMode is 'All'");
        }
        "All" => {}
        "ExactCount" if count <= 0 => found.errors.invalid(&place, count, "must be greater than zero"),
        "ExactCount" => {}
        other => {
            found.marked().not_supported(&path.child("allocationMode"), other, &["All", "ExactCount"]);
        }
    }
    // Before, they are dropped unless the server is told otherwise.
    if found.errors.since(36) {
        for (at, item) in request.list("tolerations").iter().enumerate() {
            taints::toleration(item, &path.child("tolerations").index(at), found);
        }
    }
}

/// Go: `validateSelectorSlice`
fn selectors(owner: &Tree, path: &Path, found: &mut Found<'_>) {
    found.items(owner.list("selectors"), MOST, &path.child("selectors"), |selector, path, found| {
        let path = path.child("cel");
        if !selector.has("cel") {
            return found.errors.required(&path, "");
        }
        let text = selector.get("cel").str("expression");
        expression::selector(text, &path.child("expression"), found.errors);
    });
}

/// Go: `validateDeviceConstraint`
fn constraint(constraint: &Tree, known: &Requests<'_>, path: &Path, found: &mut Found<'_>) {
    references(constraint.list("requests"), known, &path.child("requests"), found);
    let has_distinct = found.errors.since(36);
    for field in ["matchAttribute", "distinctAttribute"] {
        if constraint.has(field) && (has_distinct || field == "matchAttribute") {
            return names::fully_qualified(constraint.str(field), &path.child(field), found.marked());
        }
    }
    let words = format!(
        "exactly one of {} or {} is required, but multiple fields are set",
        quote("matchAttribute"),
        quote("distinctAttribute")
    );
    match has_distinct {
        true => found.errors.required(path, &words),
        false => found.errors.required(&path.child("matchAttribute"), ""),
    }
}

/// Go: `validateRequestNameRef` of each
fn references(references: &[Tree], known: &Requests<'_>, path: &Path, found: &mut Found<'_>) {
    let judged = found.items(references, MOST, path, |reference, path, found| {
        const WORDS: &str =
            "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
        let name = reference.text();
        if name.matches('/').count() > 1 {
            return found.errors.invalid(path, name, WORDS);
        }
        for part in name.split('/') {
            names::label(part, path, found.errors);
        }
        if !known.has(name) {
            found.errors.invalid(path, name, WORDS);
        }
    });
    if judged {
        found.unique(references, "", "", path);
    }
}

/// Go: `validateDeviceConfiguration`
fn configuration(config: &Tree, path: &Path, found: &mut Found<'_>) {
    let path = path.child("opaque");
    if !config.has("opaque") {
        return found.errors.required(&path, "");
    }
    let opaque = config.get("opaque");
    match found.errors.since(BY_MARKERS) {
        true => marked_driver_name(opaque.str("driver"), &path.child("driver"), &mut found.marked),
        false => driver_name(opaque.str("driver"), &path.child("driver"), found.errors),
    }
    let (parameters, place) = (opaque.get("parameters"), path.child("parameters"));
    match parameters {
        Tree::Null => found.errors.required(&place, ""),
        _ if json_of(parameters).len() > LONGEST_PARAMETERS => {
            found.errors.too_long(&place, LONGEST_PARAMETERS);
        }
        Tree::Map(_) => {}
        _ => found.errors.invalid(&place, "<value omitted>", "must be a valid JSON object"),
    }
}
