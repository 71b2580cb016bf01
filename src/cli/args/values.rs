//! The flags that set values: `-f` and the `--set` family.

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};

use super::bytes;
use super::invalid::InvalidArgument;
use crate::cli::error::Error;
use crate::cli::input;
use crate::go::{raw, runes, url};
use crate::helm::HelmVersion;
use crate::values::{self, Sources, User};

/// The flags that set values. They apply in Helm's fixed order, whatever their order on the command line: `-f`,
/// `--set-json`, `--set`, `--set-string`, `--set-file`, `--set-literal`.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Values")]
pub struct ValuesArgs {
    /// Specify values in a YAML file (can specify multiple)
    #[arg(short = 'f', long = "values", value_name = "FILES")]
    pub files: Vec<String>,
    /// Set values on the command line (key1=val1,key2=val2)
    #[arg(long, value_name = "EXPR", value_parser = text())]
    pub set: Vec<String>,
    /// Set STRING values on the command line (key1=val1,key2=val2)
    #[arg(long, value_name = "EXPR", value_parser = text())]
    pub set_string: Vec<String>,
    /// Set values from respective files (key1=path1,key2=path2)
    #[arg(long, value_name = "EXPR", value_parser = text())]
    pub set_file: Vec<String>,
    /// Set JSON values on the command line (key1=jsonval1,key2=jsonval2 or {"key1": jsonval1})
    #[arg(long, value_name = "EXPR", value_parser = bytes::text())]
    pub set_json: Vec<String>,
    /// Set a literal STRING value on the command line
    #[arg(long, value_name = "EXPR", value_parser = text())]
    pub set_literal: Vec<String>,
}

/// An expression as Helm reads it: each byte that is not UTF-8 is U+FFFD.
fn text() -> impl TypedValueParser<Value = String> {
    OsStringValueParser::new().map(|text| runes::to_valid(&raw::bytes(&text.to_string_lossy())).into_owned())
}

impl ValuesArgs {
    /// Whether any flag sets a value.
    pub fn is_given(&self) -> bool {
        let ValuesArgs { files, set, set_string, set_file, set_json, set_literal } = self;
        [files, set, set_string, set_file, set_json, set_literal].into_iter().any(|list| !list.is_empty())
    }

    /// Reads the files and expressions.
    pub fn read(&self) -> Result<User, Error> {
        self.read_over(None, HelmVersion::Helm4)
    }

    /// The same as that Helm reads them, laid over the text of a values file that a flag other than `-f` gives.
    pub fn read_over(&self, below: Option<(&str, &str)>, helm: HelmVersion) -> Result<User, Error> {
        let mut files: Vec<String> = below.iter().map(|(name, _)| (*name).to_owned()).collect();
        for argument in &self.files {
            let split = values::split_list(argument)
                .map_err(|error| InvalidArgument::new("-f, --values", argument, error))?;
            files.extend(split);
        }
        let sources = Sources {
            files,
            set_json: self.set_json.clone(),
            set: self.set.clone(),
            set_string: self.set_string.clone(),
            set_file: self.set_file.clone(),
            set_literal: self.set_literal.clone(),
            helm,
        };
        let mut below = below.map(|(_, text)| text.as_bytes().to_vec());
        let file = |path: &str| {
            // Helm reads every name as an address first, and refuses what can be none.
            if path.trim() != "-" {
                url::parse(path.as_bytes())?;
            }
            input::read_file(path).map_err(|error| error.to_string())
        };
        let mut read = |path: &str| below.take().map_or_else(|| file(path), Ok);
        Ok(values::read(&sources, &mut read)?)
    }
}
