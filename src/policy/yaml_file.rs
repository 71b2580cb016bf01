//! [`YamlFile`]: a YAML file that somebody wrote, its text and what it says.

use std::cell::OnceCell;

use crate::source::SourceFile;
use crate::yaml::{self, Node};

/// A YAML file of a chart, or beside one.
#[derive(Clone, Debug)]
pub struct YamlFile {
    /// Its text.
    pub file: SourceFile,
    /// What it says.
    pub node: Node,
}

impl YamlFile {
    /// Parses the text.
    ///
    /// # Errors
    /// The text is no YAML.
    pub fn parse(name: &str, text: &str) -> Result<YamlFile, yaml::Error> {
        Ok(YamlFile { node: yaml::parse(text)?, file: SourceFile::new(name, text) })
    }
}

/// A YAML file that is parsed when somebody looks at it.
#[derive(Clone, Debug, Default)]
pub struct ClosedFile {
    name: String,
    text: String,
    parsed: OnceCell<Option<YamlFile>>,
}

impl ClosedFile {
    /// Nothing of it is parsed yet.
    pub fn new(name: &str, text: impl Into<String>) -> ClosedFile {
        ClosedFile { name: name.to_owned(), text: text.into(), parsed: OnceCell::new() }
    }

    /// What it says; none where it is no YAML.
    pub fn open(&self) -> Option<&YamlFile> {
        self.parsed.get_or_init(|| YamlFile::parse(&self.name, &self.text).ok()).as_ref()
    }
}
