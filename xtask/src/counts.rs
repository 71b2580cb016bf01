//! `cargo xtask counts [--record]`: what a fixed set of runs costs, counted rather than timed: instructions and calls of the
//! allocator under callgrind, and peak memory. Held against `testdata/bench/counts.json`, where that is recorded; a rise fails with the names of the
//! functions that grew. Needs valgrind (Debian's will do) and a release build, whose numbers hold for one compiler.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::{Outcome, bench, order, parity, root};

/// The start, a small chart, one with many helpers, a large one; judging; explaining.
const RUNS: &[&str] = &[
    "version",
    "template charts/mini-service",
    "template charts/ml-serving-stack",
    "template charts/fraud-model",
    "check charts/mini-service",
    "check charts/overboard",
    "check charts/ml-serving-stack --profile kubernetes",
    "why charts/mini-service Deployment/mini-service-server spec.replicas",
    "explain CTR101",
];
/// How much more may be needed, of 1: instructions and allocations, which hardly differ from run to run, and memory, which does.
const COUNTED: f64 = 0.02;
const MEASURED: f64 = 0.1;
/// How many functions are recorded of each run.
const FUNCTIONS: usize = 40;
/// What takes memory from the allocator.
const ALLOCATES: [&str; 4] =
    ["mi_malloc_aligned", "mi_zalloc_aligned", "mi_realloc_aligned", "mi_rezalloc_aligned"];

/// What a run costs.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Counts {
    instructions: u64,
    allocations: u64,
    kibibytes: u64,
    /// The instructions of each function itself, those with the most.
    functions: BTreeMap<String, u64>,
}

/// Runs the task.
pub fn run(words: &[&str]) -> Outcome {
    let is_recorded = match words {
        [] => false,
        ["--record"] => true,
        _ => return Err("cargo xtask counts [--record]".to_owned()),
    };
    let program = parity::build_with_symbols()?;
    order::check(&program)?;
    let file = root().join("testdata/bench/counts.json");
    let known: BTreeMap<String, Counts> = match std::fs::read_to_string(&file) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?,
        Err(_) => BTreeMap::new(),
    };
    let mut all = BTreeMap::new();
    let mut rises = Vec::new();
    println!("{:52} {:>14} {:>12} {:>9}", "run", "instructions", "allocations", "KiB");
    for run in RUNS {
        let counts = count(&program, run)?;
        println!("{run:52} {:>14} {:>12} {:>9}", counts.instructions, counts.allocations, counts.kibibytes);
        match known.get(*run) {
            Some(before) => rises.extend(rise(run, before, &counts)),
            None if !is_recorded => rises.push(format!("{run}: not recorded yet")),
            None => {}
        }
        all.insert(*run, counts);
    }
    if is_recorded {
        let text = serde_json::to_string_pretty(&all).map_err(|error| error.to_string())?;
        return std::fs::write(&file, text + "\n").map_err(|error| format!("{}: {error}", file.display()));
    }
    if rises.is_empty() {
        return Ok(());
    }
    Err(format!("{}\nwhere that is wanted: cargo xtask counts --record", rises.join("\n")))
}

/// What rose, with the functions that grew.
fn rise(run: &str, before: &Counts, now: &Counts) -> Vec<String> {
    let mut rises = Vec::new();
    let mut compare = |what: &str, before: u64, now: u64, share: f64| {
        let is_more = now as f64 > before as f64 * (1.0 + share);
        if is_more {
            rises.push(format!("{run}: {what} rose from {before} to {now}"));
        }
        is_more
    };
    compare("memory in KiB", before.kibibytes, now.kibibytes, MEASURED);
    compare("allocations", before.allocations, now.allocations, COUNTED);
    if compare("instructions", before.instructions, now.instructions, COUNTED) {
        let mut grown: Vec<(u64, &String)> = now
            .functions
            .iter()
            .map(|(name, count)| (count.saturating_sub(*before.functions.get(name).unwrap_or(&0)), name))
            .filter(|(more, _)| *more > now.instructions / 1000)
            .collect();
        grown.sort_unstable_by(|one, other| other.cmp(one));
        rises.extend(grown.iter().take(10).map(|(more, name)| format!("  {more:>12} more in {name}")));
    }
    rises
}

