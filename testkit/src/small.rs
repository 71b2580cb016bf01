//! The small families: YAML, `--set` expressions, version constraints, patterns, `.helmignore`.

use plimsoll::internals::chart::IgnoreRules;
use plimsoll::internals::go::glob::{self, Glob};
use plimsoll::internals::go::{path, semver};
use plimsoll::internals::value::{Map, Value, print};
use plimsoll::internals::values::strvals::{self, Mode};
use plimsoll::internals::yaml::{self, Data, Node};
use serde_json::Value as Json;

use crate::cases::Case;
use crate::difference::compare;

/// `yaml`: the section `yaml` as JSON.
pub fn yaml(case: &Case) -> Result<(), String> {
    let text = case.get("yaml").ok_or("no section `yaml`")?;
    // sigs.k8s.io/yaml's YAMLToJSON says what go-yaml says, without what Unmarshal puts before it.
    let read = yaml::parse(&text).map(|node| to_json(&node)).map_err(|error| error.message().to_owned());
    expect_json(case, read)?;
    let Some(recorded) = case.get("json") else { return Ok(()) };
    // What Unmarshal gives is what encoding/json makes of that JSON, every number a float.
    let shown =
        |value: Result<Value, String>| Ok::<_, String>(format!("{}\n", print::sprintf("%#v", &[value?])?));
    let wanted = shown(yaml::json::from_json(recorded.as_bytes()).map_err(|error| error.to_string()))?;
    compare("the value", &wanted, &shown(yaml::from_str(&text).map_err(|error| error.to_string()))?)
}

/// Compares JSON with the section `json`, or an error with the section `error`.
fn expect_json(case: &Case, got: Result<Json, String>) -> Result<(), String> {
    match (got, case.get("error")) {
        (Err(got), Some(wanted)) => compare("the error", &wanted, &got),
        (Err(got), None) => Err(format!("an error where Helm has none:\n{got}")),
        (Ok(got), Some(wanted)) => Err(format!("no error where Helm has one:\n{wanted}\nbut\n{got}")),
        (Ok(got), None) => {
            let wanted = case.get("json").ok_or("nothing recorded: run `cargo xtask oracle`")?;
            let wanted: Json = serde_json::from_str(&wanted).map_err(|error| error.to_string())?;
            let pretty = |json: Json| format!("{:#}\n", rounded(json));
            compare("the JSON", &pretty(wanted), &pretty(got))
        }
    }
}

fn to_json(node: &Node) -> Json {
    match &node.data {
        Data::Null => Json::Null,
        Data::Bool(b) => Json::from(*b),
        Data::Int(n) => Json::from(*n),
        Data::Uint(n) => Json::from(*n),
        // As Go writes it, which is a whole number where it can be.
        Data::Float(x) => {
            let text = yaml::json::to_json(&Value::Float64(*x)).unwrap_or_default();
            serde_json::from_str(&text).unwrap_or_default()
        }
        Data::String(text) => Json::from(text.as_str()),
        Data::Seq(items) => items.iter().map(to_json).collect(),
        Data::Map(entries) => {
            entries.iter().map(|entry| (entry.key.clone(), to_json(&entry.value))).collect()
        }
    }
}

/// The same with 15 digits of each number that is not whole: serde_json may miss the last bit.
fn rounded(json: Json) -> Json {
    match json {
        Json::Number(number) => match number.as_f64() {
            Some(x) if number.is_f64() => Json::from(format!("{x:.14e}")),
            _ => Json::Number(number),
        },
        Json::Array(items) => items.into_iter().map(rounded).collect(),
        Json::Object(entries) => entries.into_iter().map(|(key, value)| (key, rounded(value))).collect(),
        other => other,
    }
}

/// `semver`: which versions fit the constraint.
pub fn semver(case: &Case) -> Result<(), String> {
    let constraint = case.get("constraint").ok_or("no section `constraint`")?;
    let constraints = semver::Constraints::parse(&constraint);
    verdicts(case, |name| {
        let constraints = constraints.as_ref().map_err(ToString::to_string)?;
        Ok(semver::Version::parse(name).is_ok_and(|version| constraints.check(&version)))
    })
}

/// `glob`: which names fit the pattern of `.Files.Glob`.
pub fn glob(case: &Case) -> Result<(), String> {
    let glob = Glob::new(&case.get("pattern").ok_or("no section `pattern`")?);
    let text = |error: &glob::Error| error.to_string();
    verdicts(case, |name| glob.as_ref().map_err(text)?.matches(name).map_err(|error| text(&error)))
}

/// `match`: which names fit the pattern of Go's `filepath.Match`.
pub fn shell_pattern(case: &Case) -> Result<(), String> {
    let pattern = case.get("pattern").ok_or("no section `pattern`")?;
    verdicts(case, |name| path::matches(&pattern, name).map_err(|error| error.to_string()))
}

/// Holds each name against what was recorded of it.
fn verdicts(case: &Case, holds: impl Fn(&str) -> Result<bool, String>) -> Result<(), String> {
    let names = case.get("names").ok_or("no section `names`")?;
    let lines: Result<Vec<String>, String> = names
        .split('\n')
        .map(|name| Ok(format!("{} {name}", if holds(name)? { "yes" } else { "no" })))
        .collect();
    match (lines, case.get("error")) {
        (Err(got), Some(wanted)) => compare("the error", &wanted, &got),
        (Err(got), None) => Err(format!("an error where Helm has none:\n{got}")),
        (Ok(_), Some(wanted)) => Err(format!("no error where Helm has one:\n{wanted}")),
        (Ok(lines), None) => {
            compare("the verdicts", &case.get("want").unwrap_or_default(), &lines.join("\n"))
        }
    }
}

/// `strvals`: the section `values` after the expressions were set in it.
pub fn strvals(case: &Case) -> Result<(), String> {
    let values =
        yaml::map_from_str(case.get("values").unwrap_or_default()).map_err(|error| error.to_string())?;
    let set = || -> Result<Json, String> {
        set_into(case, &values)?;
        let text = yaml::json::to_json(&Value::Map(values.clone()))?;
        serde_json::from_str(&text).map_err(|error| error.to_string())
    };
    expect_json(case, set())
}

/// Sets the expressions of the case in their order.
pub fn set_into(case: &Case, values: &Map) -> Result<(), String> {
    let mut read = |name: &str| {
        let mut files = case.all("file");
        let found = files.find(|(path, _)| *path == name).map(|(_, text)| text.into_bytes());
        found.ok_or_else(|| format!("no file {name}"))
    };
    for section in &case.sections {
        let mode = match section.kind.as_str() {
            "set" => Mode::Typed,
            "string" => Mode::String,
            "literal" => Mode::Literal,
            "json-values" => Mode::Json,
            "file-values" => Mode::File(&mut read),
            _ => continue,
        };
        strvals::parse_into(&section.text, mode, values)?;
    }
    Ok(())
}

/// `ignore`: which paths the `.helmignore` hides; one that ends in a slash is a folder.
pub fn ignore(case: &Case) -> Result<(), String> {
    let rules = IgnoreRules::parse(case.get("helmignore").unwrap_or_default().as_bytes());
    verdicts(case, |name| {
        let rules = rules.as_ref().map_err(ToString::to_string)?;
        Ok(rules.ignores(name.trim_end_matches('/'), name.ends_with('/')))
    })
}
