//! The command line: parsing, dispatch and the exit code. A command is a file of [`commands`] and one variant of
//! [`Command`]; flags that several share are in [`args`].
//!
//! A command is a `clap::Args` struct and a function `run(&self, &mut Context) -> Result<Done, Error>`. It writes its data
//! with [`Context::out`] and its talk with [`Context::say`]; nothing else prints.

#![allow(clippy::disallowed_methods, reason = "here the environment is read")]

use std::ffi::{OsStr, OsString};
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::{Args, FromArgMatches};

mod args;
mod commands;
mod context;
mod environment;
mod error;
mod expand;
mod input;
mod output_dir;
mod outputs;
mod progress;
mod rewrite;
mod terminal;
mod unknown;
mod usage;
mod watchdog;

use args::globals::Globals;
use commands::{Command, Own, completion, version, why};
use context::{Context, Done};
use usage::Refused;

use crate::go::{raw, slog};
use crate::{budget, stack};

/// What the program is for, as its help says it.
const ABOUT: &str = "Renders Helm charts exactly as Helm does, says whether they may be deployed, and says where to mend them";

/// The command line as clap knows it, with those commands that are wanted, by one of their names. To describe them all
/// takes longer than most of them run.
fn line(wanted: &dyn Fn(&str) -> bool) -> clap::Command {
    let line = clap::Command::new("plimsoll")
        .args_override_self(true)
        .disable_help_subcommand(true)
        .max_term_width(100)
        .subcommand_required(true)
        .arg_required_else_help(true);
    let line = Globals::augment_args(line).about(ABOUT).version(version::LONG);
    let line = args::switch::as_pflag(Command::add_to(line, wanted));
    line.mut_subcommands(|command| match commands::is_own(command.get_name()) {
        true => args::short_help::shorten(command),
        false => command,
    })
}

/// The global flags and the command in the words.
fn read(line: clap::Command, words: &[OsString]) -> Result<(Globals, Command), clap::Error> {
    let matches = line.try_get_matches_from(words)?;
    Ok((Globals::from_arg_matches(&matches)?, Command::from(&matches)?))
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    watchdog::start();
    let ended: Result<(), String> = stack::with_stack(|| {
        let mut out = BufWriter::with_capacity(1 << 16, Reader::new(io::stdout().lock()));
        let code = match std::env::var_os(completion::ASKED) {
            Some(shell) => complete(&shell, &words, &mut out),
            None => run(&words, &mut out, &mut io::stderr()),
        };
        let _ = out.flush();
        // Here and not on the way back, and without what else waits for the end of a process: to give memory back piece by
        // piece, when the system takes it back at once.
        signal_hook::low_level::exit(i32::from(code))
    });
    let _ = writeln!(io::stderr(), "Error: {}", ended.err().unwrap_or_default());
    ExitCode::from(2)
}

/// Tells a shell what may stand where its cursor is. Where nobody knows, nothing is told: the line is still being typed.
fn complete(shell: &OsStr, words: &[OsString], out: &mut dyn Write) -> u8 {
    let _run = budget::Run::start();
    let told = completion::answer(shell, words, command(), &[("object", objects), ("field", fields)], out);
    u8::from(told.is_err())
}

/// The objects of the chart that a line of `why` names.
fn objects(typed: &[OsString], _: &str) -> Vec<String> {
    typed_why(typed).map_or_else(Vec::new, |(globals, args)| args.objects(&globals))
}

/// The fields of the object that a line of `why` names, one step further than what is typed.
fn fields(typed: &[OsString], current: &str) -> Vec<String> {
    typed_why(typed).map_or_else(Vec::new, |(globals, args)| args.fields(&globals, current))
}

fn typed_why(typed: &[OsString]) -> Option<(Globals, Box<why::Args>)> {
    match read(command(), typed).ok()? {
        (globals, Command::Own(Own::Why(args))) => Some((globals, args)),
        _ => None,
    }
}

