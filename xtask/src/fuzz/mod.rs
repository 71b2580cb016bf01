//! `cargo xtask fuzz-diff [--cases N] [--seed S] [--coverage]`: random templates, answered by our engine and by Helm's,
//! compared byte for byte, error texts included. A case on which they differ is made smaller and printed; then the task
//! fails. `--coverage` tells besides how often each function and action occurred. With `--family` cases of another family:
//! see [`families`].
//!
//! [`grammar`] makes the cases, [`tree`] is what they are, [`shrink`] makes them smaller, [`coverage`] counts them.

mod coverage;
mod families;
mod flags;
mod forms;
mod glob;
mod grammar;
mod ignore;
mod layers;
mod random;
mod schema;
mod sections;
mod shrink;
mod tree;
mod words;
mod yaml;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::cases::{Case, Section};
use crate::oracle::{self, Oracle};
use crate::{Outcome, engine};
use coverage::Coverage;
use grammar::Grammar;
use tree::Template;

/// How many cases are asked at once; each such chunk has a stream of chance of its own.
const CHUNK: usize = 250;
/// How many mismatches are made smaller and shown.
const SHOWN: usize = 12;
/// How many chunks are worked on at a time.
const WORKERS: usize = 2;
/// Go gives up on a value that contains itself when a stack of so many MiB is exhausted, and on loops without end.
const ORACLE: &[&str] = &["-stack", "16", "-patience", "4s"];

/// Whether two right answers can differ here: Go prints the address of a pointer that lies within a list or a map.
fn has_address(answer: &str) -> bool {
    let digits = |rest: &str| rest.bytes().take_while(u8::is_ascii_hexdigit).count();
    answer.match_indices("0x").any(|(at, _)| (10..13).contains(&digits(&answer[at + 2..])))
}

/// What came of the cases so far.
#[derive(Default)]
struct Tally {
    done: usize,
    failed: usize,
    coverage: Coverage,
    shown: BTreeSet<String>,
}

/// Runs the task.
pub fn run(words: &[&str]) -> Outcome {
    match words.iter().position(|word| *word == "--family").map(|at| words.get(at + 1).copied()) {
        None | Some(Some("template")) => {}
        Some(family) => return families::run(family.unwrap_or_default(), words),
    }
    let (count, seed) = (option(words, "--cases", 10_000)? as usize, option(words, "--seed", 1)?);
    let tally = Mutex::new(Tally::default());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let worker = || work(&next, count, seed, &tally);
        // A long difference takes a deep stack.
        let spawn = |_| std::thread::Builder::new().stack_size(256 << 20).spawn_scoped(scope, worker);
        let workers: Vec<_> = (0..WORKERS).map(spawn).collect();
        workers.into_iter().try_for_each(|worker| {
            let worker = worker.map_err(|error| error.to_string())?;
            worker.join().map_err(|_| "a worker panicked")?
        })
    })?;
    let tally = tally.into_inner().map_err(|_| "a worker panicked")?;
    if words.contains(&"--coverage") {
        println!("{}", tally.coverage);
    }
    println!("seed {seed}: {} cases, {} mismatches; {}", tally.done, tally.failed, tally.coverage.summary());
    if tally.failed == 0 { Ok(()) } else { Err(format!("{} of {} cases differ", tally.failed, tally.done)) }
}

/// The whole number behind a flag.
fn option(words: &[&str], name: &str, default: u64) -> Result<u64, String> {
    match words.iter().position(|word| *word == name) {
        Some(at) => {
            words.get(at + 1).and_then(|word| word.parse().ok()).ok_or(format!("{name} wants a whole number"))
        }
        None => Ok(default),
    }
}

