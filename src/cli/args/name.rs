//! The name of a release: given, made from a template, or Helm's default.

use clap::Args;

use crate::cli::args::switch::Switch;
use crate::cli::error::Error;
use crate::funcs;
use crate::render::host::SystemHost;
use crate::template::{self, Functions, Set};
use crate::value::{Str, Value};

/// The name that `helm template` gives where none is wanted.
const DEFAULT: &str = "release-name";

/// The flags that make the name of a release.
#[derive(Args, Debug)]
#[command(next_help_heading = "Release")]
pub(crate) struct NameArgs {
    /// Generate the name (and omit the NAME parameter)
    #[arg(short, long)]
    generate_name: Switch,
    /// Specify template used to name the release
    #[arg(long, value_name = "TEMPLATE")]
    name_template: Option<String>,
}

impl NameArgs {
    /// The name and the chart in the words of the command line. Helm: action/install.go `NameAndChart`, where
    /// `helm template`'s default name makes `--generate-name` mean nothing.
    pub(crate) fn name_and_chart<'a>(&self, words: &'a [String]) -> Result<(String, &'a str), Error> {
        let template = self.name_template.as_deref().filter(|text| !text.is_empty());
        match words {
            [chart] => {
                let name = template.map_or_else(|| Ok(DEFAULT.to_owned()), from_template)?;
                Ok((name, chart))
            }
            [_, _] if self.generate_name.is_on() => {
                Err(Error::new("cannot set --generate-name and also specify a name"))
            }
            [_, _] if template.is_some() => {
                Err(Error::new("cannot set --name-template and also specify a name"))
            }
            [name, chart] => Ok((name.clone(), chart)),
            _ => {
                let more = words.get(2..).unwrap_or_default().join(", ");
                Err(Error::new(format!("expected at most two arguments, unexpected arguments: {more}")))
            }
        }
    }
}

/// Helm: action/install.go `TemplateName`.
fn from_template(text: &str) -> Result<String, Error> {
    let name = execute("name-template", text, funcs::table(), &Value::Nil)?;
    Ok(name.to_str().into_owned())
}

/// What a template of the command line says, as Go itself has it: `<no value>` stays. The error is Go's text.
pub(crate) fn execute(
    name: &str,
    text: &str,
    functions: &'static Functions,
    data: &Value,
) -> Result<Str, Error> {
    let options = template::Options { keep_no_value: true, ..template::Options::default() };
    let mut set = Set::new(functions, options);
    set.parse(name, text).map_err(|error| Error::new(error.go_text()))?;
    template::execute(&set, name, data, &mut SystemHost::new(), &mut ())
        .map_err(|error| Error::new(error.go_text()))
}
