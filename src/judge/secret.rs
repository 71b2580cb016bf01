//! What is nobody's business: reports go to logs, so values of Secrets and of environment variables stay out of findings, and
//! so do the lines that hold them. What a field is called, and what is wrong with it, is told.

use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, Edit, Location, ObjectId};
use crate::path::{FieldPath, Step};
use crate::policy::Subject;
use crate::rules;
use crate::yaml::{Data, Node};

/// What stands in place of a value.
const HIDDEN: &str = "(hidden)";
/// A shorter text may be a word of ours too, so it is hidden in quotes only.
const SHORT: usize = 4;
/// A value with more in it, or that nests deeper, is not looked for in a sentence: the sentence is left out.
const MOST: usize = 100;
const DEEPEST: usize = 100;

/// Words in the names of keys whose values are nobody's business.
const TELLING: [&str; 8] =
    ["password", "passwd", "passphrase", "secret", "token", "apikey", "credential", "privatekey"];

/// Whether a line of a file that cannot be read may hold what is nobody's business.
pub(super) fn is_telling(line: &str) -> bool {
    let plain: String = line.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    TELLING.iter().any(|word| plain.contains(word))
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
        for value in &mut diagnostic.origin.values {
            let shadows = value.shadows.iter_mut().chain(&mut value.nulls).map(|shadow| &mut shadow.value);
            shadows.chain([&mut value.value]).filter(|value| !value.is_null()).for_each(|value| {
                *value = Json::from(HIDDEN);
            });
        }
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
            Data::String(text) if text.is_empty() => {}
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
    fn no_part_of_a_value_is_left_in_a_sentence() {
        let secrets = ["hunter2".to_owned(), "a\"b".to_owned(), "is".to_owned(), "7777".to_owned()];
        let told = without(r#"x is {"k":"hunter2","l":["a\"b","is",7777]}, hunter2"#, &secrets);
        assert_eq!(told, r#"x is {"k":(hidden),"l":[(hidden),(hidden),(hidden)]}, (hidden)"#);
    }
}
