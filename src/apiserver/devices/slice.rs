//! Slices of devices: what a driver offers on one node or on several.

use std::collections::HashSet;

use super::super::error::{Bad, Errors, Path};
use super::super::pod::scheduling::node_selector;
use super::super::pod::volume_source::driver_name;
use super::super::print::versioned_json;
use super::super::tree::Tree;
use super::super::warnings::Warnings;
use super::super::{meta, text};
use super::{BY_MARKERS, Found, capacity, item_path, names, taints, with_marks};

const MOST_DEVICES: usize = 128;
/// How many there may be where they have taints or counters.
const MOST_SPECIAL: usize = 64;
const MOST_COUNTER_SETS: usize = 8;
const MOST_CONSUMED_SETS: usize = 2;
const MOST_COUNTERS: usize = 32;
const MOST_TAINTS: usize = 16;
const MOST_CONDITIONS: usize = 4;
/// How many attributes and capacities a device may have.
const MOST_ATTRIBUTES: usize = 32;
/// How long the value of an attribute may be.
const LONGEST_VALUE: usize = 64;
/// How many characters of a key are shown.
const LONGEST_KEY: usize = 63 + 1 + 32;

/// Go: `ValidateResourceSlice`
pub fn slice(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    with_marks(errors, |found| spec(object.get("spec"), &Path::new("spec"), found));
}

/// Go: `WarningsOnCreate` of the strategy
pub fn warn(object: &Tree, warnings: &mut Warnings) {
    let driver = object.get("spec").str("driver");
    if driver != driver.to_lowercase() {
        let words = format!(
            "driver names should be lowercase; {} contains uppercase characters",
            crate::go::strconv::quote(driver)
        );
        warnings.at(&Path::new("spec").child("driver"), &words);
    }
}

fn spec(spec: &Tree, path: &Path, found: &mut Found<'_>) {
    driver_name(spec.str("driver"), &path.child("driver"), found.errors);
    pool(spec.get("pool"), &path.child("pool"), found.errors);
    which_nodes(spec, path, found.errors);
    let (devices, counters) = (spec.list("devices"), spec.list("sharedCounters"));
    if spec.has("sharedCounters") && spec.has("devices") {
        found.errors.invalid(path, "", "only one of `sharedCounters` or `devices` is allowed");
    }
    let is_special =
        |device: &Tree| !device.list("taints").is_empty() || !device.list("consumesCounters").is_empty();
    let most = if devices.iter().any(is_special) { MOST_SPECIAL } else { MOST_DEVICES };
    let place = path.child("devices");
    if devices.len() > most {
        found.errors.too_many(&place, devices.len(), most);
    } else {
        for (at, item) in devices.iter().enumerate() {
            device(item, spec, &place.index(at), found);
        }
        let mut seen = HashSet::new();
        for (at, device) in devices.iter().enumerate() {
            if !seen.insert(device.str("name")) {
                found.errors.duplicate(&item_path(&place, at, "name", found.errors), device.str("name"));
            }
        }
    }
    let place = path.child("sharedCounters");
    let judged = found.items(counters, MOST_COUNTER_SETS, &place, |set, path, found| {
        names::required_label(set.str("name"), &path.child("name"), found.marked());
        counter_map(set, path, found);
    });
    if judged {
        found.unique(counters, "name", "resource/v1.CounterSet", &place);
    }
}

/// Go: `validateResourcePool`
fn pool(pool: &Tree, path: &Path, errors: &mut Errors) {
    names::pool(pool.str("name"), &path.child("name"), errors);
    let [count, generation] =
        ["resourceSliceCount", "generation"].map(|field| pool.int(field).unwrap_or_default());
    if count <= 0 {
        errors.invalid(&path.child("resourceSliceCount"), count, "must be greater than zero");
    }
    if generation < 0 {
        errors.invalid(&path.child("generation"), generation, "must be greater than or equal to zero");
    }
}

/// A flag that may only be true.
fn only_true(tree: &Tree, field: &str, path: &Path, errors: &mut Errors) -> bool {
    if tree.bool(field) == Some(false) {
        errors.invalid(&path.child(field), false, "must be either unset or set to true");
    }
    tree.is(field)
}

/// Judges `nodeName`, and says whether a node is named; an empty name is wrong in these words.
fn names_node(tree: &Tree, empty: &str, path: &Path, errors: &mut Errors) -> bool {
    if !tree.has("nodeName") {
        return false;
    }
    let (name, path) = (tree.str("nodeName"), path.child("nodeName"));
    if name.is_empty() {
        errors.invalid(&path, name, empty);
        return false;
    }
    errors.invalid_each(&path, name, text::dns_subdomain(name));
    true
}

