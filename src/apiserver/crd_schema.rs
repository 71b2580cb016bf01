//! The schemas of custom resources: the server takes structural ones, with few of OpenAPI's words. What their rules in CEL
//! are is judged in [`super::crd_rules`].
//!
//! Source: k8s.io/apiextensions-apiserver `pkg/apis/apiextensions/validation`, `pkg/apiserver/schema`.

use super::crd_rules;
use super::error::{Bad, Errors, Path};
use super::field_path;
use super::tree::Tree;

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
/// What every object has, whatever its schema says.
const META_FIELDS: [&str; 3] = ["metadata", "kind", "apiVersion"];
/// What may stand at the root beside a status; the server names each as Go does.
const AT_ROOT: [&str; 22] = [
    "Description",
    "Type",
    "Format",
    "Title",
    "Maximum",
    "ExclusiveMaximum",
    "Minimum",
    "ExclusiveMinimum",
    "MaxLength",
    "MinLength",
    "Pattern",
    "MaxItems",
    "MinItems",
    "UniqueItems",
    "MultipleOf",
    "Required",
    "Items",
    "Properties",
    "ExternalDocs",
    "Example",
    "XPreserveUnknownFields",
    "XValidations",
];

/// Where a schema stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    Item,
    Field,
}

/// Go: `validateCustomResourceDefinitionValidation`
pub fn validation(validation: &Tree, has_status: bool, path: &Path, errors: &mut Errors) {
    let schema = validation.get("openAPIV3Schema");
    if schema.is_null() {
        return;
    }
    let path = path.child("openAPIV3Schema");
    if has_status {
        root(schema, &path, errors);
    }
    if schema.is("nullable") {
        errors.forbidden(&path.child("nullable"), "nullable cannot be true at the root");
    }
    let before = errors.found.len();
    let is_structural = structural(schema, &path, errors);
    if is_structural {
        super::custom::judge_defaults(schema, &path, errors);
    }
    let is_formed = is_structural && errors.found.len() == before;
    let rules = Rules { forbids_defaults: None, is_meta: false };
    open_api(schema, &path, &rules, true, errors);
    if is_formed {
        crd_rules::judge(schema, &path, errors);
    }
}

/// What the root of a schema may say where there is a subresource for the status.
fn root(schema: &Tree, path: &Path, errors: &mut Errors) {
    let fields = errors.known.struct_index("apiextensions/v1.JSONSchemaProps");
    for field in fields.map(|index| errors.known.fields(index)).unwrap_or_default() {
        if schema.get(field.name).is_null() || schema.get(field.name).is_zero() {
            continue;
        }
        if field.name == "type" {
            if schema.str("type") != "object" {
                let words = "only \"object\" is allowed as the type at the root of the schema if the status \
                             subresource is enabled";
                return errors.invalid(&path.child("type"), schema.str("type"), words);
            }
        } else if !AT_ROOT.contains(&field.go_name.as_str()) {
            let words = format!(
                "only [{}] fields are allowed at the root of the schema if the status subresource is enabled",
                AT_ROOT.join(" ")
            );
            return errors.invalid(path, Bad::Typed(schema, "apiextensions.JSONSchemaProps"), &words);
        }
    }
}

/// Whether it is structural.
///
/// Go: `ValidateStructural`
fn structural(schema: &Tree, path: &Path, errors: &mut Errors) -> bool {
    let mut found = Errors::new(errors.known);
    invariants(schema, Level::Root, path, &mut found);
    complete(schema, Some(schema), (path, path), &mut found);
    found.found.sort_by_cached_key(|error| format!("{}: {}", error.path, error.message));
    let is_structural = found.is_empty();
    errors.found.extend(found.found);
    is_structural
}

