//! What rules look at: the chart, the release, its objects, their pod specs and containers. Nothing here judges, and
//! nothing here reads a disk; `cli` builds a [`Subject`] from what was loaded and rendered, or from YAML that was given.

use std::ops::Deref;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::apiserver::Answers;
use crate::diagnostic::{FileLine, IncludeSite, Layer, ObjectId, ValueOrigin};
use crate::funcs;
use crate::go::slog;
use crate::manifest::workload;
use crate::path::FieldPath;
use crate::source::SourceFile;
use crate::template::Parsed;
use crate::template::calls::{Call, calls};
use crate::template::odd::OddTemplates;
use crate::values::{Conflict, Misread};
use crate::yaml::Node;

use super::clusters::Clusters;
use super::request::Request;
use super::values::{RepeatedKey, ValuesSubject};
use super::yaml_file::{ClosedFile, YamlFile};

/// Everything there is to judge. A part that is not there is not judged.
#[derive(Debug)]
pub struct Subject {
    /// The chart, unless rendered YAML was given.
    pub chart: Option<ChartSubject>,
    /// The text of all documents, as `plimsoll template` prints it; positions of findings are positions in it.
    pub text: SourceFile,
    /// The documents, in the order of the text.
    pub documents: Vec<Document>,
    /// The function or task request, where one was given.
    pub request: Option<Request>,
    /// The namespace of the release.
    pub namespace: String,
    /// The values, where some profile looks at them.
    pub values: Option<ValuesSubject>,
    /// Kinds that the validation policy allows beyond the profile's, as `GROUP/VERSION/KIND`.
    pub extra_kinds: Vec<String>,
    /// What Helm's log says of the rendering, a line each.
    pub log: Vec<slog::Line>,
    /// The Kubernetes versions that the release is for.
    pub clusters: Clusters,
    /// Where the templates make up the name of something that the release does not have; nothing where nobody knows.
    pub own_names: Option<FxHashSet<FieldOfRelease>>,
}

/// A field of a release: the number of its document, the path of its object there, and its own in the object.
pub type FieldOfRelease = (usize, FieldPath, FieldPath);

impl Subject {
    /// What the API server of each version answers to every object, lists taken apart, hooks too, in the order of the text.
    pub fn api_answers(&self) -> &[Answers] {
        self.clusters.ask(|| self.documents.iter().flat_map(asked).collect())
    }
}

/// The objects of a document, and whether Helm changes what was there before: hooks are made anew, and what stands in `crds` is
/// left as it is.
fn asked(document: &Document) -> impl Iterator<Item = (&Node, bool)> {
    let changes = document.role == Role::Manifest;
    workload::objects(&document.node).into_iter().map(move |object| (object.node, changes))
}

/// The files of a chart, as far as rules look at them.
#[derive(Debug)]
pub struct ChartSubject {
    /// `Chart.yaml`.
    pub metadata: YamlFile,
    /// `values.yaml`, if there is one.
    pub values: Option<ClosedFile>,
    /// Every template of the chart and of its subcharts, named relative to the chart.
    pub templates: Vec<SourceFile>,
    /// The calls in the templates that some rule asks about and that the rendering executed.
    pub calls: Vec<TemplateCall>,
    /// The keys of values that are set and that nothing reads.
    pub unread: Vec<UnreadKey>,
    /// What templates did with values that was hardly meant.
    pub oddities: Oddities,
    /// The keys that stand twice in a values file.
    pub repeated: Vec<RepeatedKey>,
    /// The names of the charts in `charts/`.
    pub vendored: Vec<String>,
    /// What the chart imports of its dependencies and is not there: `redis.exports.data`.
    pub missing_imports: Vec<String>,
}

