//! `dependency`: what a chart depends on and whether it is there, as `helm dependency list` tells it.

use clap::{Args as ClapArgs, Subcommand};

use crate::chart::{self, Chart, Dependency};
use crate::cli::args::access::AccessArgs;
use crate::cli::args::count::check_count;
use crate::cli::args::{KeyringArg, Switch, number};
use crate::cli::context::{Context, Done};
use crate::cli::environment::times;
use crate::cli::error::Error;
use crate::fetch::dependencies::Dependencies;
use crate::fetch::provenance::Proof;
use crate::go::strconv::quote;
use crate::go::{path, raw, semver};

/// Manage a chart's dependencies
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the dependencies for the given chart
    #[command(alias = "ls")]
    List {
        /// The chart, this folder if none is given: a folder or an archive
        #[arg(value_name = "CHART")]
        charts: Vec<String>,
        /// Maximum column width for output table
        #[arg(long, default_value_t = 80, value_name = "N", value_parser = number::unsigned)]
        max_col_width: u64,
    },
    /// Update charts/ based on the contents of Chart.yaml
    #[command(alias = "up")]
    Update(Box<FetchArgs>),
    /// Rebuild the charts/ directory based on the Chart.lock file
    Build(Box<FetchArgs>),
}

#[derive(ClapArgs, Debug)]
struct FetchArgs {
    /// The folder of the chart
    #[arg(default_value = ".")]
    chart: String,
    /// Do not refresh the local repository cache
    #[arg(long)]
    skip_refresh: Switch,
    /// Verify the packages against signatures; `build` only where there are some
    #[arg(long)]
    verify: Switch,
    #[command(flatten)]
    keyring: KeyringArg,
    #[command(flatten)]
    access: AccessArgs,
}

impl Args {
    /// Helm: action/dependency.go `List`.
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let (charts, max_col_width) = match &self.what {
            What::List { charts, max_col_width } => (charts, max_col_width),
            What::Update(args) => return args.fetch(context, false),
            What::Build(args) => return args.fetch(context, true),
        };
        check_count(charts, 0..=1, "dependency list CHART")?;
        let folder = path::clean(charts.first().map_or(".", String::as_str));
        let chart = context.loaded(chart::load_any_version(raw::path(&folder)))?;
        context.log(&chart.warnings);
        if chart.metadata.dependencies.is_none() {
            let charts = path::join(&[&folder, "charts"]);
            let told = format!("WARNING: no dependencies at {charts}\n");
            context.out.write_all(&raw::bytes(&told))?;
            return Ok(Done::Clean);
        }
        let mut rows = vec![["NAME", "VERSION", "REPOSITORY", "STATUS"].map(str::to_owned)];
        rows.extend(chart.metadata.dependencies().iter().map(|it| {
            let status = status(&folder, it, &chart);
            [it.name.clone(), it.version.clone(), it.repository.clone(), status.to_owned()]
        }));
        writeln!(context.out, "{}\n", table(&rows, usize::try_from(*max_col_width).unwrap_or(usize::MAX)))?;
        for line in strangers(&folder, chart.metadata.dependencies()) {
            writeln!(context.out, "{line}")?;
        }
        Ok(Done::Clean)
    }
}

impl FetchArgs {
    /// Brings what the lock names, or chooses anew.
    fn fetch(&self, context: &mut Context, locked: bool) -> Result<Done, Error> {
        let fetcher = self.access.source().fetcher(context.globals);
        let folder = &path::clean(&self.chart);
        let times = times()?;
        let skip_refresh = self.skip_refresh.is_on();
        let proof = match (self.verify.is_on(), locked) {
            (false, _) => Proof::Never,
            (true, true) => Proof::IfPossible(self.keyring.path()),
            (true, false) => Proof::Always(self.keyring.path()),
        };
        let fetcher = &fetcher;
        context.telling(|listener| {
            let mut dependencies = Dependencies { fetcher, folder, skip_refresh, times, proof, listener };
            if locked { dependencies.build() } else { dependencies.update() }
        })?;
        Ok(Done::Clean)
    }
}

