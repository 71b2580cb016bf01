use crate::diagnostic::{Applicability, Edit};
use crate::manifest::workload;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// Objects must be documents of their own, not items of a list.
    ///
    /// ## Why
    /// The service knows no `List`, `ConfigMapList` and the like, and refuses the release.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: v1
    ///     kind: ConfigMap
    ///     metadata:
    ///       name: settings
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ```
    ///
    /// ## Fix
    /// Write each item as a document, with `---` between them.
    "OBJ104" "list" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Safe),
        sources: &["service: decode"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    for document in release.documents() {
        if !workload::is_list(&document.node) {
            continue;
        }
        let kind = document.node.entry("kind");
        let name = kind.and_then(|entry| entry.value.as_str()).unwrap_or_default();
        let count = document.node.get("items").map_or(0, |items| Node::items(items).len());
        let offset = document.start + kind.map_or(document.node.span, |entry| entry.key_span).start as usize;
        r.report_text(offset, format!("document is a {name} of {count} objects, lists are not supported"))
            .fix([Edit::Expand]);
    }
}
