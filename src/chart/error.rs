//! [`Error`]: why a chart does not load. Its `Display` is Helm's text; the rest is for a diagnostic that can point.

use std::fmt;

use crate::go::slog;

/// Why a chart does not load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// The file that is wrong, relative to the top chart as it lies on disk, where it is one file.
    pub file: Option<String>,
    /// The line of that file, where it is known.
    pub line: Option<usize>,
    /// What stands in that file, where it is no YAML.
    pub text: Option<Box<[u8]>>,
    /// What Helm logs before it finds the error.
    pub warnings: Box<[slog::Line]>,
    /// Helm's words from the outside in: what was being done around it, and last the thing itself.
    words: Vec<String>,
    /// What Helm leaves out.
    cause: Option<Box<str>>,
}

/// What is wrong with a chart that does not load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A file cannot be read.
    Io,
    /// There is no `Chart.yaml` where a chart should be.
    NoChart,
    /// A YAML file of the chart is not YAML, or not of the wanted shape.
    Yaml,
    /// `Chart.yaml` says something that it must not, or leaves out something that it must.
    Metadata,
    /// A file is no archive at all.
    NoArchive,
    /// An archive is damaged, or holds what it must not.
    Archive,
    /// The chart is too large.
    Size,
    /// A rule of `.helmignore` cannot be used.
    Ignore,
}

impl Error {
    /// An error in Helm's words.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error {
            kind,
            file: None,
            line: None,
            text: None,
            warnings: Box::default(),
            words: vec![message.into()],
            cause: None,
        }
    }

    /// As another kind of error.
    #[must_use]
    pub fn of_kind(mut self, kind: ErrorKind) -> Error {
        self.kind = kind;
        self
    }

    /// With the file that is wrong, unless a closer place is known.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Error {
        self.file.get_or_insert_with(|| file.into());
        self
    }

    /// With the line of the file.
    #[must_use]
    pub fn at_line(mut self, line: Option<usize>) -> Error {
        self.line = self.line.or(line);
        self
    }

    /// With what stands in the file.
    #[must_use]
    pub fn in_text(mut self, text: &[u8]) -> Error {
        self.text.get_or_insert_with(|| text.into());
        self
    }

    /// With what was being done when it happened, put before the text.
    #[must_use]
    pub fn while_doing(mut self, context: impl Into<String>) -> Error {
        self.words.insert(0, context.into());
        self
    }

    /// With the folder of a dependency put before the file.
    #[must_use]
    pub fn below(mut self, folder: &str) -> Error {
        self.file = self.file.map(|file| format!("{folder}/{file}"));
        self
    }

    /// With what Helm logged before.
    #[must_use]
    pub fn after(mut self, warnings: Vec<slog::Line>) -> Error {
        self.warnings = warnings.into_iter().chain(std::mem::take(&mut self.warnings)).collect();
        self
    }

    /// With the error behind it, which Helm does not show.
    #[must_use]
    pub fn because(mut self, error: &Error) -> Error {
        self.cause = Some(error.to_string().into());
        self
    }

    /// The error behind it, which Helm does not show.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// Helm's words for the thing itself, without what was being done around it.
    pub fn message(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words.join(": "))
    }
}

impl std::error::Error for Error {}
