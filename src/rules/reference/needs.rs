//! What a pod cannot start without: the objects that it names and that are not optional.

use crate::path::FieldPath;
use crate::policy::PodSpec;
use crate::yaml::Node;

use super::parts::text_at;

/// The kind that is often made elsewhere.
pub const SECRET: &str = "Secret";
const CONFIG_MAP: &str = "ConfigMap";

/// The volumes that name an object.
const NAMING: [&str; 4] = ["persistentVolumeClaim", "configMap", "secret", "projected"];

/// What is named: its kind, its name, and where.
pub(super) type Need<'a> = (&'static str, &'a str, FieldPath);

/// The objects that a pod needs.
pub(super) fn of(pod: PodSpec<'_>) -> Vec<Need<'_>> {
    let mut found: Vec<Need<'_>> = Vec::new();
    let spec = pod.spec;
    let account = text_at(spec.node, &spec.path, &["serviceAccountName"]);
    // Every namespace has it.
    let account = account.filter(|(name, _)| *name != "default");
    found.extend(account.map(|(name, path)| ("ServiceAccount", name, path)));
    let volumes = spec.node.get("volumes").map_or(&[][..], Node::items);
    let is_named = |volume: &Node| NAMING.iter().any(|field| volume.get(field).is_some());
    let volumes = if volumes.iter().any(is_named) { volumes } else { &[] };
    let templates = pod.object.node.at(&["spec", "volumeClaimTemplates"]).map_or(&[][..], Node::items);
    for (volume, path) in volumes.iter().zip(spec.path.key("volumes").items(volumes)) {
        let name = volume.get("name").and_then(Node::as_str);
        // A claim template of that name takes the place of the volume.
        if templates.iter().any(|claim| claim.at(&["metadata", "name"]).and_then(Node::as_str) == name) {
            continue;
        }
        let claim = text_at(volume, &path, &["persistentVolumeClaim", "claimName"]);
        found.extend(claim.map(|(name, path)| ("PersistentVolumeClaim", name, path)));
        found.extend(named(CONFIG_MAP, volume, &path, &["configMap"], "name"));
        found.extend(named(SECRET, volume, &path, &["secret"], "secretName"));
        let sources = volume.at(&["projected", "sources"]).map_or(&[][..], Node::items);
        for (at, source) in sources.iter().enumerate() {
            let path = path.keys(&["projected", "sources"]).index(at);
            found.extend(named(CONFIG_MAP, source, &path, &["configMap"], "name"));
            found.extend(named(SECRET, source, &path, &["secret"], "name"));
        }
    }
    for container in &spec.containers {
        for (kind, field, route) in [
            (CONFIG_MAP, "envFrom", &["configMapRef"][..]),
            (SECRET, "envFrom", &["secretRef"]),
            (CONFIG_MAP, "env", &["valueFrom", "configMapKeyRef"]),
            (SECRET, "env", &["valueFrom", "secretKeyRef"]),
        ] {
            let items = container.node.get(field).map_or(&[][..], Node::items);
            // Most have only plain values, of which nobody asks for a path.
            if items.iter().all(|item| item.at(route).is_none()) {
                continue;
            }
            let paths = container.path.key(field).items(items);
            found.extend(
                items.iter().zip(paths).filter_map(|(item, path)| named(kind, item, &path, route, "name")),
            );
        }
    }
    found
}

/// What is named there and not optional.
fn named<'a>(
    kind: &'static str,
    node: &'a Node,
    path: &FieldPath,
    route: &[&str],
    field: &str,
) -> Option<Need<'a>> {
    /// What each namespace is given.
    const GIVEN: [&str; 2] = ["kube-root-ca.crt", "openshift-service-ca.crt"];
    let source = node.at(route)?;
    let is_optional = source.get("optional").and_then(Node::as_bool) == Some(true);
    let (name, path) = text_at(source, &path.keys(route), &[field])?;
    (!is_optional && !GIVEN.contains(&name)).then_some((kind, name, path))
}
