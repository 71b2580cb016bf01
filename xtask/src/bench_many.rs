//! `cargo xtask bench many DIR… [--charts N] [--shards N]`: what judging very many charts costs: copies of those below the
//! folders, made distinct, in one process, in shards one after the other with their reports merged, and from a cache that is
//! cold, then warm. The reports must be the same, byte for byte. Prints a table.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use walkdir::WalkDir;

use crate::{Outcome, parity};

/// What a process cost, or several: the most memory of one.
#[derive(Clone, Copy, Default)]
struct Cost {
    wall: f64,
    processor: f64,
    mebibytes: f64,
}

/// Runs the task.
pub fn run(words: &[&str]) -> Outcome {
    let number = |name: &str, usual: usize| -> Result<usize, String> {
        let Some(at) = words.iter().position(|word| *word == name) else { return Ok(usual) };
        words.get(at + 1).and_then(|word| word.parse().ok()).ok_or(format!("{name} wants a number"))
    };
    let (wanted, shards) = (number("--charts", 10_000)?, number("--shards", 8)?.max(1));
    let folders = words.iter().take_while(|word| !word.starts_with("--"));
    let charts: Vec<PathBuf> = folders.flat_map(|folder| parity::charts(Path::new(folder))).collect();
    if charts.is_empty() {
        return Err("bench many: no chart found; give folders that hold charts".to_owned());
    }
    let ours = parity::build_ours()?;
    // Beside what is built, so that files can be linked where the charts are on the same disk.
    let place = ours.parent().unwrap_or(Path::new("."));
    let folder = tempfile::tempdir_in(place).map_err(|error| format!("{}: {error}", place.display()))?;
    let all = folder.path().join("charts");
    for at in 0..wanted {
        let copy = all.join(format!("c{at:05}"));
        copied(&charts[at % charts.len()], &copy, at).map_err(|error| error.to_string())?;
    }
    let bench = Bench { ours, folder: folder.path().to_owned() };
    println!("{wanted} charts made of {}, each with its own values; `check --jobs 2`", charts.len());
    println!("| how | wall seconds | seconds of processor | ms a chart | most MiB of a process |");
    println!("|---|---|---|---|---|");
    let show = |how: &str, cost: Cost| {
        let each = cost.processor * 1e3 / wanted.max(1) as f64;
        println!("| {how} | {:.1} | {:.1} | {each:.1} | {:.0} |", cost.wall, cost.processor, cost.mebibytes);
    };
    show("one process", bench.check("one.json", &[])?);
    let parts: Vec<Cost> = (1..=shards)
        .map(|shard| bench.check(&format!("part-{shard}.json"), &["--shard", &format!("{shard}/{shards}")]))
        .collect::<Result<_, _>>()?;
    show(&format!("{shards} shards, together"), parts.iter().copied().fold(Cost::default(), Cost::and));
    let slowest = parts.iter().copied().max_by(|one, other| one.wall.total_cmp(&other.wall));
    show(&format!("{shards} shards, the slowest"), slowest.unwrap_or_default());
    let names: Vec<String> = (1..=shards).map(|shard| bench.file(&format!("part-{shard}.json"))).collect();
    let merged = bench.file("merged.json");
    let format = format!("--format=json={merged}");
    let words = ["merge"].into_iter().chain(names.iter().map(String::as_str)).chain(["--quiet", &format]);
    show("their merge", bench.run(&words.collect::<Vec<_>>())?);
    let cache =
        [format!("--cache-dir={}", bench.file("cache")), format!("--cache-key={}", bench.file("key"))];
    let cache: Vec<&str> = cache.iter().map(String::as_str).collect();
    fs::write(bench.file("key"), [7; 32]).map_err(|error| error.to_string())?;
    let cache = [&cache[..], &["--cache-size=8GiB"]].concat();
    show("one process, the cache is empty", bench.check("cold.json", &cache)?);
    show("one process, all is in the cache", bench.check("warm.json", &cache)?);
    for other in ["merged.json", "cold.json", "warm.json"] {
        bench.same("one.json", other)?;
    }
    Ok(())
}

impl Cost {
    fn and(self, other: Cost) -> Cost {
        Cost {
            wall: self.wall + other.wall,
            processor: self.processor + other.processor,
            mebibytes: self.mebibytes.max(other.mebibytes),
        }
    }
}

struct Bench {
    ours: PathBuf,
    folder: PathBuf,
}

impl Bench {
    fn file(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// Judges all charts into a report of that name.
    fn check(&self, report: &str, flags: &[&str]) -> Result<Cost, String> {
        let format = format!("--format=json={}", self.file(report));
        let charts = self.file("charts");
        let words =
            ["check", &charts, "--no-config", "--no-values-sets", "--deterministic", "--jobs=2", "--quiet"];
        self.run(&[&words[..], &[&format], flags].concat())
    }

    fn run(&self, words: &[&str]) -> Result<Cost, String> {
        let start = Instant::now();
        let output = Command::new("/usr/bin/time")
            .args(["-f", "%U %S %M"])
            .arg(&self.ours)
            .args(words)
            .stdout(Stdio::null())
            .output()
            .map_err(|error| format!("/usr/bin/time (Debian: time): {error}"))?;
        let wall = start.elapsed().as_secs_f64();
        let said = String::from_utf8_lossy(&output.stderr);
        // What is found, or cannot be judged, makes `check` end with 1 or 2.
        if output.status.code().is_none_or(|code| code > 2) {
            return Err(format!("{}: {said}", words.join(" ")));
        }
        let numbers: Vec<f64> = said
            .lines()
            .next_back()
            .unwrap_or_default()
            .split(' ')
            .filter_map(|it| it.parse().ok())
            .collect();
        match numbers[..] {
            [user, system, kibibytes] => {
                Ok(Cost { wall, processor: user + system, mebibytes: kibibytes / 1024.0 })
            }
            _ => Err(format!("{}: {said}", words.join(" "))),
        }
    }

    fn same(&self, one: &str, other: &str) -> Outcome {
        let read = |name: &str| fs::read(self.file(name)).map_err(|error| format!("{name}: {error}"));
        if read(one)? == read(other)? {
            return Ok(());
        }
        Err(format!("{one} and {other} differ"))
    }
}

/// A copy of a chart with an object of its own. Files are links where that is possible.
fn copied(chart: &Path, copy: &Path, number: usize) -> io::Result<()> {
    for entry in WalkDir::new(chart) {
        let entry = entry?;
        let to = copy.join(entry.path().strip_prefix(chart).unwrap_or(entry.path()));
        if entry.file_type().is_dir() {
            fs::create_dir_all(&to)?;
        } else if entry.file_type().is_file() && fs::hard_link(entry.path(), &to).is_err() {
            fs::copy(entry.path(), &to)?;
        }
    }
    fs::create_dir_all(copy.join("templates"))?;
    let own = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: copy-{number}}}\ndata: {{copy: \"{number}\"}}\n"
    );
    fs::write(copy.join("templates/zz-copy.yaml"), own)
}