/// What templates did with values that was hardly meant.
#[derive(Clone, Debug, Default)]
pub struct Oddities {
    /// Values in whose place `default` put another, since they are `false` or 0.
    pub overruled: Vec<OddUse>,
    /// Texts that say `false` and decided as true.
    pub texts: Vec<OddUse>,
    /// Values that are printed and that no layer sets.
    pub unset: Vec<OddUse>,
    /// What templates do beyond what they do with values.
    pub templates: OddTemplates,
    /// Layers of values that do not do together what was meant.
    pub conflicts: Vec<Conflict>,
    /// What values files say that is read as something else.
    pub misread: Vec<(Layer, Misread)>,
}

/// A use of a value.
#[derive(Clone, Debug, PartialEq)]
pub struct OddUse {
    /// The value, with the layer that sets it.
    pub value: ValueOrigin,
    /// What stands in its line.
    pub excerpt: Option<String>,
    /// The place in the template, where it is known.
    pub place: Option<FileLine>,
}

impl OddUse {
    /// Whether a chart sets the value, and no user.
    pub fn is_own(&self) -> bool {
        matches!(self.value.layer, Some(Layer::Chart(_)))
    }
}

/// A key of values that is set and that nothing reads.
#[derive(Clone, Debug, PartialEq)]
pub struct UnreadKey {
    /// The key, with the layer that sets it.
    pub value: ValueOrigin,
    /// What stands in its line.
    pub excerpt: Option<String>,
    /// Whether the chart sets it for itself.
    pub is_own: bool,
    /// Keys that are read and likely meant, likeliest first.
    pub suggestions: Vec<FieldPath>,
}

/// A call of a function in a template.
#[derive(Clone, Debug)]
pub struct TemplateCall {
    /// Which of the templates.
    pub file: usize,
    /// The call.
    pub call: Call,
    /// The includes that first led there, outermost first.
    pub includes: Vec<IncludeSite>,
    /// Whether what it gives goes into an object that an upgrade installs again, not just into notes or tests.
    pub is_upgraded: bool,
}

impl TemplateCall {
    /// All calls of the functions that are wanted. A file that is no template has none.
    pub fn all_in(
        templates: &[SourceFile],
        parsed: &Parsed,
        wants: &dyn Fn(&str) -> bool,
    ) -> impl Iterator<Item = TemplateCall> {
        templates.iter().enumerate().flat_map(move |(file, template)| {
            let calls = calls(template.text().as_bytes(), parsed, funcs::table(), wants).unwrap_or_default();
            calls.into_iter().map(move |call| TemplateCall {
                file,
                call,
                includes: Vec::new(),
                is_upgraded: true,
            })
        })
    }
}

impl ChartSubject {
    /// A field of `Chart.yaml` that is a string; empty where it is not there.
    pub fn text(&self, field: &str) -> &str {
        self.metadata.node.get(field).and_then(Node::as_str).unwrap_or_default()
    }
}

/// Why a document is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is part of the release.
    Manifest,
    /// It has the annotation `helm.sh/hook`.
    Hook,
    /// It is a file of `crds/`.
    Crd,
}

/// A rendered document.
#[derive(Debug)]
pub struct Document {
    /// The file that it comes from, relative to the chart (`templates/deployment.yaml`); empty where nobody knows.
    pub source: String,
    /// The name that Helm gives that file (`top/charts/redis/templates/a.yaml`); empty where nobody knows.
    pub template: String,
    /// Where it starts in what the template wrote, in bytes.
    pub offset: usize,
    /// What it says, its spans relative to `start`.
    pub node: Rc<Node>,
    /// Where it starts in [`Subject::text`].
    pub start: usize,
    /// Where it ends there.
    pub end: usize,
    /// Why it is there.
    pub role: Role,
}

impl Document {
    /// Its text.
    pub fn text<'a>(&self, whole: &'a SourceFile) -> &'a str {
        whole.text().get(self.start..self.end).unwrap_or_default()
    }

    /// A scalar of the document as it is written.
    pub fn written<'a>(&self, whole: &'a SourceFile, node: &Node) -> Option<&'a str> {
        self.text(whole).get(node.span.range()).map(str::trim).filter(|text| !text.is_empty())
    }
}

