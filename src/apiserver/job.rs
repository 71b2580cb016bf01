//! Jobs and cron jobs.
//!
//! Source: k8s.io/kubernetes `pkg/apis/batch/validation/validation.go`, `pkg/registry/batch/job/strategy.go`.

use super::error::{Bad, Errors, Path};
use super::meta::{self, Selector, nonnegative_field};
use super::tree::Tree;
use super::{cron, job_policy, pod, text};

/// Labels that the server puts on the pods of a job.
const NAME_LABELS: [&str; 2] = ["job-name", "batch.kubernetes.io/job-name"];
const UID_LABELS: [&str; 2] = ["controller-uid", "batch.kubernetes.io/controller-uid"];

/// What stands for the identity that the server gives an object when it takes it.
const UID: &str = "00000000-0000-0000-0000-000000000000";

/// What the server puts in of its own: a selector, and labels of the pods, which are those of a job without any as well.
///
/// Go: `SetDefaults_Job`, `generateSelectorIfNeeded`
pub fn complete(job: &mut Tree) {
    const LABELS: [&str; 4] = ["spec", "template", "metadata", "labels"];
    let shares = !job.at(&LABELS).is_null() && job.at(&["metadata", "labels"]).entries().is_empty();
    if !job.at(&["spec"]).is("manualSelector") {
        generate_selector(job);
    }
    if shares {
        let labels = job.at(&LABELS).clone();
        job.field_mut("metadata").set("labels", labels);
    }
}

fn generate_selector(job: &mut Tree) {
    let name = job.at(&["metadata"]).str("name").to_owned();
    let spec = job.field_mut("spec");
    let labels = spec.field_mut("template").field_mut("metadata").field_mut("labels");
    for label in NAME_LABELS {
        labels.default(label, name.as_str());
    }
    for label in UID_LABELS {
        labels.default(label, UID);
    }
    let key = UID_LABELS[1];
    spec.field_mut("selector").field_mut("matchLabels").default(key, UID);
}

/// Go: `ValidateJobCreate`
pub fn job(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    let name = object.get("metadata").str("name");
    generated_selector(spec, name, errors);
    job_spec(spec, &path, errors);
    let selector = spec.get("selector");
    if selector.is_null() {
        errors.required(&path.child("selector"), "");
    } else {
        meta::label_selector(selector, &path.child("selector"), errors);
    }
    let labels = spec.at(&["template", "metadata", "labels"]);
    if Selector::of(selector, errors).is_some_and(|asked| !asked.matches(labels)) {
        let path = path.child("template").child("metadata").child("labels");
        let bad = Bad::Typed(labels, "map[string]string");
        errors.invalid(&path, bad, "`selector` does not match template `labels`");
    }
    let completions = spec.int("completions").unwrap_or_default();
    if spec.str("completionMode") == "Indexed" && completions > 0 {
        let host = format!("{name}-{}", completions - 1);
        if !text::dns_label(&host).is_empty() {
            let words = format!("will not able to create pod with invalid DNS label: {host}");
            errors.invalid(&Path::new("metadata").child("name"), name, &words);
        }
    }
}

/// Go: `validateGeneratedSelector`
fn generated_selector(spec: &Tree, name: &str, errors: &mut Errors) {
    let selector = spec.get("selector");
    if spec.is("manualSelector") || selector.is_null() {
        return;
    }
    let labels = spec.at(&["template", "metadata", "labels"]);
    let path = Path::new("spec").child("template").child("metadata").child("labels");
    for at in 0..2 {
        for (label, wanted) in [(UID_LABELS[at], UID), (NAME_LABELS[at], name)] {
            if !labels.has(label) {
                errors.required(&path.key(label), &format!("must be '{wanted}'"));
            } else if labels.str(label) != wanted {
                let bad = Bad::Typed(labels, "map[string]string");
                errors.invalid(&path.key(label), bad, &format!("must be '{wanted}'"));
            }
        }
    }
    let pairs =
        NAME_LABELS.map(|label| (label, name)).into_iter().chain(UID_LABELS.map(|label| (label, UID)));
    let expected = Tree::Map(pairs.map(|(label, value)| (label.to_owned(), value.into())).collect());
    if Selector::of(selector, errors).is_some_and(|asked| !asked.matches(&expected)) {
        let bad = Bad::Typed(selector, "meta/v1.LabelSelector");
        errors.invalid(&Path::new("spec").child("selector"), bad, "`selector` not auto-generated");
    }
}

