//! What a [`Profile`] says of a [`Rule`]: whether it holds, how severe it is, and which rows of the catalogue it judges.

use crate::diagnostic::Severity;

use super::catalogue::{Row, Verdict};
use super::level::{Level, Mode};
use super::profile::Profile;
use super::rule::{Check, Rule, in_words};

impl Profile {
    /// What a rule is set to: the last matching severity of the profile, else the rule's own; off where the profile does
    /// not select it or ignores it.
    pub fn level(&self, rule: &Rule, mode: Mode) -> Level {
        let own = self.own_level(rule, mode);
        self.stricter.as_ref().map_or(own, |stricter| own.max(stricter.level(rule, mode)))
    }

    fn own_level(&self, rule: &Rule, mode: Mode) -> Level {
        let named = |list: &[String]| list.iter().any(|selector| rule.is(selector));
        if !named(&self.select) || named(&self.ignore) {
            return Level::Off;
        }
        self.set_to(rule, mode).unwrap_or_else(|| rule.level(mode))
    }

    /// The profile with what another one asks besides: rules that are off or milder here, a lower severity that fails, sets of
    /// values. What the other one allows, leaves out or sets in another way counts for nothing.
    #[must_use]
    pub fn tightened_by(mut self, inner: Profile) -> Profile {
        let own = self.fail_on.unwrap_or(Some(Severity::Error));
        if let Some(Some(asked)) = inner.fail_on
            && own.is_none_or(|own| asked < own)
        {
            self.fail_on = Some(Some(asked));
            self.note("fail-on", inner.origin("fail-on").unwrap_or_default());
        }
        for set in &inner.values_sets {
            if self.values_sets.iter().all(|known| known.name != set.name) {
                self.values_sets.push(set.clone());
            }
        }
        self.stricter = Some(Box::new(inner));
        self
    }

    /// Whether it judges values and nothing else, so that nothing need be rendered for it.
    pub fn is_on_values(&self, rules: &[&'static Rule], mode: Mode) -> bool {
        let mut active = rules.iter().filter(|rule| self.level(rule, mode) != Level::Off).peekable();
        active.peek().is_some() && active.all(|rule| matches!(rule.check, Check::Values(_)))
    }

    /// Whether the profile or the command line sets the severity of the rule.
    pub fn sets(&self, rule: &Rule, mode: Mode) -> bool {
        let is_raised = |stricter: &Profile| stricter.level(rule, mode) > self.own_level(rule, mode);
        self.set_to(rule, mode).is_some() || self.stricter.as_deref().is_some_and(is_raised)
    }

    /// The severity that some findings of the rule have, less than what it is set to.
    pub fn lowered(&self, rule: &Rule, mode: Mode) -> Option<Severity> {
        rule.lowered_from(self.level(rule, mode)).filter(|_| !self.sets(rule, mode))
    }

    /// What a rule is set to in words: `error (some warning)`.
    pub fn level_in_words(&self, rule: &Rule, mode: Mode) -> String {
        in_words(self.level(rule, mode), self.lowered(rule, mode))
    }

    /// Where the severity of a rule was set, if it was.
    pub fn severity_origin(&self, rule: &Rule) -> Option<&str> {
        let set = self.levels.iter().rev().find(|(selector, _)| rule.is(selector));
        let off =
            self.ignore.iter().any(|selector| rule.is(selector)).then(|| self.origin("ignore")).flatten();
        off.or_else(|| self.origin(&format!("severity.{}", set?.0)))
    }

    /// How many of the rules somebody switched off or made milder than the profile that comes with Plimsoll has them, and how
    /// many that one asks; none where it is nobody's but the user's own.
    pub fn left_out(&self, rules: &[&'static Rule], mode: Mode) -> (usize, usize) {
        let Some(whole) = self.base.as_deref().and_then(Profile::whole) else { return (0, 0) };
        let asked: Vec<&&Rule> = rules.iter().filter(|rule| whole.level(rule, mode) != Level::Off).collect();
        let is_milder = |rule: &&&&Rule| self.level(rule, mode) < whole.level(rule, mode);
        (asked.iter().filter(is_milder).count(), asked.len())
    }

    /// The names of the rows that a rule judges; a rule may have none.
    pub fn rows_of(&self, rule: &Rule) -> impl Iterator<Item = &str> {
        self.catalogue().iter().filter(|row| row.names(rule)).map(|row| row.name.as_str())
    }

    fn set_to(&self, rule: &Rule, mode: Mode) -> Option<Level> {
        let mut set = self.levels.iter().rev().filter(|(selector, _)| rule.is(selector));
        set.find_map(|(_, levels)| levels[mode as usize])
    }
}

impl Row {
    /// Whether the rule judges it.
    pub fn names(&self, rule: &Rule) -> bool {
        match &self.verdict {
            Verdict::Judged(rules) => rules.iter().any(|name| rule.is(name)),
            Verdict::Unjudged(_) => false,
        }
    }
}
