//! `cargo xtask bench values`: what judging values costs: a file of 10,000 lines, from its text to the findings, several times,
//! of which the least counts.

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use plimsoll::internals::policy::{self, Mode, Profile, ValuesSubject};
use plimsoll::internals::rules;
use plimsoll::internals::values::{Layers, Sources, read_all};
use testkit::examples;

use crate::{Outcome, root};

/// How often it is done; the least counts.
const RUNS: usize = 15;

/// How many lines the file has.
const LINES: usize = 10_000;

/// What judging it may take.
const BOUND: Duration = Duration::from_millis(50);

/// Runs the task; as an optimised build, whatever this one is.
pub fn run() -> Outcome {
    if cfg!(debug_assertions) {
        let words = ["run", "--quiet", "--release", "--package", "xtask", "--", "bench", "values"];
        let status = Command::new("cargo").args(words).current_dir(root()).status();
        let status = status.map_err(|error| format!("cargo: {error}"))?;
        return if status.success() { Ok(()) } else { Err("bench values: see above".to_owned()) };
    }
    let text = values();
    let profile = Profile::built_in("h2o-mlops").ok_or("the profile comes with Plimsoll")?;
    let mut least = Duration::MAX;
    let mut count = 0;
    for _ in 0..RUNS {
        let start = Instant::now();
        let sources = Sources { files: vec!["values.yaml".to_owned()], ..Sources::default() };
        let mut read = |_: &str| Ok(text.as_bytes().to_vec());
        let user = read_all(&sources, &mut read).map_err(|error| error.to_string())?;
        let values = ValuesSubject::new(Layers::of_user(&user), None);
        let mut subject = examples::of_manifests("", Vec::new())?;
        subject.values = Some(values);
        count = policy::check(&subject, &rules::all(), &profile, Mode::default()).len();
        least = least.min(start.elapsed());
    }
    println!(
        "{} lines of values judged in {:.1} ms, {count} findings",
        text.lines().count(),
        least.as_secs_f64() * 1e3
    );
    if least > BOUND { Err(format!("that is more than {} ms", BOUND.as_millis())) } else { Ok(()) }
}

/// Values with many images and runtimes, some of them wrong.
fn values() -> String {
    let mut images = String::new();
    let mut runtimes = String::new();
    let mut number = 0;
    while images.lines().count() + runtimes.lines().count() + 6 < LINES {
        let tag = if number % 50 == 0 { "nightly" } else { "v1.5.4" };
        let _ = write!(
            images,
            "      image-{number}:\n        displayName: \"Scorer {number}\"\n        state: ACTIVE # in use\n        versions:\n\
             \x20         - image:\n              repository: scorer-{number}\n              tag: {tag}\n            state: ACTIVE\n"
        );
        let _ = write!(
            runtimes,
            "      runtime-{number}:\n        enabled: true\n        modelType: mlflow\n        runtimeImage: image-{number}\n\
             \x20       writableVolume: true\n        state: ACTIVE\n        envs:\n          PORT: \"8080\"\n          GPUS: \"{{GPU_COUNT}}\"\n\
             \x20         NAME: runtime {number}\n"
        );
        number += 1;
    }
    format!(
        "global:\n  imageRegistry: r.example.com\nconfig:\n  deployer:\n   composition:\n    runtimeImages:\n{images}    runtimes:\n{runtimes}"
    )
}
