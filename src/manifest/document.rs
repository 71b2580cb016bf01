//! [`Manifest`]: one rendered document, and [`sort`], which makes documents of the text of all templates as Helm does.

use std::fmt;
use std::sync::Arc;

use super::head::Head;
use super::hook::{self, Hook};
use super::order;
use super::split::{self, HelmVersion};
use crate::diagnostic::ObjectId;
use crate::yaml::{self, Node};

/// One rendered YAML document.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The template that wrote it, as `# Source:` names it: `chart/templates/service.yaml`.
    pub source: Arc<str>,
    /// The text, which ends as the template wrote it.
    pub text: String,
    /// The text as a tree; its spans index `text`.
    pub node: Node,
    /// The fields that Helm reads.
    pub head: Head,
    /// Where `text` starts in the whole output of the template, in bytes.
    pub start: usize,
}

impl Manifest {
    /// Reads one document. `start` is where it starts in the output of its template.
    /// The error's text is that of `sigs.k8s.io/yaml.Unmarshal` into Helm's `SimpleHead`.
    pub fn read(source: Arc<str>, text: &str, start: usize) -> Result<Manifest, ParseError> {
        let error = |message: String, line| ParseError {
            source: source.clone(),
            document: text.to_owned(),
            start,
            message,
            line,
        };
        let node = yaml::parse(text).map_err(|e| error(e.to_string(), e.line()))?;
        let head = Head::of(&node).map_err(|message| error(message, None))?;
        Ok(Manifest { source, text: text.to_owned(), node, head, start })
    }

    /// What the object is called.
    pub fn id(&self) -> ObjectId {
        super::workload::object_id(&self.node)
    }
}

/// A rendered document that is not YAML, or not an object. Its `Display` is Helm's text.
#[derive(Clone, Debug)]
pub struct ParseError {
    /// The template that wrote the document.
    pub source: Arc<str>,
    /// The text of the document.
    pub document: String,
    /// Where the document starts in the output of the template, in bytes.
    pub start: usize,
    /// What is wrong, in the words of sigs.k8s.io/yaml.
    pub message: String,
    /// The line of the document, from 1, where it is known.
    pub line: Option<usize>,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "YAML parse error on {}: {}", self.source, self.message)
    }
}

impl std::error::Error for ParseError {}

/// The documents of a release in the order of installing.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    /// What is installed.
    pub manifests: Vec<Manifest>,
    /// What runs at a moment.
    pub hooks: Vec<Hook>,
    /// The values of the hook annotations that name an unknown moment, whose documents Helm drops.
    pub dropped_hooks: Vec<(Arc<str>, String)>,
}

/// Makes documents of the outputs of templates, given by path, and sorts them.
///
/// Helm: release/v1/util/manifest_sorter.go `SortManifests`. Partials and empty outputs are passed over. The error is that
/// of the first document that does not parse.
pub fn sort<'a>(
    outputs: impl IntoIterator<Item = (&'a str, &'a str)>,
    helm: HelmVersion,
) -> Result<Sorted, Box<ParseError>> {
    let mut outputs: Vec<(&str, &str)> = outputs.into_iter().collect();
    outputs.sort_unstable_by_key(|(path, _)| *path);
    let mut sorted = Sorted::default();
    for (path, text) in outputs {
        let base = path.rsplit('/').next().unwrap_or(path);
        if base.starts_with('_') {
            continue;
        }
        let source: Arc<str> = path.into();
        for range in split::split(text, helm) {
            let manifest = Manifest::read(source.clone(), &text[range.clone()], range.start)?;
            match hook::kind(&manifest.head) {
                hook::Kind::None => sorted.manifests.push(manifest),
                hook::Kind::Hook(events, weight) => sorted.hooks.push(Hook { manifest, events, weight }),
                hook::Kind::Unknown(names) => {
                    sorted.dropped_hooks.push((source.clone(), names.to_owned()));
                }
            }
        }
    }
    order::sort_by_kind(&mut sorted.manifests, helm, |manifest| &manifest.head.kind);
    order::sort_by_kind(&mut sorted.hooks, helm, |hook| &hook.manifest.head.kind);
    Ok(sorted)
}
