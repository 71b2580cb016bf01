//! Charts that `plimsoll fix` mends where they lie: what is rendered then differs in what was said and in nothing else, for
//! every set of values; mending again changes nothing; and every byte that no edit touches stays.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Failed;
use plimsoll::internals::{cli, yaml};
use serde_json::Value;

/// Charts of this repository, and the values that they are rendered with.
const CHARTS: [(&str, &[&str]); 5] = [
    ("charts/overboard", &["values-small.yaml"]),
    ("charts/mini-service", &["values-production.yaml"]),
    ("charts/fraud-model", &["values-prod.yaml", "values-staging.yaml"]),
    ("charts/ml-serving-stack", &["values-prod.yaml", "values-staging.yaml"]),
    ("testdata/cli/fix.in/web", &["ci/worker-values.yaml"]),
];

pub fn mended() -> Result<(), Failed> {
    for (chart, sets) in CHARTS {
        for flags in [&[][..], &["--unsafe"]] {
            check(Path::new(chart), sets, flags)
                .map_err(|why| format!("{chart} {}: {why}", flags.join(" ")))?;
        }
    }
    Ok(())
}

/// With `--overlay` the chart stays, and the values that are written do the same.
pub fn overlaid() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let chart = copied(Path::new("testdata/cli/fix.in/web"), folder.path())?;
    let overlay = folder.path().join("overlay.yaml");
    let words = ["--unsafe", "--overlay", overlay.to_str().unwrap_or_default()];
    let (_, said) = fix(&chart, &words);
    let before = rendered(Path::new("testdata/cli/fix.in/web"), &[]);
    if rendered(&chart, &[]) != before {
        return Err("the chart itself is changed".into());
    }
    let after = rendered(&chart, &[overlay.as_path()]);
    if before == after {
        return Err(format!("the overlay does nothing\n{said}").into());
    }
    all_said(&before, &after, &said).map_err(Failed::from)
}

/// An archive is left as it is, and it is said what to do.
pub fn archived() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let into = folder.path().to_str().unwrap_or_default();
    let words = ["plimsoll", "package", "testdata/cli/fix.in/web", "-d", into].map(OsString::from);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    assert_eq!(cli::run(&words, &mut out, &mut err), 0, "{}", String::from_utf8_lossy(&err));
    let archive = folder.path().join("web-1.0.0.tgz");
    let before = fs::read(&archive)?;
    let (code, said) = fix(&archive, &["--select", "explicit-namespace"]);
    if code != 1 || !said.contains("archive") || fs::read(&archive)? != before {
        return Err(format!("exit code {code}\n{said}").into());
    }
    Ok(())
}

fn check(original: &Path, sets: &[&str], flags: &[&str]) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let chart = copied(original, folder.path()).map_err(|error| error.to_string())?;
    let (code, said) = fix(&chart, flags);
    if code > 1 {
        return Err(said);
    }
    let no_set: &[&Path] = &[];
    for set in std::iter::once(None).chain(sets.iter().map(Some)) {
        let files = |chart: &Path| set.map(|set| chart.join(set)).into_iter().collect::<Vec<PathBuf>>();
        let render = |chart: &Path| {
            let files = files(chart);
            let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
            rendered(chart, if files.is_empty() { no_set } else { &files })
        };
        all_said(&render(original), &render(&chart), &said)?;
    }
    let before = texts(&chart);
    let (code_again, said_again) = fix(&chart, flags);
    if texts(&chart) != before || code_again != code || said_again.contains(" set to ") {
        return Err(format!("mending again changes it\n{said}\n{said_again}"));
    }
    untouched_lines_stay(original, &chart)
}

