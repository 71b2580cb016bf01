//! `cargo xtask tidy`: what the compiler and clippy do not look at. Layers, sizes, opening paragraphs, calls that belong
//! elsewhere, paths in documents. Prints each breach with its place, then the sizes of the whole.

mod budget;
mod calls;
mod documents;
mod layers;
mod opening;
pub mod source;

use crate::{Outcome, root};
use source::Source;

/// A breach: where, and what to do about it.
pub struct Breach {
    place: String,
    text: String,
}

impl Breach {
    /// A breach on a line of a file.
    fn new(path: &str, line: usize, text: impl Into<String>) -> Breach {
        Breach { place: format!("{path}:{line}"), text: text.into() }
    }
}

/// Runs the task.
pub fn run() -> Outcome {
    let sources = source::read_all(&root())?;
    let mut breaches = Vec::new();
    for source in &sources {
        breaches.extend(opening::check(source));
        breaches.extend(layers::check(source));
        breaches.extend(calls::check(source));
        breaches.extend(budget::check(source));
    }
    breaches.extend(documents::check(&root())?);
    for Breach { place, text } in &breaches {
        println!("{place}: {text}");
    }
    budget::print_summary(&sources);
    match breaches.len() {
        0 => Ok(()),
        n => Err(format!("{n} untidy place{}", if n == 1 { "" } else { "s" })),
    }
}

/// Whether the file is part of what users get.
fn is_product(source: &Source) -> bool {
    source.path.starts_with("src/")
}
