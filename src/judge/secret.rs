//! What is nobody's business: reports go to logs, so values of Secrets and of environment variables stay out of findings, and
//! so do the lines that hold them. What a field is called, and what is wrong with it, is told.

use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, Edit, Location, ObjectId, ValueOrigin};
use crate::manifest::workload;
use crate::path::{FieldPath, Step};
use crate::policy::Subject;
use crate::rules;
use crate::yaml::{self, Data, Node};

/// What stands in place of a value.
const HIDDEN: &str = "(hidden)";
/// A shorter text may be a word of ours too, so it is hidden in quotes only.
const SHORT: usize = 4;

/// What Go prints in the place of a value that is not there: no secret, and what a finding is about.
const NOTHING: [&str; 2] = ["<nil>", "<no value>"];
/// A value with more in it, or that nests deeper, is not looked for in a sentence: the sentence is left out.
const MOST: usize = 100;
const DEEPEST: usize = 100;

/// Whether a line of a file that cannot be read may hold what is nobody's business.
pub(super) fn is_telling(line: &str) -> bool {
    let plain: String = line.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    PRIVATE_WORDS.iter().any(|word| plain.contains(word))
}

/// Takes out of the findings what they say of values that are nobody's business.
pub(super) fn hide(found: &mut [Diagnostic], subject: &Subject) {
    for diagnostic in found.iter_mut() {
        let Location { object: Some(object), field: Some(field), .. } = &diagnostic.location else {
            continue;
        };
        let is_plain = diagnostic.code == rules::template::PLAIN_SECRET.code;
        let (is_in_variable, is_private) = (is_in_variable(field), is_plain || is_private(object, field));
        let location = &mut diagnostic.location;
        if is_in_variable {
            for line in [&mut location.excerpt, &mut location.source_excerpt] {
                // A variable that is written on one line has its value there.
                line.take_if(|line| line.contains("value") && !line.contains("{{"));
            }
        }
        if !is_private {
            continue;
        }
        let secrets = node_of(&diagnostic.location, subject).map(scalars).unwrap_or_default();
        diagnostic.message = without(&diagnostic.message, &secrets);
        diagnostic.help = diagnostic.help.take().map(|help| without(&help, &secrets));
        diagnostic.value = None;
        let location = &mut diagnostic.location;
        location.excerpt = location.excerpt.as_deref().and_then(line);
        location.source_excerpt = location.source_excerpt.as_deref().and_then(line);
        for edit in diagnostic.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            if let Edit::Set { value, .. } = edit {
                *value = Json::from(HIDDEN);
            }
        }
        for value in diagnostic.origin.values.iter_mut().flat_map(in_layers) {
            *value = Json::from(HIDDEN);
        }
    }
}

/// What a value is in each layer that sets it.
fn in_layers(value: &mut ValueOrigin) -> impl Iterator<Item = &mut Json> {
    let shadows = value.shadows.iter_mut().chain(&mut value.nulls).map(|shadow| &mut shadow.value);
    shadows.chain([&mut value.value]).filter(|value| !value.is_null())
}

/// Rendered YAML for people to look at: what a Secret or an environment variable holds is left out.
pub fn masked(text: &str) -> String {
    let Ok(documents) = yaml::parse_all(text) else { return text.to_owned() };
    let mut spans = Vec::new();
    for object in documents.iter().flat_map(workload::objects) {
        private_spans(object.node, &object.id, &FieldPath::root(), &mut spans);
    }
    spans.sort_unstable();
    let (mut shown, mut from) = (String::with_capacity(text.len()), 0);
    for (start, end) in spans {
        // An alias stands where its anchor does.
        if start >= from
            && let Some(before) = text.get(from..start)
        {
            shown.push_str(before);
            shown.push_str(HIDDEN);
            from = end;
        }
    }
    shown.push_str(text.get(from..).unwrap_or_default());
    shown
}

/// Where the scalars stand that are private. The depth is that of the document, which the parser bounds.
fn private_spans(node: &Node, object: &ObjectId, path: &FieldPath, spans: &mut Vec<(usize, usize)>) {
    match &node.data {
        Data::Map(entries) => {
            for entry in entries {
                private_spans(&entry.value, object, &path.clone().key(&entry.key), spans);
            }
        }
        Data::Seq(items) => {
            for (at, item) in items.iter().enumerate() {
                private_spans(item, object, &path.clone().index(at), spans);
            }
        }
        Data::Null | Data::Bool(_) => {}
        _ if is_private(object, path) => spans.push((node.span.start as usize, node.span.end as usize)),
        _ => {}
    }
}

/// What keys of values are called that hold what is nobody's business, in small letters and without what parts words.
const PRIVATE_WORDS: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "apikey",
    "accesskey",
    "privatekey",
    "connectionstring",
];
/// Such keys that name where it is kept.
const NAMES: [&str; 5] = ["name", "ref", "namespace", "existingsecret", "pullsecrets"];

