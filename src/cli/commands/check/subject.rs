//! From a rendered chart, or from rendered YAML, to what rules look at. The text is put together as `plimsoll template
//! --include-crds` prints it, and every document knows where it stands in it.

use std::ops::Range;

use crate::chart::Chart;
use crate::manifest::{HelmVersion, Manifest, split};
use crate::policy::{ChartSubject, Document, Role, Subject, YamlFile};
use crate::render::Rendered;
use crate::source::SourceFile;
use crate::yaml;

/// What was loaded of a chart, kept aside because rendering consumes it.
pub(crate) fn chart(chart: &Chart) -> Result<ChartSubject, yaml::Error> {
    let file = |name: &str| chart.raw_file(name).map(|file| YamlFile::parse(name, &file.text())).transpose();
    let metadata = match file("Chart.yaml")? {
        Some(metadata) => metadata,
        None => YamlFile::parse("Chart.yaml", "")?,
    };
    let mut templates = Vec::new();
    collect_templates(chart, &mut templates);
    let vendored = chart.dependencies.iter().map(|dependency| dependency.name().to_owned()).collect();
    Ok(ChartSubject { metadata, values: file("values.yaml").unwrap_or_default(), templates, vendored })
}

fn collect_templates(chart: &Chart, found: &mut Vec<SourceFile>) {
    for file in &chart.templates {
        found.push(SourceFile::new(below(&chart.dir, &file.name), &*file.text()));
    }
    for dependency in &chart.dependencies {
        collect_templates(dependency, found);
    }
}

/// A path below a folder of the chart.
fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The text and documents of a release.
#[derive(Default)]
pub(crate) struct Text {
    whole: String,
    documents: Vec<Document>,
    /// Where hooks begin; the service sees nothing of them.
    hooks: usize,
}

impl Text {
    /// Of a rendered chart. `sources` gives the file on disk of the name that Helm gives a template.
    pub(crate) fn of(rendered: &Rendered, source: impl Fn(&str) -> String) -> Result<Text, yaml::Error> {
        let mut text = Text::default();
        for crd in &rendered.crds {
            let content = crd.text.to_str();
            let start = text.push(&crd.source, &content);
            for range in split::split(&content, HelmVersion::Helm4) {
                let node = yaml::parse(&content[range.clone()])?;
                let offset = range.start;
                let range = start + range.start..start + range.end;
                let template = (crd.source.as_str(), offset);
                text.documents.push(document(source(&crd.source), template, node, range, Role::Crd));
            }
        }
        for manifest in &rendered.manifests {
            text.add(manifest, &source, Role::Manifest);
        }
        text.end_manifests();
        text.hooks = text.whole.len();
        for hook in &rendered.hooks {
            text.add(&hook.manifest, &source, Role::Hook);
        }
        Ok(text)
    }

    fn add(&mut self, manifest: &Manifest, source: &impl Fn(&str) -> String, role: Role) {
        let start = self.push(&manifest.source, &manifest.text);
        let range = start..start + manifest.text.len();
        let template = (&*manifest.source, manifest.start);
        self.documents.push(document(source(&manifest.source), template, manifest.node.clone(), range, role));
    }

    /// Leaves one line break behind the manifests, as Helm does. Helm: cmd/template.go.
    fn end_manifests(&mut self) {
        let end = self.whole.trim_end().len();
        self.whole.truncate(end);
        self.whole.push('\n');
        if let Some(last) = self.documents.last_mut() {
            last.end = last.end.min(self.whole.len());
        }
    }

    /// Appends a document and says where its content starts.
    fn push(&mut self, source: &str, content: &str) -> usize {
        self.whole.push_str("---\n# Source: ");
        self.whole.push_str(source);
        self.whole.push('\n');
        let start = self.whole.len();
        self.whole.push_str(content);
        self.whole.push('\n');
        start
    }

    /// Of YAML that somebody rendered before.
    pub(crate) fn of_yaml(text: String) -> Result<Text, (usize, yaml::Error)> {
        let mut documents = Vec::new();
        for range in split::split(&text, HelmVersion::Helm4) {
            let line = || text[..range.start].matches('\n').count();
            let node = yaml::parse(&text[range.clone()]).map_err(|error| (line(), error))?;
            let hook =
                node.at(&["metadata", "annotations", "helm.sh/hook"]).is_some_and(|hook| !hook.is_null());
            let role = if hook { Role::Hook } else { Role::Manifest };
            let source = source_comment(&text[range.clone()]).unwrap_or_default();
            documents.push(document(source, ("", range.start), node, range, role));
        }
        let hooks = text.len();
        Ok(Text { whole: text, documents, hooks })
    }

    /// What the service is given: everything but hooks.
    pub(crate) fn for_service(&self) -> String {
        if self.hooks < self.whole.len() || self.documents.iter().all(|document| document.role != Role::Hook)
        {
            return self.whole[..self.hooks].to_owned();
        }
        let kept = self.documents.iter().filter(|document| document.role != Role::Hook);
        kept.map(|document| format!("---\n{}\n", &self.whole[document.start..document.end])).collect()
    }

    /// The subject.
    pub(crate) fn subject(self, chart: Option<ChartSubject>, namespace: &str) -> Subject {
        Subject {
            chart,
            text: SourceFile::new("rendered manifests", self.whole),
            documents: self.documents,
            request: None,
            namespace: namespace.to_owned(),
            extra_kinds: Vec::new(),
        }
    }
}

fn document(
    source: String,
    (template, offset): (&str, usize),
    node: yaml::Node,
    range: Range<usize>,
    role: Role,
) -> Document {
    let Range { start, end } = range;
    Document { source, template: template.to_owned(), offset, node, start, end, role }
}

/// The file that a `# Source:` comment names, without the name of the chart.
fn source_comment(text: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.strip_prefix("# Source: "))?;
    line.split_once('/').map(|(_, path)| path.trim_end().to_owned())
}
