//! Judges a value by a schema.
//!
//! Go: k8s.io/kube-openapi `pkg/validation/validate`.

use crate::apiserver::error::{Errors, Path};
use crate::apiserver::known::Known;
use crate::apiserver::print::json_of;
use crate::apiserver::tree::Tree;
use crate::budget;
use crate::go::regexp;

use super::format;
use super::number;
use super::outcome::Outcome;
use super::rules::RATCHETS;
use super::voice::Voice;
use super::was::Was;

/// Tells what the schema says of the object, and lets be what was so before.
///
/// Go: `ValidateCustomResource`, `ValidateCustomResourceUpdate`
pub fn resource(tree: &Tree, schema: &Tree, old: Option<&Tree>, errors: &mut Errors) {
    let was = old.filter(|_| errors.since(RATCHETS)).map(|old| Was::new(old, tree, schema));
    let outcome = value(tree, schema, was, &Path::default(), errors.known);
    errors.found.extend(outcome.found.into_iter().map(|found| found.error));
}

/// Units of work for a word of an enumeration.
const WORD: u64 = 8;

/// The types that a schema allows.
fn kinds(schema: &Tree) -> Vec<&str> {
    if schema.is("x-kubernetes-int-or-string") {
        return vec!["integer", "string"];
    }
    Some(schema.str("type")).filter(|kind| !kind.is_empty()).into_iter().collect()
}

/// Go: `ratchetingValueValidator.Validate`
fn value(tree: &Tree, schema: &Tree, was: Option<Was<'_>>, path: &Path, known: &'static Known) -> Outcome {
    let mut outcome = judged(tree, schema, was, path, known);
    if !outcome.is_valid() && was.is_some_and(|was| was.is_same()) {
        outcome.found.clear();
    }
    outcome
}

/// Go: `SchemaValidator.Validate`
fn judged(tree: &Tree, schema: &Tree, was: Option<Was<'_>>, path: &Path, known: &'static Known) -> Outcome {
    let mut outcome = Outcome::default();
    if budget::spend(2).is_err() || schema.is_null() {
        return outcome;
    }
    let voice = Voice { known, path };
    let kinds = kinds(schema);
    let format = format::of(schema, &kinds, known.minor);
    if tree.is_null() {
        outcome.merge(kind(tree, schema, (&kinds, format), &voice));
        outcome.merge(one_of(tree, schema, &voice));
        return outcome;
    }
    if !kinds.is_empty() || !format.is_empty() {
        outcome.looked(kind(tree, schema, (&kinds, format), &voice));
    }
    outcome.looked(alternatives(tree, schema, path, known));
    match tree {
        Tree::Str(word) => {
            outcome.looked(text(word, schema, &voice));
            if !format.is_empty() {
                let bad = (!format::is_of(format, word)).then(|| voice.wrong_type(format, word));
                outcome.looked(bad.map(Outcome::from).unwrap_or_default());
            }
        }
        Tree::Int(_) | Tree::Float(_) => {
            let kind = match kinds[..] {
                [kind @ ("integer" | "number")] => (kind, format),
                _ => ("", ""),
            };
            outcome.looked(number::judge(tree, schema, kind, &voice));
        }
        Tree::List(items) => outcome.looked(list(items, schema, was, &voice)),
        _ => {}
    }
    outcome.looked(one_of(tree, schema, &voice));
    if let Tree::Map(entries) = tree {
        outcome.looked(map(entries, schema, was, &voice));
    }
    outcome.matches += 1;
    outcome
}

/// Go: `typeValidator`
fn kind(tree: &Tree, schema: &Tree, (kinds, format): (&[&str], &str), voice: &Voice<'_>) -> Outcome {
    let wrong = |wanted: &str, found: &str| Outcome::from(voice.wrong_type(wanted, found));
    let fine = Outcome { found: Vec::new(), matches: 1 };
    let (own, own_format) = match tree {
        Tree::Null if !kinds.is_empty() && !schema.is("nullable") => return wrong(&kinds.join(","), "null"),
        Tree::Null => return fine,
        Tree::Bool(_) => ("boolean", ""),
        Tree::Int(_) => ("integer", "int64"),
        Tree::Float(_) => ("number", "float64"),
        Tree::Str(_) | Tree::Bytes(_) => ("string", ""),
        Tree::List(_) => ("array", ""),
        Tree::Map(_) => ("object", ""),
    };
    let is_whole = matches!(tree, Tree::Float(x) if x.fract() == 0.0);
    let is_number = kinds.contains(&"number") || kinds.contains(&"integer");
    let is_fine = kinds.contains(&own)
        || is_whole && kinds.contains(&"integer")
        || own == "integer" && kinds.contains(&"number");
    let has_text = matches!(own, "string" | "array");
    if !has_text && !format.is_empty() && !is_fine && own_format != format {
        return wrong(format, own_format);
    }
    if !is_number && !format.is_empty() && has_text || is_fine {
        return fine;
    }
    wrong(&kinds.join(","), own)
}

/// Go: `basicCommonValidator`
fn one_of(tree: &Tree, schema: &Tree, voice: &Voice<'_>) -> Outcome {
    let known = schema.list("enum");
    if known.is_empty() || budget::spend(WORD * known.len() as u64).is_err() {
        return Outcome::default();
    }
    let own = json_of(tree);
    let is_it = |word: &Tree| match (number::float(word), number::float(tree)) {
        (Some(word), Some(own)) => word == own,
        _ => json_of(word) == own,
    };
    if known.iter().any(is_it) {
        return Outcome::default();
    }
    voice.not_supported(tree, known).into()
}

