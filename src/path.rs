//! [`FieldPath`]: the way to a place in an object or in values, as `spec.template.spec.containers[main].image`. It is kept
//! as data; its text has one printer and one parser, which agree on every key.
//!
//! A word in brackets is an index, the `name` of a list item, or a map key that is no plain word
//! (`metadata.annotations[helm.sh/hook]`); one with brackets or quotes of its own is written as a JSON string. The parser
//! also takes what people write by habit: a dot before the first word, as in `kubectl explain`, and a backslash before a
//! dot, as in `--set`. Read [`FieldPath`] for building and parsing; `FieldPath::find` of [`crate::yaml`] looks up.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// One step of a [`FieldPath`]. A key and the name of an item are equal when their words are: in a text nobody can tell
/// them apart.
#[derive(Clone, Debug)]
pub enum Step {
    /// A key of a map.
    Key(String),
    /// A word in brackets: the item of a list with that `name`, or a key of a map.
    Item(String),
    /// The item of a list at that index, from 0.
    Index(usize),
}

impl Step {
    /// What tells steps apart: the word, or the index.
    fn identity(&self) -> (Option<&str>, usize) {
        match self {
            Step::Key(word) | Step::Item(word) => (Some(word), 0),
            Step::Index(index) => (None, *index),
        }
    }

    /// The key that the step is in a map: its word, or its index in digits.
    pub fn as_key(&self) -> Cow<'_, str> {
        match self {
            Step::Key(word) | Step::Item(word) => Cow::Borrowed(word),
            Step::Index(index) => Cow::Owned(index.to_string()),
        }
    }
}

impl PartialEq for Step {
    fn eq(&self, other: &Step) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for Step {}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Step) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Step {
    fn cmp(&self, other: &Step) -> Ordering {
        self.identity().cmp(&other.identity())
    }
}

impl Hash for Step {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}

/// The way from an object to one of its fields; empty for the object itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath {
    steps: Vec<Step>,
}

impl FieldPath {
    /// The path of the object itself.
    pub const fn root() -> FieldPath {
        FieldPath { steps: Vec::new() }
    }

    /// The path of these steps, outermost first.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> FieldPath {
        FieldPath { steps: steps.into_iter().collect() }
    }

    /// The path as `--set` takes it: `redis.nodes[0].labels.app\\.kubernetes\\.io/name`.
    pub fn to_set_expression(&self) -> String {
        let mut text = String::new();
        for step in &self.steps {
            match step {
                Step::Index(index) => text.push_str(&format!("[{index}]")),
                Step::Key(key) | Step::Item(key) => {
                    text.push_str(if text.is_empty() { "" } else { "." });
                    for c in key.chars() {
                        text.extend(matches!(c, '.' | ',' | '=' | '[' | ']' | '\\').then_some('\\'));
                        text.push(c);
                    }
                }
            }
        }
        text
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
    type Err = Error;

    /// Reads what [`fmt::Display`] writes, and what [`FieldPath::to_set_expression`] writes.
    fn from_str(text: &str) -> Result<FieldPath, Error> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let unreadable = || Error { text: text.to_owned(), rest: rest.to_owned() };
            let (step, after) = match (rest.strip_prefix('['), rest.strip_prefix('.')) {
                (Some(bracketed), _) => bracket(bracketed),
                (None, Some(after)) => word(after),
                (None, None) if steps.is_empty() => word(rest),
                (None, None) => None,
            }
            .ok_or_else(unreadable)?;
            steps.push(step);
            rest = after;
        }
        Ok(FieldPath { steps })
    }
}

/// A text that is no field path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    text: String,
    /// The part that cannot be read.
    rest: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Error { text, rest } = self;
        write!(
            f,
            "`{text}` is no field path: cannot read on at `{rest}`; write it as \
             `spec.template.spec.containers[main].image`"
        )
    }
}

impl std::error::Error for Error {}

/// The key at the start of a text and what follows it; a backslash makes the character behind it part of the key.
fn word(text: &str) -> Option<(Step, &str)> {
    let mut key = String::new();
    let mut characters = text.char_indices();
    let end = loop {
        match characters.next() {
            Some((at, '.' | '[')) => break at,
            Some((_, ']')) => return None,
            Some((_, '\\')) => key.push(characters.next()?.1),
            Some((_, c)) => key.push(c),
            None => break text.len(),
        }
    };
    (end > 0).then(|| (Step::Key(key), &text[end..]))
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

#[cfg(test)]
mod tests {
    use super::*;
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
        for bad in [".", "a.", "a..b", "a[", "a[]", "a]", "a[b]c", "a[\"b]", "a\\"] {
            assert!(bad.parse::<FieldPath>().is_err(), "{bad}");
        }
    }

    #[test]
    fn habits_are_understood() {
        for (habit, path) in [
            (".spec.replicas", "spec.replicas"),
            (r"labels.app\.kubernetes\.io/name", "labels[app.kubernetes.io/name]"),
            ("containers.0.image", "containers.0.image"),
        ] {
            assert_eq!(habit.parse::<FieldPath>().unwrap().to_string(), path);
        }
    }

    proptest::proptest! {
        #[test]
        fn printer_and_parser_agree_on_every_key(words in proptest::collection::vec(".{0,6}", 0..4), index: usize) {
            let path = words.iter().fold(FieldPath::root(), |path, word| path.key(word.as_str()).index(index));
            proptest::prop_assert_eq!(&path.to_string().parse::<FieldPath>().unwrap(), &path);
            let items = FieldPath::new(words.iter().map(|word| Step::Item(word.clone())));
            proptest::prop_assert_eq!(&items.to_string().parse::<FieldPath>().unwrap(), &items);
            if words.iter().all(|word| !word.is_empty()) {
                proptest::prop_assert_eq!(&path.to_set_expression().parse::<FieldPath>().unwrap(), &path);
            }
        }
    }
}
