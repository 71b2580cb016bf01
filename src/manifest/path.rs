//! [`FieldPath`]: the way to a field of an object, as `spec.template.spec.containers[main].image`.
//!
//! A word in brackets is an index, the `name` of a list item, or a map key that is no plain word
//! (`metadata.annotations[helm.sh/hook]`); one with brackets or quotes of its own is written as a JSON string.
//! Read [`FieldPath`] for building and parsing, [`FieldPath::find`] for looking up.

use std::fmt;
use std::str::FromStr;

use crate::yaml::{Data, Node};

/// One step of a [`FieldPath`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A key of a map.
    Key(String),
    /// A word in brackets: the item of a list with that `name`, or a key of a map.
    Item(String),
    /// The item of a list at that index, from 0.
    Index(usize),
}

/// The way from an object to one of its fields; empty for the object itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath {
    steps: Vec<Step>,
}

/// What [`FieldPath::find`] found: the field, or the nearest thing around the place where it would be.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The field, or its nearest ancestor that exists.
    pub node: &'a Node,
    /// The key that holds `node`, if a map does.
    pub key: Option<crate::source::Span>,
    /// How many steps of the path lead to `node`.
    pub depth: usize,
    /// Whether `node` is the field itself.
    pub exact: bool,
}

impl FieldPath {
    /// The path of the object itself.
    pub const fn root() -> FieldPath {
        FieldPath { steps: Vec::new() }
    }

    /// The steps, outermost first.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether this is the path of the object itself.
    pub fn is_root(&self) -> bool {
        self.steps.is_empty()
    }

    /// The path one step further.
    pub fn then(&self, step: Step) -> FieldPath {
        let mut steps = Vec::with_capacity(self.steps.len() + 1);
        steps.extend_from_slice(&self.steps);
        steps.push(step);
        FieldPath { steps }
    }

    /// The path of the map key below this one; the key may hold any characters.
    pub fn key(&self, key: impl Into<String>) -> FieldPath {
        self.then(Step::Key(key.into()))
    }

    /// The path of the list item below this one.
    pub fn index(&self, index: usize) -> FieldPath {
        self.then(Step::Index(index))
    }

    /// The path of a chain of plain keys below this one: `path.keys(&["securityContext", "runAsUser"])`.
    pub fn keys(&self, keys: &[&str]) -> FieldPath {
        let mut path = self.clone();
        path.steps.extend(keys.iter().map(|key| Step::Key((*key).to_owned())));
        path
    }

    /// The path of an item of `list`: by its name where that is unique in the list and no number, else by its index.
    pub fn item(&self, list: &[Node], index: usize) -> FieldPath {
        let name = |node: &Node| node.get("name").and_then(Node::as_str).map(str::to_owned);
        match list.get(index).and_then(name) {
            Some(own)
                if !own.is_empty()
                    && own.parse::<usize>().is_err()
                    && list.iter().filter(|node| name(node).as_deref() == Some(own.as_str())).count()
                        == 1 =>
            {
                self.then(Step::Item(own))
            }
            _ => self.index(index),
        }
    }

    /// The path of `other` below this one.
    pub fn join(&self, other: &FieldPath) -> FieldPath {
        let mut path = self.clone();
        path.steps.extend_from_slice(&other.steps);
        path
    }

    /// The path without its last step; `None` at the root.
    pub fn parent(&self) -> Option<FieldPath> {
        let (_, rest) = self.steps.split_last()?;
        Some(FieldPath { steps: rest.to_vec() })
    }

    /// The field in the object, if it is there.
    pub fn lookup<'a>(&self, object: &'a Node) -> Option<&'a Node> {
        let found = self.find(object);
        found.exact.then_some(found.node)
    }

    /// The field in the object, or the nearest ancestor that exists where it is missing.
    pub fn find<'a>(&self, object: &'a Node) -> Found<'a> {
        let mut found = Found { node: object, key: None, depth: 0, exact: self.steps.is_empty() };
        for (at, step) in self.steps.iter().enumerate() {
            let Some((node, key)) = step.of(found.node) else { break };
            found = Found { node, key, depth: at + 1, exact: at + 1 == self.steps.len() };
        }
        found
    }
}

impl Step {
    /// The child of `node` that the step names, with the span of its key where `node` is a map.
    fn of<'a>(&self, node: &'a Node) -> Option<(&'a Node, Option<crate::source::Span>)> {
        match (self, &node.data) {
            (Step::Key(key) | Step::Item(key), Data::Map(_)) => {
                node.entry(key).map(|entry| (&entry.value, Some(entry.key_span)))
            }
            (Step::Key(name) | Step::Item(name), Data::Seq(items)) => items
                .iter()
                .find(|item| item.get("name").and_then(Node::as_str) == Some(name))
                .map(|item| (item, None)),
            (Step::Index(index), Data::Seq(items)) => items.get(*index).map(|item| (item, None)),
            (Step::Index(index), Data::Map(_)) => Step::Key(index.to_string()).of(node),
            _ => None,
        }
    }
}

