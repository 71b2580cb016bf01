//! From the words of the command line to charts: a folder, an archive, any file inside a chart, as pre-commit hands them
//! over, a folder with charts below it, or a pattern that the shell left alone. Each chart is judged once; values files that
//! were named come with their chart.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::files;
use crate::go::path::matches as is_match;
use crate::go::raw;
use crate::system;

/// A chart that words mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Where it is, as the user would type it; what was typed, where there is no chart.
    pub(crate) path: PathBuf,
    /// The values files of it that were named, as they were.
    pub(crate) values: Vec<PathBuf>,
    /// Why there is no chart, where that is known better than by trying to load it.
    pub(crate) missing: Option<String>,
}

/// The charts that the words mean, in the order in which they first appear, and how many library charts were passed over.
pub(crate) fn charts(words: &[String]) -> (Vec<Found>, usize) {
    let mut search = Search::default();
    for word in words {
        search.word(word);
    }
    (search.found, search.libraries)
}

#[derive(Default)]
struct Search {
    found: Vec<Found>,
    by_identity: HashMap<PathBuf, usize>,
    libraries: usize,
}

impl Search {
    fn word(&mut self, word: &str) {
        let path = &*raw::path(word);
        if !path.exists() && word.contains(['*', '?', '[']) && !word.contains("://") {
            let matches = expand(word);
            // What a pattern brings besides charts is not what was meant.
            let is_meant = |path: &&PathBuf| is_chart(path) || is_archive(path) || path.is_dir();
            let meant: Vec<&PathBuf> = matches.iter().filter(is_meant).collect();
            if meant.is_empty() {
                let what = if matches.is_empty() { "nothing" } else { "no chart" };
                self.miss(path, format!("{what} matches {word}"));
            }
            for path in meant {
                self.path(path);
            }
            return;
        }
        self.path(path);
    }

    fn path(&mut self, path: &Path) {
        if is_chart(path) || is_archive(path) || !path.exists() {
            return self.add(path.to_owned(), None);
        }
        if let Some(chart) = chart_above(path) {
            let values = is_values(path, &chart).then(|| path.to_owned());
            return self.add(chart, values);
        }
        if !path.is_dir() {
            return self.add(path.to_owned(), None);
        }
        self.below(path);
    }

    /// The charts below a folder. Subcharts belong to the chart above them, library charts to those that use them.
    fn below(&mut self, folder: &Path) {
        let before = (self.found.len(), self.libraries);
        let is_seen = |entry: &DirEntry| {
            let name = entry.file_name().to_string_lossy();
            entry.depth() == 0 || !(name.starts_with('.') || name == "node_modules")
        };
        let mut walk = WalkDir::new(folder).sort_by_file_name().into_iter();
        while let Some(entry) = walk.next() {
            let Ok(entry) = entry else { continue };
            if entry.file_type().is_dir() && !is_seen(&entry) {
                walk.skip_current_dir();
                continue;
            }
            if !entry.file_type().is_dir() || !is_chart(entry.path()) {
                continue;
            }
            walk.skip_current_dir();
            if is_library(entry.path()) {
                self.libraries += 1;
                continue;
            }
            let path = entry.path().strip_prefix("./").unwrap_or(entry.path());
            self.add(path.to_owned(), None);
        }
        if before == (self.found.len(), self.libraries) {
            self.miss(folder, format!("there is no chart at {} or below it", folder.display()));
        } else if before.0 == self.found.len() && self.libraries > before.1 {
            self.miss(folder, format!("there are only library charts below {}", folder.display()));
        }
    }

    fn add(&mut self, path: PathBuf, values: Option<PathBuf>) {
        let (path, values) = (system::with_slashes(path), values.map(system::with_slashes));
        let identity = path.canonicalize().unwrap_or_else(|_| path.clone());
        let at = *self.by_identity.entry(identity).or_insert_with(|| {
            self.found.push(Found { path, ..Found::default() });
            self.found.len() - 1
        });
        let found = &mut self.found[at];
        found.values.extend(values.filter(|file| !found.values.contains(file)));
    }

