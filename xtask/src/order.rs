//! `cargo xtask order [CHART…]`: writes down which functions usual runs of the release build call, for `build.rs` to have them
//! linked side by side. Needs valgrind (Debian's will do). The more charts of other people are named, the better: ours call less.
//!
//! A function's name holds hashes of the compiler's version, the profile, the target, and each crate's version and features, so a
//! new `Cargo.lock` makes a list old, though another folder does not: `cargo xtask order --check` fails then.
//! `cargo xtask dist`, which builds for other targets, makes a list of its own.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use crate::{Outcome, parity, root};

const ORDER: &str = "order.txt";
/// What usual runs are, besides `template` of the charts that are named.
const RUNS: [&[&str]; 8] = [
    &["version"],
    &["template", "charts/mini-service"],
    &["template", "charts/ml-serving-stack"],
    &["template", "charts/fraud-model"],
    &["template", "testdata/bench/usual"],
    &["lint", "testdata/bench/usual"],
    &["check", "testdata/bench/usual"],
    &["check", "charts/ml-serving-stack"],
];

/// How many of the names must be those of functions of the program, of 1.
const ENOUGH: f64 = 0.9;

/// Runs the task.
pub fn run(charts: &[&str]) -> Outcome {
    let program = parity::build_with_symbols()?;
    if charts == ["--check"] {
        return check(&program);
    }
    let order = of(&program, charts)?;
    let file = root().join(ORDER);
    std::fs::write(&file, &order).map_err(|error| format!("{}: {error}", file.display()))?;
    println!("wrote {}: {} functions", file.display(), order.lines().count());
    Ok(())
}

/// The functions that usual runs of a program call, one a line.
pub fn of(program: &Path, charts: &[&str]) -> Result<String, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let profile = folder.path().join("profile");
    let mut known = HashSet::new();
    let mut order = String::new();
    let named: Vec<[&str; 2]> = charts.iter().map(|chart| ["template", *chart]).collect();
    for words in RUNS.into_iter().chain(named.iter().map(|words| &words[..])) {
        // What is found makes `check` end with 1.
        Command::new("valgrind")
            .args(["-q", "--tool=callgrind", "--demangle=no"])
            .arg(format!("--callgrind-out-file={}", profile.display()))
            .arg(program)
            .args(words)
            .current_dir(root())
            .output()
            .map_err(|error| format!("valgrind: {error}"))?;
        let text = read(&profile)?;
        let called = text.lines().filter_map(function).filter(|name| known.insert((*name).to_owned()));
        called.for_each(|name| order.extend([name, "\n"]));
    }
    if order.is_empty() {
        return Err("valgrind told of no function: is the program stripped?".to_owned());
    }
    Ok(order)
}

/// Whether the list still names functions of the program.
pub fn check(program: &Path) -> Outcome {
    let output = Command::new("nm")
        .arg(program)
        .output()
        .map_err(|error| format!("nm (Debian: binutils): {error}"))?;
    let symbols = String::from_utf8_lossy(&output.stdout);
    let there: HashSet<&str> = symbols.lines().filter_map(|line| line.split(' ').next_back()).collect();
    let order = read(&root().join(ORDER))?;
    let (all, found) =
        order.lines().fold((0, 0), |(all, found), name| (all + 1, found + usize::from(there.contains(name))));
    println!("{ORDER}: {found} of {all} functions are in the program");
    if found as f64 >= f64::from(all) * ENOUGH && all > 0 {
        return Ok(());
    }
    Err(format!("{ORDER} has grown old: cargo xtask order CHART…"))
}

/// The function of the program that a line of the profile names for the first time.
fn function(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("fn=(").or_else(|| line.strip_prefix("cfn=("))?;
    let name = rest.split_once(") ")?.1;
    // Recursion is told by a number behind the name.
    let name = name.split('\'').next()?;
    ["_ZN", "_R", "mi_", "_mi_"].iter().any(|prefix| name.starts_with(prefix)).then_some(name)
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
