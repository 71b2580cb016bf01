//! [`Schema`]: a schema as it is validated with, and [`Arena`], where schemas are. Go: jsonschema schema.go.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::document::Json;
use super::draft::Draft;
use super::format::Format;
use super::number::Number;
use crate::go::regexp::Regexp;
use crate::value::Str;

/// A schema in the arena.
pub type Id = usize;

/// What a schema says. The names are those of the keywords.
#[derive(Debug)]
#[allow(missing_docs, reason = "the names are those of the keywords")]
pub struct Schema {
    /// Where it is.
    pub location: Rc<str>,
    pub draft: Draft,
    /// The resource that it belongs to.
    pub resource: Id,
    /// The dynamic anchors of a resource.
    pub dynamic_anchors: BTreeMap<String, Id>,
    /// A schema that is `true` or `false`, or says nothing.
    pub bool: Option<bool>,

    pub reference: Option<Id>,
    pub recursive_ref: Option<Id>,
    pub recursive_anchor: bool,
    pub dynamic_ref: Option<DynamicRef>,
    pub dynamic_anchor: String,
    pub types: Types,
    pub enumeration: Option<Rc<Enum>>,
    pub constant: Option<Rc<Json>>,
    pub format: Option<&'static Format>,
    pub not: Option<Id>,
    pub all_of: Vec<Id>,
    pub any_of: Vec<Id>,
    pub one_of: Vec<Id>,
    pub condition: Option<Id>,
    pub then: Option<Id>,
    pub otherwise: Option<Id>,

    pub min_properties: Option<i64>,
    pub max_properties: Option<i64>,
    pub required: Vec<Str>,
    pub property_names: Option<Id>,
    pub properties: BTreeMap<Str, Id>,
    pub pattern_properties: Vec<(Rc<Regexp>, Id)>,
    pub additional_properties: Option<Additional>,
    pub dependencies: Vec<(Str, Dependency)>,
    pub dependent_required: Vec<(Str, Vec<Str>)>,
    pub dependent_schemas: Vec<(Str, Id)>,
    pub unevaluated_properties: Option<Id>,

    pub min_items: Option<i64>,
    pub max_items: Option<i64>,
    pub unique_items: bool,
    pub contains: Option<Id>,
    pub min_contains: Option<i64>,
    pub max_contains: Option<i64>,
    /// `items` as one schema: before draft 2020-12 of all items, since then of those after `prefix_items`.
    pub items: Option<Id>,
    /// `prefixItems`, and before draft 2020-12 `items` as a list.
    pub prefix_items: Vec<Id>,
    pub additional_items: Option<Additional>,
    pub unevaluated_items: Option<Id>,

    pub min_length: Option<i64>,
    pub max_length: Option<i64>,
    pub pattern: Option<(Rc<Regexp>, Str)>,

    pub minimum: Option<Number>,
    pub maximum: Option<Number>,
    pub exclusive_minimum: Option<Number>,
    pub exclusive_maximum: Option<Number>,
    pub multiple_of: Option<Number>,
}

/// Whether what no other keyword names may be there, or what it must fit.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Additional {
    Allowed(bool),
    Schema(Id),
}

/// What a property needs besides: other properties, or that the whole fits a schema.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Dependency {
    Properties(Vec<Str>),
    Schema(Id),
}

/// `$dynamicRef`
#[derive(Clone, Debug)]
pub struct DynamicRef {
    /// What it names where nothing overrides it.
    pub target: Id,
    /// The anchor that it names; empty for a JSON pointer.
    pub anchor: String,
}

/// `enum`
#[derive(Debug)]
pub struct Enum {
    /// The values.
    pub values: Vec<Json>,
    /// Their types.
    pub types: Types,
}

/// A set of JSON types. Go: `Types`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Types(u8);

impl Types {
    /// The type of an integer, which is a number besides.
    pub const INTEGER: Types = Types(8);

    /// The names of all, in the order in which they are told.
    const NAMES: [&'static str; 7] = ["null", "boolean", "number", "integer", "string", "array", "object"];

    /// The type of that name, if there is one.
    pub fn named(name: &str) -> Types {
        Types(Types::NAMES.iter().position(|own| *own == name).map_or(0, |at| 1 << at))
    }

    /// The type of a value; none for what is no JSON. Go: `typeOf`.
    pub fn of(value: &Json) -> Types {
        Types(match value {
            Json::Null => 1,
            Json::Bool(_) => 2,
            Json::Number(_) => 4,
            Json::String(_) => 16,
            Json::Array(_) => 32,
            Json::Object(_) => 64,
            Json::Other(_) => 0,
        })
    }

    /// Both.
    pub fn with(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether they have one in common.
    pub fn contains(self, other: Types) -> bool {
        self.0 & other.0 != 0
    }

    /// Their names.
    pub fn names(self) -> Vec<&'static str> {
        Types::NAMES
            .into_iter()
            .enumerate()
            .filter(|(at, _)| self.0 >> at & 1 == 1)
            .map(|(_, it)| it)
            .collect()
    }
}

impl Schema {
    /// A schema that says nothing.
    pub fn empty(location: Rc<str>, draft: Draft, resource: Id) -> Schema {
        Schema {
            location,
            draft,
            resource,
            dynamic_anchors: BTreeMap::new(),
            bool: None,
            reference: None,
            recursive_ref: None,
            recursive_anchor: false,
            dynamic_ref: None,
            dynamic_anchor: String::new(),
            types: Types::default(),
            enumeration: None,
            constant: None,
            format: None,
            not: None,
            all_of: Vec::new(),
            any_of: Vec::new(),
            one_of: Vec::new(),
            condition: None,
            then: None,
            otherwise: None,
            min_properties: None,
            max_properties: None,
            required: Vec::new(),
            property_names: None,
            properties: BTreeMap::new(),
            pattern_properties: Vec::new(),
            additional_properties: None,
            dependencies: Vec::new(),
            dependent_required: Vec::new(),
            dependent_schemas: Vec::new(),
            unevaluated_properties: None,
            min_items: None,
            max_items: None,
            unique_items: false,
            contains: None,
            min_contains: None,
            max_contains: None,
            items: None,
            prefix_items: Vec::new(),
            additional_items: None,
            unevaluated_items: None,
            min_length: None,
            max_length: None,
            pattern: None,
            minimum: None,
            maximum: None,
            exclusive_minimum: None,
            exclusive_maximum: None,
            multiple_of: None,
        }
    }

    /// Whether every item of an array is spoken about. Go: `allItemsEvaluated`.
    pub fn covers_all_items(&self) -> bool {
        self.items.is_some() || self.additional_items.is_some()
    }
}

/// Where compiled schemas are. It only grows: schemas refer to each other, in circles too.
#[derive(Default)]
pub struct Arena(RefCell<Vec<Option<Rc<Schema>>>>);

impl Arena {
    /// A place for a schema to come.
    pub fn reserve(&self) -> Id {
        let mut schemas = self.0.borrow_mut();
        schemas.push(None);
        schemas.len() - 1
    }

    /// Puts a schema where it was to come.
    pub fn set(&self, id: Id, schema: Schema) {
        self.0.borrow_mut()[id] = Some(Rc::new(schema));
    }

    /// The schema.
    pub fn get(&self, id: Id) -> Rc<Schema> {
        self.0.borrow()[id].clone().expect("every schema is compiled before one is validated with")
    }
}