/// Takes chunks until none is left.
fn work(next: &AtomicUsize, count: usize, seed: u64, tally: &Mutex<Tally>) -> Outcome {
    let mut oracle = Oracle::new(ORACLE)?;
    loop {
        let chunk = next.fetch_add(1, Ordering::Relaxed);
        let size = CHUNK.min(count.saturating_sub(chunk * CHUNK));
        if size == 0 {
            return Ok(());
        }
        let mut grammar = Grammar::new(seed.wrapping_mul(1_000_003).wrapping_add(chunk as u64));
        let templates: Vec<Template> = (0..size).map(|_| grammar.template(&renders)).collect();
        let (answers, outcomes) = judge(&mut oracle, &templates)?;
        let differing: Vec<&Template> =
            templates.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_err()).map(|(t, _)| t).collect();
        {
            let mut tally = tally.lock().map_err(|_| "another worker panicked")?;
            tally.done += size;
            tally.failed += differing.len();
            for (template, answer) in templates.iter().zip(&answers) {
                tally.coverage.count(&template.to_string(), answer);
            }
            if tally.done % 10_000 < size {
                println!("{} cases, {} mismatches", tally.done, tally.failed);
            }
        }
        for template in differing {
            if tally.lock().map_err(|_| "another worker panicked")?.shown.len() < SHOWN {
                let smallest = shrunk(&mut oracle, template.clone())?;
                let text = report(&mut oracle, &smallest)?;
                if tally.lock().map_err(|_| "another worker panicked")?.shown.insert(smallest.to_string()) {
                    println!("{text}");
                }
            }
        }
    }
}

/// Whether ours renders it.
fn renders(template: &Template) -> bool {
    engine::render(&case(template)).is_ok()
}

/// What Helm answers to each template, and whether ours answers the same.
type Judged = (Vec<Value>, Vec<Result<(), String>>);

fn judge(oracle: &mut Oracle, templates: &[Template]) -> Result<Judged, String> {
    let cases: Vec<Case> = templates.iter().map(case).collect();
    let questions: Vec<Value> = cases.iter().map(|case| oracle::question("template", case)).collect();
    let answers = oracle.ask(&questions)?;
    let outcomes = cases.into_iter().zip(&answers).map(|(case, answer)| compared(case, answer)).collect();
    Ok((answers, outcomes))
}

/// Whether ours gives the answer.
fn compared(mut case: Case, answer: &Value) -> Result<(), String> {
    // Go cannot print a value that contains itself; ours ends in an error, which nothing can be compared with.
    if answer.is_null() {
        return Ok(());
    }
    if has_address(&answer.to_string()) {
        return Ok(());
    }
    oracle::record(&mut case, answer);
    engine::run(&case)
}

fn case(template: &Template) -> Case {
    let section = |kind: &str, text: String| Section { kind: kind.to_owned(), name: String::new(), text };
    let mut sections =
        vec![section("values", template.values.clone()), section("template", template.to_string())];
    sections.extend(template.modes.iter().map(|mode| section(mode, String::new())));
    Case { name: "random".to_owned(), line: 0, sections }
}

/// The smallest template found that still differs.
fn shrunk(oracle: &mut Oracle, mut template: Template) -> Result<Template, String> {
    for _ in 0..200 {
        let mut candidates = shrink::smaller(&template);
        candidates.sort_by_cached_key(|template| template.to_string().len());
        let mut smaller = None;
        // The smallest that differs is wanted, so that the larger need not be asked once one is found.
        for candidates in candidates.chunks(64) {
            let (_, outcomes) = judge(oracle, candidates)?;
            smaller =
                candidates.iter().zip(outcomes).find(|(_, outcome)| outcome.is_err()).map(|(t, _)| t.clone());
            if smaller.is_some() {
                break;
            }
        }
        match smaller {
            Some(smaller) => template = smaller,
            None => break,
        }
    }
    Ok(template)
}

fn report(oracle: &mut Oracle, template: &Template) -> Result<String, String> {
    let (_, outcomes) = judge(oracle, std::slice::from_ref(template))?;
    let text = outcomes.into_iter().find_map(Result::err).unwrap_or_default();
    let modes = template.modes.join(" ");
    Ok(format!("--- {modes}\n{template}\nvalues: {}\n{text}", template.values))
}
