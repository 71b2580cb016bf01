//! `completion`: scripts that complete `plimsoll` commands in a shell, made by clap.

use clap::Args as ClapArgs;
use clap_complete::Shell;

use super::args::Switch;
use super::{Done, Failure, Session};

/// Print a script that completes plimsoll's commands in a shell
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// The shell
    #[arg(value_parser = ["bash", "zsh", "fish", "powershell"])]
    shell: String,
    /// Leave descriptions out; accepted for Helm's sake
    #[arg(long)]
    no_descriptions: Switch,
}

impl Args {
    pub(super) fn run(&self, session: &mut Session) -> Result<Done, Failure> {
        let shell = match self.shell.as_str() {
            "bash" => Shell::Bash,
            "zsh" => Shell::Zsh,
            "fish" => Shell::Fish,
            _ => Shell::PowerShell,
        };
        // clap's generator panics where it cannot write, so it writes to memory.
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut super::command(), "plimsoll", &mut script);
        session.out.write_all(&script)?;
        Ok(Done::Clean)
    }
}
