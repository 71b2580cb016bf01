//! `cargo xtask bench [DIR…] [--plot FILE]`: what `template` costs beside Helm's: processor time and peak memory of each chart
//! below the folders (`charts` if none is given), the least of several runs. Without an installed `helm` ours alone is measured.
//! The plot shows how many times less it is over the size of the charts.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use walkdir::WalkDir;

use crate::plot::{self, Plot};
use crate::{Outcome, parity, root};

/// How often each render runs, and Helm's, which takes longer; the least counts.
const RUNS: usize = 10;
const HELM_RUNS: usize = 3;

/// What a run cost.
#[derive(Clone, Copy)]
pub struct Cost {
    /// Processor time.
    pub milliseconds: f64,
    /// The most memory that it held.
    pub mebibytes: f64,
}

/// Runs the task.
pub fn run(words: &[&str]) -> Outcome {
    let (folders, picture) = match words {
        [folders @ .., "--plot", file] => (folders, Some(*file)),
        folders => (folders, None),
    };
    let ours = parity::build_ours()?;
    let helm = parity::find_helm().ok();
    let mut points = Vec::new();
    let charts: Vec<_> = match folders {
        [] => parity::charts(&root().join("charts")),
        folders => folders.iter().flat_map(|folder| parity::charts(Path::new(folder))).collect(),
    };
    println!(
        "{:24} {:>11} {:>11} {:>7} {:>10} {:>10}",
        "chart", "ours ms", "helm ms", "times", "ours MiB", "helm MiB"
    );
    let mut ratios: [Vec<f64>; 2] = Default::default();
    for chart in charts {
        let words = parity::words(&chart, None);
        let mine = measure(&ours, &words, RUNS)?;
        let theirs = helm.as_deref().map(|helm| measure(helm, &words, HELM_RUNS)).transpose()?;
        if let Some(theirs) = theirs {
            ratios[0].push(theirs.milliseconds / mine.milliseconds.max(0.01));
            ratios[1].push(theirs.mebibytes / mine.mebibytes);
            let name = chart.file_name().unwrap_or_default().to_string_lossy().into_owned();
            points.push((kibibytes(&chart), theirs.milliseconds / mine.milliseconds.max(0.01), name));
        }
        let column = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.1}"));
        println!(
            "{:24} {:>11.2} {:>11} {:>7} {:>10.1} {:>10}",
            chart.file_name().unwrap_or_default().to_string_lossy(),
            mine.milliseconds,
            column(theirs.map(|cost| cost.milliseconds)),
            column(theirs.map(|cost| cost.milliseconds / mine.milliseconds.max(0.01))),
            mine.mebibytes,
            column(theirs.map(|cost| cost.mebibytes)),
        );
    }
    for (what, ratios) in ["processor time", "memory"].iter().zip(&mut ratios) {
        ratios.retain(|ratio| ratio.is_finite());
        ratios.sort_by(f64::total_cmp);
        let part = |of_four: usize| ratios.get(ratios.len() * of_four / 4).copied();
        if let (Some(least), Some(low), Some(median), Some(high)) = (part(0), part(1), part(2), part(3)) {
            println!(
                "{what}: {median:.1} times less than Helm at the median, {least:.1} at least; half of the charts \
                 between {low:.1} and {high:.1}"
            );
        }
    }
    match picture {
        Some(file) if !points.is_empty() => draw(Path::new(file), points),
        Some(_) => Err("there is nothing to draw without Helm to compare with".to_owned()),
        None => Ok(()),
    }
}

fn draw(file: &Path, points: Vec<(f64, f64, String)>) -> Outcome {
    let plot = Plot {
        title: "How many times less processor time than Helm",
        axes: ["size of the chart, KiB", "times less"],
        points,
        lines: vec![(1.0, "as Helm")],
    };
    std::fs::write(file, plot::svg(&plot)).map_err(|error| format!("{}: {error}", file.display()))
}

/// The size of all files of a chart.
fn kibibytes(chart: &Path) -> f64 {
    let files = WalkDir::new(chart).into_iter().flatten().filter_map(|entry| entry.metadata().ok());
    files.filter(std::fs::Metadata::is_file).map(|file| file.len() as f64).sum::<f64>() / 1024.0
}

/// The least processor time of several runs, and the memory of one.
pub fn measure(program: &Path, words: &[String], runs: usize) -> Result<Cost, String> {
    let mut milliseconds = f64::INFINITY;
    for _ in 0..runs {
        milliseconds = milliseconds.min(processor_time(program, words)?);
    }
    Ok(Cost { milliseconds, mebibytes: peak_memory(program, words).unwrap_or(f64::NAN) })
}

/// Milliseconds of processor time as `perf` counts them, or of wall time where there is no `perf`.
fn processor_time(program: &Path, words: &[String]) -> Result<f64, String> {
    let counted = quiet("perf").args(["stat", "-x,", "-e", "task-clock"]).arg(program).args(words).output();
    let milliseconds = counted.ok().and_then(|output| {
        let text = String::from_utf8(output.stderr).ok()?;
        text.lines().find(|line| line.contains("task-clock"))?.split(',').next()?.parse().ok()
    });
    if let Some(milliseconds) = milliseconds {
        return Ok(milliseconds);
    }
    let start = Instant::now();
    let name = program.display();
    let status = quiet(program).args(words).stderr(Stdio::null()).status();
    let status = status.map_err(|error| format!("{name}: {error}"))?;
    let elapsed = start.elapsed().as_secs_f64() * 1000.0;
    if status.success() { Ok(elapsed) } else { Err(format!("{name} {}: {status}", words.join(" "))) }
}

/// Peak memory in MiB as GNU time tells it.
pub fn peak_memory(program: &Path, words: &[String]) -> Option<f64> {
    let output = quiet("/usr/bin/time").args(["-f", "%M"]).arg(program).args(words).output().ok()?;
    let text = String::from_utf8(output.stderr).ok()?;
    Some(text.lines().last()?.trim().parse::<f64>().ok()? / 1024.0)
}

fn quiet(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.stdout(Stdio::null());
    command
}
