//! Runs every case below `testdata/` as a test of its own: `cargo test --test golden template::actions::if-else`.
//!
//! What was recorded was recorded from Helm by `cargo xtask oracle`; nothing here changes it. A folder of `testdata/` is a
//! family and has its runner in [`runner`]. The format of the files is in `testkit::cases`.

mod command;
mod errors;
mod flags;
mod methods;

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use testkit::cases::{self, Case};
use testkit::{engine, layers, schema, small};

/// The stack of a case: deep recursion is what some of them try.
const STACK: usize = 512 << 20;

/// What checks a case: nothing, or what differs.
type Runner = fn(&Case) -> Result<(), String>;

/// What checks the cases of a folder of `testdata/`.
fn runner(family: &str) -> Option<Runner> {
    Some(match family {
        "template" | "funcs" => engine::run,
        "methods" => methods::run,
        "values" | "charts" | "lint" | "provenance" | "show" => {
            |case| command::run(case, Path::new(env!("CARGO_BIN_EXE_plimsoll")))
        }
        "errors" => errors::run,
        "layers" => layers::run,
        "helm3" => layers::run_helm3,
        "flags" => flags::run,
        "yaml" => small::yaml,
        "strvals" => small::strvals,
        "semver" => small::semver,
        "glob" => small::glob,
        "match" => small::shell_pattern,
        "ignore" => small::ignore,
        "schema" => schema::run,
        _ => return None,
    })
}

#[expect(clippy::print_stderr, reason = "a test program talks")]
fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let testdata = testkit::testdata();
    let files = match cases::read_all(&testdata) {
        Ok(files) => files,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let mut trials = Vec::new();
    for file in files {
        let family = file.title.split("::").next().unwrap_or_default();
        let run = runner(family).unwrap_or(|_| Err("no runner for this folder".to_owned()));
        for case in file.cases {
            let place = format!("{}:{}", file.path.display(), case.line);
            let name = format!("{}::{}", file.title, case.name);
            trials.push(Trial::test(name, move || on_a_big_stack(run, case, &place)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn on_a_big_stack(run: Runner, case: Case, place: &str) -> Result<(), Failed> {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || run(&case))?;
    match thread.join() {
        Ok(Ok(())) => Ok(()),
        Ok(Err(difference)) => Err(format!("{place}\n{difference}").into()),
        Err(_) => Err(format!("{place}\npanicked").into()),
    }
}
