//! The flags that say what is judged by which rules, and the way from them and the configuration file to a profile.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use jiff::Zoned;

use crate::cli::unknown;
use crate::diagnostic::Diagnostic;
use crate::judge::{Chosen, ValidationPolicy};
use crate::nvcf::reval::GroupVersionKind;
use crate::policy::{DEFAULT, Level, Mode, Profile, Today, Trust};
use crate::{rules, suggest};

use super::bytes;
use super::configuration::{self, Configurations, unusable};
use super::switch::Switch;
use super::validation_policy;

/// Which rules hold, and how severe they are.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Policy")]
pub struct PolicyArgs {
    /// Profile of rules to judge by: nvcf, kubernetes, pss-baseline, pss-restricted or h2o-mlops (can specify multiple)
    /// [default: nvcf]
    #[arg(long, value_name = "NAME")]
    pub profile: Vec<String>,
    /// What judges: the platform's page, a stock service, or all that it can enforce
    #[arg(long, value_name = "MODE", value_enum)]
    pub mode: Option<Mode>,
    /// Judge by these rules only: names, codes or the letters of codes (can specify multiple)
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Leave these rules out (can specify multiple)
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Set how severe a rule is: error, warning, advice or off (can specify multiple)
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',')]
    pub severity: Vec<String>,
    /// Make kinds that nobody defines errors; shorthand for --severity undefined-kind=error
    #[arg(long)]
    pub strict_kinds: Switch,
    /// Configuration file [default: the nearest .plimsoll.yaml above the chart]
    #[arg(long, value_name = "FILE", value_parser = bytes::path())]
    pub config: Option<PathBuf>,
    /// Read no configuration file: judge by flags and built-in profiles alone
    #[arg(long, conflicts_with = "config")]
    pub no_config: Switch,
    /// Validation policy of the cluster: Default, Unrestricted, or a file with name and extraKubernetesTypes
    #[arg(long, value_name = "NAME", value_parser = validation_policy::parse)]
    pub validation_policy: Option<ValidationPolicy>,
    /// Kind that the cluster's validation policy allows, as GROUP/VERSION/KIND[/RESOURCE] (can specify multiple)
    #[arg(long, value_name = "KIND", value_parser = GroupVersionKind::from_str)]
    pub validation_extra_type: Vec<GroupVersionKind>,
}

impl PolicyArgs {
    /// The profiles for a chart that lies at the path. A configuration that does not say what it extends is laid over each
    /// of them.
    ///
    /// # Errors
    /// What is wrong with a flag or the configuration file, or that no rule is on.
    pub fn profiles(&self, chart: &Path) -> Result<Vec<Chosen>, Box<Diagnostic>> {
        let usual = [DEFAULT.to_owned()];
        let names = if self.profile.is_empty() { &usual[..] } else { &self.profile };
        let files = self.configurations(chart)?;
        let mut profiles = Vec::new();
        for name in names {
            let configured =
                files.holds.as_deref().map(|file| configuration::read(file, name)).transpose()?;
            let profile = match configured {
                // A profile that the user wrote himself is known by its name; or it is all that there is.
                Some(profile) if &profile.name == name || self.profile.is_empty() => profile,
                _ => built_in(name)?,
            };
            profiles.push(match &files.tightens {
                Some(file) => profile.tightened_by(configuration::read_inner(file, name, chart)?),
                None => profile,
            });
        }
        let doubts = !configuration::is_own(chart) && !self.trusts_all();
        for profile in &mut profiles {
            profile.doubts_chart = doubts;
        }
        profiles.into_iter().map(|profile| self.flagged(profile)).collect()
    }

    /// Whether the configuration of whoever judges says that any chart's own word counts.
    fn trusts_all(&self) -> bool {
        let outer = match (self.no_config.is_on(), &self.config) {
            (true, _) => None,
            (false, Some(file)) => Some(file.clone()),
            (false, None) => configuration::nearest(Path::new(".")),
        };
        outer.is_some_and(|file| {
            configuration::read(&file, DEFAULT).is_ok_and(|it| it.trust == Some(Trust::All))
        })
    }

