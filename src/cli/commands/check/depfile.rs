//! `--depfile`: the files that a run read, for build systems.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, ValueEnum};
use serde_json::json;

use crate::cli::args::bytes;
use crate::cli::args::configuration::typed;
use crate::cli::error::Error;
use crate::{files, staged};

/// Where to tell what was read.
#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Report")]
pub(super) struct DepfileArgs {
    /// Write the files that were read to this file, for make, ninja and Bazel; in JSON where it ends in .json
    #[arg(long, value_name = "FILE", value_parser = bytes::path())]
    depfile: Option<PathBuf>,
    /// Form of the depfile: make or json [default: by its name]
    #[arg(long, value_name = "FORM", value_enum, requires = "depfile")]
    depfile_format: Option<Form>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A rule without a recipe, as compilers write it.
    Make,
    /// An object with the lists `outputs` and `files`.
    Json,
}

/// Files to be noted, and what is to be written of them.
pub(super) struct Depfile<'a> {
    path: &'a Path,
    form: Form,
    outputs: Vec<PathBuf>,
}

impl DepfileArgs {
    /// Begins to note the files that are read, where a depfile is wanted; `outputs` are the files that depend on them.
    ///
    /// # Errors
    /// make's form names a file that depends on others, and there is none.
    pub(super) fn begin(&self, outputs: Vec<PathBuf>) -> Result<Option<Depfile<'_>>, Error> {
        let Some(path) = &self.depfile else { return Ok(None) };
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        let by_name = if is_json { Form::Json } else { Form::Make };
        let form = self.depfile_format.unwrap_or(by_name);
        if form == Form::Make && outputs.is_empty() {
            return Err(Error::new(
                "a depfile in make's form says what a file is made from, and no report goes to a file",
            )
            .hint("name one: --format json=FILE; or write the depfile in JSON: --depfile-format json"));
        }
        files::record();
        Ok(Some(Depfile { path, form, outputs }))
    }
}

impl Depfile<'_> {
    /// Writes what was read since it began.
    pub(super) fn write(&self) -> Result<(), Error> {
        let read = files::recorded();
        let read: BTreeSet<&Path> = read.iter().map(|path| typed(path)).collect();
        let text = match self.form {
            Form::Make => self.rule(&read)?,
            Form::Json => {
                let shown = |path: &Path| path.display().to_string();
                let outputs: Vec<String> = self.outputs.iter().map(|path| shown(path)).collect();
                let read: Vec<String> = read.into_iter().map(shown).collect();
                format!("{:#}\n", json!({"outputs": outputs, "files": read}))
            }
        };
        staged::write(self.path, text.as_bytes())
            .map_err(|error| Error::new(format!("cannot write {}: {error}", self.path.display())))
    }

    fn rule(&self, read: &BTreeSet<&Path>) -> Result<String, Error> {
        let outputs = self.outputs.iter().map(|path| word(path)).collect::<Result<Vec<_>, _>>()?;
        let mut rule = format!("{}:", outputs.join(" "));
        for path in read {
            rule.push_str(" \\\n ");
            rule.push_str(&word(path)?);
        }
        rule.push('\n');
        Ok(rule)
    }
}

/// A path as make, ninja and GCC write it.
fn word(path: &Path) -> Result<String, Error> {
    let text = path.display().to_string();
    let mut word = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' => {
                let message = format!("make's form of a depfile cannot name {text:?}");
                return Err(Error::new(message).hint("write it in JSON: --depfile-format json"));
            }
            ' ' | '\t' | '#' => {
                // A backslash before a blank would itself be escaped.
                let slashes = word.len() - word.trim_end_matches('\\').len();
                word.push_str(&"\\".repeat(slashes + 1));
                word.push(c);
            }
            '$' => word.push_str("$$"),
            c => word.push(c),
        }
    }
    Ok(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_escaped_as_compilers_do() {
        let word = |text: &str| word(Path::new(text)).map_err(|error| error.to_string());
        assert_eq!(word("a b#c$d.yaml").unwrap(), "a\\ b\\#c$$d.yaml");
        assert_eq!(word("a\\ b").unwrap(), "a\\\\\\ b");
        assert!(word("a\nb").unwrap_err().contains("--depfile-format json"));
    }
}
