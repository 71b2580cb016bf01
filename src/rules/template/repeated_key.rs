use std::collections::BTreeMap;

use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Release, Reporter, Role, declare_rule};
use crate::yaml::{Data, Entry, Node};

use super::scalars::Place;

declare_rule! {
    /// No key may stand twice in a map.
    ///
    /// ## Why
    /// The last one holds, and what the first said is lost without a word. Where `apiVersion` stands twice, two documents are
    /// glued together: the line `---` between them is missing, or a trim marker took it.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   labels:
    ///     app: web
    ///     app: db
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: one
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: two
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   labels:
    ///     app: web
    /// ```
    ///
    /// ## Fix
    /// Remove one of them.
    "TPL106" "repeated-key" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: of equal keys the last one is read"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    // Files of `crds/` come from a tool, and go out as they are.
    for (_, object) in release.asked().filter(|(_, object)| object.document.role != Role::Crd) {
        let is_glued = object.node.entries().iter().filter(|entry| entry.key == "apiVersion").count() > 1;
        if is_glued {
            let message = "two objects stand in one document, and the first is lost: the line `---` between them is missing";
            let finding = r.report_on(object, FieldPath::root().key("apiVersion"), message);
            finding.help("begin the second with a line `---`, and let no trim marker take it");
        } else {
            walk(object, object.node, &Place::ROOT, r);
        }
    }
}

fn walk(object: &Object<'_>, node: &Node, place: &Place<'_>, r: &mut Reporter<'_>) {
    match &node.data {
        Data::Map(entries) => {
            if is_repeated(entries) {
                tell(object, entries, place, r);
            }
            for entry in entries {
                walk(object, &entry.value, &place.key(&entry.key), r);
            }
        }
        Data::Seq(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(object, item, &place.index(at), r);
            }
        }
        _ => {}
    }
}

/// Whether a key stands twice.
fn is_repeated(entries: &[Entry]) -> bool {
    /// So many are compared faster than sorted.
    const FEW: usize = 8;
    if entries.len() <= FEW {
        let mut before = entries.iter().enumerate();
        return before.any(|(at, entry)| entries[..at].iter().any(|other| other.key == entry.key));
    }
    let mut keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    keys.sort_unstable();
    !keys.is_sorted_by(|key, next| key < next)
}

fn tell(object: &Object<'_>, entries: &[Entry], place: &Place<'_>, r: &mut Reporter<'_>) {
    let mut seen: BTreeMap<&str, &Node> = BTreeMap::new();
    for entry in entries {
        if let Some(first) = seen.insert(&entry.key, &entry.value) {
            let lost = if first.to_json() == entry.value.to_json() { "says the same" } else { "is lost" };
            let message = format!("`{}` stands twice here, and the first {lost}", entry.key);
            r.report_on(object, place.key(&entry.key).path(), message);
        }
    }
}