/// Go: `validateJobSpec`
fn job_spec(spec: &Tree, path: &Path, errors: &mut Errors) {
    let numbers = [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "backoffLimitPerIndex",
        "maxFailedIndexes",
    ];
    for field in numbers {
        nonnegative_field(spec, field, path, errors);
    }
    if spec.has("maxFailedIndexes") && !spec.has("backoffLimitPerIndex") {
        errors.required(&path.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified");
    }
    if spec.has("managedBy") && errors.since(32) {
        domain_prefixed_path(spec.str("managedBy"), &path.child("managedBy"), errors);
        if spec.str("managedBy").len() > 63 {
            errors.too_long(&path.child("managedBy"), 63);
        }
    }
    completion_mode(spec, path, errors);
    let failure = spec.get("podFailurePolicy");
    if !failure.is_null() {
        job_policy::failure(spec, &path.child("podFailurePolicy"), errors);
    }
    if spec.has("successPolicy") && errors.since(31) {
        job_policy::success(spec, &path.child("successPolicy"), errors);
    }
    let replacement = spec.str("podReplacementPolicy");
    if spec.has("podReplacementPolicy") {
        let known: &[&str] = if failure.is_null() { &["Failed", "TerminatingOrFailed"] } else { &["Failed"] };
        if !known.contains(&replacement) {
            errors.not_supported(&path.child("podReplacementPolicy"), replacement, known);
        }
    }
    pod::template(spec.get("template"), &path.child("template"), errors);
    let policy = spec.at(&["template", "spec"]).str("restartPolicy");
    let path = path.child("template").child("spec").child("restartPolicy");
    match policy {
        "Always" | "" => errors.required(&path, "valid values: \"OnFailure\", \"Never\""),
        "OnFailure" | "Never" => {
            if !failure.is_null() && policy != "Never" {
                let words = "only \"Never\" is supported when podFailurePolicy is specified";
                errors.invalid(&path, policy, words);
            }
        }
        other => errors.not_supported(&path, other, &["OnFailure", "Never"]),
    }
}

fn completion_mode(spec: &Tree, path: &Path, errors: &mut Errors) {
    const MANY: i64 = 100_000;
    const FEWER: i64 = 10_000;
    let number = |field: &str| spec.int(field);
    let mode = spec.str("completionMode");
    if !matches!(mode, "NonIndexed" | "Indexed") {
        errors.not_supported(&path.child("completionMode"), mode, &["NonIndexed", "Indexed"]);
    }
    let at_most = |field: &str, most: i64, words: &str, errors: &mut Errors| {
        if let Some(value) = number(field).filter(|value| *value > most) {
            errors.invalid(&path.child(field), value, words);
        }
    };
    if mode == "Indexed" {
        if !spec.has("completions") {
            errors.required(&path.child("completions"), "when completion mode is Indexed");
        }
        let words = format!("must be less than or equal to {MANY} when completion mode is Indexed");
        at_most("parallelism", MANY, &words, errors);
        if let Some(completions) = number("completions") {
            at_most("maxFailedIndexes", completions, "must be less than or equal to completions", errors);
        }
        at_most("maxFailedIndexes", MANY, &format!("must be less than or equal to {MANY}"), errors);
        if number("completions").is_some_and(|count| count > MANY) && spec.has("backoffLimitPerIndex") {
            if !spec.has("maxFailedIndexes") {
                let words = format!("must be specified when completions is above {MANY}");
                errors.required(&path.child("maxFailedIndexes"), &words);
            }
            let words = format!(
                "must be less than or equal to {FEWER} when completions are above {MANY} and used with backoff limit per index"
            );
            at_most("parallelism", FEWER, &words, errors);
            at_most("maxFailedIndexes", FEWER, &words, errors);
        }
    }
    if mode == "NonIndexed" {
        for field in ["backoffLimitPerIndex", "maxFailedIndexes"] {
            if let Some(value) = number(field) {
                errors.invalid(&path.child(field), value, "requires indexed completion mode");
            }
        }
    }
}

/// Go: `IsDomainPrefixedPath`
pub fn domain_prefixed_path(value: &str, path: &Path, errors: &mut Errors) {
    if value.is_empty() {
        return errors.required(path, "");
    }
    let (host, rest) = value.split_once('/').unwrap_or((value, ""));
    if host.is_empty() || rest.is_empty() {
        return errors.invalid(path, value, "must be a domain-prefixed path (such as \"acme.io/foo\")");
    }
    errors.invalid_each(path, host, text::dns_subdomain(host));
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "/-._~%!$&'()*+,;=:".contains(c);
    if !rest.chars().all(is_allowed) {
        let words = text::mismatch("Invalid path", "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+", &[]);
        errors.invalid(path, rest, &words);
    }
}

/// Go: `ValidateCronJobCreate`
pub fn cron_job(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    let schedule = spec.str("schedule");
    if schedule.is_empty() {
        errors.declared(|errors| errors.required(&path.child("schedule"), ""));
    } else {
        cron::schedule(schedule, &path.child("schedule"), errors);
    }
    nonnegative_field(spec, "startingDeadlineSeconds", &path, errors);
    if spec.has("timeZone") {
        cron::time_zone(spec.str("timeZone"), &path.child("timeZone"), errors);
    }
    let policies = ["Allow", "Forbid", "Replace"];
    if !policies.contains(&spec.str("concurrencyPolicy")) {
        errors.not_supported(&path.child("concurrencyPolicy"), spec.str("concurrencyPolicy"), &policies);
    }
    let (job, place) = (spec.at(&["jobTemplate", "spec"]), path.child("jobTemplate").child("spec"));
    job_spec(job, &place, errors);
    if job.has("selector") {
        let bad = Bad::Typed(job.get("selector"), "meta/v1.LabelSelector");
        errors.invalid(&place.child("selector"), bad, "`selector` will be auto-generated");
    }
    if job.is("manualSelector") {
        errors.not_supported(&place.child("manualSelector"), true, &["nil", "false"]);
    }
    for field in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
        nonnegative_field(spec, field, &path, errors);
    }
    let name = object.get("metadata").str("name");
    if name.len() > 52 {
        let words = "must be no more than 52 characters";
        errors.invalid(&Path::new("metadata").child("name"), name, words);
    }
}
