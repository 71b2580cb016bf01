//! `explain`: the text of a rule: what it refuses, why, examples, how to mend it, how severe it is and who says so; and that
//! of any other code that is printed.

use clap::Args as ClapArgs;

use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::cli::unknown;
use crate::judge::codes;
use crate::report::page;
use crate::rules;

/// Explain a rule, or any other code that is printed
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll explain CODE")]
pub(crate) struct Args {
    /// Code or name, such as POD101, host-network or LOD001
    #[arg(value_name = "CODE", required = true)]
    rules: Vec<String>,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        for (at, word) in self.rules.iter().enumerate() {
            let rule = rules::find(word).map(crate::policy::Rule::page);
            let Some(text) = rule.or_else(|| Some(codes::find(word)?.page())) else {
                return Err(Error::new(format!("there is no rule `{word}`")).hint(unknown::likely_rule(word)));
            };
            if at > 0 {
                writeln!(context.out)?;
            }
            write!(context.out, "{}", page::markdown(&text, context.look()))?;
        }
        Ok(Done::Clean)
    }
}
