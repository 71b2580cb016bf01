//! Deployments, stateful sets, daemon sets, replica sets, replication controllers and their histories.
//!
//! Source: k8s.io/kubernetes `pkg/apis/apps/validation/validation.go`, `pkg/apis/core/validation/validation.go`.

use super::error::{Bad, Errors, Path};
use super::meta::{self, Selector, nonnegative, nonnegative_field};
use super::pod::{self};
use super::text;
use super::tree::Tree;
use super::{amount, storage};

/// Go: `ValidateDeployment`
pub fn deployment(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    nonnegative_field(spec, "replicas", &path, errors);
    required_selector(spec, "empty selector is invalid for deployment", &path, errors);
    replica_template(spec, &path, errors);
    deployment_strategy(spec.get("strategy"), &path.child("strategy"), errors);
    nonnegative_field(spec, "minReadySeconds", &path, errors);
    nonnegative_field(spec, "revisionHistoryLimit", &path, errors);
    if let Some(deadline) = spec.int("progressDeadlineSeconds") {
        let path = path.child("progressDeadlineSeconds");
        nonnegative(deadline, &path, errors);
        if deadline <= spec.int("minReadySeconds").unwrap_or_default() {
            errors.invalid(&path, deadline, "must be greater than minReadySeconds");
        }
    }
}

/// Go: `ValidateReplicaSet`
pub fn replica_set(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    nonnegative_field(spec, "replicas", &path, errors);
    nonnegative_field(spec, "minReadySeconds", &path, errors);
    required_selector(spec, "empty selector is invalid for deployment", &path, errors);
    replica_template(spec, &path, errors);
}

/// A selector that must be there and ask for something.
fn required_selector(spec: &Tree, empty: &str, path: &Path, errors: &mut Errors) {
    let selector = spec.get("selector");
    let path = path.child("selector");
    if selector.is_null() {
        return errors.required(&path, "");
    }
    meta::label_selector(selector, &path, errors);
    if selector.map("matchLabels").is_empty() && selector.list("matchExpressions").is_empty() {
        errors.invalid(&path, shown_selector(selector), empty);
    }
}

/// A selector as errors show it.
fn shown_selector(selector: &Tree) -> Bad<'_> {
    Bad::Typed(selector, "meta/v1.LabelSelector")
}

/// Go: `ValidatePodTemplateSpecForReplicaSet`
fn replica_template(spec: &Tree, path: &Path, errors: &mut Errors) {
    let (selector, template) = (spec.get("selector"), spec.get("template"));
    let Some(asked) = Selector::of(selector, errors) else {
        return errors.invalid(&path.child("selector"), shown_selector(selector), "invalid label selector");
    };
    let path = path.child("template");
    if !asked.is_empty() {
        match_template(&asked, template, &path, errors);
    }
    pod::template(template, &path, errors);
    always(template, "ReplicaSet", &path, errors);
}

fn match_template(selector: &Selector, template: &Tree, path: &Path, errors: &mut Errors) {
    let labels = template.get("metadata").get("labels");
    if !selector.matches(labels) {
        let path = path.child("metadata").child("labels");
        let bad = Bad::Typed(labels, "map[string]string");
        errors.invalid(&path, bad, "`selector` does not match template `labels`");
    }
}

/// The pods of a workload run for ever.
fn always(template: &Tree, workload: &str, path: &Path, errors: &mut Errors) {
    let spec = template.get("spec");
    if spec.str("restartPolicy") != "Always" {
        let path = path.child("spec").child("restartPolicy");
        errors.not_supported(&path, spec.str("restartPolicy"), &["Always"]);
    }
    if spec.has("activeDeadlineSeconds") {
        let path = path.child("spec").child("activeDeadlineSeconds");
        errors.forbidden(&path, &format!("activeDeadlineSeconds in {workload} is not Supported"));
    }
}

/// Go: `ValidateDeploymentStrategy`
fn deployment_strategy(strategy: &Tree, path: &Path, errors: &mut Errors) {
    let rolling = strategy.get("rollingUpdate");
    match strategy.str("type") {
        "Recreate" => {
            if !rolling.is_null() {
                let words = "may not be specified when strategy `type` is 'Recreate'";
                errors.forbidden(&path.child("rollingUpdate"), words);
            }
        }
        "RollingUpdate" => {
            let path = path.child("rollingUpdate");
            let (unavailable, surge) = (rolling.get("maxUnavailable"), rolling.get("maxSurge"));
            amount::int_or_percent(unavailable, &path.child("maxUnavailable"), errors);
            amount::int_or_percent(surge, &path.child("maxSurge"), errors);
            if amount::value(unavailable) == 0 && amount::value(surge) == 0 {
                let bad = Bad::Typed(unavailable, "intstr.IntOrString");
                errors.invalid(&path.child("maxUnavailable"), bad, "may not be 0 when `maxSurge` is 0");
            }
            amount::at_most_all(unavailable, &path.child("maxUnavailable"), errors);
        }
        _ => errors.not_supported(
            path,
            Bad::Typed(strategy, "apps.DeploymentStrategy"),
            &["Recreate", "RollingUpdate"],
        ),
    }
}

