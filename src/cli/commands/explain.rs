//! `explain`: the text of a rule: what it refuses, why, examples, how to mend it, how severe it is and who says so.

use clap::Args as ClapArgs;

use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::cli::unknown;
use crate::policy::{Mode, Profile, Rule};
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
            explain(rule, context)?;
        }
        Ok(Done::Clean)
    }
}

fn explain(rule: &Rule, context: &mut Context) -> Result<(), Error> {
    let out = &mut context.out;
    writeln!(out, "# {} {}\n", rule.code, rule.name)?;
    writeln!(out, "{}\n", rule.markdown().trim_end())?;
    writeln!(out, "## Severity\n")?;
    for mode in Mode::ALL {
        writeln!(out, "- {mode}: {}", rule.level_in_words(mode))?;
    }
    if let Some(fix) = rule.fix {
        writeln!(out, "- `plimsoll patch` mends it: {}", fix.name())?;
    }
    writeln!(out, "\n## Sources\n")?;
    for source in rule.sources {
        writeln!(out, "- {source}")?;
    }
    for profile in Profile::built_in_names().filter_map(Profile::built_in) {
        let rows: Vec<&str> = profile.rows_of(rule).collect();
        if !rows.is_empty() {
            writeln!(out, "- catalogue: {}", rows.join(", "))?;
        }
    }
    Ok(())
}
