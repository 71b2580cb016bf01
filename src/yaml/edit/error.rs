//! [`Refusal`]: why a text is left as it is, with the line that is in the way and what to do about it.

use std::fmt;

use super::super::Error;
use crate::path::FieldPath;

/// Why a change cannot be made at bytes. The text is left as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The text is no YAML.
    Yaml(Error),
    /// The text is several documents, of which a path could mean any.
    Documents {
        /// The line where the second begins.
        line: usize,
    },
    /// The path leads through something that is neither map nor list, or to what is not there.
    NoPlace(FieldPath),
    /// What is to be named so has a neighbour of that name.
    Taken(FieldPath),
    /// A key of the path stands twice in its map.
    Twice {
        /// The key.
        path: FieldPath,
        /// The lines where it stands.
        lines: Vec<usize>,
    },
    /// The path leads through an alias: what it says is written elsewhere.
    Alias {
        /// The name behind the `*`.
        name: String,
        /// The line of the alias.
        line: usize,
    },
    /// An anchor is in the way: what is to be changed is used elsewhere, too.
    Anchor {
        /// The name behind the `&`.
        name: String,
        /// The line of the alias that uses it.
        used: usize,
    },
    /// The key comes from a merge (`<<`).
    Merge {
        /// The line of the merge.
        line: usize,
    },
    /// The text would not read as it should afterwards: its layout is beyond these edits.
    Layout {
        /// The line.
        line: usize,
    },
}

impl Refusal {
    /// The same with the lines of another state of the text.
    pub fn with_lines(self, other: impl Fn(usize) -> usize) -> Refusal {
        match self {
            Refusal::Documents { line } => Refusal::Documents { line: other(line) },
            Refusal::Twice { path, lines } => {
                Refusal::Twice { path, lines: lines.into_iter().map(other).collect() }
            }
            Refusal::Alias { name, line } => Refusal::Alias { name, line: other(line) },
            Refusal::Anchor { name, used } => Refusal::Anchor { name, used: other(used) },
            Refusal::Merge { line } => Refusal::Merge { line: other(line) },
            Refusal::Layout { line } => Refusal::Layout { line: other(line) },
            Refusal::Yaml(_) | Refusal::NoPlace(_) | Refusal::Taken(_) => self,
        }
    }

    /// The line that is in the way, where one is.
    pub fn line(&self) -> Option<usize> {
        match self {
            Refusal::Yaml(error) => error.line(),
            Refusal::NoPlace(_) | Refusal::Taken(_) => None,
            Refusal::Twice { lines, .. } => lines.last().copied(),
            Refusal::Documents { line }
            | Refusal::Alias { line, .. }
            | Refusal::Anchor { used: line, .. }
            | Refusal::Merge { line }
            | Refusal::Layout { line } => Some(*line),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Yaml(error) => error.fmt(f),
            Refusal::Documents { line } => {
                write!(f, "line {line} begins a second document; put each into a file of its own")
            }
            Refusal::NoPlace(path) => write!(f, "there is no place for `{path}`"),
            Refusal::Taken(path) => write!(f, "`{path}` is there already; decide between the two by hand"),
            Refusal::Twice { path, lines } => {
                let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
                write!(f, "`{path}` stands there twice, in lines {}; leave one", lines.join(" and "))
            }
            Refusal::Alias { name, line } => {
                write!(f, "line {line} takes it from the anchor `{name}`; change it there, or write it out")
            }
            Refusal::Anchor { name, used } => write!(
                f,
                "line {used} uses the anchor `{name}` that stands here, and would change too; write it out there first"
            ),
            Refusal::Merge { line } => {
                write!(
                    f,
                    "the merge key in line {line} brings it; change it where it is written, or write it out"
                )
            }
            Refusal::Layout { line } => {
                write!(f, "the text around line {line} is laid out so that it is better changed by hand")
            }
        }
    }
}

impl std::error::Error for Refusal {}