fn which_nodes(spec: &Tree, path: &Path, errors: &mut Errors) {
    const WORDS: &str =
        "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
    let mut set = Vec::new();
    if names_node(spec, "must be either unset or set to a non-empty string", path, errors) {
        set.push("`nodeName`");
    }
    if spec.has("nodeSelector") {
        set.push("`nodeSelector`");
        let (selector, path) = (spec.get("nodeSelector"), path.child("nodeSelector"));
        node_selector(selector, &path, errors);
        let terms = selector.get("nodeSelectorTerms");
        if terms.items().len() != 1 {
            let bad = Bad::Typed(terms, "[]core.NodeSelectorTerm");
            errors.invalid(&path.child("nodeSelectorTerms"), bad, "must have exactly one node selector term");
        }
    }
    if only_true(spec, "allNodes", path, errors) {
        set.push("`allNodes`");
    }
    if only_true(spec, "perDeviceNodeSelection", path, errors) {
        set.push("`perDeviceNodeSelection`");
    }
    match set.len() {
        0 => errors.required(path, WORDS),
        1 => {}
        _ => {
            let words = format!("{WORDS}, but multiple fields are set");
            errors.invalid(path, &format!("{{{}}}", set.join(", ")), &words);
        }
    }
}

/// Go: `validateDevice`
fn device(device: &Tree, spec: &Tree, path: &Path, found: &mut Found<'_>) {
    names::label(device.str("name"), &path.child("name"), found.errors);
    let (attributes, capacities) = (device.map("attributes"), device.map("capacity"));
    let count = attributes.len() + capacities.len();
    if count > MOST_ATTRIBUTES {
        let words =
            format!("the total number of attributes and capacities must not exceed {MOST_ATTRIBUTES}");
        found.errors.invalid(path, count as i64, &words);
    }
    for (key, value) in attributes {
        let place = path.child("attributes");
        let at_key = place.key(&shortened(key, LONGEST_KEY));
        names::qualified(key, if found.errors.since(36) { &place } else { &at_key }, found.errors);
        attribute(value, &at_key, found);
    }
    for (key, value) in capacities {
        let place = path.child("capacity");
        let at_key = place.key(&shortened(key, LONGEST_KEY));
        names::qualified(key, if found.errors.since(36) { &place } else { &at_key }, found.errors);
        let path = at_key.child("requestPolicy");
        if value.has("requestPolicy") && device.is("allowMultipleAllocations") {
            let most = Some(value.str("value")).filter(|most| !most.is_empty()).unwrap_or("0");
            capacity::policy(most, value.get("requestPolicy"), &path, found.errors);
        } else if value.has("requestPolicy") {
            found.errors.forbidden(&path, "allowMultipleAllocations must be true");
        }
    }
    let (items, place) = (device.list("taints"), path.child("taints"));
    if items.len() > MOST_TAINTS {
        found.errors.too_many(&place, items.len(), MOST_TAINTS);
    } else {
        for (at, item) in items.iter().enumerate() {
            taints::taint(item, &place.index(at), found);
        }
    }
    let (consumed, place) = (device.list("consumesCounters"), path.child("consumesCounters"));
    let judged = found.items(consumed, MOST_CONSUMED_SETS, &place, |set, path, found| {
        names::required_label(set.str("counterSet"), &path.child("counterSet"), found.marked());
        counter_map(set, path, found);
    });
    if judged {
        found.unique(consumed, "counterSet", "resource/v1.DeviceCounterConsumption", &place);
    }
    own_nodes(device, spec.is("perDeviceNodeSelection"), path, found.errors);
    binding(device, path, found);
}

/// The counters of a set, which must have some.
fn counter_map(set: &Tree, path: &Path, found: &mut Found<'_>) {
    let (counters, path) = (set.map("counters"), path.child("counters"));
    if counters.is_empty() {
        return found.marked().required(&path, "");
    }
    if counters.len() > MOST_COUNTERS {
        return found.errors.too_many(&path, counters.len(), MOST_COUNTERS);
    }
    for (key, _) in counters {
        names::label(key, &path, found.marked());
    }
}