/// Go: `validateStructuralInvariants`
fn invariants(schema: &Tree, level: Level, path: &Path, errors: &mut Errors) {
    let kind = schema.str("type");
    let properties = schema.map("properties");
    if kind == "array" && schema.get("items").is_null() {
        errors.required(&path.child("items"), "must be specified");
    }
    if schema.has("items") {
        invariants(schema.get("items"), Level::Item, &path.child("items"), errors);
    }
    for (name, property) in properties {
        invariants(property, Level::Field, &path.child("properties").key(name), errors);
    }
    let additional = schema.get("additionalProperties");
    let has_additional = !additional.is_null();
    if has_additional {
        let path = path.child("additionalProperties");
        if level == Level::Root {
            errors.forbidden(&path, "must not be used at the root");
        }
        if matches!(additional, Tree::Map(_)) {
            invariants(additional, Level::Field, &path, errors);
        }
    }
    extensions(schema, path, errors);
    let skips = (is_int_or_string(schema.list("anyOf")), first_is_int_or_string(schema));
    values(schema, skips, path, errors);
    let is_embedded = schema.is("x-kubernetes-embedded-resource");
    let is_free = schema.is("x-kubernetes-preserve-unknown-fields");
    kind_of(schema, level, path, errors);
    if is_embedded && has_additional {
        let words = "must not be used if x-kubernetes-embedded-resource is set";
        errors.forbidden(&path.child("additionalProperties"), words);
    }
    if level == Level::Root && !kind.is_empty() && kind != "object" {
        errors.invalid(&path.child("type"), kind, "must be object at the root");
    }
    let is_object = level == Level::Root || is_embedded;
    for (name, property) in properties.iter().filter(|(name, _)| is_object && name != "metadata") {
        if META_FIELDS.contains(&name.as_str()) && property.str("type") != "string" {
            let path = path.child("properties").key(name).child("type");
            errors.invalid(&path, property.str("type"), "must be string");
        }
    }
    if let Some((_, metadata)) = properties.iter().find(|(name, _)| name == "metadata") {
        self::metadata(metadata, is_object, level, &path.child("properties").key("metadata"), errors);
    }
    if is_embedded && !is_free && properties.is_empty() {
        let words = "must not be empty if x-kubernetes-embedded-resource is true without \
                     x-kubernetes-preserve-unknown-fields";
        errors.required(&path.child("properties"), words);
    }
}

fn kind_of(schema: &Tree, level: Level, path: &Path, errors: &mut Errors) {
    let (kind, path) = (schema.str("type"), path.child("type"));
    let is_open =
        schema.is("x-kubernetes-int-or-string") || schema.is("x-kubernetes-preserve-unknown-fields");
    if schema.is("x-kubernetes-embedded-resource") && kind != "object" {
        let words = "must be object if x-kubernetes-embedded-resource is true";
        match kind {
            "" => errors.required(&path, words),
            _ => errors.invalid(&path, kind, words),
        }
    } else if kind.is_empty() && !is_open {
        let place = match level {
            Level::Root => "at the root",
            Level::Item => "for specified array items",
            Level::Field => "for specified object fields",
        };
        errors.required(&path, &format!("must not be empty {place}"));
    }
}

/// Go: `validateStructuralMetadataInvariants`
fn metadata(schema: &Tree, is_checked: bool, level: Level, path: &Path, errors: &mut Errors) {
    if is_checked && schema.str("type") != "object" {
        errors.invalid(&path.child("type"), schema.str("type"), "must be object");
    }
    let is_name = |(name, _): &(String, Tree)| name == "name" || name == "generateName";
    let says_more = schema.entries().iter().any(|(name, value)| match name.as_str() {
        "type" | "default" => false,
        "properties" => !value.entries().iter().all(is_name),
        _ => !value.is_zero(),
    });
    if level == Level::Root && says_more {
        let words = "must not specify anything other than name and generateName, but metadata is implicitly specified";
        errors.forbidden(path, words);
    }
}

/// Go: `validateExtensions`
fn extensions(schema: &Tree, path: &Path, errors: &mut Errors) {
    if !schema.is("x-kubernetes-int-or-string") {
        return;
    }
    for name in ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"] {
        if schema.is(name) {
            errors.invalid(&path.child(name), true, "must be false if x-kubernetes-int-or-string is true");
        }
    }
}

/// `anyOf: [{type: integer}, {type: string}]`, which is written beside `x-kubernetes-int-or-string`.
fn is_int_or_string(any_of: &[Tree]) -> bool {
    let says_only = |schema: &Tree, kind: &str| {
        schema.str("type") == kind
            && schema.entries().iter().filter(|(_, value)| !value.is_zero()).count() == 1
    };
    matches!(any_of, [first, second] if says_only(first, "integer") && says_only(second, "string"))
}

fn first_is_int_or_string(schema: &Tree) -> bool {
    schema.list("allOf").first().is_some_and(|first| is_int_or_string(first.list("anyOf")))
}

/// Go: `validateValueValidation`
fn values(schema: &Tree, (skips_any, skips_first): (bool, bool), path: &Path, errors: &mut Errors) {
    if !skips_any {
        for (at, inner) in schema.list("anyOf").iter().enumerate() {
            nested(inner, false, &path.child("anyOf").index(at), errors);
        }
    }
    for (at, inner) in schema.list("allOf").iter().enumerate() {
        nested(inner, skips_first && at == 0, &path.child("allOf").index(at), errors);
    }
    for (at, inner) in schema.list("oneOf").iter().enumerate() {
        nested(inner, false, &path.child("oneOf").index(at), errors);
    }
    if schema.has("not") {
        nested(schema.get("not"), false, &path.child("not"), errors);
    }
}

