use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};
use crate::yaml::Node;

use super::parts::{Parts, Pod, text_at};

declare_rule! {
    /// What a pod or binding of the release cannot do without should be in the release.
    ///
    /// ## Why
    /// A pod does not start before its ConfigMaps, claims and service account are there; a binding to a Role that is not there
    /// gives no rights. Who names an object that is made elsewhere allows the rule with the reason. Secrets are not judged,
    /// which are often made elsewhere, and nothing is said where the release has custom resources, whose controllers may make
    /// the object.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web}
    /// spec:
    ///   containers: [{name: main, image: "web:1", envFrom: [{configMapRef: {name: web}}]}]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: v1
    ///     kind: Pod
    ///     metadata: {name: web}
    ///     spec:
    ///       containers: [{name: main, image: "web:1", envFrom: [{configMapRef: {name: web}}]}]
    ///   - apiVersion: v1
    ///     kind: ConfigMap
    ///     metadata: {name: web}
    /// ```
    ///
    /// ## Fix
    /// Write the name of an object of the release.
    "REF106" "missing-object" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["Plimsoll: references between the objects of a release"],
        check: Check::Release(check),
    }
}

/// What is named: its kind, its name, and where.
type Reference<'a> = (&'static str, &'a str, FieldPath);

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let parts = Parts::of(release);
    if !parts.is_whole() {
        return;
    }
    for pod in parts.pods() {
        let mut told: Vec<(&str, &str)> = Vec::new();
        for (kind, name, path) in references(pod) {
            // The first place that names it is enough.
            if parts.beside(pod.object, kind, name).is_none() && !told.contains(&(kind, name)) {
                told.push((kind, name));
                r.report_on(pod.object, path, format!("there is no {kind} {name} in the release"));
            }
        }
    }
    for binding in parts.objects().filter(|object| object.id.kind == "RoleBinding") {
        let kind = binding.node.at(&["roleRef", "kind"]).and_then(Node::as_str);
        let name = text_at(binding.node, &FieldPath::root(), &["roleRef", "name"]);
        // What is there is Kubernetes' own.
        let is_of_system = matches!(parts.namespace(binding), "kube-system" | "kube-public");
        let Some((name, path)) = name.filter(|_| kind == Some("Role") && !is_of_system) else { continue };
        if parts.beside(binding, "Role", name).is_none() {
            r.report_on(binding, path, format!("there is no Role {name} in the release"));
        }
    }
}

fn references<'a>(pod: &Pod<'a>) -> Vec<Reference<'a>> {
    let mut found: Vec<Reference<'a>> = Vec::new();
    let spec = &pod.spec;
    let account = text_at(spec.node, &spec.path, &["serviceAccountName"]);
    // Every namespace has it.
    let account = account.filter(|(name, _)| *name != "default");
    found.extend(account.map(|(name, path)| ("ServiceAccount", name, path)));
    let volumes = spec.node.get("volumes").map_or(&[][..], Node::items);
    let templates = pod.object.node.at(&["spec", "volumeClaimTemplates"]).map_or(&[][..], Node::items);
    for (volume, path) in volumes.iter().zip(spec.path.key("volumes").items(volumes)) {
        let name = volume.get("name").and_then(Node::as_str);
        // A claim template of that name takes the place of the volume.
        if templates.iter().any(|claim| claim.at(&["metadata", "name"]).and_then(Node::as_str) == name) {
            continue;
        }
        let claim = text_at(volume, &path, &["persistentVolumeClaim", "claimName"]);
        found.extend(claim.map(|(name, path)| ("PersistentVolumeClaim", name, path)));
        found.extend(config_map(volume, &path, &["configMap"]));
        let sources = volume.at(&["projected", "sources"]).map_or(&[][..], Node::items);
        for (at, source) in sources.iter().enumerate() {
            found.extend(config_map(source, &path.keys(&["projected", "sources"]).index(at), &["configMap"]));
        }
    }
    for container in &spec.containers {
        let each = |field: &'static str, route: &[&str]| {
            let items = container.node.get(field).map_or(&[][..], Node::items);
            let paths = container.path.key(field).items(items);
            let named = items.iter().zip(paths).filter_map(|(item, path)| config_map(item, &path, route));
            named.collect::<Vec<_>>()
        };
        found.extend(each("envFrom", &["configMapRef"]));
        found.extend(each("env", &["valueFrom", "configMapKeyRef"]));
    }
    found
}

/// A ConfigMap that is named and not optional.
fn config_map<'a>(node: &'a Node, path: &FieldPath, route: &[&str]) -> Option<Reference<'a>> {
    /// What each namespace is given.
    const GIVEN: [&str; 2] = ["kube-root-ca.crt", "openshift-service-ca.crt"];
    let source = node.at(route)?;
    let is_optional = source.get("optional").and_then(Node::as_bool) == Some(true);
    let (name, path) = text_at(source, &path.keys(route), &["name"])?;
    (!is_optional && !GIVEN.contains(&name)).then_some(("ConfigMap", name, path))
}
