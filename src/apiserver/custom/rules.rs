//! Rules in CEL: what a definition asks of an object beyond its schema.
//!
//! Go: k8s.io/apiextensions-apiserver `pkg/apiserver/schema/cel/validation.go`.

use std::collections::HashMap;

use crate::apiserver::cel::rule::{Rule, SELF_TYPE};
use crate::apiserver::cel::shape::{Shape, Sort};
use crate::apiserver::cel::{Program, Stop, Value, text_of};
use crate::apiserver::error::{Bad, Errors, Path, Reason};
use crate::apiserver::field_path;
use crate::apiserver::tree::Tree;

use super::was::Was;

/// What all rules together may cost for an object.
const BUDGET: u64 = 10_000_000;
/// The longest message that a rule makes.
const LONGEST: usize = 5 * 1024;
/// The first minor in which a rule may ask for what there was where there was nothing.
const OPTIONAL_OLD: u32 = 30;
/// The first minor that lets be what is wrong with a value that does not change.
pub(super) const RATCHETS: u32 = 30;
/// The first minor that does not tell what is wrong of an object or a list.
const OMITS_VALUE: u32 = 35;

/// The rules of a schema, by the place at which they stand.
#[derive(Debug)]
pub(super) struct Rules {
    shape: Shape,
    by_place: HashMap<String, Vec<Rule>>,
}

impl Rules {
    /// Those of a schema; nothing where there are none.
    pub fn of(schema: &Tree, minor: u32) -> Option<Rules> {
        if !has_rules(schema) {
            return None;
        }
        let shape = Shape::of(schema, true, SELF_TYPE);
        let mut by_place = HashMap::new();
        let mut structs = HashMap::new();
        shape.structs(&mut structs);
        let compile = Compile { structs: &structs, minor };
        compile.below(schema, &shape, "", &mut by_place);
        Some(Rules { shape, by_place })
    }
}

fn has_rules(schema: &Tree) -> bool {
    if !matches!(schema, Tree::Map(_)) {
        return false;
    }
    !schema.list("x-kubernetes-validations").is_empty()
        || schema.map("properties").iter().any(|(_, property)| has_rules(property))
        || ["items", "additionalProperties"].iter().any(|field| has_rules(schema.get(field)))
}

struct Compile<'a> {
    structs: &'a HashMap<String, &'a Shape>,
    minor: u32,
}

impl Compile<'_> {
    fn below(&self, schema: &Tree, shape: &Shape, place: &str, found: &mut HashMap<String, Vec<Rule>>) {
        let written = schema.list("x-kubernetes-validations");
        if !written.is_empty() && shape.kind.is_some() {
            let rules = written.iter().map(|rule| Rule::compile(rule, shape, self.structs, self.minor));
            found.insert(place.to_owned(), rules.collect());
        }
        for (name, property) in schema.map("properties") {
            if let Some(shape) = shape.property(name).filter(|_| matches!(shape.sort, Sort::Struct(_))) {
                self.below(property, shape, &format!("{place}.{name}"), found);
            }
        }
        if let Some(below) = shape.below() {
            let field = if matches!(shape.sort, Sort::Map(_)) { "additionalProperties" } else { "items" };
            self.below(schema.get(field), below, &format!("{place}[]"), found);
        }
    }
}

/// What is left to be spent; nothing where no further rule is run.
type Left = Option<u64>;

/// Judges an object by its rules; `old` is what it was. Where our own budget is spent, whoever started the run tells it.
pub(super) fn judge(rules: &Rules, schema: &Tree, tree: &Tree, old: Option<&Tree>, errors: &mut Errors) {
    const BLOCKING: [Reason; 5] =
        [Reason::NotSupported, Reason::Required, Reason::TooLong, Reason::TooMany, Reason::TypeInvalid];
    if errors.found.iter().any(|error| BLOCKING.contains(&error.reason)) {
        let words = "some validation rules were not checked because the object was invalid; correct the existing errors \
                     to complete validation";
        return errors.invalid(&Path::default(), Bad::Raw("null".to_owned()), words);
    }
    let mut judge = Judge { rules, errors };
    let was = Before { was: old.map(|old| Was::new(old, tree, schema)), around: None };
    let at = At { schema, shape: &rules.shape, place: String::new(), path: Path::default(), was };
    judge.value(&at, tree, old, Some(BUDGET));
}

