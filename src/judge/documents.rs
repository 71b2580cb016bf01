//! [`Documents`]: a release as text with the place of every document in it, from what templates wrote or from YAML that
//! somebody rendered before. The text is that of `plimsoll template --include-crds`; what the platform's service is given,
//! which renders with another Helm, is made beside it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use crate::go::bytes::trim_space_end;
use crate::manifest::{Depth, HelmVersion, Manifest, ParseError, Sorted, hook, order, source, split};
use crate::policy::{ChartSubject, Clusters, Document, Request, Role, Subject};
use crate::render::{Crd, Executed};
use crate::source::SourceFile;
use crate::threads::in_parts;
use crate::value::Str;
use crate::yaml;

/// The text and documents of a release.
#[derive(Debug, Default)]
pub struct Documents {
    text: String,
    documents: Vec<Document>,
}

/// The files of `crds/` that were parsed: they are the same for all sets of values. A clone knows the same files.
#[derive(Clone, Debug, Default)]
pub struct Crds(Rc<RefCell<HashMap<String, (Str, Parts)>>>);

/// The documents of a file, each with its place.
type Parts = Rc<[(Range<usize>, Rc<yaml::Node>)]>;

impl Crds {
    /// The documents of a file: as they are known, if it had this text before.
    ///
    /// # Errors
    /// The first document that is no YAML.
    fn parts(&self, crd: &Crd) -> Result<Parts, Error> {
        if let Some((_, parts)) = self.0.borrow().get(&crd.source).filter(|(text, _)| *text == crd.text) {
            return Ok(Rc::clone(parts));
        }
        let content = crd.text.to_str();
        let part = |range: Range<usize>| {
            let node = yaml::parse(&content[range.clone()]);
            let node = node.map_err(|error| Error::new(error, &content, range.clone()))?;
            Ok((range, Rc::new(node)))
        };
        let parts = split::split(content.as_ref(), HelmVersion::Helm4).into_iter().map(part);
        let parts: Parts = parts.collect::<Result<_, Error>>()?;
        self.0.borrow_mut().insert(crd.source.clone(), (crd.text.clone(), Rc::clone(&parts)));
        Ok(parts)
    }
}

/// A text that is no YAML.
#[derive(Clone, Debug)]
pub struct Error {
    /// The file, where the text is one of the chart's.
    pub file: Option<String>,
    /// What is wrong.
    pub cause: yaml::Error,
    /// The line in the whole text, from 1, where it is known.
    pub line: Option<usize>,
    /// The document.
    pub document: Box<str>,
    /// How many lines stand above it.
    pub above: usize,
}

impl Error {
    /// An error in a document of the text.
    fn new(error: yaml::Error, text: &str, document: Range<usize>) -> Error {
        let above = text[..document.start].matches('\n').count();
        let line = error.line().map(|line| line + above);
        Error { file: None, line, cause: error, document: text[document].into(), above }
    }
}

impl Documents {
    /// Of a rendered chart, its documents as Helm 4 sorts them. `file` gives the file on disk of the name that Helm gives a
    /// template.
    ///
    /// # Errors
    /// The first file of `crds/` that is no YAML.
    pub fn of_release(
        executed: &Executed,
        sorted: &Sorted,
        crds: &Crds,
        file: impl Fn(&str) -> String,
    ) -> Result<Documents, Error> {
        let hooks = sorted.hooks.iter().map(|hook| &hook.manifest);
        let manifests = sorted.manifests.iter().chain(hooks).map(|it| it.source.len() + it.text.len() + HEAD);
        let size = manifests.sum::<usize>() + size_of(&executed.crds);
        let mut release = Documents { text: String::with_capacity(size), ..Documents::default() };
        for crd in &executed.crds {
            let start = push(&mut release.text, &crd.source, &crd.text.to_str());
            let path = file(&crd.source);
            let parts = crds.parts(crd).map_err(|error| Error { file: Some(path.clone()), ..error })?;
            for (range, node) in &*parts {
                release.documents.push(Document {
                    source: path.clone(),
                    template: crd.source.clone(),
                    offset: range.start,
                    node: Rc::clone(node),
                    start: start + range.start,
                    end: start + range.end,
                    role: Role::Crd,
                });
            }
        }
        for manifest in &sorted.manifests {
            release.add(manifest, &file, Role::Manifest);
        }
        release.end_manifests();
        for hook in &sorted.hooks {
            release.add(&hook.manifest, &file, Role::Hook);
        }
        Ok(release)
    }

    fn add(&mut self, manifest: &Manifest, file: &impl Fn(&str) -> String, role: Role) {
        let text = manifest.text.to_str();
        let start = push(&mut self.text, &manifest.source, &text);
        self.documents.push(Document {
            source: file(&manifest.source),
            template: manifest.source.to_string(),
            offset: manifest.start,
            node: Rc::clone(manifest.node.shared()),
            start,
            end: start + text.len(),
            role,
        });
    }

    /// Leaves one line break behind the manifests, as Helm does. Helm: cmd/template.go.
    fn end_manifests(&mut self) {
        let end = self.text.trim_end().len();
        self.text.truncate(end);
        self.text.push('\n');
        if let Some(last) = self.documents.last_mut() {
            last.end = last.end.min(self.text.len());
        }
    }

