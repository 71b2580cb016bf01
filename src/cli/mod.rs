//! The command line: one file per command, one variant of `Command` each. Here are only the shape of the whole, the way
//! a command ends ([`Failure`], [`Done`]) and where its output goes. Shared flags are in [`args`].
//!
//! A command is a `clap::Args` struct and a function `run(&self, &mut Session) -> Result<Done, Failure>`. It writes its data
//! with [`Session::out`] and its talk with [`Session::say`]; nothing else prints.

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub mod args;
mod check;
mod completion;
mod config;
mod dependency;
mod env;
mod explain;
mod inert;
mod lint;
mod name;
mod output_dir;
mod package;
mod patch;
mod post_render;
mod progress;
mod pull;
mod push;
mod registry;
mod rendering;
mod rules;
mod show;
mod sign;
mod suggest;
mod template;
mod terminal;
mod usage;
mod verify;
mod version;
mod why;

use args::globals::Globals;

use crate::chart::{self, Chart};
use crate::fetch::Fetcher;
use crate::go::slog;
use crate::render::stack;

/// Renders Helm charts exactly as Helm does, says whether they may be deployed, and says where to mend them.
#[derive(Debug, Parser)]
#[command(
    name = "plimsoll",
    version = version::LONG,
    args_override_self = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// Every command: Helm's first, then ours.
#[derive(Debug, Subcommand)]
enum Command {
    Completion(completion::Args),
    #[command(alias = "dep", alias = "dependencies")]
    Dependency(dependency::Args),
    Env(env::Args),
    Lint(Box<lint::Args>),
    Package(Box<package::Args>),
    #[command(alias = "fetch")]
    Pull(Box<pull::Args>),
    Push(push::Args),
    Registry(registry::Args),
    #[command(alias = "inspect")]
    Show(Box<show::Args>),
    Template(Box<template::Args>),
    Verify(verify::Args),
    Version(version::Args),
    Check(Box<check::Args>),
    Config(config::Args),
    Explain(explain::Args),
    Patch(Box<patch::Args>),
    Rules(rules::Args),
    Why(Box<why::Args>),
}

impl Command {
    fn run(&self, session: &mut Session) -> Result<Done, Failure> {
        match self {
            Command::Completion(args) => args.run(session),
            Command::Env(args) => args.run(session),
            Command::Dependency(args) => args.run(session),
            Command::Lint(args) => args.run(session),
            Command::Package(args) => args.run(session),
            Command::Pull(args) => args.run(session),
            Command::Push(args) => args.run(session),
            Command::Registry(args) => args.run(session),
            Command::Show(args) => args.run(session),
            Command::Template(args) => args.run(session),
            Command::Verify(args) => args.run(session),
            Command::Version(args) => args.run(session),
            Command::Check(args) => args.run(session),
            Command::Config(args) => args.run(session),
            Command::Explain(args) => args.run(session),
            Command::Patch(args) => args.run(session),
            Command::Rules(args) => args.run(session),
            Command::Why(args) => args.run(session),
        }
    }
}

/// The commands of our own, whose errors end with 2; Helm's end with 1.
const OWN: [&str; 6] = ["check", "config", "explain", "patch", "rules", "why"];

/// How a command ended that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Nothing to complain of: 0.
    Clean,
    /// The work is done and something was found: 1.
    Findings,
    /// A part of the work could not be done, and the report says why: 2.
    Unable,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// Said on standard error after `Error: `.
    Error(String),
    /// The reader of the output went away, which is no error.
    BrokenPipe,
}

impl Failure {
    /// An error with that text.
    pub fn error(text: impl ToString) -> Failure {
        Failure::Error(text.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::BrokenPipe,
            _ => Failure::Error(error.to_string()),
        }
    }
}

/// What every command shares: global flags, output, talk.
pub struct Session<'a> {
    /// The flags that stand before or after any command.
    pub globals: &'a Globals,
    /// Standard output: the command's data.
    pub out: &'a mut dyn Write,
    /// Standard error: talk.
    pub err: &'a mut dyn Write,
}

