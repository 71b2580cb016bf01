//! `env`: the settings that Helm's environment variables and global flags come to, in Helm's form.

use clap::Args as ClapArgs;

use crate::cli::args::count::check_count;
use crate::cli::context::{Context, Done};
use crate::cli::environment::settings;
use crate::cli::error::Error;
use crate::go::raw;

/// Print the settings that environment variables and global flags come to
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    /// Print only the value of this setting
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        check_count(&self.names, 0..=1, "env")?;
        let settings = settings(context.globals);
        match self.names.first() {
            Some(name) => {
                let value = settings.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value);
                context.out.write_all(&raw::bytes(&format!("{value}\n")))?;
            }
            None => {
                for (name, value) in &settings {
                    context.out.write_all(&raw::bytes(&format!("{name}=\"{value}\"\n")))?;
                }
            }
        }
        Ok(Done::Clean)
    }
}
