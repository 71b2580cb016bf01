//! How fast the template engine is: parses and executes the templates of each case of `testdata/bench/engine.txt`, chart
//! and values being there, and prints `NAME MICROSECONDS` of the fastest render. With `NAME TIMES` it renders that case so
//! often and prints nothing, for programs that count instructions. `cargo xtask bench engine` runs it beside Go.

use std::time::{Duration, Instant};

use plimsoll::internals::stack;

mod support;

use support::{prepare, render};
use testkit::cases;

#[allow(clippy::print_stdout, reason = "a bench talks")]
fn main() {
    let cases = support::read("engine.txt");
    let words = support::words();
    if let [name, times] = words.as_slice() {
        let case = cases.iter().find(|case| case.name == *name).expect("a case of that name");
        let times: usize = times.parse().expect("a number of times");
        stack::with_stack(|| repeat(case, times)).expect("no panic");
        return;
    }
    for case in &cases {
        let best = stack::with_stack(|| fastest(case)).expect("no panic");
        println!("{} {:.1}", case.name, best.as_secs_f64() * 1e6);
    }
}

fn repeat(case: &cases::Case, times: usize) {
    let mut prepared = prepare(case);
    (0..times).for_each(|_| render(&mut prepared));
}

fn fastest(case: &cases::Case) -> Duration {
    let mut prepared = prepare(case);
    let start = Instant::now();
    let mut best = Duration::MAX;
    while start.elapsed() < Duration::from_millis(1500) {
        let before = Instant::now();
        render(&mut prepared);
        best = best.min(before.elapsed());
    }
    best
}
