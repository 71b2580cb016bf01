//! `cargo xtask parity DIR…`: renders every chart below the folders with Helm and with ours, once as it is and once with each
//! values file beside it, and compares standard output, standard error and exit code byte for byte. Needs an installed `helm`
//! (the one in `$HELM`, in the path or in `~/go/bin`).

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use walkdir::WalkDir;

use crate::{Outcome, root};

/// Runs the task.
pub fn run(folders: &[&str]) -> Outcome {
    let helm = find_helm()?;
    let ours = build_ours()?;
    let mut renders = Vec::new();
    for folder in folders {
        let base = if Path::new(folder).exists() { PathBuf::from(folder) } else { root().join(folder) };
        renders.extend(charts(&base).iter().flat_map(|chart| renders_of(chart)));
    }
    if renders.is_empty() {
        return Err("parity: no chart found; give folders that hold charts".to_owned());
    }
    let mut equal = 0;
    for Render { chart, values } in &renders {
        let theirs = template(&helm, chart, values.as_deref())?;
        let got = template(&ours, chart, values.as_deref())?;
        match difference(&theirs, &got) {
            None => equal += 1,
            Some(text) => {
                let values =
                    values.as_ref().map(|path| format!(" -f {}", path.display())).unwrap_or_default();
                println!("different: {}{values}\n{text}", chart.display());
            }
        }
    }
    println!("{} renders, {equal} equal, {} different", renders.len(), renders.len() - equal);
    if equal == renders.len() { Ok(()) } else { Err("parity: not every render is equal".to_owned()) }
}

/// A chart with a values file, or none.
pub struct Render {
    /// The folder of the chart.
    pub chart: PathBuf,
    /// The values file.
    pub values: Option<PathBuf>,
}

/// The charts below a folder that are no dependencies of another.
pub fn charts(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().flatten() {
        let inside = |chart: &PathBuf| entry.path().starts_with(chart);
        if entry.file_type().is_dir()
            && entry.path().join("Chart.yaml").is_file()
            && !found.iter().any(inside)
        {
            found.push(entry.into_path());
        }
    }
    found
}

/// A chart as it is, and with each values file beside it or in `ci/`.
pub fn renders_of(chart: &Path) -> Vec<Render> {
    let mut renders = vec![Render { chart: chart.to_owned(), values: None }];
    for folder in [chart.to_owned(), chart.join("ci")] {
        let entries = WalkDir::new(folder).max_depth(1).sort_by_file_name().into_iter().flatten();
        for entry in entries.filter(|entry| entry.file_type().is_file()) {
            let name = entry.file_name().to_string_lossy();
            let is_yaml = [".yaml", ".yml"].iter().any(|extension| name.ends_with(extension));
            if is_yaml && name.contains("values") && name != "values.yaml" {
                renders.push(Render { chart: chart.to_owned(), values: Some(entry.into_path()) });
            }
        }
    }
    renders
}

/// The words of a render after the program's name.
pub fn words(chart: &Path, values: Option<&Path>) -> Vec<String> {
    let mut words = vec!["template".to_owned(), "parity".to_owned(), chart.display().to_string()];
    words.extend(values.map(|path| format!("--values={}", path.display())));
    words
}

fn template(program: &Path, chart: &Path, values: Option<&Path>) -> Result<Output, String> {
    let mut command = Command::new(program);
    command.args(words(chart, values)).output().map_err(|error| format!("{}: {error}", program.display()))
}

/// Where the two differ first, or nothing.
fn difference(wanted: &Output, got: &Output) -> Option<String> {
    if wanted.status.code() != got.status.code() {
        let stderr = String::from_utf8_lossy(&got.stderr);
        let stderr = stderr.lines().take(3).collect::<Vec<_>>().join("\n  ");
        return Some(format!("  exit {:?}, ours {:?}\n  {stderr}", wanted.status.code(), got.status.code()));
    }
    let streams = [("stdout", &wanted.stdout, &got.stdout), ("stderr", &wanted.stderr, &got.stderr)];
    streams.into_iter().find(|(_, wanted, got)| wanted != got).map(|(name, wanted, got)| {
        let (wanted, got) = (String::from_utf8_lossy(wanted), String::from_utf8_lossy(got));
        let (mut wanted, mut got) = (wanted.lines(), got.lines());
        let mut number = 1;
        loop {
            match (wanted.next(), got.next()) {
                (Some(a), Some(b)) if a == b => number += 1,
                (a, b) => {
                    let show =
                        |line: Option<&str>| line.map_or("(the end)".to_owned(), |line| format!("{line:?}"));
                    return format!("  {name} line {number}\n  helm {}\n  ours {}", show(a), show(b));
                }
            }
        }
    })
}

/// The `helm` to compare with.
pub fn find_helm() -> Result<PathBuf, String> {
    let mut candidates: Vec<PathBuf> = std::env::var_os("HELM").map(PathBuf::from).into_iter().collect();
    let path = std::env::var_os("PATH").unwrap_or_default();
    candidates.extend(std::env::split_paths(&path).map(|folder| folder.join("helm")));
    candidates.extend(std::env::home_dir().map(|home| home.join("go/bin/helm")));
    candidates.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        "no `helm` found: go install helm.sh/helm/v4/cmd/helm@v4.3.1, or name it in $HELM".to_owned()
    })
}

/// Builds our program as users get it and gives its path.
pub fn build_ours() -> Result<PathBuf, String> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    BUILT.get_or_init(build_now).clone()
}

fn build_now() -> Result<PathBuf, String> {
    build(&["build", "--release", "--quiet", "--bin", "plimsoll"])
}

/// The same with the names of its functions, for whoever counts what each of them costs.
pub fn build_with_symbols() -> Result<PathBuf, String> {
    build(&["rustc", "--release", "--quiet", "--bin", "plimsoll", "--", "-Cstrip=none"])
}

fn build(words: &[&str]) -> Result<PathBuf, String> {
    if let Some(program) = std::env::var_os("PLIMSOLL") {
        return Ok(PathBuf::from(program));
    }
    let status = Command::new(env!("CARGO")).args(words).current_dir(root()).status();
    let status = status.map_err(|error| format!("cargo: {error}"))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), PathBuf::from);
    if status.success() {
        Ok(target.join("release/plimsoll"))
    } else {
        Err(format!("cargo {}: {status}", words[0]))
    }
}