    /// The configuration files of a chart.
    ///
    /// # Errors
    /// What is wrong with that of whoever judges.
    pub fn configurations(&self, chart: &Path) -> Result<Configurations, Box<Diagnostic>> {
        match (self.no_config.is_on(), &self.config) {
            (true, _) => Ok(Configurations::default()),
            (false, Some(file)) => {
                Ok(Configurations { holds: Some(file.clone()), ..Configurations::default() })
            }
            (false, None) => Configurations::of(chart),
        }
    }

    /// The configuration file that holds for a chart, if there is one.
    pub fn config_file(&self, chart: &Path) -> Option<PathBuf> {
        self.configurations(chart).ok()?.holds
    }

    /// The configurations of a chart in words, for whoever reads what was found.
    pub fn configurations_in_words(&self, chart: &Path) -> Vec<String> {
        self.configurations(chart).map(|files| files.in_words()).unwrap_or_default()
    }

    /// The profile with what the flags say laid over it.
    fn flagged(&self, mut profile: Profile) -> Result<Chosen, Box<Diagnostic>> {
        known(self.select.iter().map(String::as_str), "--select")?;
        known(self.ignore.iter().map(String::as_str), "--ignore")?;
        if !self.select.is_empty() {
            profile.select_only(&self.select);
        }
        profile.ignore(&self.ignore);
        for setting in &self.severity {
            let (rule, level) = setting.split_once('=').ok_or_else(|| {
                let message = format!("--severity {setting} does not say how severe; write RULE=LEVEL");
                unusable(message, None)
            })?;
            known([rule], "--severity")?;
            let level = level.parse::<Level>().map_err(|error| unusable(error.to_string(), None))?;
            profile.set_level(rule, level);
        }
        if self.strict_kinds.is_on() {
            profile.set_level("undefined-kind", Level::Error);
        }
        if self.mode.is_some() {
            profile.note("mode", "--mode");
        }
        let mode = self.mode.or(profile.mode).unwrap_or_default();
        profile.today = Some(Today(|| Zoned::now().date()));
        if rules::all().iter().all(|rule| profile.level(rule, mode) == Level::Off) {
            let (file, line) = ["select", "extends", "name", "ignore"]
                .into_iter()
                .find_map(|key| file_line(profile.origin(key)?))
                .unzip();
            let mut diagnostic = unusable(
                "no rule is on, so that nothing would be judged".to_owned(),
                file.map(|it| (it, line.flatten())),
            );
            diagnostic.help = Some(
                "select rules by name, code or family (POD), and ignore fewer; `plimsoll rules` lists them"
                    .to_owned(),
            );
            return Err(diagnostic);
        }
        Ok(Chosen { profile, mode })
    }

    /// The cluster's validation policy, with the kinds that flags add.
    pub fn validation_policy(&self) -> ValidationPolicy {
        let mut policy = self.validation_policy.clone().unwrap_or_default();
        policy.extra_kinds.extend_from_slice(&self.validation_extra_type);
        policy
    }
}

/// The file and line of a place: `.plimsoll.yaml:3`.
fn file_line(place: &str) -> Option<(&str, Option<usize>)> {
    let (file, line) = place.rsplit_once(':')?;
    Some((file, line.parse().ok()))
}

fn built_in(name: &str) -> Result<Profile, Box<Diagnostic>> {
    Profile::built_in(name).ok_or_else(|| {
        let known: Vec<&str> = Profile::built_in_names().collect();
        let begun = known.iter().copied().find(|known| !name.is_empty() && known.starts_with(name));
        let meant = begun.or_else(|| suggest::closest(name, known.iter().copied()));
        let meant = meant.map_or(String::new(), |name| format!(", did you mean `{name}`?"));
        unusable(format!("there is no profile `{name}`{meant}; there is {}", known.join(", ")), None)
    })
}

/// Refuses selectors that mean no rule.
fn known<'a>(selectors: impl IntoIterator<Item = &'a str>, place: &str) -> Result<(), Box<Diagnostic>> {
    let all = rules::all();
    for selector in selectors {
        if !all.iter().any(|rule| rule.is(selector)) {
            let mut diagnostic = unusable(format!("{place} names `{selector}`, which is no rule"), None);
            diagnostic.help = Some(unknown::likely_rule(selector));
            return Err(diagnostic);
        }
    }
    Ok(())
}