struct Judge<'a, 'e> {
    rules: &'a Rules,
    errors: &'e mut Errors,
}

/// Where in the schema and in the object.
struct At<'a> {
    schema: &'a Tree,
    shape: &'a Shape,
    place: String,
    path: Path,
    was: Before<'a>,
}

/// What stood at a place, or around it.
#[derive(Clone, Copy)]
struct Before<'a> {
    /// What stands there and what it was, where anybody can say that.
    was: Option<Was<'a>>,
    /// What holds it.
    around: Option<Was<'a>>,
}

impl<'a> Before<'a> {
    /// The entry at the key of what is an object, which is the object itself where nothing holds it.
    ///
    /// Go: `ratchetingOptions.key`
    fn key(&self, key: &str) -> Before<'a> {
        match self.was {
            // Both are of the same kind and version, whatever was written.
            Some(_) if self.around.is_none() && matches!(key, "apiVersion" | "kind") => {
                Before { was: None, around: None }
            }
            Some(was) => Before { was: was.key(key), around: Some(was) },
            None => *self,
        }
    }

    /// The items of what is a list.
    ///
    /// Go: `ratchetingOptions.index`
    fn items(&self) -> impl Iterator<Item = Before<'a>> + use<'a> {
        let whole = *self;
        let each = whole.was.map(|was| was.items()).unwrap_or_default();
        let each = each.into_iter().map(move |was| Before { was, around: whole.was });
        each.chain(std::iter::repeat(whole))
    }

    /// Whether what stands there, or what holds it where nobody can say what it was, is as it was: then only a warning is told.
    ///
    /// Go: `ratchetingOptions.shouldRatchetError`
    fn is_same(&self) -> bool {
        self.was.or(self.around).is_some_and(|was| was.is_same())
    }
}

impl<'a> At<'a> {
    /// The type that the schema says.
    fn kind(&self) -> &'a str {
        self.schema.str("type")
    }

    /// What a rule may name.
    fn names(
        &self,
        tree: &'a Tree,
        old: Option<&'a Tree>,
        is_optional: bool,
    ) -> Result<Vec<(&'static str, Value<'a>)>, Stop> {
        let mut names = vec![("self", self.shape.value(tree)?)];
        let old = old.map(|old| self.shape.value(old)).transpose()?;
        match (old, is_optional) {
            (Some(old), true) => names.push(("oldSelf", Value::some(old))),
            (None, true) => names.push(("oldSelf", Value::Optional(None))),
            (Some(old), false) => names.push(("oldSelf", old)),
            (None, false) => {}
        }
        Ok(names)
    }
}

