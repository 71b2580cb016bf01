//! `cargo xtask order [CHART…]`: writes down which functions usual runs of the release build call, in the order of their first
//! call, for `build.rs` to have them linked side by side. Needs valgrind (Debian's will do). The more charts of other people are
//! named, the better: ours call less.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use crate::{Outcome, parity, root};

/// What usual runs are, besides `template` of the charts that are named.
const RUNS: [&[&str]; 5] = [
    &["version"],
    &["template", "charts/mini-service"],
    &["template", "charts/ml-serving-stack"],
    &["template", "charts/fraud-model"],
    &["check", "charts/ml-serving-stack"],
];

/// Runs the task.
pub fn run(charts: &[&str]) -> Outcome {
    let program = parity::build_with_symbols()?;
    let profile = std::env::temp_dir().join(format!("plimsoll-order-{}", std::process::id()));
    let mut known = HashSet::new();
    let mut order = String::new();
    let named: Vec<[&str; 2]> = charts.iter().map(|chart| ["template", *chart]).collect();
    for words in RUNS.into_iter().chain(named.iter().map(|words| &words[..])) {
        let out = format!("--callgrind-out-file={}", profile.display());
        // What is found makes `check` end with 1.
        Command::new("valgrind")
            .args(["-q", "--tool=callgrind", "--demangle=no", &out])
            .arg(&program)
            .args(words)
            .current_dir(root())
            .output()
            .map_err(|error| format!("valgrind: {error}"))?;
        let text = read(&profile)?;
        let called = text.lines().filter_map(function).filter(|name| known.insert((*name).to_owned()));
        called.for_each(|name| order.extend([name, "\n"]));
    }
    let _ = std::fs::remove_file(&profile);
    if order.is_empty() {
        return Err("valgrind told of no function: is the program stripped?".to_owned());
    }
    let file = root().join("order.txt");
    std::fs::write(&file, order).map_err(|error| format!("{}: {error}", file.display()))?;
    println!("wrote {}: {} functions", file.display(), known.len());
    Ok(())
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