    /// Of YAML that somebody rendered before, read on so many threads.
    ///
    /// # Errors
    /// The first document that is no YAML.
    pub fn of_yaml(text: String, threads: usize) -> Result<Documents, Error> {
        let mut documents = Vec::new();
        let ranges = split::split(&text, HelmVersion::Helm4);
        let read = |range: &Range<usize>| yaml::parse(&text[range.clone()]);
        let nodes = in_parts(&ranges, threads, |part| part.iter().map(read).collect());
        for (Range { start, end }, node) in ranges.into_iter().zip(nodes) {
            let document = &text[start..end];
            let node = node.map_err(|error| Error::new(error, &text, start..end))?;
            let hook = node.at(&["metadata", "annotations", hook::HOOK]).is_some_and(|hook| !hook.is_null());
            let role = if hook { Role::Hook } else { Role::Manifest };
            let source = source::path_in_chart(document).unwrap_or_default().to_owned();
            documents.push(Document {
                source,
                template: String::new(),
                offset: start,
                node: Rc::new(node),
                start,
                end,
                role,
            });
        }
        Ok(Documents { text, documents })
    }

    /// What the documents of a role say.
    pub fn nodes(&self, role: Role) -> impl Iterator<Item = &yaml::Node> {
        self.documents.iter().filter(move |document| document.role == role).map(|document| &*document.node)
    }

    /// Whether nothing is there, hooks neither.
    pub fn is_empty(&self) -> bool {
        self.documents.iter().all(|document| document.node.is_null())
    }

    /// What the service is given of YAML that somebody rendered before: everything but hooks.
    pub fn without_hooks(&self) -> String {
        if self.documents.iter().all(|document| document.role != Role::Hook) {
            return self.text.clone();
        }
        let kept = self.documents.iter().filter(|document| document.role != Role::Hook);
        kept.map(|document| format!("---\n{}\n", &self.text[document.start..document.end])).collect()
    }

    /// What rules look at.
    pub fn subject(
        self,
        chart: Option<ChartSubject>,
        request: Option<Request>,
        namespace: &str,
        extra_kinds: Vec<String>,
    ) -> Subject {
        Subject {
            chart,
            text: SourceFile::new("rendered manifests", self.text),
            documents: self.documents,
            request,
            namespace: namespace.to_owned(),
            extra_kinds,
            values: None,
            log: Vec::new(),
            clusters: Clusters::default(),
            own_names: None,
        }
    }
}

/// More bytes than stand around the name and the content of a document.
const HEAD: usize = "---\n# Source: \n\n".len();

/// How many bytes files of `crds/` take in the text of a release.
fn size_of(crds: &[Crd]) -> usize {
    crds.iter().map(|crd| crd.source.len() + crd.text.len() + HEAD).sum()
}

/// Appends a document and says where its content starts.
fn push(text: &mut String, template: &str, content: &str) -> usize {
    text.push_str(&source::head(template));
    let start = text.len();
    text.push_str(content);
    text.push('\n');
    start
}

/// What the platform's service is given of a release, which it renders with Helm 3.18.5: CRDs and manifests in that Helm's
/// documents and order, no hooks. `sorted` are the documents of Helm 4, which need not be parsed again where they are the
/// same.
///
/// # Errors
/// A document that only this Helm makes, and that is no YAML.
pub fn service_text(executed: &Executed, sorted: &Sorted) -> Result<String, Box<ParseError>> {
    let manifests = sorted.manifests.iter().map(|manifest| (manifest, false));
    let hooks = sorted.hooks.iter().map(|hook| (&hook.manifest, true));
    let known: HashMap<(&str, usize), (&Manifest, bool)> = manifests
        .chain(hooks)
        .map(|(manifest, is_hook)| ((&*manifest.source, manifest.start), (manifest, is_hook)))
        .collect();
    let mut documents: Vec<(Cow<'_, str>, &str, Cow<'_, str>)> = Vec::new();
    for output in executed.in_order() {
        for range in split::split(&output.text, HelmVersion::Helm3) {
            let document = &output.text.as_bytes()[range.clone()];
            let (kind, is_left_out) = match known.get(&(output.name.as_str(), range.start)) {
                Some((manifest, is_hook)) if trim_space_end(manifest.text.as_bytes()) == document => {
                    (Cow::Borrowed(manifest.head.kind.as_str()), *is_hook)
                }
                _ => {
                    let manifest =
                        Manifest::read(&output.name.as_str().into(), &output.text, range, Depth::Head)?;
                    let is_hook = !matches!(hook::kind(&manifest.head), hook::Kind::None);
                    (Cow::Owned(manifest.head.kind), is_hook)
                }
            };
            if !is_left_out {
                documents.push((kind, &output.name, String::from_utf8_lossy(document)));
            }
        }
    }
    order::sort_by_kind(&mut documents, HelmVersion::Helm3, |(kind, ..)| kind);
    let size = documents.iter().map(|(_, template, content)| template.len() + content.len() + HEAD);
    let mut text = String::with_capacity(size.sum::<usize>() + size_of(&executed.crds));
    for crd in &executed.crds {
        push(&mut text, &crd.source, &crd.text.to_str());
    }
    for (_, template, content) in &documents {
        push(&mut text, template, content);
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    Ok(text)
}
