//! [`Test`]: what a condition asks of one term, and what a value is to be that passes it.

use serde_json::{Value as Json, json};

use super::demand::{Demand, To, in_words};
use crate::go::semver::{Constraints, Version};
use crate::value::{Str, Value, print};

/// What is asked of a term.
#[derive(Clone, Copy, Debug)]
pub(super) enum Test<'t> {
    /// That it is this.
    Is(&'t Json),
    /// That it is a version in this range.
    Fits(&'t str),
    /// That it is of this kind, in Go's words.
    Kind(&'t str),
    /// That it has this part: `contains`, `hasPrefix` or `hasSuffix`.
    Part(&'t str, &'t str),
}

/// The newest minor version of Kubernetes that is looked at.
const NEWEST: u64 = 60;

impl Test<'_> {
    /// Whether a value passes.
    pub(super) fn holds(&self, value: Option<&Value>) -> bool {
        let text = || value.map(|value| print::sprint(value).to_string()).unwrap_or_default();
        match self {
            Test::Is(is) => value.is_some() && text() == in_words(is),
            Test::Fits(range) => fits(range, &text()),
            Test::Kind(kind) => kind_of(value) == *kind,
            Test::Part("hasPrefix", part) => text().starts_with(part),
            Test::Part("hasSuffix", part) => text().ends_with(part),
            Test::Part(_, part) => text().contains(part),
        }
    }

    /// What a value is to be that passes, or else does not; none where nobody knows.
    pub(super) fn asks_for(&self, now: Option<&Value>, wanted: bool) -> Option<To> {
        Some(match (self, wanted) {
            (Test::Is(is), true) => To::Is((*is).clone()),
            (Test::Is(is), false) => To::Not((*is).clone()),
            (Test::Fits(range), _) => To::Such(Json::from(version_in(range, wanted)?)),
            (Test::Kind("invalid"), true) => To::Unset,
            (Test::Kind(kind), true) => To::Such(example(kind)?),
            (Test::Kind("invalid"), false) => To::Set,
            (Test::Kind("string"), false) => To::Such(example("map")?),
            (Test::Kind(_), false) => To::Such(example("string")?),
            (Test::Part(_, part), true) => {
                // What stands there may be kept where the part is put before or behind it.
                let now = now.and_then(Value::as_text).map(Str::to_string).unwrap_or_default();
                match self {
                    Test::Part("hasPrefix", _) => To::Such(Json::from(format!("{part}{now}"))),
                    Test::Part("hasSuffix", _) => To::Such(Json::from(format!("{now}{part}"))),
                    _ => To::Such(Json::from(*part)),
                }
            }
            (Test::Part(_, part), false) => {
                To::Such(Json::from(["x", "y"].into_iter().find(|text| !text.contains(part))?))
            }
        })
    }

    /// The same of what Helm says beside the values.
    pub(super) fn asks_of(&self, name: &str, now: &str, wanted: bool) -> Option<Demand> {
        match (name, self) {
            ("Release.Name", Test::Is(Json::String(is))) if wanted => Some(Demand::Release(is.clone())),
            (name, Test::Fits(range)) if name.starts_with("Capabilities.KubeVersion") => {
                let near = Version::parse(now).ok()?.minor;
                let mut minors: Vec<u64> = (0..=NEWEST).collect();
                minors.sort_by_key(|minor| minor.abs_diff(near));
                let texts = minors.into_iter().map(|minor| format!("1.{minor}.0"));
                texts.into_iter().find(|text| fits(range, text) == wanted).map(Demand::Kube)
            }
            _ => None,
        }
    }
}

fn fits(range: &str, version: &str) -> bool {
    let range = Constraints::parse(range).ok();
    range.zip(Version::parse(version).ok()).is_some_and(|(range, version)| range.check(&version))
}

/// A version in a range, or else one that is none of it: near to the numbers that the range names.
fn version_in(range: &str, wanted: bool) -> Option<String> {
    let is_part = |c: char| !c.is_ascii_alphanumeric() && !".-+".contains(c);
    let named = range.split(is_part).filter_map(|word| Version::parse(word).ok());
    let mut all = Vec::new();
    for Version { major, minor, patch, .. } in named {
        all.extend([
            (major, minor, patch),
            (major, minor, patch + 1),
            (major, minor + 1, 0),
            (major + 1, 0, 0),
            (major, minor.saturating_sub(1), 0),
            (major.saturating_sub(1), 0, 0),
        ]);
    }
    all.push((0, 0, 1));
    let texts = all.into_iter().map(|(major, minor, patch)| format!("{major}.{minor}.{patch}"));
    texts.into_iter().find(|text| fits(range, text) == wanted)
}

/// Go: `reflect.Kind` of what a template finds.
fn kind_of(value: Option<&Value>) -> &'static str {
    match value {
        None | Some(Value::Nil) => "invalid",
        Some(Value::Bool(_)) => "bool",
        Some(Value::Str(_)) => "string",
        Some(Value::Map(_)) => "map",
        Some(Value::List(_)) => "slice",
        Some(Value::Int64(_)) => "int64",
        Some(Value::Float64(_)) => "float64",
        Some(Value::Int(_)) => "int",
        Some(_) => "ptr",
    }
}

/// Something of a kind.
fn example(kind: &str) -> Option<Json> {
    Some(match kind {
        "string" => json!("x"),
        "bool" => json!(true),
        "map" => json!({ "x": "x" }),
        "slice" => json!(["x"]),
        "int64" | "int" => json!(1),
        "float64" => json!(1.5),
        _ => return None,
    })
}

/// A literal as a template has it.
pub(super) fn value_of(literal: &Json) -> Value {
    match literal {
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Int64(number),
            None => Value::Float64(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::Str(Str::from(text.as_str())),
        _ => Value::Nil,
    }
}
