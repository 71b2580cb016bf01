//! Names for the repositories of dependencies that no user named. Helm: downloader/manager.go `ensureMissingRepos`, `key`.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::chart::Dependency;

use super::super::repositories::Entry;

/// What begins these names.
pub(super) const UNNAMED: &str = "helm-manager-";

/// Names for the repositories that no user named. Helm: `ensureMissingRepos`.
pub(super) fn name_the_rest(wanted: &[Dependency], names: &mut BTreeMap<String, String>) -> Vec<Entry> {
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

/// The name of the cache of a repository that no user named.
pub(super) fn unnamed(repository: &str) -> String {
    format!("{UNNAMED}{}", hex::encode(Sha256::digest(repository)))
}
