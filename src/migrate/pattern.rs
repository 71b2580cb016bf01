//! [`Pattern`]: places in values, by a path in which `*` stands for any one step and `**` for any number of them. A word
//! means the key of a map, or the item of a list that has it for a `name`, as environment variables do.

use std::fmt;

use crate::path::{FieldPath, Step};
use crate::source::Span;
use crate::yaml::Node;

/// A path that means several places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    words: Vec<Word>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    /// `*`
    One,
    /// `**`
    Many,
    /// A key, or the name of an item.
    Named(String),
    /// An item by its number.
    Index(usize),
}

/// A place that a pattern means.
#[derive(Clone, Debug)]
pub struct Hit<'a> {
    /// Where it is.
    pub path: FieldPath,
    /// What it is.
    pub node: &'a Node,
    /// Its key, where a map holds it.
    pub key: Option<Span>,
    /// What holds it.
    pub parent: &'a Node,
}

impl Pattern {
    /// Reads a pattern; `None` for what is no path.
    pub fn parse(text: &str) -> Option<Pattern> {
        let path: FieldPath = text.parse().ok()?;
        let word = |step: &Step| match step {
            Step::Index(index) => Word::Index(*index),
            Step::Key(word) | Step::Item(word) => match word.as_str() {
                "*" => Word::One,
                "**" => Word::Many,
                _ => Word::Named(word.clone()),
            },
        };
        let words: Vec<Word> = path.steps().iter().map(word).collect();
        (!words.is_empty()).then_some(Pattern { words })
    }

    /// The one path that it means, where it means one alone.
    pub fn exact(&self) -> Option<FieldPath> {
        let step = |word: &Word| match word {
            Word::Named(name) => Some(Step::Key(name.clone())),
            Word::Index(index) => Some(Step::Index(*index)),
            Word::One | Word::Many => None,
        };
        self.words.iter().map(step).collect::<Option<Vec<Step>>>().map(FieldPath::new)
    }

    /// The places that it means, in the order of the text; the values as a whole are none of them.
    pub fn hits<'a>(&self, root: &'a Node) -> Vec<Hit<'a>> {
        let mut found = Vec::new();
        look(&self.words, root, &FieldPath::root(), None, &mut found);
        found
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |word: &Word| match word {
            Word::One => Step::Key("*".to_owned()),
            Word::Many => Step::Key("**".to_owned()),
            Word::Named(name) => Step::Key(name.clone()),
            Word::Index(index) => Step::Index(*index),
        };
        let path = FieldPath::new(self.words.iter().map(word));
        f.write_str(path.to_string().replace("[**]", ".**").replace("[*]", ".*").trim_start_matches('.'))
    }
}

/// Looks below a node, which `hit` says how to reach.
fn look<'a>(
    words: &[Word],
    node: &'a Node,
    path: &FieldPath,
    hit: Option<&Hit<'a>>,
    found: &mut Vec<Hit<'a>>,
) {
    let Some((word, rest)) = words.split_first() else {
        found.extend(hit.cloned());
        return;
    };
    if *word == Word::Many {
        look(rest, node, path, hit, found);
    }
    for entry in node.entries() {
        let below = |words: &[Word], found: &mut Vec<Hit<'a>>| {
            let path = path.key(&entry.key);
            let hit = Hit { path: path.clone(), node: &entry.value, key: Some(entry.key_span), parent: node };
            look(words, &entry.value, &path, Some(&hit), found);
        };
        match word {
            Word::One => below(rest, found),
            Word::Many => below(words, found),
            Word::Named(name) if *name == entry.key => below(rest, found),
            Word::Named(_) | Word::Index(_) => {}
        }
    }
    for (at, item) in node.items().iter().enumerate() {
        let below = |words: &[Word], found: &mut Vec<Hit<'a>>| {
            let path = path.index(at);
            let hit = Hit { path: path.clone(), node: item, key: None, parent: node };
            look(words, item, &path, Some(&hit), found);
        };
        let named = |name: &str| item.get("name").and_then(Node::as_str) == Some(name);
        match word {
            Word::One => below(rest, found),
            Word::Many => below(words, found),
            Word::Named(name) if named(name) => below(rest, found),
            Word::Index(index) if *index == at => below(rest, found),
            Word::Named(_) | Word::Index(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    #[test]
    fn finds_every_place_once() {
        let text = "a: {b: 1, c: {b: 2}}\nenv: [{name: b, value: x}, {name: d}]\n";
        let node = yaml::parse(text).unwrap();
        let hits = |pattern: &str| {
            let pattern = Pattern::parse(pattern).unwrap();
            let paths = pattern.hits(&node).into_iter().map(|hit| hit.path.to_string());
            paths.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(hits("a.b"), "a.b");
        assert_eq!(hits("**.b"), "a.b a.c.b env[0]");
        assert_eq!(hits("env.*.value"), "env[0].value");
        assert_eq!(hits("env[1]"), "env[1]");
        assert_eq!(hits("a.*"), "a.b a.c");
        assert_eq!(hits("a.**"), "a a.b a.c a.c.b");
        assert_eq!(hits("z.**"), "");
        assert!(Pattern::parse("a..b").is_none() && Pattern::parse("").is_none());
        for text in ["**.b", "a.*.c", "*", "a.b", "x[3].**"] {
            assert_eq!(Pattern::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Pattern::parse("a.*").unwrap().exact(), None);
    }
}
