//! The version of each dependency that its constraint allows. Helm: internal/resolver/resolver.go `Resolver.Resolve`.

use std::collections::BTreeMap;

use crate::chart::{self, Dependency};
use crate::go::path;
use crate::go::semver::{Constraints, Version};
use crate::go::strconv::quote;
use crate::oci::reference::{Reference, is_oci};

use super::super::error::Error;
use super::super::repositories::index_file;
use super::Dependencies;

impl Dependencies<'_> {
    /// The version of each dependency. Helm: `Resolver.Resolve`.
    pub(super) fn resolve(
        &mut self,
        wanted: &[Dependency],
        names: &BTreeMap<String, String>,
    ) -> Result<Vec<Dependency>, Error> {
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
        Err(Error::other(format!(
            "can't get a valid version for {} subchart(s): {}. Make sure a matching chart version exists in the repo, or \
             change the version constraint in Chart.yaml",
            missing.len(),
            missing.join(", ")
        )))
    }

    fn choose(
        &mut self,
        dependency: &Dependency,
        names: &BTreeMap<String, String>,
    ) -> Result<Option<String>, Error> {
        let Dependency { name, version, repository, .. } = dependency;
        let constraint = parse_constraint(version, &quote(name))?;
        let fits = |text: &str| Version::parse(text).is_ok_and(|version| constraint.check(&version));
        if repository.is_empty() {
            self.local_path(&path::join(&["charts", name]))?;
            return Ok(Some(version.clone()));
        }
        if repository.starts_with("file://") {
            let found = chart::load_any_version(self.local_path(repository)?)?.metadata.version;
            return Ok(fits(&found).then_some(found));
        }
        if is_oci(repository) {
            if Version::parse(version).is_ok() {
                return Ok(Some(version.clone()));
            }
            let reference = format!("{}/{name}", repository.trim_end_matches('/'));
            let failed = |error: Error| {
                error.while_doing(format!("could not retrieve list of tags for repository {repository}"))
            };
            let parsed = Reference::parse(&reference).map_err(|error| failed(error.into()))?;
            let versions = self.fetcher.versions(&parsed, &reference).map_err(failed)?;
            return Ok(versions.into_iter().find(|version| fits(version)));
        }
        let known = names.get(name).map_or("", String::as_str);
        let file = index_file(&self.fetcher.settings.repository_cache, known);
        let index = self.fetcher.index(&file, self.listener).map_err(|error| {
            error.while_doing(format!("no cached repository for {known} found. (try 'helm repo update')"))
        })?;
        let offers = index
            .offers(name)
            .ok_or_else(|| Error::other(format!("{name} chart not found in repo {repository}")))?;
        let chosen = offers.iter().find(|offer| !offer.urls.is_empty() && fits(&offer.version));
        Ok(chosen.map(|offer| offer.version.clone()))
    }
}

/// The constraint of a dependency, which an error names so.
pub(super) fn parse_constraint(version: &str, name: &str) -> Result<Constraints, Error> {
    Constraints::parse(version).map_err(|error| {
        Error::other(format!("dependency {name} has an invalid version/constraint format: {error}"))
    })
}
