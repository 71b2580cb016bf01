//! Addresses that were given away and the ranges that they come from, and moves of what is stored.
//!
//! Source: `pkg/apis/networking/validation/validation.go`, `pkg/apis/storagemigration/validation/validation.go` of
//! k8s.io/kubernetes.

use super::error::{Bad, Errors, Path};
use super::print::json_of;
use super::tree::Tree;
use super::{ip, meta, text};

/// Go: `ValidateIPAddress`
pub fn address(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, ip::faults, errors);
    let (parent, path) = (object.get("spec").get("parentRef"), Path::new("spec").child("parentRef"));
    if parent.is_null() {
        return errors.required(&path, "");
    }
    let group = parent.str("group");
    if !group.is_empty() {
        errors.invalid_each(&path.child("group"), group, text::dns_subdomain(group));
    }
    for field in ["resource", "name", "namespace"] {
        let (value, path) = (parent.str(field), path.child(field));
        if value.is_empty() && field != "namespace" {
            errors.required(&path, "");
        }
        errors.invalid_each(&path, value, text::path_segment(value));
    }
}

/// Go: `ValidateServiceCIDR`
pub fn range(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    let (spec, path) = (object.get("spec"), Path::new("spec").child("cidrs"));
    let ranges = spec.list("cidrs");
    if ranges.is_empty() {
        return errors.required(&path, "at least one CIDR required");
    }
    if ranges.len() > 2 {
        let bad = Bad::Raw(format!("{{\"CIDRs\":{}}}", json_of(spec.get("cidrs"))));
        return errors.invalid(&path, bad, "may only hold up to 2 values");
    }
    for (at, range) in ranges.iter().enumerate() {
        ip::strict_range(range.text(), &path.index(at), errors);
    }
    let families: Vec<bool> =
        ranges.iter().filter_map(|range| Some(ip::parse_range(range.text())?.0.is_ipv4())).collect();
    if let [first, second] = families[..]
        && first == second
    {
        let bad = Bad::Typed(spec.get("cidrs"), "[]string");
        let words =
            "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64";
        errors.invalid(&path, bad, words);
    }
}

/// Go: `ValidateStorageVersionMigration`
pub fn migration(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    let (resource, path) = (object.at(&["spec", "resource"]), Path::new("spec").child("resource"));
    let (name, group) = (resource.str("resource"), resource.str("group"));
    let mut judge = |field: &str, value: &str, wrong: Vec<String>| {
        if !wrong.is_empty() {
            errors.invalid(&path.child(field), value, &wrong.join(","));
        }
    };
    if !name.is_empty() {
        judge("resource", name, text::dns_1035_label(name));
    }
    if !group.is_empty() {
        judge("group", group, text::dns_subdomain(group));
    }
    if name.is_empty() {
        errors.required(&path.child("resource"), "resource is required to be set");
    }
}
