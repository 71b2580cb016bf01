//! `cargo xtask fuzz`: runs the targets of `testkit::targets` without `cargo fuzz` and its nightly compiler: a driver that
//! damages what it begins from, by a chance that repeats. A case that panics, or takes more processor time or memory than it
//! may, is written below `fuzz/artifacts` and told.
//!
//! What is known runs first, within the limits that are shipped where the build is optimised. Some of it spends all that it may,
//! which is seconds; what is made from it gets a hundredth, so that there can be millions of cases.

use std::panic;
use std::time::{Duration, Instant};

use plimsoll::internals::system::processor_time;
use plimsoll::internals::{budget, stack};
use testkit::damage;
use testkit::random::Random;
use testkit::targets::{TARGETS, Target};

use crate::{Outcome, root};

/// The processor time that a case may take. What else the machine does meanwhile does not count.
const PATIENCE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 10 });
/// The memory that a case may need, in bytes, beside what is held before the first.
const MEMORY: u64 = 256 << 20;
/// The units of work that a case gets which was made from others, and any case without optimisation: there a unit takes many
/// times as long.
const STEPS: u64 = budget::Limits::STEPS / 100;
/// How large a case may grow.
const LARGEST: usize = 1 << 16;
/// Bits that are sown into texts.
const SEEDS: [&[u8]; 30] = [
    b"{{",
    b"}}",
    b"{{-",
    b"(",
    b")",
    b"|",
    b"\"",
    b"`",
    b"$",
    b":=",
    b"{{ end }}",
    b"{{ range . }}",
    b"%!*[9]d",
    b"\0",
    b"1e999",
    b"\n",
    b"  ",
    b": ",
    b"- ",
    b"&a ",
    b"*a",
    b"<<: *a",
    b"!!binary ",
    b"[",
    b"]",
    b"{",
    b"}",
    b"---\n",
    b"\xff\xfe",
    b"[65536]",
];

/// Runs the task: `[TARGET] [--seconds N] [--cases N] [--seed S]`.
pub fn run(words: &[&str]) -> Outcome {
    let (mut name, mut seconds, mut cases, mut seed) = (None, 60_u64, u64::MAX, 1_u64);
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let mut number = || {
            let text = rest.next().ok_or_else(|| format!("{word} needs a number"))?;
            text.parse::<u64>().map_err(|error| format!("{word} {text}: {error}"))
        };
        match *word {
            "--seconds" => seconds = number()?,
            "--cases" => cases = number()?,
            "--seed" => seed = number()?,
            other => name = Some(other),
        }
    }
    let known = || TARGETS.iter().map(|target| target.name).collect::<Vec<_>>().join(", ");
    if let Some(name) = name.filter(|name| Target::named(name).is_none()) {
        return Err(format!("there is no target {name}; there is {}", known()));
    }
    panic::set_hook(Box::new(|_| {}));
    let mut failed = Vec::new();
    for target in TARGETS.iter().filter(|target| name.is_none_or(|name| name == target.name)) {
        let outcome = run_target(target, Duration::from_secs(seconds), cases, seed);
        failed.extend(outcome.err());
    }
    let _ = panic::take_hook();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n")) }
}

fn run_target(target: &Target, time: Duration, cases: u64, seed: u64) -> Outcome {
    let seeds = target.seeds();
    budget::set_limits(cfg!(debug_assertions).then_some(STEPS), None);
    let before = most_held();
    let mut chance = Random::new(seed);
    let started = Instant::now();
    let (mut done, mut slowest) = (0, Duration::ZERO);
    let mut next = seeds.iter();
    while done < cases && started.elapsed() < time {
        // What is known comes first, as it is.
        let text = next.next().cloned().unwrap_or_else(|| {
            budget::set_limits(Some(STEPS), None);
            let mut text = chance.pick(&seeds).clone();
            for _ in 0..=chance.below(5) {
                let other = chance.pick(&seeds).clone();
                damage::damage(&mut chance, &mut text, &other, &SEEDS, 400);
            }
            text.truncate(LARGEST);
            text
        });
        let began = processor_time();
        let outcome = stack::with_stack(|| (target.run)(&text));
        let took = processor_time().saturating_sub(began);
        slowest = slowest.max(took);
        done += 1;
        let peak = most_held().saturating_sub(before);
        let what = match outcome {
            Err(_) => "panics".to_owned(),
            Ok(()) if took > PATIENCE => format!("takes {took:?}"),
            Ok(()) if peak > MEMORY => format!("needs {} MiB", peak >> 20),
            Ok(()) => continue,
        };
        let folder = root().join("fuzz/artifacts").join(target.name);
        let file = folder.join(format!("case-{seed}-{done}"));
        std::fs::create_dir_all(&folder)
            .and_then(|()| std::fs::write(&file, &text))
            .map_err(|error| format!("{}: {error}", file.display()))?;
        return Err(format!("{}: {what} after {done} cases: {}", target.name, file.display()));
    }
    println!(
        "{:14} {done:9} cases from {} seeds, the slowest {slowest:?}, {} MiB at most",
        target.name,
        seeds.len(),
        most_held() >> 20
    );
    Ok(())
}

/// The bytes of memory that the process has held at most. Linux tells.
fn most_held() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    peak.and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or_default() << 10
}
