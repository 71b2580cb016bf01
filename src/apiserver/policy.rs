//! Small kinds that say how pods are run and disturbed: disruption budgets, priority and runtime classes, leases.
//!
//! Source: `pkg/apis/{policy,scheduling,node,coordination}/validation/validation.go` of k8s.io/kubernetes.

use super::error::{Bad, Errors, Path};
use super::pod::{preemption, resources, scheduling};
use super::tree::Tree;
use super::{amount, meta, text};

/// Go: `ValidatePodDisruptionBudget`, which leaves the metadata to what holds for every object
pub fn disruption_budget(object: &Tree, errors: &mut Errors) {
    let spec = object.get("spec");
    let path = Path::new("spec");
    let fields = ["minAvailable", "maxUnavailable"];
    if fields.iter().all(|field| spec.has(field)) {
        // Where it is shown in Go's syntax, the internal type has a name of its own.
        let name = match errors.since(34) {
            true => "policy/v1.PodDisruptionBudgetSpec",
            false => "policy.PodDisruptionBudgetSpec",
        };
        let bad = Bad::Typed(spec, name);
        errors.invalid(&path, bad, "minAvailable and maxUnavailable cannot be both set");
    }
    for field in fields {
        if spec.has(field) {
            amount::int_or_percent(spec.get(field), &path.child(field), errors);
            amount::at_most_all(spec.get(field), &path.child(field), errors);
        }
    }
    meta::label_selector(spec.get("selector"), &path.child("selector"), errors);
    let policy = spec.str("unhealthyPodEvictionPolicy");
    if spec.has("unhealthyPodEvictionPolicy") && !matches!(policy, "AlwaysAllow" | "IfHealthyBudget") {
        let known = ["AlwaysAllow", "IfHealthyBudget"];
        errors.not_supported(&path.child("unhealthyPodEvictionPolicy"), policy, &known);
    }
}

/// Go: `ValidatePriorityClass`
pub fn priority_class(object: &Tree, errors: &mut Errors) {
    const HIGHEST: i64 = 1_000_000_000;
    const SYSTEM: [(&str, i64); 2] =
        [("system-node-critical", 2_000_001_000), ("system-cluster-critical", 2_000_000_000)];
    meta::core_object(object, false, text::dns_subdomain, errors);
    let (name, value) = (object.get("metadata").str("name"), object.int("value").unwrap_or_default());
    if name.starts_with("system-") {
        let known = SYSTEM.iter().find(|(known, _)| *known == name);
        let why = match known {
            None => Some(format!("{name} is not a known system priority class")),
            Some((_, wanted)) if *wanted != value => {
                Some(format!("value of {name} PriorityClass must be {wanted}"))
            }
            Some(_) if object.is("globalDefault") => {
                Some(format!("globalDefault of {name} PriorityClass must be false"))
            }
            Some(_) => None,
        };
        if let Some(why) = why {
            let words = format!(
                "priority class names with 'system-' prefix are reserved for system use only. error: {why}"
            );
            errors.forbidden(&Path::new("metadata").child("name"), &words);
        }
    } else if value > HIGHEST {
        let words = format!("maximum allowed value of a user defined priority is {HIGHEST}");
        errors.forbidden(&Path::new("value"), &words);
    }
    if object.has("preemptionPolicy") {
        preemption(object.str("preemptionPolicy"), &Path::new("preemptionPolicy"), errors);
    }
}

/// Go: `ValidateRuntimeClass`
pub fn runtime_class(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    let handler = object.str("handler");
    if handler.is_empty() && errors.since(36) {
        errors.required(&Path::new("handler"), "");
    } else {
        errors.invalid_each(&Path::new("handler"), handler, text::dns_label(handler));
    }
    if object.has("overhead") {
        let mut limits = Tree::empty();
        limits.set("limits", object.get("overhead").get("podFixed").clone());
        resources::container(&limits, &[], &Path::new("overhead"), errors);
    }
    let (place, scheduling) = (Path::new("scheduling"), object.get("scheduling"));
    meta::labels(scheduling.get("nodeSelector"), &place.child("nodeSelector"), errors);
    let (tolerations, place) = (scheduling.list("tolerations"), place.child("tolerations"));
    scheduling::tolerations(tolerations, &place, errors);
    let key = |toleration: &Tree| {
        ["key", "operator", "value", "effect"].map(|field| toleration.str(field).to_owned())
    };
    for (at, toleration) in tolerations.iter().enumerate() {
        if tolerations[..at].iter().any(|other| key(other) == key(toleration)) {
            errors.duplicate(&place.index(at), Bad::Typed(toleration, "core.Toleration"));
        }
    }
}

/// Go: `ValidateLease`
pub fn lease(object: &Tree, errors: &mut Errors) {
    meta::object_meta(object, true, text::dns_subdomain, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    if let Some(seconds) = spec.int("leaseDurationSeconds").filter(|seconds| *seconds <= 0) {
        errors.invalid(&path.child("leaseDurationSeconds"), seconds, "must be greater than 0");
    }
    meta::nonnegative_field(spec, "leaseTransitions", &path, errors);
    if !errors.since(31) {
        return;
    }
    let strategy = spec.str("strategy");
    if spec.has("strategy") {
        let path = path.child("strategy").child("strategy");
        if strategy.contains('/') {
            meta::label_name(strategy, &path, errors);
        } else if strategy != "OldestEmulationVersion" {
            errors.not_supported(&path, strategy, &["OldestEmulationVersion"]);
        }
    }
    if !spec.str("preferredHolder").is_empty() && strategy.is_empty() {
        let words = "may only be specified if `strategy` is defined";
        errors.forbidden(&path.child("preferredHolder"), words);
    }
}
