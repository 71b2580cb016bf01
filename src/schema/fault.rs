//! What does not fit, where, and why: [`Fault`]. Go: jsonschema `ValidationError` and kind/kind.go.

use std::cell::RefCell;
use std::rc::Rc;

use super::address::escape;
use super::compiled::{Enum, Schema, Types};
use super::document::Json;
use crate::value::Str;

/// What does not fit.
#[derive(Debug)]
pub struct Fault {
    /// Where in the values.
    pub at: Location,
    /// The schema that says so.
    pub schema: Rc<Schema>,
    /// What.
    pub kind: Kind,
    /// Why.
    pub causes: Vec<Fault>,
}

impl Fault {
    /// The fault, or those that it only groups.
    pub fn ungrouped(self) -> Vec<Fault> {
        match self.kind {
            Kind::Group => self.causes,
            _ => vec![self],
        }
    }
}

/// A place in the values. Places below one share its memory as Go's slices do: going on to a sibling changes what an
/// earlier one says, until [`Location::snapshot`] is taken.
#[derive(Clone, Debug)]
pub struct Location {
    tokens: Rc<RefCell<Vec<Str>>>,
    len: u32,
    capacity: u32,
}

/// Go: the capacity with which `Schema.validate` begins.
const CAPACITY: u32 = 8;

impl Default for Location {
    fn default() -> Location {
        Location { tokens: Rc::default(), len: 0, capacity: CAPACITY }
    }
}

impl Location {
    /// The place one token below. Go: `append(vd.vloc, vtok)`.
    pub fn below(&self, token: Str) -> Location {
        let len = self.len + 1;
        if self.len < self.capacity {
            let mut tokens = self.tokens.borrow_mut();
            match tokens.get_mut(self.len as usize) {
                Some(sibling) => *sibling = token,
                None => tokens.push(token),
            }
            return Location { tokens: self.tokens.clone(), len, capacity: self.capacity };
        }
        let mut tokens = self.tokens();
        tokens.push(token);
        Location { tokens: Rc::new(RefCell::new(tokens)), len, capacity: 2 * self.capacity }
    }

    /// Whether it is the whole.
    pub fn is_top(&self) -> bool {
        self.len == 0
    }

    /// The JSON pointer.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for token in &self.tokens.borrow()[..self.len as usize] {
            pointer.push('/');
            pointer.push_str(&escape(&token.to_str()));
        }
        pointer
    }

    /// The tokens as they are now.
    pub fn tokens(&self) -> Vec<Str> {
        self.tokens.borrow()[..self.len as usize].to_vec()
    }

    /// The place as it is now, whatever is visited later.
    pub fn snapshot(&self) -> Location {
        Location { tokens: Rc::new(RefCell::new(self.tokens())), ..*self }
    }
}

/// What does not fit. The names are Go's.
#[derive(Debug)]
#[allow(missing_docs, reason = "the names are Go's")]
pub enum Kind {
    /// Nobody wants to know.
    Untold,
    Schema {
        location: Rc<str>,
    },
    Group,
    Reference,
    InvalidJsonValue {
        name: String,
    },
    FalseSchema,
    RefCycle {
        url: Rc<str>,
        first: String,
        second: String,
    },
    Type {
        got: &'static str,
        want: Types,
    },
    Enum {
        want: Rc<Enum>,
    },
    Const {
        want: Rc<Json>,
    },
    Format {
        got: Str,
        want: &'static str,
        why: String,
    },
    Not,
    AllOf,
    AnyOf,
    OneOf {
        matched: Option<(usize, usize)>,
    },
    /// `minItems` and its sisters.
    Count {
        keyword: &'static str,
        got: i64,
        want: i64,
    },
    /// `minimum` and its sisters.
    Limit {
        keyword: &'static str,
        got: f64,
        want: f64,
    },
    Required {
        missing: Vec<Str>,
    },
    Dependency {
        property: Str,
        missing: Vec<Str>,
    },
    AdditionalProperties {
        names: Vec<Str>,
    },
    PropertyNames {
        name: Str,
    },
    AdditionalItems {
        count: usize,
    },
    UniqueItems {
        places: (usize, usize),
    },
    Contains,
    MinContains {
        got: Vec<usize>,
        want: i64,
    },
    MaxContains {
        got: Vec<usize>,
        want: i64,
    },
    Pattern {
        got: Str,
        want: Str,
    },
}
