//! Goes through a table from one version to another and changes the texts of values files. [`migrate`] is the way in.
//!
//! Versions are taken one after the other, and within one its rows in their order, each on what the row before it left: so
//! one step from the first to the last version does what all the steps between them do.

use std::fmt;

use serde_json::Value as Json;
use similar::{DiffTag, TextDiff};

use super::condition;
use super::pattern::Hit;
use super::table::{Edit, Kind, Place, Row, Table};
use super::version::Version;
use crate::diagnostic::FileLine;
use crate::path::{FieldPath, Step};
use crate::source::SourceFile;
use crate::yaml::edit::{self, Change, Refusal};
use crate::yaml::{self, Data, Node};

/// What became of the files.
#[derive(Debug)]
pub struct Migration {
    /// What was found, in the order of the versions.
    pub changes: Vec<Found>,
    /// What there is to know besides.
    pub notes: Vec<Told>,
    /// The files.
    pub files: Vec<Migrated>,
}

/// A change that concerns a file.
#[derive(Clone, Debug)]
pub struct Found {
    /// The key.
    pub path: FieldPath,
    /// What kind of change it is.
    pub change: Kind,
    /// The first version that has it.
    pub since: String,
    /// What stands in its place.
    pub replacement: Option<String>,
    /// What happened, and why.
    pub message: String,
    /// What a person does.
    pub to_do: Option<String>,
    /// Who makes the change.
    pub by: By,
    /// The line of the key; none for a key that is missing.
    pub location: Option<FileLine>,
}

/// Who makes a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// The machine: it is in [`Migrated::after`].
    Machine,
    /// A person.
    Person,
    /// A person, because the machine cannot.
    Refused(Refusal),
}

/// What there is to know of a version.
#[derive(Clone, Debug)]
pub struct Told {
    /// The first version that has it.
    pub since: String,
    /// The key that is new, if it is about one.
    pub path: Option<String>,
    /// Its value where nobody sets it.
    pub default: Option<Json>,
    /// What there is to know.
    pub message: String,
}

/// A file.
#[derive(Clone, Debug)]
pub struct Migrated {
    /// As the user named it.
    pub name: String,
    /// Its text.
    pub before: String,
    /// Its text with the changes that the machine makes.
    pub after: String,
}

/// Why nothing was done.
#[derive(Debug)]
pub enum Error {
    /// The table does not know the version.
    UnknownVersion {
        /// The version.
        version: String,
        /// Those that it knows.
        known: Vec<String>,
    },
    /// The first version is after the second.
    Reversed {
        /// The first.
        from: String,
        /// The second.
        to: String,
    },
    /// A file cannot be edited.
    File {
        /// The file.
        name: String,
        /// Why.
        why: Refusal,
    },
    /// A file is no map.
    NoMap {
        /// The file.
        name: String,
        /// What it is.
        kind: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::UnknownVersion { version, known } => {
                write!(f, "the table does not know version `{version}`; it knows {}", known.join(", "))
            }
            Error::Reversed { from, to } => {
                write!(f, "version {from} is after {to}: values are carried forwards only")
            }
            Error::File { name, why } => match (why, why.line()) {
                (Refusal::Yaml(error), Some(line)) => {
                    write!(f, "{name}:{line}: this is no YAML: {}", error.message())
                }
                (Refusal::Yaml(error), None) => write!(f, "{name}: this is no YAML: {}", error.message()),
                (why, Some(line)) => write!(f, "{name}:{line}: {why}"),
                (why, None) => write!(f, "{name}: {why}"),
            },
            Error::NoMap { name, kind } => write!(f, "{name}: values are a map, this is {kind}"),
        }
    }
}

impl std::error::Error for Error {}

/// A file while it is changed.
struct Draft<'f> {
    name: &'f str,
    before: &'f str,
    /// What it says at first, to find lines.
    given: (SourceFile, Node),
    text: String,
    node: Node,
}