impl<'a> Judge<'a, '_> {
    fn value(&mut self, at: &At<'a>, tree: &'a Tree, old: Option<&'a Tree>, left: Left) -> Left {
        if tree.is_null() {
            return left;
        }
        let left = self.rules_at(at, tree, old, left)?;
        match tree {
            Tree::List(items) => self.items(at, items, old, left),
            Tree::Map(entries) => self.entries(at, entries, old, left),
            _ => Some(left),
        }
    }

    fn entries(
        &mut self,
        at: &At<'a>,
        entries: &'a [(String, Tree)],
        old: Option<&'a Tree>,
        left: u64,
    ) -> Left {
        let mut left = left;
        for (key, value) in entries {
            let Some(shape) = at.shape.property(key) else { continue };
            let is_struct = matches!(at.shape.sort, Sort::Struct(_));
            let (schema, place, path) = if is_struct {
                let schema = at.schema.get("properties").get(key);
                (schema, format!("{}.{key}", at.place), at.path.child(key))
            } else {
                (at.schema.get("additionalProperties"), format!("{}[]", at.place), at.path.key(key))
            };
            let old = old.map(|old| old.get(key)).filter(|old| !old.is_null());
            let was = at.was.key(key);
            left = self.value(&At { schema, shape, place, path, was }, value, old, Some(left))?;
        }
        Some(left)
    }

    fn items(&mut self, at: &At<'a>, items: &'a [Tree], old: Option<&'a Tree>, left: u64) -> Left {
        let Some(shape) = at.shape.below() else { return Some(left) };
        let mut left = left;
        let keys = at.schema.list("x-kubernetes-list-map-keys");
        let is_map = at.schema.str("x-kubernetes-list-type") == "map";
        for ((index, item), was) in items.iter().enumerate().zip(at.was.items()) {
            let same = |other: &&Tree| keys.iter().all(|key| other.get(key.text()) == item.get(key.text()));
            let old = old.filter(|_| is_map).and_then(|old| old.items().iter().find(same));
            let below = At {
                schema: at.schema.get("items"),
                shape,
                place: format!("{}[]", at.place),
                path: at.path.index(index),
                was,
            };
            left = self.value(&below, item, old, Some(left))?;
        }
        Some(left)
    }

    fn rules_at(&mut self, at: &At<'a>, tree: &'a Tree, old: Option<&'a Tree>, left: Left) -> Left {
        let mut left = left?;
        let rules: &'a Rules = self.rules;
        let Some(compiled) = rules.by_place.get(&at.place) else { return Some(left) };
        if left == 0 {
            self.out_of_budget(at);
            return None;
        }
        for (rule, written) in compiled.iter().zip(at.schema.list("x-kubernetes-validations")) {
            let program = match &rule.program {
                Ok(Some(program)) => program,
                Ok(None) => continue,
                Err(why) => {
                    self.errors.invalid(&at.path, at.kind(), &format!("rule compile error: {why}"));
                    continue;
                }
            };
            let is_optional = written.is("optionalOldSelf");
            let has_optional = self.errors.since(OPTIONAL_OLD);
            if rule.uses_old() && old.is_none() && !(has_optional && is_optional) {
                continue;
            }
            let names = match at.names(tree, old, is_optional) {
                Ok(names) => names,
                Err(stop) => {
                    left = self.stopped(at, written, &stop, left)?;
                    continue;
                }
            };
            let outcome = program.run(&names);
            left = self.paid(at, outcome.cost, left)?;
            match outcome.value {
                Ok(Value::Bool(true)) => {}
                Ok(_) => left = self.refused(at, (rule, written), tree, &names, left)?,
                Err(stop) => left = self.stopped(at, written, &stop, left)?,
            }
        }
        Some(left)
    }

    fn out_of_budget(&mut self, at: &At<'_>) {
        let words =
            "validation failed due to running out of cost budget, no further validation rules will be run";
        self.errors.invalid(&at.path, at.kind(), words);
    }

    fn paid(&mut self, at: &At<'_>, cost: u64, left: u64) -> Left {
        if cost > left {
            self.out_of_budget(at);
        }
        left.checked_sub(cost)
    }

    fn stopped(&mut self, at: &At<'_>, written: &Tree, stop: &Stop, left: u64) -> Left {
        let rule = name_of(written);
        let kind = at.kind();
        match stop {
            Stop::Budget => None,
            Stop::Cost => {
                let words = format!(
                    "'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to \
                     call cost exceeds limit for rule: {rule}"
                );
                self.errors.invalid(&at.path, kind, &words);
                None
            }
            Stop::Error(why) if why.starts_with("no such overload") => {
                let words = format!(
                    "'{why}': call arguments did not match a supported operator, function or macro signature for rule: \
                     {rule}"
                );
                self.errors.invalid(&at.path, kind, &words);
                Some(left)
            }
            Stop::Error(why) => {
                self.errors.invalid(&at.path, kind, &format!("{why} evaluating rule: {rule}"));
                Some(left)
            }
        }
    }

    /// The rule is not fulfilled.
    fn refused(
        &mut self,
        at: &At<'a>,
        (rule, written): (&Rule, &Tree),
        tree: &Tree,
        names: &[(&'static str, Value<'a>)],
        left: u64,
    ) -> Left {
        let mut left = Some(left);
        let path = match field_path::read(written.str("fieldPath"), at.schema) {
            Some(below) if !below.is_root() => at.path.child(&below.to_string()),
            _ => at.path.clone(),
        };
        let mut detail = None;
        if let Some(Ok(program)) = &rule.message {
            match message(program, written, names, left.unwrap_or(0)) {
                Message::Text(text, rest) => (detail, left) = (Some(text), Some(rest)),
                Message::None(rest) => left = Some(rest),
                Message::Over(words) => {
                    self.errors.invalid(&path, at.kind(), &words);
                    return None;
                }
                Message::Unsure => return None,
            }
        }
        let detail = detail.unwrap_or_else(|| match written.str("message") {
            "" => format!("failed rule: {}", name_of(written)),
            message => message.trim().to_owned(),
        });
        if rule.uses_old() || !self.errors.since(RATCHETS) || !at.was.is_same() {
            self.tell(&path, at, tree, (written.str("reason"), &detail));
        }
        left
    }

    fn tell(&mut self, path: &Path, at: &At<'_>, tree: &Tree, (reason, detail): (&str, &str)) {
        let kind = at.kind();
        let is_short = self.errors.since(OMITS_VALUE);
        let is_large = matches!(kind, "object" | "array");
        match reason {
            "FieldValueForbidden" => self.errors.forbidden(path, detail),
            "FieldValueRequired" => self.errors.required(path, detail),
            "FieldValueDuplicate" if is_short && is_large => self.errors.duplicate_omitted(path),
            "FieldValueDuplicate" if is_short => self.errors.duplicate(path, tree),
            "FieldValueDuplicate" => self.errors.duplicate(path, kind),
            _ if is_short && is_large => self.errors.invalid_omitted(path, detail),
            _ if is_short => self.errors.invalid(path, tree, detail),
            _ => self.errors.invalid(path, kind, detail),
        }
    }
}

