//! [`Clusters`]: the Kubernetes versions that a release is for, and what their servers answer. They are asked when the first
//! rule wants to know, and once.

use std::sync::{Arc, OnceLock};

use crate::apiserver::{self, Answers, Definitions, known};
use crate::path::FieldPath;
use crate::yaml::Node;

/// The versions, and the answers once somebody asked.
#[derive(Debug)]
pub struct Clusters {
    minors: Vec<u32>,
    /// Custom resource definitions that are there beside those of the release.
    definitions: Arc<Vec<Node>>,
    answers: OnceLock<Vec<Answers>>,
}

impl Default for Clusters {
    /// The newest version that is known.
    fn default() -> Clusters {
        Clusters::of(&[known::NEWEST])
    }
}

impl Clusters {
    /// Clusters of these minors: 37 for 1.37.
    pub fn of(minors: &[u32]) -> Clusters {
        Clusters { minors: minors.to_vec(), definitions: Arc::default(), answers: OnceLock::new() }
    }

    /// The same, with custom resource definitions installed.
    pub fn with(self, definitions: Arc<Vec<Node>>) -> Clusters {
        Clusters { definitions, ..self }
    }

    /// The minors.
    pub fn minors(&self) -> &[u32] {
        &self.minors
    }

    /// What the server of each version answers to every object, in their order.
    pub(super) fn ask<'a>(&self, objects: impl FnOnce() -> Vec<&'a Node>) -> &[Answers] {
        self.answers.get_or_init(|| {
            let objects = objects();
            // What the release brings holds before what is there.
            let definitions = Definitions::of(objects.iter().copied().chain(self.definitions.iter()));
            let of = |minor: &u32| Answers {
                minor: *minor,
                answers: objects
                    .iter()
                    .map(|object| apiserver::answer(object, *minor, &definitions))
                    .collect(),
            };
            self.minors.iter().map(of).collect()
        })
    }
}

/// A field that the server names, as a place in the object that was written.
pub fn field_path(path: &apiserver::Path) -> FieldPath {
    use apiserver::Step;

    let mut found = FieldPath::root();
    let mut last = "";
    for step in path.steps() {
        found = match step {
            // The server says where labels of a template are checked, not where they are written.
            Step::Field(name) if last == "template" && matches!(name.as_str(), "labels" | "annotations") => {
                found.key("metadata").key(name)
            }
            // The paths of a subresource stand as they are written.
            Step::Field(way) if way.starts_with('.') => {
                way.split('.').skip(1).fold(found, |found, key| found.key(key))
            }
            Step::Field(name) | Step::Key(name) => found.key(name),
            Step::Index(index) => found.index(*index),
        };
        last = match step {
            Step::Field(name) => name,
            _ => "",
        };
    }
    found
}