/// Carries values files, by name and text, from one version to another.
///
/// # Errors
/// See [`Error`].
pub fn migrate(table: &Table, from: &str, to: &str, files: &[(String, String)]) -> Result<Migration, Error> {
    let (from, to) = (version(table, from)?, version(table, to)?);
    if from > to {
        return Err(Error::Reversed { from: from.to_string(), to: to.to_string() });
    }
    let is_due = |since: &Version| *since > from && *since <= to;
    let mut drafts =
        files.iter().map(|(name, text)| Draft::new(name, text)).collect::<Result<Vec<_>, _>>()?;
    let mut rows: Vec<&Row> = table.rows.iter().filter(|row| is_due(&row.since)).collect();
    rows.sort_by(|a, b| a.since.cmp(&b.since));
    rows.retain(|row| row.until.as_ref().is_none_or(|until| to < *until));
    let mut changes = Vec::new();
    let mut notes = Vec::new();
    for of_version in rows.chunk_by(|a, b| a.since == b.since) {
        let start = changes.len();
        for row in of_version {
            if row.change == Kind::Added {
                added(row, &drafts, &mut changes, &mut notes);
            } else if row.holds_among(&drafts) {
                for (number, draft) in drafts.iter_mut().enumerate() {
                    draft.apply(row, number, &mut changes);
                }
            }
        }
        // What was in the way may be gone now.
        for due in &mut changes[start..] {
            due.retry(&mut drafts);
        }
    }
    for due in &mut changes {
        due.tell_lines(&drafts);
    }
    let changes = changes.into_iter().map(|due| due.found).collect();
    let told = table.notes.iter().filter(|note| is_due(&note.since)).map(|note| Told {
        since: note.since.to_string(),
        path: None,
        default: None,
        message: note.message.clone(),
    });
    notes.extend(told);
    let file = |draft: Draft<'_>| Migrated {
        name: draft.name.to_owned(),
        before: draft.before.to_owned(),
        after: draft.text,
    };
    Ok(Migration { changes, notes, files: drafts.into_iter().map(file).collect() })
}

/// A version that the table knows, or one of the same line of releases.
fn version(table: &Table, text: &str) -> Result<Version, Error> {
    let found =
        Version::parse(text).filter(|version| table.versions.iter().any(|known| known.is_sibling(version)));
    found.ok_or_else(|| Error::UnknownVersion {
        version: text.to_owned(),
        known: table.versions.iter().map(ToString::to_string).collect(),
    })
}

