//! [`Release`]: what rules are called with.

use std::cell::OnceCell;

use crate::manifest::workload;

use super::parts::Parts;
use super::subject::{Document, Object, PodSpec, Role, Subject};

/// All that was rendered, and what it was rendered from.
pub struct Release<'a> {
    /// Everything.
    pub subject: &'a Subject,
    /// The objects, lists taken apart, in the order of the text; hooks too.
    pub(super) rendered: &'a [Object<'a>],
    /// The pod specs of the objects that have one, hooks too: the number of the object, and the specification.
    pub(super) pods: &'a [(usize, workload::PodSpec<'a>)],
    /// The same by name and label, once a rule asks.
    pub(super) parts: OnceCell<Parts<'a>>,
}

impl<'a> Release<'a> {
    /// The objects that are installed, lists taken apart, in the order of the text.
    pub fn objects(&self) -> impl Iterator<Item = &'a Object<'a>> + Clone + use<'a> {
        self.rendered.iter().filter(|object| !object.is_hook())
    }

    /// Every object with its number among those that the API server was asked about.
    pub fn asked(&self) -> impl Iterator<Item = (usize, &'a Object<'a>)> {
        self.rendered.iter().enumerate()
    }

    /// The hooks, which the platform does not run.
    pub fn hooks(&self) -> impl Iterator<Item = &'a Object<'a>> + use<'a> {
        self.rendered.iter().filter(|object| object.is_hook())
    }

    /// The documents that are installed, in the order of the text.
    pub fn documents(&self) -> impl Iterator<Item = &'a Document> + Clone + use<'a> {
        self.subject.documents.iter().filter(|document| document.role != Role::Hook)
    }

    /// The pod specs that are installed, with their objects.
    pub fn pod_specs(&self) -> impl Iterator<Item = PodSpec<'a>> {
        let pods = self.pods.iter().map(|(at, spec)| PodSpec { object: &self.rendered[*at], spec });
        pods.filter(|pod| !pod.object.is_hook())
    }

    /// The release as references between its objects see it.
    pub fn parts(&self) -> &Parts<'a> {
        self.parts.get_or_init(|| Parts::new(&self.subject.namespace, self.rendered, self.pods))
    }
}
