//! `cargo xtask fuzz-diff [--family NAME] [--cases N] [--seed S] [--coverage]`: random cases, answered by ours and by Helm's,
//! compared byte for byte, error texts included. A case on which they differ is made smaller and printed; then the task
//! fails. `--coverage` tells besides how often each function and action occurred.
//!
//! [`mod@compare`] is the loop. A family makes cases and makes them smaller: see [`compare::Family`]. Those of [`grammar`] are
//! templates as a [`tree`], made smaller by [`shrink`]; all others are [`sections`]. What cannot agree stands in
//! [`cannot_agree`].

pub mod cannot_agree;
mod compare;
mod composed;
mod coverage;
mod flags;
mod forms;
mod glob;
mod grammar;
mod ignore;
mod layers;
mod origins;
mod schema;
mod sections;
mod shrink;
mod tree;
mod typed;
mod words;
mod yaml;

use crate::Outcome;
use compare::{Request, compare};

/// A family of random cases.
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// What is compared.
    pub what: &'static str,
    run: fn(Request) -> Outcome,
}

const fn family(name: &'static str, what: &'static str, run: fn(Request) -> Outcome) -> Entry {
    Entry { name, what, run }
}

/// The families.
pub const FAMILIES: [Entry; 9] = [
    family(
        "template",
        "templates with every action and function, and damaged ones",
        compare::<grammar::Grammar>,
    ),
    family("flags", "expressions of `--set` and its sisters", compare::<flags::Flags>),
    family("layers", "trees of charts with values, conditions, tags and imports", compare::<layers::Layers>),
    family("helm3", "such trees under Helm 3.18.5", compare::<layers::Helm3Layers>),
    family("origins", "where each value in such trees came from; Helm is not asked", origins::run),
    family("yaml", "YAML, read and written again", compare::<yaml::Yaml>),
    family("ignore", "`.helmignore` files and paths", compare::<ignore::Ignore>),
    family("glob", "patterns of `.Files.Glob` and names", compare::<glob::Globs>),
    family("schema", "JSON schemas of every draft and values", compare::<schema::Schemas>),
];

/// Runs the task.
pub fn run(words: &[&str]) -> Outcome {
    let name = option(words, "--family")?.unwrap_or("template");
    let family = FAMILIES.iter().find(|family| family.name == name);
    let known = || FAMILIES.map(|family| family.name).join(", ");
    let family = family.ok_or_else(|| format!("no family is called {name:?}; there are {}", known()))?;
    (family.run)(Request {
        count: number(words, "--cases")?.unwrap_or(10_000) as usize,
        seed: number(words, "--seed")?.unwrap_or(1),
        coverage: words.contains(&"--coverage"),
    })
}

/// What stands behind a flag.
fn option<'a>(words: &[&'a str], name: &str) -> Result<Option<&'a str>, String> {
    match words.iter().position(|word| *word == name) {
        Some(at) => words.get(at + 1).copied().map(Some).ok_or_else(|| format!("{name} wants a value")),
        None => Ok(None),
    }
}

/// The whole number behind a flag.
fn number(words: &[&str], name: &str) -> Result<Option<u64>, String> {
    let parse = |word: &str| word.parse().map_err(|_| format!("{name} wants a whole number, not {word:?}"));
    option(words, name)?.map(parse).transpose()
}
