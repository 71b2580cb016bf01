//! [`Dependencies`]: what a chart depends on, chosen, locked and brought into `charts/`, as `helm dependency update` and
//! `build` do. Each index is fetched and read once; indexes and charts come in parallel; `charts/` and the lock change only
//! when everything is there.
//!
//! Source: Helm downloader/manager.go, internal/resolver/resolver.go. Read [`Dependencies::update`].

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;

use sha2::{Digest, Sha256};

use crate::chart::package::Times;
use crate::chart::{self, Chart, Dependency, Lock, lock_digest, old_lock_digest, package};
use crate::go::os::error_text;
use crate::go::path;
use crate::go::semver::{Constraints, Version};
use crate::go::slog;
use crate::go::strconv::quote;
use crate::oci::reference::{Reference, is_oci};
use crate::staged::{Staged, StagedFolder};

use super::Fetcher;
use super::index::{Index, Offer};
use super::locate::Located;
use super::provenance::Proof;
use super::repositories::{self, Entry, index_file, same_url};

/// What begins the names of repositories that a user did not name.
const UNNAMED: &str = "helm-manager-";
/// How many things are downloaded at once.
const PARALLEL: usize = 8;

/// The dependencies of the chart in a folder.
#[derive(Debug)]
pub struct Dependencies<'a> {
    /// What brings charts here.
    pub fetcher: &'a Fetcher,
    /// The chart's folder.
    pub folder: &'a str,
    /// Whether cached indexes are used as they are.
    pub skip_refresh: bool,
    /// The times of members of archives that are made of folders.
    pub times: Times,
    /// What is asked of the provenance of charts that are downloaded.
    pub proof: Proof,
}

/// A chart that is to be downloaded.
struct Wanted {
    name: String,
    repository: String,
    located: Located,
}

