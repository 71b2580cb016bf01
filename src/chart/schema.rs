//! `values.schema.json`: whether values fit it, in the words of santhosh-tekuri/jsonschema v6, which Helm uses. The
//! verdict is that of `boon`, by the same author; its order is that of the keys, where Helm's differs from run to run.

use std::error::Error;

use boon::{CompileError, Compiler, ErrorKind, Schemas, UrlLoader, ValidationError};
use serde_json::{Number, Value as Json};

use crate::go::strconv::{format_float, quote as go_quote};
use crate::value::{self, Map, Value};
use crate::yaml::json::from_json_prefix;

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

/// Checks values against the text of a schema. The error is Helm's text, each line of it ended if it is about values.
/// Helm: `ValidateAgainstSingleSchema`.
pub fn validate(values: &Map, schema: &[u8], options: Options) -> Result<(), String> {
    let schema = read(schema)?;
    let mut compiler = Compiler::new();
    compiler.use_loader(Box::new(Loader(options)));
    compiler.add_resource(NAME, schema).map_err(|error| compile_error(&error))?;
    let mut schemas = Schemas::new();
    let index = compiler.compile(NAME, &mut schemas).map_err(|error| compile_error(&error))?;
    let instance = to_json(&Value::Map(values.clone()));
    schemas.validate(&instance, index).map_err(|error| {
        let mut report = String::new();
        error.causes.iter().for_each(|cause| describe(cause, 1, &mut report));
        report.trim_start_matches('\n').to_owned() + "\n"
    })
}

/// The schema as JSON, or Go's words for what it is instead. Go: `jsonschema.UnmarshalJSON`.
fn read(text: &[u8]) -> Result<Json, String> {
    serde_json::from_slice(text).map_err(|error| {
        if text.trim_ascii().is_empty() {
            return "EOF".to_owned();
        }
        match from_json_prefix(text) {
            Err(message) => message,
            Ok((_, end)) if !text[end..].trim_ascii().is_empty() => {
                "invalid character after top-level value".to_owned()
            }
            Ok(_) => error.to_string(),
        }
    })
}

struct Loader(Options);

impl UrlLoader for Loader {
    fn load(&self, url: &str) -> Result<Json, Box<dyn Error>> {
        let text = match url.split(':').next() {
            // Helm takes a name that nobody resolves for a schema that everything fits.
            Some("urn") => return Ok(Json::Bool(true)),
            Some("file") => {
                let path = std::path::Path::new(url.trim_start_matches("file://"));
                std::fs::read(path)
                    .map_err(|error| super::folder::io_error("open", path, &error).to_string())?
            }
            Some("http" | "https") => match self.0.fetch {
                Some(fetch) => fetch(url)?,
                None => return Err(NOT_FETCHED.into()),
            },
            _ => return Err("no URLLoader registered".into()),
        };
        Ok(read(&text)?)
    }
}

const NOT_FETCHED: &str = "remote schemas are not fetched; bundle it: copy it into values.schema.json below \"$defs\" \
     (\"definitions\" before draft 2019-09) and refer to it as \"#/$defs/NAME\", or allow it with --allow-remote-schemas";

/// Why a schema is none, in the words of Go's library.
fn compile_error(error: &CompileError) -> String {
    match error {
        CompileError::LoadUrlError { url, src } => {
            format!("failing loading {}: {src}", go_quote(url))
        }
        CompileError::ValidationError { url, src } => {
            let mut report = String::new();
            describe(src, 0, &mut report);
            let url = if url.contains('#') { url.clone() } else { format!("{url}#") };
            format!("{} is not valid against metaschema: {report}", go_quote(url))
        }
        CompileError::JsonPointerNotFound(at) => format!("json-pointer in {} not found", go_quote(at)),
        CompileError::UnsupportedUrlScheme { url } => {
            format!("no URLLoader registered for {}", go_quote(url))
        }
        CompileError::AnchorNotFound { url, reference } => {
            format!("anchor in {} not found in schema {}", go_quote(reference), go_quote(url))
        }
        other => other.to_string(),
    }
}