/// Go: `validateNestedValueValidation`
fn nested(schema: &Tree, skips_any: bool, path: &Path, errors: &mut Errors) {
    const FORBIDDEN: [(&str, &str); 11] = [
        ("type", "must be empty"),
        ("default", "must be undefined"),
        ("title", "must be empty"),
        ("description", "must be empty"),
        ("nullable", "must be false"),
        ("x-kubernetes-preserve-unknown-fields", "must be false"),
        ("x-kubernetes-embedded-resource", "must be false"),
        ("x-kubernetes-int-or-string", "must be false"),
        ("x-kubernetes-list-map-keys", "must be empty"),
        ("x-kubernetes-list-type", "must be undefined"),
        ("x-kubernetes-map-type", "must be undefined"),
    ];
    values(schema, (skips_any, false), path, errors);
    if schema.has("items") {
        nested(schema.get("items"), false, &path.child("items"), errors);
    }
    for (name, property) in schema.map("properties") {
        nested(property, false, &path.child("properties").key(name), errors);
    }
    if schema.has("additionalProperties") {
        errors.forbidden(&path.child("additionalProperties"), "must be undefined to be structural");
    }
    for (field, words) in FORBIDDEN {
        let value = schema.get(field);
        let is_given = if words == "must be undefined" { !value.is_null() } else { !value.is_zero() };
        if is_given {
            errors.forbidden(&path.child(field), &format!("{words} to be structural"));
        }
    }
    if !schema.list("x-kubernetes-validations").is_empty() {
        errors.forbidden(&path.child("x-kubernetes-validations"), "must be empty to be structural");
    }
    if schema.get("properties").has("metadata") {
        let path = path.child("properties").key("metadata");
        errors.forbidden(&path, "must not be specified in a nested context");
    }
}

/// What a combination says of a field, the schema itself must say too.
///
/// Go: `validateValueValidationCompleteness`
fn complete(combined: &Tree, schema: Option<&Tree>, (own, from): (&Path, &Path), errors: &mut Errors) {
    let lists = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|field| {
        combined.list(field).iter().enumerate().map(move |(at, inner)| (from.child(field).index(at), inner))
    });
    let not = combined.has("not").then(|| (from.child("not"), combined.get("not")));
    for (from, inner) in not.into_iter().chain(lists) {
        complete_nested(inner, schema, (own, &from), errors);
    }
}

/// Go: `validateNestedValueValidationCompleteness`
fn complete_nested(combined: &Tree, schema: Option<&Tree>, (own, from): (&Path, &Path), errors: &mut Errors) {
    let Some(schema) = schema else {
        return errors.required(own, &format!("because it is defined in {from}"));
    };
    complete(combined, Some(schema), (own, from), errors);
    if combined.has("items") {
        let items = schema.has("items").then(|| schema.get("items"));
        complete_nested(combined.get("items"), items, (&own.child("items"), &from.child("items")), errors);
    }
    for (name, property) in combined.map("properties") {
        let (own, from) = (own.child("properties").key(name), from.child("properties").key(name));
        let known = schema.map("properties").iter().find(|(known, _)| known == name);
        complete_nested(property, known.map(|(_, known)| known), (&own, &from), errors);
    }
}

/// What holds below a place.
#[derive(Clone)]
struct Rules {
    /// Why there may be no default.
    forbids_defaults: Option<String>,
    /// Whether it is within the metadata of an object.
    is_meta: bool,
}

