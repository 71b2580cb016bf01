//! [`Clusters`]: the Kubernetes versions that a release is for, and what their servers answer. They are asked when the first
//! rule wants to know, and once.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::apiserver::{self, Answer, Answers, Definitions, known, update};
use crate::path::FieldPath;
use crate::threads::in_parts;
use crate::yaml::Node;

/// The versions, and the answers once somebody asked.
#[derive(Debug)]
pub struct Clusters {
    minors: Vec<u32>,
    /// Custom resource definitions that are there beside those of the release.
    definitions: Arc<Vec<Node>>,
    /// What the release was before, where it is changed.
    before: HashMap<[String; 4], Node>,
    namespace: String,
    threads: usize,
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
        Clusters {
            minors: minors.to_vec(),
            definitions: Arc::default(),
            before: HashMap::new(),
            namespace: String::new(),
            threads: 1,
            answers: OnceLock::new(),
        }
    }

    /// The same, with custom resource definitions installed.
    pub fn with(self, definitions: Arc<Vec<Node>>) -> Clusters {
        Clusters { definitions, ..self }
    }

    /// The same, asked on so many threads.
    pub fn on(self, threads: usize) -> Clusters {
        Clusters { threads, ..self }
    }

    /// The same, on which a release in the namespace has these objects, which are to be changed.
    pub fn before(self, objects: Vec<Node>, namespace: &str) -> Clusters {
        let named = |object: Node| Some((update::identity(&object, namespace)?, object));
        let before = objects.into_iter().filter_map(named).collect();
        Clusters { before, namespace: namespace.to_owned(), ..self }
    }

    /// The minors.
    pub fn minors(&self) -> &[u32] {
        &self.minors
    }

    /// What the server of each version answers to every object, in their order; those that Helm changes where they were there
    /// before are said to be so.
    pub(super) fn ask<'a>(&self, objects: impl FnOnce() -> Vec<(&'a Node, bool)>) -> &[Answers] {
        self.answers.get_or_init(|| {
            let objects = objects();
            let answers = in_parts(&objects, self.threads, |part| {
                // What the release brings holds before what is there.
                let own = objects.iter().map(|(object, _)| *object);
                let definitions = Definitions::of(own.chain(self.definitions.iter()));
                let answer = |(object, changes): &(&Node, bool), minor: u32| match changes
                    .then(|| self.old(object))
                    .flatten()
                {
                    Some(old) => update::answer(old, object, minor, &definitions),
                    None => apiserver::answer(object, minor, &definitions),
                };
                let of_each = |asked| self.minors.iter().map(|minor| answer(asked, *minor)).collect();
                part.iter().map(of_each).collect::<Vec<Vec<Answer>>>()
            });
            let nothing = |minor: &u32| Answers { minor: *minor, answers: Vec::with_capacity(objects.len()) };
            let mut found: Vec<Answers> = self.minors.iter().map(nothing).collect();
            for of_each in answers {
                found.iter_mut().zip(of_each).for_each(|(found, answer)| found.answers.push(answer));
            }
            found
        })
    }

    /// What an object was before.
    fn old(&self, object: &Node) -> Option<&Node> {
        if self.before.is_empty() {
            return None;
        }
        self.before.get(&update::identity(object, &self.namespace)?)
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
