//! How often each function and each action occurred in random templates, and how those ended.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use plimsoll::{funcs, template};
use serde_json::Value;

/// Words and signs of actions that are no functions.
const ACTIONS: [&str; 14] = [
    "if", "else", "range", "with", "define", "template", "block", "break", "continue", "end", ":=", "=",
    "/*", "nil",
];

/// Counts.
#[derive(Default)]
pub struct Coverage {
    /// Of each name: templates that rendered, and templates that ended in an error.
    found: BTreeMap<&'static str, [usize; 2]>,
    rendered: usize,
    failed: usize,
    /// Those that ended the Go program.
    ended: usize,
}

/// Every name that should occur.
pub fn names() -> impl Iterator<Item = &'static str> {
    let functions = funcs::all().map(|func| func.name);
    functions.chain(template::builtin_names()).chain(ACTIONS)
}

/// The words of a template that may be names.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "_:=/*".contains(c))).filter(|word| !word.is_empty())
}

impl Coverage {
    /// Counts a template and what Helm answered.
    pub fn count(&mut self, template: &str, answer: &Value) {
        let error = answer.as_array().into_iter().flatten().any(|section| section["Kind"] == "error");
        match (answer, error) {
            (Value::Null, _) => self.ended += 1,
            (_, true) => self.failed += 1,
            (_, false) => self.rendered += 1,
        }
        if self.found.is_empty() {
            self.found = names().map(|name| (name, [0; 2])).collect();
        }
        let words: std::collections::BTreeSet<&str> = words(template).collect();
        for word in words {
            if let Some(counts) = self.found.get_mut(word) {
                counts[usize::from(error)] += 1;
            }
        }
    }

    /// One line.
    pub fn summary(&self) -> String {
        let all = (self.rendered + self.failed + self.ended).max(1);
        let never = self.found.values().filter(|counts| **counts == [0; 2]).count();
        format!(
            "{}% rendered, {}% ended in an error, {} ended Go itself; {never} of {} names never occurred",
            self.rendered * 100 / all,
            self.failed * 100 / all,
            self.ended,
            self.found.len()
        )
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
