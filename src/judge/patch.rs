//! Mends a release: applies the fixes of rules, or does what the platform itself does to objects. How fixes are applied is in
//! [`crate::policy`], what the platform does in [`crate::nvcf`].

use clap::ValueEnum;
use serde_json::Value;

use crate::chart::{self, Chart};
use crate::diagnostic::{Applicability, Diagnostic};
use crate::manifest::{HelmVersion, edit, workload};
use crate::nvcf::agent::{self, Change, Deployment};
use crate::nvcf::reval;
use crate::policy::{self, Mode, Refusal, Request, Role, Subject};
use crate::rules;
use crate::yaml::Node;

use super::documents::Documents;
use super::inputs::{Chosen, Inputs};
use super::{failure, prepare, service, subject_of};

/// A release that can be mended.
pub struct Patchable {
    subject: Subject,
    service_text: String,
}

/// A release after fixes were applied.
#[derive(Debug, Default)]
pub struct Patched {
    /// Its text before.
    pub before: String,
    /// Its text after.
    pub after: String,
    /// Its objects after.
    pub objects: Vec<Value>,
    /// What was changed, a line each: `POD101 host-network: Pod/web spec.hostNetwork set to false (was true)`.
    pub changes: Vec<String>,
    /// Fixes that were not applied.
    pub refused: Vec<Refusal>,
    /// How many findings are left whose fixes are less safe than was asked for.
    pub withheld: usize,
}

/// How far the platform's own changes are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mutations {
    /// What the service's `/v1/render` gives back.
    Service,
    /// What runs after agent and admission.
    Cluster,
}

/// A release as the platform makes it.
#[derive(Debug, Default)]
pub struct Mutated {
    /// Its objects before, as YAML documents.
    pub before: String,
    /// Its objects after, as YAML documents.
    pub after: String,
    /// Its objects after.
    pub objects: Vec<Value>,
    /// What the agent and admission changed.
    pub changes: Vec<Change>,
}

/// The service's errors about a release that it refuses.
pub struct Refused(pub Vec<String>);

impl Patchable {
    /// A rendered chart.
    ///
    /// # Errors
    /// Why it does not load or render.
    pub fn chart(chart: Result<Chart, chart::Error>, inputs: &Inputs) -> Result<Patchable, Box<Diagnostic>> {
        let chart = chart.map_err(|error| Box::new(failure::unloadable(&error)))?;
        let prepared = prepare(&chart, inputs, HelmVersion::Helm4).map_err(|failed| failed.why)?;
        if let Some(fault) = prepared.faults.told.into_iter().next() {
            return Err(Box::new(fault));
        }
        Ok(Patchable {
            subject: subject_of(prepared.documents, Some(prepared.subject), inputs),
            service_text: prepared.service_text,
        })
    }

    /// YAML that is already rendered, from the file of that name.
    ///
    /// # Errors
    /// It is no YAML.
    pub fn manifests(file: &str, text: String, inputs: &Inputs) -> Result<Patchable, Box<Diagnostic>> {
        let documents = Documents::of_yaml(text, inputs.threads)
            .map_err(|error| Box::new(failure::unreadable_manifests(file, &error)))?;
        let service_text = documents.without_hooks();
        Ok(Patchable { subject: subject_of(documents, None, inputs), service_text })
    }

    /// Applies the fixes of every profile that are at least so safe.
    pub fn mend(self, inputs: &Inputs, least: Applicability) -> Patched {
        let mut subject = self.subject;
        let mut patched = Patched { before: subject.text.text().to_owned(), ..Patched::default() };
        for Chosen { profile, mode } in &inputs.profiles {
            let mended = policy::mend(subject, &rules::all(), profile, inputs.rules_mode(*mode), least);
            patched.changes.extend(mended.changes);
            patched.refused.extend(mended.refused);
            patched.withheld += mended.withheld;
            subject = mended.subject;
        }
        let nodes = subject.documents.iter().map(|document| &*document.node);
        patched.objects = nodes.filter(|node| !node.is_null()).map(Node::to_json).collect();
        subject.text.text().clone_into(&mut patched.after);
        patched
    }

    /// Does what the platform does to objects.
    ///
    /// # Errors
    /// The service refuses the release.
    pub fn mutate(&self, inputs: &Inputs, how_far: Mutations) -> Result<Mutated, Refused> {
        let mode = inputs.profiles.first().map_or(Mode::default(), |chosen| chosen.mode);
        let answer = reval::answer(&self.service_text, &service::options(inputs, mode));
        if !answer.valid {
            return Err(Refused(answer.errors));
        }
        let (mut objects, mut changes) = (answer.objects, Vec::new());
        if how_far == Mutations::Cluster {
            let request = inputs.request.as_ref();
            let deployment = Deployment {
                is_task: request.is_some_and(Request::is_task),
                namespace: self.subject.namespace.clone(),
                instance_type: request.and_then(Request::instance_type).map(str::to_owned),
                enforce_limits: mode != Mode::Service,
            };
            (objects, changes) = agent::apply(objects, &deployment);
        }
        let rendered = self.subject.documents.iter().filter(|document| document.role != Role::Hook);
        let rendered = rendered.flat_map(|document| workload::objects(&document.node));
        let rendered: Vec<Value> = rendered.map(|object| object.node.to_json()).collect();
        Ok(Mutated { before: yaml(&rendered), after: yaml(&objects), objects, changes })
    }
}

/// The objects as YAML documents.
fn yaml(objects: &[Value]) -> String {
    objects.iter().map(|object| format!("---\n{}\n", edit::block(object))).collect()
}
