//! How fast the template engine is: parses and executes the templates of each case of `testdata/bench/engine.txt`, chart
//! and values being there, and prints `NAME MICROSECONDS` of the fastest render. With `NAME TIMES` it renders that case so
//! often and prints nothing, for programs that count instructions. `cargo xtask bench engine` runs it beside Go.

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

use plimsoll::stack;

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[allow(clippy::print_stdout, reason = "a bench talks")]
fn main() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/bench/engine.txt");
    let file = cases::read(&path).expect("the cases are sound");
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [name, times] = words.as_slice() {
        let case = file.cases.iter().find(|case| case.name == *name).expect("a case of that name");
        let times: usize = times.parse().expect("a number of times");
        stack::with_stack(|| repeat(case, times)).expect("no panic");
        return;
    }
    for case in &file.cases {
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

fn prepare(case: &cases::Case) -> engine::Prepared {
    engine::Prepared::new(case).expect("the values are sound")
}

fn render(prepared: &mut engine::Prepared) {
    std::hint::black_box(prepared.render().expect("the case renders"));
}
