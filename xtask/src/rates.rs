//! `cargo xtask rates DIR… [RULE]`: how often each rule about values and templates tells something of the charts below the
//! folders, each with its own values and with each values file beside it: findings, and charts with one, by rule and repository.
//! What is told of a chart with several sets of values counts once. With the name of a rule, each of its findings is printed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

use crate::parity::{Render, build_ours, charts, renders_of};
use crate::{Outcome, root};

/// The rules that are counted.
const RULES: &str = "VAL,TPL,CHT106,REF107";

/// What a rule tells of a repository.
#[derive(Default)]
struct Told {
    findings: BTreeSet<(PathBuf, String)>,
    charts: BTreeSet<PathBuf>,
}

/// Runs the task.
pub fn run(words: &[&str]) -> Outcome {
    let ours = build_ours()?;
    let (folders, rules): (Vec<&str>, Vec<&str>) =
        words.iter().partition(|word| Path::new(word).exists() || root().join(word).exists());
    let mut told: BTreeMap<(String, String), Told> = BTreeMap::new();
    let mut judged: BTreeMap<String, usize> = BTreeMap::new();
    let mut renders = 0;
    for folder in folders {
        let base = if Path::new(folder).exists() { PathBuf::from(folder) } else { root().join(folder) };
        for chart in charts(&base) {
            let above = chart.parent().and_then(Path::file_name).unwrap_or_default();
            let repository = above.to_string_lossy().into_owned();
            *judged.entry(repository.clone()).or_default() += 1;
            for render in renders_of(&chart) {
                let Some(found) = findings(&ours, &render)? else { continue };
                renders += 1;
                for (rule, text) in found {
                    let told = told.entry((rule.clone(), repository.clone())).or_default();
                    told.charts.insert(chart.clone());
                    if told.findings.insert((chart.clone(), text.clone())) && rules.contains(&rule.as_str()) {
                        println!("{}: {text}", chart.display());
                    }
                }
            }
        }
    }
    println!("{:24} {:40} {:>6} {:>6} {:>6}", "rule", "repository", "told", "charts", "of");
    for ((rule, repository), Told { findings, charts }) in &told {
        let of = judged.get(repository).copied().unwrap_or_default();
        println!("{rule:24} {repository:40} {:6} {:6} {of:6}", findings.len(), charts.len());
    }
    println!("{renders} renders");
    if renders == 0 {
        Err("rates: no chart found that renders; give folders that hold charts".to_owned())
    } else {
        Ok(())
    }
}

/// What is told of a render, each finding with its rule; nothing where it cannot be judged.
fn findings(ours: &Path, render: &Render) -> Result<Option<Vec<(String, String)>>, String> {
    let mut command = Command::new(ours);
    command.arg("check").arg(&render.chart).args(["--select", RULES, "--profile", "kubernetes"]);
    command.args(["--format", "json", "--no-values-sets"]);
    command.args(render.values.iter().map(|path| format!("--values={}", path.display())));
    let output = command.output().map_err(|error| format!("{}: {error}", ours.display()))?;
    let Ok(report) = serde_json::from_slice::<Json>(&output.stdout) else { return Ok(None) };
    let chart = &report["charts"][0];
    if chart["judged"] != true {
        return Ok(None);
    }
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let told = |finding: &Json| {
        let location = &finding["location"];
        let value = text(&finding["values"][0]["path"]);
        let place = format!("{}:{}", text(&location["file"]), location["line"]);
        (text(&finding["name"]), format!("{place} {value} {}", text(&finding["message"])))
    };
    Ok(Some(chart["diagnostics"].as_array().into_iter().flatten().map(told).collect()))
}
