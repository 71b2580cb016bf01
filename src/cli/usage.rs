//! What is said when a command line cannot be read: in Helm's words where Helm has words for it, with the name of this
//! program in them.

use std::ffi::OsString;
use std::io::Write;

use clap::ArgMatches;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::args::invalid::InvalidArgument;
use crate::cli::commands::is_own;
use crate::cli::unknown;
use crate::report::safe;

/// A command line that clap refused.
pub(crate) struct Refused<'a> {
    error: &'a clap::Error,
    words: &'a [OsString],
    /// The command that the words mean, as far as clap could read them: the program itself, `show`, `show values`.
    command: clap::Command,
    /// Whether that is a command of our own.
    is_own: bool,
}

impl<'a> Refused<'a> {
    /// The words that `line` refused with the error.
    pub(crate) fn new(error: &'a clap::Error, words: &'a [OsString], mut line: clap::Command) -> Refused<'a> {
        let path = path(error, words, line.clone());
        line.build();
        let find = |command: clap::Command, name: &String| command.find_subcommand(name).cloned();
        let command = path.iter().try_fold(line.clone(), find).unwrap_or(line);
        Refused { error, words, command, is_own: path.first().is_some_and(|name| is_own(name)) }
    }

    /// Says what is wrong and gives the exit code; help and version, which clap treats as errors, are none.
    pub(crate) fn report(&mut self, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
        let mut help = |text: &dyn std::fmt::Display| {
            let _ = write!(out, "{text}").and_then(|()| out.flush());
            0
        };
        match self.error.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => help(&self.error.render()),
            // Helm explains a command that only holds others, whatever word follows it.
            ErrorKind::InvalidSubcommand if self.is_group() && !self.is_own => {
                help(&self.command.render_help())
            }
            _ => {
                let _ = writeln!(err, "Error: {}", safe(&self.text()));
                if self.is_own { 2 } else { 1 }
            }
        }
    }

    /// Whether the command is one of the program's that holds others.
    fn is_group(&self) -> bool {
        self.command.has_subcommands() && self.command.get_name() != "plimsoll"
    }

    /// Helm's text for the errors that scripts meet, clap's for the rest.
    fn text(&self) -> String {
        let flag = self.context(ContextKind::InvalidArg).split([' ', '[', '=']).next().unwrap_or_default();
        match self.error.kind() {
            ErrorKind::UnknownArgument => {
                let flag = self.context(ContextKind::InvalidArg);
                let hint = self.is_own.then(|| unknown::likely_flag(flag, &self.command)).flatten();
                [Some(unknown::flag(flag)), hint].into_iter().flatten().collect::<Vec<_>>().join("\n")
            }
            ErrorKind::InvalidSubcommand => {
                unknown::command(self.context(ContextKind::InvalidSubcommand), &self.command, is_own)
            }
            ErrorKind::ValueValidation => {
                let reason = std::error::Error::source(self.error).map(ToString::to_string);
                self.invalid(flag, &reason.unwrap_or_default())
            }
            ErrorKind::InvalidValue if self.context(ContextKind::InvalidValue).is_empty() => {
                needs_argument(flag, self.words)
            }
            ErrorKind::InvalidValue => match self.error.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(names)) => {
                    self.invalid(flag, &format!("it is one of {}", names.join(", ")))
                }
                _ => self.invalid(flag, ""),
            },
            _ => {
                let whole = self.error.render().to_string();
                whole.strip_prefix("error: ").unwrap_or(&whole).trim_end().to_owned()
            }
        }
    }

    fn invalid(&self, flag: &str, reason: &str) -> String {
        InvalidArgument::new(flag, self.context(ContextKind::InvalidValue), reason).to_string()
    }

    fn context(&self, kind: ContextKind) -> &str {
        context(self.error, kind)
    }
}

/// What clap noted of its error.
fn context(error: &clap::Error, kind: ContextKind) -> &str {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text,
        _ => "",
    }
}

/// The names of the commands in the words, outermost first, as clap finds them when it overlooks what is wrong.
fn path(error: &clap::Error, words: &[OsString], line: clap::Command) -> Vec<String> {
    // Clap looks no further than a flag that it does not know.
    let unknown = match error.kind() {
        ErrorKind::UnknownArgument => context(error, ContextKind::InvalidArg),
        _ => "",
    };
    let known = words.iter().filter(|word| unknown.is_empty() || *word != unknown);
    let matches = line.ignore_errors(true).try_get_matches_from(known);
    let mut level: Option<&ArgMatches> = matches.as_ref().ok();
    let mut path = Vec::new();
    while let Some((name, below)) = level.and_then(ArgMatches::subcommand) {
        path.push(name.to_owned());
        level = Some(below);
    }
    path
}

/// pflag's text for a flag at the end of the line that wants a value.
fn needs_argument(flag: &str, words: &[OsString]) -> String {
    let short = words.last().and_then(|word| word.to_str()).filter(|word| !word.starts_with("--"));
    match short.and_then(|word| word.strip_prefix('-')?.chars().last()) {
        Some(letter) => format!("flag needs an argument: '{letter}' in -{letter}"),
        None => format!("flag needs an argument: {flag}"),
    }
}