/// Takes out of the findings what they say of values whose keys are called as secrets are, and of lines of values files that hold
/// some.
pub(super) fn hide_values(found: &mut [Diagnostic]) {
    for diagnostic in found {
        let mut secrets = Vec::new();
        // What a user sets and nothing reads may be called as a secret is, but for a slip.
        let is_unread = diagnostic.code == rules::values::UNREAD_VALUE.code && diagnostic.location.is_given;
        let Diagnostic { origin, message, help, location, related, .. } = diagnostic;
        for value in origin.values.iter_mut().chain(&mut origin.conditions) {
            let is_text = !matches!(value.value, Json::Null | Json::Bool(_) | Json::Number(_));
            if !(is_secret(&value.path) || is_unread && is_text) {
                continue;
            }
            for value in in_layers(value) {
                texts(value, &mut secrets);
                *value = Json::from(HIDDEN);
            }
        }
        let is_of_values = location.object.is_none() && location.field.is_some();
        if !secrets.is_empty() && is_of_values {
            secrets.sort_by_key(|text| std::cmp::Reverse(text.len()));
            *message = without(message, &secrets);
            *help = help.take().map(|help| without(&help, &secrets));
        }
        for location in related.iter_mut().chain([location]).filter(|location| location.object.is_none()) {
            location.source_excerpt =
                location.source_excerpt.take().map(|line| without_value(&line, is_unread));
        }
    }
}

/// All texts and numbers in a value.
fn texts(value: &Json, all: &mut Vec<String>) {
    match value {
        Json::String(text) if !text.is_empty() => all.push(text.clone()),
        Json::Number(number) => all.push(number.to_string()),
        Json::Array(items) => items.iter().for_each(|item| texts(item, all)),
        Json::Object(entries) => entries.values().for_each(|value| texts(value, all)),
        _ => {}
    }
}

/// Whether some key on the way to a value is called as a secret is.
fn is_secret(path: &FieldPath) -> bool {
    path.steps().iter().any(|step| matches!(step, Step::Key(key) if is_secret_word(key)))
}

fn is_secret_word(key: &str) -> bool {
    let key: String = key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    PRIVATE_WORDS.iter().any(|word| key.contains(word)) && !NAMES.iter().any(|name| key.ends_with(name))
}

/// Whether a value is a number or a word of YAML, or not on this line.
fn is_plain(value: &str) -> bool {
    let value = value.trim();
    value.is_empty() || matches!(value, "true" | "false" | "null" | "~") || value.parse::<f64>().is_ok()
}

/// A line of a values file without what stands behind a key that is called as a secret is, or behind any.
fn without_value(line: &str, is_all: bool) -> String {
    if line.contains("{{") {
        return line.to_owned();
    }
    let keys = line.match_indices(':').map(|(at, _)| at);
    let word = |at: usize| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'');
        line[..at].rsplit(|c| !is_part(c)).next().unwrap_or_default()
    };
    let secret =
        keys.into_iter().find(|at| is_all && !is_plain(&line[at + 1..]) || is_secret_word(word(*at)));
    match secret {
        Some(at) if !line[at + 1..].trim().is_empty() => format!("{}: {HIDDEN}", &line[..at]),
        _ => line.to_owned(),
    }
}

/// Whether the field holds what its owner keeps to himself: all of a Secret but what it is called, and the value of an
/// environment variable.
fn is_private(object: &ObjectId, field: &FieldPath) -> bool {
    let key = |step: Option<&Step>| step.map(|step| step.as_key().into_owned());
    let steps = field.steps();
    if object.kind == "Secret" {
        let first = key(steps.first()).unwrap_or_default();
        return !matches!(first.as_str(), "" | "apiVersion" | "kind" | "metadata" | "type" | "immutable");
    }
    let inside = (0..steps.len()).find(|at| is_list_of_variables(&steps[*at]));
    inside.is_some_and(|at| !matches!(key(steps.get(at + 2)).as_deref(), Some("name" | "valueFrom")))
}

/// Whether the field is an environment variable or a part of one.
fn is_in_variable(field: &FieldPath) -> bool {
    field.steps().iter().any(is_list_of_variables)
}

fn is_list_of_variables(step: &Step) -> bool {
    matches!(step, Step::Key(key) if key == "env")
}

fn node_of<'a>(location: &Location, subject: &'a Subject) -> Option<&'a Node> {
    let target = location.target.as_ref()?;
    let object = target.path.lookup(&subject.documents.get(target.document)?.node)?;
    location.field.as_ref()?.lookup(object)
}

