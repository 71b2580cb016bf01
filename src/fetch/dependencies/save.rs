//! Charts into `charts/`: all of them into a folder of their own first, and only when everything is there into their place.
//! Helm: downloader/manager.go `downloadAll`, `safeMoveDeps`.

use std::collections::BTreeSet;
use std::path::Path;

use crate::chart::{self, Dependency, package};
use crate::go::os::{PathError, error_text};
use crate::go::path;
use crate::go::raw;
use crate::go::semver::Version;
use crate::go::strconv::quote;
use crate::oci::reference::is_oci;
use crate::staged::{Staged, StagedFolder};

use super::super::error::Error;
use super::super::index::Offer;
use super::super::locate::Located;
use super::super::repositories::{Entry, index_file};
use super::super::same_url::same_url;
use super::resolve::parse_constraint;
use super::unnamed::unnamed;
use super::{Dependencies, in_parallel};

/// A chart that is to be downloaded.
struct Wanted {
    name: String,
    repository: String,
    located: Located,
}

impl Dependencies<'_> {
    /// Brings everything into a folder of its own, and only then into `charts/`. Helm: `downloadAll`.
    pub(super) fn save(&mut self, locked: &mut [Dependency], known: &[Entry]) -> Result<(), Error> {
        let charts = raw::path(&path::join(&[self.folder, "charts"])).into_owned();
        if charts.exists() && !charts.is_dir() {
            let charts = quote(charts.display().to_string());
            return Err(Error::other(format!("{charts} is not a directory")));
        }
        std::fs::create_dir_all(&charts).map_err(|error| PathError::new("mkdir", &charts, &error))?;
        // Helm and we ignore what begins with a dot in charts/, so the chart can be read meanwhile.
        let staging = StagedFolder::inside(&charts)?;
        self.say(format!("Saving {} charts", locked.len()));
        if let Err(error) = self.collect(locked, known, &charts, staging.path()) {
            self.say(format!("Save error occurred:  {error}"));
            return Err(error);
        }
        let local = locked.iter().filter(|it| it.repository.is_empty()).map(|it| it.name.clone()).collect();
        let names = locked.iter().map(|it| it.name.clone()).collect();
        self.move_into_place(staging.path(), &charts, &names, &local)
    }

    fn collect(
        &mut self,
        locked: &mut [Dependency],
        known: &[Entry],
        charts: &Path,
        staging: &Path,
    ) -> Result<(), Error> {
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
        let mut seen = BTreeSet::new();
        for it in std::mem::take(&mut wanted) {
            if seen.insert(it.located.place()) {
                wanted.push(it);
            } else {
                self.say(format!("Already downloaded {} from repo {}", it.name, it.repository));
            }
        }
        self.download(&wanted, staging)
    }

    /// Brings the charts in parallel, and tells of each what happened in order.
    fn download(&mut self, wanted: &[Wanted], staging: &Path) -> Result<(), Error> {
        let (fetcher, proof) = (self.fetcher, self.proof.clone());
        let pulled = in_parallel(wanted, move |it| {
            let mut events = Vec::new();
            let place = it.located.place();
            fetcher
                .pull(&it.located, &place, staging, &proof, &mut |event| events.push(event))
                .map_err(|error| error.while_doing(format!("could not download {place}")))?;
            Ok(events)
        });
        for (it, pulled) in wanted.iter().zip(pulled) {
            self.say(format!("Downloading {} from repo {}", it.name, it.repository));
            pulled?.into_iter().for_each(&mut *self.listener);
        }
        Ok(())
    }

    fn locate(&mut self, dependency: &Dependency, known: &[Entry]) -> Result<Located, Error> {
        let Dependency { name, version, repository, .. } = dependency;
        if is_oci(repository) {
            let reference = format!("{}/{name}", repository.trim_end_matches('/'));
            return self.fetcher.locate(&reference, version, self.listener);
        }
        let not_found = |error: Error| {
            error.while_doing(format!("could not find {name}: chart {name} not found in {repository}"))
        };
        let entry = known.iter().find(|entry| same_url(&entry.url, repository));
        let name_of_cache = entry.map_or_else(|| unnamed(repository), |entry| entry.name.clone());
        let file = index_file(&self.fetcher.settings.repository_cache, &name_of_cache);
        if entry.is_none() && !file.exists() {
            return self
                .fetcher
                .locate_in_repository(repository, name, version, self.listener)
                .map_err(not_found);
        }
        let index = self.fetcher.index(&file, self.listener)?;
        let offers = index.offers(name).ok_or_else(|| not_found(Error::other("entry not found")))?;
        let equal = |offer: &&Offer| match (Version::parse(version), Version::parse(&offer.version)) {
            (Ok(one), Ok(other)) => one.compare(&other).is_eq(),
            _ => offer.version == *version,
        };
        let offer = offers.iter().filter(|offer| !offer.urls.is_empty()).find(equal);
        let offer = offer.ok_or_else(|| not_found(Error::other("no matching version")))?;
        self.fetcher.offered(entry, repository, name, offer)
    }

    /// Whether what lies in `charts/` is what the dependency wants.
    fn check_local(&mut self, dependency: &Dependency, charts: &Path) -> Result<(), Error> {
        let Dependency { name, version, .. } = dependency;
        self.say(format!(
            "Dependency {name} did not declare a repository. Assuming it exists in the charts directory"
        ));
        let folder = charts.join(name);
        let chart = chart::load_any_version(&folder).map_err(|error| {
            Error::from(error).while_doing(format!("unable to load chart '{}'", folder.display()))
        })?;
        let constraint = parse_constraint(version, name)?;
        let found = &chart.metadata.version;
        let parsed = Version::parse(found).map_err(|error| {
            Error::other(format!("invalid version {version} for dependency {name}: {error}"))
        })?;
        match constraint.check(&parsed) {
            true => Ok(()),
            false => Err(Error::other(format!(
                "dependency {name} at version {found} does not satisfy the constraint {version}"
            ))),
        }
    }

    /// Packs the chart in a folder and gives its version. Helm: `tarFromLocalDir`.
    fn archive(&mut self, dependency: &Dependency, staging: &Path) -> Result<String, Error> {
        let Dependency { name, version, repository, .. } = dependency;
        let chart = chart::load_any_version(raw::path(&self.local_path(repository)?))?;
        let constraint = parse_constraint(version, name)?;
        if !constraint.check(&Version::parse(&chart.metadata.version).map_err(Error::other)?) {
            return Err(Error::other(format!("can't get a valid version for dependency {name}")));
        }
        let mut staged = Staged::beside(&staging.join(package::file_name(&chart)))?;
        package::write(&chart, self.times, staged.writer()).map_err(Error::other)?;
        staged.keep()?;
        Ok(chart.metadata.version)
    }

    /// Helm: `safeMoveDeps`; but what is no chart is an error here, because otherwise the lock would promise it.
    fn move_into_place(
        &mut self,
        staging: &Path,
        charts: &Path,
        names: &BTreeSet<String>,
        local: &BTreeSet<String>,
    ) -> Result<(), Error> {
        let before = files(charts)?;
        let new = files(staging)?;
        // Provenance files are not needed any more.
        let brought: Vec<&String> = new.iter().filter(|name| path::ext(name) != ".prov").collect();
        for name in &brought {
            let file = staging.join(name);
            let found = chart::load_metadata(&file).map_err(|error| {
                Error::from(error).while_doing(format!("could not verify {name} for moving"))
            })?;
            check_name(name, &found.name, names, &charts.join(name))?;
        }
        for name in brought {
            std::fs::rename(staging.join(name), charts.join(name)).map_err(|error| {
                let (charts, error) = (charts.display(), error_text(&error));
                Error::other(format!("unable to move {name} to {charts}: {error}"))
            })?;
        }
        self.say("Deleting outdated charts");
        for name in before.difference(&new) {
            let file = charts.join(name);
            let shown = file.display();
            match chart::load_metadata(&file) {
                Err(error) => {
                    self.say(format!("Could not verify {shown} for deletion: {error} (Skipping)"));
                }
                Ok(metadata) if local.contains(&metadata.name) => {}
                Ok(_) => {
                    if let Err(error) = std::fs::remove_file(&file) {
                        let why = error_text(&error);
                        self.say(format!("Could not delete {shown}: {why} (Skipping)"));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Whether an archive that came is one of the charts that were asked for, and takes the place of none but its own.
fn check_name(file: &str, found: &str, names: &BTreeSet<String>, place: &Path) -> Result<(), Error> {
    if !names.contains(found) {
        let found = quote(found);
        return Err(Error::other(format!("{file} holds the chart {found}, which was not asked for")));
    }
    let is_own = chart::load_metadata(place).is_ok_and(|before| before.name == found);
    match place.symlink_metadata().is_err() || is_own {
        true => Ok(()),
        false => Err(Error::other(format!("{} is there and is no chart of that name", place.display()))),
    }
}

/// The names of the files in a folder.
fn files(folder: &Path) -> Result<BTreeSet<String>, Error> {
    let failed = |error: std::io::Error| PathError::new("open", folder, &error);
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