impl Row {
    /// Whether what else must be in the files is there, and what must not be is not.
    fn holds_among(&self, drafts: &[Draft<'_>]) -> bool {
        self.with.as_ref().is_none_or(|place| is_there(place, drafts))
            && self.without.as_ref().is_none_or(|place| !is_there(place, drafts))
    }
}

/// Whether a file has such a place.
fn is_there(place: &Place, drafts: &[Draft<'_>]) -> bool {
    let holds = |hit: Hit<'_>| condition::holds(&place.condition, &hit);
    drafts.iter().any(|draft| place.path.hits(&draft.node).into_iter().any(holds))
}

/// A change that was found, with what the machine would do about it.
struct Due {
    found: Found,
    /// The number of the file, and the change that was refused.
    refused: Option<(usize, Change)>,
    /// The text that the lines of the refusal are those of.
    text: String,
}

impl Due {
    /// Tries again what was refused.
    fn retry(&mut self, drafts: &mut [Draft<'_>]) {
        // The number of an item may mean another by now.
        if self.found.path.steps().iter().any(|step| matches!(step, Step::Index(_))) {
            return;
        }
        let Some((number, change)) = self.refused.take() else { return };
        let Some(draft) = drafts.get_mut(number) else { return };
        self.found.by = draft.change(change.clone());
        if self.found.by != By::Machine {
            self.text.clone_from(&draft.text);
            self.refused = Some((number, change));
        }
    }

    /// Says the lines of a refusal as they are in the file that was given.
    fn tell_lines(&mut self, drafts: &[Draft<'_>]) {
        let (By::Refused(why), Some((number, _))) = (&self.found.by, &self.refused) else { return };
        let Some(draft) = drafts.get(*number) else { return };
        let diff = TextDiff::from_lines(self.text.as_str(), draft.before);
        let given = |line: usize| {
            let equal = diff.ops().iter().filter(|op| op.tag() == DiffTag::Equal);
            let mut at = equal.filter(|op| op.old_range().contains(&(line - 1)));
            at.next().map_or(line, |op| op.new_range().start + line - op.old_range().start)
        };
        self.found.by = By::Refused(why.clone().with_lines(given));
    }
}

/// A row about a key that is new: one that somebody needs is missing, or it is news.
fn added(row: &Row, drafts: &[Draft<'_>], changes: &mut Vec<Due>, notes: &mut Vec<Told>) {
    for path in &row.paths {
        let holds = |hit: Hit<'_>| condition::holds(&row.condition, &hit);
        let is_set = drafts.iter().any(|draft| path.hits(&draft.node).into_iter().any(holds));
        if is_set || !row.holds_among(drafts) {
            continue;
        }
        match path.exact().filter(|_| row.is_needed) {
            Some(path) => {
                let here = drafts.iter().find_map(|draft| {
                    let hit = row.paths.first()?.hits(&draft.node).into_iter().next()?;
                    Some(draft.location(&hit))
                });
                let found = row.found(path, By::Person, here.flatten());
                changes.push(Due { found, refused: None, text: String::new() });
            }
            None => notes.push(Told {
                since: row.since.to_string(),
                path: Some(path.to_string().trim_start_matches("**.").to_owned()),
                default: row.default.clone(),
                message: row.message.clone(),
            }),
        }
    }
}

impl Row {
    fn found(&self, path: FieldPath, by: By, location: Option<FileLine>) -> Found {
        Found {
            path,
            change: self.change,
            since: self.since.to_string(),
            replacement: self.replacement.clone(),
            message: self.message.clone(),
            to_do: self.to_do.clone(),
            by,
            location,
        }
    }
}

impl<'f> Draft<'f> {
    fn new(name: &'f str, text: &'f str) -> Result<Draft<'f>, Error> {
        let unusable = |why| Error::File { name: name.to_owned(), why };
        edit::check(text).map_err(unusable)?;
        let node = yaml::parse(text).map_err(|error| unusable(Refusal::Yaml(error)))?;
        if !matches!(node.data, Data::Map(_) | Data::Null) {
            return Err(Error::NoMap { name: name.to_owned(), kind: node.kind_name() });
        }
        let file = SourceFile::new(name, text);
        Ok(Draft { name, before: text, given: (file, node.clone()), text: text.to_owned(), node })
    }

    /// Makes a row's change wherever it is due.
    fn apply(&mut self, row: &Row, number: usize, changes: &mut Vec<Due>) {
        let mut hits: Vec<Hit<'_>> = Vec::new();
        for hit in row.paths.iter().flat_map(|path| path.hits(&self.node)) {
            let is_new = hits.iter().all(|known| known.path != hit.path);
            if is_new && condition::holds(&row.condition, &hit) && !row.is_done(&hit) {
                hits.push(hit);
            }
        }
        hits.sort_by_key(|hit| hit.key.map_or(hit.node.span.start, |key| key.start));
        let places = hits.iter().map(|hit| (hit.path.clone(), hit.key.is_some(), self.location(hit)));
        let places: Vec<(FieldPath, bool, Option<FileLine>)> = places.collect();
        let mut found = Vec::with_capacity(places.len());
        // From the last to the first, so that no item of a list moves before its turn.
        for (path, is_entry, location) in places.into_iter().rev() {
            let change = row.edit.as_ref().map(|edit| edit.change(&path, is_entry));
            let by = change.clone().map_or(By::Person, |change| self.change(change));
            let refused = change.filter(|_| matches!(by, By::Refused(_))).map(|change| (number, change));
            let text = if refused.is_some() { self.text.clone() } else { String::new() };
            found.push(Due { found: row.found(path, by, location), refused, text });
        }
        changes.extend(found.into_iter().rev());
    }

    fn change(&mut self, change: Change) -> By {
        match edit::apply(&self.text, &[change]) {
            Ok(text) => {
                // It was read when it was verified.
                self.node = yaml::parse(&text).unwrap_or_else(|_| Node::null());
                self.text = text;
                By::Machine
            }
            Err(refusal) => By::Refused(refusal),
        }
    }

    /// The line of a place in the file as it was given, or of the nearest one around it.
    fn location(&self, hit: &Hit<'_>) -> Option<FileLine> {
        let (file, node) = &self.given;
        let found = hit.path.find(node);
        let start = found.key.map_or(found.node.span.start, |key| key.start);
        let position = file.position(start as usize);
        (found.depth > 0).then(|| FileLine {
            file: self.name.to_owned(),
            line: Some(position.line),
            column: Some(position.column),
        })
    }
}

impl Row {
    /// Whether the place is already as the machine would make it.
    fn is_done(&self, hit: &Hit<'_>) -> bool {
        matches!(&self.edit, Some(Edit::Set(value)) if hit.node.to_json() == *value)
    }
}

impl Edit {
    /// The change of a text; an item of a list has its key in `name`.
    fn change(&self, path: &FieldPath, is_entry: bool) -> Change {
        match self {
            Edit::Remove => Change::Remove { path: path.clone() },
            Edit::Rename(key) if is_entry => Change::Rename { path: path.clone(), key: key.clone() },
            Edit::Rename(name) => Change::Set { path: path.key("name"), value: name.as_str().into() },
            Edit::Move(to) => Change::Move { path: path.clone(), to: to.clone() },
            Edit::Set(value) => Change::Set { path: path.clone(), value: value.clone() },
        }
    }
}
