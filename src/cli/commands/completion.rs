//! `completion`: scripts that complete `plimsoll` commands in a shell, made by clap.

use clap::builder::PossibleValuesParser;
use clap::{Args as ClapArgs, Command, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::cli::args::Switch;
use crate::cli::args::count::check_count;
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::judge::codes;
use crate::policy::{Level, Profile};
use crate::report::Format;
use crate::{rules, word};

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

/// The command line with the names of rules, profiles and formats where it takes them. It does not check them itself, so that
/// its errors can say more.
fn with_names(line: Command) -> Command {
    let rules: Vec<&'static str> = rules::all().into_iter().flat_map(|rule| [rule.name, rule.code]).collect();
    let explained: Vec<&'static str> =
        rules.iter().copied().chain(codes::CODES.iter().map(|code| code.code)).collect();
    let levels: Vec<String> = Level::value_variants().iter().map(word::of).collect();
    let with_levels = |rule: &&'static str| -> Vec<&'static str> {
        levels.iter().map(|level| kept(format!("{rule}={level}"))).collect()
    };
    let levels: Vec<&'static str> = rules.iter().flat_map(with_levels).collect();
    let formats: Vec<&'static str> =
        Format::value_variants().iter().map(|format| kept(word::of(format))).collect();
    let profiles: Vec<&'static str> = Profile::built_in_names().collect();
    let policy = |command: Command| {
        command
            .mut_arg("select", |arg| arg.value_parser(rules.clone()))
            .mut_arg("ignore", |arg| arg.value_parser(rules.clone()))
            .mut_arg("severity", |arg| arg.value_parser(PossibleValuesParser::new(levels.clone())))
            .mut_arg("profile", |arg| arg.value_parser(profiles.clone()))
    };
    line.mut_subcommand("check", |command| {
        policy(command).mut_arg("format", |arg| arg.value_parser(PossibleValuesParser::new(formats)))
    })
    .mut_subcommand("patch", policy)
    .mut_subcommand("rules", policy)
    .mut_subcommand("config", |command| command.mut_subcommand("show", policy))
    .mut_subcommand("explain", |command| command.mut_arg("rules", |arg| arg.value_parser(explained)))
}

/// A name for the rest of this process, which is as long as clap wants to have it.
fn kept(name: String) -> &'static str {
    name.leak()
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let (shell, name, args) = match &self.shell {
            For::Bash(args) => (Shell::Bash, "bash", args),
            For::Fish(args) => (Shell::Fish, "fish", args),
            For::Powershell(args) => (Shell::PowerShell, "powershell", args),
            For::Zsh(args) => (Shell::Zsh, "zsh", args),
        };
        check_count(&args.words, 0..=0, &format!("completion {name}"))?;
        // clap's generator panics where it cannot write, so it writes to memory.
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut with_names((context.line)()), "plimsoll", &mut script);
        context.out.write_all(&script)?;
        Ok(Done::Clean)
    }
}