    fn miss(&mut self, path: &Path, why: String) {
        let path = system::with_slashes(path.to_owned());
        self.found.push(Found { path, values: Vec::new(), missing: Some(why) });
    }
}

/// The chart that a path belongs to; the path itself where it belongs to none, for the error to name it.
pub(crate) fn chart_of(path: &Path) -> PathBuf {
    let elsewhere = path.to_str().is_some_and(|text| text.contains("://"));
    if elsewhere || is_chart(path) || is_archive(path) {
        return path.to_owned();
    }
    chart_above(path).unwrap_or_else(|| path.to_owned())
}

/// The chart in which a file or folder lies, a subchart's parent instead of the subchart. A chart above the root of the
/// repository is none.
fn chart_above(path: &Path) -> Option<PathBuf> {
    let mut chart = above(path).find(|folder| is_chart(folder))?;
    // A file of a subchart belongs to the chart that brings it.
    while let Some(parent) = parent_chart(&chart) {
        chart = parent;
    }
    Some(chart)
}

/// The folders above a path as one would type them: `a/b`, `a`, `.`, `..`.
fn above(path: &Path) -> impl Iterator<Item = PathBuf> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let depth = absolute.components().count().saturating_sub(1);
    let mut current = path.to_owned();
    let mut is_root = current.join(".git").exists();
    std::iter::from_fn(move || {
        if is_root {
            return None;
        }
        let ends_above =
            current.as_os_str().is_empty() || current == Path::new(".") || current.ends_with("..");
        current = match current.parent() {
            _ if ends_above && (current.as_os_str().is_empty() || current == Path::new(".")) => "..".into(),
            _ if ends_above => current.join(".."),
            Some(parent) if parent.as_os_str().is_empty() => ".".into(),
            Some(parent) => parent.to_owned(),
            None => return None,
        };
        is_root = current.join(".git").exists();
        Some(current.clone())
    })
    .take(depth)
}

/// The chart in whose `charts/` this one lies.
fn parent_chart(chart: &Path) -> Option<PathBuf> {
    let folder = chart.parent().filter(|folder| folder.file_name().is_some_and(|name| name == "charts"))?;
    let parent = folder.parent()?;
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    is_chart(parent).then(|| parent.to_owned())
}

/// Whether a file of a chart holds values: not the chart's own, which are always used, nor what is read otherwise.
fn is_values(file: &Path, chart: &Path) -> bool {
    let Ok(name) = file.strip_prefix(chart) else {
        // `.` as the chart is no prefix.
        return chart == Path::new(".") && !file.starts_with("..") && is_values_name(file);
    };
    is_values_name(name)
}

fn is_values_name(name: &Path) -> bool {
    let is_yaml = name.extension().is_some_and(|end| end == "yaml" || end == "yml");
    let Some(folder) = name.parent() else { return false };
    let file = name.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let is_read_otherwise = matches!(file.as_str(), "Chart.yaml" | "values.yaml" | "requirements.yaml");
    let folder = folder.components().next().map(|first| first.as_os_str().to_string_lossy().into_owned());
    let says_values = name.to_string_lossy().contains("values");
    let place = match folder.as_deref() {
        None => true,
        Some("templates" | "crds" | "charts") => false,
        Some(folder) => says_values || folder == "ci" || folder.starts_with("env"),
    };
    is_yaml && place && !is_read_otherwise && !file.starts_with('.')
}

pub(crate) fn is_chart(folder: &Path) -> bool {
    folder.join("Chart.yaml").is_file()
}

fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("tgz") || end.eq_ignore_ascii_case("gz"))
}

/// Whether the chart only offers templates to others, as its `Chart.yaml` says at the start of a line.
fn is_library(chart: &Path) -> bool {
    let text = files::read_to_string(&chart.join("Chart.yaml")).unwrap_or_default();
    let kind = text.lines().find_map(|line| line.strip_prefix("type:"));
    kind.is_some_and(|kind| kind.trim().trim_matches(['"', '\'']).eq_ignore_ascii_case("library"))
}

