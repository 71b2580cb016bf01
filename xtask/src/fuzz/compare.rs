//! The one loop of all families: cases are made, asked, judged and counted; those that differ are made smaller and printed
//! as `testdata/` wants them, where Helm's answer to them can be recorded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::cannot_agree::{self, Reason};
use super::coverage::{self, Answer, Coverage};
use crate::oracle::{self, Oracle};
use testkit::cases::Case;
use testkit::{engine, layers, schema, small};

use crate::Outcome;

/// How many cases are asked at once; each such chunk has a stream of chance of its own.
const CHUNK: usize = 250;
/// How many mismatches are made smaller and shown.
const SHOWN: usize = 12;
/// How many chunks are worked on at a time.
const WORKERS: usize = 2;
/// How often Helm is asked again whose answer differs: where it walks a map, each answer may be another.
const ASKED_AGAIN: usize = 12;
/// How many smaller cases are asked at once.
const CANDIDATES: usize = 64;
/// Go gives up on a value that contains itself when a stack of so many MiB is exhausted, and on loops without end.
const ORACLE: &[&str] = &["-stack", "16", "-patience", "4s"];
/// The stack in bytes of who judges: as renders have it, and a long difference takes a deep one too.
const STACK: usize = 512 << 20;

/// A kind of random cases.
pub trait Family: Sized {
    /// What its cases are made as.
    type Sample: Sample;

    /// The cases of that seed.
    fn new(seed: u64) -> Result<Self, String>;

    /// The next random case.
    fn sample(&mut self) -> Self::Sample;

    /// The words that should occur in its cases.
    fn names() -> Vec<&'static str> {
        Vec::new()
    }
}

/// A random case, which can be made smaller.
pub trait Sample: Clone {
    /// The family of `testdata/` that answers it.
    fn family(&self) -> &'static str;

    /// It as `testdata/` has it.
    fn case(&self) -> Case;

    /// Every case that is one step smaller.
    fn smaller(&self) -> Vec<Self>;
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Request {
    /// How many cases.
    pub count: usize,
    /// Where chance begins.
    pub seed: u64,
    /// Whether each word that should occur is counted.
    pub coverage: bool,
}

/// What came of the cases so far.
struct Tally {
    done: usize,
    failed: usize,
    excused: BTreeMap<&'static str, usize>,
    coverage: Coverage,
    shown: BTreeSet<String>,
}

/// Compares that many cases of a family.
pub fn compare<F: Family>(request: Request) -> Outcome {
    let coverage = Coverage::new(F::names());
    let tally = Tally { done: 0, failed: 0, excused: BTreeMap::new(), coverage, shown: BTreeSet::new() };
    let tally = Mutex::new(tally);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let worker = || work::<F>(&next, request, &tally);
        let spawn = |_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, worker);
        let workers: Vec<_> = (0..WORKERS).map(spawn).collect();
        workers.into_iter().try_for_each(|worker| {
            let worker = worker.map_err(|error| error.to_string())?;
            worker.join().map_err(|_| "ours panicked: see above")?
        })
    })?;
    let tally = tally.into_inner().map_err(|_| "a worker panicked")?;
    if request.coverage {
        println!("{}", tally.coverage);
    }
    println!("seed {}: {} cases, {} mismatches", request.seed, tally.done, tally.failed);
    println!("{}", tally.coverage.summary());
    for Reason { name, met, .. } in cannot_agree::ALL {
        if let Some(met) = met {
            println!("{} {met}: {name}", tally.excused.get(name).unwrap_or(&0));
        }
    }
    if tally.failed == 0 { Ok(()) } else { Err(format!("{} of {} cases differ", tally.failed, tally.done)) }
}

/// Takes chunks until none is left.
fn work<F: Family>(next: &AtomicUsize, request: Request, tally: &Mutex<Tally>) -> Outcome {
    let mut helm = Helm::new()?;
    let locked = || tally.lock().map_err(|_| "another worker panicked");
    loop {
        let chunk = next.fetch_add(1, Ordering::Relaxed);
        let size = CHUNK.min(request.count.saturating_sub(chunk * CHUNK));
        if size == 0 {
            return Ok(());
        }
        let mut family = F::new(request.seed.wrapping_mul(1_000_003).wrapping_add(chunk as u64))?;
        let samples: Vec<F::Sample> = (0..size).map(|_| family.sample()).collect();
        let judged = helm.settled(&samples)?;
        let mut differing = Vec::new();
        {
            let mut tally = locked()?;
            for (sample, Judged { answer, verdict }) in samples.into_iter().zip(judged) {
                tally.coverage.count(&sample.case(), answer);
                match verdict {
                    Verdict::Alike => {}
                    Verdict::Excused(reason) => *tally.excused.entry(reason.name).or_default() += 1,
                    Verdict::Differs(text) => differing.push((sample, text)),
                }
            }
            tally.failed += differing.len();
            tally.done += size;
            if tally.done % 10_000 < size {
                println!("{} cases, {} mismatches", tally.done, tally.failed);
            }
        }
        for (sample, text) in differing {
            if locked()?.shown.len() < SHOWN {
                let (smallest, text) = helm.shrunk(sample, text)?;
                let case = smallest.case().to_text();
                if locked()?.shown.insert(case.clone()) {
                    println!("{case}{text}");
                }
            }
        }
    }
}

