//! Priority and fairness of requests: flow schemas and priority levels.
//!
//! Source: `pkg/apis/flowcontrol/validation/validation.go` of k8s.io/kubernetes. The fixed contents of the objects that every
//! cluster has are not known here.

use super::error::{Bad, Errors, Path};
use super::tree::Tree;
use super::{meta, text};

/// Go: `ValidateFlowSchema`
pub fn schema(object: &Tree, errors: &mut Errors) {
    const HIGHEST: i64 = 10_000;
    meta::core_object(object, false, text::dns_subdomain, errors);
    let (spec, path) = (object.get("spec"), Path::new("spec"));
    let (precedence, place) =
        (spec.int("matchingPrecedence").unwrap_or_default(), path.child("matchingPrecedence"));
    if precedence <= 0 {
        errors.invalid(&place, precedence, "must be a positive value");
    }
    if precedence > HIGHEST {
        errors.invalid(&place, precedence, &format!("must not be greater than {HIGHEST}"));
    }
    if precedence == 1 && object.get("metadata").str("name") != "exempt" {
        errors.invalid(&place, precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
    }
    let method = spec.get("distinguisherMethod");
    if !method.is_null() && !matches!(method.str("type"), "ByNamespace" | "ByUser") {
        let place = path.child("distinguisherMethod").child("type");
        errors.not_supported(
            &place,
            Bad::Typed(method, "flowcontrol/v1.FlowDistinguisherMethod"),
            &["ByNamespace", "ByUser"],
        );
    }
    let (level, place) = (
        spec.get("priorityLevelConfiguration").str("name"),
        path.child("priorityLevelConfiguration").child("name"),
    );
    if level.is_empty() {
        errors.required(&place, "must reference a priority level");
    } else {
        errors.invalid_each(&place, level, text::dns_subdomain(level));
    }
    for (at, rule) in spec.list("rules").iter().enumerate() {
        self::rule(rule, &path.child("rules").index(at), errors);
    }
}

/// Go: `ValidateFlowSchemaPolicyRulesWithSubjects`
fn rule(rule: &Tree, path: &Path, errors: &mut Errors) {
    let subjects = rule.list("subjects");
    if subjects.is_empty() {
        errors.required(&path.child("subjects"), "subjects must contain at least one value");
    }
    for (at, subject) in subjects.iter().enumerate() {
        self::subject(subject, &path.child("subjects").index(at), errors);
    }
    let (resources, others) = (rule.list("resourceRules"), rule.list("nonResourceRules"));
    if resources.is_empty() && others.is_empty() {
        errors.required(path, "at least one of resourceRules and nonResourceRules has to be non-empty");
    }
    for (at, rule) in resources.iter().enumerate() {
        resource_rule(rule, &path.child("resourceRules").index(at), errors);
    }
    for (at, rule) in others.iter().enumerate() {
        other_rule(rule, &path.child("nonResourceRules").index(at), errors);
    }
}

/// Go: `ValidateFlowSchemaSubject`
fn subject(subject: &Tree, path: &Path, errors: &mut Errors) {
    const KINDS: [(&str, &str); 3] =
        [("Group", "group"), ("ServiceAccount", "serviceAccount"), ("User", "user")];
    let kind = subject.str("kind");
    let Some((_, own)) = KINDS.iter().find(|(known, _)| *known == kind) else {
        return errors.not_supported(&path.child("kind"), kind, &KINDS.map(|(known, _)| known));
    };
    let (named, place) = (subject.get(own), path.child(own));
    if named.is_null() {
        errors.required(&place, &format!("{own} is required when subject kind is '{kind}'"));
    } else {
        let name = named.str("name");
        if name.is_empty() {
            errors.required(&place.child("name"), "");
        } else if kind == "ServiceAccount" && name != "*" {
            errors.invalid_each(&place.child("name"), name, text::dns_subdomain(name));
        }
        let space = named.str("namespace");
        if kind == "ServiceAccount" && space.is_empty() {
            errors.required(&place.child("namespace"), "must specify namespace for service account");
        } else if kind == "ServiceAccount" {
            errors.invalid_each(&place.child("namespace"), space, text::dns_label(space));
        }
    }
    // The server asks for the others in this order.
    let others = KINDS.iter().rev().filter(|(known, _)| *known != kind);
    let mut others: Vec<&(&str, &str)> = others.collect();
    others.sort_by_key(|(known, _)| ["ServiceAccount", "User", "Group"].iter().position(|own| own == known));
    for (known, field) in others {
        if subject.has(field) {
            errors.forbidden(
                &path.child(field),
                &format!("{field} is forbidden when subject kind is not '{known}'"),
            );
        }
    }
}

/// Whether a list has the star that stands for all.
fn has_star(rule: &Tree, field: &str) -> bool {
    rule.list(field).iter().any(|item| item.text() == "*")
}

fn verbs(rule: &Tree, path: &Path, errors: &mut Errors) {
    const KNOWN: [&str; 9] =
        ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];
    let (verbs, path) = (rule.list("verbs"), path.child("verbs"));
    if verbs.is_empty() {
        errors.required(&path, "verbs must contain at least one value");
    } else if has_star(rule, "verbs") {
        alone(rule, "verbs", "verbs", &path, errors);
    } else if !verbs.iter().all(|verb| KNOWN.contains(&verb.text())) {
        errors.not_supported(&path, Bad::Typed(rule.get("verbs"), "[]string"), &KNOWN);
    }
}

