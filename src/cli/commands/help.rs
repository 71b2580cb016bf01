//! `help`: what a command does and its flags, as its `--help` says it.

use clap::Args as ClapArgs;

use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::cli::unknown;

/// Say what a command does and which flags it has
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll help [COMMAND]...")]
pub(crate) struct Args {
    /// The command, such as `check` or `show values`; without one, all commands are listed
    #[arg(value_name = "COMMAND")]
    words: Vec<String>,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let mut command = (context.line)();
        // Only then errors say `plimsoll show`.
        command.build();
        for word in &self.words {
            let found = command.find_subcommand(word).cloned();
            command = found.ok_or_else(|| Error::new(unknown::command(word, &command)))?;
        }
        let line = ["plimsoll"].into_iter().chain(self.words.iter().map(String::as_str)).chain(["--help"]);
        if let Err(help) = (context.line)().try_get_matches_from(line) {
            write!(context.out, "{}", help.render())?;
        }
        Ok(Done::Clean)
    }
}