/// What a rule is called where it is told.
fn name_of(written: &Tree) -> &str {
    match written.str("message") {
        "" => written.str("rule").trim(),
        message => message.trim(),
    }
}

/// What the expression for a message gave, and what is left.
enum Message {
    Text(String, u64),
    /// None that can be told: the rule's own is.
    None(u64),
    /// It cost too much.
    Over(String),
    /// It cost more than we let it cost.
    Unsure,
}

/// Go: `evalMessageExpression`
fn message(program: &Program, written: &Tree, names: &[(&'static str, Value<'_>)], left: u64) -> Message {
    let outcome = program.run(names);
    let Some(rest) = left.checked_sub(outcome.cost) else {
        let words = "messageExpression evaluation failed due to running out of cost budget, no further validation rules \
                     will be run";
        return Message::Over(words.to_owned());
    };
    match outcome.value {
        Err(Stop::Budget) => Message::Unsure,
        Err(Stop::Cost) => {
            let text = crate::go::strconv::quote(written.str("messageExpression"));
            Message::Over(format!(
                "no further validation rules will be run due to call cost exceeds limit for messageExpression: {text}"
            ))
        }
        Err(Stop::Error(_)) => Message::None(rest),
        Ok(value) => match text_of(&value) {
            Some(text) => {
                let text = text.trim();
                let is_good = !text.is_empty() && text.len() <= LONGEST && !text.contains('\n');
                if is_good { Message::Text(text.to_owned(), rest) } else { Message::None(rest) }
            }
            None => Message::None(rest),
        },
    }
}