/// A star stands alone.
fn alone(rule: &Tree, field: &str, what: &str, path: &Path, errors: &mut Errors) {
    if rule.list(field).len() > 1 && has_star(rule, field) {
        let words = format!("if '*' is present, must not specify other {what}");
        errors.invalid(path, Bad::Typed(rule.get(field), "[]string"), &words);
    }
}

/// Go: `ValidateFlowSchemaResourcePolicyRule`
fn resource_rule(rule: &Tree, path: &Path, errors: &mut Errors) {
    verbs(rule, path, errors);
    for (field, what, least) in [
        ("apiGroups", "api groups", "resource rules must supply at least one api group"),
        ("resources", "resources", "resource rules must supply at least one resource"),
    ] {
        if rule.list(field).is_empty() {
            errors.required(&path.child(field), least);
        } else {
            alone(rule, field, what, &path.child(field), errors);
        }
    }
    let (spaces, path) = (rule.list("namespaces"), path.child("namespaces"));
    if spaces.is_empty() && !rule.is("clusterScope") {
        let words = "resource rules that are not cluster scoped must supply at least one namespace";
        errors.required(&path, words);
    } else if has_star(rule, "namespaces") {
        alone(rule, "namespaces", "namespaces", &path, errors);
    } else {
        for (at, space) in spaces.iter().enumerate() {
            let wrong = text::dns_label(space.text()).into_iter();
            let wrong =
                wrong.map(|why| format!("each member of this list must be '*' or a DNS-1123 label; {why}"));
            errors.invalid_each(&path.index(at), space.text(), wrong);
        }
    }
}

/// Go: `ValidateFlowSchemaNonResourcePolicyRule`
fn other_rule(rule: &Tree, path: &Path, errors: &mut Errors) {
    verbs(rule, path, errors);
    let (urls, path) = (rule.list("nonResourceURLs"), path.child("nonResourceURLs"));
    if urls.is_empty() {
        return errors.required(&path, "nonResourceURLs must contain at least one value");
    }
    if has_star(rule, "nonResourceURLs") {
        return alone(rule, "nonResourceURLs", "non-resource URLs", &path, errors);
    }
    for (at, url) in urls.iter().map(Tree::text).enumerate() {
        let stars = url.matches('*').count();
        let words = match url {
            "" => "must not be empty",
            "/" => continue,
            _ if !url.starts_with('/') => "must start with slash",
            _ if url.contains(' ') => "must not contain white-space",
            _ if url.contains("//") => "must not contain double slash",
            _ if stars > 1 || stars == 1 && !url.ends_with("/*") => "wildcard can only do suffix matching",
            _ => continue,
        };
        errors.invalid(&path.index(at), url, words);
    }
}

/// Go: `ValidatePriorityLevelConfiguration`
pub fn level(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::dns_subdomain, errors);
    let (spec, path) = (object.get("spec"), Path::new("spec"));
    let kind = spec.str("type");
    if (object.get("metadata").str("name") == "exempt") != (kind == "Exempt") {
        errors.invalid(&path.child("type"), kind, "must be 'Exempt' if and only if `name` is 'exempt'");
    }
    let (limited, exempt) = (spec.get("limited"), spec.get("exempt"));
    let says = |words| if errors.since(DECLARED) { "" } else { words };
    let (no_limits, limits) =
        (says("must be nil if the type is not Limited"), says("must not be empty when type is Limited"));
    let no_exempt = says("must be nil if the type is Limited");
    match kind {
        "Exempt" => {
            if !limited.is_null() {
                errors.forbidden(&path.child("limited"), no_limits);
            }
            shares(exempt, &path.child("exempt"), errors);
            percent(exempt, &path.child("exempt"), errors);
            untyped(spec, &path, errors);
        }
        "Limited" => {
            if !exempt.is_null() {
                errors.forbidden(&path.child("exempt"), no_exempt);
            }
            if limited.is_null() {
                errors.required(&path.child("limited"), limits);
            } else {
                self::limited(limited, &path.child("limited"), errors);
            }
        }
        "" => {
            neither(spec, &path, errors);
            errors.required(&path.child("type"), "");
            untyped(spec, &path, errors);
        }
        _ => {
            errors.not_supported(&path.child("type"), kind, &["Exempt", "Limited"]);
            neither(spec, &path, errors);
            untyped(spec, &path, errors);
        }
    }
}

