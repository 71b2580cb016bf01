//! Faults as text, in jsonschema's words and as golang.org/x/text prints them in English.
//! Go: jsonschema output.go `display`, kind/kind.go `LocalizedString`.

use super::document::Json;
use super::fault::{Fault, Kind};
use crate::go::strconv::{self, format_float};
use crate::value::Str;

/// The whole report of a fault and its causes. Go: `ValidationError.Error`.
pub fn report(fault: &Fault) -> String {
    let mut out = String::new();
    display(fault, 0, &mut out);
    out
}

fn display(fault: &Fault, indent: usize, out: &mut String) {
    let skipped = matches!(fault.kind, Kind::Reference) && fault.causes.len() == 1;
    if !skipped {
        if indent > 0 {
            out.push('\n');
            out.push_str(&"  ".repeat(indent - 1));
            out.push_str("- ");
        }
        if !matches!(fault.kind, Kind::Schema { .. }) {
            out.push_str(&format!("at {}: ", quote(fault.at.pointer())));
        }
        out.push_str(&message(&fault.kind));
    }
    let below = if skipped { indent } else { indent + 1 };
    fault.causes.iter().for_each(|cause| display(cause, below, out));
}

/// Go: each kind's `LocalizedString`.
pub fn message(kind: &Kind) -> String {
    match kind {
        Kind::Untold | Kind::Group | Kind::Reference => "validation failed".to_owned(),
        Kind::Schema { location } => {
            format!("jsonschema validation failed with {}", quote(location.as_bytes()))
        }
        Kind::InvalidJsonValue { name } => format!("invalid jsonType {name}"),
        Kind::FalseSchema => "false schema".to_owned(),
        Kind::RefCycle { url, first, second } => {
            let url = strconv::quote(url.as_bytes());
            format!("both {first} and {second} resolve to {url} causing reference cycle")
        }
        Kind::Type { got, want } => format!("got {got}, want {}", want.names().join(" or ")),
        Kind::Enum { want } => enumeration(&want.values),
        Kind::Const { want } if want.is_compound() => "'const' failed".to_owned(),
        Kind::Const { want } => format!("value must be {}", show(want)),
        Kind::Format { got, want, why } => format!("{} is not valid {want}: {why}", quote(got)),
        Kind::Not => "'not' failed".to_owned(),
        Kind::AllOf => "'allOf' failed".to_owned(),
        Kind::AnyOf => "'anyOf' failed".to_owned(),
        Kind::OneOf { matched: None } => "'oneOf' failed, none matched".to_owned(),
        Kind::OneOf { matched: Some((a, b)) } => {
            format!("'oneOf' failed, subschemas {}, {} matched", size(*a), size(*b))
        }
        Kind::Count { keyword, got, want } => {
            format!("{keyword}: got {}, want {}", integer(*got), integer(*want))
        }
        Kind::Limit { keyword, got, want } => {
            format!("{keyword}: got {}, want {}", float(*got), float(*want))
        }
        Kind::Required { missing } => {
            let noun = if missing.len() == 1 { "property" } else { "properties" };
            format!("missing {noun} {}", quoted(missing))
        }
        Kind::Dependency { property, missing } => {
            format!("properties {} required, if {} exists", quoted(missing), quote(property))
        }
        Kind::AdditionalProperties { names } => {
            format!("additional properties {} not allowed", quoted(names))
        }
        Kind::PropertyNames { name } => format!("invalid propertyName {}", quote(name)),
        Kind::AdditionalItems { count } => format!("last {} additionalItem(s) not allowed", size(*count)),
        Kind::UniqueItems { places: (a, b) } => format!("items at {} and {} are equal", size(*a), size(*b)),
        Kind::Contains => "no items match contains schema".to_owned(),
        Kind::MinContains { got, want } if got.is_empty() => {
            format!("min {} items required to match contains schema, but none matched", integer(*want))
        }
        Kind::MinContains { got, want } => contained("min", got, *want),
        Kind::MaxContains { got, want } => contained("max", got, *want),
        Kind::Pattern { got, want } => format!("{} does not match pattern {}", quote(got), quote(want)),
    }
}

fn enumeration(want: &[Json]) -> String {
    match want {
        want if want.iter().any(Json::is_compound) => "'enum' failed".to_owned(),
        [one] => format!("value must be {}", show(one)),
        many => format!("value must be one of {}", join(many.iter().map(show))),
    }
}

fn contained(which: &str, got: &[usize], want: i64) -> String {
    let places: Vec<String> = got.iter().map(usize::to_string).collect();
    format!(
        "{which} {} items required to match contains schema, but matched {} items at {}",
        integer(want),
        size(got.len()),
        places.join(" ")
    )
}

/// Go: kind/kind.go `display`.
fn show(value: &Json) -> String {
    match value {
        Json::Null => "<nil>".to_owned(),
        Json::Bool(b) => b.to_string(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => quote(text),
        Json::Array(_) | Json::Object(_) | Json::Other(_) => "value".to_owned(),
    }
}

/// Go: kind/kind.go `quote`: as `%q`, but in single quotes.
fn quote(text: impl AsRef<[u8]>) -> String {
    let quoted = strconv::quote(text).replace("\\\"", "\"").replace('\'', "\\'");
    format!("'{}'", &quoted[1..quoted.len() - 1])
}

fn quoted(texts: &[Str]) -> String {
    join(texts.iter().map(quote))
}

fn join(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(", ")
}

fn size(n: usize) -> String {
    group(&n.to_string())
}

/// An integer as golang.org/x/text prints it in English: `1,234`.
fn integer(n: i64) -> String {
    let digits = group(&n.unsigned_abs().to_string());
    if n < 0 { format!("-{digits}") } else { digits }
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
fn float(x: f64) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    if x.is_infinite() {
        return if x < 0.0 { "-∞" } else { "∞" }.to_owned();
    }
    let text = format_float(x, b'g', None, 64);
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    // Go prints up to 21 digits before the point here, golang.org/x/text six.
    let scientific = format_float(x.abs(), b'e', None, 64);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    if x != 0.0 && !(-4..6).contains(&exponent.parse::<i32>().unwrap_or_default()) {
        let raise = |c: char| match c {
            '-' => Some('⁻'),
            _ => c.to_digit(10).map(|digit| RAISED[digit as usize]),
        };
        return format!("{sign}{mantissa}×10{}", exponent.chars().filter_map(raise).collect::<String>());
    }
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, it)| (whole, Some(it)));
    let fraction = fraction.map_or(String::new(), |digits| format!(".{digits}"));
    format!("{sign}{}{fraction}", group(whole))
}
