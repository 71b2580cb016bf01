use crate::manifest::hook::Event;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Release, Reporter, Role, declare_rule};
use crate::suggest;
use crate::yaml::Node;

declare_rule! {
    /// Annotations of hooks should say what Helm knows.
    ///
    /// ## Why
    /// Helm passes over what it does not know without a word: a hook whose moment is misspelt never runs, one whose policy
    /// of deletion is misspelt is not deleted, a weight that is no number is 0, and a hook annotation among the labels
    /// makes no hook. What lies in `crds/` is never a hook, and not told.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   annotations:
    ///     helm.sh/hooks: pre-install
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   annotations:
    ///     helm.sh/resource-policy: keep
    /// ```
    /// ```chart good
    /// --- crds/widget.yaml
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata:
    ///   name: widgets.example.com
    ///   annotations:
    ///     helm.sh/hook: crd-install
    /// ```
    ///
    /// ## Fix
    /// Write it as Helm does.
    "TPL107" "unknown-hook-setting" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: Helm's list of hook events, policies and annotations"],
        check: Check::Release(check),
    }
}

const POLICIES: [&str; 3] = ["before-hook-creation", "hook-succeeded", "hook-failed"];
const EVENTS: [&str; 9] = [
    "pre-install",
    "post-install",
    "pre-delete",
    "post-delete",
    "pre-upgrade",
    "post-upgrade",
    "pre-rollback",
    "post-rollback",
    "test",
];
/// The annotations of hooks, and what each may list; a weight is a number.
const HOOK: &str = "helm.sh/hook";
const WEIGHT: &str = "helm.sh/hook-weight";
const LISTS: [&str; 2] = ["helm.sh/hook-delete-policy", "helm.sh/hook-output-log-policy"];

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    // Files of `crds/` are hooks of nothing, whatever they say: many say it for Helm 2 too.
    for (_, object) in release.asked().filter(|(_, object)| object.document.role != Role::Crd) {
        let at = |of: &str| FieldPath::root().keys(&["metadata", of]);
        let entries = |of: &str| object.node.at(&["metadata", of]).map(Node::entries).unwrap_or_default();
        for entry in entries("annotations") {
            let path = at("annotations").key(entry.key.clone());
            annotation(object, &path, &entry.key, &entry.value, r);
        }
        for entry in entries("labels").iter().filter(|entry| entry.key == HOOK) {
            let path = at("labels").key(entry.key.clone());
            let finding =
                r.report_on(object, path, "the label makes no hook of the object: Helm reads annotations");
            finding.help("move it to `metadata.annotations`");
        }
    }
}

fn annotation(object: &Object<'_>, path: &FieldPath, key: &str, value: &Node, r: &mut Reporter<'_>) {
    let text = value.as_str().unwrap_or_default();
    let known = [HOOK, WEIGHT, LISTS[0], LISTS[1]];
    if key == HOOK {
        words(object, path, text, "moment", &EVENTS, r);
    } else if LISTS.contains(&key) {
        words(object, path, text, "policy", &POLICIES, r);
    } else if key == WEIGHT && value.as_str().is_some_and(|text| text.trim().parse::<i64>().is_err()) {
        let finding =
            r.report_on(object, path.clone(), format!("the weight `{text}` is no number, and counts as 0"));
        finding.help("write a number in quotes: `\"-5\"`");
    } else if key.starts_with(HOOK) && !known.contains(&key) {
        let finding = r.report_on(object, path.clone(), format!("Helm knows no annotation `{key}`"));
        if let Some(meant) = suggest::closest(key, known) {
            finding.help(format!("did you mean `{meant}`?"));
        }
    }
}

fn words(
    object: &Object<'_>,
    path: &FieldPath,
    text: &str,
    what: &str,
    known: &[&str],
    r: &mut Reporter<'_>,
) {
    for word in text.split(',').map(|word| word.trim().to_lowercase()) {
        let is_event = what == "moment" && Event::by_name(&word).is_some();
        if word.is_empty() || is_event || known.contains(&word.as_str()) {
            continue;
        }
        let finding = r.report_on(object, path.clone(), format!("Helm knows no hook {what} `{word}`"));
        finding.help(match suggest::closest(&word, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("write one of {}", known.join(", ")),
        });
    }
}
