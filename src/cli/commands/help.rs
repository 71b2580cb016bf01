//! `help`: what a command does and its flags, as its `--help` says it.

use clap::Args as ClapArgs;

use crate::cli::args::Switch;
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
    /// Print it as a page for `man`: plimsoll help --man check | man -l -
    #[arg(long)]
    man: Switch,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let mut command = (context.line)();
        // Only then errors say `plimsoll show`.
        command.build();
        for word in &self.words {
            let found = command.find_subcommand(word).cloned();
            command = found.ok_or_else(|| Error::new(unknown::command(word, &command, context.is_own)))?;
        }
        if self.man.is_on() {
            let name = ["plimsoll"].into_iter().chain(self.words.iter().map(String::as_str));
            // As long as clap wants to have it.
            let name: &'static str = name.collect::<Vec<_>>().join("-").leak();
            let page = clap_mangen::Man::new(command.display_name(name).name(name));
            // It would have its own errors of writing.
            let mut text = Vec::new();
            page.render(&mut text)?;
            context.out.write_all(&text)?;
            return Ok(Done::Clean);
        }
        let line = ["plimsoll"].into_iter().chain(self.words.iter().map(String::as_str)).chain(["--help"]);
        if let Err(help) = (context.line)().try_get_matches_from(line) {
            write!(context.out, "{}", help.render())?;
        }
        Ok(Done::Clean)
    }
}
