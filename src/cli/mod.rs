//! The command line: parsing, dispatch and the exit code. A command is a file of [`commands`] and one variant of
//! [`Command`]; flags that several share are in [`args`].
//!
//! A command is a `clap::Args` struct and a function `run(&self, &mut Context) -> Result<Done, Failure>`. It writes its data
//! with [`Context::out`] and its talk with [`Context::say`]; nothing else prints.

#![allow(clippy::disallowed_methods, reason = "here the environment is read")]

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser};

pub mod args;
mod commands;
mod context;
mod environment;
mod input;
mod output_dir;
mod progress;
mod rendering;
mod suggest;
mod terminal;
mod usage;

use args::globals::Globals;
use commands::{Command, version};
use context::{Context, Done, Failure};

use crate::go::slog;
use crate::stack;

/// The commands of our own, whose errors end with 2; Helm's end with 1.
const OWN: [&str; 6] = ["check", "config", "explain", "patch", "rules", "why"];

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

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    let code = stack::with_stack(|| {
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
    let mut context = Context { globals: &cli.globals, out, err };
    if let Err(error) = cli.globals.check() {
        context.say(slog::line("WARN", "command failed", &[("error", &error)]));
        return failed;
    }
    let done = cli.command.run(&mut context).and_then(|done| {
        context.out.flush()?;
        Ok(done)
    });
    match done {
        Ok(Done::Clean) | Err(Failure::BrokenPipe) => 0,
        Ok(Done::Findings) => 1,
        Ok(Done::Unable) => 2,
        Err(Failure::Error(text)) => {
            let _ = context.out.flush();
            context.say(format!("Error: {text}"));
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
