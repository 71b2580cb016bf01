//! Fields of slices that a server drops unless it is told otherwise, by the minor that turned each on.
//!
//! Source: `dropDisabledFields` in `pkg/registry/resource/resourceslice/strategy.go`, and the gates in `pkg/features`.

use super::super::error::Errors;
use super::super::tree::Tree;

/// The minor that keeps taints, counters, devices on nodes of their own, conditions of binding and shared capacity.
const KEEPS: u32 = 36;

/// Of the whole slice: those that come with [`KEEPS`], and those that no minor keeps yet.
const OF_SLICE: [&str; 2] = ["sharedCounters", "perDeviceNodeSelection"];
const NEVER_OF_SLICE: [&str; 2] = ["partitionTypeAttribute", "skipNodeOperations"];
const OF_DEVICE: [&str; 9] = [
    "taints",
    "consumesCounters",
    "nodeName",
    "nodeSelector",
    "allNodes",
    "bindingConditions",
    "bindingFailureConditions",
    "bindsToNode",
    "allowMultipleAllocations",
];
const NEVER_OF_DEVICE: [&str; 2] = ["nodeAllocatableResources", "nodeAllocatableResourceMappings"];
const LISTS: [&str; 4] = ["ints", "bools", "strings", "versions"];

/// Drops what the server of the minor drops.
pub fn slice(object: &mut Tree, errors: &mut Errors) {
    let is_kept = errors.since(KEEPS);
    let fields = |own: &[&'static str], never: &[&'static str]| {
        own.iter().filter(|_| !is_kept).chain(never).copied().collect::<Vec<_>>()
    };
    let of_device = fields(&OF_DEVICE, &NEVER_OF_DEVICE);
    let Some(spec) = object.get_mut("spec") else { return };
    for field in fields(&OF_SLICE, &NEVER_OF_SLICE) {
        spec.remove(field);
    }
    for device in spec.list_mut("devices") {
        for field in &of_device {
            device.remove(field);
        }
        for (_, attribute) in entries_mut(device, "attributes") {
            for field in LISTS {
                attribute.remove(field);
            }
        }
        for (_, capacity) in entries_mut(device, "capacity") {
            if !is_kept {
                capacity.remove("requestPolicy");
            }
        }
        for consumed in device.list_mut("consumesCounters") {
            consumed.remove("compatibilityGroups");
        }
    }
}

fn entries_mut<'a>(tree: &'a mut Tree, field: &str) -> &'a mut [(String, Tree)] {
    match tree.get_mut(field) {
        Some(Tree::Map(entries)) => entries,
        _ => &mut [],
    }
}
