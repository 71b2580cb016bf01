//! `config`: what rules go by as flags and configuration make it, and what may be written into a configuration. What `show`
//! prints can be read back as one.

use std::io::Write;
use std::path::Path;

use clap::{Args as ClapArgs, Subcommand};

use crate::cli::args::locate::chart_of;
use crate::cli::args::policy::PolicyArgs;
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::judge::{self, Chosen};
use crate::policy::{Allowance, Level, Mode, Profile, Rule, Setting};
use crate::report::page;
use crate::rules;

/// Show what rules go by, and what a configuration may say
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(Box<Show>),
    Schema(Schema),
}

/// Print every setting that holds for a chart, and where it was made
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll config show [CHART] [flags]")]
struct Show {
    /// The chart [default: the current folder]
    #[arg(value_name = "CHART", default_value = ".", hide_default_value = true)]
    chart: String,
    #[command(flatten)]
    policy: PolicyArgs,
}

/// Print the JSON schema of .plimsoll.yaml, for editors
#[derive(ClapArgs, Debug)]
struct Schema {}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let show = match &self.command {
            Command::Show(show) => show,
            Command::Schema(Schema {}) => {
                writeln!(context.out, "{:#}", judge::config_schema())?;
                return Ok(Done::Clean);
            }
        };
        let path = chart_of(Path::new(&show.chart));
        let chosen = show.policy.profiles(&path).map_err(Error::told)?;
        let mut text = Vec::new();
        for (at, chosen) in chosen.iter().enumerate() {
            if at > 0 {
                writeln!(text, "---")?;
            }
            let files = show.policy.configurations(&path).map_err(Error::told)?;
            if files.holds.is_none() {
                writeln!(text, "# no configuration file in {} or above it", path.display())?;
            }
            for file in files.in_words() {
                writeln!(text, "# configuration: {file}")?;
            }
            print(chosen, &mut text)?;
        }
        write!(context.out, "{}", page::settings(&String::from_utf8_lossy(&text), context.look()))?;
        Ok(Done::Clean)
    }
}

fn print(chosen: &Chosen, out: &mut Vec<u8>) -> Result<(), Error> {
    let Chosen { profile, mode } = chosen;
    writeln!(out, "name: {}\ntitle: {}", profile.name, profile.title)?;
    let from = |setting: &str| profile.origin(setting).unwrap_or("default").to_owned();
    writeln!(out, "mode: {mode}  # {}", from("mode"))?;
    let fail_on = match profile.fail_on {
        None => "error".to_owned(),
        Some(None) => "never".to_owned(),
        Some(Some(severity)) => severity.to_string(),
    };
    writeln!(out, "fail-on: {fail_on}  # {}", from("fail-on"))?;
    if let Some(file) = &profile.baseline {
        writeln!(out, "baseline: {}  # {}", quoted(file), from("baseline"))?;
    }
    let (select, ignore) = profile.selection();
    for (key, list) in [("select", select), ("ignore", ignore), ("kube-versions", &profile.kube_versions)] {
        if !list.is_empty() {
            let words: Vec<String> = list.iter().map(|word| quoted(word)).collect();
            writeln!(out, "{key}: [{}]  # {}", words.join(", "), from(key))?;
        }
    }
    if let Some(trust) = profile.trust {
        writeln!(out, "trust: {trust}  # {}", from("trust"))?;
    }
    lists(profile, out)?;
    writeln!(out, "severity:")?;
    // A rule that no configuration and no flag switched off is of another profile.
    let is_shown = |rule: &&&Rule| {
        profile.severity_origin(rule).is_some_and(|place| !place.starts_with("profile "))
            || Mode::ALL.iter().any(|mode| profile.level(rule, *mode) != Level::Off)
    };
    let all = rules::all();
    for rule in all.iter().filter(is_shown) {
        let [documented, service, strict] = Mode::ALL.map(|mode| profile.level(rule, mode));
        let levels = format!("{{documented: {documented}, service: {service}, strict: {strict}}}");
        let place = profile.severity_origin(rule).map_or(String::new(), |place| format!(", {place}"));
        writeln!(out, "  {}: {levels}  # {}{place}", rule.name, rule.code)?;
    }
    let others = all.iter().filter(|rule| !is_shown(rule)).count();
    if others > 0 {
        writeln!(out, "  # {others} rules of other profiles are off")?;
    }
    parameters(profile, out)
}

/// Sets of values and allowances.
fn lists(profile: &Profile, out: &mut Vec<u8>) -> Result<(), Error> {
    if !profile.values_sets.is_empty() {
        writeln!(out, "values-sets:  # {}", profile.origin("values-sets").unwrap_or("default"))?;
        for set in &profile.values_sets {
            let files: Vec<String> = set.files.iter().map(|file| quoted(file)).collect();
            writeln!(out, "  {}: [{}]", quoted(&set.name), files.join(", "))?;
        }
    }
    if !profile.allowances.is_empty() {
        writeln!(out, "allow:")?;
    }
    for Allowance { rule, reason, object, field, until, place } in &profile.allowances {
        let line = place.line.map_or(String::new(), |line| format!(":{line}"));
        writeln!(out, "  - rule: {}  # {}{line}", quoted(rule), place.file)?;
        writeln!(out, "    reason: {}", quoted(reason))?;
        let field = field.as_ref().map(ToString::to_string);
        let until = until.map(|day| day.to_string());
        for (key, value) in [("object", object), ("field", &field), ("until", &until)] {
            if let Some(value) = value {
                writeln!(out, "    {key}: {}", serde_json::Value::from(value.as_str()))?;
            }
        }
    }
    Ok(())
}

fn parameters(profile: &Profile, out: &mut Vec<u8>) -> Result<(), Error> {
    writeln!(out, "parameters:")?;
    for (name, parameter) in profile.parameters() {
        let place = profile.origin(&format!("parameters.{name}")).unwrap_or("default");
        writeln!(out, "  {name}:  # {place}")?;
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