/// Go: `stringValidator`
fn text(word: &str, schema: &Tree, voice: &Voice<'_>) -> Outcome {
    let length = word.chars().count();
    if let Some(most) = most(schema, "maxLength", length) {
        return voice.too_long(most).into();
    }
    if let Some(least) = least(schema, "minLength", length) {
        return voice.invalid(word, &format!("should be at least {least} chars long")).into();
    }
    let pattern = schema.str("pattern");
    match regexp::compile(pattern.as_bytes()) {
        Ok(regexp) if !pattern.is_empty() && !regexp.is_match(word.as_bytes()) => {
            voice.invalid(word, &format!("should match '{pattern}'")).into()
        }
        // The definition is refused for a pattern that is none.
        _ => Outcome::default(),
    }
}

/// A bound that a size is above; one below zero allows nothing.
fn most(schema: &Tree, field: &str, size: usize) -> Option<i64> {
    schema.int(field).filter(|most| usize::try_from(*most).is_ok_and(|most| size > most) || *most < 0)
}

/// A bound that a size is below.
fn least(schema: &Tree, field: &str, size: usize) -> Option<i64> {
    schema.int(field).filter(|least| usize::try_from(*least).is_ok_and(|least| size < least))
}

/// Go: `schemaSliceValidator`
fn list(items: &[Tree], schema: &Tree, was: Option<Was<'_>>, voice: &Voice<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let before = was.map(|was| was.items()).unwrap_or_default();
    for (at, item) in items.iter().enumerate() {
        let was = before.get(at).copied().flatten();
        outcome.merge(value(item, schema.get("items"), was, &voice.path.index(at), voice.known));
    }
    let count = items.len();
    if let Some(least) = least(schema, "minItems", count) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        outcome.push(voice.invalid(count, &format!("should have at least {least} items")));
    }
    if let Some(most) = most(schema, "maxItems", count) {
        outcome.push(voice.too_many("items", count, most));
    }
    if schema.is("uniqueItems") {
        let mut seen = std::collections::HashSet::new();
        if !items.iter().all(|item| seen.insert(json_of(item))) {
            outcome.push(voice.invalid("", "shouldn't contain duplicates"));
        }
    }
    outcome.matches += 1;
    outcome
}

/// Go: `objectValidator`
fn map(entries: &[(String, Tree)], schema: &Tree, was: Option<Was<'_>>, voice: &Voice<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let count = entries.len();
    if let Some(least) = least(schema, "minProperties", count) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        outcome.push(voice.invalid(count, &format!("should have at least {least} properties")));
    }
    if let Some(most) = most(schema, "maxProperties", count) {
        outcome.push(voice.too_many("properties", count, most));
    }
    let properties = schema.get("properties");
    let additional = schema.get("additionalProperties");
    for (key, entry) in entries {
        let property = properties.get(key);
        let schema = if property.is_null() { additional } else { property };
        if matches!(schema, Tree::Map(_)) {
            // Both are of the same kind and version, whatever was written.
            let is_type = voice.path.is_root() && matches!(key.as_str(), "apiVersion" | "kind");
            let was = was.filter(|_| !is_type).and_then(|was| was.key(key));
            outcome.merge(value(entry, schema, was, &voice.path.child(key), voice.known));
        }
    }
    for field in schema.list("required").iter().map(Tree::text) {
        if !entries.iter().any(|(key, _)| key == field) {
            outcome.push(voice.required(field));
        }
    }
    outcome
}

/// Go: `schemaPropsValidator`
fn alternatives(tree: &Tree, schema: &Tree, path: &Path, known: &'static Known) -> Outcome {
    let voice = Voice { known, path };
    let judge = |schema: &Tree| value(tree, schema, None, path, known);
    let mut outcome = Outcome::default();
    let any = schema.list("anyOf");
    if !any.is_empty() {
        let (first, best) = first_and_best(any.iter().map(judge), true);
        if first.is_empty() {
            outcome.push(voice.whole("must validate at least one schema (anyOf)"));
        }
        first.into_iter().next().or(best).into_iter().for_each(|it| outcome.merge(it));
    }
    let one = schema.list("oneOf");
    if !one.is_empty() {
        let (mut valid, best) = first_and_best(one.iter().map(judge), false);
        let words = match valid.len() {
            0 => "Found none valid".to_owned(),
            count => format!("Found {count} valid alternatives"),
        };
        if valid.len() == 1 {
            outcome.merge(valid.remove(0));
        } else {
            outcome.push(voice.whole(&format!("must validate one and only one schema (oneOf). {words}")));
            best.filter(|_| valid.is_empty()).into_iter().for_each(|it| outcome.merge(it));
        }
    }
    let all = schema.list("allOf");
    if !all.is_empty() {
        let results: Vec<Outcome> = all.iter().map(judge).collect();
        let valid = results.iter().filter(|result| result.is_valid()).count();
        for result in results {
            outcome.merge(result);
        }
        if valid != all.len() {
            let none = if valid == 0 { ". None validated" } else { "" };
            outcome.push(voice.whole(&format!("must validate all the schemas (allOf){none}")));
        }
    }
    let not = schema.get("not");
    if !not.is_null() && judge(not).is_valid() {
        outcome.push(voice.whole("must not validate the schema (not)"));
    }
    outcome.matches += 1;
    outcome
}

/// The outcomes that are valid, and of the others the one that came furthest; `stops` at the first valid one.
fn first_and_best(results: impl Iterator<Item = Outcome>, stops: bool) -> (Vec<Outcome>, Option<Outcome>) {
    let (mut valid, mut best): (Vec<Outcome>, Option<Outcome>) = (Vec::new(), None);
    for result in results {
        if result.is_valid() {
            valid.push(result);
            if stops {
                break;
            }
        } else if best.as_ref().is_none_or(|best| result.matches > best.matches) {
            best = Some(result);
        }
    }
    (valid, best)
}
