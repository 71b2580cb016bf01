use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// The storage class of a claim may be replaced.
    ///
    /// ## Why
    /// Where the platform manages storage, claims of StatefulSets get the cluster's default class whatever they ask for.
    /// Clusters also have different classes, so that a name that one knows is unknown to the next.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: PersistentVolumeClaim
    /// metadata:
    ///   name: models
    /// spec:
    ///   storageClassName: fast
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: PersistentVolumeClaim
    /// metadata:
    ///   name: models
    /// spec:
    ///   accessModes: [ReadWriteOnce]
    /// ```
    ///
    /// ## Fix
    /// Leave `storageClassName` out and take the cluster's default.
    "VOL106" "storage-class" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["agent: persistent-storage webhook"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    let mut claims = Vec::new();
    if object.is("v1", "PersistentVolumeClaim") {
        claims.push((object.node, FieldPath::root()));
    }
    if object.is("apps/v1", "StatefulSet") {
        let templates = object.node.at(&["spec", "volumeClaimTemplates"]).map_or(&[][..], Node::items);
        let list = FieldPath::root().keys(&["spec", "volumeClaimTemplates"]);
        claims.extend(templates.iter().enumerate().map(|(at, claim)| (claim, list.index(at))));
    }
    for (claim, path) in claims {
        if let Some(class) = claim.at(&["spec", "storageClassName"]).and_then(Node::as_str) {
            let path = path.keys(&["spec", "storageClassName"]);
            let message = match class {
                "" => "storage class is empty, which asks for a volume that somebody made by hand".to_owned(),
                _ => format!("storage class `{class}` may be unknown to the cluster, or replaced by it"),
            };
            r.report(path, message);
        }
    }
}