/// Go: `ValidateCustomResourceDefinitionOpenAPISchema`
fn open_api(schema: &Tree, path: &Path, rules: &Rules, is_root: bool, errors: &mut Errors) {
    standard(schema, path, rules, errors);
    if schema.is("uniqueItems") {
        let words = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
        errors.forbidden(&path.child("uniqueItems"), words);
    }
    let additional = schema.get("additionalProperties");
    if !schema.map("properties").is_empty() && !additional.is_null() && *additional != Tree::Bool(true) {
        let words = "additionalProperties and properties are mutual exclusive";
        errors.forbidden(&path.child("additionalProperties"), words);
    }
    if matches!(additional, Tree::Map(_)) {
        let mut below = rules.clone();
        if rules.is_meta {
            below.forbids_defaults =
                Some("inside additionalProperties applying to object metadata".to_owned());
        }
        open_api(additional, &path.child("additionalProperties"), &below, false, errors);
    }
    for (name, property) in schema.map("properties") {
        let mut below = rules.clone();
        let is_object = is_root || schema.is("x-kubernetes-embedded-resource");
        if is_object && META_FIELDS.contains(&name.as_str()) {
            below.is_meta = true;
            if is_root {
                below.forbids_defaults = Some(format!("in top-level {name}"));
            }
        }
        open_api(property, &path.child("properties").key(name), &below, false, errors);
    }
    if schema.has("not") {
        open_api(schema.get("not"), &path.child("not"), rules, false, errors);
    }
    for field in ["allOf", "oneOf", "anyOf"] {
        for (at, inner) in schema.list(field).iter().enumerate() {
            open_api(inner, &path.child(field).index(at), rules, false, errors);
        }
    }
    if matches!(schema.get("items"), Tree::Map(_)) {
        open_api(schema.get("items"), &path.child("items"), rules, false, errors);
    }
    if schema.bool("x-kubernetes-preserve-unknown-fields") == Some(false) {
        let path = path.child("x-kubernetes-preserve-unknown-fields");
        errors.invalid(&path, false, "must be true or undefined");
    }
    map_type(schema, path, errors);
    list_type(schema, path, errors);
    expressions(schema, path, errors);
}

/// Go: `specStandardValidatorV3.validate`
fn standard(schema: &Tree, path: &Path, rules: &Rules, errors: &mut Errors) {
    const UNSUPPORTED: [(&str, &str); 6] = [
        ("id", "id"),
        ("additionalItems", "additionalItems"),
        ("patternProperties", "patternProperties"),
        ("definitions", "definitions"),
        ("dependencies", "dependencies"),
        ("$ref", "$ref"),
    ];
    let kind = schema.str("type");
    if !kind.is_empty() && !TYPES.contains(&kind) {
        errors.not_supported(&path.child("type"), kind, &TYPES);
    }
    if let Some(why) = rules.forbids_defaults.as_ref().filter(|_| schema.has("default")) {
        errors.forbidden(&path.child("default"), &format!("must not be set {why}"));
    }
    for (field, name) in UNSUPPORTED {
        if !schema.get(field).is_null() {
            errors.forbidden(&path.child(field), &format!("{name} is not supported"));
        }
    }
    if kind == "null" {
        errors.forbidden(&path.child("type"), "type cannot be set to null, use nullable as an alternative");
    }
    if matches!(schema.get("items"), Tree::List(_)) {
        errors.forbidden(&path.child("items"), "items must be a schema object and not an array");
    }
    if rules.is_meta && schema.is("x-kubernetes-embedded-resource") {
        errors.forbidden(
            &path.child("x-kubernetes-embedded-resource"),
            "must not be used inside of resource meta",
        );
    }
}

/// A kind of list or map asks for a type.
fn of_type(schema: &Tree, wanted: &str, field: &str, path: &Path, errors: &mut Errors) {
    let words = format!("must be {wanted} if {field} is specified");
    match schema.str("type") {
        "" => errors.required(&path.child("type"), &words),
        kind if kind == wanted => {}
        kind => errors.invalid(&path.child("type"), kind, &words),
    }
}

fn map_type(schema: &Tree, path: &Path, errors: &mut Errors) {
    const FIELD: &str = "x-kubernetes-map-type";
    if !schema.has(FIELD) {
        return;
    }
    of_type(schema, "object", FIELD, path, errors);
    let word = schema.str(FIELD);
    if !matches!(word, "atomic" | "granular") {
        errors.not_supported(&path.child(FIELD), word, &["atomic", "granular"]);
    }
}

fn list_type(schema: &Tree, path: &Path, errors: &mut Errors) {
    const FIELD: &str = "x-kubernetes-list-type";
    const KEYS: &str = "x-kubernetes-list-map-keys";
    let (items, word) = (schema.get("items"), schema.str(FIELD));
    let place = path.child(FIELD);
    if schema.has(FIELD) {
        of_type(schema, "array", FIELD, path, errors);
        if schema.str("type") == "array" && word == "set" {
            items_of_set(items, &path.child("items"), errors);
        }
        if !matches!(word, "atomic" | "set" | "map") {
            errors.not_supported(&place, word, &["atomic", "set", "map"]);
        }
    }
    if !schema.list(KEYS).is_empty() && word != "map" {
        let words = "must be map if x-kubernetes-list-map-keys is non-empty";
        match schema.has(FIELD) {
            true => errors.invalid(&place, word, words),
            false => errors.required(&place, words),
        }
    }
    if word == "map" {
        items_of_map(schema, path, errors);
    }
    if matches!(word, "map" | "set") && items.is("nullable") {
        let words = format!("cannot be nullable when x-kubernetes-list-type is {word}");
        errors.forbidden(&path.child("items").child("nullable"), &words);
    }
    for key in schema.list(KEYS).iter().filter(|_| word == "map") {
        let Some((_, property)) = items.map("properties").iter().find(|(name, _)| name == key.text()) else {
            continue;
        };
        let path = path.child("items").child("properties").key(key.text());
        if !items.list("required").contains(key) && !property.has("default") {
            let words = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required \
                         property";
            errors.required(&path.child("default"), words);
        }
        if property.is("nullable") {
            let words = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable";
            errors.forbidden(&path.child("nullable"), words);
        }
    }
}

