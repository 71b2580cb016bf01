//! How random cases were answered, and how often each function and each action occurred in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};

use plimsoll::internals::{funcs, template};

use testkit::cases::Case;

/// Words and signs of actions that are no functions.
const ACTIONS: [&str; 14] = [
    "if", "else", "range", "with", "define", "template", "block", "break", "continue", "end", ":=", "=",
    "/*", "nil",
];

/// What Helm answered.
#[derive(Clone, Copy, PartialEq)]
pub enum Answer {
    /// What it rendered or read.
    Text,
    /// An error.
    Error,
    /// Nothing: it ended.
    End,
}

/// Counts.
pub struct Coverage {
    /// Of each name: cases that rendered, and cases that ended in an error.
    found: BTreeMap<&'static str, [usize; 2]>,
    rendered: usize,
    failed: usize,
    ended: usize,
}

/// Every name that should occur in templates.
pub fn names() -> Vec<&'static str> {
    let functions = funcs::all().map(|func| func.name);
    functions.chain(template::builtin_names()).chain(ACTIONS).collect()
}

/// The words of a text that may be names.
pub fn words(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "_:=/*".contains(c))).filter(|word| !word.is_empty())
}

impl Coverage {
    /// Counts of these names.
    pub fn new(names: Vec<&'static str>) -> Coverage {
        let found = names.into_iter().map(|name| (name, [0; 2])).collect();
        Coverage { found, rendered: 0, failed: 0, ended: 0 }
    }

    /// Counts a case and what Helm answered.
    pub fn count(&mut self, case: &Case, answer: Answer) {
        match answer {
            Answer::Text => self.rendered += 1,
            Answer::Error => self.failed += 1,
            Answer::End => self.ended += 1,
        }
        let text: String = case.all("template").map(|(_, text)| text + " ").collect();
        for word in words(&text).collect::<BTreeSet<_>>() {
            if let Some(counts) = self.found.get_mut(word) {
                counts[usize::from(answer != Answer::Text)] += 1;
            }
        }
    }

    /// One line.
    pub fn summary(&self) -> String {
        let all = (self.rendered + self.failed + self.ended).max(1);
        let (text, error) = (self.rendered * 100 / all, self.failed * 100 / all);
        let never: Vec<&str> =
            self.found.iter().filter(|(_, counts)| **counts == [0; 2]).map(|(name, _)| *name).collect();
        let never = if never.is_empty() { String::new() } else { format!("; never: {}", never.join(" ")) };
        format!("{text}% are answered with a text, {error}% with an error{never}")
    }
}

impl Display for Coverage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<28}{:>10}{:>10}", "name", "rendered", "failed")?;
        let mut rows: Vec<_> = self.found.iter().collect();
        rows.sort_by_key(|(name, counts)| (counts[0], counts[1], **name));
        rows.iter()
            .try_for_each(|(name, [rendered, failed])| writeln!(f, "{name:<28}{rendered:>10}{failed:>10}"))
    }
}
