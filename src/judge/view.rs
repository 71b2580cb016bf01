//! [`View`]: a whole release with the origin of each line, and all values with the layers that set them, for a report that
//! shows everything. What stands in a Secret is left out of it.

use std::collections::BTreeSet;

use crate::diagnostic::{ObjectId, ValueOrigin};
use crate::manifest::workload;
use crate::policy::{Document, Role, Subject};
use crate::render::Origins;

/// A release as a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Its documents, in the order of the text.
    pub documents: Vec<Page>,
    /// Its values, in order.
    pub values: Vec<Shown>,
}

/// A document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Its object, or the list that it is.
    pub object: ObjectId,
    /// The file that it comes from; empty where nobody knows.
    pub source: String,
    /// Whether it is a hook.
    pub is_hook: bool,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A line of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its number in the rendered text, from 1.
    pub number: usize,
    /// What stands there; nothing where that is nobody's business.
    pub text: Option<String>,
    /// The file that wrote it, and the line there.
    pub source: Option<(String, usize)>,
    /// The values that were read for it, as a user sets them.
    pub values: Vec<String>,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// What it is and which layer set it.
    pub origin: ValueOrigin,
    /// Whether some line was written with it, or stands behind it.
    pub reaches: bool,
    /// Whether it goes into a Secret, so that what it is is nobody's business.
    pub is_secret: bool,
}

/// The whole of a release.
pub(super) fn of(subject: &Subject, origins: Option<&Origins>) -> View {
    let (mut reached, mut secret) = (BTreeSet::new(), BTreeSet::new());
    let mut documents = Vec::new();
    for document in subject.documents.iter().filter(|document| !document.node.is_null()) {
        let objects = workload::objects(&document.node);
        let is_secret = objects.iter().any(|object| object.id.kind == "Secret");
        let mut page = Page {
            object: objects.into_iter().next().map(|object| object.id).unwrap_or_default(),
            source: document.source.clone(),
            is_hook: document.role == Role::Hook,
            lines: Vec::new(),
        };
        let mut hides = false;
        let text = document.text(&subject.text);
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let is_key = !line.starts_with([' ', '\t', '#', '-']);
            // Names and labels of a Secret may be seen, what it holds may not.
            hides = is_secret
                && if is_key {
                    ["data:", "stringData:"].iter().any(|key| line.starts_with(key))
                } else {
                    hides
                };
            let shown = Line {
                number: subject.text.line_of(document.start + offset),
                text: (!hides).then(|| line.trim_end().to_owned()),
                ..Line::default()
            };
            page.lines.push(with_origin(shown, document, offset, line, origins, &mut |path, is_line| {
                reached.insert(path.to_owned());
                if is_secret && is_line && hides {
                    secret.insert(path.to_owned());
                }
            }));
            offset += line.len();
        }
        documents.push(page);
    }
    let leaves = origins.map(Origins::leaves).unwrap_or_default();
    let is_in = |set: &BTreeSet<String>, path: &str| {
        let below = |known: &String| known == path || begins(known, path) || begins(path, known);
        set.iter().any(below)
    };
    let shown = |origin: ValueOrigin| {
        let path = origin.path.to_string();
        Shown { reaches: is_in(&reached, &path), is_secret: is_in(&secret, &path), origin }
    };
    View { documents, values: leaves.into_iter().map(shown).collect() }
}

/// Whether a path is one that leads through the other.
fn begins(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// The line with where it came from; each value that was read for it is told, and whether it stands in the line itself.
fn with_origin(
    shown: Line,
    document: &Document,
    offset: usize,
    line: &str,
    origins: Option<&Origins>,
    read: &mut dyn FnMut(&str, bool),
) -> Line {
    let indent = line.len() - line.trim_start().len();
    let end = line.trim_end().len();
    let Some(origins) = origins.filter(|_| indent < end && !document.template.is_empty()) else {
        return shown;
    };
    let start = document.offset + offset;
    let cause = origins.range(&document.template, start + indent..start + end);
    let mut values = Vec::new();
    for value in &cause.origin.values {
        let path = value.path.to_string();
        read(&path, true);
        if !values.contains(&path) {
            values.push(path);
        }
    }
    for condition in &cause.origin.conditions {
        read(&condition.path.to_string(), false);
    }
    let source = cause.source.and_then(|source| Some((source.file, source.line?)));
    Line { source, values, ..shown }
}