fn items_of_set(items: &Tree, path: &Path, errors: &mut Errors) {
    let words = "must be atomic as item of a list with x-kubernetes-list-type=set";
    let list = items.get("x-kubernetes-list-type");
    match items.str("type") {
        "array" if !list.is_null() && list.text() != "atomic" => {
            errors.invalid(&path.child("x-kubernetes-list-type"), list, words);
        }
        // The server shows the kind of the list there, not that of the map.
        "object" if items.str("x-kubernetes-map-type") != "atomic" => {
            errors.invalid(&path.child("x-kubernetes-map-type"), list, words);
        }
        _ => {}
    }
}

fn items_of_map(schema: &Tree, path: &Path, errors: &mut Errors) {
    let (items, keys) = (schema.get("items"), schema.list("x-kubernetes-list-map-keys"));
    let place = path.child("x-kubernetes-list-map-keys");
    let bad = || Bad::Typed(schema.get("x-kubernetes-list-map-keys"), "[]string");
    if keys.is_empty() {
        errors.required(&place, "must not be empty if x-kubernetes-list-type is map");
    }
    let kind = items.str("type");
    if items.is_null() {
        return errors.required(&path.child("items"), "must have a schema if x-kubernetes-list-type is map");
    }
    if kind != "object" {
        let words = "must be object if parent array's x-kubernetes-list-type is map";
        return errors.invalid(&path.child("items").child("type"), kind, words);
    }
    for (at, key) in keys.iter().enumerate() {
        match items.map("properties").iter().find(|(name, _)| name == key.text()) {
            Some((name, property)) if matches!(property.str("type"), "array" | "object") => {
                let path = path.child("items").child("properties").key(name).child("type");
                let words = "must be a scalar type if parent array's x-kubernetes-list-type is map";
                errors.invalid(&path, kind, words);
            }
            Some(_) => {}
            None => errors.invalid(&place, bad(), "entries must all be names of item properties"),
        }
        if keys.iter().take(at).any(|before| before == key) {
            errors.invalid(&place, bad(), "must not contain duplicate entries");
        }
    }
}

/// The rules in CEL, but for what they say.
fn expressions(schema: &Tree, path: &Path, errors: &mut Errors) {
    const REASONS: [&str; 4] =
        ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];
    for (at, rule) in schema.list("x-kubernetes-validations").iter().enumerate() {
        let path = path.child("x-kubernetes-validations").index(at);
        let trimmed = |field: &str| rule.str(field).trim();
        let has_lines = |text: &str| text.contains(['\n', '\r']);
        let (message, place) = (trimmed("message"), path.child("message"));
        if trimmed("rule").is_empty() {
            errors.required(&path.child("rule"), "rule is not specified");
        } else if message.is_empty() && !rule.str("message").is_empty() {
            errors.invalid(&place, rule.str("message"), "must be non-empty if specified");
        } else if has_lines(message) {
            errors.invalid(&place, rule.str("message"), "must not contain line breaks");
        } else if has_lines(trimmed("rule")) && message.is_empty() {
            errors.required(&place, "message must be specified if rule contains line breaks");
        }
        if trimmed("messageExpression").is_empty() && !rule.str("messageExpression").is_empty() {
            let words = "messageExpression must be non-empty if specified";
            errors.required(&path.child("messageExpression"), words);
        }
        if rule.has("reason") && !REASONS.contains(&rule.str("reason")) {
            errors.not_supported(&path.child("reason"), rule.str("reason"), &REASONS);
        }
        let (field, place) = (rule.str("fieldPath"), path.child("fieldPath"));
        if !field.is_empty() && field.trim().is_empty() {
            errors.invalid(&place, field, "must be non-empty if specified");
        }
        if has_lines(field) {
            errors.invalid(&place, field, "must not contain line breaks");
        }
        if !field.is_empty() && field_path::read(field, schema).is_none() {
            errors.invalid(&place, field, "must be a valid path");
        }
    }
}
