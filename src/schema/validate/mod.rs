//! Holds a value against a schema: [`validate`]. Go: jsonschema validator.go.
//!
//! [`Validator`] holds one value against one schema; the keywords of objects, arrays and scalars are in modules of their
//! own, those that combine schemas in [`combine`]. Where Go walks a map in random order, keys are sorted here.

mod array;
mod combine;
mod object;
mod scalar;
mod scope;

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;

use super::compiled::{Arena, Id, Schema, Types};
use super::document::Json;
use super::draft::Draft;
use super::fault::{Fault, Kind, Location};
use super::metaschema::Metaschemas;
use super::number::Number;
use super::root::Resources;
use crate::budget;
use scope::{Scope, Unevaluated};

/// How deep schemas and values may lead each other. Go's stack bears more.
const MAX_DEPTH: usize = 4_000;
/// Units of work for holding a schema against a value.
const STEP: u64 = 60;
/// How many faults may be found on the way, and what one takes.
const FAULT: usize = 512;
const MAX_FAULTS: usize = 200_000;

/// Why a value is not valid, or why nobody knows.
#[derive(Debug)]
pub enum Failure {
    /// It does not fit: Go's `*ValidationError`.
    Invalid(Fault),
    /// Go panics, or we give up.
    Stopped(String),
}

/// What all validators of one validation share.
pub struct Validation<'a> {
    arena: &'a Arena,
    /// Of a schema that is held against its metaschema: the resources in it, each of which has a metaschema of its own.
    resources: Option<(&'a Metaschemas, &'a Resources)>,
    faults: Cell<usize>,
    stopped: RefCell<Option<String>>,
}

impl<'a> Validation<'a> {
    /// The validation of values.
    pub fn of_values(arena: &'a Arena) -> Validation<'a> {
        Validation { arena, resources: None, faults: Cell::new(0), stopped: RefCell::default() }
    }

    /// The validation of a schema.
    pub fn of_schema(
        arena: &'a Arena,
        metaschemas: &'a Metaschemas,
        resources: &'a Resources,
    ) -> Validation<'a> {
        Validation { resources: Some((metaschemas, resources)), ..Validation::of_values(arena) }
    }

    /// Ends the validation: whatever is found later does not count.
    fn stop(&self, why: &str) {
        self.stopped.borrow_mut().get_or_insert_with(|| why.to_owned());
    }

    fn is_stopped(&self) -> bool {
        self.stopped.borrow().is_some()
    }
}

/// Holds a value against a schema. Go: `Schema.Validate`; `meta` is the metaschema if the value is a schema.
pub fn validate(
    validation: &Validation<'_>,
    schema: Id,
    meta: Option<Id>,
    value: &Json,
) -> Result<(), Failure> {
    let outcome = nested(validation, schema, meta, value, 0);
    match validation.stopped.take() {
        Some(why) => Err(Failure::Stopped(why)),
        None => outcome.map_err(Failure::Invalid),
    }
}

/// The same within another validation, that many steps deep.
fn nested(
    validation: &Validation<'_>,
    schema: Id,
    meta: Option<Id>,
    value: &Json,
    depth: usize,
) -> Result<(), Fault> {
    let compiled = validation.arena.get(schema);
    let scope = Scope::new(schema, compiled.clone());
    let (location, top) = (compiled.location.clone(), Rc::clone(&compiled));
    let unevaluated = Unevaluated::of(value, &compiled, false);
    let validator = Validator {
        validation,
        value,
        at: Location::default(),
        schema: compiled,
        scope: &scope,
        unevaluated,
        faults: Vec::new(),
        quick: false,
        meta,
        depth,
    };
    validator.validate().map(drop).map_err(|fault| Fault {
        at: Location::default(),
        schema: top,
        kind: Kind::Schema { location },
        causes: fault.ungrouped(),
    })
}

