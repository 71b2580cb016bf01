//! [`Profile`]: which rules hold, how severe they are, and the lists and numbers they go by. The profiles that come with
//! Plimsoll and a user's `.plimsoll.yaml` have the same format; the latter says `extends: nvcf`.
//!
//! Read [`Profile::parse`] for the format, [`Profile::level`] for what a rule is set to.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::yaml::{self, Data, Node};

use super::level::{Level, Mode};
use super::parameters::{List, Number, Numbers, Shape};
use super::rule::{Check, Rule, in_words};
use super::suppression::Allowance;

mod catalogue;
mod read;

pub use catalogue::{Row, Verdict};
pub use read::Problem;

/// The profiles that come with Plimsoll, by name.
const BUILT_IN: [(&str, &str); 2] =
    [("nvcf", include_str!("profiles/nvcf.yaml")), ("h2o-mlops", include_str!("profiles/h2o-mlops.yaml"))];

/// What a selector is set to, in each mode.
type Setpoint = (String, [Option<Level>; 3]);

/// A set of rules with their severities and parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// `nvcf`
    pub name: String,
    /// `NVIDIA Cloud Functions`
    pub title: String,
    /// The mode, where the file sets one.
    pub mode: Option<Mode>,
    /// From which severity on findings fail a run, where the file sets it; `Some(None)` is never.
    pub fail_on: Option<Option<Severity>>,
    /// The baseline file, where the file names one.
    pub baseline: Option<String>,
    /// Findings that are allowed, with reasons.
    pub allowances: Vec<Allowance>,
    select: Vec<String>,
    ignore: Vec<String>,
    levels: Vec<Setpoint>,
    parameters: BTreeMap<String, Parameter>,
    catalogue: Vec<Row>,
}

/// A list or number that rules go by.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its value.
    pub value: Setting,
    /// Who says so.
    pub source: String,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// A list of words.
    List(Vec<String>),
    /// A number.
    Number(i64),
    /// A number for each word.
    Numbers(BTreeMap<String, i64>),
}

impl Profile {
    /// The profile of that name that comes with Plimsoll.
    pub fn built_in(name: &str) -> Option<Profile> {
        let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        // A test reads every one of them.
        Profile::parse(text).ok()
    }

    /// The names of the profiles that come with Plimsoll.
    pub fn built_in_names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// Reads a profile. Keys: `name`, `title`, `extends`, `mode`, `fail-on`, `baseline`, `select`, `ignore`, `severity`,
    /// `parameters`, `allow`, `catalogue`.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line.
    pub fn parse(text: &str) -> Result<Profile, Problem> {
        let node = yaml::parse_strict(text).map_err(|error| Problem::of_yaml(&error))?;
        read::profile(&node, text)
    }

    /// What a rule is set to: the last matching severity of the profile, else the rule's own; off where the profile does
    /// not select it or ignores it.
    pub fn level(&self, rule: &Rule, mode: Mode) -> Level {
        let named = |list: &[String]| list.iter().any(|selector| rule.is(selector));
        if !named(&self.select) || named(&self.ignore) {
            return Level::Off;
        }
        self.set_to(rule, mode).unwrap_or_else(|| rule.level(mode))
    }