impl Session<'_> {
    /// Whether standard output takes colour: by flag, or where it is a terminal and `NO_COLOR` and its like do not forbid.
    pub fn color(&self) -> bool {
        match self.globals.color.as_deref() {
            Some("always") => true,
            Some("never") => false,
            _ => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
        }
    }

    /// Says what Helm's log would say; what only helps to find mistakes where verbose output was asked for.
    pub fn log(&mut self, lines: &[String]) {
        let is_debug = self.globals.debug();
        for line in lines.iter().filter(|line| is_debug || !line.starts_with("level=DEBUG ")) {
            self.say(line);
        }
    }

    /// The chart that was loaded; if it was not, what Helm logs until it finds out is said.
    pub fn loaded(&mut self, outcome: Result<Chart, chart::Error>) -> Result<Chart, Failure> {
        outcome.map_err(|error| {
            self.log(&error.warnings);
            Failure::error(error)
        })
    }

    /// Says a line of Helm's log that only helps to find mistakes.
    pub fn debug(&mut self, message: &str, attributes: &[(&str, &str)]) {
        self.log(&[slog::line("DEBUG", message, attributes)]);
    }

    /// Says a line on standard error; that nobody listens there does not matter.
    pub fn say(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.err, "{}", line.as_ref());
    }

    /// Passes on what was to be told and to be logged while charts were brought.
    fn pass_on(&mut self, fetcher: &Fetcher) -> io::Result<()> {
        fetcher.warned().iter().for_each(|line| self.say(line));
        fetcher.said().iter().try_for_each(|line| writeln!(self.out, "{line}"))
    }
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    let code = stack::run(|| {
        let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        run(&words, &mut out, &mut io::stderr())
    });
    ExitCode::from(code.unwrap_or_else(|text| {
        let _ = writeln!(io::stderr(), "Error: {text}");
        2
    }))
}

/// Runs a command line, the program's name first, and gives the exit code.
pub fn run(words: &[OsString], out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let own = words.iter().skip(1).any(|word| OWN.iter().any(|own| word == own));
    let failed = if own { 2 } else { 1 };
    let parsed = command().try_get_matches_from(words).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return usage::report(&error, words, failed, (out, err)),
    };
    let mut session = Session { globals: &cli.globals, out, err };
    if let Err(error) = cli.globals.check() {
        session.say(slog::line("WARN", "command failed", &[("error", &error)]));
        return failed;
    }
    let done = cli.command.run(&mut session).and_then(|done| {
        session.out.flush()?;
        Ok(done)
    });
    match done {
        Ok(Done::Clean) | Err(Failure::BrokenPipe) => 0,
        Ok(Done::Findings) => 1,
        Ok(Done::Unable) => 2,
        Err(Failure::Error(text)) => {
            let _ = session.out.flush();
            session.say(format!("Error: {text}"));
            failed
        }
    }
}

/// The whole command line as clap knows it: for completions and generated pages.
pub fn command() -> clap::Command {
    args::switch::as_pflag(Cli::command())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plimsoll(words: &[&str]) -> (u8, String, String) {
        let words: Vec<OsString> =
            std::iter::once("plimsoll").chain(words.iter().copied()).map(Into::into).collect();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = run(&words, &mut out, &mut err);
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    #[test]
    fn the_command_line_is_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn usage_errors_read_as_helm_s() {
        let (code, out, err) = plimsoll(&["version", "--nonsense"]);
        assert_eq!((code, out.as_str(), err.as_str()), (1, "", "Error: unknown flag: --nonsense\n"));
        let (code, _, err) = plimsoll(&["nonsense"]);
        assert_eq!(code, 1);
        assert!(err.starts_with("Error: unknown command \"nonsense\" for \"plimsoll\"\n"), "{err}");
    }

    #[test]
    fn help_goes_to_standard_output() {
        let (code, out, err) = plimsoll(&["--help"]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.contains("Usage: plimsoll"), "{out}");
    }
}
