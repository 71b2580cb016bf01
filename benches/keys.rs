//! How long making keys and certificates takes: `NAME` renders that case of `testdata/bench/keys.txt` as often as its
//! section `times` says, chart and values being there, and prints the microseconds of processor time of each render.
//! `cargo xtask bench keys` runs it beside Go.

use std::path::Path;

#[path = "../tests/golden/cases.rs"]
mod cases;
#[allow(dead_code, reason = "only rendering is wanted here")]
#[path = "../tests/golden/difference.rs"]
mod difference;
#[allow(dead_code, reason = "only rendering is wanted here")]
#[path = "../tests/golden/engine.rs"]
mod engine;

use plimsoll::stack;
use rustix::time::{ClockId, clock_gettime};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[allow(clippy::print_stdout, reason = "a bench talks")]
fn main() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/bench/keys.txt");
    let file = cases::read(&path).expect("the cases are sound");
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    for case in file.cases.iter().filter(|case| words.is_empty() || words.contains(&case.name)) {
        let times = stack::with_stack(|| measure(case)).expect("no panic");
        println!("{}", times.join(" "));
    }
}

fn measure(case: &cases::Case) -> Vec<String> {
    let mut prepared = engine::Prepared::new(case).expect("the values are sound");
    let times: usize =
        case.get("times").and_then(|text| text.trim().parse().ok()).expect("a number of times");
    let render = |_| {
        let before = processor_time();
        std::hint::black_box(prepared.render().expect("the case renders"));
        format!("{:.1}", processor_time() - before)
    };
    (0..times).map(render).collect()
}

/// Microseconds of processor time that the program has used: other programs do not lengthen it.
fn processor_time() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}
