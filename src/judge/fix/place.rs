//! [`Place`]: where a chart or its values write a field of a rendered object, and the edits there that would change it. What
//! is given are proposals: whoever makes one renders again and sees whether it did what was wanted.

use std::ops::Range;

use super::draft::{File, How, SourceEdit};
use super::why::Why;
use crate::chart::Chart;
use crate::diagnostic::{Edit, Layer, ValueOrigin};
use crate::path::{FieldPath, Step};
use crate::policy::Document;
use crate::render::{Origins, Part};
use crate::yaml::edit::{Change, block, inline, is_collection};
use crate::yaml::{Data, Found, Node};

/// What may be changed.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// The files of a chart that is a folder, and the user's values files.
    Folder,
    /// The user's values files, since the chart is an archive.
    Values,
    /// A values file over all others, of that name.
    Overlay(&'a str),
}

/// An object of a release, and where it came from.
pub struct Place<'a> {
    /// The chart as it was loaded.
    pub chart: &'a Chart,
    /// Where the release came from.
    pub origins: &'a Origins,
    /// The document, and the text that its positions count in.
    pub document: &'a Document,
    /// The text of the document.
    pub text: &'a str,
    /// The object in it.
    pub object: &'a FieldPath,
    /// What may be changed.
    pub scope: Scope<'a>,
}

/// A range of bytes in a file of the chart.
pub struct Written {
    /// The file, by its path below the chart.
    pub file: String,
    /// The bytes.
    pub range: Range<usize>,
}

impl<'a> Place<'a> {
    /// The edits of which each alone may do what the edit of the object does, likeliest first.
    ///
    /// # Errors
    /// There is none, and why.
    pub fn proposals(&self, edit: &Edit) -> Result<Vec<SourceEdit>, Why> {
        let (path, value) = match edit {
            Edit::Set { path, value } if !path.is_root() => (path, Some(value)),
            Edit::Remove { path } if !path.is_root() => (path, None),
            _ => return Err(Why::Whole),
        };
        let full = self.object.join(path);
        let found = full.find(&self.document.node);
        let mut refused = Why::NoPlace;
        let mut proposals = Vec::new();
        let mut take = |proposal: Result<Option<SourceEdit>, Why>| match proposal {
            Ok(proposal) => proposals.extend(proposal),
            Err(why) => refused = why,
        };
        take(self.in_values(&full, &found, value));
        if let Scope::Overlay(_) = self.scope {
            if let Some(value) = value.filter(|_| !found.exact) {
                self.conditions(&full, &found, value).into_iter().for_each(take);
            }
            return if proposals.is_empty() { Err(or_template(refused)) } else { Ok(proposals) };
        }
        match value {
            Some(value) if found.exact => take(self.rewrite(&found, value)),
            Some(value) => {
                self.conditions(&full, &found, value).into_iter().for_each(&mut take);
                take(self.insert(&full, &found, value));
            }
            None if found.exact => take(self.delete(&full, &found)),
            None => {}
        }
        if proposals.is_empty() { Err(refused) } else { Ok(proposals) }
    }

    /// The change of the value that prints the field.
    fn in_values(
        &self,
        full: &FieldPath,
        found: &Found<'_>,
        value: Option<&serde_json::Value>,
    ) -> Result<Option<SourceEdit>, Why> {
        let below = if found.exact { first_leaf(found.node) } else { FieldPath::root() };
        let leaf = full.join(&below);
        let node = &self.document.node;
        let cause = self.origins.field(&self.document.template, self.document.offset, node, &leaf);
        let [printed] = cause.origin.values.as_slice() else { return Ok(None) };
        if !found.exact && matches!(found.node.data, Data::Seq(_)) {
            return Ok(None);
        }
        let Some(path) = above(&printed.path, &below).filter(|path| !path.is_root()) else { return Ok(None) };
        self.set_value(printed, path, value).map(Some)
    }

    /// As [`set_value`], within what may be changed here.
    pub(super) fn set_value(
        &self,
        origin: &ValueOrigin,
        path: FieldPath,
        value: Option<&serde_json::Value>,
    ) -> Result<SourceEdit, Why> {
        set_value(origin, path, value, self.scope)
    }

