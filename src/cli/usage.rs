//! What is said when a command line cannot be read: in Helm's words where Helm has words for it.

use std::io::Write;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::go::strconv;

/// Reports an error of clap's and gives the exit code; help and version, which clap treats as errors, are none.
pub(super) fn report(error: &clap::Error, failed: u8, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = write!(out, "{}", error.render()).and_then(|()| out.flush());
            0
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = write!(err, "{}", error.render());
            failed
        }
        _ => {
            let _ = writeln!(err, "Error: {}", text(error));
            failed
        }
    }
}

/// Helm's text for the errors that scripts meet, clap's for the rest.
fn text(error: &clap::Error) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    match error.kind() {
        ErrorKind::UnknownArgument => unknown_flag(context(ContextKind::InvalidArg)),
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand);
            format!("unknown command \"{name}\" for \"plimsoll\"\nRun 'plimsoll --help' for usage.")
        }
        ErrorKind::ValueValidation => {
            let flag = context(ContextKind::InvalidArg).split([' ', '[', '=']).next().unwrap_or_default();
            let value = strconv::quote(context(ContextKind::InvalidValue));
            let reason = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            format!("invalid argument {value} for \"{flag}\" flag: {reason}")
        }
        ErrorKind::InvalidValue => {
            let flag = context(ContextKind::InvalidArg).split([' ', '[', '=']).next().unwrap_or_default();
            match (context(ContextKind::InvalidValue), error.get(ContextKind::ValidValue)) {
                ("", _) => format!("flag needs an argument: {flag}"),
                (value, Some(ContextValue::Strings(names))) => {
                    let value = strconv::quote(value);
                    format!("invalid argument {value} for \"{flag}\" flag: it is one of {}", names.join(", "))
                }
                (value, _) => format!("invalid argument {} for \"{flag}\" flag", strconv::quote(value)),
            }
        }
        _ => {
            let whole = error.render().to_string();
            whole.strip_prefix("error: ").unwrap_or(&whole).trim_end().to_owned()
        }
    }
}

/// Cobra's text for a flag that is not there; a word too many is named as what it is.
fn unknown_flag(flag: &str) -> String {
    let name = flag.split('=').next().unwrap_or(flag);
    if name.starts_with("--") {
        format!("unknown flag: {name}")
    } else if let Some(letter) = name.strip_prefix('-').and_then(|rest| rest.chars().next()) {
        format!("unknown shorthand flag: '{letter}' in {flag}")
    } else {
        format!("unexpected argument: {flag}")
    }
}
