//! How fast the template engine is: renders each case of `testdata/bench/engine.txt` from its text, values included, as a
//! command would, and prints `NAME MICROSECONDS` of the fastest render. With `NAME TIMES` it renders that case so often and
//! prints nothing, for programs that count instructions. `cargo xtask bench engine` runs it beside Go.

use std::path::Path;
use std::time::{Duration, Instant};

#[path = "../tests/golden/cases.rs"]
mod cases;
#[allow(dead_code, reason = "only rendering is wanted here")]
#[path = "../tests/golden/difference.rs"]
mod difference;
#[allow(dead_code, reason = "only rendering is wanted here")]
#[path = "../tests/golden/engine.rs"]
mod engine;

use plimsoll::template;

#[allow(clippy::print_stdout, reason = "a bench talks")]
fn main() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/bench/engine.txt");
    let file = cases::read(&path).expect("the cases are sound");
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [name, times] = words.as_slice() {
        let case = file.cases.iter().find(|case| case.name == *name).expect("a case of that name");
        let times: usize = times.parse().expect("a number of times");
        template::stack::with_stack(|| (0..times).for_each(|_| render(case))).expect("no panic");
        return;
    }
    for case in &file.cases {
        let best = template::stack::with_stack(|| fastest(case)).expect("no panic");
        println!("{} {:.1}", case.name, best.as_secs_f64() * 1e6);
    }
}

fn fastest(case: &cases::Case) -> Duration {
    let start = Instant::now();
    let mut best = Duration::MAX;
    while start.elapsed() < Duration::from_millis(1500) {
        let before = Instant::now();
        render(case);
        best = best.min(before.elapsed());
    }
    best
}

fn render(case: &cases::Case) {
    std::hint::black_box(engine::render(case).expect("the case renders"));
}
