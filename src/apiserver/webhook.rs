//! Configurations of admission webhooks, and API services.
//!
//! Source: `pkg/apis/admissionregistration/validation/validation.go` of k8s.io/kubernetes, `pkg/util/webhook/validation.go` of
//! k8s.io/apiserver, `pkg/apis/apiregistration/validation` of k8s.io/kube-aggregator.

use super::admission_rules::{Expressions, Use};
use super::error::{Bad, Errors, Path};
use super::tree::Tree;
use super::{meta, text};

/// Go: `ValidateValidatingWebhookConfiguration`, `ValidateMutatingWebhookConfiguration`
pub fn configuration(object: &Tree, errors: &mut Errors) {
    meta::object_meta(object, false, text::dns_subdomain, errors);
    let mut names = Vec::new();
    for (at, hook) in object.list("webhooks").iter().enumerate() {
        let path = Path::new("webhooks").index(at);
        self::hook(hook, &path, errors);
        review_versions(hook, &path.child("admissionReviewVersions"), errors);
        let name = hook.str("name");
        if name.is_empty() {
        } else if names.contains(&name) {
            errors.duplicate(&path.child("name"), name);
        } else {
            names.push(name);
        }
    }
}

/// Go: `IsFullyQualifiedName`
pub fn qualified_domain(name: &str, path: &Path, errors: &mut Errors) {
    if name.is_empty() {
        return errors.required(path, "");
    }
    let wrong = text::dns_subdomain(name);
    if !wrong.is_empty() {
        errors.invalid(path, name, &wrong.join(","));
    } else if name.split('.').count() < 3 {
        let words = "should be a domain with at least three segments separated by dots";
        errors.invalid(path, name, words);
    }
}

/// A word that must be one of a few, if it is there.
pub fn one_of(tree: &Tree, field: &str, known: &[&str], path: &Path, errors: &mut Errors) {
    if tree.has(field) && !known.contains(&tree.str(field)) {
        errors.not_supported(&path.child(field), tree.str(field), known);
    }
}

fn hook(hook: &Tree, path: &Path, errors: &mut Errors) {
    qualified_domain(hook.str("name"), &path.child("name"), errors);
    for (at, rule) in hook.list("rules").iter().enumerate() {
        self::rule(rule, &path.child("rules").index(at), errors);
    }
    one_of(hook, "failurePolicy", &["Fail", "Ignore"], path, errors);
    one_of(hook, "matchPolicy", &["Equivalent", "Exact"], path, errors);
    if !hook.has("sideEffects") {
        errors.required(&path.child("sideEffects"), "must specify one of None, NoneOnDryRun");
    }
    one_of(hook, "sideEffects", &["None", "NoneOnDryRun"], path, errors);
    if let Some(seconds) = hook.int("timeoutSeconds").filter(|seconds| !(1..=30).contains(seconds)) {
        let words = "the timeout value must be between 1 and 30 seconds";
        errors.invalid(&path.child("timeoutSeconds"), seconds, words);
    }
    for field in ["namespaceSelector", "objectSelector"] {
        meta::label_selector(hook.get(field), &path.child(field), errors);
    }
    one_of(hook, "reinvocationPolicy", &["IfNeeded", "Never"], path, errors);
    client(hook.get("clientConfig"), &path.child("clientConfig"), errors);
    conditions(
        hook.list("matchConditions"),
        &Expressions::of_webhook(),
        &path.child("matchConditions"),
        errors,
    );
}

/// Go: `validateMatchConditions`
pub fn conditions(conditions: &[Tree], expressions: &Expressions, path: &Path, errors: &mut Errors) {
    if conditions.len() > 64 {
        errors.too_many(path, conditions.len(), 64);
    }
    let mut names = Vec::new();
    for (at, condition) in conditions.iter().enumerate() {
        let path = path.index(at);
        let name = condition.str("name");
        match condition.str("expression").trim() {
            "" => errors.required(&path.child("expression"), ""),
            text => expressions.judge(Use::Condition, text, text, &path.child("expression"), errors),
        }
        if name.is_empty() {
            errors.required(&path.child("name"), "");
            continue;
        }
        meta::label_name(name, &path.child("name"), errors);
        if names.contains(&name) {
            errors.duplicate(&path.child("name"), name);
        }
        names.push(name);
    }
}

