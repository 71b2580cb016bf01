//! The functions that there are, and since which minor: data that `cargo xtask kubernetes cel` writes.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::types::Type;

/// One of the ways in which a function can be called.
#[derive(Debug)]
pub struct Overload {
    /// The minor whose rules may use it first.
    pub since: u32,
    pub id: &'static str,
    pub is_member: bool,
    pub args: Vec<Type>,
    pub result: Type,
}

/// The ways in which a function can be called, those that no minor has among them.
pub fn function(name: &str) -> Option<&'static [Overload]> {
    static ALL: OnceLock<HashMap<&'static str, Vec<Overload>>> = OnceLock::new();
    ALL.get_or_init(read).get(name).map(Vec::as_slice)
}

fn read() -> HashMap<&'static str, Vec<Overload>> {
    let mut all: HashMap<&'static str, Vec<Overload>> = HashMap::new();
    for line in include_str!("functions.txt").lines() {
        let words: Vec<&'static str> = line.split('\t').collect();
        let &[since, name, id, kind, args, result] = words.as_slice() else { continue };
        all.entry(name).or_default().push(Overload {
            since: since.parse().unwrap_or(u32::MAX),
            id,
            is_member: kind == "member",
            args: args.split(';').filter(|arg| !arg.is_empty()).map(Type::read).collect(),
            result: Type::read(result),
        });
    }
    all
}