/// Go: jsonschema output.go `display`.
fn describe(error: &ValidationError<'_, '_>, indent: usize, report: &mut String) {
    let skipped = matches!(error.kind, ErrorKind::Reference { .. }) && error.causes.len() == 1;
    let mut below = indent;
    if !skipped {
        below += 1;
        if indent > 0 {
            report.push('\n');
            report.push_str(&"  ".repeat(indent - 1));
            report.push_str("- ");
        }
        if let ErrorKind::Schema { url } = &error.kind {
            let url = if url.contains('#') { (*url).to_owned() } else { format!("{url}#") };
            report.push_str(&format!("jsonschema validation failed with {}", quote(&url)));
        } else {
            let place = quote(&error.instance_location.to_string());
            report.push_str(&format!("at {place}: {}", message(&error.kind)));
        }
    }
    error.causes.iter().for_each(|cause| describe(cause, below, report));
}

/// Go: jsonschema kind/kind.go, each kind's `LocalizedString`.
fn message(kind: &ErrorKind<'_, '_>) -> String {
    match kind {
        ErrorKind::Type { got, want } => {
            let want: Vec<String> = want.iter().map(|it| it.to_string()).collect();
            format!("got {got}, want {}", want.join(" or "))
        }
        ErrorKind::Enum { want } if want.iter().any(is_compound) => "'enum' failed".to_owned(),
        ErrorKind::Enum { want } => match want.as_slice() {
            [one] => format!("value must be {}", show(one)),
            many => format!("value must be one of {}", join(many.iter().map(show))),
        },
        ErrorKind::Const { want } if is_compound(want) => "'const' failed".to_owned(),
        ErrorKind::Const { want } => format!("value must be {}", show(want)),
        ErrorKind::Format { got, want, err } => format!("{} is not valid {want}: {err}", show(got)),
        ErrorKind::Required { want } => {
            let noun = if want.len() == 1 { "property" } else { "properties" };
            format!("missing {noun} {}", quoted(want))
        }
        ErrorKind::Dependency { prop, missing } | ErrorKind::DependentRequired { prop, missing } => {
            format!("properties {} required, if {} exists", quoted(missing), quote(prop))
        }
        ErrorKind::AdditionalProperties { got } => {
            format!("additional properties {} not allowed", quoted(got))
        }
        ErrorKind::AdditionalItems { got } => format!("last {} additionalItem(s) not allowed", grouped(*got)),
        ErrorKind::PropertyName { prop } => format!("invalid propertyName {}", quote(prop)),
        ErrorKind::UniqueItems { got: [a, b] } => {
            format!("items at {} and {} are equal", grouped(*a), grouped(*b))
        }
        ErrorKind::MinContains { got, want } if got.is_empty() => {
            format!("min {} items required to match contains schema, but none matched", grouped(*want))
        }
        ErrorKind::MinContains { got, want } => contained("min", got, *want),
        ErrorKind::MaxContains { got, want } => contained("max", got, *want),
        ErrorKind::Contains => "no items match contains schema".to_owned(),
        ErrorKind::Pattern { got, want } => {
            format!("{} does not match pattern {}", quote(got), quote(want))
        }
        ErrorKind::ContentEncoding { want, err } => format!("value is not {} encoded: {err}", quote(want)),
        ErrorKind::ContentMediaType { want, err, .. } => {
            format!("value is not of mediatype {}: {err}", quote(want))
        }
        ErrorKind::ContentSchema => "'contentSchema' failed".to_owned(),
        ErrorKind::Not => "'not' failed".to_owned(),
        ErrorKind::AllOf => "'allOf' failed".to_owned(),
        ErrorKind::AnyOf => "'anyOf' failed".to_owned(),
        ErrorKind::OneOf(None) => "'oneOf' failed, none matched".to_owned(),
        ErrorKind::OneOf(Some((a, b))) => {
            format!("'oneOf' failed, subschemas {}, {} matched", grouped(*a), grouped(*b))
        }
        other => limit(other),
    }
}

