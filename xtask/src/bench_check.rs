//! `cargo xtask bench check [DIR…]`: what judging costs beside rendering, in one process and without the disk: the chart is
//! loaded once, then rendered and judged several times, and the least of each counts. Reading the rendered YAML is part of
//! neither, it comes with rendering anyway.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use plimsoll::internals::policy::{self, Mode, Profile};
use plimsoll::internals::render::host::FixedHost;
use plimsoll::internals::render::{Release, Request, render};
use plimsoll::internals::stack;
use plimsoll::internals::{chart, rules, value};

use crate::{Outcome, parity, root};

/// How often each is done; the least counts.
const RUNS: usize = 7;

/// How many charts are shown, those with the most text first.
const SHOWN: usize = 12;

/// Judging may take this part of rendering.
const SHARE: f64 = 0.25;

struct Cost {
    name: String,
    bytes: usize,
    render: Duration,
    judge: Duration,
}

/// Runs the task; as an optimised build, whatever this one is.
pub fn run(folders: &[&str]) -> Outcome {
    if cfg!(debug_assertions) {
        let words = ["run", "--quiet", "--release", "--package", "xtask", "--", "bench", "check"];
        let status = Command::new("cargo").args(words).args(folders).current_dir(root()).status();
        let status = status.map_err(|error| format!("cargo: {error}"))?;
        return if status.success() { Ok(()) } else { Err("bench check: see above".to_owned()) };
    }
    let charts: Vec<_> = match folders {
        [] => parity::charts(&root().join("charts")),
        folders => folders.iter().flat_map(|folder| parity::charts(Path::new(folder))).collect(),
    };
    let mut costs: Vec<Cost> = Vec::new();
    for chart in charts {
        match stack::with_stack(|| measure(&chart)).and_then(|cost| cost) {
            Ok(cost) => costs.push(cost),
            Err(why) => println!("{}: {}", chart.display(), why.lines().next().unwrap_or_default()),
        }
    }
    costs.sort_by_key(|cost| std::cmp::Reverse(cost.bytes));
    costs.truncate(SHOWN);
    println!("{:24} {:>9} {:>10} {:>10} {:>7}", "chart", "KiB", "render ms", "judge ms", "share");
    for cost in &costs {
        println!(
            "{:24} {:>9} {:>10.2} {:>10.2} {:>6.0}%",
            cost.name,
            cost.bytes / 1024,
            cost.render.as_secs_f64() * 1e3,
            cost.judge.as_secs_f64() * 1e3,
            share(cost) * 100.0,
        );
    }
    match costs.iter().find(|cost| share(cost) > SHARE) {
        Some(slow) => Err(format!("judging {} takes more than a quarter of rendering it", slow.name)),
        None => Ok(()),
    }
}

fn share(cost: &Cost) -> f64 {
    cost.judge.as_secs_f64() / cost.render.as_secs_f64()
}

fn measure(path: &Path) -> Result<Cost, String> {
    let chart = chart::load(path).map_err(|error| error.to_string())?;
    let request = Request::new(Release::new("mini-service", "default"));
    let mut least = Duration::MAX;
    let mut text = String::new();
    for _ in 0..RUNS {
        let mut host = FixedHost::new("bench", 0);
        let copy = chart.clone();
        let start = Instant::now();
        let rendered = render(&copy, &value::Map::new(), &request, &mut host);
        least = least.min(start.elapsed());
        let rendered = rendered.map_err(|failed| failed.error.to_string())?;
        text = rendered.manifests.iter().map(|manifest| format!("---\n{}\n", manifest.text)).collect();
    }
    let subject = testkit::examples::of_manifests(&text, Vec::new())?;
    let profile = Profile::built_in("nvcf").ok_or("the profile nvcf comes with Plimsoll")?;
    let rules = rules::all();
    let mut judging = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        let found = policy::check(&subject, &rules, &profile, Mode::Documented);
        judging = judging.min(start.elapsed());
        drop(found);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Cost { name, bytes: text.len(), render: least, judge: judging })
}
