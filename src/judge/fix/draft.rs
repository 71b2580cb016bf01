//! [`Draft`]: the files of a chart and of the user's values while they are mended, each edit one of bytes.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::why::Why;
use crate::chart::{Chart, load_changed};
use crate::path::FieldPath;
use crate::values::User;
use crate::yaml::edit::{self, Change};

/// A file that is changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum File {
    /// One of the chart, by its path below it.
    Chart(String),
    /// Values that the user named.
    Given(String),
    /// The values file that is written over all others.
    Overlay(String),
}

impl File {
    /// Its name, for people.
    pub fn name(&self) -> &str {
        match self {
            File::Chart(name) | File::Given(name) | File::Overlay(name) => name,
        }
    }
}

/// An edit of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SourceEdit {
    /// The file.
    pub file: File,
    /// What becomes of it.
    pub how: How,
}

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum How {
    /// Other text in place of a range of bytes.
    Splice(Range<usize>, String),
    /// A change of values.
    Change(Change),
}

/// The text of each file that is or may be changed.
pub type Texts = BTreeMap<File, String>;

/// The texts with the edits made, of which those of one file are all splices or all changes.
///
/// # Errors
/// Two splices overlap, or the layout of values does not allow a change.
pub fn edited(texts: &Texts, edits: &[SourceEdit]) -> Result<Texts, Why> {
    let mut edited = texts.clone();
    let mut files: Vec<&File> = edits.iter().map(|edit| &edit.file).collect();
    files.sort_unstable();
    files.dedup();
    for file in files {
        let text = edited.entry(file.clone()).or_default();
        let (mut splices, mut changes) = (Vec::new(), Vec::new());
        for edit in edits.iter().filter(|edit| edit.file == *file) {
            match &edit.how {
                How::Splice(range, new) => splices.push((range.clone(), new.as_str())),
                How::Change(change) => changes.push(change.clone()),
            }
        }
        *text = match splices.is_empty() {
            true => edit::apply(text, &changes).map_err(Why::Layout)?,
            false => spliced(text, splices)?,
        };
    }
    Ok(edited)
}

fn spliced(text: &str, mut splices: Vec<(Range<usize>, &str)>) -> Result<String, Why> {
    splices.sort_by_key(|(range, _)| (range.start, range.end));
    let mut made = String::with_capacity(text.len());
    let mut end = 0;
    for (range, new) in splices {
        made.push_str(text.get(end..range.start).ok_or(Why::Taken)?);
        made.push_str(new);
        end = range.end;
    }
    made.push_str(text.get(end..).ok_or(Why::Taken)?);
    Ok(made)
}

/// The key that a change of values is about.
pub fn path_of(change: &Change) -> &FieldPath {
    match change {
        Change::Set { path, .. } | Change::Remove { path } | Change::Rename { path, .. } => path,
        Change::Move { path, .. } => path,
    }
}

/// The chart with the texts.
///
/// # Errors
/// It does not load.
pub fn chart(chart: &Chart, texts: &Texts) -> Result<Chart, String> {
    let own = texts.iter().filter_map(|(file, text)| match file {
        File::Chart(name) => Some((name.as_str(), Rc::from(text.as_bytes()))),
        File::Given(_) | File::Overlay(_) => None,
    });
    load_changed(chart, own.collect()).map_err(|error| error.to_string())
}

/// The user's values with the texts.
///
/// # Errors
/// They cannot be read any more.
pub fn user(user: &User, texts: &Texts) -> Result<User, String> {
    let text_of = |name: &str| Some(Rc::from(texts.get(&File::Given(name.to_owned()))?.as_bytes()));
    let above = texts.iter().find_map(|(file, text)| match file {
        File::Overlay(name) => Some((name.as_str(), Rc::from(text.as_bytes()))),
        _ => None,
    });
    user.again(&text_of, above).map_err(|error| error.to_string())
}
