//! What lint says, and what it goes by.

use std::fmt;
use std::path::Path;

use crate::chart::{self, Chart};
use crate::go::slog;
use crate::render::KubeVersion;
use crate::schema;
use crate::value::Map;

/// How bad a message is. Helm: lint/support/message.go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `INFO`
    Info,
    /// `WARNING`
    Warning,
    /// `ERROR`
    Error,
}

/// What lint has to say. Its `Display` is Helm's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How bad it is.
    pub level: Level,
    /// The file or folder that it is about.
    pub path: String,
    /// What is wrong.
    pub text: String,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Info => "INFO",
            Level::Warning => "WARNING",
            Level::Error => "ERROR",
        };
        write!(f, "[{level}] {}: {}", self.path, self.text)
    }
}

/// What lint needs to know besides the chart.
pub struct Context<'a> {
    /// The user's values.
    pub values: &'a Map,
    /// The namespace of the made-up release.
    pub namespace: &'a str,
    /// The cluster's version, where one is given.
    pub kube_version: &'a KubeVersion,
    /// How values are checked against schemas; `None` for not at all.
    pub schema: Option<schema::Options>,
}

/// The messages so far, and what Helm's log would say.
#[derive(Debug, Default)]
pub struct Lint {
    /// What lint has to say, in order.
    pub messages: Vec<Message>,
    /// What Helm's log would say, a line each.
    pub warnings: Vec<slog::Line>,
}

impl Lint {
    /// The chart in the folder with what Helm logs of it, or none and, below `path`, why: `context` and the reason.
    pub(super) fn load(&mut self, folder: &Path, path: &str, context: &str) -> Option<Chart> {
        let loaded = chart::load_any_version(folder);
        let warnings = loaded.as_ref().map_or_else(|error| &error.warnings[..], |chart| &chart.warnings[..]);
        self.warnings.extend(warnings.iter().cloned());
        loaded.map_err(|error| self.say(Level::Error, path, format!("{context}{error}"))).ok()
    }

    pub(super) fn say(&mut self, level: Level, path: impl Into<String>, text: impl Into<String>) {
        self.messages.push(Message { level, path: path.into(), text: text.into() });
    }

    pub(super) fn check(&mut self, level: Level, path: &str, complaint: Option<String>) {
        if let Some(text) = complaint {
            self.say(level, path, text);
        }
    }
}
