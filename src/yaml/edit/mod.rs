//! Edits of a YAML text at bytes: comments, order, quoting and line ends stay as they are but for what is changed. Nothing
//! is ever written anew: a change that the layout does not allow is refused, with the line that is in the way.
//!
//! [`apply`] is the way in. Each change is made in the text and, beside it, in a plain JSON model; a text that does not
//! read back as the model is refused. What anchors, aliases and merge keys share is never torn.

mod error;
mod text;
mod tree;
mod write;

pub use error::Refusal;
pub use write::{block, inline, is_collection};

use serde_json::{Map, Value as Json};

use crate::path::{FieldPath, Step};
use crate::yaml::{self, Node};
use text::{Splice, Text, Written, spliced};
use tree::{Form, Place, Tree};

/// A change of a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// Sets a field, creating the maps on the way. A scalar keeps the quotes of the one that it replaces.
    Set {
        /// The field.
        path: FieldPath,
        /// Its new value.
        value: Json,
    },
    /// Removes a field or a list item; what is not there is left alone.
    Remove {
        /// The field.
        path: FieldPath,
    },
    /// Gives a key another name, where it stands.
    Rename {
        /// The key.
        path: FieldPath,
        /// Its new name.
        key: String,
    },
    /// Takes a field to another place, as it is written.
    Move {
        /// The field.
        path: FieldPath,
        /// Where it goes.
        to: FieldPath,
    },
}

/// The text with the changes made one after the other; each path is one of the text after the changes before it.
///
/// # Errors
/// See [`Refusal`]; then no change is made.
pub fn apply(text: &str, changes: &[Change]) -> Result<String, Refusal> {
    let mut draft = Draft::read(text.to_owned())?;
    let mut rest = changes;
    while let Some((first, others)) = rest.split_first() {
        let run = rest.iter().take_while(|change| draft.is_rewrite(change)).count();
        if run > 1 {
            draft = draft.rewrite(&rest[..run])?;
            rest = &rest[run..];
        } else {
            draft = draft.change(first)?;
            rest = others;
        }
    }
    Ok(draft.text)
}

/// Whether the text is one document that changes can be made in.
///
/// # Errors
/// The first thing in it that stands in the way of any change: it is no YAML, several documents, or a key stands twice.
pub fn check(text: &str) -> Result<(), Refusal> {
    let draft = Draft::read(text.to_owned())?;
    let repeated = draft.tree.map(|tree| tree.repeated()).unwrap_or_default();
    match repeated.into_iter().next() {
        Some((path, lines)) => Err(Refusal::Twice { path, lines }),
        None => Ok(()),
    }
}

/// Every key of the text that stands twice in its map, with its lines; none where the text cannot be read.
pub fn repeated(text: &str) -> Vec<(FieldPath, Vec<usize>)> {
    // Most texts have none, which is seen without making a tree of them.
    if tree::has_no_repeated(text) {
        return Vec::new();
    }
    let tree = Tree::read(text).ok().flatten();
    tree.map(|tree| tree.repeated()).unwrap_or_default()
}

/// A text while it is changed.
struct Draft {
    text: String,
    tree: Option<Tree>,
    model: Json,
}

impl Draft {
    fn read(text: String) -> Result<Draft, Refusal> {
        let model = yaml::parse(&text).map_err(Refusal::Yaml)?.to_json();
        Ok(Draft { tree: Tree::read(&text)?, model, text })
    }

