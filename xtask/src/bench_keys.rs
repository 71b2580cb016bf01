//! `cargo xtask bench keys`: what the templates of `testdata/bench/keys.txt` cost, which make private keys and
//! certificates, beside Helm's engine in the same run where Go is installed. The search for a prime takes as long as chance
//! wants, so each case is rendered many times; shown are median and mean in milliseconds of processor time, and how many
//! times ours goes into Go's mean.

use crate::bench_engine::cargo;
use crate::{Outcome, oracle, root};
use testkit::cases::{self, Case};

/// Runs the task.
pub fn run() -> Outcome {
    let file = cases::read(&root().join("testdata/bench/keys.txt"))?;
    println!(
        "{:24} {:>6} {:>12} {:>10} {:>11} {:>9} {:>6}",
        "template", "renders", "ours median", "ours mean", "Go median", "Go mean", "times"
    );
    let mut measured = true;
    for case in &file.cases {
        let ours = Spread::of(&cargo(&["bench", "--quiet", "--bench", "keys", "--", &case.name])?)
            .ok_or(format!("no times for {}", case.name))?;
        let theirs = ask_go(case);
        measured &= theirs.is_some();
        let column = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2}"));
        println!(
            "{:24} {:>7} {:>12.2} {:>10.2} {:>11} {:>9} {:>6}",
            case.name,
            ours.count,
            ours.median,
            ours.mean,
            column(theirs.as_ref().map(|go| go.median)),
            column(theirs.as_ref().map(|go| go.mean)),
            column(theirs.as_ref().map(|go| go.mean / ours.mean)),
        );
    }
    if !measured {
        println!("Go was not measured: the oracle could not be built or did not answer");
    }
    Ok(())
}

fn ask_go(case: &Case) -> Option<Spread> {
    let answers = oracle::ask(vec![oracle::question("keys", case)]).ok()?;
    Spread::of(answers.first()?[0]["Text"].as_str()?)
}

/// Times of the same work, in milliseconds.
struct Spread {
    count: usize,
    median: f64,
    mean: f64,
}

impl Spread {
    /// Of a line of microseconds; `None` if there is none, or anything else.
    fn of(line: &str) -> Option<Spread> {
        let mut times = line.split_whitespace().map(str::parse).collect::<Result<Vec<f64>, _>>().ok()?;
        times.sort_by(f64::total_cmp);
        let count = times.len();
        let median = times.get(count / 2)? / 1e3;
        Some(Spread { count, median, mean: times.iter().sum::<f64>() / count as f64 / 1e3 })
    }
}