/// Go: `ValidateDaemonSet`
pub fn daemon_set(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    let (selector, template) = (spec.get("selector"), spec.get("template"));
    meta::label_selector(selector, &path.child("selector"), errors);
    if let Some(asked) = Selector::of(selector, errors) {
        match_template(&asked, template, &path.child("template"), errors);
    }
    if !selector.is_null()
        && selector.map("matchLabels").is_empty()
        && selector.list("matchExpressions").is_empty()
    {
        errors.invalid(
            &path.child("selector"),
            shown_selector(selector),
            "empty selector is invalid for daemonset",
        );
    }
    pod::template(template, &path.child("template"), errors);
    always(template, "DaemonSet", &path.child("template"), errors);
    nonnegative_field(spec, "minReadySeconds", &path, errors);
    let (strategy, place) = (spec.get("updateStrategy"), path.child("updateStrategy"));
    match strategy.str("type") {
        "OnDelete" => {}
        "RollingUpdate" => {
            rolling_daemons(strategy.get("rollingUpdate"), &place.child("rollingUpdate"), errors);
        }
        _ => {
            let bad = Bad::Typed(strategy, "apps.DaemonSetUpdateStrategy");
            errors.not_supported(&place, bad, &["RollingUpdate", "OnDelete"]);
        }
    }
    nonnegative_field(spec, "revisionHistoryLimit", &path, errors);
}

/// Go: `ValidateRollingUpdateDaemonSet`
fn rolling_daemons(rolling: &Tree, path: &Path, errors: &mut Errors) {
    let fields = ["maxUnavailable", "maxSurge"].map(|field| (rolling.get(field), path.child(field)));
    for (value, path) in &fields {
        amount::int_or_percent(value, path, errors);
    }
    for (value, path) in &fields {
        amount::at_most_all(value, path, errors);
    }
    let [(unavailable, unavailable_path), (surge, surge_path)] = &fields;
    match (amount::value(unavailable) != 0, amount::value(surge) != 0) {
        (true, true) => {
            let bad = Bad::Typed(surge, "intstr.IntOrString");
            errors.invalid(surge_path, bad, "may not be set when maxUnavailable is non-zero");
        }
        (false, false) => errors.required(unavailable_path, "cannot be 0 when maxSurge is 0"),
        _ => {}
    }
}

