//! Taints of devices, who tolerates them, and rules that taint.

use super::super::error::{Errors, Path};
use super::super::pod::volume_source::driver_name;
use super::super::tree::Tree;
use super::super::{meta, text};
use super::{Found, names, with_marks};

fn effects(errors: &Errors) -> &'static [&'static str] {
    if errors.since(35) { &["NoExecute", "NoSchedule", "None"] } else { &["NoExecute", "NoSchedule"] }
}

/// Go: `ValidateDeviceTaintRule`
pub fn rule(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    let (spec, path) = (object.get("spec"), Path::new("spec"));
    let (selector, place) = (spec.get("deviceSelector"), path.child("deviceSelector"));
    if selector.has("driver") {
        driver_name(selector.str("driver"), &place.child("driver"), errors);
    }
    if selector.has("pool") {
        names::pool(selector.str("pool"), &place.child("pool"), errors);
    }
    if selector.has("device") {
        names::label(selector.str("device"), &place.child("device"), errors);
    }
    with_marks(errors, |found| taint(spec.get("taint"), &path.child("taint"), found));
}

/// Go: `validateDeviceTaint`
pub fn taint(taint: &Tree, path: &Path, found: &mut Found<'_>) {
    meta::label_name(taint.str("key"), &path.child("key"), found.errors);
    if !taint.str("value").is_empty() {
        names::label_value(taint.str("value"), &path.child("value"), found.errors);
    }
    let known = effects(found.errors);
    match taint.str("effect") {
        "" => found.marked().required(&path.child("effect"), ""),
        effect if !known.contains(&effect) => {
            found.marked().not_supported(&path.child("effect"), effect, known);
        }
        _ => {}
    }
}

/// Go: `validateDeviceToleration`
pub fn toleration(toleration: &Tree, path: &Path, found: &mut Found<'_>) {
    let [key, operator, value, effect] =
        ["key", "operator", "value", "effect"].map(|field| toleration.str(field));
    if !key.is_empty() {
        meta::label_name(key, &path.child("key"), found.marked());
    }
    match operator {
        "Exists" if !value.is_empty() => {
            let words = "must be empty for operator `Exists`";
            found.errors.invalid(&path.child("value"), value, words);
        }
        "Exists" => {}
        "Equal" => names::label_value(value, &path.child("value"), found.errors),
        "" => found.marked().required(&path.child("operator"), ""),
        other => found.marked().not_supported(&path.child("operator"), other, &["Equal", "Exists"]),
    }
    let known = effects(found.errors);
    if !effect.is_empty() && !known.contains(&effect) {
        found.marked().not_supported(&path.child("effect"), effect, known);
    }
}
