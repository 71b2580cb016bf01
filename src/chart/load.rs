//! Loading: from a folder, an archive or files in memory to a [`Chart`], in Helm's order and with Helm's errors.
//! Helm: pkg/chart/loader and pkg/chart/v2/loader.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::rc::Rc;

use crate::budget;
use crate::files;
use crate::go::{path, raw, slog};
use crate::helm::HelmVersion;
use crate::value::{Map, Value};
use crate::yaml::{self, Documents};

use super::archive::{load_archive_files, load_some_archive_files};
use super::{BufferedFile, Chart, Error, ErrorKind, File, Metadata, decode, folder};

/// Charts nested deeper than this are refused, so that a chart cannot exhaust the stack.
const MAX_DEPTH: usize = 200;

/// The chart in a folder or an archive, as `helm template` loads it: `apiVersion` is looked at first.
/// Helm: `loader.Load` of pkg/chart/loader.
pub fn load(path: impl AsRef<Path>) -> Result<Chart, Error> {
    load_as(path, HelmVersion::Helm4)
}

/// The same, with the values that this Helm reads.
pub fn load_as(path: impl AsRef<Path>, helm: HelmVersion) -> Result<Chart, Error> {
    let path = path.as_ref();
    if is_folder(path)? {
        let absolute = std::path::absolute(path).map_err(|error| folder::io_error("stat", path, &error))?;
        let file = absolute.join("Chart.yaml");
        let text = files::read(&file).map_err(|error| {
            let context = format!("unable to detect chart at {}", raw::shown_path(&file));
            folder::io_error("open", &file, &error).of_kind(ErrorKind::NoChart).while_doing(context)
        })?;
        return of_version(&text, || load_folder(path, helm));
    }
    let mut archive = folder::open_archive(path)?;
    let name = raw::shown_path(path).into_owned();
    let files = load_archive_files(&mut archive).map_err(|error| {
        if error.kind == ErrorKind::NoArchive {
            return not_a_chart(&name, &error);
        }
        Error::new(error.kind, "unable to load chart archive").because(&error)
    })?;
    let Some(file) = files.iter().find(|file| file.name == "Chart.yaml") else {
        return Err(Error::new(ErrorKind::NoChart, "unable to detect chart version, no Chart.yaml found"));
    };
    let text = file.data.clone();
    of_version(&text, || load_files_as(files, helm))
}

/// The chart in a folder or an archive, as `helm show`, `lint` and `dependency` load it.
/// Helm: `loader.Load` of pkg/chart/v2/loader.
pub fn load_any_version(path: impl AsRef<Path>) -> Result<Chart, Error> {
    let path = path.as_ref();
    if is_folder(path)? {
        return load_folder(path, HelmVersion::Helm4);
    }
    let archive = folder::open_archive(path)?;
    load_archive(archive).map_err(|error| match error.kind {
        ErrorKind::NoArchive => not_a_chart(&raw::shown_path(path), &error),
        _ => error,
    })
}

/// The chart in an archive that is read from a stream. Helm: `loader.LoadArchive`.
pub fn load_archive(input: impl Read) -> Result<Chart, Error> {
    load_files(load_archive_files(input)?)
}

/// The metadata of the chart in an archive, with what `requirements.yaml` adds. The rest of the archive is looked through
/// and not kept, however large it is.
pub fn load_metadata(path: &Path) -> Result<Metadata, Error> {
    let archive = folder::open_archive(path)?;
    let files = load_some_archive_files(archive, |name| ["Chart.yaml", "requirements.yaml"].contains(&name));
    load_files(files?).map(|chart| chart.metadata)
}

/// The chart in files, given in the order in which Helm reads them. Helm: `loader.LoadFiles`.
pub fn load_files(files: Vec<BufferedFile>) -> Result<Chart, Error> {
    load_files_as(files, HelmVersion::Helm4)
}

/// The same, with the values that this Helm reads.
pub fn load_files_as(files: Vec<BufferedFile>, helm: HelmVersion) -> Result<Chart, Error> {
    let mut chart = assemble(files, "", 0, helm)?;
    place(&mut chart, None);
    Ok(chart)
}

/// A chart again, with other texts for some of its files, by their paths below it; those that it has not are added.
pub fn load_changed(chart: &Chart, mut changed: BTreeMap<&str, Rc<[u8]>>) -> Result<Chart, Error> {
    let file = |file: &File| {
        let data = changed.remove(file.name.as_str()).unwrap_or_else(|| Rc::clone(&file.data));
        BufferedFile { name: file.name.clone(), data, modified: file.modified }
    };
    let mut files: Vec<BufferedFile> = chart.raw.iter().map(file).collect();
    let added =
        changed.into_iter().map(|(name, data)| BufferedFile { name: name.to_owned(), data, modified: 0 });
    files.extend(added);
    let mut changed = load_files_as(files, chart.helm)?;
    if let Some(folder) = &chart.folder {
        found_in(&mut changed, folder);
    }
    Ok(changed)
}

