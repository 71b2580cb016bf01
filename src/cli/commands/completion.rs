//! `completion`: scripts that complete `plimsoll` commands in a shell, made by clap. A script asks this program for what may
//! stand where the cursor is, through the environment ([`ASKED`]), and [`answer`] tells it: commands and flags, and what no
//! script could know, such as the objects of a chart.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};

use clap::builder::ValueHint;
use clap::{Arg, Args as ClapArgs, Command, Subcommand, ValueEnum};
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{Bash, EnvCompleter, Fish, Powershell, Shells, Zsh};

use crate::cli::args::Switch;
use crate::cli::args::count::check_count;
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::judge::codes;
use crate::policy::{Level, Profile};
use crate::report::Format;
use crate::{rules, word};

/// The variable in which a script names its shell when it asks.
pub(crate) const ASKED: &str = "PLIMSOLL_COMPLETE";

const SHELLS: [&dyn EnvCompleter; 4] = [&Bash, &Fish, &Powershell, &Zsh];

/// Print a script that completes plimsoll's commands in a shell
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    shell: For,
}

#[derive(Debug, Subcommand)]
enum For {
    /// Print a script for bash
    Bash(ScriptArgs),
    /// Print a script for fish
    Fish(ScriptArgs),
    /// Print a script for PowerShell
    Powershell(ScriptArgs),
    /// Print a script for zsh
    Zsh(ScriptArgs),
}

#[derive(ClapArgs, Debug)]
struct ScriptArgs {
    /// Leave descriptions out; accepted for Helm's sake
    #[arg(long)]
    no_descriptions: Switch,
    #[arg(hide = true)]
    words: Vec<String>,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let (shell, args): (&dyn EnvCompleter, _) = match &self.shell {
            For::Bash(args) => (&Bash, args),
            For::Fish(args) => (&Fish, args),
            For::Powershell(args) => (&Powershell, args),
            For::Zsh(args) => (&Zsh, args),
        };
        check_count(&args.words, 0..=0, &format!("completion {}", shell.name()))?;
        // clap's generator would have its own errors of writing.
        let mut script = Vec::new();
        shell.write_registration(ASKED, "plimsoll", "plimsoll", "plimsoll", &mut script)?;
        context.out.write_all(&script)?;
        Ok(Done::Clean)
    }
}

/// The words that may stand in a place of a command line; given the line without its program, and what stands in the place.
pub(crate) type Names = fn(words: &[OsString], current: &str) -> Vec<String>;

/// Tells a script of that shell what may stand where its cursor is: `words` are this program's, then `--` and those of the
/// line that is typed.
pub(crate) fn answer(
    shell: &OsStr,
    words: &[OsString],
    line: Command,
    of_release: &[(&'static str, Names)],
    out: &mut dyn Write,
) -> io::Result<()> {
    let typed = words.iter().position(|word| word == "--").map_or(&[][..], |at| &words[at + 1..]);
    let shell = Shells(&SHELLS).completer(&shell.to_string_lossy());
    let shell = shell.ok_or_else(|| io::Error::other("no such shell"))?;
    let line = line.mut_subcommand("why", |command| with_names_of_release(command, typed, of_release));
    let mut told = Vec::new();
    let here = std::env::current_dir().ok();
    shell.write_complete(&mut with_names(line), typed.to_vec(), here.as_deref(), &mut told)?;
    out.write_all(&told)
}

/// The command line with the names of rules, profiles and formats where it takes them, and with files.
fn with_names(line: Command) -> Command {
    let policy = |command: Command| {
        command
            .mut_arg("select", |arg| one_of(arg, rule_names))
            .mut_arg("ignore", |arg| one_of(arg, rule_names))
            .mut_arg("severity", |arg| one_of(arg, rules_with_levels))
            .mut_arg("profile", |arg| one_of(arg, profiles))
    };
    with_files(line)
        .mut_subcommand("check", |command| policy(command).mut_arg("format", |arg| one_of(arg, formats)))
        .mut_subcommand("fix", policy)
        .mut_subcommand("patch", policy)
        .mut_subcommand("rules", policy)
        .mut_subcommand("config", |command| command.mut_subcommand("show", policy))
        .mut_subcommand("explain", |command| command.mut_arg("rules", |arg| one_of(arg, explained)))
}

fn one_of(arg: Arg, known: fn() -> Vec<CompletionCandidate>) -> Arg {
    arg.add(ArgValueCandidates::new(known))
}

/// A name and what it stands for.
fn candidate(name: impl Into<OsString>, about: impl Into<String>) -> CompletionCandidate {
    CompletionCandidate::new(name).help(Some(about.into().into()))
}

fn rule_names() -> Vec<CompletionCandidate> {
    let rules = rules::all().into_iter();
    rules.flat_map(|rule| [candidate(rule.name, rule.summary()), candidate(rule.code, rule.name)]).collect()
}

fn explained() -> Vec<CompletionCandidate> {
    let codes = codes::CODES.iter().map(|code| candidate(code.code, code.name));
    rule_names().into_iter().chain(codes).collect()
}

fn rules_with_levels() -> Vec<CompletionCandidate> {
    let levels: Vec<String> = Level::value_variants().iter().map(word::of).collect();
    let names = rules::all().into_iter().flat_map(|rule| [rule.name, rule.code]);
    names
        .flat_map(|name| levels.iter().map(move |level| CompletionCandidate::new(format!("{name}={level}"))))
        .collect()
}

fn profiles() -> Vec<CompletionCandidate> {
    Profile::built_in_names().map(CompletionCandidate::new).collect()
}

fn formats() -> Vec<CompletionCandidate> {
    Format::value_variants().iter().map(|format| CompletionCandidate::new(word::of(format))).collect()
}

/// Says of each flag and argument whose value is a file or a folder that it is.
fn with_files(line: Command) -> Command {
    let with_file = |arg: Arg| {
        let is_file = arg.get_value_names().is_some_and(|names| {
            let name = names.first().map_or("", |name| name.as_str());
            ["CHART", "DIR", "FILE", "PATH", "VALUES"].iter().any(|part| name.contains(part))
        });
        if is_file { arg.value_hint(ValueHint::AnyPath) } else { arg }
    };
    line.mut_args(with_file).mut_subcommands(with_files)
}

/// The command with the names that only a rendered chart tells.
fn with_names_of_release(
    mut command: Command,
    typed: &[OsString],
    of_release: &[(&'static str, Names)],
) -> Command {
    for (arg, names) in of_release {
        let (typed, names) = (typed.to_vec(), *names);
        let completer = move |current: &OsStr| {
            let current = current.to_string_lossy();
            let found = names(&typed, &current).into_iter();
            // A shell puts it on its line as it is, and whoever wrote the chart chose it.
            found
                .filter(|name| name.starts_with(&*current) && name.chars().all(is_plain))
                .map(CompletionCandidate::new)
                .collect()
        };
        command = command.mut_arg(arg, |arg| arg.add(ArgValueCompleter::new(completer)));
    }
    command
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ':' | '[' | ']')
}
