//! `values.schema.json`: whether values fit it, in the words of santhosh-tekuri/jsonschema v6.0.3, which Helm uses, and in
//! its way: a schema is held against its metaschema, compiled ([`compile`]) and then the values against it ([`validate`]).
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
mod number;
mod report;
mod root;
mod validate;

use std::rc::Rc;

use compile::Compiler;
use compiled::Arena;
use document::Json;
use loader::Loader;
use metaschema::Metaschemas;
use root::Roots;
use validate::{Failure, Validation};

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

/// Checks values against the text of a schema. The error is Helm's text, each line of it ended if it is about values;
/// what Helm logs is added to the warnings. Helm: `ValidateAgainstSingleSchema`.
pub fn validate(
    values: &Map,
    schema: &[u8],
    options: Options,
    warnings: &mut Vec<String>,
) -> Result<(), String> {
    let document = Json::read(schema)?;
    let arena = Rc::new(Arena::default());
    let metaschemas = Rc::new(Metaschemas::new(&arena));
    let mut loader = Loader::new(options);
    loader.add(NAME, document);
    let mut compiler = Compiler::new(arena.clone(), Roots::new(loader), Some(metaschemas));
    let compiled = compiler.compile(NAME);
    for warning in compiler.roots.loader.warnings {
        // Helm warns once of each name.
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    let schema = compiled.map_err(|error| error.to_string())?;
    let values = Json::of(&Value::Map(values.clone()));
    validate::validate(&Validation::of_values(&arena), schema, None, &values).map_err(|failure| match failure
    {
        Failure::Invalid(fault) => {
            let report = report::report(&fault);
            let first = format!("jsonschema validation failed with '{NAME}#'\n");
            report.strip_prefix(&first).unwrap_or(&report).to_owned() + "\n"
        }
        Failure::Stopped(why) => why,
    })
}
