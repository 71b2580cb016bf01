//! Reading a table, with errors that name the line, what stands there and what is wanted.

use std::fmt;

use regex_automata::meta::Regex;

use super::pattern::Pattern;
use super::table::{Condition, Edit, Kind, Note, Place, Row, Table};
use super::version::Version;
use crate::source::SourceFile;
use crate::suggest;
use crate::yaml::{self, Data, Entry, Node};

/// The table of H2O MLOps.
const H2O_MLOPS: &str = include_str!("tables/h2o-mlops.yaml");

/// What is wrong with a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// What was found and what is wanted.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Problem {}

const KEYS: [&str; 5] = ["name", "title", "versions", "changes", "notes"];
const ROW_KEYS: [&str; 14] = [
    "path",
    "change",
    "since",
    "until",
    "if",
    "with",
    "without",
    "is-needed",
    "default",
    "replacement",
    "message",
    "to-do",
    "edit",
    "value",
];
const CONDITION_KEYS: [&str; 10] = [
    "is",
    "key",
    "without-key",
    "value",
    "without-value",
    "mentions",
    "within",
    "stray",
    "is-empty",
    "unlisted-in",
];
const KINDS: [&str; 6] = ["null", "boolean", "number", "string", "list", "map"];
const EDITS: [&str; 4] = ["remove", "rename", "move", "set"];

/// The table of H2O MLOps, which comes with Plimsoll.
///
/// # Errors
/// None: a test reads it.
pub fn h2o_mlops() -> Result<Table, Problem> {
    table(H2O_MLOPS)
}

/// Reads a table.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn table(text: &str) -> Result<Table, Problem> {
    let node = yaml::parse_strict(text)
        .map_err(|error| Problem { line: error.line(), message: error.message().to_owned() })?;
    let reader = Reader { file: SourceFile::new("", text) };
    reader.map(&node, "a table")?;
    reader.known(&node, &KEYS, "a table")?;
    let versions = reader.versions(reader.needed(&node, "versions", "a table")?)?;
    let rows = reader.items(reader.needed(&node, "changes", "a table")?, "changes")?;
    let notes = node.get("notes").map(|notes| reader.items(notes, "notes")).transpose()?.unwrap_or_default();
    Ok(Table {
        name: reader.needed_text(&node, "name", "a table")?,
        title: reader.text(&node, "title")?.unwrap_or_default(),
        rows: rows.iter().map(|row| reader.row(row, &versions)).collect::<Result<_, _>>()?,
        notes: notes.iter().map(|note| reader.note(note, &versions)).collect::<Result<_, _>>()?,
        versions,
    })
}

struct Reader {
    file: SourceFile,
}

impl Reader {
    fn problem(&self, node: &Node, message: impl Into<String>) -> Problem {
        Problem { line: Some(self.file.line_of(node.span.start as usize)), message: message.into() }
    }

    fn map(&self, node: &Node, what: &str) -> Result<(), Problem> {
        match node.data {
            Data::Map(_) => Ok(()),
            _ => Err(self.problem(node, format!("{what} is a map, this is {}", node.kind_name()))),
        }
    }