/// Runs a command line, the program's name first, and gives the exit code.
pub fn run(words: &[OsString], out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let words = &words.iter().map(|word| OsString::from(&*raw::of_path(word))).collect::<Vec<_>>();
    let called = |name: &str| words.iter().any(|word| word == name);
    // What is wrong with a line is told by all that could be right.
    let parsed = read(line(&called), words).or_else(|_| read(command(), words));
    let (globals, command) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return Refused::new(&error, words, command()).report(out, err),
    };
    let failed = command.failure_code();
    let limits = &globals.limits;
    watchdog::set(limits.steps, limits.memory, limits.time, failed);
    let _run = budget::Run::start();
    let mut context = Context { globals: &globals, line: self::command, is_own: commands::is_own, out, err };
    if let Err(error) = globals.check() {
        context.log(&[slog::Line::warn("command failed", &[("error", &error.to_string())])]);
        return failed;
    }
    let done = command.run(&mut context).and_then(|done| {
        // A part that was cut off over the budget is no answer.
        budget::check()?;
        context.out.flush()?;
        Ok(done)
    });
    match done {
        Ok(Done::Clean) => 0,
        Ok(Done::Findings) => 1,
        Ok(Done::Unable) => 2,
        Err(error) => {
            let _ = context.out.flush();
            context.say(format!("Error: {error}"));
            failed
        }
    }
}

/// Standard output, whose reader may go away: what is written then is lost, and the command ends as it would have.
struct Reader<W> {
    inner: W,
    is_gone: bool,
}

impl<W: Write> Reader<W> {
    fn new(inner: W) -> Reader<W> {
        Reader { inner, is_gone: false }
    }

    fn unless_gone<T>(&mut self, lost: T, write: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        if self.is_gone {
            return Ok(lost);
        }
        match write(&mut self.inner) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_gone = true;
                Ok(lost)
            }
            done => done,
        }
    }
}

impl<W: Write> Write for Reader<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.unless_gone(text.len(), |inner| inner.write(text))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_gone((), Write::flush)
    }
}

/// The whole command line as clap knows it: for completions and generated pages.
pub fn command() -> clap::Command {
    line(&|_| true)
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

    #[test]
    fn the_command_decides_the_exit_code_and_no_other_word() {
        for (line, code) in [
            ("template check ./missing", 1),
            ("template ./missing --set check=1", 1),
            ("template --nonsense why", 1),
            ("template --set check", 1),
            ("--namespace why template ./missing", 1),
            ("-n check template ./missing", 1),
            ("lint why", 1),
            ("lint --namespace", 1),
            ("show check", 0),
            ("show values ./missing check", 1),
            ("nonsense check", 1),
            ("--color loud template check", 1),
            ("check ./missing", 2),
            ("check --nonsense", 2),
            ("--nonsense check", 2),
            ("--namespace template check --nonsense", 2),
            ("--debug check --jobs x", 2),
            ("--color loud check", 2),
            ("config nonsense", 2),
            ("explain template", 2),
            ("help nonsense", 2),
            ("why", 2),
        ] {
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(plimsoll(&words).0, code, "{line}");
        }
    }

    #[test]
    fn only_our_commands_say_which_flag_was_meant() {
        let said = |words: &[&str]| plimsoll(words).2;
        assert_eq!(
            said(&["check", "--fromat=json"]),
            "Error: unknown flag: --fromat\nhint: did you mean `--format`?\n"
        );
        assert_eq!(said(&["check", "--nonsense"]), "Error: unknown flag: --nonsense\n");
        assert_eq!(said(&["template", "--output-dri", "x"]), "Error: unknown flag: --output-dri\n");
    }

    #[test]
    fn help_explains_any_command() {
        let (code, out, _) = plimsoll(&["help"]);
        assert!(code == 0 && out.contains("Usage: plimsoll [OPTIONS] <COMMAND>"), "{out}");
        for words in [&["check"][..], &["show", "values"], &["fetch"]] {
            let (code, out, err) = plimsoll(&[&["help"], words].concat());
            assert_eq!((code, err.as_str()), (0, ""));
            assert_eq!(out, plimsoll(&[words, &["--help"]].concat()).1);
        }
        let (_, _, err) = plimsoll(&["help", "show", "vales"]);
        let wanted = "Error: unknown command \"vales\" for \"plimsoll show\"\n\nDid you mean this?\n\tvalues\n\n\
                      Run 'plimsoll show --help' for usage.\n";
        assert_eq!(err, wanted);
    }
}