/// Whether a key can stand in a path without brackets.
fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-$".contains(&byte))
}

/// The word as it stands between brackets: bare unless a reader could take it for something else.
fn write_bracketed(word: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let bare = !word.is_empty()
        && word.parse::<usize>().is_err()
        && !word.contains(|c: char| "[]\"\\".contains(c) || c.is_control());
    if bare { write!(f, "[{word}]") } else { write!(f, "[{}]", serde_json::Value::from(word)) }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            match step {
                Step::Key(key) if is_plain(key) => {
                    let dot = if at == 0 { "" } else { "." };
                    write!(f, "{dot}{key}")?;
                }
                Step::Key(word) | Step::Item(word) => write_bracketed(word, f)?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl FromStr for FieldPath {
    type Err = String;

    /// Reads what [`fmt::Display`] writes. The error says in one sentence what is wrong with the text.
    fn from_str(text: &str) -> Result<FieldPath, String> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(bracketed) = rest.strip_prefix('[') {
                let (step, after) = bracket(bracketed).ok_or_else(|| unreadable(text, rest))?;
                steps.push(step);
                rest = after;
                continue;
            }
            let word = match rest.strip_prefix('.') {
                Some(after) if !steps.is_empty() => after,
                None if steps.is_empty() => rest,
                _ => return Err(unreadable(text, rest)),
            };
            let end = word.find(['.', '[']).unwrap_or(word.len());
            if end == 0 || word[..end].contains(']') {
                return Err(unreadable(text, rest));
            }
            steps.push(Step::Key(word[..end].to_owned()));
            rest = &word[end..];
        }
        Ok(FieldPath { steps })
    }
}

/// The step between brackets and what follows them.
fn bracket(text: &str) -> Option<(Step, &str)> {
    if text.starts_with('"') {
        let mut words = serde_json::Deserializer::from_str(text).into_iter::<String>();
        let word = words.next()?.ok()?;
        return Some((Step::Item(word), text[words.byte_offset()..].strip_prefix(']')?));
    }
    let (word, after) = text.split_once(']')?;
    if word.is_empty() || word.contains('[') {
        return None;
    }
    let step = word.parse().map_or_else(|_| Step::Item(word.to_owned()), Step::Index);
    Some((step, after))
}

fn unreadable(text: &str, rest: &str) -> String {
    format!(
        "`{text}` is no field path: cannot read on at `{rest}`; write it as `spec.template.spec.containers[main].image`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;
    use crate::yaml::Entry;

    fn node(data: Data) -> Node {
        Node { span: Span::default(), data }
    }

    fn map(entries: &[(&str, Node)]) -> Node {
        let entry = |(key, value): &(&str, Node)| Entry {
            key: (*key).to_owned(),
            key_span: Span::default(),
            value: value.clone(),
        };
        node(Data::Map(entries.iter().map(entry).collect()))
    }

    fn text(text: &str) -> Node {
        node(Data::String(text.to_owned()))
    }

    #[test]
    fn paths_read_back_as_they_print() {
        for path in [
            "",
            "spec",
            "spec.template.spec.containers[main].image",
            "items[3].metadata.annotations[helm.sh/hook]",
            "data[\"0\"]",
            "data[\"a]b\"][x y]",
        ] {
            assert_eq!(path.parse::<FieldPath>().unwrap().to_string(), path);
        }
        assert_eq!(FieldPath::root().key("a.b").key("c").to_string(), "[a.b].c");
        for bad in [".", "a.", "a..b", "a[", "a[]", "a]", "a[b]c", ".a", "a[\"b]"] {
            assert!(bad.parse::<FieldPath>().is_err(), "{bad}");
        }
    }

    #[test]
    fn finds_fields_and_the_nearest_ancestor() {
        let containers = node(Data::Seq(vec![
            map(&[("name", text("main")), ("image", text("a"))]),
            map(&[("name", text("twin"))]),
            map(&[("name", text("twin"))]),
        ]));
        let object = map(&[("spec", map(&[("containers", containers.clone())]))]);
        let path: FieldPath = "spec.containers[main].image".parse().unwrap();
        assert_eq!(path.lookup(&object), Some(&text("a")));
        let missing: FieldPath = "spec.containers[main].securityContext.privileged".parse().unwrap();
        let found = missing.find(&object);
        assert!(!found.exact);
        assert_eq!(found.depth, 3);
        let list = FieldPath::root().keys(&["spec", "containers"]);
        assert_eq!(list.item(containers.items(), 0).to_string(), "spec.containers[main]");
        assert_eq!(list.item(containers.items(), 2).to_string(), "spec.containers[2]");
    }
}
