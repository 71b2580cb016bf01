//! `rules`: the list of rules, with what the profile sets them to.

use std::path::Path;

use clap::Args as ClapArgs;
use serde_json::json;

use crate::cli::args::AnswerFormat;
use crate::cli::args::policy::PolicyArgs;
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::diagnostic::Applicability;
use crate::judge::Chosen;
use crate::policy::{Mode, Rule};
use crate::rules;

/// List the rules
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll rules [flags]")]
pub(crate) struct Args {
    #[command(flatten)]
    policy: PolicyArgs,
    /// Format of the list
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: AnswerFormat,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        for chosen in self.policy.profiles(Path::new(".")).map_err(Error::told)? {
            match self.format {
                AnswerFormat::Human => human(&chosen, context)?,
                AnswerFormat::Json => json(&chosen, context)?,
            }
        }
        Ok(Done::Clean)
    }
}

fn human(chosen: &Chosen, context: &mut Context) -> Result<(), Error> {
    let Chosen { profile, mode } = chosen;
    let look = context.look();
    writeln!(context.out, "profile {}, mode {mode}; fixes: s safe, u unsafe\n", profile.name)?;
    for rule in rules::all() {
        let level = profile.level_in_words(rule, *mode);
        let fix = fix(rule).chars().next().unwrap_or(' ');
        let level = format!("{level:<21}");
        let level = match profile.level(rule, *mode).severity() {
            Some(severity) => look.severity(severity, &level),
            None => look.dim(&level),
        };
        writeln!(context.out, "{} {level} {fix} {}", look.bold(rule.code), rule.name)?;
        writeln!(context.out, "                               {}", rule.summary())?;
    }
    Ok(())
}

fn json(chosen: &Chosen, context: &mut Context) -> Result<(), Error> {
    let Chosen { profile, mode } = chosen;
    let list: Vec<_> = rules::all()
        .into_iter()
        .map(|rule| {
            json!({
                "code": rule.code,
                "name": rule.name,
                "severity": profile.level(rule, *mode).to_string(),
                "severities": severities(chosen, rule),
                "lowered": profile.lowered(rule, *mode),
                "subject": rule.check.subject(),
                "fix": fix(rule),
                "summary": rule.summary(),
                "catalogue": profile.rows_of(rule).collect::<Vec<_>>(),
                "sources": rule.sources,
            })
        })
        .collect();
    let document = json!({"profile": profile.name, "mode": mode.to_string(), "rules": list});
    writeln!(context.out, "{document:#}")?;
    Ok(())
}

/// What a rule is set to in each mode.
fn severities(chosen: &Chosen, rule: &Rule) -> serde_json::Map<String, serde_json::Value> {
    let one = |mode: Mode| (mode.to_string(), chosen.profile.level(rule, mode).to_string().into());
    Mode::ALL.into_iter().map(one).collect()
}

/// How far the rule's fixes may be trusted; empty where it has none.
fn fix(rule: &Rule) -> &'static str {
    rule.fix.map_or("", Applicability::name)
}