/// Go: `truncateIfTooLong`
fn shortened(key: &str, most: usize) -> String {
    if key.len() <= most {
        return key.to_owned();
    }
    let kept = most - 3;
    let bytes = key.as_bytes();
    let (head, tail) = (&bytes[..kept.div_ceil(2)], &bytes[key.len() - kept / 2..]);
    format!("{}...{}", String::from_utf8_lossy(head), String::from_utf8_lossy(tail))
}

/// Go: `validateDeviceAttribute`; what is a list was dropped before.
fn attribute(attribute: &Tree, path: &Path, found: &mut Found<'_>) {
    if attribute.has("string") && attribute.str("string").len() > LONGEST_VALUE {
        found.errors.too_long(&path.child("string"), LONGEST_VALUE);
    }
    if attribute.has("version") {
        let (version, path) = (attribute.str("version"), path.child("version"));
        if !capacity::is_semver(version) {
            let words = "must be a string compatible with semver.org spec 2.0.0";
            found.errors.invalid(&path, version, words);
        }
        if version.len() > LONGEST_VALUE {
            found.errors.too_long(&path, LONGEST_VALUE);
        }
    }
    let fields: Vec<&str> =
        ["int", "bool", "string", "version"].into_iter().filter(|f| attribute.has(f)).collect();
    let by_markers = found.errors.since(BY_MARKERS);
    match fields.len() {
        0 if by_markers => {
            let words = "must specify one of: `int`, `bool`, `string`, `version`, `ints`, `bools`, `strings`, `versions`";
            found.marked().invalid(path, "", words);
        }
        0 if found.errors.since(36) => found.errors.invalid(path, "", "exactly one value must be specified"),
        0 => found.errors.required(path, "exactly one value must be specified"),
        1 => {}
        _ if by_markers => {
            let shown: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
            let words = "must specify exactly one of: `int`, `bool`, `string`, `version`, `ints`, `bools`, `strings`, `versions`";
            found.marked().invalid(path, Bad::Raw(format!("{{{}}}", shown.join(", "))), words);
        }
        _ => {
            let shown = versioned_json(found.errors.known, attribute, "resource/v1.DeviceAttribute");
            found.errors.invalid(path, Bad::Raw(shown), "exactly one value must be specified");
        }
    }
}

fn own_nodes(device: &Tree, is_wanted: bool, path: &Path, errors: &mut Errors) {
    const WORDS: &str = "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
    let fields = ["nodeName", "nodeSelector", "allNodes"];
    if !is_wanted {
        if fields.iter().any(|field| device.has(field)) {
            let words = "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
            errors.invalid(path, Bad::Raw("null".to_owned()), words);
        }
        return;
    }
    let mut set = Vec::new();
    if names_node(device, "must not be empty", path, errors) {
        set.push("`nodeName`");
    }
    if device.has("nodeSelector") {
        set.push("`nodeSelector`");
        node_selector(device.get("nodeSelector"), &path.child("nodeSelector"), errors);
    }
    if only_true(device, "allNodes", path, errors) {
        set.push("`allNodes`");
    }
    match set.len() {
        0 => errors.required(path, WORDS),
        1 => {}
        _ => errors.invalid(path, &format!("{{{}}}", set.join(", ")), WORDS),
    }
}

/// Go: `validateDeviceBindingParameters`
fn binding(device: &Tree, path: &Path, found: &mut Found<'_>) {
    let fields = ["bindingConditions", "bindingFailureConditions"];
    for field in fields {
        found.items(device.list(field), MOST_CONDITIONS, &path.child(field), |condition, path, found| {
            meta::label_name(condition.text(), path, found.errors);
        });
    }
    let bound: Vec<&str> = device.list(fields[0]).iter().map(Tree::text).collect();
    for field in fields {
        let conditions = device.list(field);
        let mut seen = HashSet::new();
        for (at, condition) in conditions.iter().map(Tree::text).enumerate() {
            let path = path.child(field).index(at);
            if !seen.insert(condition) {
                found.errors.duplicate(&path, condition);
            }
            if field == fields[1] && bound.contains(&condition) {
                let words = "bindingFailureConditions must not overlap with bindingConditions";
                found.errors.invalid(&path, condition, words);
            }
        }
    }
    let has = fields.map(|field| !device.list(field).is_empty());
    for (own, other) in [(0, 1), (1, 0)] {
        if !has[own] && has[other] {
            let (field, other) = (fields[own], fields[other]);
            let bad = Bad::Typed(device.get(field), "[]string");
            found.errors.invalid(&path.child(field), bad, &format!("{field} are required to use {other}"));
        }
    }
}