impl Dependencies<'_> {
    /// Chooses versions anew, brings the charts, writes the lock. Helm: `Manager.Update`.
    pub fn update(&self) -> Result<(), String> {
        let chart = self.load()?;
        let Some(mut wanted) = chart.metadata.dependencies.clone() else { return Ok(()) };
        let known = repositories::read(&self.fetcher.settings.repository_config)?;
        let mut names = self.repository_names(&mut wanted, &known)?;
        let unnamed = name_the_rest(&wanted, &mut names);
        if !self.skip_refresh {
            if !unnamed.is_empty() {
                self.fetcher.say("Getting updates for unmanaged Helm repositories...");
                self.refresh(&unnamed);
            }
            self.refresh_known(&known);
        }
        let mut locked = self.resolve(&wanted, &names)?;
        self.save(&mut locked, &known)?;
        let digest = lock_digest(Some(&wanted), &locked);
        if chart.lock.as_ref().is_some_and(|lock| lock.digest == digest) {
            return Ok(());
        }
        let now = jiff::Zoned::now().strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string();
        let generated = now.strip_suffix("+00:00").map_or(now.clone(), |time| format!("{time}Z"));
        let lock = Lock { generated, digest, dependencies: locked };
        self.write_lock(&lock, chart.metadata.api_version == "v1")
    }

    /// Brings the charts that the lock names; without a lock as [`Dependencies::update`]. Helm: `Manager.Build`.
    pub fn build(&self) -> Result<(), String> {
        let chart = self.load()?;
        let Some(lock) = &chart.lock else { return self.update() };
        let known = repositories::read(&self.fetcher.settings.repository_config)?;
        let mut wanted = chart.metadata.dependencies.clone();
        let old = old_lock_digest(wanted.as_deref());
        self.repository_names(wanted.as_deref_mut().unwrap_or_default(), &known)?;
        if lock_digest(wanted.as_deref(), &lock.dependencies) != lock.digest {
            self.check_old_lock(chart.metadata.api_version == "v1", old == lock.digest)?;
        }
        let missing: Vec<&str> = lock
            .dependencies
            .iter()
            .map(|it| it.repository.as_str())
            .filter(|url| {
                let elsewhere = url.is_empty() || url.starts_with("file://") || is_oci(url);
                !elsewhere && known.iter().all(|entry| !same_url(&entry.url, url))
            })
            .collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            return Err(format!(
                "no repository definition for {missing}. Please add the missing repos via 'helm repo add'"
            ));
        }
        if !self.skip_refresh {
            self.refresh_known(&known);
        }
        self.save(&mut lock.dependencies.clone(), &known)
    }

    /// A lock that does not fit may be one of Helm 2's.
    fn check_old_lock(&self, is_old: bool, fits: bool) -> Result<(), String> {
        if is_old {
            let text = "warning: a valid Helm v3 hash was not found. Checking against Helm v2 hash...";
            self.fetcher.warned.borrow_mut().push(slog::line("INFO", text, &[]));
            if fits {
                return Ok(());
            }
        }
        let (lock, file, advice) = match is_old {
            true => ("requirements.lock", "requirements.yaml", ""),
            false => ("Chart.lock", "Chart.yaml", " with 'helm dependency update'"),
        };
        Err(format!(
            "the lock file ({lock}) is out of sync with the dependencies file ({file}). Please update the dependencies{advice}"
        ))
    }

    fn load(&self) -> Result<Chart, String> {
        let folder = self.folder;
        let status = std::fs::metadata(folder)
            .map_err(|error| format!("could not find {folder}: stat {folder}: {}", error_text(&error)))?;
        if !status.is_dir() {
            return Err("only unpacked charts can be updated".to_owned());
        }
        chart::load_any_version(folder).map_err(|error| error.to_string())
    }

    /// The known repository of each dependency; aliases are put in their place. Helm: `resolveRepoNames`.
    fn repository_names(
        &self,
        wanted: &mut [Dependency],
        known: &[Entry],
    ) -> Result<BTreeMap<String, String>, String> {
        let (mut names, mut missing) = (BTreeMap::new(), Vec::new());
        for dependency in wanted.iter_mut().filter(|dependency| !dependency.repository.is_empty()) {
            let repository = dependency.repository.clone();
            if repository.starts_with("file://") {
                self.local_path(&repository)?;
                names.insert(dependency.name.clone(), repository);
                continue;
            }
            if is_oci(&repository) {
                names.insert(dependency.name.clone(), repository);
                continue;
            }
            let alias = repository.strip_prefix('@').or_else(|| repository.strip_prefix("alias:"));
            let entry = known.iter().find(|it| alias == Some(&it.name) || same_url(&it.url, &repository));
            match entry {
                Some(entry) => {
                    if alias.is_some() {
                        dependency.repository.clone_from(&entry.url);
                    }
                    names.insert(dependency.name.clone(), entry.name.clone());
                }
                None if repository.starts_with('/') || repository.contains("://") => {}
                None => missing.push(repository),
            }
        }
        if missing.is_empty() { Ok(names) } else { Err(unknown_repositories(&missing)) }
    }

    fn refresh_known(&self, known: &[Entry]) {
        if !known.is_empty() {
            self.fetcher.say("Hang tight while we grab the latest from your chart repositories...");
            self.refresh(known);
            self.fetcher.say("Update Complete. ⎈Happy Helming!⎈");
        }
    }

    /// Fetches the indexes of the repositories. One that cannot be had is told of, and the cached one serves.
    /// Helm: `parallelRepoUpdate`.
    fn refresh(&self, entries: &[Entry]) {
        let mut unique: Vec<&Entry> = Vec::new();
        for entry in entries {
            if unique.iter().all(|it| it.url.trim_end_matches('/') != entry.url.trim_end_matches('/')) {
                unique.push(entry);
            }
        }
        let (settings, access) = (&self.fetcher.settings, &self.fetcher.access);
        for some in unique.chunks(PARALLEL) {
            let fetched: Vec<Result<(Vec<u8>, Index), String>> = thread::scope(|scope| {
                let fetch = |entry: &Entry| {
                    let data = Fetcher::new(settings.clone(), access.clone()).download_index(entry)?;
                    let index = Index::parse(&data, &entry.url)?;
                    Ok((data, index))
                };
                let threads: Vec<_> = some.iter().map(|entry| scope.spawn(move || fetch(entry))).collect();
                threads.into_iter().map(joined).collect()
            });
            for (entry, fetched) in some.iter().zip(fetched) {
                self.keep_index(entry, fetched);
            }
        }
    }

    fn keep_index(&self, entry: &Entry, fetched: Result<(Vec<u8>, Index), String>) {
        let (url, name) = (quote(&entry.url), quote(&entry.name));
        let unnamed = entry.name.starts_with(UNNAMED);
        let kept = fetched.and_then(|(data, index)| {
            let file = index_file(&self.fetcher.settings.repository_cache, &entry.name);
            write(&file, &data)?;
            let names = self.fetcher.settings.repository_cache.join(format!("{}-charts.txt", entry.name));
            write(&names, index.names().as_bytes())?;
            self.fetcher.keep_index(file, index);
            Ok(())
        });
        self.fetcher.say(match (kept, unnamed) {
            (Ok(()), true) => format!("...Successfully got an update from the {url} chart repository"),
            (Ok(()), false) => format!("...Successfully got an update from the {name} chart repository"),
            (Err(error), true) => {
                format!("...Unable to get an update from the {url} chart repository:\n\t{error}")
            }
            (Err(error), false) => {
                let url = &entry.url;
                format!("...Unable to get an update from the {name} chart repository ({url}):\n\t{error}")
            }
        });
    }

    /// The version of each dependency. Helm: `Resolver.Resolve`.
    fn resolve(
        &self,
        wanted: &[Dependency],
        names: &BTreeMap<String, String>,
    ) -> Result<Vec<Dependency>, String> {
        let (mut locked, mut missing) = (Vec::new(), Vec::new());
        for dependency in wanted {
            match self.choose(dependency, names)? {
                Some(version) => locked.push(Dependency {
                    name: dependency.name.clone(),
                    repository: dependency.repository.clone(),
                    version,
                    ..Dependency::default()
                }),
                None => missing.push(format!(
                    "{} (repository {}, version {})",
                    quote(&dependency.name),
                    quote(&dependency.repository),
                    quote(&dependency.version)
                )),
            }
        }
        if missing.is_empty() {
            return Ok(locked);
        }
        Err(format!(
            "can't get a valid version for {} subchart(s): {}. Make sure a matching chart version exists in the repo, or \
             change the version constraint in Chart.yaml",
            missing.len(),
            missing.join(", ")
        ))
    }

    fn choose(
        &self,
        dependency: &Dependency,
        names: &BTreeMap<String, String>,
    ) -> Result<Option<String>, String> {
        let Dependency { name, version, repository, .. } = dependency;
        let constraint = Constraints::parse(version).map_err(|error| {
            format!("dependency {} has an invalid version/constraint format: {error}", quote(name))
        })?;
        let fits = |text: &str| Version::parse(text).is_ok_and(|version| constraint.check(&version));
        if repository.is_empty() {
            self.local_path(&path::join(&["charts", name]))?;
            return Ok(Some(version.clone()));
        }
        if repository.starts_with("file://") {
            let local = chart::load_any_version(self.local_path(repository)?);
            let found = local.map_err(|error| error.to_string())?.metadata.version;
            return Ok(fits(&found).then_some(found));
        }
        if is_oci(repository) {
            if Version::parse(version).is_ok() {
                return Ok(Some(version.clone()));
            }
            let reference = format!("{}/{name}", repository.trim_end_matches('/'));
            let failed =
                |error| format!("could not retrieve list of tags for repository {repository}: {error}");
            let parsed = Reference::parse(&reference).map_err(failed)?;
            let versions = self.fetcher.versions(&parsed, &reference).map_err(failed)?;
            return Ok(versions.into_iter().find(|version| fits(version)));
        }
        let known = names.get(name).map_or("", String::as_str);
        let file = index_file(&self.fetcher.settings.repository_cache, known);
        let index = self.fetcher.index(&file).map_err(|error| {
            format!("no cached repository for {known} found. (try 'helm repo update'): {error}")
        })?;
        let offers =
            index.offers(name).ok_or_else(|| format!("{name} chart not found in repo {repository}"))?;
        let chosen = offers.iter().find(|offer| !offer.urls.is_empty() && fits(&offer.version));
        Ok(chosen.map(|offer| offer.version.clone()))
    }

    /// Brings everything into a folder of its own, and only then into `charts/`. Helm: `downloadAll`.
    fn save(&self, locked: &mut [Dependency], known: &[Entry]) -> Result<(), String> {
        let charts = PathBuf::from(path::join(&[self.folder, "charts"]));
        if charts.exists() && !charts.is_dir() {
            return Err(format!("{} is not a directory", quote(charts.display().to_string())));
        }
        let failed =
            |path: &Path, error: &std::io::Error| format!("mkdir {}: {}", path.display(), error_text(error));
        std::fs::create_dir_all(&charts).map_err(|error| failed(&charts, &error))?;
        // Whoever reads the chart meanwhile passes over what begins with a dot in charts/.
        let staging = StagedFolder::inside(&charts)?;
        self.fetcher.say(format!("Saving {} charts", locked.len()));
        if let Err(error) = self.collect(locked, known, &charts, staging.path()) {
            self.fetcher.say(format!("Save error occurred:  {error}"));
            return Err(error);
        }
        let local = locked.iter().filter(|it| it.repository.is_empty()).map(|it| it.name.clone()).collect();
        self.move_into_place(staging.path(), &charts, &local)
    }

    fn collect(
        &self,
        locked: &mut [Dependency],
        known: &[Entry],
        charts: &Path,
        staging: &Path,
    ) -> Result<(), String> {
        let mut wanted: Vec<Wanted> = Vec::new();
        for dependency in locked {
            if dependency.repository.is_empty() {
                self.check_local(dependency, charts)?;
            } else if dependency.repository.starts_with("file://") {
                dependency.version = self.archive(dependency, staging)?;
            } else {
                let located = self.locate(dependency, known)?;
                let (name, repository) = (dependency.name.clone(), dependency.repository.clone());
                wanted.push(Wanted { name, repository, located });
            }
        }
        let (settings, access, proof) = (&self.fetcher.settings, &self.fetcher.access, &self.proof);
        let mut seen = BTreeSet::new();
        wanted.retain(|it| {
            let new = seen.insert(it.located.place());
            if !new {
                self.fetcher.say(format!("Already downloaded {} from repo {}", it.name, it.repository));
            }
            new
        });
        for some in wanted.chunks(PARALLEL) {
            let pulled: Vec<Result<Vec<String>, String>> = thread::scope(|scope| {
                let pull = |it: &Wanted| {
                    let fetcher = Fetcher::new(settings.clone(), access.clone());
                    fetcher.pull(&it.located, &it.located.place(), staging, proof)?;
                    Ok(fetcher.said())
                };
                let threads: Vec<_> = some.iter().map(|it| scope.spawn(move || pull(it))).collect();
                threads.into_iter().map(joined).collect()
            });
            for (it, pulled) in some.iter().zip(pulled) {
                self.fetcher.say(format!("Downloading {} from repo {}", it.name, it.repository));
                let said =
                    pulled.map_err(|error| format!("could not download {}: {error}", it.located.place()))?;
                for line in said {
                    self.fetcher.say(line);
                }
            }
        }
        Ok(())
    }

    fn locate(&self, dependency: &Dependency, known: &[Entry]) -> Result<Located, String> {
        let Dependency { name, version, repository, .. } = dependency;
        if is_oci(repository) {
            let reference = format!("{}/{name}", repository.trim_end_matches('/'));
            return self.fetcher.locate(&reference, version);
        }
        let not_found =
            |error: String| format!("could not find {name}: chart {name} not found in {repository}: {error}");
        let entry = known.iter().find(|entry| same_url(&entry.url, repository));
        let name_of_cache = entry.map_or_else(|| unnamed(repository), |entry| entry.name.clone());
        let file = index_file(&self.fetcher.settings.repository_cache, &name_of_cache);
        if entry.is_none() && !file.exists() {
            return self.fetcher.locate_in_repository(repository, name, version).map_err(not_found);
        }
        let index = self.fetcher.index(&file)?;
        let offers = index.offers(name).ok_or_else(|| not_found("entry not found".to_owned()))?;
        let equal = |offer: &&Offer| match (Version::parse(version), Version::parse(&offer.version)) {
            (Ok(one), Ok(other)) => one.compare(&other).is_eq(),
            _ => offer.version == *version,
        };
        let offer = offers.iter().filter(|offer| !offer.urls.is_empty()).find(equal);
        let offer = offer.ok_or_else(|| not_found("no matching version".to_owned()))?;
        self.fetcher.offered(entry, repository, offer)
    }

    /// Whether what lies in `charts/` is what the dependency wants.
    fn check_local(&self, dependency: &Dependency, charts: &Path) -> Result<(), String> {
        let Dependency { name, version, .. } = dependency;
        self.fetcher.say(format!(
            "Dependency {name} did not declare a repository. Assuming it exists in the charts directory"
        ));
        let folder = charts.join(name);
        let chart = chart::load_any_version(&folder)
            .map_err(|error| format!("unable to load chart '{}': {error}", folder.display()))?;
        let constraint = Constraints::parse(version).map_err(|error| {
            format!("dependency {name} has an invalid version/constraint format: {error}")
        })?;
        let found = &chart.metadata.version;
        let parsed = Version::parse(found)
            .map_err(|error| format!("invalid version {version} for dependency {name}: {error}"))?;
        match constraint.check(&parsed) {
            true => Ok(()),
            false => {
                Err(format!("dependency {name} at version {found} does not satisfy the constraint {version}"))
            }
        }
    }

    /// Packs the chart in a folder and gives its version. Helm: `tarFromLocalDir`.
    fn archive(&self, dependency: &Dependency, staging: &Path) -> Result<String, String> {
        let Dependency { name, version, repository, .. } = dependency;
        let chart =
            chart::load_any_version(self.local_path(repository)?).map_err(|error| error.to_string())?;
        let constraint = Constraints::parse(version).map_err(|error| {
            format!("dependency {name} has an invalid version/constraint format: {error}")
        })?;
        if !constraint.check(&Version::parse(&chart.metadata.version)?) {
            return Err(format!("can't get a valid version for dependency {name}"));
        }
        let mut staged = Staged::beside(&staging.join(package::file_name(&chart)))?;
        package::write(&chart, self.times, staged.writer()).map_err(|error| error.to_string())?;
        staged.keep()?;
        Ok(chart.metadata.version)
    }

    /// The folder that a `file://` address means. Helm: internal/resolver `GetLocalPath`.
    fn local_path(&self, repository: &str) -> Result<String, String> {
        let plain = repository.strip_prefix("file://").unwrap_or(repository);
        let found = if path::is_abs(plain) { path::clean(plain) } else { path::join(&[self.folder, plain]) };
        match std::fs::metadata(&found) {
            Ok(_) => Ok(found),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(format!("directory {found} not found"))
            }
            Err(error) => Err(format!("stat {found}: {}", error_text(&error))),
        }
    }

    /// Helm: `safeMoveDeps`; but what is no chart is an error here, because otherwise the lock would promise it.
    fn move_into_place(&self, staging: &Path, charts: &Path, local: &BTreeSet<String>) -> Result<(), String> {
        let before = files(charts)?;
        let new = files(staging)?;
        // Provenance files have served.
        let brought: Vec<&String> = new.iter().filter(|name| path::ext(name) != ".prov").collect();
        for name in &brought {
            let file = staging.join(name);
            chart::load_metadata(&file)
                .map_err(|error| format!("could not verify {name} for moving: {error}"))?;
        }
        for name in brought {
            std::fs::rename(staging.join(name), charts.join(name)).map_err(|error| {
                format!("unable to move {name} to {}: {}", charts.display(), error_text(&error))
            })?;
        }
        self.fetcher.say("Deleting outdated charts");
        for name in before.difference(&new) {
            let file = charts.join(name);
            let shown = file.display();
            match chart::load_metadata(&file) {
                Err(error) => {
                    self.fetcher.say(format!("Could not verify {shown} for deletion: {error} (Skipping)"));
                }
                Ok(metadata) if local.contains(&metadata.name) => {}
                Ok(_) => {
                    if let Err(error) = std::fs::remove_file(&file) {
                        let why = error_text(&error);
                        self.fetcher.say(format!("Could not delete {shown}: {why} (Skipping)"));
                    }
                }
            }
        }
        Ok(())
    }

    fn write_lock(&self, lock: &Lock, old: bool) -> Result<(), String> {
        let name = if old { "requirements.lock" } else { "Chart.lock" };
        let file = Path::new(self.folder).join(name);
        if let Ok(target) = std::fs::read_link(&file) {
            return Err(format!("the {name} file is a symlink to {}", quote(target.display().to_string())));
        }
        write(&file, lock.to_yaml().as_bytes())
    }
}