fn count(program: &Path, run: &str) -> Result<Counts, String> {
    let words: Vec<String> = run.split(' ').map(str::to_owned).collect();
    let profile = std::env::temp_dir().join(format!("plimsoll-counts-{}", std::process::id()));
    // What is found makes `check` end with 1.
    let output = Command::new("valgrind")
        .args(["-q", "--tool=callgrind", &format!("--callgrind-out-file={}", profile.display())])
        .arg(program)
        .args(&words)
        .current_dir(root())
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let text = std::fs::read_to_string(&profile);
    let _ = std::fs::remove_file(&profile);
    let text = text.map_err(|_| format!("{run}: {}", String::from_utf8_lossy(&output.stderr)))?;
    if output.status.code().is_none_or(|code| code > 1) {
        return Err(format!("{run}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let in_root: Vec<String> = words.iter().map(|word| absolute(word)).collect();
    let kibibytes = bench::peak_memory(program, &in_root).unwrap_or_default() * 1024.0;
    let mut counts = Profile::default().read(&text);
    counts.kibibytes = kibibytes as u64;
    Ok(counts)
}

/// A path in the repository from wherever one is.
fn absolute(word: &str) -> String {
    let path: PathBuf = root().join(word);
    if word.starts_with("charts/") { path.display().to_string() } else { word.to_owned() }
}

/// A profile of callgrind as it is read. Source: valgrind, "Callgrind Format Specification".
#[derive(Default)]
struct Profile {
    /// Functions by their numbers, which stand for them after the first time.
    names: BTreeMap<String, String>,
    own: BTreeMap<String, u64>,
    allocations: u64,
}

impl Profile {
    fn read(mut self, text: &str) -> Counts {
        let (mut function, mut callee) = (String::new(), String::new());
        let mut is_call = false;
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("fn=") {
                function = self.name(name);
            } else if let Some(name) = line.strip_prefix("cfn=") {
                callee = self.name(name);
            } else if let Some(calls) = line.strip_prefix("calls=") {
                let times = calls.split(' ').next().and_then(|times| times.parse().ok()).unwrap_or(0);
                self.allocations += if ALLOCATES.contains(&callee.as_str()) { times } else { 0 };
                is_call = true;
            } else if line.starts_with(|first: char| first.is_ascii_digit() || "+-*".contains(first)) {
                // What a called function takes stands below it already.
                let cost = line.split(' ').nth(1).and_then(|cost| cost.parse().ok()).unwrap_or(0);
                *self.own.entry(function.clone()).or_default() += if is_call { 0 } else { cost };
                is_call = false;
            }
        }
        let instructions = self.own.values().sum();
        let mut most: Vec<(String, u64)> = self.own.into_iter().collect();
        most.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        let functions = most.into_iter().take(FUNCTIONS).collect();
        Counts { instructions, allocations: self.allocations, kibibytes: 0, functions }
    }

    /// `(12) name` the first time, `(12)` after that. Recursion is told by a number behind the name.
    fn name(&mut self, text: &str) -> String {
        let (number, name) = text.split_once(' ').unwrap_or((text, ""));
        if !name.is_empty() {
            let name = name.split('\'').next().unwrap_or(name).to_owned();
            self.names.insert(number.to_owned(), name);
        }
        self.names.get(number).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILE: &str = "events: Ir\nfn=(1) main\n10 100\ncfn=(2) mi_malloc_aligned\ncalls=3 5\n11 90\nfn=(2)\n5 60\n+1 30\n\
                           fn=(3) walk'2\n7 5\ncfn=(2)\ncalls=1 5\n* 30\n";

    #[test]
    fn a_function_has_its_own_instructions_alone() {
        let counts = Profile::default().read(PROFILE);
        assert_eq!((counts.instructions, counts.allocations), (195, 4));
        let own: Vec<(&str, u64)> =
            counts.functions.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        assert_eq!(own, [("main", 100), ("mi_malloc_aligned", 90), ("walk", 5)]);
    }

    #[test]
    fn a_rise_names_what_grew() {
        let counts = |main, kibibytes| Counts {
            instructions: main + 100,
            allocations: 10,
            kibibytes,
            functions: [("main".to_owned(), main), ("rest".to_owned(), 100)].into_iter().collect(),
        };
        assert_eq!(rise("r", &counts(1000, 100), &counts(1010, 105)), [""; 0]);
        assert_eq!(rise("r", &counts(1000, 100), &counts(900, 50)), [""; 0]);
        let told = rise("r", &counts(1000, 100), &counts(2000, 120));
        assert_eq!(
            told,
            [
                "r: memory in KiB rose from 100 to 120",
                "r: instructions rose from 1100 to 2100",
                "          1000 more in main"
            ]
        );
    }
}
