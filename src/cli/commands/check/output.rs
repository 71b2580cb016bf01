//! [`Output`]: a word of `--format`.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::report::Format;
use crate::word;

/// A format, and the file that it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) format: Format,
    pub(super) file: Option<PathBuf>,
}

/// Reads `FORMAT` or `FORMAT=FILE`.
pub(super) fn parse(text: &str) -> Result<Output, String> {
    let (name, file) = match text.split_once('=') {
        Some((_, "")) => return Err("it names no file behind `=`".to_owned()),
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let format = Format::from_str(name, false).map_err(|_| {
        let names: Vec<String> = Format::value_variants().iter().map(word::of).collect();
        let meant = crate::suggest::closest(name, names.iter().map(String::as_str));
        let meant = meant.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        format!("it is one of {}{meant}", names.join(", "))
    })?;
    Ok(Output { format, file })
}
