//! `completion`: scripts that complete `plimsoll` commands in a shell, made by clap.

use clap::{Args as ClapArgs, Subcommand};
use clap_complete::Shell;

use crate::cli::args::Switch;
use crate::cli::args::count::check_count;
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;

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
        let (shell, name, args) = match &self.shell {
            For::Bash(args) => (Shell::Bash, "bash", args),
            For::Fish(args) => (Shell::Fish, "fish", args),
            For::Powershell(args) => (Shell::PowerShell, "powershell", args),
            For::Zsh(args) => (Shell::Zsh, "zsh", args),
        };
        check_count(&args.words, 0..=0, &format!("completion {name}"))?;
        // clap's generator panics where it cannot write, so it writes to memory.
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut (context.line)(), "plimsoll", &mut script);
        context.out.write_all(&script)?;
        Ok(Done::Clean)
    }
}