/// Go: `validateRuleWithOperations`
pub fn rule(rule: &Tree, path: &Path, errors: &mut Errors) {
    const OPERATIONS: [&str; 5] = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
    let stars =
        |field: &str| rule.list(field).len() > 1 && rule.list(field).iter().any(|item| item.text() == "*");
    let lists = [
        ("operations", "if '*' is present, must not specify other operations"),
        ("apiGroups", "if '*' is present, must not specify other API groups"),
        ("apiVersions", "if '*' is present, must not specify other API versions"),
    ];
    for (field, words) in lists {
        let place = path.child(field);
        if rule.list(field).is_empty() {
            errors.required(&place, "");
        }
        if stars(field) {
            errors.invalid(&place, Bad::Typed(rule.get(field), "[]string"), words);
        }
        for (at, item) in rule.list(field).iter().enumerate() {
            if field == "operations" && !OPERATIONS.contains(&item.text()) {
                errors.not_supported(&place.index(at), item.text(), &OPERATIONS);
            }
            if field == "apiVersions" && item.text().is_empty() {
                errors.required(&place.index(at), "");
            }
        }
    }
    resources(rule, &path.child("resources"), errors);
    one_of(rule, "scope", &["*", "Cluster", "Namespaced"], path, errors);
}

/// Go: `validateResources`
fn resources(rule: &Tree, path: &Path, errors: &mut Errors) {
    let names: Vec<&str> = rule.list("resources").iter().map(Tree::text).collect();
    if names.is_empty() {
        errors.required(path, "");
    }
    let bad = || Bad::Typed(rule.get("resources"), "[]string");
    let mut whole: Vec<&str> = Vec::new();
    let mut anywhere: Vec<&str> = Vec::new();
    let mut has_plain = false;
    for (at, name) in names.iter().enumerate() {
        if name.is_empty() {
            errors.required(&path.index(at), "");
            continue;
        }
        let Some((resource, sub)) = name.split_once('/') else {
            has_plain = *name != "*";
            continue;
        };
        if whole.contains(&resource) {
            let words = format!("if '{resource}/*' is present, must not specify {name}");
            errors.invalid(&path.index(at), *name, &words);
        }
        if anywhere.contains(&sub) {
            let words = format!("if '*/{sub}' is present, must not specify {name}");
            errors.invalid(&path.index(at), *name, &words);
        }
        if sub == "*" {
            whole.push(resource);
        }
        if resource == "*" {
            anywhere.push(sub);
        }
    }
    if names.len() > 1 && names.contains(&"*/*") {
        errors.invalid(path, bad(), "if '*/*' is present, must not specify other resources");
    }
    if names.contains(&"*") && has_plain {
        let words = "if '*' is present, must not specify other resources without subresources";
        errors.invalid(path, bad(), words);
    }
}

/// Go: `validateAdmissionReviewVersions`
fn review_versions(hook: &Tree, path: &Path, errors: &mut Errors) {
    let versions: Vec<&str> = hook.list("admissionReviewVersions").iter().map(Tree::text).collect();
    if versions.is_empty() {
        return errors.required(path, "must specify one of v1, v1beta1");
    }
    for (at, version) in versions.iter().enumerate() {
        if versions[..at].contains(version) {
            errors.invalid(&path.index(at), *version, "duplicate version");
            continue;
        }
        errors.invalid_each(&path.index(at), version, text::dns_1035_label(version));
    }
    if !versions.iter().any(|version| matches!(*version, "v1" | "v1beta1")) {
        let bad = Bad::Typed(hook.get("admissionReviewVersions"), "[]string");
        errors.invalid(path, bad, "must include at least one of v1, v1beta1");
    }
}

/// How a webhook is reached: by URL or by service.
pub fn client(config: &Tree, path: &Path, errors: &mut Errors) {
    match (config.has("url"), config.has("service")) {
        (true, false) => url(config.str("url"), &path.child("url"), errors),
        (false, true) => service(config.get("service"), &path.child("service"), errors),
        _ => errors.required(path, "exactly one of url or service is required"),
    }
}

