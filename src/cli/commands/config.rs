//! `config show`: the profile as flags and configuration make it: every rule with its severities, every list and number
//! with its source. What it prints can be read back as a configuration.

use std::path::Path;

use clap::{Args as ClapArgs, Subcommand};

use crate::cli::args::policy::PolicyArgs;
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::judge::Chosen;
use crate::policy::{Mode, Setting};
use crate::rules;

/// Show what rules go by
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(Show),
}

/// Print the profile with everything that it sets
#[derive(ClapArgs, Debug)]
struct Show {
    #[command(flatten)]
    policy: PolicyArgs,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let Command::Show(show) = &self.command;
        let chosen = show.policy.profiles(Path::new(".")).map_err(|error| Error::new(error.message))?;
        for (at, chosen) in chosen.iter().enumerate() {
            if at > 0 {
                writeln!(context.out, "---")?;
            }
            print(chosen, context)?;
        }
        Ok(Done::Clean)
    }
}

fn print(chosen: &Chosen, context: &mut Context) -> Result<(), Error> {
    let Chosen { profile, mode } = chosen;
    let out = &mut context.out;
    writeln!(out, "name: {}\ntitle: {}\nmode: {mode}\nseverity:", profile.name, profile.title)?;
    for rule in rules::all() {
        let [documented, service, strict] = Mode::ALL.map(|mode| profile.level(rule, mode));
        let levels = format!("{{documented: {documented}, service: {service}, strict: {strict}}}");
        writeln!(out, "  {}: {levels}  # {}", rule.name, rule.code)?;
    }
    writeln!(out, "parameters:")?;
    for (name, parameter) in profile.parameters() {
        writeln!(out, "  {name}:")?;
        writeln!(out, "    source: {}", quoted(&parameter.source))?;
        match &parameter.value {
            Setting::Number(number) => writeln!(out, "    value: {number}")?,
            Setting::List(list) if list.is_empty() => writeln!(out, "    value: []")?,
            Setting::List(list) => {
                writeln!(out, "    value:")?;
                for item in list {
                    writeln!(out, "      - {}", quoted(item))?;
                }
            }
            Setting::Numbers(numbers) => {
                writeln!(out, "    value:")?;
                for (key, number) in numbers {
                    writeln!(out, "      {}: {number}", quoted(key))?;
                }
            }
        }
    }
    Ok(())
}

/// The word as YAML: bare where nothing else can be read in it, else as a JSON string.
fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let bare = word.bytes().all(plain) && word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let keyword = matches!(word, "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n");
    if bare && !keyword { word.to_owned() } else { serde_json::Value::from(word).to_string() }
}