/// The kinds that tell a number found and a number wanted, and those that tell nothing.
fn limit(kind: &ErrorKind<'_, '_>) -> String {
    let count =
        |name: &str, got: usize, want: usize| format!("{name}: got {}, want {}", grouped(got), grouped(want));
    let number =
        |name: &str, got: &Number, want: &Number| format!("{name}: got {}, want {}", float(got), float(want));
    match kind {
        ErrorKind::MinProperties { got, want } => count("minProperties", *got, *want),
        ErrorKind::MaxProperties { got, want } => count("maxProperties", *got, *want),
        ErrorKind::MinItems { got, want } => count("minItems", *got, *want),
        ErrorKind::MaxItems { got, want } => count("maxItems", *got, *want),
        ErrorKind::MinLength { got, want } => count("minLength", *got, *want),
        ErrorKind::MaxLength { got, want } => count("maxLength", *got, *want),
        ErrorKind::Minimum { got, want } => number("minimum", got, want),
        ErrorKind::Maximum { got, want } => number("maximum", got, want),
        ErrorKind::ExclusiveMinimum { got, want } => number("exclusiveMinimum", got, want),
        ErrorKind::ExclusiveMaximum { got, want } => number("exclusiveMaximum", got, want),
        ErrorKind::MultipleOf { got, want } => number("multipleOf", got, want),
        ErrorKind::FalseSchema => "false schema".to_owned(),
        ErrorKind::RefCycle { url, kw_loc1, kw_loc2 } => {
            format!("both {kw_loc1} and {kw_loc2} resolve to {} causing reference cycle", go_quote(url))
        }
        _ => "validation failed".to_owned(),
    }
}

fn contained(which: &str, got: &[usize], want: usize) -> String {
    let places: Vec<String> = got.iter().map(usize::to_string).collect();
    format!(
        "{which} {} items required to match contains schema, but matched {} items at {}",
        grouped(want),
        grouped(got.len()),
        places.join(" ")
    )
}

fn is_compound(value: &Json) -> bool {
    value.is_array() || value.is_object()
}

/// Go: jsonschema kind/kind.go `display`.
fn show(value: &Json) -> String {
    match value {
        Json::String(text) => quote(text),
        Json::Null => "<nil>".to_owned(),
        Json::Array(_) | Json::Object(_) => "value".to_owned(),
        plain => plain.to_string(),
    }
}

/// Go: jsonschema `quote`: as `%q`, but in single quotes.
fn quote(text: &str) -> String {
    let quoted = go_quote(text).replace("\\\"", "\"").replace('\'', "\\'");
    format!("'{}'", &quoted[1..quoted.len() - 1])
}

fn quoted<T: AsRef<str>>(texts: &[T]) -> String {
    join(texts.iter().map(|text| quote(text.as_ref())))
}

fn join(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(", ")
}

/// An integer as golang.org/x/text prints it in English: `1,234`.
fn grouped(n: usize) -> String {
    group(&n.to_string())
}

fn group(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A float as golang.org/x/text prints it in English: `1,234.5`, `1.5×10⁰⁶`.
fn float(number: &Number) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let text = format_float(number.as_f64().unwrap_or_default(), b'g', None, 64);
    if let Some((mantissa, exponent)) = text.split_once('e') {
        let raise = |c: char| match c {
            '-' => Some('⁻'),
            _ => c.to_digit(10).map(|digit| RAISED[digit as usize]),
        };
        return format!("{mantissa}×10{}", exponent.chars().filter_map(raise).collect::<String>());
    }
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, it)| (whole, Some(it)));
    let fraction = fraction.map_or(String::new(), |digits| format!(".{digits}"));
    format!("{sign}{}{fraction}", group(whole))
}

/// A value for the validator; a float that is whole as an integer.
fn to_json(value: &Value) -> Json {
    match value {
        Value::Bool(b) => Json::Bool(*b),
        Value::Str(text) => Json::String(text.to_str().into_owned()),
        Value::List(list) => list.items().iter().map(to_json).collect(),
        Value::Map(map) => {
            map.entries().iter().map(|(key, value)| (key.to_str().into_owned(), to_json(value))).collect()
        }
        other => match other.number() {
            Some(value::Number::Signed(n)) => Json::from(n),
            Some(value::Number::Unsigned(n)) => Json::from(n),
            Some(value::Number::Float(x)) if x.fract() == 0.0 && x.abs() < 9e15 => Json::from(x as i64),
            Some(value::Number::Float(x)) => Json::from(x),
            None => Json::Null,
        },
    }
}
