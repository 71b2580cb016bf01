use crate::diagnostic::{Applicability, Edit};
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};
use crate::yaml::{Data, Node};

declare_rule! {
    /// A document must have `apiVersion` and `kind`.
    ///
    /// ## Why
    /// The service passes over a document without them in silence, and the object is not there. A `---` at the start of a
    /// line of a quoted text makes such documents.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// metadata:
    ///   name: settings
    /// kind: ""
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ```
    ///
    /// ## Fix
    /// Write `apiVersion` and `kind`, or remove the document.
    "REL103" "untyped-document" {
        levels: Levels::all(Level::Warning),
        fix: Some(Applicability::Safe),
        sources: &["service: hasTypeMeta"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    for document in release.documents() {
        let node = &document.node;
        let missing = |key: &&str| node.get(key).and_then(Node::as_str).is_none_or(str::is_empty);
        let missing: Vec<&str> = ["apiVersion", "kind"].into_iter().filter(missing).collect();
        if node.is_null() || missing.is_empty() {
            continue;
        }
        let offset = document.start + node.span.start as usize;
        let message = match node.data {
            Data::Map(_) => format!("document has no {}, it will be passed over", missing.join(" and no ")),
            _ => format!("document is {}, no object, it will be passed over", node.kind_name()),
        };
        r.report_text(offset, message).fix([Edit::Drop]);
    }
}
