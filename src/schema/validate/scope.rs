//! The way that led to a schema, and what of a value no keyword has spoken about yet.
//! Go: jsonschema validator.go `scope` and `uneval`.

use std::rc::Rc;

use crate::schema::address::escape;
use crate::schema::compiled::{Id, Schema};
use crate::schema::document::Json;

/// A schema and how it was come to.
pub struct Scope<'a> {
    id: Id,
    /// The schema.
    pub schema: Rc<Schema>,
    /// The keyword of the jump; empty if the schema is just below the one before.
    keyword: &'static str,
    /// How deep the value is; the same value has the same number.
    pub value: usize,
    /// The scope before.
    pub parent: Option<&'a Scope<'a>>,
}

impl<'a> Scope<'a> {
    /// The first scope.
    pub fn new(id: Id, schema: Rc<Schema>) -> Scope<'a> {
        Scope { id, schema, keyword: "", value: 0, parent: None }
    }

    /// The next one.
    pub fn child(&'a self, id: Id, schema: Rc<Schema>, keyword: &'static str, value: usize) -> Scope<'a> {
        Scope { id, schema, keyword, value, parent: Some(self) }
    }

    /// This scope and those before.
    pub fn all(&'a self) -> impl Iterator<Item = &'a Scope<'a>> {
        std::iter::successors(Some(self), |scope| scope.parent)
    }

    /// Its schema's id.
    pub fn id(&self) -> Id {
        self.id
    }

    /// The scope before that held the same value against the same schema. Go: `scope.checkCycle`.
    pub fn cycle(&'a self) -> Option<&'a Scope<'a>> {
        self.all().skip(1).take_while(|scope| scope.value == self.value).find(|scope| scope.id == self.id)
    }

    /// The keywords that led here. Go: `scope.kwLoc`.
    pub fn keyword_location(&self) -> String {
        let mut parts = Vec::new();
        let mut scope = self;
        while let Some(parent) = scope.parent {
            parts.push(match scope.keyword {
                "" => {
                    scope.schema.location.get(parent.schema.location.len()..).unwrap_or_default().to_owned()
                }
                keyword => format!("/{}", escape(keyword)),
            });
            scope = parent;
        }
        parts.reverse();
        parts.concat()
    }
}

/// The entries of an object and the items of an array that no keyword has spoken about; `None` where nobody asks.
#[derive(Clone, Debug, Default)]
pub struct Unevaluated {
    /// For each entry, in the order of the keys.
    pub properties: Option<Vec<bool>>,
    /// For each item.
    pub items: Option<Vec<bool>>,
}

impl Unevaluated {
    /// All of a value, as far as the schema, or who asked, wants to know. Go: `unevalFrom`.
    pub fn of(value: &Json, schema: &Schema, wanted: bool) -> Unevaluated {
        let mut unevaluated = Unevaluated::default();
        match value {
            Json::Object(object) => {
                let wanted = wanted || schema.unevaluated_properties.is_some();
                if wanted && schema.additional_properties.is_none() {
                    unevaluated.properties = Some(vec![true; object.len()]);
                }
            }
            Json::Array(items) => {
                let wanted = wanted || schema.unevaluated_items.is_some();
                let first = schema.prefix_items.len();
                if wanted && !schema.covers_all_items() && first < items.len() {
                    unevaluated.items = Some((0..items.len()).map(|at| at >= first).collect());
                }
            }
            _ => {}
        }
        unevaluated
    }

    /// Leaves only what is left there too. Go: `uneval.merge`.
    pub fn merge(&mut self, other: &Unevaluated) {
        merge(&mut self.properties, other.properties.as_deref());
        merge(&mut self.items, other.items.as_deref());
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        let any = |left: &Option<Vec<bool>>| left.as_ref().is_some_and(|left| left.contains(&true));
        !any(&self.properties) && !any(&self.items)
    }
}

/// Crosses out one entry or item.
pub fn evaluate(left: &mut Option<Vec<bool>>, at: usize) {
    if let Some(left) = left.as_mut().and_then(|left| left.get_mut(at)) {
        *left = false;
    }
}

fn merge(own: &mut Option<Vec<bool>>, other: Option<&[bool]>) {
    for (at, left) in own.iter_mut().flatten().enumerate() {
        *left &= other.is_some_and(|other| other[at]);
    }
}