/// Go: `ValidateWebhookURL`
fn url(text: &str, path: &Path, errors: &mut Errors) {
    const FORM: &str = "; desired format: https://host[/path]";
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = if scheme.is_empty() { "" } else { rest.split('/').next().unwrap_or_default() };
    let (user, host) =
        authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    if scheme != "https" {
        errors.invalid(path, scheme, &format!("'https' is the only allowed URL scheme{FORM}"));
    }
    if host.is_empty() {
        errors.invalid(path, host, &format!("host must be specified{FORM}"));
    }
    if let Some(user) = user {
        errors.invalid(path, user, "user information is not permitted in the URL");
    }
    if !fragment.is_empty() {
        errors.invalid(path, fragment, "fragments are not permitted in the URL");
    }
    if !query.is_empty() {
        errors.invalid(path, query, "query parameters are not permitted in the URL");
    }
}

/// Go: `ValidateWebhookService`
fn service(service: &Tree, path: &Path, errors: &mut Errors) {
    // The server looks at the two in the wrong order.
    for (field, place) in [("namespace", "name"), ("name", "namespace")] {
        if service.str(field).is_empty() {
            errors.required(&path.child(place), "");
        }
    }
    let port = service.int("port").unwrap_or_default();
    if let Some(why) = text::port_number(port) {
        errors.invalid(&path.child("port"), port, &format!("port is not valid: {why}"));
    }
    let (url, place) = (service.str("path"), path.child("path"));
    if matches!(url, "" | "/") {
        return;
    }
    if url == "//" {
        return errors.invalid(&place, url, "segment[0] may not be empty");
    }
    if !url.starts_with('/') {
        errors.invalid(&place, url, "must start with a '/'");
    }
    let steps = url.get(1..).unwrap_or_default();
    let steps = steps.strip_suffix('/').unwrap_or(steps);
    for (at, step) in steps.split('/').enumerate() {
        if step.is_empty() {
            errors.invalid(&place, url, &format!("segment[{at}] may not be empty"));
            continue;
        }
        for why in text::dns_subdomain(step) {
            errors.invalid(&place, url, &format!("segment[{at}]: {why}"));
        }
    }
}

/// Go: `ValidateAPIService`
pub fn api_service(object: &Tree, errors: &mut Errors) {
    let spec = object.get("spec");
    let path = Path::new("spec");
    let (group, version) = (spec.str("group"), spec.str("version"));
    let wanted = format!("{version}.{group}");
    let name = object.get("metadata").str("name");
    meta::object_meta(object, false, text::path_segment, errors);
    if !name.is_empty() && text::path_segment(name).is_empty() && name != wanted {
        let words = format!("must be `spec.version+\".\"+spec.group`: \"{wanted}\"");
        errors.invalid(&Path::new("metadata").child("name"), name, &words);
    }
    if group.is_empty() {
        if version != "v1" {
            let words = "only v1 may have an empty group and it better be legacy kube";
            errors.required(&path.child("group"), words);
        }
    } else {
        errors.invalid_each(&path.child("group"), group, text::dns_subdomain(group));
    }
    errors.invalid_each(&path.child("version"), version, text::dns_1035_label(version));
    for (field, most) in [("groupPriorityMinimum", 20_000), ("versionPriority", 1000)] {
        let value = spec.int(field).unwrap_or_default();
        if !(1..=most).contains(&value) {
            errors.invalid(&path.child(field), value, &format!("must be positive and less than {most}"));
        }
    }
    let bundle = match spec.get("caBundle") {
        Tree::Bytes(bytes) => bytes.len(),
        _ => 0,
    };
    let is_insecure = spec.is("insecureSkipTLSVerify");
    let service = spec.get("service");
    if service.is_null() {
        if bundle > 0 {
            let bad = format!("{bundle} bytes");
            errors.invalid(&path.child("caBundle"), &bad, "local APIServices may not have a caBundle");
        }
        if is_insecure {
            let words = "local APIServices may not have insecureSkipTLSVerify";
            errors.invalid(&path.child("insecureSkipTLSVerify"), true, words);
        }
        return;
    }
    let place = path.child("service");
    for field in ["namespace", "name"] {
        if service.str(field).is_empty() {
            errors.required(&place.child(field), "");
        }
    }
    let port = service.int("port").unwrap_or_default();
    if let Some(why) = text::port_number(port) {
        errors.invalid(&place.child("port"), port, &format!("port is not valid: {why}"));
    }
    if is_insecure && bundle > 0 {
        errors.invalid(&path.child("insecureSkipTLSVerify"), true, "may not be true if caBundle is present");
    }
}
