//! The rules in CEL of a definition: whether each compiles, and what it may cost at worst.
//!
//! Source: k8s.io/apiextensions-apiserver `pkg/apis/apiextensions/validation`: `validation.go`, `cel_validation.go`.

use std::collections::HashMap;

use super::cel::rule::{Rule, SELF_TYPE};
use super::cel::shape::Shape;
use super::error::{Bad, Errors, Path};
use super::tree::Tree;

/// What a rule may cost at worst.
const RULE_LIMIT: u64 = 10_000_000;
/// What all rules of a schema may cost at worst.
const SCHEMA_LIMIT: u64 = 100_000_000;
/// How many rules are told of a schema that costs too much.
const MOST_TOLD: usize = 4;
/// The largest object that a server reads.
const REQUEST: u64 = 3 << 20;

/// Judges the rules of a schema whose form is right.
pub fn judge(schema: &Tree, path: &Path, errors: &mut Errors) {
    let shape = Shape::of(schema, true, SELF_TYPE);
    let mut structs = HashMap::new();
    shape.structs(&mut structs);
    // Rules that are new may only use what the minor before knew, so that a server can be put back.
    let minor = errors.minor() - 1;
    let wrong: Vec<String> = errors.found.iter().map(|error| error.path.to_string()).collect();
    let mut judge = Judge { structs: &structs, minor, wrong, total: 0, dear: Vec::new(), errors };
    let place =
        Place { schema, shape: Some(&shape), path: path.clone(), count: Some(1), uncorrelatable: None };
    judge.below(&place);
    judge.total(path);
}

/// A place in the schema.
struct Place<'a> {
    schema: &'a Tree,
    /// Nothing where expressions cannot see it.
    shape: Option<&'a Shape>,
    path: Path,
    /// How many values may stand there; nothing where nobody says.
    count: Option<u64>,
    /// The list above, where what was cannot be found for what is.
    uncorrelatable: Option<Path>,
}

struct Judge<'a, 'e> {
    structs: &'a HashMap<String, &'a Shape>,
    minor: u32,
    /// The places at which something is wrong already.
    wrong: Vec<String>,
    total: u64,
    dear: Vec<(u64, Path)>,
    errors: &'e mut Errors,
}

