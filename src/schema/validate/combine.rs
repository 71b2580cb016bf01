//! The keywords that combine schemas, and references. Go: jsonschema validator.go `condValidate`, `validateRefs` and
//! `unevalValidate`.

use super::Validator;
use super::scope::Scope;
use crate::schema::compiled::Id;
use crate::schema::document::Json;
use crate::schema::fault::{Fault, Kind};

impl Validator<'_> {
    pub(super) fn combine(&mut self) {
        let schema = self.schema.clone();
        if let Some(not) = schema.not
            && self.validate_self(not, "", true).is_ok()
        {
            self.add(Kind::Not);
        }
        self.all_of(&schema.all_of);
        self.any_of(&schema.any_of);
        self.one_of(&schema.one_of);
        if let Some(condition) = schema.condition {
            let fits = self.validate_self(condition, "", true).is_ok();
            if let Some(branch) = if fits { schema.then } else { schema.otherwise } {
                let outcome = self.validate_self(branch, "", false);
                self.add_failed(outcome);
            }
        }
    }

    fn all_of(&mut self, schemas: &[Id]) {
        let mut faults = Vec::new();
        for schema in schemas {
            if let Err(fault) = self.validate_self(*schema, "", false) {
                faults.push(fault);
                if self.quick {
                    break;
                }
            }
        }
        if !faults.is_empty() {
            self.add_with(Kind::AllOf, faults);
        }
    }

    fn any_of(&mut self, schemas: &[Id]) {
        let (mut faults, mut matched) = (Vec::new(), schemas.is_empty());
        for schema in schemas {
            if let Err(fault) = self.validate_self(*schema, "", false) {
                faults.push(fault);
                continue;
            }
            matched = true;
            // Who asks what is left unevaluated must hear of all.
            if self.unevaluated.is_empty() {
                break;
            }
        }
        if !matched {
            self.add_with(Kind::AnyOf, faults);
        }
    }

    fn one_of(&mut self, schemas: &[Id]) {
        let (mut faults, mut matched) = (Vec::new(), None);
        for (at, schema) in schemas.iter().enumerate() {
            match (self.validate_self(*schema, "", matched.is_some()), matched) {
                (Err(fault), None) => faults.push(fault),
                (Err(_), Some(_)) => {}
                (Ok(()), None) => matched = Some(at),
                (Ok(()), Some(first)) => {
                    self.add(Kind::OneOf { matched: Some((first, at)) });
                    break;
                }
            }
        }
        if matched.is_none() && !schemas.is_empty() {
            self.add_with(Kind::OneOf { matched: None }, faults);
        }
    }

    /// Go: `validator.validateRef`.
    pub(super) fn validate_ref(&mut self, schema: Id, keyword: &'static str) -> Result<(), Fault> {
        self.validate_self(schema, keyword, false)
            .map_err(|fault| Fault { causes: fault.ungrouped(), ..self.fault(Kind::Reference) })
    }

    pub(super) fn validate_refs(&mut self) {
        let schema = self.schema.clone();
        let arena = self.validation.arena;
        if let Some(target) = schema.recursive_ref {
            let target = match arena.get(target).recursive_anchor {
                true => self.recursive_anchor(target),
                false => target,
            };
            let outcome = self.validate_ref(target, "$recursiveRef");
            self.add_failed(outcome);
        }
        if let Some(reference) = &schema.dynamic_ref {
            let overridden = !reference.anchor.is_empty()
                && arena.get(reference.target).dynamic_anchor == reference.anchor;
            let target = match overridden {
                true => self.dynamic_anchor(&reference.anchor, reference.target),
                false => reference.target,
            };
            let outcome = self.validate_ref(target, "$dynamicRef");
            self.add_failed(outcome);
        }
    }

    /// The outermost schema whose resource may be recursed to. Go: `resolveRecursiveAnchor`.
    fn recursive_anchor(&self, fallback: Id) -> Id {
        let arena = self.validation.arena;
        let scopes: Vec<&Scope<'_>> = self.scope.all().collect();
        let recursed = |scope: &&&Scope<'_>| arena.get(scope.schema.resource).recursive_anchor;
        scopes.iter().rev().find(recursed).map_or(fallback, |scope| scope.id())
    }

    /// The outermost schema that has the anchor. Go: `resolveDynamicAnchor`.
    fn dynamic_anchor(&self, name: &str, fallback: Id) -> Id {
        let arena = self.validation.arena;
        let scopes: Vec<&Scope<'_>> = self.scope.all().collect();
        let named = |scope: &&Scope<'_>| arena.get(scope.schema.resource).dynamic_anchors.get(name).copied();
        scopes.iter().rev().find_map(named).unwrap_or(fallback)
    }

    pub(super) fn validate_unevaluated(&mut self) {
        let schema = self.schema.clone();
        if let (Json::Object(object), Some(rest)) = (self.value, schema.unevaluated_properties) {
            let left = self.unevaluated.properties.take().unwrap_or_default();
            for ((name, value), _) in object.iter().zip(left).filter(|(_, left)| *left) {
                let outcome = self.validate_below(rest, value, name.clone());
                self.add_failed(outcome);
            }
        }
        if let (Json::Array(items), Some(rest)) = (self.value, schema.unevaluated_items) {
            let left = self.unevaluated.items.take().unwrap_or_default();
            for (at, (item, _)) in items.iter().zip(left).enumerate().filter(|(_, (_, left))| *left) {
                let outcome = self.validate_below(rest, item, at.to_string());
                self.add_failed(outcome);
            }
        }
    }
}