fn load_folder(path: &Path, helm: HelmVersion) -> Result<Chart, Error> {
    let (files, log) = folder::files(path)?;
    match load_files_as(files, helm) {
        Ok(mut chart) => {
            found_in(&mut chart, path);
            chart.warnings.splice(..0, log);
            Ok(chart)
        }
        Err(error) => Err(error.after(log)),
    }
}

fn is_folder(path: &Path) -> Result<bool, Error> {
    fs::metadata(path).map(|it| it.is_dir()).map_err(|error| folder::io_error("stat", path, &error))
}

fn not_a_chart(name: &str, error: &Error) -> Error {
    let message = format!("file '{name}' does not appear to be a valid chart file (details: {error})");
    Error::new(ErrorKind::NoArchive, message)
}

/// Loads a chart of `v1` or `v2`; Helm loads `v3`, too, but does not render it.
fn of_version(text: &[u8], load: impl FnOnce() -> Result<Chart, Error>) -> Result<Chart, Error> {
    let version = decode::api_version(text)
        .map_err(|error| error.while_doing("cannot load Chart.yaml").in_file("Chart.yaml"))?;
    let fault = |message: &str| Err(Error::new(ErrorKind::Metadata, message).in_file("Chart.yaml"));
    match version.as_str() {
        "" | "v1" | "v2" => load(),
        "v3" => load().and_then(|_| fault("invalid chart apiVersion")),
        _ => fault("unsupported chart version"),
    }
}

/// Sorts files into a chart, then loads the charts below `charts/`. Helm: `LoadFiles`.
fn assemble(files: Vec<BufferedFile>, dir: &str, depth: usize, helm: HelmVersion) -> Result<Chart, Error> {
    if depth > MAX_DEPTH {
        let message = format!("charts are nested more than {MAX_DEPTH} deep");
        return Err(Error::new(ErrorKind::Archive, message));
    }
    let mut chart = Chart { dir: dir.to_owned(), helm, ..Chart::default() };
    match fill(&mut chart, files, depth) {
        Ok(()) => Ok(chart),
        Err(error) => Err(error.after(chart.warnings)),
    }
}

fn fill(chart: &mut Chart, files: Vec<BufferedFile>, depth: usize) -> Result<(), Error> {
    let dir = chart.dir.clone();
    let mut metadata = read_metadata(&files)?;
    let mut below: BTreeMap<String, Vec<BufferedFile>> = BTreeMap::new();
    for file in files {
        chart.raw.push(as_file(&file));
        sort_file(file, chart, &mut metadata, &mut below)?;
    }
    let missing = || Error::new(ErrorKind::NoChart, "Chart.yaml file is missing").in_file("Chart.yaml");
    chart.metadata = metadata.ok_or_else(missing)?;
    if let Err(message) = chart.metadata.validate() {
        return Err(Error::new(ErrorKind::Metadata, format!("validation: {message}")).in_file("Chart.yaml"));
    }
    // Helm walks a Go map here, so that its order differs from run to run; ours is by name.
    for (name, files) in below {
        if name.starts_with(['_', '.']) {
            continue;
        }
        let folder = path::join(&[&dir, "charts", &name]);
        let dependency = load_dependency(&name, files, &folder, chart, depth)?;
        chart.warnings.extend(dependency.warnings.iter().cloned());
        chart.dependencies.push(dependency);
    }
    Ok(())
}

fn read_metadata(files: &[BufferedFile]) -> Result<Option<Metadata>, Error> {
    let mut metadata = None;
    for file in files.iter().filter(|file| file.name == "Chart.yaml") {
        let metadata: &mut Metadata = metadata.get_or_insert_default();
        decode::metadata(&file.data, metadata).map_err(|error| cannot_load(&file.name, error))?;
        if metadata.api_version.is_empty() {
            "v1".clone_into(&mut metadata.api_version);
        }
    }
    Ok(metadata)
}

fn sort_file(
    file: BufferedFile,
    chart: &mut Chart,
    metadata: &mut Option<Metadata>,
    below: &mut BTreeMap<String, Vec<BufferedFile>>,
) -> Result<(), Error> {
    let wrong = |error| cannot_load(&file.name, error);
    match file.name.as_str() {
        "Chart.yaml" => {}
        "Chart.lock" => chart.lock = Some(decode::lock(&file.data).map_err(wrong)?),
        "values.yaml" => chart.values = load_values(&file.data, chart.helm).map_err(wrong)?,
        "values.schema.json" => chart.schema = Some(file.data.clone()),
        "requirements.yaml" => {
            let metadata = metadata.get_or_insert_default();
            let old = metadata.api_version == "v1";
            if !old {
                chart.warnings.push(slog::Line::info(DEPENDENCIES_MOVED, &[]));
            }
            decode::metadata(&file.data, metadata).map_err(wrong)?;
            if metadata.api_version == "v1" {
                chart.files.push(as_file(&file));
            }
        }
        "requirements.lock" => {
            chart.lock = Some(decode::lock(&file.data).map_err(wrong)?);
            if metadata.get_or_insert_default().api_version == "v1" {
                chart.files.push(as_file(&file));
            } else {
                chart.warnings.push(slog::Line::info(LOCK_MOVED, &[]));
            }
        }
        name if name.starts_with("templates/") => chart.templates.push(as_file(&file)),
        name if name.starts_with("charts/") && path::ext(name) != ".prov" => {
            let name = &name["charts/".len()..];
            let folder = name.split('/').next().unwrap_or_default().to_owned();
            let inside = BufferedFile { name: name.to_owned(), ..file };
            below.entry(folder).or_default().push(inside);
        }
        _ => chart.files.push(as_file(&file)),
    }
    Ok(())
}