impl<'a> Judge<'a, '_> {
    fn below(&mut self, at: &Place<'a>) {
        let count = at.count.and_then(|count| Some(count.saturating_mul(elements(at.schema)?)));
        let below = |schema: &'a Tree, shape: Option<&'a Shape>, path: Path| Place {
            schema,
            shape: shape.filter(|shape| shape.kind.is_some()),
            path,
            count,
            uncorrelatable: at.uncorrelatable.clone(),
        };
        let additional = at.schema.get("additionalProperties");
        if matches!(additional, Tree::Map(_)) {
            let shape = at.shape.and_then(Shape::below);
            self.below(&below(additional, shape, at.path.child("additionalProperties")));
        }
        for (name, property) in at.schema.map("properties") {
            let shape = at.shape.and_then(|shape| shape.property(name));
            self.below(&below(property, shape, at.path.child("properties").key(name)));
        }
        let items = at.schema.get("items");
        if matches!(items, Tree::Map(_)) {
            let mut place = below(items, at.shape.and_then(Shape::below), at.path.child("items"));
            if at.schema.str("x-kubernetes-list-type") != "map" {
                place.uncorrelatable.get_or_insert_with(|| at.path.clone());
            }
            self.below(&place);
        }
        self.rules(at);
    }

    /// Whether something is wrong at a place or below it.
    fn is_wrong(&self, path: &Path) -> bool {
        let place = path.to_string();
        self.wrong.iter().any(|wrong| {
            wrong.strip_prefix(&place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }

    fn rules(&mut self, at: &Place<'a>) {
        let written = at.schema.list("x-kubernetes-validations");
        if written.is_empty() || self.is_wrong(&at.path) {
            return;
        }
        let place = at.path.child("x-kubernetes-validations");
        let Some(shape) = at.shape else {
            let words = "internal error: failed to construct type information for x-kubernetes-validations rules: unable \
                         to convert structural schema to CEL declarations";
            return self.errors.internal(&place, words);
        };
        for (index, written) in written.iter().enumerate() {
            let rule = Rule::compile(written, shape, self.structs, self.minor);
            self.rule(at, (&rule, written), shape, &place.index(index));
        }
    }

    fn rule(&mut self, at: &Place<'_>, (rule, written): (&Rule, &Tree), shape: &Shape, path: &Path) {
        let bad = || Bad::Typed(written, "apiextensions.ValidationRule");
        let place = path.child("rule");
        match &rule.program {
            Ok(Some(program)) => {
                let least = u64::try_from(shape.least).unwrap_or(0);
                let count = at.count.unwrap_or(REQUEST / (least + 1));
                let cost = program.worst_cost(shape);
                self.costs(("estimated rule cost", cost.saturating_mul(count)), &place);
            }
            Ok(None) => {}
            Err(why) => self.errors.invalid(&place, bad(), why),
        }
        let of_message = path.child("messageExpression");
        match &rule.message {
            Some(Ok(program)) => {
                let cost = program.worst_cost(shape);
                self.costs(("estimated messageExpression cost", cost), &of_message);
            }
            Some(Err(why)) => self.errors.invalid(&of_message, bad(), why),
            None => {}
        }
        if rule.uses_old() {
            if let Some(above) = &at.uncorrelatable {
                let words = format!(
                    "oldSelf cannot be used on the uncorrelatable portion of the schema within {above}"
                );
                self.errors.invalid(&place, written.str("rule"), &words);
            }
        } else if written.has("optionalOldSelf") {
            let flag = written.is("optionalOldSelf");
            let words = "may not be set if oldSelf is not used in rule";
            self.errors.invalid(&path.child("optionalOldSelf"), flag, words);
        }
    }

    fn costs(&mut self, (what, cost): (&str, u64), path: &Path) {
        if cost > RULE_LIMIT {
            self.errors.forbidden(path, &too_much(what, cost, RULE_LIMIT));
        }
        self.total = self.total.saturating_add(cost);
        if cost >= SCHEMA_LIMIT / 100 {
            self.dear.push((cost, path.clone()));
            self.dear.sort_by_key(|(cost, _)| std::cmp::Reverse(*cost));
            self.dear.truncate(MOST_TOLD);
        }
    }

    fn total(&mut self, path: &Path) {
        if self.total <= SCHEMA_LIMIT {
            return;
        }
        let words =
            "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";
        for (_, path) in std::mem::take(&mut self.dear) {
            self.errors.forbidden(&path, words);
        }
        let what = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
        self.errors.forbidden(path, &too_much(what, self.total, SCHEMA_LIMIT));
    }
}

/// Go: `extractMaxElements`
fn elements(schema: &Tree) -> Option<u64> {
    let bound = |field: &str| schema.int(field).map(|most| u64::try_from(most).unwrap_or(0));
    match schema.str("type") {
        "object" if schema.has("additionalProperties") => bound("maxProperties"),
        "array" => bound("maxItems"),
        _ => Some(1),
    }
}

/// Go: `getCostErrorMessage`
fn too_much(what: &str, cost: u64, limit: u64) -> String {
    let factor = cost as f64 / limit as f64;
    let factor = match factor {
        factor if factor > 100.0 => "more than 100x".to_owned(),
        factor if factor < 1.5 => format!("{factor:.6}x"),
        factor => format!("{factor:.1}x"),
    };
    format!(
        "{what} exceeds budget by factor of {factor} (try simplifying the rule, or adding maxItems, maxProperties, and \
         maxLength where arrays, maps, and strings are declared)"
    )
}
