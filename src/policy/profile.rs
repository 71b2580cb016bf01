//! [`Profile`]: which rules hold, how severe they are, and the lists and numbers they go by. The profiles that come with
//! Plimsoll and a user's `.plimsoll.yaml` have the same format; the latter extends one of the former unless it says
//! `extends: none`.
//!
//! Read [`Profile::parse`] for the format, [`Profile::level`] for what a rule is set to.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::diagnostic::Severity;
use crate::yaml::{Data, Node};

use super::allowance::Allowance;
use super::catalogue::Row;
use super::level::{Level, Mode};
use super::parameters::{List, Number, Numbers, Shape};
use super::trust::Trust;

mod read;

pub use read::DEFAULT;

/// What a selector is set to, in each mode.
pub(super) type Setpoint = (String, [Option<Level>; 3]);

/// Gives the day, when somebody needs it: what time zones there are takes long to find out.
#[derive(Clone, Copy, Debug)]
pub struct Today(pub fn() -> Date);

impl PartialEq for Today {
    /// It is the same day for all.
    fn eq(&self, _: &Today) -> bool {
        true
    }
}

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
    /// What configurations further in may say, where the file sets it.
    pub trust: Option<Trust>,
    /// Findings that are allowed, with reasons.
    pub allowances: Vec<Allowance>,
    /// Whether what a chart allows itself counts for nothing, because somebody else wrote it.
    pub doubts_chart: bool,
    /// The day on which allowances that end are looked at; without one none ends.
    pub today: Option<Today>,
    /// The sets of values that a chart is judged with besides its own, by name.
    pub values_sets: Vec<ValuesSet>,
    /// The versions of Kubernetes that a chart is judged for.
    pub kube_versions: Vec<String>,
    /// The profile that comes with Plimsoll and that this one is or extends.
    pub base: Option<String>,
    pub(super) select: Vec<String>,
    pub(super) ignore: Vec<String>,
    pub(super) levels: Vec<Setpoint>,
    /// What somebody asks besides who may only tighten.
    pub(super) stricter: Option<Box<Profile>>,
    parameters: BTreeMap<String, Parameter>,
    catalogue: Vec<Row>,
    /// The selectors that the file itself has, with their lines.
    named: Vec<(String, usize)>,
    /// Where each setting was made: `mode` to `.plimsoll.yaml:3`.
    origins: BTreeMap<String, String>,
}

/// A set of values files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuesSet {
    /// What it is called.
    pub name: String,
    /// The files, lowest first, as they were written.
    pub files: Vec<String>,
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
    /// The rows of the catalogue that the profile is made of.
    pub fn catalogue(&self) -> &[Row] {
        &self.catalogue
    }

    /// Narrows the profile as `--select` does: only these rules hold.
    pub fn select_only(&mut self, selectors: &[String]) {
        if let Some(stricter) = &mut self.stricter {
            stricter.select_only(selectors);
        }
        self.select = selectors.to_vec();
        self.note("select", "--select");
    }

    /// Leaves rules out, as `--ignore` does.
    pub fn ignore(&mut self, selectors: &[String]) {
        if let Some(stricter) = &mut self.stricter {
            stricter.ignore(selectors);
        }
        self.ignore.extend_from_slice(selectors);
        if !selectors.is_empty() {
            self.note("ignore", "--ignore");
        }
    }

    /// Sets the severity of rules in every mode, as `--severity` does.
    pub fn set_level(&mut self, selector: &str, level: Level) {
        if let Some(stricter) = &mut self.stricter {
            stricter.set_level(selector, level);
        }
        self.levels.push((selector.to_owned(), [Some(level); 3]));
        self.note(&format!("severity.{selector}"), "--severity");
    }

    /// Notes where a setting was made.
    pub fn note(&mut self, setting: &str, place: &str) {
        self.origins.insert(setting.to_owned(), place.to_owned());
    }

    /// Where a setting was made: a file and line, or a flag; none where nobody made it.
    pub fn origin(&self, setting: &str) -> Option<&str> {
        self.origins.get(setting).map(String::as_str)
    }

    /// Every selector in the profile, to tell one that means no rule.
    pub fn selectors(&self) -> impl Iterator<Item = &str> {
        let levels = self.levels.iter().map(|(selector, _)| selector);
        let allowed = self.allowances.iter().map(|allowance| &allowance.rule);
        self.select.iter().chain(&self.ignore).chain(levels).chain(allowed).map(String::as_str)
    }

    /// The selectors that the file itself has, with their lines.
    pub fn named_rules(&self) -> impl Iterator<Item = (&str, usize)> {
        self.named.iter().map(|(selector, line)| (selector.as_str(), *line))
    }

    /// What `select`, `ignore` and `severity` hold, for those who show them.
    pub fn selection(&self) -> (&[String], &[String]) {
        (&self.select, &self.ignore)
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
        self.trust = self.trust.or(base.trust);
        self.allowances.splice(0..0, base.allowances);
        self.base = base.base;
        if self.values_sets.is_empty() {
            self.values_sets = base.values_sets;
        }
        if self.kube_versions.is_empty() {
            self.kube_versions = base.kube_versions;
        }
        for (setting, place) in base.origins {
            self.origins.entry(setting).or_insert(place);
        }
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