/// Names for the repositories that no user named. Helm: `ensureMissingRepos`.
fn name_the_rest(wanted: &[Dependency], names: &mut BTreeMap<String, String>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for dependency in wanted.iter().filter(|dependency| !dependency.repository.is_empty()) {
        if !names.contains_key(&dependency.name) {
            let name = unnamed(&dependency.repository);
            names.insert(dependency.name.clone(), name.clone());
            entries.push(Entry { name, url: dependency.repository.clone(), ..Entry::default() });
        }
    }
    entries
}

fn unnamed(repository: &str) -> String {
    format!("{UNNAMED}{}", hex::encode(Sha256::digest(repository)))
}

fn unknown_repositories(missing: &[String]) -> String {
    let text =
        format!("no repository definition for {}. Please add them via 'helm repo add'", missing.join(", "));
    let word = |it: &String| !it.contains("//") && !it.starts_with('@') && !it.starts_with("alias:");
    if !missing.iter().any(word) {
        return text;
    }
    format!(
        "{text}\nNote that repositories must be URLs or aliases. For example, to refer to the \"example\"\nrepository, use \
         \"https://charts.example.com/\" or \"@example\" instead of\n\"example\". Don't forget to add the repo, too ('helm \
         repo add')."
    )
}

/// The names of the files in a folder.
fn files(folder: &Path) -> Result<BTreeSet<String>, String> {
    let failed = |error: std::io::Error| format!("open {}: {}", folder.display(), error_text(&error));
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.path().is_dir()
            && let Ok(name) = entry.file_name().into_string()
        {
            found.insert(name);
        }
    }
    Ok(found)
}

fn write(file: &Path, data: &[u8]) -> Result<(), String> {
    let mut staged = Staged::beside(file)?;
    staged
        .writer()
        .write_all(data)
        .map_err(|error| format!("write {}: {}", file.display(), error_text(&error)))?;
    staged.keep()
}

fn joined<T>(thread: thread::ScopedJoinHandle<'_, Result<T, String>>) -> Result<T, String> {
    thread.join().unwrap_or_else(|_| Err("a download stopped on an internal error".to_owned()))
}
