//! `values.schema.json`: whether values fit it, in the words of santhosh-tekuri/jsonschema v6.0.3, which Helm uses, and in
//! its way: a schema is held against its metaschema, compiled (`compile`) and then the values against it (`validate`).
//!
//! Where Go's order differs from run to run, because it walks a map, the order here is that of the keys.

mod address;
mod compile;
mod compiled;
mod document;
mod draft;
mod error;
mod fault;
mod format;
mod loader;
mod metaschema;
pub mod misfit;
mod number;
mod quick;
mod report;
mod root;
mod validate;

use std::fmt;
use std::path::Path;
use std::rc::Rc;

pub use misfit::Misfit;

use compile::Compiler;
use compiled::Arena;
use document::Json;
use loader::Loader;
use metaschema::Metaschemas;
use root::Roots;
use validate::{Failure, Validation};

use crate::go::slog;
use crate::value::{Map, Value};

/// The name that Helm gives a chart's schema.
const NAME: &str = "file:///values.schema.json";

/// Fetches the text of a remote schema; the error is the whole reason.
pub type Fetch = fn(&str) -> Result<Vec<u8>, String>;

/// How schemas may be looked up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Fetches a remote `$ref`, as Helm does; without it a remote `$ref` is an error that says how to bundle it.
    pub fetch: Option<Fetch>,
}

/// Why values do not fit a schema, or cannot be held against it. Its `Display` is Helm's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    text: String,
    /// What of the values does not fit.
    pub misfits: Vec<Misfit>,
}