const DEPENDENCIES_MOVED: &str = "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". We recommend migrating dependencies to Chart.yaml.";
const LOCK_MOVED: &str = "Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\". We recommend migrating to Chart.lock.";

/// The chart in a folder or archive of `charts/`, whose name is the first element of its files' names.
fn load_dependency(
    name: &str,
    files: Vec<BufferedFile>,
    dir: &str,
    parent: &Chart,
    depth: usize,
) -> Result<Chart, Error> {
    let loaded = if path::ext(name) == ".tgz" {
        match files.first() {
            Some(file) if file.name != name => {
                let message = format!(
                    "error unpacking subchart tar in {}: expected {name}, got {}",
                    parent.name(),
                    file.name
                );
                return Err(Error::new(ErrorKind::Archive, message).in_file(dir));
            }
            Some(file) => load_archive_files(&file.data[..])
                .and_then(|files| assemble(files, dir, depth + 1, parent.helm)),
            None => return Err(Error::new(ErrorKind::Archive, "EOF").in_file(dir)),
        }
    } else {
        let inner = files.into_iter().filter_map(|file| {
            let name = file.name.split_once('/')?.1.to_owned();
            Some(BufferedFile { name, ..file })
        });
        assemble(inner.collect(), dir, depth + 1, parent.helm)
    };
    loaded.map_err(|error| {
        let error = if error.file.as_ref().is_some_and(|file| file.starts_with(dir)) {
            error
        } else {
            error.below(dir)
        };
        error.while_doing(format!("error unpacking subchart {name} in {}", parent.name()))
    })
}

/// Notes of a chart and its dependencies where they lie.
fn found_in(chart: &mut Chart, folder: &Path) {
    chart.folder = Some(folder.to_owned());
    chart.dependencies.iter_mut().for_each(|dependency| found_in(dependency, folder));
}

/// Gives each chart its full path.
fn place(chart: &mut Chart, parent: Option<&str>) {
    chart.is_root = parent.is_none();
    let name = raw::text(chart.name().as_bytes());
    chart.full_path = match parent {
        Some(parent) => format!("{parent}/charts/{name}"),
        None => name.into_owned(),
    };
    let own = chart.full_path.clone();
    chart.dependencies.iter_mut().for_each(|dependency| place(dependency, Some(&own)));
}

fn as_file(file: &BufferedFile) -> File {
    File { name: file.name.clone(), data: file.data.clone(), modified: file.modified }
}

fn cannot_load(name: &str, error: Error) -> Error {
    error.while_doing(format!("cannot load {name}")).in_file(name)
}

/// The values of every document of a text, later ones over earlier ones; to Helm 3 those of the first, whatever follows it.
/// Helm: `loader.LoadValues`; v3 `loader.LoadFiles`.
pub fn load_values(text: &[u8], helm: HelmVersion) -> Result<Map, Error> {
    if helm == HelmVersion::Helm3 {
        return yaml::map_from_str(text).map_err(|error| Error::from(error).in_text(text));
    }
    let documents = Documents::split(text);
    let values = Map::new();
    for (document, range) in documents.iter().zip(&documents.ranges) {
        let map = yaml::map_from_str(document).map_err(|error| {
            let line = error.line().map(|line| line + documents.lines_before(range.start));
            let error = Error::new(ErrorKind::Yaml, error.to_string());
            error.while_doing("cannot unmarshal yaml document").at_line(line).in_text(text)
        })?;
        lay_over(&values, &map, &|_, over| over);
    }
    match documents.error {
        None => Ok(values),
        Some(error) => Err(Error::new(ErrorKind::Yaml, error.to_string())
            .while_doing("error reading yaml document")
            .at_line(Some(error.line))
            .in_text(text)),
    }
}

/// Units of work for an entry of a map that is merged with another.
const MERGED: u64 = 10;

/// Lays the second map over the first, which nobody else may hold yet, and leaves the maps in both as they are. What becomes
/// of a value that is put in place of another, the function says. Helm: `loader.MergeMaps`.
pub fn lay_over(values: &Map, over: &Map, replace: &dyn Fn(&Value, Value) -> Value) {
    // Whoever reads the next text hears of it.
    if budget::spend(MERGED * over.len() as u64).is_err() {
        return;
    }
    for (key, value) in over.entries() {
        let value = match (values.get(&key), value) {
            (Some(Value::Map(under)), Value::Map(over)) => {
                let _ = budget::spend(MERGED * under.len() as u64);
                let both: Map = under.entries().into_iter().collect();
                lay_over(&both, &over, replace);
                Value::Map(both)
            }
            (Some(under), over) => replace(&under, over),
            (None, value) => value,
        };
        values.insert(key, value);
    }
}