/// An object of a release, with the document that it is in.
#[derive(Debug)]
pub struct Object<'a> {
    /// The object.
    pub node: &'a Node,
    /// What it is called.
    pub id: ObjectId,
    /// Where it is in its document: the root, or `items[2]`.
    pub path: FieldPath,
    /// Its document.
    pub document: &'a Document,
    /// The number of the document in the release, from 0.
    pub number: usize,
}

impl Object<'_> {
    /// Whether it has this `apiVersion` and `kind`.
    pub fn is(&self, api_version: &str, kind: &str) -> bool {
        self.id.api_version == api_version && self.id.kind == kind
    }

    /// `v1/Pod`, `apps/v1/Deployment`: as profiles list kinds.
    pub fn kind(&self) -> String {
        format!("{}/{}", self.id.api_version, self.id.kind)
    }

    /// Whether it is a hook, which the platform does not run.
    pub fn is_hook(&self) -> bool {
        self.document.role == Role::Hook
    }
}

/// The pod spec of an object, of whatever kind. Derefs to what [`workload`] found.
#[derive(Clone, Copy)]
pub struct PodSpec<'a> {
    /// The object that it is in.
    pub object: &'a Object<'a>,
    /// What was found.
    pub spec: &'a workload::PodSpec<'a>,
}

impl<'a> PodSpec<'a> {
    /// The path of a field of the specification, in the object.
    pub fn path_of(&self, field: &str) -> FieldPath {
        self.spec.path.key(field)
    }

    /// The value of a field of the specification; `null` is no value.
    pub fn field(&self, field: &str) -> Option<&'a Node> {
        self.spec.node.get(field).filter(|node| !node.is_null())
    }

    /// Its containers.
    pub fn each_container(&self) -> impl Iterator<Item = Container<'a>> {
        let pod = *self;
        self.spec.containers.iter().map(move |container| Container { pod, container })
    }
}

impl<'a> Deref for PodSpec<'a> {
    type Target = workload::PodSpec<'a>;

    fn deref(&self) -> &workload::PodSpec<'a> {
        self.spec
    }
}

/// A container of a pod spec. Derefs to what [`workload`] found.
#[derive(Clone, Copy)]
pub struct Container<'a> {
    /// The pod spec that it is in.
    pub pod: PodSpec<'a>,
    /// What was found.
    pub container: &'a workload::Container<'a>,
}

impl<'a> Container<'a> {
    /// The path of a route of keys in the container, in the object.
    pub fn path_of(&self, route: &[&str]) -> FieldPath {
        self.container.path.keys(route)
    }

    /// The value at a route of keys in the container; `null` is no value.
    pub fn at(&self, route: &[&str]) -> Option<&'a Node> {
        self.container.node.at(route).filter(|node| !node.is_null())
    }

    /// A field of the security context of the container or, where it has none, of the pod, with the path of the one that
    /// holds. Kubernetes and the service both take the container's first, and the whole field with it.
    pub fn security(&self, field: &str) -> Option<(&'a Node, FieldPath)> {
        let own = self.at(&["securityContext", field]);
        let own = own.map(|node| (node, self.path_of(&["securityContext", field])));
        let pods = || {
            let node = self.pod.spec.node.at(&["securityContext", field]).filter(|node| !node.is_null())?;
            Some((node, self.pod.spec.path.keys(&["securityContext", field])))
        };
        own.or_else(pods)
    }

    /// Whether the service and the pod security standards look at it: not at ephemeral containers, which no new pod has.
    pub fn is_judged(&self) -> bool {
        self.container.role != workload::Role::Ephemeral
    }

    /// The name for messages: `"main"`, or its place where it has none.
    pub fn label(&self) -> String {
        self.container.name().map_or_else(|| self.container.path.to_string(), |name| format!("\"{name}\""))
    }
}

impl<'a> Deref for Container<'a> {
    type Target = workload::Container<'a>;

    fn deref(&self) -> &workload::Container<'a> {
        self.container
    }
}
