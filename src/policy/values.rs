//! [`ValuesSubject`]: values as rules look at them, merged as Helm merges them, each place with the layer that set it. They
//! are those of a chart and its dependencies, or of values files alone; nothing is rendered.

use crate::diagnostic::{FileLine, Layer, Location, ValueOrigin};
use crate::path::FieldPath;
use crate::source::SourceFile;
use crate::values::Layers;
use crate::yaml::Node;
use crate::yaml::edit;

/// The values that are judged.
#[derive(Debug)]
pub struct ValuesSubject {
    layers: Layers,
    charts: Vec<Values>,
}

/// The values that a chart sees.
#[derive(Debug)]
pub struct Values {
    /// The full path of the chart; empty where there is none.
    chart: String,
    /// All of them, without places.
    pub node: Node,
    /// What they were before, where somebody says.
    pub previous: Option<Node>,
    /// The version of what the chart installs, or else its own, where there is a chart.
    pub version: Option<String>,
    repeated: Vec<RepeatedKey>,
}

/// A key that stands twice in a map of a values file.
#[derive(Clone, Debug)]
pub struct RepeatedKey {
    /// Where a user sets it.
    pub path: FieldPath,
    /// The line where it stands first.
    pub first: usize,
    file: SourceFile,
    /// Whether the user named the file.
    is_given: bool,
    /// The line where it stands last, and whose value holds.
    line: usize,
}

impl RepeatedKey {
    /// The key itself.
    pub fn key(&self) -> String {
        self.path.steps().last().map(|step| step.as_key().into_owned()).unwrap_or_default()
    }

    /// The line where it stands again.
    pub(super) fn location(&self) -> Location {
        let text = self.file.line(self.line);
        let column = text.len() - text.trim_start().len() + 1;
        let source =
            FileLine { file: self.file.name().to_owned(), line: Some(self.line), column: Some(column) };
        Location {
            field: Some(self.path.clone()),
            source: Some(source),
            source_excerpt: Some(text.to_owned()),
            is_given: self.is_given,
            ..Location::default()
        }
    }
}

impl ValuesSubject {
    /// The values of all charts of the layers, and what they were before.
    pub fn new(layers: Layers, previous: Option<&Layers>) -> ValuesSubject {
        let repeated = repeated(&layers);
        let values = |chart: &str| Values {
            chart: chart.to_owned(),
            node: layers.node(chart),
            previous: previous.map(|previous| previous.node(chart)),
            version: layers.version(chart).map(str::to_owned),
            repeated: repeated.clone(),
        };
        let charts = layers.charts().into_iter().map(values).collect();
        ValuesSubject { layers, charts }
    }

    /// The values of each chart, those of the top one first.
    pub fn charts(&self) -> &[Values] {
        &self.charts
    }

    /// The files that they were read from, with their layers.
    pub fn files(&self) -> impl Iterator<Item = (&Layer, &SourceFile)> {
        self.layers.files()
    }

    /// Where a value of a chart was set.
    pub fn origin(&self, values: &Values, key: &FieldPath) -> ValueOrigin {
        self.layers.told(&values.chart, key)
    }

    /// A plain scalar as it is written, where a file sets it.
    pub(super) fn written(&self, values: &Values, key: &FieldPath) -> Option<String> {
        let origin = self.origin(values, key);
        let layer = origin.layer.as_ref()?;
        let (_, file) = self.layers.files().find(|(known, _)| *known == layer)?;
        let offset = file.offset(origin.line?, origin.column?);
        let rest = file.text().get(offset..)?;
        let end = rest.find(|c: char| c.is_whitespace() || ",]}".contains(c)).unwrap_or(rest.len());
        Some(rest[..end].to_owned())
    }

    /// The line that a value leads to, or the nearest one around it.
    pub(super) fn location(&self, origin: &ValueOrigin) -> Location {
        let near = origin.nearest.as_ref();
        let layer = origin.layer.as_ref().or(near.map(|near| &near.layer));
        let line = origin.line.or(near.and_then(|near| near.line));
        let mut location = Location { field: Some(origin.path.clone()), ..Location::default() };
        if let Some((layer, name)) = layer.and_then(|layer| Some((layer, layer.file()?))) {
            let file = self.layers.files().find(|(known, _)| *known == layer).map(|(_, file)| file);
            location.source = Some(FileLine { file: name.to_owned(), line, column: origin.column });
            location.source_excerpt = file.and_then(|file| Some(file.line(line?).to_owned()));
            location.is_given = !matches!(layer, Layer::Chart(_));
        }
        location
    }
}

impl Values {
    /// The keys that stand twice in the map at the path.
    pub fn repeated_in<'a>(&'a self, path: &FieldPath) -> impl Iterator<Item = &'a RepeatedKey> + use<'a> {
        let path = path.clone();
        self.repeated.iter().filter(move |key| {
            let steps = key.path.steps();
            steps.split_last().is_some_and(|(_, map)| map.ends_with(path.steps()))
        })
    }
}

/// The keys that stand twice in a file.
pub fn repeated(layers: &Layers) -> Vec<RepeatedKey> {
    let mut found = Vec::new();
    for (layer, file) in layers.files() {
        for (path, lines) in edit::repeated(file.text()) {
            let (Some(first), Some(line)) = (lines.first(), lines.last()) else { continue };
            found.push(RepeatedKey {
                path,
                first: *first,
                file: file.clone(),
                is_given: !matches!(layer, Layer::Chart(_)),
                line: *line,
            });
        }
    }
    found
}
