//! Which repositories a chart's dependencies come from, and their indexes.
//!
//! Source: Helm downloader/manager.go `resolveRepoNames`, `ensureMissingRepos`, `parallelRepoUpdate`.

use std::collections::BTreeMap;

use crate::chart::Dependency;
use crate::go::strconv::quote;
use crate::oci::reference::is_oci;

use super::super::error::Error;
use super::super::index::Index;
use super::super::repositories::{Entry, index_file};
use super::super::same_url::same_url;
use super::unnamed::UNNAMED;
use super::{Dependencies, in_parallel, write};

impl Dependencies<'_> {
    /// The known repository of each dependency; aliases are put in their place. Helm: `resolveRepoNames`.
    pub(super) fn repository_names(
        &self,
        wanted: &mut [Dependency],
        known: &[Entry],
    ) -> Result<BTreeMap<String, String>, Error> {
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
        if missing.is_empty() { Ok(names) } else { Err(Error::Other(unknown_repositories(&missing))) }
    }

    /// Fetches the indexes of all known repositories.
    pub(super) fn refresh_known(&mut self, known: &[Entry]) {
        if !known.is_empty() {
            self.say("Hang tight while we grab the latest from your chart repositories...");
            self.refresh(known);
            self.say("Update Complete. ⎈Happy Helming!⎈");
        }
    }

    /// Fetches the indexes of the repositories. Where one cannot be fetched, that is
    /// reported, and the cached one is used.
    /// Helm: `parallelRepoUpdate`.
    pub(super) fn refresh(&mut self, entries: &[Entry]) {
        let mut unique: Vec<&Entry> = Vec::new();
        for entry in entries {
            if unique.iter().all(|it| it.url.trim_end_matches('/') != entry.url.trim_end_matches('/')) {
                unique.push(entry);
            }
        }
        let fetcher = self.fetcher;
        let fetched = in_parallel(&unique, move |entry| {
            let data = fetcher.download_index(entry)?;
            let index = Index::parse(&data, &entry.url)?;
            Ok((data, index))
        });
        for (entry, fetched) in unique.iter().zip(fetched) {
            self.keep_index(entry, fetched);
        }
    }

    fn keep_index(&mut self, entry: &Entry, fetched: Result<(Vec<u8>, Index), Error>) {
        let (url, name) = (quote(&entry.url), quote(&entry.name));
        let unnamed = entry.name.starts_with(UNNAMED);
        let kept = fetched.and_then(|(data, index)| {
            let file = index_file(&self.fetcher.settings.repository_cache, &entry.name);
            write(&file, &data)?;
            let names = self.fetcher.settings.repository_cache.join(format!("{}-charts.txt", entry.name));
            write(&names, index.names().as_bytes())?;
            self.fetcher.keep_index(file, index, self.listener);
            Ok(())
        });
        self.say(match (kept, unnamed) {
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