impl From<String> for Refusal {
    fn from(text: String) -> Refusal {
        Refusal { text, misfits: Vec::new() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Checks values against the text of a schema of the chart in the folder, where it lies in one: files that it refers to are
/// read there and nowhere else. The error is Helm's text, each line of it ended if it is about values;
/// what Helm logs is added to the warnings. Helm: `ValidateAgainstSingleSchema`.
pub fn validate(
    values: &Map,
    schema: &[u8],
    options: Options,
    folder: Option<&Path>,
    warnings: &mut Vec<slog::Line>,
) -> Result<(), Refusal> {
    let document = Json::read(schema)?;
    let values = Json::of(&Value::Map(values.clone()));
    if quick::fits(&document, &values) {
        return Ok(());
    }
    validate_long(document, &values, options, folder, warnings)
}

/// As [`validate`], of any schema.
fn validate_long(
    document: Json,
    values: &Json,
    options: Options,
    folder: Option<&Path>,
    warnings: &mut Vec<slog::Line>,
) -> Result<(), Refusal> {
    let arena = Rc::new(Arena::default());
    let mut loader = Loader::new(options, folder);
    loader.add(NAME, document);
    let mut compiler = Compiler::new(arena.clone(), Roots::new(loader), Some(Metaschemas::shared()));
    let compiled = compiler.compile(NAME);
    for warning in compiler.roots.loader.warnings {
        // Helm warns once of each name.
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    let schema = compiled.map_err(|error| error.to_string())?;
    validate::validate(&Validation::of_values(&arena), schema, None, values).map_err(
        |failure| match failure {
            Failure::Invalid(fault) => {
                let report = report::report(&fault);
                let first = format!("jsonschema validation failed with '{NAME}#'\n");
                let text = report.strip_prefix(&first).unwrap_or(&report).to_owned() + "\n";
                Refusal { text, misfits: misfit::misfits(&fault, values, NAME) }
            }
            Failure::Stopped(why) => Refusal::from(why),
        },
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Json, Options, quick, validate, validate_long};
    use crate::value::Value;
    use crate::yaml;

    fn outcome(schema: &str, values: &str, options: Options) -> Result<(), String> {
        let values = yaml::map_from_str(values).expect("the test's values are a map");
        validate(&values, schema.as_bytes(), options, None, &mut Vec::new()).map_err(|it| it.to_string())
    }

    #[test]
    fn fetches_nothing_unasked() {
        let schema = r#"{"properties": {"a": {"$ref": "https://example.com/s.json#/$defs/x"}}}"#;
        let wanted = "failing loading \"https://example.com/s.json\": values.schema.json has \"$ref\": \
                      \"https://example.com/s.json#/$defs/x\" at \"/properties/a\", and remote schemas are not fetched: \
                      bundle it (copy that schema into values.schema.json below \"$defs\", \"definitions\" before draft \
                      2019-09, and refer to it as \"#/$defs/NAME\"), or let it be fetched with --allow-remote-schemas";
        assert_eq!(outcome(schema, "a: 1", Options::default()), Err(wanted.to_owned()));
        let schema = r#"{"$schema": "http://example.com/own"}"#;
        let error = outcome(schema, "a: 1", Options::default()).expect_err("nothing may be fetched");
        assert!(error.contains("name the published draft that it extends"), "{error}");
    }

    #[test]
    fn fetches_what_it_may() {
        let fetch = |url: &str| match url {
            "http://example.com/s.json" => Ok(br#"{"$defs": {"x": {"type": "null"}}}"#.to_vec()),
            other => Err(format!("HTTP request to {other} returned status 404 (Not Found)")),
        };
        let options = Options { fetch: Some(fetch) };
        let schema = r#"{"properties": {"a": {"$ref": "http://example.com/s.json#/$defs/x"}}}"#;
        let wanted = "- at '/a': got number, want null\n";
        assert_eq!(outcome(schema, "a: 1", options), Err(wanted.to_owned()));
        let wanted = "failing loading \"http://example.com/t.json\": HTTP request to http://example.com/t.json returned \
                      status 404 (Not Found)";
        let schema = r#"{"$ref": "http://example.com/t.json"}"#;
        assert_eq!(outcome(schema, "a: 1", options), Err(wanted.to_owned()));
    }

    #[test]
    fn reads_files_of_the_chart_alone() {
        let folder = tempfile::tempdir().expect("there is a place");
        let chart = folder.path().join("chart");
        std::fs::create_dir(&chart).expect("there is a place");
        std::fs::write(chart.join("own.json"), r#"{"const": "own"}"#).expect("it can be written");
        std::fs::write(folder.path().join("secret.json"), r#"{"const": "secret"}"#)
            .expect("it can be written");
        std::os::unix::fs::symlink("../secret.json", chart.join("link.json")).expect("it can be linked");
        let outcome = |file: &Path| {
            let schema = format!(r#"{{"properties": {{"a": {{"$ref": "file://{}"}}}}}}"#, file.display());
            let values = yaml::map_from_str("a: 1").expect("the test's values are a map");
            let folder = Some(chart.as_path());
            let options = Options::default();
            let outcome = validate(&values, schema.as_bytes(), options, folder, &mut Vec::new());
            outcome.expect_err("1 is no text").to_string()
        };
        assert_eq!(outcome(&chart.join("own.json")), "- at '/a': value must be 'own'\n");
        for outside in [
            folder.path().join("secret.json"),
            chart.join("../secret.json"),
            chart.join("link.json"),
            "/dev/zero".into(),
            "/etc/passwd".into(),
        ] {
            let said = outcome(&outside);
            assert!(said.ends_with("lies outside of the chart, whose schemas read nothing there"), "{said}");
        }
    }

    #[test]
    fn the_short_way_never_takes_what_the_long_way_refuses() {
        const SCHEMAS: [&str; 24] = [
            "true",
            "false",
            "{}",
            r#"{"type": "string"}"#,
            r#"{"type": ["integer", "null"]}"#,
            r#"{"type": "number"}"#,
            r#"{"type": "nothing"}"#,
            r#"{"type": []}"#,
            r#"{"type": ["null", "null"]}"#,
            r#"{"type": 1}"#,
            r#"{"title": 1}"#,
            r#"{"description": "x", "default": [1], "form": true}"#,
            r#"{"enum": [1, "a"]}"#,
            r#"{"enum": 1}"#,
            r#"{"minimum": 1}"#,
            r#"{"maximum": 1}"#,
            r#"{"minimum": "1"}"#,
            r#"{"maximum": null}"#,
            r#"{"required": ["a"]}"#,
            r#"{"required": "a"}"#,
            r#"{"required": ["a", "a"]}"#,
            r#"{"items": 1}"#,
            r#"{"pattern": "("}"#,
            r#"{"$id": "x"}"#,
        ];
        const VALUES: [&str; 12] =
            ["null", "true", "1", "1.5", "0", "-3", "a", "\"\"", "[]", "[1, a]", "{}", "{a: 1, b: c}"];
        let mut taken = 0;
        for inner in SCHEMAS {
            for schema in [
                format!(r#"{{"properties": {{"a": {inner}}}}}"#),
                format!(r#"{{"properties": {{"a": {{"items": {inner}}}}}}}"#),
                format!(r#"{{"additionalProperties": {inner}}}"#),
                format!(r#"{{"additionalProperties": {inner}, "properties": {{"a": true, "b": {inner}}}}}"#),
                format!(
                    r#"{{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {{"a": {inner}}}}}"#
                ),
                format!(
                    r#"{{"$schema": "http://json-schema.org/schema#", "properties": {{"a": {{"$schema": {inner}}}}}}}"#
                ),
            ] {
                for value in VALUES {
                    let text = format!("a: {value}");
                    let map = yaml::map_from_str(&text).expect("the test's values are a map");
                    let document = Json::read(schema.as_bytes()).expect("the test's schemas are JSON");
                    let values = Json::of(&Value::Map(map));
                    if quick::fits(&document, &values) {
                        taken += 1;
                        let long =
                            validate_long(document, &values, Options::default(), None, &mut Vec::new());
                        assert_eq!(long, Ok(()), "{schema} {text}");
                    }
                }
            }
        }
        assert!(taken > 200, "{taken}");
    }

    #[test]
    fn ends_on_what_would_not_end() {
        let outcome = |schema: &str| outcome(schema, "a: 1", Options::default());
        let twice = |at: usize| {
            format!(
                r##""d{at}": {{"allOf": [{{"$ref": "#/$defs/d{0}"}}, {{"$ref": "#/$defs/d{0}"}}]}}"##,
                at + 1
            )
        };
        let doubling: Vec<String> = (0..40).map(twice).collect();
        let doubling = format!(
            r##"{{"$ref": "#/$defs/d0", "$defs": {{{}, "d40": {{"type": "null"}}}}}}"##,
            doubling.join(",")
        );
        assert_eq!(outcome(&doubling), Err("gave up after 200000 faults".to_owned()));
        let cycle = r##"{"$ref": "#/$defs/s", "$defs": {"s": {"$dynamicRef": "#/$defs/s"}}}"##;
        assert!(outcome(cycle).expect_err("it is a circle").contains("causing reference cycle"));
        let deep = format!("{}{{}}{}", r#"{"not":"#.repeat(9_000), "}".repeat(9_000));
        let deep = std::thread::Builder::new().stack_size(256 << 20).spawn(move || outcome(&deep));
        let deep = deep.expect("there are threads").join().expect("it does not panic");
        assert_eq!(deep, Err("gave up on a schema that is too large and nests too deep".to_owned()));
    }
}
