//! What the benches share: the cases and how they are rendered, which are those of the golden tests, and the allocator of
//! the program.

use std::path::Path;

use testkit::{cases, engine};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The cases of a file in `testdata/bench`.
pub fn read(name: &str) -> Vec<cases::Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/bench").join(name);
    cases::read(&path).expect("the cases are sound").cases
}

/// The words of the command line but for Cargo's.
pub fn words() -> Vec<String> {
    std::env::args().skip(1).filter(|word| word != "--bench").collect()
}

/// The case, ready to be rendered again and again.
pub fn prepare(case: &cases::Case) -> engine::Prepared {
    engine::Prepared::new(case).expect("the values are sound")
}

/// Renders once.
pub fn render(prepared: &mut engine::Prepared) {
    std::hint::black_box(prepared.render().expect("the case renders"));
}
