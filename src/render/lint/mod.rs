//! `helm lint`: what Helm 4.3.1 says of a chart in a folder, check by check, in its order and words.
//!
//! Read [`lint`]. Each file here is one of Helm's groups of rules; unlike the rest of `render` they look at the chart as
//! it lies on the disk.

mod chartfile;
mod contents;
mod deprecations;
mod documents;
mod names;
mod templates;

use std::fmt;
use std::path::Path;

use super::KubeVersion;
use crate::chart::{self, Chart};
use crate::schema;
use crate::template::host::Host;
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
    pub warnings: Vec<String>,
}

impl Lint {
    /// The chart in the folder with what Helm logs of it, or none and, below `path`, why: `context` and the reason.
    fn load(&mut self, folder: &Path, path: &str, context: &str) -> Option<Chart> {
        let loaded = chart::load_any_version(folder);
        let warnings = loaded.as_ref().map_or_else(|error| &error.warnings, |chart| &chart.warnings);
        self.warnings.extend(warnings.iter().cloned());
        loaded.map_err(|error| self.say(Level::Error, path, format!("{context}{error}"))).ok()
    }

    fn say(&mut self, level: Level, path: impl Into<String>, text: impl Into<String>) {
        self.messages.push(Message { level, path: path.into(), text: text.into() });
    }

    fn check(&mut self, level: Level, path: &str, complaint: Option<String>) {
        if let Some(text) = complaint {
            self.say(level, path, text);
        }
    }
}

/// Checks the chart in a folder, which has a `Chart.yaml`. Helm: lint/lint.go `RunAll`.
pub fn lint(folder: &Path, context: &Context, host: &mut dyn Host) -> Lint {
    let mut lint = Lint::default();
    chartfile::check(folder, &mut lint);
    contents::check_values(folder, context, &mut lint);
    templates::check(folder, context, host, &mut lint);
    contents::check_dependencies(folder, &mut lint);
    contents::check_crds(folder, &mut lint);
    lint
}