/// What came of comparing a case.
enum Verdict {
    Alike,
    /// Not compared, or not all of it.
    Excused(&'static Reason),
    Differs(String),
}

/// A case after Helm was asked.
struct Judged {
    answer: Answer,
    verdict: Verdict,
}

/// Helm, to be asked.
struct Helm(Oracle);

impl Helm {
    fn new() -> Result<Helm, String> {
        Oracle::new(ORACLE).map(Helm)
    }

    /// What comes of each case when all are asked once.
    fn judged<S: Sample>(&mut self, samples: &[S]) -> Result<Vec<(Value, Judged)>, String> {
        let cases: Vec<Case> = samples.iter().map(Sample::case).collect();
        let questions =
            samples.iter().zip(&cases).map(|(sample, case)| oracle::question(sample.family(), case));
        let answers = self.0.ask(&questions.collect::<Vec<_>>())?;
        let judge = |((sample, case), answer): ((&S, Case), Value)| {
            let judged = held(sample.family(), case, &answer)?;
            Ok((answer, judged))
        };
        samples.iter().zip(cases).zip(answers).map(judge).collect()
    }

    /// What comes of each case. Those that differ are asked again.
    fn settled<S: Sample>(&mut self, samples: &[S]) -> Result<Vec<Judged>, String> {
        let judged = self.judged(samples)?;
        let settle = |(sample, (answer, judged)): (&S, (Value, Judged))| match judged.verdict {
            Verdict::Differs(_) => self.asked_again(sample, &answer, judged),
            _ => Ok(judged),
        };
        samples.iter().zip(judged).map(settle).collect()
    }

    /// What comes of a case whose first answer differs.
    fn asked_again<S: Sample>(
        &mut self,
        sample: &S,
        first: &Value,
        judged: Judged,
    ) -> Result<Judged, String> {
        let mut has_other = false;
        for _ in 0..ASKED_AGAIN {
            for (answer, again) in self.judged(std::slice::from_ref(sample))? {
                if !matches!(again.verdict, Verdict::Differs(_)) {
                    return Ok(Judged { verdict: Verdict::Excused(&cannot_agree::ORDER), ..again });
                }
                has_other |= answer != *first;
            }
        }
        let text = sample.case().to_text();
        match cannot_agree::blamed(coverage::words(&text)).filter(|_| has_other) {
            Some(reason) => Ok(Judged { verdict: Verdict::Excused(reason), ..judged }),
            None => Ok(judged),
        }
    }

    /// The smallest case found that still differs, and how.
    fn shrunk<S: Sample>(&mut self, mut sample: S, mut difference: String) -> Result<(S, String), String> {
        for _ in 0..200 {
            match self.smaller(&sample)? {
                Some(smaller) => (sample, difference) = smaller,
                None => break,
            }
        }
        Ok((sample, difference))
    }

    /// The smallest of the cases one step smaller that differs. The larger need not be asked once one is found.
    fn smaller<S: Sample>(&mut self, sample: &S) -> Result<Option<(S, String)>, String> {
        let mut candidates = sample.smaller();
        candidates.sort_by_cached_key(|sample| sample.case().to_text().len());
        for candidates in candidates.chunks(CANDIDATES) {
            for (candidate, judged) in candidates.iter().zip(self.settled(candidates)?) {
                if let Verdict::Differs(text) = judged.verdict {
                    return Ok(Some((candidate.clone(), text)));
                }
            }
        }
        Ok(None)
    }
}

/// Whether ours gives the answer.
fn held(family: &str, mut case: Case, answer: &Value) -> Result<Judged, String> {
    if answer.is_null() {
        // Whatever ours answers: it does, and does not panic.
        let _ = judge(family, &case)?;
        return Ok(Judged { answer: Answer::End, verdict: Verdict::Excused(&cannot_agree::END) });
    }
    oracle::record(&mut case, answer);
    let verdict = match judge(family, &case)? {
        Ok(()) => Verdict::Alike,
        Err(_) if family == "template" && differs_in_addresses(&case) => {
            Verdict::Excused(&cannot_agree::ADDRESS)
        }
        Err(text) => Verdict::Differs(text),
    };
    Ok(Judged { answer: if case.has("error") { Answer::Error } else { Answer::Text }, verdict })
}

/// Whether ours renders the case as recorded but for addresses.
fn differs_in_addresses(case: &Case) -> bool {
    let recorded = |kind: &str| case.all(kind).map(|(_, text)| text).collect::<Vec<_>>();
    let (ours, theirs) = match engine::render(case) {
        Ok(files) => (files.into_iter().map(|(_, text)| text).collect(), recorded("want")),
        Err(text) => (vec![text], recorded("error")),
    };
    let alike = |(ours, theirs): (&String, &String)| cannot_agree::differ_in_addresses(ours, theirs);
    ours.len() == theirs.len() && ours.iter().zip(&theirs).all(alike)
}

/// Compares a case with what was recorded in it.
fn judge(family: &str, case: &Case) -> Result<Outcome, String> {
    Ok(match family {
        "template" => engine::run(case),
        "strvals" => small::strvals(case),
        "yaml" => small::yaml(case),
        "ignore" => small::ignore(case),
        "schema" => schema::run(case),
        "semver" => small::semver(case),
        "glob" => small::glob(case),
        "match" => small::shell_pattern(case),
        "layers" => layers::run(case),
        "helm3" => layers::run_helm3(case),
        other => return Err(format!("no judge for the family {other}")),
    })
}