/// What a pattern matches: `*`, `?` and `[…]` in a name, and `**` for any folders.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let absolute = pattern.starts_with('/');
    let mut paths = vec![PathBuf::from(if absolute { "/" } else { "" })];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        paths = paths.iter().flat_map(|path| matches(path, part)).collect();
    }
    paths.sort();
    paths.dedup();
    paths
}

/// The paths that a part of a pattern means below a path.
fn matches(path: &Path, part: &str) -> Vec<PathBuf> {
    if !part.contains(['*', '?', '[']) {
        let path = path.join(raw::path(part));
        return if path.exists() { vec![path] } else { Vec::new() };
    }
    let folder = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    if part == "**" {
        let is_seen =
            |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
        let walk = WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_seen).flatten();
        let folders = walk.filter(|entry| entry.file_type().is_dir());
        return folders
            .map(|entry| match entry.path().strip_prefix("./") {
                Ok(path) => path.to_owned(),
                Err(_) if entry.depth() == 0 => path.to_owned(),
                Err(_) => entry.into_path(),
            })
            .collect();
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| raw::of_path(&entry.file_name()).into_owned());
    let is_wanted = |name: &String| {
        (part.starts_with('.') || !name.starts_with('.'))
            && is_match(&*raw::bytes(part), &*raw::bytes(name)).unwrap_or(false)
    };
    names.filter(is_wanted).map(|name| path.join(raw::path(&name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with charts of these names, and a word in it.
    fn folder(charts: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for chart in charts {
            std::fs::create_dir_all(folder.path().join(chart).join("templates")).unwrap();
            std::fs::write(folder.path().join(chart).join("Chart.yaml"), "").unwrap();
        }
        folder
    }

    fn found(root: &Path, words: &[&str]) -> Vec<String> {
        let words: Vec<String> = words.iter().map(|word| root.join(word).display().to_string()).collect();
        let told = |found: Found| {
            let path = found.path.strip_prefix(root).unwrap_or(&found.path).display().to_string();
            let values = found
                .values
                .iter()
                .map(|file| format!(" {}", file.strip_prefix(root).unwrap_or(file).display()));
            format!("{path}{}{}", values.collect::<String>(), if found.missing.is_some() { " -" } else { "" })
        };
        charts(&words).0.into_iter().map(told).collect()
    }

    #[test]
    fn files_lead_to_their_chart_once() {
        let folder = folder(&["web", "web/charts/redis"]);
        let root = folder.path();
        for name in ["values.yaml", "values-prod.yaml", "charts/redis/templates/a.yaml"] {
            std::fs::write(root.join("web").join(name), "").unwrap();
        }
        let words = ["web/values.yaml", "web/charts/redis/templates/a.yaml", "web", "none/a.yaml"];
        assert_eq!(found(root, &words), ["web", "none/a.yaml"]);
        assert_eq!(found(root, &["web/charts/redis"]), ["web/charts/redis"]);
        assert_eq!(found(root, &["web", "web/values-prod.yaml"]), ["web web/values-prod.yaml"]);
        assert_eq!(found(root, &["web/templates"]), ["web"]);
    }

    #[test]
    fn charts_are_found_below_a_folder_and_by_patterns() {
        let folder = folder(&["a/web", "a/web/charts/redis", "a/lib", "b/api", ".hidden/x"]);
        let root = folder.path();
        std::fs::write(root.join("a/lib/Chart.yaml"), "name: lib\ntype: library\n").unwrap();
        std::fs::create_dir_all(root.join("c/empty")).unwrap();
        assert_eq!(found(root, &[""]), ["a/web", "b/api"]);
        assert_eq!(found(root, &["*/w*", "b/?p[ij]"]), ["a/web", "b/api"]);
        assert_eq!(found(root, &["**/web"]), ["a/web"]);
        assert_eq!(found(root, &["c", "d*", "a/lib"]), ["c -", "d* -", "a/lib"]);
    }

    #[test]
    fn the_folders_above_are_typed_as_one_would() {
        let told: Vec<PathBuf> = above(Path::new("a/b")).take(4).collect();
        assert_eq!(told, ["a", ".", "..", "../.."].map(PathBuf::from)[..told.len()]);
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join(".git")).unwrap();
        assert_eq!(above(root.path()).count(), 0);
    }
}
