//! The nodes of a tree that is being read: each has a number, by which its place is known.

use super::source::Issue;
use super::syntax::{Call, Expr, Kind};

/// The nodes that there are, and what is wrong.
pub struct Nodes {
    /// How many characters stand before each node.
    pub places: Vec<usize>,
    /// What is wrong.
    pub issues: Vec<Issue>,
    /// The minor whose macros there are.
    pub minor: u32,
    /// Whether `cel.bind` is there.
    pub has_bind: bool,
}

impl Nodes {
    /// A number for a node at a place.
    pub fn id(&mut self, at: usize) -> usize {
        self.places.push(at);
        self.places.len() - 1
    }

    /// A node with a number of its own.
    pub fn node(&mut self, at: usize, kind: Kind) -> Expr {
        Expr { id: self.id(at), kind }
    }

    /// A call of a function.
    pub fn call(&mut self, at: usize, function: &str, args: Vec<Expr>) -> Expr {
        self.node(at, Kind::Call(Box::new(Call { target: None, function: function.into(), args })))
    }

    /// Where a node stands.
    pub fn place(&self, id: usize) -> usize {
        self.places[id]
    }

    /// Tells something of a place, in whose stead nothing stands.
    pub fn wrong(&mut self, at: usize, message: &str) -> Expr {
        self.issues.push(Issue { at: Some(at), message: message.to_owned() });
        self.node(at, Kind::Missing)
    }
}
