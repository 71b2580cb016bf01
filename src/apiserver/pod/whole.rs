//! A pod as a whole, which the checks of its parts look at.

use crate::apiserver::error::Path;
use crate::apiserver::tree::Tree;

/// A pod spec and what it belongs to.
pub struct Pod<'a> {
    /// The spec, its defaults set.
    pub spec: &'a Tree,
    /// The metadata of the pod; a template has none that volumes could be named by.
    pub meta: Option<&'a Tree>,
}

impl<'a> Pod<'a> {
    /// Every container with its place, as Go's `VisitContainersWithPath` goes through them.
    pub fn containers(&self, path: &Path) -> Vec<(&'a Tree, Path)> {
        let mut all = Vec::new();
        for list in ["initContainers", "containers", "ephemeralContainers"] {
            let path = path.child(list);
            let items = self.spec.list(list).iter().enumerate();
            all.extend(items.map(|(at, container)| (container, path.index(at))));
        }
        all
    }

    /// Whether the pod is a user of the host's names of users.
    pub fn uses_host_users(&self) -> bool {
        self.spec.bool("hostUsers") != Some(false)
    }

    /// How long it has to end.
    pub fn grace_period(&self) -> Option<i64> {
        self.spec.int("terminationGracePeriodSeconds")
    }

    /// The names of its resource claims.
    pub fn claims(&self) -> Vec<&'a str> {
        self.spec
            .list("resourceClaims")
            .iter()
            .map(|claim| claim.str("name"))
            .filter(|name| !name.is_empty())
            .collect()
    }
}

/// The volumes that are in order, by name.
pub struct Volumes<'a>(Vec<(&'a str, &'a Tree)>);

impl<'a> Volumes<'a> {
    /// These.
    pub fn new(good: Vec<(&'a str, &'a Tree)>) -> Volumes<'a> {
        Volumes(good)
    }

    /// The volume of that name, if it is in order.
    pub fn get(&self, name: &str) -> Option<&'a Tree> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, volume)| *volume)
    }
}
