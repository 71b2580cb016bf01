//! `cargo xtask tidy`: what the compiler and clippy do not look at. Layers, circles of files, sizes of files, opening
//! paragraphs, paths in documents. Prints each breach with its place. `--figures [FOLDER]` prints [`figures`] instead.

mod breach;
mod circles;
mod documents;
mod figures;
mod graph;
mod layers;
mod names;
mod source;
mod text;

use std::path::PathBuf;

use crate::task::{Outcome, root};
use breach::Breach;

/// Runs the task.
pub fn run(words: &[&str]) -> Outcome {
    match words {
        [] => check(),
        ["--figures"] => figures::print(&root()),
        ["--figures", folder] => figures::print(&PathBuf::from(folder)),
        _ => Err("tidy: it takes nothing, or `--figures [FOLDER]`".to_owned()),
    }
}

fn check() -> Outcome {
    let sources = source::read_all(&root())?;
    let mut breaches: Vec<Breach> = sources.iter().flat_map(text::check).collect();
    breaches.extend(layers::check(&sources));
    breaches.extend(circles::check(&sources));
    breaches.extend(documents::check(&root())?);
    for Breach { place, text } in &breaches {
        println!("{place}: {text}");
    }
    match breaches.len() {
        0 => Ok(()),
        n => Err(format!("{n} untidy place{}", if n == 1 { "" } else { "s" })),
    }
}
