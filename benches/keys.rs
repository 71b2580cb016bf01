//! How long making keys and certificates takes: `NAME` renders that case of `testdata/bench/keys.txt` as often as its
//! section `times` says, chart and values being there, and prints the microseconds of processor time of each render.
//! `cargo xtask bench keys` runs it beside Go.

use plimsoll::internals::stack;
use rustix::time::{ClockId, clock_gettime};

mod support;

use support::{prepare, render};
use testkit::cases;

#[allow(clippy::print_stdout, reason = "a bench talks")]
fn main() {
    let words = support::words();
    for case in support::read("keys.txt").iter().filter(|case| words.is_empty() || words.contains(&case.name))
    {
        let times = stack::with_stack(|| measure(case)).expect("no panic");
        println!("{}", times.join(" "));
    }
}

fn measure(case: &cases::Case) -> Vec<String> {
    let mut prepared = prepare(case);
    let times: usize =
        case.get("times").and_then(|text| text.trim().parse().ok()).expect("a number of times");
    let timed = |_| {
        let before = processor_time();
        render(&mut prepared);
        format!("{:.1}", processor_time() - before)
    };
    (0..times).map(timed).collect()
}

/// Microseconds of processor time that the program has used: other programs do not lengthen it.
fn processor_time() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}
