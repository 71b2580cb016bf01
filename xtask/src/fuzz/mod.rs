//! `cargo xtask fuzz-diff [--cases N] [--seed S]`: random templates, answered by our engine and by Helm's, compared byte for
//! byte, error texts included. A case on which they differ is made smaller and printed; then the task fails. With `--family`
//! cases of another family: see [`families`].
//!
//! [`grammar`] makes the cases, [`tree`] is what they are, [`shrink`] makes them smaller.

mod families;
mod flags;
mod glob;
mod grammar;
mod ignore;
mod layers;
mod random;
mod schema;
mod sections;
mod shrink;
mod tree;
mod yaml;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::cases::{Case, Section};
use crate::{Outcome, engine, oracle};
use grammar::{Grammar, LEFT_OUT};
use tree::Template;

/// How many cases are asked at once.
const CHUNK: usize = 4_000;
/// How many mismatches are made smaller and shown.
const SHOWN: usize = 12;

/// Runs the task.
pub fn run(words: &[&str]) -> Outcome {
    match words.iter().position(|word| *word == "--family").map(|at| words.get(at + 1).copied()) {
        None | Some(Some("template")) => {}
        Some(family) => return families::run(family.unwrap_or_default(), words),
    }
    let option = |name: &str, default: u64| match words.iter().position(|word| *word == name) {
        Some(at) => {
            words.get(at + 1).and_then(|word| word.parse().ok()).ok_or(format!("{name} wants a whole number"))
        }
        None => Ok(default),
    };
    let (count, seed) = (option("--cases", 10_000)? as usize, option("--seed", 1)?);
    let mut grammar = Grammar::new(seed);
    let (mut done, mut failed) = (0, 0);
    let mut shown: BTreeSet<String> = BTreeSet::new();
    while done < count {
        let templates: Vec<Template> = (0..CHUNK.min(count - done)).map(|_| grammar.template()).collect();
        done += templates.len();
        for template in differing(&templates)? {
            failed += 1;
            if shown.len() < SHOWN {
                let smallest = shrunk(template)?;
                let text = report(&smallest)?;
                if shown.insert(smallest.to_string()) {
                    println!("{text}");
                }
            }
        }
        println!("{done} cases, {failed} mismatches");
    }
    println!(
        "seed {seed}; {} functions are left out: see LEFT_OUT in xtask/src/fuzz/grammar.rs",
        LEFT_OUT.len()
    );
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {done} cases differ")) }
}

/// The templates on which Helm and ours differ.
fn differing(templates: &[Template]) -> Result<Vec<Template>, String> {
    let cases: Vec<Case> = templates.iter().map(case).collect();
    let answers = oracle::ask_all(cases.iter().map(|case| oracle::question("template", case)).collect())?;
    let judged = compared(cases, answers);
    Ok(templates
        .iter()
        .zip(judged)
        .filter(|(_, outcome)| outcome.is_err())
        .map(|(template, _)| template.clone())
        .collect())
}

/// Whether ours gives each recorded answer. Rendering wants the stack that renders want.
fn compared(cases: Vec<Case>, answers: Vec<Value>) -> Vec<Result<(), String>> {
    let judge = move || {
        let pairs = cases.into_iter().zip(answers);
        pairs
            .map(|(mut case, answer)| {
                // Go cannot print a value that contains itself; ours ends in an error, which nothing can be compared with.
                if answer.is_null() {
                    return Ok(());
                }
                oracle::record(&mut case, &answer);
                engine::run(&case)
            })
            .collect()
    };
    let thread =
        std::thread::Builder::new().stack_size(512 << 20).spawn(judge).expect("a thread can be started");
    thread.join().unwrap_or_default()
}

fn case(template: &Template) -> Case {
    let section = |kind: &str, text: String| Section { kind: kind.to_owned(), name: String::new(), text };
    let sections =
        vec![section("values", template.values.clone()), section("template", template.to_string())];
    Case { name: "random".to_owned(), line: 0, sections }
}

/// The smallest template that still differs.
fn shrunk(mut template: Template) -> Result<Template, String> {
    for _ in 0..200 {
        let candidates = shrink::smaller(&template);
        match differing(&candidates)?.into_iter().min_by_key(|template| template.to_string().len()) {
            Some(smaller) => template = smaller,
            None => break,
        }
    }
    Ok(template)
}

fn report(template: &Template) -> Result<String, String> {
    let case = case(template);
    let answers = oracle::ask_all(vec![oracle::question("template", &case)])?;
    let outcome = compared(vec![case], answers).pop().unwrap_or(Ok(()));
    let text = outcome.err().unwrap_or_default();
    Ok(format!("--- {template}\nvalues: {}\n{text}", template.values))
}
