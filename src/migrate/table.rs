//! [`Table`]: what changed in a chart's values from version to version, as data. The tables that come with Plimsoll are in
//! `tables/`, with the JSON schema of the format; [`super::read`] reads one.

use std::fmt;

use regex_automata::meta::Regex;
use serde_json::Value as Json;

use super::pattern::Pattern;
use super::version::Version;

/// What changed from version to version.
#[derive(Debug)]
pub struct Table {
    /// `h2o-mlops`
    pub name: String,
    /// `H2O MLOps`
    pub title: String,
    /// The versions that it knows, in order.
    pub versions: Vec<Version>,
    /// The changes, in the order in which they are made.
    pub rows: Vec<Row>,
    /// What concerns no key.
    pub notes: Vec<Note>,
}

/// A change.
#[derive(Debug)]
pub struct Row {
    /// The places that it is about.
    pub paths: Vec<Pattern>,
    /// What kind it is.
    pub change: Kind,
    /// The first version that has it.
    pub since: Version,
    /// The first version that no longer has it.
    pub until: Option<Version>,
    /// What makes a place one that it is about.
    pub condition: Condition,
    /// What else must be in the files.
    pub with: Option<Place>,
    /// What must not be in the files.
    pub without: Option<Place>,
    /// Of what is added: whether somebody has to set it.
    pub is_needed: bool,
    /// Of what is added: its value where nobody sets it.
    pub default: Option<Json>,
    /// What stands in its place.
    pub replacement: Option<String>,
    /// What happened, and why.
    pub message: String,
    /// What a person does.
    pub to_do: Option<String>,
    /// What the machine does.
    pub edit: Option<Edit>,
    /// Where in the guide it stands.
    pub source: Option<String>,
}

/// What concerns no key of values.
#[derive(Debug)]
pub struct Note {
    /// The first version that has it.
    pub since: Version,
    /// What there is to know.
    pub message: String,
}

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The key is gone.
    Removed,
    /// The key has another name.
    Renamed,
    /// What the key says has another form or meaning.
    Changed,
    /// The key is new.
    Added,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 4] = [Kind::Removed, Kind::Renamed, Kind::Changed, Kind::Added];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Removed => "removed",
            Kind::Renamed => "renamed",
            Kind::Changed => "changed",
            Kind::Added => "added",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What the machine does with a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Takes it out.
    Remove,
    /// Gives its key another name.
    Rename(String),
    /// Takes it elsewhere.
    Move(crate::path::FieldPath),
    /// Sets it.
    Set(Json),
}

/// What a place must be like. All that is said must hold.
#[derive(Debug, Default)]
pub struct Condition {
    /// The kinds of value that it may be.
    pub is: Vec<String>,
    /// What its key must match.
    pub key: Option<Regex>,
    /// What its key must not match.
    pub without_key: Option<Regex>,
    /// What its value, or an item of it, must match.
    pub value: Option<Regex>,
    /// What neither its value nor an item of it may match.
    pub without_value: Option<Regex>,
    /// What its key or its value must match.
    pub mentions: Option<Regex>,
    /// What its path or its value must match.
    pub within: Option<Regex>,
    /// What an item of it must not match.
    pub stray: Option<Regex>,
    /// Whether it must be empty, or must not be.
    pub is_empty: Option<bool>,
    /// The list beside it that must not hold it.
    pub unlisted_in: Option<String>,
}

/// A place that must be in the files, or must not be.
#[derive(Debug)]
pub struct Place {
    /// Where.
    pub path: Pattern,
    /// What it must be like.
    pub condition: Condition,
}