    fn items<'a>(&self, node: &'a Node, key: &str) -> Result<&'a [Node], Problem> {
        match &node.data {
            Data::Seq(items) => Ok(items),
            _ => Err(self.problem(node, format!("`{key}` is a list, this is {}", node.kind_name()))),
        }
    }

    /// Refuses a key that means nothing.
    fn known(&self, node: &Node, keys: &[&str], what: &str) -> Result<(), Problem> {
        let stranger = |entry: &&Entry| !keys.contains(&entry.key.as_str());
        let Some(entry) = node.entries().iter().find(stranger) else { return Ok(()) };
        let near = suggest::closest(&entry.key, keys.iter().copied());
        let hint = near.map_or_else(
            || format!("those are {}", keys.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let line = Some(self.file.line_of(entry.key_span.start as usize));
        Err(Problem { line, message: format!("`{}` is no key of {what}; {hint}", entry.key) })
    }

    fn needed<'a>(&self, node: &'a Node, key: &str, what: &str) -> Result<&'a Node, Problem> {
        let found = node.get(key).filter(|value| !value.is_null());
        found.ok_or_else(|| self.problem(node, format!("{what} needs `{key}`")))
    }

    fn text(&self, node: &Node, key: &str) -> Result<Option<String>, Problem> {
        let Some(value) = node.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
        match value.as_str() {
            Some(text) => Ok(Some(text.to_owned())),
            None => Err(self.problem(
                value,
                format!("`{key}` is a text, this is {}; put it in quotes", value.kind_name()),
            )),
        }
    }

    fn needed_text(&self, node: &Node, key: &str, what: &str) -> Result<String, Problem> {
        self.needed(node, key, what)?;
        let text = self.text(node, key)?.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| self.problem(node, format!("{what} needs a text for `{key}`")))
    }

    fn truth(&self, node: &Node, key: &str) -> Result<Option<bool>, Problem> {
        let Some(value) = node.get(key) else { return Ok(None) };
        let truth = value.as_bool();
        truth.map(Some).ok_or_else(|| {
            self.problem(value, format!("`{key}` is true or false, this is {}", value.kind_name()))
        })
    }

    fn word<'w>(&self, node: &Node, word: &str, key: &str, words: &[&'w str]) -> Result<&'w str, Problem> {
        let found = words.iter().find(|known| **known == word).copied();
        found.ok_or_else(|| {
            self.problem(node, format!("`{word}` is no {key}; it is one of {}", words.join(", ")))
        })
    }

    fn version(&self, node: &Node) -> Result<Version, Problem> {
        let text = node.as_str().ok_or_else(|| {
            self.problem(
                node,
                format!(
                    "a version is a text such as \"1.1\", this is {}; put it in quotes",
                    node.kind_name()
                ),
            )
        })?;
        Version::parse(text)
            .ok_or_else(|| self.problem(node, format!("`{text}` is no version; write it as 1.1 or 0.70.0")))
    }

    fn versions(&self, node: &Node) -> Result<Vec<Version>, Problem> {
        let items = self.items(node, "versions")?;
        let versions: Vec<Version> = items.iter().map(|item| self.version(item)).collect::<Result<_, _>>()?;
        match versions.windows(2).position(|pair| pair[0] >= pair[1]) {
            Some(at) => Err(self.problem(&items[at + 1], "versions stand in order, each once")),
            None if versions.is_empty() => Err(self.problem(node, "`versions` names at least one")),
            None => Ok(versions),
        }
    }

    /// A version that the table knows.
    fn known_version(&self, node: &Node, versions: &[Version]) -> Result<Version, Problem> {
        let version = self.version(node)?;
        if versions.contains(&version) {
            return Ok(version);
        }
        let known: Vec<String> = versions.iter().map(ToString::to_string).collect();
        Err(self.problem(node, format!("`{version}` is none of `versions`, which are {}", known.join(", "))))
    }

    fn pattern(&self, node: &Node) -> Result<Pattern, Problem> {
        let text = node.as_str();
        let pattern = text.and_then(Pattern::parse);
        pattern.ok_or_else(|| {
            self.problem(
                node,
                "a path is a text such as storage.tls, with * for any step and ** for any number",
            )
        })
    }

    fn regex(&self, node: &Node, key: &str) -> Result<Option<Regex>, Problem> {
        let Some(text) = self.text(node, key)? else { return Ok(None) };
        let regex = Regex::new(&text).map_err(|error| {
            let why = error.syntax_error().map_or_else(|| error.to_string(), ToString::to_string);
            let why = why.lines().last().unwrap_or_default().to_owned();
            self.problem(node.get(key).unwrap_or(node), format!("`{key}` is no regular expression: {why}"))
        })?;
        Ok(Some(regex))
    }

    fn condition(&self, node: &Node) -> Result<Condition, Problem> {
        let is = node.get("is").map(|is| self.items(is, "is")).transpose()?.unwrap_or_default();
        let kind = |item: &Node| {
            self.word(item, item.as_str().unwrap_or_default(), "kind of value", &KINDS).map(str::to_owned)
        };
        Ok(Condition {
            is: is.iter().map(kind).collect::<Result<_, _>>()?,
            key: self.regex(node, "key")?,
            without_key: self.regex(node, "without-key")?,
            value: self.regex(node, "value")?,
            without_value: self.regex(node, "without-value")?,
            mentions: self.regex(node, "mentions")?,
            within: self.regex(node, "within")?,
            stray: self.regex(node, "stray")?,
            is_empty: self.truth(node, "is-empty")?,
            unlisted_in: self.text(node, "unlisted-in")?,
        })
    }

    fn place(&self, row: &Node, key: &str) -> Result<Option<Place>, Problem> {
        let Some(node) = row.get(key) else { return Ok(None) };
        self.map(node, &format!("`{key}`"))?;
        let keys: Vec<&str> = ["path"].into_iter().chain(CONDITION_KEYS).collect();
        self.known(node, &keys, &format!("`{key}`"))?;
        let path = self.pattern(self.needed(node, "path", &format!("`{key}`"))?)?;
        Ok(Some(Place { path, condition: self.condition(node)? }))
    }

    fn row(&self, node: &Node, versions: &[Version]) -> Result<Row, Problem> {
        let what = "a change";
        self.map(node, what)?;
        let keys: Vec<&str> = ROW_KEYS.into_iter().chain(["source"]).collect();
        self.known(node, &keys, what)?;
        let path = self.needed(node, "path", what)?;
        let paths = match &path.data {
            Data::Seq(items) if !items.is_empty() => {
                items.iter().map(|item| self.pattern(item)).collect::<Result<Vec<_>, _>>()?
            }
            _ => vec![self.pattern(path)?],
        };
        let words = Kind::ALL.map(Kind::word);
        let word = self.needed_text(node, "change", what)?;
        self.word(node.get("change").unwrap_or(node), &word, "change", &words)?;
        let change = Kind::ALL.into_iter().find(|kind| kind.word() == word).unwrap_or(Kind::Changed);
        let condition = match node.get("if") {
            Some(condition) => {
                self.map(condition, "`if`")?;
                self.known(condition, &CONDITION_KEYS, "`if`")?;
                self.condition(condition)?
            }
            None => Condition::default(),
        };
        let row = Row {
            change,
            since: self.known_version(self.needed(node, "since", what)?, versions)?,
            until: node.get("until").map(|until| self.known_version(until, versions)).transpose()?,
            condition,
            with: self.place(node, "with")?,
            without: self.place(node, "without")?,
            is_needed: self.truth(node, "is-needed")?.unwrap_or_default(),
            default: node.get("default").map(Node::to_json),
            replacement: self.text(node, "replacement")?,
            message: self.needed_text(node, "message", what)?,
            to_do: self.text(node, "to-do")?,
            edit: self.edit(node)?,
            source: self.text(node, "source")?,
            paths,
        };
        self.sensible(node, row)
    }

    /// Refuses a row that says two things that cannot both be.
    fn sensible(&self, node: &Node, row: Row) -> Result<Row, Problem> {
        let is_added = row.change == Kind::Added;
        let wrong = if is_added && row.edit.is_some() {
            "what is added is not edited: take `edit` out"
        } else if is_added && row.is_needed && row.paths.iter().any(|path| path.exact().is_none()) {
            "what is needed has a path without * and **"
        } else if !is_added && (row.is_needed || row.default.is_some()) {
            "`is-needed` and `default` belong to what is added"
        } else if row.edit.is_some() && row.until.is_some() {
            "what the machine does holds for good: take `until` out"
        } else {
            return Ok(row);
        };
        Err(self.problem(node, wrong))
    }

    fn edit(&self, node: &Node) -> Result<Option<Edit>, Problem> {
        let Some(word) = self.text(node, "edit")? else { return Ok(None) };
        let place = node.get("edit").unwrap_or(node);
        let replacement = || {
            let text = self.text(node, "replacement")?;
            text.ok_or_else(|| self.problem(place, format!("`edit: {word}` needs `replacement`")))
        };
        Ok(Some(match self.word(place, &word, "edit", &EDITS)? {
            "remove" => Edit::Remove,
            "rename" => Edit::Rename(replacement()?),
            "move" => {
                let to = replacement()?;
                Edit::Move(
                    to.parse().map_err(|error: crate::path::Error| self.problem(place, error.to_string()))?,
                )
            }
            _ => Edit::Set(self.needed_or_null(node, "value", place)?),
        }))
    }

    fn needed_or_null(&self, node: &Node, key: &str, place: &Node) -> Result<serde_json::Value, Problem> {
        let value = node.get(key).map(Node::to_json);
        value.ok_or_else(|| self.problem(place, format!("`edit: set` needs `{key}`")))
    }

    fn note(&self, node: &Node, versions: &[Version]) -> Result<Note, Problem> {
        let what = "a note";
        self.map(node, what)?;
        self.known(node, &["since", "message", "source"], what)?;
        Ok(Note {
            since: self.known_version(self.needed(node, "since", what)?, versions)?,
            message: self.needed_text(node, "message", what)?,
        })
    }
}
