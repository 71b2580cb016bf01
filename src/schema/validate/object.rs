//! The keywords of objects. Go: jsonschema validator.go `objValidate`.

use super::scope::evaluate;
use super::{Validator, nested};
use crate::schema::compiled::{Additional, Dependency, Id, Schema};
use crate::schema::document::{Json, Object};
use crate::schema::draft::Draft;
use crate::schema::fault::{Fault, Kind};
use crate::value::Str;

impl Validator<'_> {
    pub(super) fn validate_object(&mut self, object: &Object) {
        let schema = self.schema.clone();
        let count = object.len() as i64;
        if let Some(want) = schema.min_properties.filter(|want| count < *want) {
            self.add(Kind::Count { keyword: "minProperties", got: count, want });
        }
        if let Some(want) = schema.max_properties.filter(|want| count > *want) {
            self.add(Kind::Count { keyword: "maxProperties", got: count, want });
        }
        if let Some(missing) = missing(object, &schema.required) {
            self.add(Kind::Required { missing });
        }
        if self.quick && !self.faults.is_empty() {
            return;
        }
        self.validate_dependencies(&schema, object);
        self.validate_properties(&schema, object);
        if schema.draft == Draft::Draft4 {
            return;
        }
        if let Some(names) = schema.property_names {
            object.iter().for_each(|(name, _)| self.validate_property_name(names, name));
        }
        if schema.draft == Draft::Draft6 {
            return;
        }
        for (name, dependent) in &schema.dependent_schemas {
            if object.contains(name) {
                let outcome = self.validate_self(*dependent, "", false);
                self.add_failed(outcome);
            }
        }
        for (name, required) in &schema.dependent_required {
            if object.contains(name)
                && let Some(missing) = missing(object, required)
            {
                self.add(Kind::Dependency { property: name.clone(), missing });
            }
        }
    }

    fn validate_dependencies(&mut self, schema: &Schema, object: &Object) {
        for (name, dependency) in &schema.dependencies {
            if !object.contains(name) {
                continue;
            }
            match dependency {
                Dependency::Properties(required) => {
                    if let Some(missing) = missing(object, required) {
                        self.add(Kind::Dependency { property: name.clone(), missing });
                    }
                }
                Dependency::Schema(dependent) => {
                    let outcome = self.validate_self(*dependent, "", false);
                    self.add_failed(outcome);
                }
            }
        }
    }

    fn validate_properties(&mut self, schema: &Schema, object: &Object) {
        let mut additional = Vec::new();
        for (at, (name, value)) in object.iter().enumerate() {
            if self.quick && !self.faults.is_empty() {
                return;
            }
            let mut evaluated = false;
            if let Some(property) = schema.properties.get(name) {
                evaluated = true;
                let outcome = self.validate_below(*property, value, name.clone());
                self.add_failed(outcome);
            }
            for (pattern, property) in &schema.pattern_properties {
                if pattern.is_match(name.as_bytes()) {
                    evaluated = true;
                    let outcome = self.validate_below(*property, value, name.clone());
                    self.add_failed(outcome);
                }
            }
            if !evaluated && schema.additional_properties.is_some() {
                evaluated = true;
                match schema.additional_properties {
                    Some(Additional::Allowed(false)) => additional.push(name.clone()),
                    Some(Additional::Schema(property)) => {
                        let outcome = self.validate_below(property, value, name.clone());
                        self.add_failed(outcome);
                    }
                    _ => {}
                }
            }
            if evaluated {
                evaluate(&mut self.unevaluated.properties, at);
            }
        }
        if !additional.is_empty() {
            self.add(Kind::AdditionalProperties { names: additional });
        }
    }

    /// The fault tells the place of the object as Go's shared slice has it in the end.
    fn validate_property_name(&mut self, names: Id, name: &Str) {
        let (schema, meta) = match self.own_metaschema(names) {
            Some(metaschema) => (metaschema, Some(metaschema)),
            None => (names, self.meta),
        };
        let value = Json::String(name.clone());
        if let Err(fault) = nested(self.validation, schema, meta, &value, self.depth + 1) {
            let kind = Kind::PropertyNames { name: name.clone() };
            self.faults.push(Fault { at: self.at.clone(), kind, ..fault });
        }
    }
}

/// Which of the properties are missing. Go: `validator.findMissing`.
fn missing(object: &Object, required: &[Str]) -> Option<Vec<Str>> {
    let missing: Vec<Str> = required.iter().filter(|name| !object.contains(name)).cloned().collect();
    (!missing.is_empty()).then_some(missing)
}
