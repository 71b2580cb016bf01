//! The families besides templates: `--family flags`, `layers`, `yaml`, `ignore`, `glob` or `schema`. Random cases, answered by ours and by Helm,
//! compared byte for byte, error texts included. A case on which they differ is made smaller and printed as `testdata/` wants
//! it, where Helm's answer to it can be recorded.
//!
//! A family makes cases and makes them smaller: see [`Family`]. Its questions and their judges are those of `testdata/`.

//!
//! What is not compared, and why:
//! - Text that is not UTF-8, or is UTF-16: the questions are JSON. `tests/hostile_load.rs` reads such bytes without Helm.
//! - The order of warnings: Helm tells them while it walks a map, in any order; both sides are sorted.
//! - One answer of several: where Helm's walk of a map decides what it answers (which of two errors, which of the keys `1` and
//!   `"1"`, which chart is loaded first), it is asked up to [`ASKED_AGAIN`] times more, and one answer like ours is enough.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{flags, glob, ignore, layers, option, schema as schemas, sections::Sample, yaml};
use crate::cases::Case;
use crate::oracle::{self, Oracle};
use crate::{Outcome, command, engine, layers as render_layers, parity, schema, small};

/// How many cases are asked at once.
const CHUNK: usize = 4_000;
/// How many mismatches are made smaller and shown.
const SHOWN: usize = 12;
/// How often Helm is asked again whose answer differs: where it walks a map, each answer may be another.
const ASKED_AGAIN: usize = 12;

/// A kind of random cases.
pub trait Family {
    /// The next random case.
    fn sample(&mut self) -> Sample;
}

/// Runs the task for a family.
pub fn run(family: &str, words: &[&str]) -> Outcome {
    let (count, seed) = (option(words, "--cases", 10_000)? as usize, option(words, "--seed", 1)?);
    let mut family: Box<dyn Family> = match family {
        "flags" => Box::new(flags::Flags::new(seed)),
        "layers" => Box::new(layers::Layers::new(seed)),
        "yaml" => Box::new(yaml::Yaml::new(seed)?),
        "ignore" => Box::new(ignore::Ignore::new(seed)),
        "glob" => Box::new(glob::Globs::new(seed)),
        "schema" => Box::new(schemas::Schemas::new(seed)),
        other => {
            return Err(format!(
                "no family is called {other:?}; there are template, flags, layers, yaml, ignore, glob, schema"
            ));
        }
    };
    compare(&mut *family, count, seed)
}

/// Compares that many cases of a family.
fn compare(family: &mut dyn Family, count: usize, seed: u64) -> Outcome {
    let (mut done, mut failed, mut errors, mut ended) = (0, 0, 0, 0);
    let mut shown: BTreeSet<String> = BTreeSet::new();
    while done < count {
        let samples: Vec<Sample> = (0..CHUNK.min(count - done)).map(|_| family.sample()).collect();
        done += samples.len();
        let first = judged(&samples)?;
        errors += first.iter().filter(|judged| judged.is_error).count();
        ended += first.iter().filter(|judged| judged.has_ended).count();
        let doubtful = samples.into_iter().zip(first).filter(|(_, judged)| judged.outcome.is_err());
        for sample in differing(&doubtful.map(|(sample, _)| sample).collect::<Vec<_>>())? {
            failed += 1;
            if shown.len() < SHOWN {
                let smallest = shrunk(sample)?;
                let text = smallest.case.to_text();
                if shown.insert(text.clone()) {
                    println!("{text}{}", difference(&smallest)?);
                }
            }
        }
        println!("{done} cases, {failed} mismatches");
    }
    println!(
        "seed {seed}: {errors} are answered with an error; {ended} end Helm itself and are not compared"
    );
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {done} cases differ")) }
}

/// The samples on which Helm and ours differ, however often Helm is asked.
fn differing(samples: &[Sample]) -> Result<Vec<Sample>, String> {
    let mut left = samples.to_vec();
    for _ in 0..ASKED_AGAIN {
        if left.is_empty() {
            break;
        }
        let judged = judged(&left)?;
        let pairs = left.into_iter().zip(judged);
        left = pairs.filter(|(_, judged)| judged.outcome.is_err()).map(|(sample, _)| sample).collect();
    }
    Ok(left)
}

/// What came of a sample.
struct Judged {
    outcome: Outcome,
    /// Whether Helm answers with an error.
    is_error: bool,
    /// Whether Helm's packages ended the program that asks them, as Go ends where its stack does.
    has_ended: bool,
}

/// Whether ours gives Helm's answer to each. Rendering wants the stack that renders want.
fn judged(samples: &[Sample]) -> Result<Vec<Judged>, String> {
    let cases: Vec<(&str, Case)> =
        samples.iter().map(|sample| (sample.family, sample.case.clone())).collect();
    let questions: Vec<_> = cases.iter().map(|(family, case)| oracle::question(family, case)).collect();
    let answers = Oracle::new(&[])?.ask(&questions)?;
    let judges: Vec<Judge> = cases.iter().map(|(family, _)| judge_of(family)).collect::<Result<_, _>>()?;
    let judge = move || {
        let cases = cases.into_iter().map(|(_, case)| case);
        cases.zip(answers).zip(judges).map(|((case, answer), judge)| held(case, &answer, &judge)).collect()
    };
    let thread =
        std::thread::Builder::new().stack_size(512 << 20).spawn(judge).expect("a thread can be started");
    thread.join().map_err(|_| "ours panicked: see above".to_owned())
}

/// What compares a case with what was recorded in it.
type Judge = Box<dyn Fn(&Case) -> Outcome + Send>;

fn judge_of(family: &str) -> Result<Judge, String> {
    Ok(match family {
        "template" => Box::new(engine::run),
        "strvals" => Box::new(small::strvals),
        "yaml" => Box::new(small::yaml),
        "ignore" => Box::new(small::ignore),
        "schema" => Box::new(schema::run),
        "semver" => Box::new(small::semver),
        "glob" => Box::new(small::glob),
        "match" => Box::new(small::shell_pattern),
        "layers" => Box::new(render_layers::run),
        "charts" | "lint" | "show" | "values" => {
            let ours = parity::build_ours()?;
            Box::new(move |case: &Case| command::run(case, &ours))
        }
        other => return Err(format!("no judge for the family {other}")),
    })
}

fn held(mut case: Case, answer: &Value, judge: &Judge) -> Judged {
    if answer.is_null() {
        return Judged { outcome: Ok(()), is_error: false, has_ended: true };
    }
    oracle::record(&mut case, answer);
    Judged { outcome: judge(&case), is_error: case.has("error"), has_ended: false }
}

/// The smallest sample that still differs.
fn shrunk(mut sample: Sample) -> Result<Sample, String> {
    for _ in 0..200 {
        let candidates = sample.smaller();
        let size = |sample: &Sample| sample.case.to_text().len();
        match differing(&candidates)?.into_iter().min_by_key(size) {
            Some(smaller) => sample = smaller,
            None => break,
        }
    }
    Ok(sample)
}

/// How the answers differ.
fn difference(sample: &Sample) -> Result<String, String> {
    let judged = judged(std::slice::from_ref(sample))?.pop();
    Ok(judged.and_then(|judged| judged.outcome.err()).unwrap_or_else(|| "Helm's answer varies\n".to_owned()))
}