/// All that is written in a value, the longest first.
fn scalars(node: &Node) -> Vec<String> {
    fn add(node: &Node, depth: usize, all: &mut Vec<String>) {
        match &node.data {
            _ if all.len() > MOST => {}
            _ if depth > DEEPEST => all.resize(MOST + 1, String::from("?")),
            Data::Seq(items) => items.iter().for_each(|item| add(item, depth + 1, all)),
            Data::Map(entries) => entries.iter().for_each(|entry| add(&entry.value, depth + 1, all)),
            Data::String(text) if text.is_empty() || NOTHING.contains(&text.as_str()) => {}
            Data::String(text) => all.push(text.clone()),
            Data::Int(number) => all.push(number.to_string()),
            Data::Uint(number) => all.push(number.to_string()),
            Data::Float(number) => all.push(number.to_string()),
            Data::Null | Data::Bool(_) => {}
        }
    }
    let mut all = Vec::new();
    add(node, 0, &mut all);
    all.sort_by_key(|text| std::cmp::Reverse(text.len()));
    all
}

fn without(text: &str, secrets: &[String]) -> String {
    if secrets.len() > MOST {
        return format!("what is wrong with it is told with its value {HIDDEN}");
    }
    secrets.iter().fold(text.to_owned(), |text, secret| {
        let text = text.replace(&Json::from(secret.as_str()).to_string(), HIDDEN);
        if secret.len() < SHORT { text } else { text.replace(secret.as_str(), HIDDEN) }
    })
}

/// A line, if nothing but actions stands in it: what these print is not seen in it.
fn line(line: &str) -> Option<String> {
    line.contains("{{").then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_secrets_and_of_variables_are_private() {
        let object = |kind: &str| ObjectId { kind: kind.to_owned(), ..ObjectId::default() };
        let private = |kind: &str, path: &str| is_private(&object(kind), &path.parse().expect("a path"));
        for path in ["data.a", "stringData", "stringdata[a.b]", "bogus.x"] {
            assert!(private("Secret", path) && !private("ConfigMap", path), "{path}");
        }
        for path in [
            "spec.containers[0].env[1].value",
            "spec.containers[a].env[B].value.x",
            "spec.env[0]",
            "spec.env[0].valu",
        ] {
            assert!(private("Pod", path), "{path}");
        }
        for path in
            ["spec.containers[0].env[1].name", "spec.env[0].valueFrom.x", "metadata.name", "spec.image"]
        {
            assert!(!private("Pod", path), "{path}");
        }
        assert!(!private("Secret", "metadata.name") && !private("Secret", "type"));
    }

    #[test]
    fn yaml_is_shown_without_what_is_private() {
        let text = "kind: Secret\nmetadata: {name: s}\ndata:\n  a: aHVudGVyMg==\n  b: |\n    hunter\n    2\ntype: Opaque\n---\n\
                    kind: Pod\nspec:\n  containers:\n  - name: a\n    env:\n    - {name: A, value: hunter2}\n    image: x # é\n";
        let shown = masked(text);
        assert!(!shown.contains("hunter") && !shown.contains("aHVudGVyMg"), "{shown}");
        for kept in ["a: (hidden)", "type: Opaque", "{name: A, value: (hidden)}", "image: x # é"] {
            assert!(shown.contains(kept), "{kept}: {shown}");
        }
    }

    #[test]
    fn a_line_of_values_is_shown_without_its_secret() {
        for (line, shown) in [
            ("  rootPassword: hunter2", "  rootPassword: (hidden)"),
            ("auth: {user: a, api-key: hunter2, x: 1}", "auth: {user: a, api-key: (hidden)"),
            ("tokens:", "tokens:"),
            ("existingSecret: name", "existingSecret: name"),
            ("secretName: name", "secretName: name"),
            ("image: a:1", "image: a:1"),
            ("password: {{ .Values.password }}", "password: {{ .Values.password }}"),
        ] {
            assert_eq!(without_value(line, false), shown);
        }
        assert_eq!(without_value("  passwrod: hunter2", true), "  passwrod: (hidden)");
        assert_eq!(without_value("  replicaCuont: 2", true), "  replicaCuont: 2");
    }

    #[test]
    fn what_go_prints_for_no_value_is_no_secret() {
        let node = yaml::parse("[<nil>, <no value>, hunter2]").unwrap();
        assert_eq!(scalars(&node), ["hunter2"]);
    }

    #[test]
    fn no_part_of_a_value_is_left_in_a_sentence() {
        let secrets = ["hunter2".to_owned(), "a\"b".to_owned(), "is".to_owned(), "7777".to_owned()];
        let told = without(r#"x is {"k":"hunter2","l":["a\"b","is",7777]}, hunter2"#, &secrets);
        assert_eq!(told, r#"x is {"k":(hidden),"l":[(hidden),(hidden),(hidden)]}, (hidden)"#);
    }
}
