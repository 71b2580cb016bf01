//! Nodes and what a driver of storage says of one, and pods bound to them.
//!
//! Source: `ValidateNode` and `ValidatePodBinding` in `pkg/apis/core/validation/validation.go` of k8s.io/kubernetes,
//! `ValidateCSINode` in `pkg/apis/storage/validation/validation.go`.

use crate::go::strconv::quote;

use super::error::{Bad, Errors, Path};
use super::pod::scheduling::taint_effect;
use super::pod::{resources, volume_source};
use super::tree::Tree;
use super::{ip, meta, text};

/// How long the name of a node may be to a driver.
const LONGEST_ID: usize = 192;
/// The first minor that keeps the features that a node declares.
const DECLARES: u32 = 36;

/// Go: `ValidateNode`
pub fn node(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    let (spec, status) = (object.get("spec"), object.get("status"));
    taints(spec.list("taints"), &Path::new("metadata").child("taints"), errors);
    for field in ["capacity", "allocatable"] {
        for (name, amount) in status.map(field) {
            let path = Path::new("status").child(field).child(name);
            resources::amount(name, amount.text(), &path, errors);
        }
    }
    if errors.since(DECLARES) {
        features(status.list("declaredFeatures"), &Path::new("status").child("declaredFeatures"), errors);
    }
    ranges(spec, errors);
}

/// Go: `validateNodeTaints`
fn taints(taints: &[Tree], path: &Path, errors: &mut Errors) {
    let minor = errors.minor();
    for (at, taint) in taints.iter().enumerate() {
        let path = path.index(at);
        let [key, value, effect] = ["key", "value", "effect"].map(|field| taint.str(field));
        meta::label_name(key, &path.child("key"), errors);
        let wrong = text::label_value(value, minor);
        if !wrong.is_empty() {
            errors.invalid(&path.child("value"), value, &wrong.join(";"));
        }
        match effect {
            "" => errors.required(&path.child("effect"), ""),
            _ => taint_effect(effect, &path.child("effect"), errors),
        }
        let is_same = |other: &Tree| other.str("key") == key && other.str("effect") == effect;
        if taints[..at].iter().any(is_same) {
            let words = "taints must be unique by key and effect pair";
            errors.duplicate_with(&path, Bad::Raw(shown_taint(taint, errors)), words);
        }
    }
}

/// A taint as the server prints its own type.
fn shown_taint(taint: &Tree, errors: &Errors) -> String {
    let [key, value, effect] = ["key", "value", "effect"].map(|field| quote(taint.str(field)));
    match errors.since(34) {
        true => format!("{{\"Key\":{key},\"Value\":{value},\"Effect\":{effect},\"TimeAdded\":null}}"),
        false => format!("core.Taint{{Key:{key}, Value:{value}, Effect:{effect}, TimeAdded:<nil>}}"),
    }
}

/// Go: `Convert_v1_NodeSpec_To_core_NodeSpec`: the one range counts where the first of the list is another.
pub fn ranges_of_node(node: &mut Tree, _errors: &mut Errors) {
    let Some(spec) = node.get_mut("spec") else { return };
    let range = spec.get("podCIDR").clone();
    if !range.text().is_empty() && spec.list("podCIDRs").first() != Some(&range) {
        spec.set("podCIDRs", Tree::List(vec![range]));
    }
}

/// Go: `validateNodeDeclaredFeatures`
fn features(features: &[Tree], path: &Path, errors: &mut Errors) {
    const FORM: &str = "must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes";
    let is_word = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic()) && part.chars().all(|c| c.is_ascii_alphanumeric())
    };
    for (at, feature) in features.iter().map(Tree::text).enumerate() {
        let is_good =
            feature.starts_with(|c: char| c.is_ascii_uppercase()) && feature.split('/').all(is_word);
        let why = match feature.len() > 253 {
            true => Some("must be no more than 253 characters"),
            false => (!is_good).then_some(FORM),
        };
        if let Some(why) = why {
            let words = format!("invalid feature name {}: {why}", quote(feature));
            errors.invalid(&path.index(at), feature, &words);
        }
        let Some(next) = features.get(at + 1).map(Tree::text) else { continue };
        if feature == next {
            errors.duplicate(&path.index(at + 1), next);
        } else if feature > next {
            errors.invalid(&path.index(at + 1), next, "list must be sorted alphabetically");
        }
    }
}

fn ranges(spec: &Tree, errors: &mut Errors) {
    let (ranges, path) = (spec.list("podCIDRs"), Path::new("spec").child("podCIDRs"));
    for (at, range) in ranges.iter().enumerate() {
        ip::legacy_range(range.text(), &path.index(at), errors);
    }
    if ranges.len() < 2 {
        return;
    }
    let parsed = ranges.iter().map(|range| ip::parse_range(range.text()));
    let bad = parsed.clone().position(|range| range.is_none());
    if let Some(at) = bad {
        let words = format!(
            "invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[{at}]: <nil> (invalid CIDR address: {})",
            ranges[at].text()
        );
        errors.internal(&path, &words);
    }
    let families: Vec<bool> = parsed.flatten().map(|(address, _)| address.is_ipv4()).collect();
    let is_pair = bad.is_none() && ranges.len() == 2 && families[0] != families[1];
    if !is_pair {
        let bad = Bad::Typed(spec.get("podCIDRs"), "[]string");
        errors.invalid(&path, bad, "may specify no more than one CIDR for each IP family");
    }
}

/// Go: `ValidateCSINode`
pub fn of_drivers(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    let drivers = object.get("spec").list("drivers");
    for (at, driver) in drivers.iter().enumerate() {
        let path = Path::new("spec").child("drivers").index(at);
        let (name, id) = (driver.str("name"), driver.str("nodeID"));
        volume_source::driver_name(name, &path.child("name"), errors);
        if id.is_empty() {
            errors.required(&path.child("nodeID"), "");
        }
        if id.len() > LONGEST_ID {
            errors.invalid(&path.child("nodeID"), id, &format!("must be {LONGEST_ID} characters or less"));
        }
        let place = path.child("allocatable");
        meta::nonnegative_field(driver.get("allocatable"), "count", &place, errors);
        if drivers[..at].iter().any(|other| other.str("name") == name) {
            errors.duplicate(&path.child("name"), name);
        }
        let keys: Vec<&str> = driver.list("topologyKeys").iter().map(Tree::text).collect();
        for (at, key) in keys.iter().enumerate() {
            if key.is_empty() {
                errors.required(&path, "");
            }
            if keys[..at].contains(key) {
                errors.duplicate(&path, *key);
            }
            meta::label_name(key, &path, errors);
        }
    }
}

/// Go: `ValidatePodBinding`
pub fn binding(object: &Tree, errors: &mut Errors) {
    let (target, path) = (object.get("target"), Path::new("target"));
    let (kind, name) = (target.str("kind"), target.str("name"));
    let is_node = matches!(kind, "" | "Node");
    if !is_node {
        errors.not_supported(&path.child("kind"), kind, &["Node", "<empty>"]);
    }
    if name.is_empty() {
        errors.required(&path.child("name"), "");
    } else if is_node && errors.since(36) {
        errors.invalid_each(&path.child("name"), name, text::dns_subdomain(name));
    }
}