    /// The edit of the scalar or list that a template says in so many words.
    fn rewrite(&self, found: &Found<'_>, value: &serde_json::Value) -> Result<Option<SourceEdit>, Why> {
        let range = self.content(found.node);
        let Some(Written { file, range }) = self.written(range)? else { return Ok(None) };
        let Some(text) = self.source(&file) else { return Ok(None) };
        let old = &text[range.clone()];
        let is_block = matches!(found.node.data, Data::Map(_) | Data::Seq(_)) && !old.starts_with(['{', '[']);
        let new = match value {
            value if is_block && is_collection(value) => {
                let indent = " ".repeat(text[..range.start].len() - line_start(text, range.start));
                block(value).replace('\n', &format!("\n{indent}"))
            }
            // It would stand on a line of its own below its key.
            _ if is_block => return Ok(None),
            serde_json::Value::String(word) if old.starts_with('"') => {
                serde_json::Value::from(word.as_str()).to_string()
            }
            value => inline(value),
        };
        Ok(Some(SourceEdit { file: File::Chart(file), how: How::Splice(range, new) }))
    }

    /// The edit that takes out the lines of a template that say the field.
    fn delete(&self, full: &FieldPath, found: &Found<'_>) -> Result<Option<SourceEdit>, Why> {
        let content = self.content(found.node);
        let start = found.key.map_or(content.start, |key| key.start as usize);
        let line = line_start(self.text, start);
        let is_item = matches!(full.steps().last(), Some(Step::Index(_) | Step::Item(_)));
        let is_alone = |before: &str| match is_item {
            true => before.trim_start().strip_prefix('-').is_some_and(|rest| rest.trim().is_empty()),
            false => before.trim().is_empty(),
        };
        if !is_alone(&self.text[line..start]) {
            return Ok(None);
        }
        let dash = line + (self.text[line..start].len() - self.text[line..start].trim_start().len());
        let key = dash..found.key.map_or(start + 1, |key| key.end as usize);
        let whole = self.written(dash..content.end.max(key.end))?;
        let is_whole = whole.is_some();
        let Some(Written { file, range }) = (if is_whole { whole } else { self.written(key)? }) else {
            return Ok(None);
        };
        let Some(text) = self.source(&file) else { return Ok(None) };
        let first = line_start(text, range.start);
        let end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at + 1);
        let rest = text[range.end..end].trim();
        let ends = rest.is_empty() || rest.starts_with('#');
        let fits = if is_whole { ends } else { prints_on_its_line(&text[range.start..end]) };
        if !text[first..range.start].trim().is_empty() || !fits {
            return Ok(None);
        }
        let how = How::Splice(first..end, String::new());
        Ok(Some(SourceEdit { file: File::Chart(file), how }))
    }

    /// The bytes of a node in the document, without blank lines and comments behind it.
    fn content(&self, node: &Node) -> Range<usize> {
        let span = node.span.range();
        let text = self.text.get(span.clone()).unwrap_or_default();
        span.start..span.start + text.trim_end().len()
    }

    /// Where a template says a range of the document in so many words.
    ///
    /// # Errors
    /// It lies where nothing may be changed.
    pub fn written(&self, range: Range<usize>) -> Result<Option<Written>, Why> {
        let offset = self.document.offset;
        let range = offset + range.start..offset + range.end;
        let parts = self.origins.parts(&self.document.template, range.clone());
        let Some(first) = parts.first() else { return Ok(None) };
        let is_next = |part: &Part| {
            part.is_text
                && part.source.file == first.source.file
                && part.pos.checked_sub(first.pos).map(|pos| pos as usize)
                    == part.start.checked_sub(first.start)
        };
        if !parts.iter().all(is_next) {
            return Ok(None);
        }
        let start = first.pos as usize;
        let file = self.origins.on_disk(&first.source.file);
        if self.chart.raw_file(&file).is_none() {
            let archive = file.starts_with("charts/");
            return if archive { Err(Why::Archive) } else { Ok(None) };
        }
        self.may_change(&file)?;
        Ok(Some(Written { file, range: start..start + range.len() }))
    }

    /// Refuses files of charts that come from elsewhere.
    fn may_change(&self, file: &str) -> Result<(), Why> {
        if matches!(self.scope, Scope::Values) {
            return Err(Why::Archive);
        }
        let mut chart = self.chart;
        while let Some(below) =
            chart.dependencies.iter().find(|below| file.starts_with(&format!("{}/", below.dir)))
        {
            let named = chart.metadata.dependencies().iter().find(|named| named.name == below.name());
            if let Some(named) = named.filter(|named| named.is_from_elsewhere()) {
                let repository = named.repository.clone();
                return Err(Why::Dependency { file: below.dir.clone(), repository });
            }
            chart = below;
        }
        Ok(())
    }

    /// The text of a file of the chart.
    pub fn source(&self, file: &str) -> Option<&'a str> {
        std::str::from_utf8(&self.chart.raw_file(file)?.data).ok()
    }
}

