//! `cargo xtask bench engine`: what parsing and executing templates costs, beside Helm's engine in the same run where Go is
//! installed. Both sides do the same work: the chart is there and its values are decoded and coalesced, then each render
//! makes a fresh set, parses every file into it and executes those that are no partials, which is `engine.Render` in Helm
//! and `render::templates` here. Shown are microseconds of the fastest render and, where valgrind is installed, how many
//! instructions ours takes; Go's are not counted, since its runtime works on other threads meanwhile.

use std::process::Command;

use testkit::cases;

use crate::{Outcome, oracle, root};

/// How many renders are counted beyond the first.
const COUNTED: u64 = 20;

/// Runs the task.
pub fn run() -> Outcome {
    let file = cases::read(&root().join("testdata/bench/engine.txt"))?;
    let output = cargo(&["bench", "--quiet", "--bench", "engine"])?;
    let micros = |name: &str| {
        let line = output.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|text| text.parse::<f64>().ok()).ok_or(format!("no time for {name}"))
    };
    let questions = file.cases.iter().map(|case| oracle::question("bench", case)).collect();
    let theirs = oracle::ask(questions).ok();
    println!("{:10} {:>10} {:>10} {:>7} {:>14}", "template", "ours µs", "Go µs", "times", "instructions");
    let mut counted = true;
    for (at, case) in file.cases.iter().enumerate() {
        let ours = micros(&case.name)?;
        let go = theirs.as_ref().and_then(|answers| answers[at][0]["Text"].as_str()?.parse::<f64>().ok());
        let column = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.1}"));
        let count = instructions(&case.name);
        counted &= count.is_some();
        println!(
            "{:10} {ours:>10.1} {:>10} {:>7} {:>14}",
            case.name,
            column(go),
            column(go.map(|go| go / ours)),
            count.map_or("-".to_owned(), |count| count.to_string()),
        );
    }
    if theirs.is_none() {
        println!("Go's engine was not measured: its program could not be built, which needs an installed Go");
    }
    if !counted {
        println!("Instructions were not counted, which needs an installed valgrind");
    }
    Ok(())
}

/// Instructions of one render: what twenty more cost than none.
fn instructions(name: &str) -> Option<u64> {
    let program = bench_program()?;
    let count = |times: u64| {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--main-stacksize=8388608"])
            .args([&program, name, &times.to_string()])
            .output()
            .ok()?;
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let line = text.lines().find(|line| line.contains("Collected"))?;
        line.rsplit(' ').next()?.parse::<u64>().ok()
    };
    Some(count(COUNTED + 1)?.checked_sub(count(1)?)? / COUNTED)
}

/// The path of the built bench, as cargo tells it.
fn bench_program() -> Option<String> {
    let text = cargo(&["bench", "--bench", "engine", "--no-run", "--message-format=json", "--quiet"]).ok()?;
    text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()).find_map(|message| {
        let is_ours = message["target"]["name"] == "engine";
        message["executable"].as_str().filter(|_| is_ours).map(str::to_owned)
    })
}

/// What cargo prints, run in the repository.
pub fn cargo(words: &[&str]) -> Result<String, String> {
    let output = Command::new(env!("CARGO"))
        .args(words)
        .current_dir(root())
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
