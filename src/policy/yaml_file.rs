//! [`YamlFile`]: a YAML file that somebody wrote, its text and what it says.

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