/// gosuri/uitable: columns as wide as their widest cell, a tab between them.
fn table<const N: usize>(rows: &[[String; N]], limit: usize) -> String {
    let width = |text: &str| text.chars().count();
    let widths: Vec<usize> = (0..N)
        .map(|column| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0))
        .map(|widest| if limit == 0 { widest } else { widest.min(limit) })
        .collect();
    let cell = |text: &str, wanted: usize| {
        if width(text) > wanted {
            // The cell keeps at least one character, however narrow the column.
            let kept: String = text.chars().take(wanted.saturating_sub(3).max(1)).collect();
            return format!("{kept}...");
        }
        format!("{text:wanted$}")
    };
    let line = |row: &[String; N]| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(text, wanted)| cell(text, *wanted)).collect();
        cells.join("\t")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Helm: action/dependency.go `dependencyStatus`.
fn status(folder: &str, dependency: &Dependency, parent: &Chart) -> &'static str {
    let archives = match archives(folder, &dependency.name) {
        Ok(archives) => archives,
        Err(path::BadPattern) => return "bad pattern",
    };
    let prefix = format!("{}-", dependency.name);
    let has_version = |archive: &&String| {
        let base = path::base(archive).trim_end_matches(".tgz");
        semver::Version::parse_strict(base.strip_prefix(&prefix).unwrap_or(base)).is_ok()
    };
    let candidates: Vec<&String> = match &archives[..] {
        [one] => vec![one],
        many => many.iter().filter(has_version).collect(),
    };
    match &candidates[..] {
        [] => {}
        [one] => return archive_status(one, dependency),
        _ => return "too many matches",
    }
    match parent.dependencies.iter().rfind(|chart| chart.name() == dependency.name) {
        None => "missing",
        Some(chart) => version_complaint(chart, dependency).unwrap_or("unpacked"),
    }
}

/// The archives in `charts/` whose names begin like the dependency's.
fn archives(folder: &str, name: &str) -> Result<Vec<String>, path::BadPattern> {
    let pattern = format!("{name}-*.tgz");
    let mut found = Vec::new();
    for entry in listing(folder) {
        if path::matches(&pattern, &*raw::bytes(path::base(&entry)))? {
            found.push(entry);
        }
    }
    Ok(found)
}

/// What is in `charts/`, sorted.
fn listing(folder: &str) -> Vec<String> {
    let charts = path::join(&[folder, "charts"]);
    let entries = std::fs::read_dir(raw::path(&charts)).into_iter().flatten().flatten();
    let names = entries.map(|entry| raw::of_path(&entry.file_name()).into_owned());
    let mut paths: Vec<String> = names.map(|name| path::join(&[&charts, &name])).collect();
    paths.sort_unstable_by(|a, b| raw::compare(a, b));
    paths
}

/// Helm: action/dependency.go `statArchiveForStatus`.
fn archive_status(archive: &str, dependency: &Dependency) -> &'static str {
    match chart::load_any_version(raw::path(archive)) {
        Err(_) => "corrupt",
        Ok(chart) if chart.name() != dependency.name => "misnamed",
        Ok(chart) => version_complaint(&chart, dependency).unwrap_or("ok"),
    }
}

fn version_complaint(chart: &Chart, dependency: &Dependency) -> Option<&'static str> {
    if chart.metadata.version == dependency.version {
        return None;
    }
    let wanted = semver::Constraints::parse(&dependency.version);
    let given = semver::Version::parse(&chart.metadata.version);
    match (wanted, given) {
        (Ok(wanted), Ok(given)) => (!wanted.check(&given)).then_some("wrong version"),
        _ => Some("invalid version"),
    }
}

/// Warnings about what is in `charts/` and not among the dependencies. Helm: action/dependency.go `printMissing`.
fn strangers(folder: &str, dependencies: &[Dependency]) -> Vec<String> {
    let charts = listing(folder).into_iter();
    let charts = charts.filter(|entry| raw::path(entry).is_dir() || path::ext(entry) == ".tgz");
    charts
        .filter_map(|entry| match chart::load_any_version(raw::path(&entry)) {
            Err(_) => Some(format!("WARNING: {} is not a chart.", quote(raw::bytes(&entry)))),
            Ok(chart) if dependencies.iter().all(|it| it.name != chart.name()) => {
                Some(format!("WARNING: {} is not in Chart.yaml.", quote(raw::bytes(&entry))))
            }
            Ok(_) => None,
        })
        .collect()
}
