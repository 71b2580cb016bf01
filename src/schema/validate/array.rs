//! The keywords of arrays. Go: jsonschema validator.go `arrValidate`.

use super::Validator;
use super::scope::evaluate;
use crate::schema::compiled::{Additional, Id, Schema};
use crate::schema::document::{Json, duplicates};
use crate::schema::draft::Draft;
use crate::schema::fault::Kind;

impl Validator<'_> {
    pub(super) fn validate_array(&mut self, items: &[Json]) {
        let schema = self.schema.clone();
        let count = items.len() as i64;
        if let Some(want) = schema.min_items.filter(|want| count < *want) {
            self.add(Kind::Count { keyword: "minItems", got: count, want });
        }
        if let Some(want) = schema.max_items.filter(|want| count > *want) {
            self.add(Kind::Count { keyword: "maxItems", got: count, want });
        }
        if schema.unique_items
            && let Some(places) = duplicates(items)
        {
            self.add(Kind::UniqueItems { places });
        }
        if schema.draft < Draft::Draft2020 {
            self.validate_items(&schema, items);
        } else {
            let prefix = self.validate_prefix(&schema, items);
            if let Some(rest) = schema.items {
                self.validate_rest(rest, items, prefix);
            }
        }
        if let Some(contains) = schema.contains {
            self.validate_contains(&schema, contains, items);
        }
    }

    /// `items` and `additionalItems` before draft 2020-12.
    fn validate_items(&mut self, schema: &Schema, items: &[Json]) {
        let evaluated = match schema.items {
            Some(all) => {
                self.validate_rest(all, items, 0);
                items.len()
            }
            None => self.validate_prefix(schema, items),
        };
        match schema.additional_items {
            Some(Additional::Allowed(false)) if evaluated < items.len() => {
                self.add(Kind::AdditionalItems { count: items.len() - evaluated });
            }
            Some(Additional::Schema(rest)) => self.validate_rest(rest, items, evaluated),
            _ => {}
        }
    }

    /// The items that have schemas of their own; how many they are.
    fn validate_prefix(&mut self, schema: &Schema, items: &[Json]) -> usize {
        for (at, (item, own)) in items.iter().zip(&schema.prefix_items).enumerate() {
            let outcome = self.validate_below(*own, item, at.to_string());
            self.add_failed(outcome);
        }
        items.len().min(schema.prefix_items.len())
    }

    /// The items from that one on, against one schema.
    fn validate_rest(&mut self, schema: Id, items: &[Json], first: usize) {
        for (at, item) in items.iter().enumerate().skip(first) {
            let outcome = self.validate_below(schema, item, at.to_string());
            self.add_failed(outcome);
        }
    }

    fn validate_contains(&mut self, schema: &Schema, contains: Id, items: &[Json]) {
        let (mut faults, mut matched) = (Vec::new(), Vec::new());
        for (at, item) in items.iter().enumerate() {
            if let Err(fault) = self.validate_below(contains, item, at.to_string()) {
                faults.push(fault);
                continue;
            }
            matched.push(at);
            if schema.draft >= Draft::Draft2020 {
                evaluate(&mut self.unevaluated.items, at);
            }
        }
        let count = matched.len() as i64;
        match schema.min_contains {
            Some(want) if count < want => {
                self.add_with(Kind::MinContains { got: matched.clone(), want }, faults);
            }
            None if matched.is_empty() => self.add_with(Kind::Contains, faults),
            _ => {}
        }
        if let Some(want) = schema.max_contains.filter(|want| count > *want) {
            self.add(Kind::MaxContains { got: matched, want });
        }
    }
}
