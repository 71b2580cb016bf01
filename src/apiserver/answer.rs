//! [`Answer`]: what the server says of an object, and what it does to every object that is sent.

use super::changes::Change;
use super::decode::Fault;
use super::error::FieldError;
use super::tree::Tree;
use super::warnings::Warning;

/// What the server answers to an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// 201 where it takes the object, 400 where it cannot decode it, 422 where it refuses it, 0 where it serves no such kind.
    pub code: u16,
    /// Why it refuses it.
    pub message: String,
    /// What is wrong with which field.
    pub causes: Vec<FieldError>,
    /// Those of the causes that are wrong only since the object was another, with what changes.
    pub changes: Vec<Change>,
    /// What it warns of.
    pub warnings: Vec<Warning>,
    /// What is wrong with the text of an object that cannot be decoded.
    pub faults: Vec<Fault>,
    /// Whether it is by a custom resource definition of its kind.
    pub is_defined: bool,
}

/// What the servers of a minor answer to several objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The minor: 37 for 1.37.
    pub minor: u32,
    /// An answer for each object, in their order.
    pub answers: Vec<Answer>,
}

impl Answer {
    /// Whether the server takes the object.
    pub fn is_taken(&self) -> bool {
        (200..300).contains(&self.code)
    }
}

/// The first minor that tells each thing once.
pub const TELLS_ONCE: u32 = 37;

/// Takes out what stands there already.
pub fn once(errors: &mut Vec<FieldError>) {
    let mut seen: Vec<FieldError> = Vec::new();
    errors.retain(|error| {
        let is_new = !seen.contains(error);
        if is_new {
            seen.push(error.clone());
        }
        is_new
    });
}

/// The namespace that the request names, and the name that the server makes from a prefix.
pub fn place(object: &mut Tree, namespaced: bool) {
    let meta = object.field_mut("metadata");
    if namespaced {
        meta.default_str("namespace", "default");
    } else {
        meta.remove("namespace");
    }
    let prefix = meta.str("generateName").to_owned();
    if meta.str("name").is_empty() && !prefix.is_empty() {
        meta.set("name", format!("{prefix}xxxxx").as_str().into());
    }
}