    /// Whether it judges values and nothing else, so that nothing need be rendered for it.
    pub fn is_on_values(&self, rules: &[&'static Rule], mode: Mode) -> bool {
        let mut active = rules.iter().filter(|rule| self.level(rule, mode) != Level::Off).peekable();
        active.peek().is_some() && active.all(|rule| matches!(rule.check, Check::Values(_)))
    }

    /// Whether the profile or the command line sets the severity of the rule.
    pub fn sets(&self, rule: &Rule, mode: Mode) -> bool {
        self.set_to(rule, mode).is_some()
    }

    /// The severity that some findings of the rule have, less than what it is set to.
    pub fn lowered(&self, rule: &Rule, mode: Mode) -> Option<Severity> {
        rule.lowered_from(self.level(rule, mode)).filter(|_| !self.sets(rule, mode))
    }

    /// What a rule is set to in words: `error (some warning)`.
    pub fn level_in_words(&self, rule: &Rule, mode: Mode) -> String {
        in_words(self.level(rule, mode), self.lowered(rule, mode))
    }

    fn set_to(&self, rule: &Rule, mode: Mode) -> Option<Level> {
        let mut set = self.levels.iter().rev().filter(|(selector, _)| rule.is(selector));
        set.find_map(|(_, levels)| levels[mode as usize])
    }

    /// The rows of the catalogue that the profile is made of.
    pub fn catalogue(&self) -> &[Row] {
        &self.catalogue
    }

    /// The names of the rows that a rule judges; a rule may have none.
    pub fn rows_of(&self, rule: &Rule) -> impl Iterator<Item = &str> {
        self.catalogue.iter().filter(|row| row.names(rule)).map(|row| row.name.as_str())
    }

    /// Narrows the profile as `--select` does: only these rules hold.
    pub fn select_only(&mut self, selectors: &[String]) {
        self.select = selectors.to_vec();
    }

    /// Leaves rules out, as `--ignore` does.
    pub fn ignore(&mut self, selectors: &[String]) {
        self.ignore.extend_from_slice(selectors);
    }

    /// Sets the severity of rules in every mode, as `--severity` does.
    pub fn set_level(&mut self, selector: &str, level: Level) {
        self.levels.push((selector.to_owned(), [Some(level); 3]));
    }

    /// Every selector in the profile, to tell one that means no rule.
    pub fn selectors(&self) -> impl Iterator<Item = &str> {
        let levels = self.levels.iter().map(|(selector, _)| selector);
        let allowed = self.allowances.iter().map(|allowance| &allowance.rule);
        self.select.iter().chain(&self.ignore).chain(levels).chain(allowed).map(String::as_str)
    }

    /// A list, empty where the profile has none of that name.
    pub fn list(&self, list: List) -> &[String] {
        match self.parameters.get(list.0).map(|parameter| &parameter.value) {
            Some(Setting::List(list)) => list,
            _ => &[],
        }
    }

    /// Whether a list holds the word.
    pub fn lists(&self, list: List, word: &str) -> bool {
        self.list(list).iter().any(|item| item == word)
    }

    /// A number, if the profile has one of that name.
    pub fn number(&self, number: Number) -> Option<i64> {
        match self.parameters.get(number.0)?.value {
            Setting::Number(number) => Some(number),
            _ => None,
        }
    }

    /// A number for each word, none where the profile has no such parameter.
    pub fn numbers(&self, numbers: Numbers) -> impl Iterator<Item = (&str, i64)> {
        let numbers = match self.parameters.get(numbers.0).map(|parameter| &parameter.value) {
            Some(Setting::Numbers(numbers)) => Some(numbers),
            _ => None,
        };
        numbers.into_iter().flatten().map(|(word, number)| (word.as_str(), *number))
    }

    /// The parameters by name.
    pub fn parameters(&self) -> &BTreeMap<String, Parameter> {
        &self.parameters
    }

    /// The profile laid over the one that it extends: what it sets holds, lists and numbers replace those below.
    fn over(mut self, base: Profile) -> Profile {
        self.title = if self.title.is_empty() { base.title } else { self.title };
        self.mode = self.mode.or(base.mode);
        self.fail_on = self.fail_on.or(base.fail_on);
        self.baseline = self.baseline.or(base.baseline);
        self.allowances.splice(0..0, base.allowances);
        if self.select.is_empty() {
            self.select = base.select;
        }
        self.ignore.splice(0..0, base.ignore);
        self.levels.splice(0..0, base.levels);
        if self.catalogue.is_empty() {
            self.catalogue = base.catalogue;
        }
        for (name, parameter) in base.parameters {
            self.parameters.entry(name).or_insert(parameter);
        }
        self
    }
}

impl Setting {
    /// The setting that a YAML value is, if it is one.
    fn of(node: &Node) -> Option<Setting> {
        match &node.data {
            Data::Int(number) => Some(Setting::Number(*number)),
            Data::Seq(items) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .map(Setting::List),
            Data::Map(entries) => entries
                .iter()
                .map(|entry| Some((entry.key.clone(), entry.value.as_i64()?)))
                .collect::<Option<_>>()
                .map(Setting::Numbers),
            _ => None,
        }
    }

    fn shape(&self) -> Shape {
        match self {
            Setting::List(_) => Shape::List,
            Setting::Number(_) => Shape::Number,
            Setting::Numbers(_) => Shape::Numbers,
        }
    }
}
