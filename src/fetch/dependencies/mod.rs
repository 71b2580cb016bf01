//! [`Dependencies`]: what a chart depends on, chosen, locked and brought into `charts/`, as `helm dependency update` and
//! `build` do. Each index is fetched and read once; indexes and charts come in parallel; `charts/` and the lock change only
//! when everything is there.
//!
//! Read [`Dependencies::update`]: [`refresh`] fetches indexes, [`resolve`] chooses versions, [`save`] brings the charts.
//!
//! Source: Helm downloader/manager.go, internal/resolver/resolver.go.

mod refresh;
mod resolve;
mod save;
mod unnamed;

use std::io::Write;
use std::path::Path;
use std::thread::{self, ScopedJoinHandle};

use crate::budget::Run;
use crate::chart::package::Times;
use crate::chart::{self, Chart, Lock, lock_digest, old_lock_digest};
use crate::go::os::PathError;
use crate::go::path;
use crate::go::raw;
use crate::go::slog;
use crate::go::strconv::quote;
use crate::oci::reference::is_oci;
use crate::staged::Staged;

use super::error::Error;
use super::event::{Event, Listener};
use super::fetcher::Fetcher;
use super::provenance::Proof;
use super::repositories;
use super::same_url::same_url;

/// How many things are downloaded at once.
const PARALLEL: usize = 8;

/// The dependencies of the chart in a folder.
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
    /// Takes what is to be told.
    pub listener: Listener<'a>,
}

impl Dependencies<'_> {
    /// Chooses versions anew, brings the charts, writes the lock. Helm: `Manager.Update`.
    pub fn update(&mut self) -> Result<(), Error> {
        let chart = self.load()?;
        let Some(mut wanted) = chart.metadata.dependencies.clone() else { return Ok(()) };
        let known = repositories::read(&self.fetcher.settings.repository_config)?;
        let mut names = self.repository_names(&mut wanted, &known)?;
        let unnamed = unnamed::name_the_rest(&wanted, &mut names);
        if !self.skip_refresh {
            if !unnamed.is_empty() {
                self.say("Getting updates for unmanaged Helm repositories...");
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
    pub fn build(&mut self) -> Result<(), Error> {
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
            return Err(Error::other(format!(
                "no repository definition for {missing}. Please add the missing repos via 'helm repo add'"
            )));
        }
        if !self.skip_refresh {
            self.refresh_known(&known);
        }
        self.save(&mut lock.dependencies.clone(), &known)
    }

    /// A lock that does not fit may be one of Helm 2's.
    fn check_old_lock(&mut self, is_old: bool, fits: bool) -> Result<(), Error> {
        if is_old {
            let text = "warning: a valid Helm v3 hash was not found. Checking against Helm v2 hash...";
            (self.listener)(Event::Logged(slog::Line::info(text, &[])));
            if fits {
                return Ok(());
            }
        }
        let (lock, file, advice) = match is_old {
            true => ("requirements.lock", "requirements.yaml", ""),
            false => ("Chart.lock", "Chart.yaml", " with 'helm dependency update'"),
        };
        Err(Error::other(format!(
            "the lock file ({lock}) is out of sync with the dependencies file ({file}). Please update the dependencies{advice}"
        )))
    }

    fn load(&self) -> Result<Chart, Error> {
        let folder = self.folder;
        let status = std::fs::metadata(raw::path(folder)).map_err(|error| {
            Error::from(PathError::new("stat", folder, &error))
                .while_doing(format!("could not find {folder}"))
        })?;
        if !status.is_dir() {
            return Err(Error::other("only unpacked charts can be updated"));
        }
        Ok(chart::load_any_version(raw::path(folder))?)
    }

    /// The folder that a `file://` address means. Helm: internal/resolver `GetLocalPath`.
    fn local_path(&self, repository: &str) -> Result<String, Error> {
        let plain = repository.strip_prefix("file://").unwrap_or(repository);
        let found = if path::is_abs(plain) { path::clean(plain) } else { path::join(&[self.folder, plain]) };
        match std::fs::metadata(raw::path(&found)) {
            Ok(_) => Ok(found),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(Error::other(format!("directory {found} not found")))
            }
            Err(error) => Err(PathError::new("stat", &found, &error).into()),
        }
    }

    fn write_lock(&self, lock: &Lock, old: bool) -> Result<(), Error> {
        let name = if old { "requirements.lock" } else { "Chart.lock" };
        let file = raw::path(self.folder).join(name);
        if let Ok(target) = std::fs::read_link(&file) {
            let target = quote(target.display().to_string());
            return Err(Error::other(format!("the {name} file is a symlink to {target}")));
        }
        write(&file, lock.to_yaml().as_bytes())
    }

    fn say(&mut self, text: impl Into<String>) {
        (self.listener)(Event::Said(text.into()));
    }
}

fn write(file: &Path, data: &[u8]) -> Result<(), Error> {
    let mut staged = Staged::beside(file)?;
    staged.writer().write_all(data).map_err(|error| PathError::new("write", file, &error))?;
    Ok(staged.keep()?)
}

/// The outcome of a thread.
fn joined<T>(thread: ScopedJoinHandle<'_, Result<T, Error>>) -> Result<T, Error> {
    thread.join().unwrap_or_else(|_| Err(Error::other("a download stopped on an internal error")))
}

/// Does something with each item, several at a time, and gives the outcomes in order. Once the caller stops asking, no more
/// work is begun.
fn in_parallel<'a, T: Sync, R: Send + 'a>(
    items: &'a [T],
    work: impl Fn(&T) -> Result<R, Error> + Sync + 'a,
) -> impl Iterator<Item = Result<R, Error>> + 'a {
    items.chunks(PARALLEL).flat_map(move |some| {
        thread::scope(|scope| {
            let threads: Vec<_> = some
                .iter()
                .map(|item| {
                    scope.spawn(|| {
                        let _run = Run::start();
                        work(item)
                    })
                })
                .collect();
            threads.into_iter().map(joined).collect::<Vec<_>>()
        })
    })
}
