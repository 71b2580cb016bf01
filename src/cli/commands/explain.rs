//! `explain`: the text of a rule: what it refuses, why, examples, how to mend it, how severe it is and who says so.

use clap::Args as ClapArgs;

use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::cli::unknown;
use crate::rules;

/// Explain a rule
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll explain CODE")]
pub(crate) struct Args {
    /// Code or name of a rule, such as POD101 or host-network
    #[arg(value_name = "CODE", required = true)]
    rules: Vec<String>,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        for (at, word) in self.rules.iter().enumerate() {
            let Some(rule) = rules::find(word) else {
                return Err(Error::new(format!("there is no rule `{word}`")).hint(unknown::likely_rule(word)));
            };
            if at > 0 {
                writeln!(context.out)?;
            }
            write!(context.out, "{}", rule.page())?;
        }
        Ok(Done::Clean)
    }
}