/// The first minor that finds what must not be there by the markers of its types, without words.
const DECLARED: u32 = 37;

/// What a level of neither type must not have.
fn neither(spec: &Tree, path: &Path, errors: &mut Errors) {
    if !errors.since(DECLARED) {
        return;
    }
    for field in ["limited", "exempt"].into_iter().filter(|field| spec.has(field)) {
        errors.forbidden(&path.child(field), "");
    }
}

/// The limits of a level of another type are looked at all the same, as far as markers say what must be there.
fn untyped(spec: &Tree, path: &Path, errors: &mut Errors) {
    if !errors.since(DECLARED) || !spec.has("limited") {
        return;
    }
    let (response, path) =
        (spec.get("limited").get("limitResponse"), path.child("limited").child("limitResponse"));
    let has_queuing = response.has("queuing");
    if response.str("type").is_empty() {
        errors.required(&path.child("type"), "");
    }
    match response.str("type") {
        "Queue" if !has_queuing => errors.required(&path.child("queuing"), ""),
        "Queue" => {}
        _ if has_queuing => errors.forbidden(&path.child("queuing"), ""),
        _ => {}
    }
}

fn shares(level: &Tree, path: &Path, errors: &mut Errors) {
    if let Some(shares) = level.int("nominalConcurrencyShares").filter(|shares| *shares < 0) {
        errors.invalid(&path.child("nominalConcurrencyShares"), shares, "must be a non-negative integer");
    }
}

fn percent(level: &Tree, path: &Path, errors: &mut Errors) {
    if let Some(percent) = level.int("lendablePercent").filter(|percent| !(0..=100).contains(percent)) {
        errors.invalid(&path.child("lendablePercent"), percent, "must be between 0 and 100, inclusive");
    }
}

/// Go: `ValidateLimitedPriorityLevelConfiguration`
fn limited(level: &Tree, path: &Path, errors: &mut Errors) {
    shares(level, path, errors);
    let (response, place) = (level.get("limitResponse"), path.child("limitResponse"));
    let queuing = response.get("queuing");
    let is_declared = errors.since(DECLARED);
    let says = |words| if is_declared { "" } else { words };
    match response.str("type") {
        "Reject" => {
            if !queuing.is_null() {
                let words = says("must be nil if limited.limitResponse.type is not Limited");
                errors.forbidden(&place.child("queuing"), words);
            }
        }
        "Queue" if queuing.is_null() => {
            let words = says("must not be empty if limited.limitResponse.type is Limited");
            errors.required(&place.child("queuing"), words);
        }
        "Queue" => queues(queuing, &place.child("queuing"), errors),
        "" => errors.required(&place.child("type"), ""),
        word => errors.not_supported(&place.child("type"), word, &["Queue", "Reject"]),
    }
    let is_known = matches!(response.str("type"), "Reject" | "Queue");
    if is_declared && !is_known && !queuing.is_null() {
        errors.forbidden(&place.child("queuing"), "");
    }
    percent(level, path, errors);
    if let Some(limit) = level.int("borrowingLimitPercent").filter(|limit| *limit < 0) {
        let words = "if specified, must be a non-negative integer";
        errors.invalid(&path.child("borrowingLimitPercent"), limit, words);
    }
}

/// Go: `ValidatePriorityLevelQueuingConfiguration`
fn queues(queuing: &Tree, path: &Path, errors: &mut Errors) {
    const MOST: i64 = 10_000_000;
    const MOST_BITS: i64 = 60;
    let number = |field: &str| queuing.int(field).unwrap_or_default();
    let (length, queues, hand) = (number("queueLengthLimit"), number("queues"), number("handSize"));
    if length <= 0 {
        errors.invalid(&path.child("queueLengthLimit"), length, "must be positive");
    }
    if queues <= 0 {
        errors.invalid(&path.child("queues"), queues, "must be positive");
    } else if queues > MOST {
        errors.invalid(&path.child("queues"), queues, &format!("must not be greater than {MOST}"));
    }
    let bits = ((queues as f64).log2() * hand as f64).ceil() as i64;
    let path = path.child("handSize");
    if hand <= 0 {
        errors.invalid(&path, hand, "must be positive");
    } else if hand > queues {
        errors.invalid(&path, hand, &format!("should not be greater than queues ({queues})"));
    } else if bits > MOST_BITS {
        let words = format!(
            "required entropy bits of deckSize {queues} and handSize {hand} should not be greater than {MOST_BITS}"
        );
        errors.invalid(&path, hand, &words);
    }
}