/// The edit that sets or removes a value, in the layer that sets it or what `origin` was taken from.
pub fn set_value(
    origin: &ValueOrigin,
    path: FieldPath,
    value: Option<&serde_json::Value>,
    scope: Scope<'_>,
) -> Result<SourceEdit, Why> {
    let set = |path: FieldPath, value: &serde_json::Value| Change::Set { path, value: value.clone() };
    let null = &serde_json::Value::Null;
    if let Scope::Overlay(name) = scope {
        if let Some(list) = list_in(&path) {
            return Err(Why::List(list));
        }
        let how = How::Change(set(path, value.unwrap_or(null)));
        return Ok(SourceEdit { file: File::Overlay(name.to_owned()), how });
    }
    let (file, is_below) = file_of(origin, scope)?;
    let change = match value {
        Some(value) => set(path, value),
        // What a subchart says is taken away from above it.
        None if is_below => set(path, null),
        None => Change::Remove { path },
    };
    Ok(SourceEdit { file, how: How::Change(change) })
}

/// The edit that takes a value to another key of the file that sets it, as it is written.
pub fn moved(
    origin: &ValueOrigin,
    path: &FieldPath,
    to: &FieldPath,
    scope: Scope<'_>,
) -> Result<SourceEdit, Why> {
    if let Scope::Overlay(_) = scope {
        return Err(Why::Template);
    }
    let (file, _) = file_of(origin, scope)?;
    let (path, to) = (path.clone(), to.clone());
    let change = match to.steps().last() {
        Some(Step::Key(key)) if path.parent() == to.parent() => Change::Rename { path, key: key.clone() },
        _ => Change::Move { path, to },
    };
    Ok(SourceEdit { file, how: How::Change(change) })
}

/// The file in which a value is changed, and whether that is one above the chart that sets it.
fn file_of(origin: &ValueOrigin, scope: Scope<'_>) -> Result<(File, bool), Why> {
    let (file, is_below) = match &origin.layer {
        Some(Layer::File(name)) if name.trim() != "-" => (File::Given(name.clone()), false),
        Some(Layer::Chart(name)) if name != VALUES => (File::Chart(VALUES.to_owned()), true),
        None | Some(Layer::Chart(_)) => (File::Chart(VALUES.to_owned()), false),
        Some(layer) => return Err(Why::Layer(layer.to_string())),
    };
    match (&file, scope) {
        (File::Chart(_), Scope::Values) => Err(Why::Archive),
        _ => Ok((file, is_below)),
    }
}

/// The values file of a chart.
const VALUES: &str = "values.yaml";

fn or_template(why: Why) -> Why {
    if why == Why::NoPlace { Why::Template } else { why }
}

/// The way to the first thing below a node that holds nothing itself.
fn first_leaf(node: &Node) -> FieldPath {
    let below = match &node.data {
        Data::Map(entries) => {
            entries.first().map(|entry| FieldPath::root().key(&entry.key).join(&first_leaf(&entry.value)))
        }
        Data::Seq(items) => items.first().map(|item| FieldPath::root().index(0).join(&first_leaf(item))),
        _ => None,
    };
    below.unwrap_or_default()
}

/// The path without the steps of another at its end.
fn above(path: &FieldPath, below: &FieldPath) -> Option<FieldPath> {
    let rest = path.steps().strip_suffix(below.steps())?;
    Some(FieldPath::new(rest.to_vec()))
}

/// The list that a path leads into.
fn list_in(path: &FieldPath) -> Option<FieldPath> {
    let at = path.steps().iter().position(|step| !matches!(step, Step::Key(_)))?;
    Some(FieldPath::new(path.steps()[..at].to_vec()))
}

/// Where the line of an offset starts.
pub fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// Whether a line of a template says a key and prints its value with actions that begin and end in it.
fn prints_on_its_line(line: &str) -> bool {
    let (opened, closed) = (line.matches("{{").count(), line.matches("}}").count());
    let steers = ["if", "else", "end", "range", "with", "define", "block", "template"];
    let mut words = line.split("{{").skip(1).map(|action| action.trim_start_matches('-').trim_start());
    let is_plain = words.all(|action| {
        let word = action.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        !steers.contains(&word)
    });
    opened > 0 && opened == closed && is_plain && !line.contains("nindent")
}
