//! `cargo xtask unread DIR…`: takes every key that `unread-value` tells out of the values of every chart below the folders, once
//! with its own values and once with each values file beside it, and looks whether the output changes by a byte, which it must
//! not. Prints how many keys are told of each chart.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use plimsoll::FieldPath;
use plimsoll::internals::yaml::edit::{self, Change};
use serde_json::Value as Json;
use walkdir::WalkDir;

use crate::parity::{Render, build_ours, charts, renders_of};
use crate::{Outcome, root};

/// Runs the task.
pub fn run(folders: &[&str]) -> Outcome {
    let ours = build_ours()?;
    let (mut keys, mut renders, mut changed) = (0, 0, 0);
    for folder in folders {
        let base = if Path::new(folder).exists() { PathBuf::from(folder) } else { root().join(folder) };
        for chart in charts(&base) {
            let mut of_chart = 0;
            for render in renders_of(&chart) {
                let Some(told) = told(&ours, &render)? else { continue };
                renders += 1;
                of_chart += told.len();
                if !told.is_empty() && !is_same_without(&ours, &render, &told)? {
                    changed += 1;
                    let values = render.values.as_ref().map(|path| format!(" -f {}", path.display()));
                    println!("changed: {}{}", chart.display(), values.unwrap_or_default());
                }
            }
            println!("{of_chart:5} {}", chart.display());
            keys += of_chart;
        }
    }
    println!("{keys} keys told in {renders} renders; {changed} outputs changed without them");
    match (renders, changed) {
        (0, _) => Err("unread: no chart found that renders; give folders that hold charts".to_owned()),
        (_, 0) => Ok(()),
        _ => Err("unread: a key is told that something reads".to_owned()),
    }
}

/// A key that is told, and the file that sets it.
struct Told {
    path: FieldPath,
    file: String,
}

/// What is told of a render; nothing where it fails.
fn told(ours: &Path, render: &Render) -> Result<Option<Vec<Told>>, String> {
    let mut command = Command::new(ours);
    command.arg("check").arg(&render.chart).args(["--select", "unread-value", "--format", "json"]);
    command.args(render.values.iter().map(|path| format!("--values={}", path.display())));
    // What a set of values sets in vain is told of the render with that set.
    command.arg("--no-values-sets");
    let output = command.output().map_err(|error| format!("{}: {error}", ours.display()))?;
    let Ok(report) = serde_json::from_slice::<Json>(&output.stdout) else { return Ok(None) };
    let chart = &report["charts"][0];
    if chart["judged"] != true {
        return Ok(None);
    }
    let findings = chart["diagnostics"].as_array().into_iter().flatten();
    let key = |finding: &Json| {
        let value = finding["values"].get(0)?;
        let path = set_expression(value["path"].as_str()?);
        Some(Told { path, file: value["file"].as_str()?.to_owned() })
    };
    Ok(Some(findings.filter(|finding| finding["name"] == "unread-value").filter_map(key).collect()))
}

/// The path that an expression of `--set` names.
fn set_expression(text: &str) -> FieldPath {
    let mut path = FieldPath::root();
    let mut word = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => word.extend(chars.next()),
            '.' | '[' => {
                if !word.is_empty() {
                    path = path.key(std::mem::take(&mut word));
                }
                if c == '[' {
                    let index: String = chars.by_ref().take_while(|c| *c != ']').collect();
                    path = path.index(index.parse().unwrap_or_default());
                }
            }
            c => word.push(c),
        }
    }
    if word.is_empty() { path } else { path.key(word) }
}

/// Whether the chart renders the same when the keys are taken out of their files.
fn is_same_without(ours: &Path, render: &Render, told: &[Told]) -> Result<bool, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let chart = folder.path().join("chart");
    copy(&render.chart, &chart)?;
    let values = folder.path().join("values.yaml");
    if let Some(own) = &render.values {
        fs::copy(own, &values).map_err(|error| format!("{}: {error}", own.display()))?;
    }
    let user = render.values.as_ref().map(|_| values.as_path());
    let before = template(ours, &chart, user)?;
    let of_chart = |told: &&Told| told.file == "values.yaml";
    remove(&chart.join("values.yaml"), told.iter().filter(of_chart))?;
    remove(&values, told.iter().filter(|told| !of_chart(told)))?;
    Ok(before == template(ours, &chart, user)?)
}

fn template(ours: &Path, chart: &Path, values: Option<&Path>) -> Result<Vec<u8>, String> {
    let mut command = Command::new(ours);
    command.args(["template", "release-name"]).arg(chart).arg("--deterministic");
    command.args(values.iter().map(|path| format!("--values={}", path.display())));
    let output = command.output().map_err(|error| format!("{}: {error}", ours.display()))?;
    Ok([output.stdout, output.stderr].concat())
}

fn remove<'a>(file: &Path, told: impl Iterator<Item = &'a Told>) -> Outcome {
    let changes: Vec<Change> = told.map(|told| Change::Remove { path: told.path.clone() }).collect();
    if changes.is_empty() {
        return Ok(());
    }
    let in_file = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = fs::read_to_string(file).map_err(|error| in_file(&error))?;
    let text = edit::apply(&text, &changes).map_err(|error| in_file(&error))?;
    fs::write(file, text).map_err(|error| in_file(&error))
}

fn copy(from: &Path, to: &Path) -> Outcome {
    for entry in WalkDir::new(from).follow_links(true).into_iter().flatten() {
        let Ok(below) = entry.path().strip_prefix(from) else { continue };
        let target = to.join(below);
        let done = match entry.file_type().is_dir() {
            true => fs::create_dir_all(&target),
            false => fs::copy(entry.path(), &target).map(drop),
        };
        done.map_err(|error| format!("{}: {error}", target.display()))?;
    }
    Ok(())
}
