//! Values that do not fit `values.schema.json`: each told at the line of the layer that sets it, with the line of the schema.

use crate::diagnostic::{Diagnostic, FileLine, Layer, Location, Severity, ValueOrigin};
use crate::path::{FieldPath, Step};
use crate::render::Error;
use crate::schema::misfit::{ADDITIONAL, REQUIRED};
use crate::source::SourceFile;
use crate::suggest;
use crate::values::{Layers, Misfit};
use crate::yaml::{self, Data, Entry, Node};

use super::rendering::Rendering;

/// A finding for each value that does not fit; none where something else is wrong.
pub(super) fn told(error: &Error, rendering: &Rendering<'_>) -> Vec<Diagnostic> {
    let (Error::Values(inner) | Error::Dependencies(inner)) = error else { return Vec::new() };
    if inner.misfits.is_empty() {
        return Vec::new();
    }
    let layers = Layers::new(rendering.chart, &rendering.user, rendering.request.helm);
    let mut told = Vec::new();
    for misfit in &inner.misfits {
        let diagnostic = diagnostic(misfit, &layers);
        if !told.contains(&diagnostic) {
            told.push(diagnostic);
        }
    }
    told
}

fn diagnostic(misfit: &Misfit, layers: &Layers) -> Diagnostic {
    let value = layers.told(&misfit.chart, &misfit.what.path);
    let schema = Schema::read(misfit);
    let mut diagnostic =
        Diagnostic::new("VAL002", "unusable-values", Severity::Error, message(misfit, &value.path));
    diagnostic.location = location(&value, layers);
    if let Some(schema) = &schema {
        diagnostic.related.extend(schema.location(misfit));
        diagnostic.suggestions = schema.meant(misfit, &value.path);
    }
    diagnostic.help = Some(match (diagnostic.suggestions.first(), misfit.what.keyword) {
        (Some(meant), _) => format!("did you mean `{}`?", meant.to_set_expression()),
        (None, REQUIRED) => "set it".to_owned(),
        (None, ADDITIONAL) => "remove the key, or allow it in the schema".to_owned(),
        (None, _) => "set the value as the schema wants it".to_owned(),
    });
    diagnostic.origin.values = vec![value];
    diagnostic
}

fn message(misfit: &Misfit, path: &FieldPath) -> String {
    let (file, what) = (&misfit.file, &misfit.what);
    let path =
        if path.is_root() { "the values".to_owned() } else { format!("`{}`", path.to_set_expression()) };
    match what.keyword {
        REQUIRED => format!("{path} is missing, which {file} requires"),
        ADDITIONAL => format!("{path} is no key that {file} allows"),
        _ => format!("{path} does not fit {file}: {}", what.message),
    }
}

/// Where a value is set, or the table in which it is missing.
fn location(value: &ValueOrigin, layers: &Layers) -> Location {
    let nearest = value.nearest.as_ref();
    let layer = value.layer.as_ref().or(nearest.map(|nearest| &nearest.layer));
    let line = value.line.or(nearest.and_then(|nearest| nearest.line));
    let file = layer.and_then(|layer| layers.files().find(|(own, _)| *own == layer));
    Location {
        field: (!value.path.is_root()).then(|| value.path.clone()),
        source: layer.and_then(Layer::file).map(|file| FileLine {
            file: file.to_owned(),
            line,
            column: value.column,
        }),
        source_excerpt: file.and_then(|(_, text)| Some(text.line(line?).to_owned())),
        is_given: layer.is_some_and(|layer| !matches!(layer, Layer::Chart(_))),
        ..Location::default()
    }
}

/// The text of a schema, to find places in it.
struct Schema {
    text: SourceFile,
    node: Node,
}

impl Schema {
    fn read(misfit: &Misfit) -> Option<Schema> {
        let text = String::from_utf8_lossy(&misfit.text).into_owned();
        let node = yaml::parse(&text).ok()?;
        Some(Schema { text: SourceFile::new(misfit.file.clone(), text), node })
    }

    /// The schema at the JSON pointer of a misfit.
    fn at<'a>(&'a self, misfit: &Misfit) -> Option<&'a Node> {
        let pointer = misfit.what.schema.as_deref()?;
        pointer.split('/').skip(1).try_fold(&self.node, |node, token| {
            let token = decoded(token);
            match &node.data {
                Data::Seq(items) => items.get(token.parse::<usize>().ok()?),
                _ => node.get(&token),
            }
        })
    }

    /// The line of the keyword, or of the schema that has it.
    fn location(&self, misfit: &Misfit) -> Option<Location> {
        let node = self.at(misfit)?;
        let keyword = entries(node).iter().find(|entry| entry.key == misfit.what.keyword);
        let at = keyword.map_or(node.span.start, |entry| entry.key_span.start);
        let position = self.text.position(at as usize);
        let (line, column) = (position.line, position.column);
        Some(Location {
            source: Some(FileLine { file: misfit.file.clone(), line: Some(line), column: Some(column) }),
            source_excerpt: Some(self.text.line(line).to_owned()),
            ..Location::default()
        })
    }

    /// The key that was meant by one that is not allowed.
    fn meant(&self, misfit: &Misfit, path: &FieldPath) -> Vec<FieldPath> {
        let (ADDITIONAL, Some((Step::Key(key), above))) = (misfit.what.keyword, path.steps().split_last())
        else {
            return Vec::new();
        };
        let properties = self.at(misfit).and_then(|node| node.get("properties"));
        let names = properties.map(entries).unwrap_or_default().iter().map(|entry| entry.key.as_str());
        let meant = suggest::closest(key, names);
        meant.map(|meant| FieldPath::new(above.to_vec()).key(meant)).into_iter().collect()
    }
}

fn entries(node: &Node) -> &[Entry] {
    match &node.data {
        Data::Map(entries) => entries,
        _ => &[],
    }
}

/// A token of a JSON pointer in a URL.
fn decoded(token: &str) -> String {
    let token = percent(token);
    token.replace("~1", "/").replace("~0", "~")
}

fn percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let byte = byte.filter(|_| *first == b'%');
        rest = if byte.is_some() { &after[2..] } else { after };
        bytes.push(byte.unwrap_or(*first));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
