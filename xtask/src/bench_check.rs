//! `cargo xtask bench check [DIR…]`: what judging costs beside rendering, for each profile whose judge is large, in one process
//! and without the disk: the chart is loaded once, then rendered and judged several times, and the least of each counts. Reading
//! the rendered YAML is part of neither, it comes with rendering anyway.

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

/// The profiles; what judging by each adds may not be more than what rendering takes.
const PROFILES: [&str; 2] = ["nvcf", "kubernetes"];

struct Cost {
    name: String,
    bytes: usize,
    objects: usize,
    render: Duration,
    /// By profile.
    judge: [Duration; PROFILES.len()],
}

impl Cost {
    fn share(&self, profile: usize) -> f64 {
        self.judge[profile].as_secs_f64() / self.render.as_secs_f64()
    }

    fn show(&self) {
        print!("{:24} {:>9} {:>7} {:>10.2}", self.name, self.bytes / 1024, self.objects, ms(self.render));
        for (at, judge) in self.judge.iter().enumerate() {
            print!(" {:>13.2} {:>6.0}%", ms(*judge), self.share(at) * 100.0);
        }
        println!();
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
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
    let sum = Cost {
        name: format!("all {} charts", costs.len()),
        bytes: costs.iter().map(|cost| cost.bytes).sum(),
        objects: costs.iter().map(|cost| cost.objects).sum(),
        render: costs.iter().map(|cost| cost.render).sum(),
        judge: std::array::from_fn(|at| costs.iter().map(|cost| cost.judge[at]).sum()),
    };
    costs.sort_by_key(|cost| std::cmp::Reverse(cost.bytes));
    let names = PROFILES.map(|name| format!("{name:>10} ms   share"));
    println!("{:24} {:>9} {:>7} {:>10} {}", "chart", "KiB", "objects", "render ms", names.join(" "));
    costs.iter().take(SHOWN).for_each(Cost::show);
    sum.show();
    match PROFILES.iter().enumerate().find(|(at, _)| sum.share(*at) > 1.0) {
        Some((_, profile)) => Err(format!("judging by {profile} takes more than rendering")),
        None => Ok(()),
    }
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
    let mut judge = [Duration::MAX; PROFILES.len()];
    let mut objects = 0;
    for (name, least) in PROFILES.iter().zip(&mut judge) {
        let profile = Profile::built_in(name).ok_or("the profile comes with Plimsoll")?;
        let rules = rules::all();
        for _ in 0..RUNS {
            // What API servers answer is kept in the subject.
            let subject = testkit::examples::of_manifests(&text, Vec::new())?;
            objects = subject.documents.len();
            let start = Instant::now();
            let found = policy::check(&subject, &rules, &profile, Mode::Documented);
            *least = start.elapsed().min(*least);
            drop(found);
        }
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Cost { name, bytes: text.len(), objects, render: least, judge })
}