    /// Whether it puts a scalar in the place of one that is written.
    fn is_rewrite(&self, change: &Change) -> bool {
        let (Change::Set { path, value }, Some(tree)) = (change, &self.tree) else { return false };
        let is_scalar = |place: &Place<'_>| {
            place.missing.is_empty() && matches!(tree.part(place.node).kind, Form::Scalar(_))
        };
        !is_collection(value) && tree.find(path.steps()).is_ok_and(|place| is_scalar(&place))
    }

    /// Makes changes of the kind of [`Draft::is_rewrite`], all at once.
    fn rewrite(self, changes: &[Change]) -> Result<Draft, Refusal> {
        let Some(tree) = &self.tree else { return Ok(self) };
        let (text, mut model) = (Text { text: &self.text, tree }, self.model.clone());
        let mut splices: Vec<Splice> = Vec::with_capacity(changes.len());
        let mut line = 1;
        for change in changes {
            let Change::Set { path, value } = change else { continue };
            let place = tree.find(path.steps())?;
            tree.refuse_shared(place.node)?;
            line = tree.part(place.node).line;
            splices.push(text.rewrite(&place, value).ok_or(Refusal::Layout { line })?);
            set(&mut model, path.steps(), value).ok_or_else(|| Refusal::NoPlace(path.clone()))?;
        }
        // Of two changes of one field the later holds.
        splices.reverse();
        let mut seen = std::collections::HashSet::new();
        splices.retain(|(range, _)| seen.insert(range.start));
        let made = spliced(&self.text, splices).ok_or(Refusal::Layout { line })?;
        Draft::verified(made, &model, line)
    }

    fn change(self, change: &Change) -> Result<Draft, Refusal> {
        match change {
            Change::Set { path, value } => {
                let written = Written::of(value);
                self.set(path, value, &written)
            }
            Change::Remove { path } => self.remove(path),
            Change::Rename { path, key } => self.rename(path, key),
            Change::Move { path, to } => self.relocate(path, to),
        }
    }

    fn set(self, path: &FieldPath, value: &Json, written: &Written) -> Result<Draft, Refusal> {
        let mut model = self.model.clone();
        set(&mut model, path.steps(), value).ok_or_else(|| Refusal::NoPlace(path.clone()))?;
        let Some(tree) = &self.tree else {
            let text = format!("{}{}\n", with_line_break(&self.text), block(&model));
            return Draft::verified(text, &model, 1);
        };
        let text = Text { text: &self.text, tree };
        let place = tree.find(path.steps())?;
        let line = tree.part(place.node).line;
        let splice = match place.missing.split_first() {
            None => {
                tree.refuse_shared(place.node)?;
                let is_scalar =
                    matches!(tree.part(place.node).kind, Form::Scalar(_)) && !is_collection(value);
                if is_scalar { text.rewrite(&place, value) } else { text.replace(&place, written) }
            }
            Some((step, below)) => {
                self.refuse_merged(tree, &place)?;
                let key = step.as_key();
                let nested = (!below.is_empty()).then(|| below.iter().rev().fold(value.clone(), around));
                let outer = nested.as_ref().map(Written::of);
                let written = match (&nested, written) {
                    // The text of a value stays as it is written, however many maps go around it.
                    (Some(_), Written::Inline(text)) => &nest(below, text),
                    (Some(_), Written::Block(_)) => outer.as_ref().unwrap_or(written),
                    (None, written) => written,
                };
                match &tree.part(place.node).kind {
                    Form::Map(entries) if !entries.is_empty() => {
                        let whole = around(nested.unwrap_or_else(|| value.clone()), step);
                        let inline = Written::Inline(inline(&whole[key.as_ref()]));
                        text.insert(place.node, &key, written)
                            .or_else(|| text.insert(place.node, &key, &inline))
                    }
                    Form::Map(_) | Form::Scalar(_) => {
                        let whole = match written {
                            Written::Inline(text) => {
                                Written::Block(vec![format!("{}: {text}", inline(&key.as_ref().into()))])
                            }
                            Written::Block(lines) => Written::Block(
                                std::iter::once(format!("{}:", inline(&key.as_ref().into())))
                                    .chain(lines.iter().map(|line| format!("  {line}")))
                                    .collect(),
                            ),
                        };
                        text.replace(&place, &whole)
                    }
                    Form::List(_) | Form::Alias(_) => None,
                }
            }
        };
        let made = splice.and_then(|splice| spliced(&self.text, vec![splice]));
        Draft::verified(made.ok_or(Refusal::Layout { line })?, &model, line)
    }

    fn remove(self, path: &FieldPath) -> Result<Draft, Refusal> {
        let Some(tree) = &self.tree else { return Ok(self) };
        let place = tree.find(path.steps())?;
        if !place.missing.is_empty() {
            self.refuse_merged(tree, &place)?;
            return Ok(self);
        }
        tree.refuse_shared(place.node)?;
        let mut model = self.model.clone();
        remove(&mut model, path.steps()).ok_or_else(|| Refusal::NoPlace(path.clone()))?;
        let line = tree.part(place.key.unwrap_or(place.node)).line;
        let (_, way) = path.steps().split_last().ok_or_else(|| Refusal::NoPlace(path.clone()))?;
        let above = if way.is_empty() { None } else { Some(tree.find(way)?) };
        let text = Text { text: &self.text, tree };
        let splices = text.remove(&place, above.as_ref()).ok_or(Refusal::Layout { line })?;
        let made = spliced(&self.text, splices).ok_or(Refusal::Layout { line })?;
        // Nothing is left of an empty document, which says null.
        if model == Json::Object(Map::new()) && yaml::parse(&made).is_ok_and(|node| node.is_null()) {
            return Draft::read(made);
        }
        Draft::verified(made, &model, line)
    }

    fn rename(self, path: &FieldPath, name: &str) -> Result<Draft, Refusal> {
        let tree = self.tree.as_ref().ok_or_else(|| Refusal::NoPlace(path.clone()))?;
        let place = tree.find(path.steps())?;
        if !place.missing.is_empty() {
            self.refuse_merged(tree, &place)?;
            return Err(Refusal::NoPlace(path.clone()));
        }
        let (key, Some(way)) = (place.key, path.parent()) else { return Err(Refusal::NoPlace(path.clone())) };
        let key = key.ok_or_else(|| Refusal::NoPlace(path.clone()))?;
        let renamed = way.key(name);
        let mut model = self.model.clone();
        if get(&model, renamed.steps()).is_some() {
            return Err(Refusal::Taken(renamed));
        }
        let value = remove(&mut model, path.steps()).ok_or_else(|| Refusal::NoPlace(path.clone()))?;
        set(&mut model, renamed.steps(), &value).ok_or_else(|| Refusal::NoPlace(path.clone()))?;
        let line = tree.part(key).line;
        let text = Text { text: &self.text, tree };
        let splice = text.rename(key, name).ok_or(Refusal::Layout { line })?;
        let made = spliced(&self.text, vec![splice]).ok_or(Refusal::Layout { line })?;
        Draft::verified(made, &model, line)
    }

    fn relocate(self, path: &FieldPath, to: &FieldPath) -> Result<Draft, Refusal> {
        let value = get(&self.model, path.steps()).cloned().ok_or_else(|| Refusal::NoPlace(path.clone()))?;
        if get(&self.model, to.steps()).is_some() {
            return Err(Refusal::Taken(to.clone()));
        }
        let tree = self.tree.as_ref().ok_or_else(|| Refusal::NoPlace(path.clone()))?;
        let place = tree.find(path.steps())?;
        if !place.missing.is_empty() {
            self.refuse_merged(tree, &place)?;
        }
        tree.refuse_shared(place.node)?;
        let copied = Text { text: &self.text, tree }.copy(&place);
        let written = copied.unwrap_or_else(|| Written::of(&value));
        self.set(to, &value, &written)?.remove(path)
    }

    /// Refuses to change a field that a merge brings into the map at the place.
    fn refuse_merged(&self, tree: &Tree, place: &Place<'_>) -> Result<(), Refusal> {
        let (Some(line), Some(step)) = (tree.merge(place.node), place.missing.first()) else { return Ok(()) };
        let way: Vec<Step> = place.reached.iter().chain([step]).cloned().collect();
        if get(&self.model, &way).is_some() { Err(Refusal::Merge { line }) } else { Ok(()) }
    }

    /// The text, if it says what the model does.
    fn verified(text: String, model: &Json, line: usize) -> Result<Draft, Refusal> {
        let reads = |node: Node| node.to_json() == *model;
        if !yaml::parse(&text).is_ok_and(reads) {
            return Err(Refusal::Layout { line });
        }
        Draft::read(text)
    }
}

