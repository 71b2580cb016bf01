//! What is said when a command line cannot be read: in Helm's words where Helm has words for it, with the name of this
//! program in them.

use std::ffi::OsString;
use std::io::Write;
use std::ops::RangeInclusive;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::context::Failure;
use crate::go::strconv;

/// Reports an error of clap's and gives the exit code; help and version, which clap treats as errors, are none.
pub(crate) fn report(
    error: &clap::Error,
    words: &[OsString],
    failed: u8,
    (out, err): (&mut dyn Write, &mut dyn Write),
) -> u8 {
    let mut help = |text: &dyn std::fmt::Display| {
        let _ = write!(out, "{text}").and_then(|()| out.flush());
        0
    };
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => help(&error.render()),
        // Helm explains a command that only holds others, whatever word follows it.
        ErrorKind::InvalidSubcommand if group(words).is_some() => {
            group(words).map_or(failed, |mut group| help(&group.render_help()))
        }
        _ => {
            let _ = writeln!(err, "Error: {}", text(error, words));
            failed
        }
    }
}

/// The command in the words that holds other commands.
fn group(words: &[OsString]) -> Option<clap::Command> {
    let mut root = super::command();
    root.build();
    let mut groups = words.iter().skip(1).filter_map(|word| root.find_subcommand(word));
    groups.find(|command| command.has_subcommands()).cloned()
}

/// Refuses a number of words that a command does not take; the usage is what follows `plimsoll`.
/// Helm: cmd/require/args.go.
pub(crate) fn check_count(
    words: &[String],
    wanted: RangeInclusive<usize>,
    usage: &str,
) -> Result<(), Failure> {
    if wanted.contains(&words.len()) {
        return Ok(());
    }
    let command: Vec<&str> =
        usage.split(' ').take_while(|word| word.starts_with(char::is_lowercase)).collect();
    let count = |n: usize| if n == 1 { "1 argument".to_owned() } else { format!("{n} arguments") };
    let complaint = match (*wanted.start(), *wanted.end()) {
        (_, 0) => "accepts no arguments".to_owned(),
        (low, high) if low == high => format!("requires {}", count(low)),
        (low, _) if words.len() < low => format!("requires at least {}", count(low)),
        (_, high) => format!("accepts at most {}", count(high)),
    };
    let command = command.join(" ");
    Err(Failure::Error(format!("\"plimsoll {command}\" {complaint}\n\nUsage:  plimsoll {usage} [flags]")))
}

/// Helm's text for the errors that scripts meet, clap's for the rest.
fn text(error: &clap::Error, words: &[OsString]) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    match error.kind() {
        ErrorKind::UnknownArgument => unknown_flag(context(ContextKind::InvalidArg)),
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand);
            format!(
                "unknown command \"{name}\" for \"plimsoll\"\n{}Run 'plimsoll --help' for usage.",
                suggestions(name)
            )
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
                ("", _) => needs_argument(flag, words),
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

/// pflag's text for a flag at the end of the line that wants a value.
fn needs_argument(flag: &str, words: &[OsString]) -> String {
    let short = words.last().and_then(|word| word.to_str()).filter(|word| !word.starts_with("--"));
    match short.and_then(|word| word.strip_prefix('-')?.chars().last()) {
        Some(letter) => format!("flag needs an argument: '{letter}' in -{letter}"),
        None => format!("flag needs an argument: {flag}"),
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

/// The commands that the name may have been meant for. Cobra: `findSuggestions`.
fn suggestions(name: &str) -> String {
    let name = name.to_lowercase();
    let root = super::command();
    let mut known: Vec<&str> = root.get_subcommands().map(clap::Command::get_name).collect();
    known.sort_unstable();
    known.retain(|known| known.starts_with(&name) || distance(&name, known) <= 2);
    if known.is_empty() {
        return String::new();
    }
    let lines: String = known.iter().map(|known| format!("\t{known}\n")).collect();
    format!("\nDid you mean this?\n{lines}\n")
}

/// How many letters must be put in, taken out or replaced to make one word of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, same) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *same);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}