/// Go: `ValidateStatefulSet`
pub fn stateful_set(object: &Tree, errors: &mut Errors) {
    let rule = if errors.since(33) { text::dns_label } else { text::dns_subdomain };
    meta::core_object(object, true, rule, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    match spec.str("podManagementPolicy") {
        "OrderedReady" | "Parallel" => {}
        other => {
            let words = "must be 'OrderedReady' or 'Parallel'";
            errors.invalid(&path.child("podManagementPolicy"), other, words);
        }
    }
    stateful_strategy(spec.get("updateStrategy"), &path.child("updateStrategy"), errors);
    let retention = spec.get("persistentVolumeClaimRetentionPolicy");
    for field in ["whenDeleted", "whenScaled"] {
        let policy = retention.str(field);
        if !matches!(policy, "Retain" | "Delete") {
            let path = path.child("persistentVolumeClaimRetentionPolicy").child(field);
            errors.not_supported(&path, policy, &["Retain", "Delete"]);
        }
    }
    if errors.since(34) {
        for (at, claim) in spec.list("volumeClaimTemplates").iter().enumerate() {
            let path = path.child("volumeClaimTemplates").index(at).child("spec");
            storage::claim_spec(claim.get("spec"), &path, errors);
        }
    }
    nonnegative_field(spec, "replicas", &path, errors);
    nonnegative_field(spec, "minReadySeconds", &path, errors);
    nonnegative(spec.get("ordinals").int("start").unwrap_or_default(), &path.child("ordinals.start"), errors);
    let service = spec.str("serviceName");
    if errors.since(34) && !service.is_empty() {
        errors.invalid_each(&path.child("serviceName"), service, text::dns_label(service));
    }
    required_selector(spec, "empty selector is invalid for statefulset", &path, errors);
    stateful_template(spec, &path, errors);
    always(spec.get("template"), "StatefulSet", &path.child("template"), errors);
}

fn stateful_strategy(strategy: &Tree, path: &Path, errors: &mut Errors) {
    let rolling = strategy.get("rollingUpdate");
    let place = path.child("rollingUpdate");
    match strategy.str("type") {
        "OnDelete" => {
            if !rolling.is_null() {
                let bad = Bad::Typed(rolling, "apps.RollingUpdateStatefulSetStrategy");
                errors.invalid(&place, bad, "only allowed for updateStrategy 'RollingUpdate'");
            }
        }
        "RollingUpdate" => {
            nonnegative_field(rolling, "partition", &place, errors);
            let unavailable = rolling.get("maxUnavailable");
            if !unavailable.is_null() && errors.since(37) {
                let place = place.child("maxUnavailable");
                amount::int_or_percent(unavailable, &place, errors);
                if amount::value(unavailable) == 0 {
                    errors.invalid(&place, Bad::Typed(unavailable, "intstr.IntOrString"), "cannot be 0");
                }
                amount::at_most_all(unavailable, &place, errors);
            }
        }
        _ => {
            let bad = Bad::Typed(strategy, "apps.StatefulSetUpdateStrategy");
            errors.invalid(path, bad, "must be 'RollingUpdate' or 'OnDelete'");
        }
    }
}

/// Go: `ValidatePodTemplateSpecForStatefulSet`, for the template with the volumes of its claims
fn stateful_template(spec: &Tree, path: &Path, errors: &mut Errors) {
    let (selector, template) = (spec.get("selector"), spec.get("template"));
    let Some(asked) = Selector::of(selector, errors) else {
        return errors.invalid(&path.child("selector"), shown_selector(selector), "");
    };
    let path = path.child("template");
    if !asked.is_empty() {
        match_template(&asked, template, &path, errors);
    }
    let mut template = template.clone();
    let claims: Vec<&str> =
        spec.list("volumeClaimTemplates").iter().map(|claim| claim.get("metadata").str("name")).collect();
    add_claims(&mut template, &claims, errors.since(34));
    if errors.since(34) {
        pod::template(&template, &path, errors);
    }
    pod::template_meta(&template, &path, errors);
}

/// Puts the volumes of claim templates before those of the template, whose names they take.
fn add_claims(template: &mut Tree, claims: &[&str], hides_names: bool) {
    let spec = template.field_mut("spec");
    if hides_names {
        // The set itself names its pods.
        spec.remove("subdomain");
        spec.remove("hostname");
    }
    if claims.is_empty() {
        return;
    }
    let mut unique: Vec<&str> = Vec::new();
    for claim in claims {
        if !unique.contains(claim) {
            unique.push(claim);
        }
    }
    let claimed = unique.iter().map(|name| {
        let claim = Tree::Map(vec![("claimName".to_owned(), (*name).into())]);
        Tree::Map(vec![("name".to_owned(), (*name).into()), ("persistentVolumeClaim".to_owned(), claim)])
    });
    let others = spec.list("volumes").iter().filter(|volume| !unique.contains(&volume.str("name"))).cloned();
    let volumes = claimed.chain(others).collect();
    spec.set("volumes", Tree::List(volumes));
}

/// Go: `ValidateReplicationController`
pub fn replication_controller(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    nonnegative_field(spec, "minReadySeconds", &path, errors);
    if spec.map("selector").is_empty() {
        errors.required(&path.child("selector"), "");
    }
    nonnegative_field(spec, "replicas", &path, errors);
    let template = spec.get("template");
    let path = path.child("template");
    if template.is_null() {
        return errors.required(&path, "");
    }
    let labels = template.get("metadata").get("labels");
    if spec.map("selector").iter().any(|(key, value)| labels.get(key) != value) {
        let bad = Bad::Typed(labels, "map[string]string");
        let path = path.child("metadata").child("labels");
        errors.invalid(&path, bad, "`selector` does not match template `labels`");
    }
    pod::template(template, &path, errors);
    always(template, "ReplicationController", &path, errors);
}

/// Go: `ValidatePodTemplate`
pub fn pod_template(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    pod::template(object.get("template"), &Path::new("template"), errors);
}

/// Go: `ValidateControllerRevisionCreate`
pub fn controller_revision(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    nonnegative(object.int("revision").unwrap_or_default(), &Path::new("revision"), errors);
    match object.get("data") {
        Tree::Map(_) => {}
        Tree::Null => errors.required(&Path::new("data"), "data is mandatory"),
        _ if errors.since(31) => errors.required(&Path::new("data"), "data must be a valid JSON object"),
        _ => {}
    }
}