/// Lines may go, come and change, but their order stays and most of them are as they were.
fn untouched_lines_stay(original: &Path, chart: &Path) -> Result<(), String> {
    for (name, before) in texts(original) {
        let after = texts(chart).into_iter().find(|(own, _)| *own == name).map(|(_, text)| text);
        let after = after.ok_or_else(|| format!("{name} is gone"))?;
        let comments = |text: &str| text.matches('#').count();
        if comments(&after) + 1 < comments(&before) {
            return Err(format!("comments of {name} are gone"));
        }
        let kept = before.lines().filter(|line| after.lines().any(|other| other == *line)).count();
        if kept * 2 < before.lines().count() {
            return Err(format!("{name} is written anew"));
        }
    }
    Ok(())
}

/// Runs `fix` on a chart; gives the exit code and what is said.
fn fix(chart: &Path, flags: &[&str]) -> (u8, String) {
    let words = ["plimsoll", "fix"].into_iter().map(OsString::from);
    let words = words.chain([chart.as_os_str().to_owned()]).chain(flags.iter().map(OsString::from));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = cli::run(&words.collect::<Vec<_>>(), &mut out, &mut err);
    (code, String::from_utf8_lossy(&err).into_owned())
}

/// The objects that a chart renders to with values files over its own.
fn rendered(chart: &Path, files: &[&Path]) -> Vec<Value> {
    let mut words: Vec<OsString> = ["plimsoll", "template", "mini-service"].map(OsString::from).to_vec();
    words.push(chart.as_os_str().to_owned());
    words.push("--include-crds".into());
    for file in files {
        words.extend(["-f".into(), file.as_os_str().to_owned()]);
    }
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = cli::run(&words, &mut out, &mut err);
    assert_eq!(code, 0, "{}", String::from_utf8_lossy(&err));
    yaml::parse_all(&out).unwrap().iter().map(yaml::Node::to_json).collect()
}

/// Every field in which two renderings differ is in a line of what was said.
fn all_said(before: &[Value], after: &[Value], said: &str) -> Result<(), String> {
    if before.len() != after.len() {
        return Err(format!("{} objects instead of {}\n{said}", after.len(), before.len()));
    }
    for (before, after) in before.iter().zip(after) {
        let object = format!("{}/{}", text(&before["kind"]), text(&before["metadata"]["name"]));
        let mut changed = Vec::new();
        differences(before, after, "", &mut changed);
        for path in changed {
            let is_of = |told: &str| path.starts_with(told) || told.starts_with(&path);
            let told = said.lines().filter_map(|line| line.split_once(&format!(": {object} ")));
            let mut told = told.filter_map(|(_, rest)| rest.split(' ').next());
            if !told.any(is_of) {
                return Err(format!("{object} {path} differs and nobody said so\n{said}"));
            }
        }
    }
    Ok(())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The paths of the fields in which two values differ, as findings name them.
fn differences(before: &Value, after: &Value, path: &str, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(one), Value::Object(other)) => {
            let dot = if path.is_empty() { "" } else { "." };
            for key in one.keys().chain(other.keys().filter(|key| !one.contains_key(*key))) {
                let (one, other) =
                    (one.get(key).unwrap_or(&Value::Null), other.get(key).unwrap_or(&Value::Null));
                differences(one, other, &format!("{path}{dot}{key}"), found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (at, (one, other)) in one.iter().zip(other).enumerate() {
                let name = one["name"].as_str().map_or_else(|| at.to_string(), str::to_owned);
                differences(one, other, &format!("{path}[{name}]"), found);
            }
        }
        _ if before != after => found.push(path.to_owned()),
        _ => {}
    }
}

/// The files below a folder that are text, by name.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let text = |(name, bytes)| Some((name, String::from_utf8(bytes).ok()?));
    files(folder).into_iter().filter_map(text).collect()
}

/// The files below a folder, by name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                files.push((name, fs::read(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// A copy of a folder.
fn copied(from: &Path, into: &Path) -> std::io::Result<PathBuf> {
    let to = into.join("chart");
    for (name, bytes) in files(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap_or(into))?;
        fs::write(path, bytes)?;
    }
    Ok(to)
}
