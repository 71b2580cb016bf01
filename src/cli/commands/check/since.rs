//! `--since`: the charts that a change in git touches: by a file of their own, of a chart that they take in with `file://`,
//! of values that are shared, or of their configuration.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::cli::args::configuration::CONFIG;
use crate::cli::args::locate::Found;
use crate::cli::error::Error;
use crate::files;
use crate::go::raw;
use crate::yaml::{self, Node};

/// Those of the charts that changed since the revision. What is shared by all of them, such as values files, may have
/// changed too: then all did.
pub(super) fn changed(
    charts: Vec<Found>,
    revision: &str,
    shared: impl Iterator<Item = String>,
    config: Option<&Path>,
) -> Result<Vec<Found>, Error> {
    let changes = changes(revision)?;
    let is_changed = |path: &Path| changes.iter().any(|change| change == path || change.starts_with(path));
    let shared = shared.map(PathBuf::from).chain(config.map(Path::to_owned));
    if shared.filter_map(|file| real(&file)).any(|file| is_changed(&file)) {
        return Ok(charts);
    }
    let touched = |found: &Found| {
        if found.missing.is_some() {
            return true;
        }
        let mut seen = BTreeSet::new();
        let mut waiting = vec![found.path.clone()];
        while let Some(chart) = waiting.pop() {
            let Some(chart) = real(&chart) else { continue };
            if !seen.insert(chart.clone()) {
                continue;
            }
            if is_changed(&chart) || configurations(&chart).any(|file| is_changed(&file)) {
                return true;
            }
            waiting.extend(local_dependencies(&chart));
        }
        false
    };
    Ok(charts.into_iter().filter(touched).collect())
}

fn real(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok()
}

/// The configurations that hold for a chart.
fn configurations(chart: &Path) -> impl Iterator<Item = PathBuf> {
    chart.ancestors().map(|folder| folder.join(CONFIG))
}

/// The charts that a chart takes in from this disk.
fn local_dependencies(chart: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in ["Chart.yaml", "requirements.yaml"] {
        let Ok(text) = files::read_to_string(&chart.join(name)) else { continue };
        let Ok(node) = yaml::parse(&text) else { continue };
        let dependencies = node.get("dependencies").map_or(&[][..], Node::items);
        let repositories = dependencies.iter().filter_map(|it| it.get("repository")?.as_str());
        found.extend(repositories.filter_map(|it| it.strip_prefix("file://")).map(|path| chart.join(path)));
    }
    found
}

/// The files that differ from the revision, or from where this branch left it; those that git does not know yet, too.
fn changes(revision: &str) -> Result<Vec<PathBuf>, Error> {
    let root = git(&["rev-parse", "--show-toplevel"])?;
    let root = raw::path(root.trim_end_matches('\n')).into_owned();
    let root = root.canonicalize().unwrap_or(root);
    if revision.starts_with('-') {
        return Err(Error::new(format!("--since {revision} is no revision")));
    }
    let commit =
        git(&["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")]).map_err(|_| {
            Error::new(format!("git knows no revision {revision}"))
                .hint("in CI, fetch enough of the history: `fetch-depth: 0`")
        })?;
    let base = git(&["merge-base", commit.trim(), "HEAD"]).unwrap_or(commit);
    let top = raw::of_path(&root).into_owned();
    let below = |words: &[&str]| git(&[&["-C", &top], words].concat());
    let listed = ["--name-only", "--no-renames", "--ignore-submodules=dirty", "-z"];
    let differing = below(&[&["diff", "--no-ext-diff"], &listed[..], &[base.trim(), "--"]].concat())?;
    let unknown = below(&["ls-files", "--others", "--exclude-standard", "-z"])?;
    let names = differing.split('\0').chain(unknown.split('\0')).filter(|name| !name.is_empty());
    Ok(names.map(|name| root.join(raw::path(name))).collect())
}

/// What keeps git from running programs that the checkout names, or asking the network for what is not there.
const HARMLESS: [&str; 4] = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];
const SETTINGS: [(&str, &str); 4] = [
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
];

/// The drivers that files may be filtered through, each with what takes its program away. They can be run by any name.
fn no_filters() -> Vec<(String, &'static str)> {
    let words =
        ["config", "--name-only", "-z", "--get-regexp", r"^filter\..*\.(clean|smudge|process|required)$"];
    let names = run(&words, &[]).map(|output| raw::into_text(output.stdout)).unwrap_or_default();
    let named = names.split('\0').filter(|name| !name.is_empty());
    named.map(|name| (name.to_owned(), if name.ends_with(".required") { "false" } else { "" })).collect()
}

fn run(words: &[&str], settings: &[(String, &'static str)]) -> io::Result<Output> {
    let mut command = Command::new("git");
    command.args(HARMLESS).args(words.iter().map(|word| raw::path(word).into_owned())).envs(SETTINGS);
    let variable = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    // Behind those that whoever judges has set.
    let first = variable("GIT_CONFIG_COUNT").unwrap_or(0);
    command.env("GIT_CONFIG_COUNT", (first + settings.len()).to_string());
    for (at, (name, value)) in settings.iter().enumerate() {
        let at = first + at;
        command.env(format!("GIT_CONFIG_KEY_{at}"), raw::path(name).into_owned());
        command.env(format!("GIT_CONFIG_VALUE_{at}"), value);
    }
    command.output()
}

fn git(words: &[&str]) -> Result<String, Error> {
    let output = run(words, &no_filters())
        .map_err(|error| Error::new(format!("cannot run git, which --since asks: {error}")))?;
    if output.status.success() {
        return Ok(raw::into_text(output.stdout));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or("it failed").trim_start_matches("fatal: ").to_owned();
    Err(Error::new(format!("git cannot say what changed: {said}")))
}