/// The text with a line break at its end, unless it is empty.
fn with_line_break(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// The value as the only one of a map.
fn around(value: Json, step: &Step) -> Json {
    Json::Object(Map::from_iter([(step.as_key().into_owned(), value)]))
}

/// A value on a line below the keys of a way that is not there yet.
fn nest(below: &[Step], text: &str) -> Written {
    let key = |step: &Step| inline(&step.as_key().as_ref().into());
    let depth = |at: usize| "  ".repeat(at);
    let last = below.len().saturating_sub(1);
    let line = |(at, step): (usize, &Step)| {
        let end = if at == last { format!(" {text}") } else { String::new() };
        format!("{}{}:{end}", depth(at), key(step))
    };
    Written::Block(below.iter().enumerate().map(line).collect())
}

/// What a model has at a path.
fn get<'m>(model: &'m Json, steps: &[Step]) -> Option<&'m Json> {
    steps.iter().try_fold(model, |model, step| match model {
        Json::Object(entries) => entries.get(step.as_key().as_ref()),
        Json::Array(items) => items.get(index(items, step)?),
        _ => None,
    })
}

/// Sets a field of a model; `None` where there is no place for it.
fn set(model: &mut Json, steps: &[Step], value: &Json) -> Option<()> {
    let Some((step, rest)) = steps.split_first() else {
        *model = value.clone();
        return Some(());
    };
    if model.is_null() {
        *model = Json::Object(Map::new());
    }
    match model {
        Json::Object(entries) => {
            set(entries.entry(step.as_key().into_owned()).or_insert(Json::Null), rest, value)
        }
        Json::Array(items) => {
            let at = index(items, step)?;
            set(items.get_mut(at)?, rest, value)
        }
        _ => None,
    }
}

/// Removes a field of a model and gives what it was; `None` where it is not there.
fn remove(model: &mut Json, steps: &[Step]) -> Option<Json> {
    let (step, rest) = steps.split_first()?;
    match model {
        Json::Object(entries) if rest.is_empty() => entries.remove(step.as_key().as_ref()),
        Json::Object(entries) => remove(entries.get_mut(step.as_key().as_ref())?, rest),
        Json::Array(items) => {
            let at = index(items, step)?;
            if rest.is_empty() { Some(items.remove(at)) } else { remove(items.get_mut(at)?, rest) }
        }
        _ => None,
    }
}

/// The index of the item that a step means, if the list has it.
fn index(items: &[Json], step: &Step) -> Option<usize> {
    match step {
        Step::Index(index) => (*index < items.len()).then_some(*index),
        Step::Key(name) | Step::Item(name) => {
            items.iter().position(|item| item.get("name").and_then(Json::as_str) == Some(name))
        }
    }
}

#[cfg(test)]
mod tests;