/// One value and one schema. Go: `validator`.
struct Validator<'a> {
    validation: &'a Validation<'a>,
    value: &'a Json,
    /// Where the value is.
    at: Location,
    schema: Rc<Schema>,
    scope: &'a Scope<'a>,
    unevaluated: Unevaluated,
    faults: Vec<Fault>,
    /// Whether only the verdict is wanted. Go: `boolResult`.
    quick: bool,
    /// The metaschema, if the value is a schema.
    meta: Option<Id>,
    depth: usize,
}

impl Validator<'_> {
    /// What is left unevaluated, or what is wrong. Go: `validator.validate`.
    fn validate(mut self) -> Result<Unevaluated, Fault> {
        let schema = self.schema.clone();
        match schema.bool {
            Some(true) => return Ok(self.unevaluated),
            Some(false) => return Err(self.fault(Kind::FalseSchema)),
            None => {}
        }
        self.count_step();
        if self.validation.is_stopped() {
            return Err(self.fault(Kind::Group));
        }
        if let Some(first) = self.scope.cycle() {
            return Err(self.fault(Kind::RefCycle {
                url: schema.location.clone(),
                first: self.scope.keyword_location(),
                second: first.keyword_location(),
            }));
        }
        self.check_value(&schema)?;
        if let Some(reference) = schema.reference {
            let fault = self.validate_ref(reference, "$ref").err();
            if schema.draft < Draft::Draft2019 {
                return fault.map_or(Ok(self.unevaluated), Err);
            }
            self.faults.extend(fault);
        }
        match self.value {
            Json::Object(object) => self.validate_object(object),
            Json::Array(items) => self.validate_array(items),
            Json::String(text) => self.validate_string(text),
            Json::Number(number) => self.validate_number(number),
            _ => {}
        }
        if self.faults.is_empty() || !self.quick {
            if schema.draft >= Draft::Draft2019 {
                self.validate_refs();
            }
            self.combine();
            if schema.draft >= Draft::Draft2019 {
                self.validate_unevaluated();
            }
        }
        match self.faults.len() {
            0 => Ok(self.unevaluated),
            1 => Err(self.faults.remove(0)),
            _ => {
                let causes = std::mem::take(&mut self.faults);
                Err(Fault { causes, ..self.fault(Kind::Group) })
            }
        }
    }

    /// Ends the validation where it has become too long or too deep.
    fn count_step(&self) {
        if let Err(over) = budget::spend(STEP) {
            self.validation.stop(&over.to_string());
        }
        if self.depth > MAX_DEPTH {
            self.validation.stop(&format!("gave up {MAX_DEPTH} steps deep: schema or values nest too deep"));
        }
    }

    /// The keywords that end the validation where they fail.
    fn check_value(&self, schema: &Schema) -> Result<(), Fault> {
        let own = Types::of(self.value);
        if own.is_empty() {
            let name = match self.value {
                Json::Other(name) => name.clone(),
                _ => String::new(),
            };
            return Err(self.fault(Kind::InvalidJsonValue { name }));
        }
        if !schema.types.is_empty() && !schema.types.contains(own) {
            let integer = schema.types.contains(Types::INTEGER)
                && matches!(self.value, Json::Number(number) if number.is_integer());
            if !integer {
                return Err(self.fault(Kind::Type { got: own.names()[0], want: schema.types }));
            }
        }
        if let Some(want) = &schema.constant
            && !self.value.equals(want)
        {
            return Err(self.fault(Kind::Const { want: want.clone() }));
        }
        if let Some(want) = &schema.enumeration {
            let _ = budget::spend(want.values.len() as u64 / 2);
            let matched = want.types.contains(own) && want.values.iter().any(|item| self.value.equals(item));
            if !matched {
                return Err(self.fault(Kind::Enum { want: want.clone() }));
            }
        }
        if let Some(format) = schema.format
            && let Json::String(text) = self.value
            && let Err(why) = (format.check)(&text.to_str())
        {
            return Err(self.fault(Kind::Format { got: text.clone(), want: format.name, why }));
        }
        Ok(())
    }

    /// Holds the same value against another schema. Go: `validator.validateSelf`.
    fn validate_self(&mut self, schema: Id, keyword: &'static str, quick: bool) -> Result<(), Fault> {
        let compiled = self.validation.arena.get(schema);
        let scope = self.scope.child(schema, compiled.clone(), keyword, self.scope.value);
        let unevaluated = Unevaluated::of(self.value, &compiled, !self.unevaluated.is_empty());
        let mut below = Validator {
            validation: self.validation,
            value: self.value,
            at: self.at.clone(),
            schema: compiled,
            scope: &scope,
            unevaluated,
            faults: Vec::new(),
            quick: self.quick || quick,
            meta: self.meta,
            depth: self.depth + 1,
        };
        below.switch_metaschema(schema);
        let left = below.validate()?;
        self.unevaluated.merge(&left);
        Ok(())
    }

    /// Holds a value below this one against a schema. Go: `validator.validateVal`.
    fn validate_below(
        &self,
        schema: Id,
        value: &Json,
        token: impl Into<crate::value::Str>,
    ) -> Result<(), Fault> {
        let compiled = self.validation.arena.get(schema);
        let scope = self.scope.child(schema, compiled.clone(), "", self.scope.value + 1);
        let unevaluated = Unevaluated::of(value, &compiled, false);
        let mut below = Validator {
            validation: self.validation,
            value,
            at: self.at.below(token.into()),
            schema: compiled,
            scope: &scope,
            unevaluated,
            faults: Vec::new(),
            quick: self.quick,
            meta: self.meta,
            depth: self.depth + 1,
        };
        below.switch_metaschema(schema);
        below.validate().map(drop)
    }

    /// The metaschema of the resource that begins at the value. Go: `validator.metaResource`.
    fn own_metaschema(&self, schema: Id) -> Option<Id> {
        if self.meta != Some(schema) {
            return None;
        }
        let (metaschemas, resources) = self.validation.resources?;
        if resources.len() == 1 && !self.at.is_top() {
            return None;
        }
        let resource = resources.get(self.at.pointer().as_str())?;
        match metaschemas.of(&resource.dialect) {
            Ok(metaschema) => Some(metaschema),
            Err(error) => {
                self.validation.stop(&error.to_string());
                None
            }
        }
    }

    /// Go: `validator.handleMeta`.
    fn switch_metaschema(&mut self, schema: Id) {
        if let Some(metaschema) = self.own_metaschema(schema) {
            self.meta = Some(metaschema);
            self.schema = self.validation.arena.get(metaschema);
        }
    }

    /// A fault here. Go: `validator.error`.
    fn fault(&self, kind: Kind) -> Fault {
        if self.quick {
            let schema = Rc::clone(&self.schema);
            return Fault { at: Location::default(), schema, kind: Kind::Untold, causes: Vec::new() };
        }
        let faults = self.validation.faults.get() + 1;
        self.validation.faults.set(faults);
        if let Err(over) = budget::make(FAULT) {
            self.validation.stop(&over.to_string());
        }
        if faults > MAX_FAULTS {
            self.validation.stop(&format!("gave up after {MAX_FAULTS} faults"));
        }
        Fault { at: self.at.snapshot(), schema: Rc::clone(&self.schema), kind, causes: Vec::new() }
    }

    fn add(&mut self, kind: Kind) {
        let fault = self.fault(kind);
        self.faults.push(fault);
    }

    fn add_with(&mut self, kind: Kind, causes: Vec<Fault>) {
        let fault = Fault { causes, ..self.fault(kind) };
        self.faults.push(fault);
    }

    fn add_failed(&mut self, outcome: Result<(), Fault>) {
        self.faults.extend(outcome.err());
    }

    /// How two numbers compare. Go panics where one of them is too long to be read.
    fn compare(&self, a: &Number, b: &Number) -> Ordering {
        a.compare(b).unwrap_or_else(|| {
            self.validation.stop(UNREADABLE);
            Ordering::Equal
        })
    }
}

/// Helm's text for Go's panic at a number that is too long to be read.
const UNREADABLE: &str =
    "unable to validate schema: runtime error: invalid memory address or nil pointer dereference";
