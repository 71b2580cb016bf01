//! [`Tree`]: a document as it is written, for edits: aliases are not followed, keys that stand twice are both there, and it
//! is known which nodes are used by aliases.

use std::collections::{HashMap, HashSet};

use super::super::events::Events;
use super::super::quick;
use super::super::raw::{Id, Kind, Raw};
use super::super::reader::Source;
use super::super::scan::Scanner;
use super::error::Refusal;
use crate::path::{FieldPath, Step};
use crate::source::Span;

/// A document.
pub(super) struct Tree {
    parts: Vec<Part>,
    /// The nodes that aliases stand for, with the name and line of the first alias.
    used: HashMap<Id, (String, usize)>,
}

/// A node of it.
pub(super) struct Part {
    pub(super) kind: Form,
    pub(super) span: Span,
    pub(super) line: usize,
}

/// What it is.
pub(super) enum Form {
    Scalar(String),
    List(Vec<Id>),
    Map(Vec<(Id, Id)>),
    Alias(String),
}

/// Where a path leads.
pub(super) struct Place<'p> {
    /// The node at the end of the way, or the nearest one before what is missing.
    pub(super) node: Id,
    /// The key that holds it, if a map does.
    pub(super) key: Option<Id>,
    /// What holds it, if anything does.
    pub(super) parent: Option<Id>,
    /// The steps that lead to it.
    pub(super) reached: &'p [Step],
    /// The steps that lead on.
    pub(super) missing: &'p [Step],
}

/// Whether it is sure that no map of a plain text has a key twice.
pub(super) fn has_no_repeated(text: &str) -> bool {
    let source = Source::new(text.as_bytes());
    if source.problem.is_some() {
        return false;
    }
    let Some(raw) = quick::read(&source.text, source.skipped) else { return false };
    let mut keys = HashSet::new();
    raw.nodes.iter().all(|node| {
        let Kind::Map(children) = &node.kind else { return true };
        keys.clear();
        children.chunks_exact(2).all(|pair| match &raw.nodes[pair[0] as usize].kind {
            Kind::Scalar { text, .. } => keys.insert(text),
            _ => true,
        })
    })
}

impl Tree {
    /// Reads the one document of a text; none where it says nothing.
    pub(super) fn read(text: &str) -> Result<Option<Tree>, Refusal> {
        let unreadable = |problem: super::super::error::Problem| Refusal::Yaml(problem.into());
        let source = Source::new(text.as_bytes());
        let scanner = Scanner::new(&source.text, source.limit, source.problem.unwrap_or_default());
        let mut events = Events::new(scanner);
        let Some(raw) = Raw::read(&mut events, source.skipped).map_err(unreadable)? else { return Ok(None) };
        let tree = Tree::of(&raw);
        if let Some(next) = Raw::read(&mut events, source.skipped).map_err(unreadable)? {
            let line = next.nodes.first().map_or(0, |node| node.line as usize);
            return Err(Refusal::Documents { line });
        }
        Ok(Some(tree))
    }

    fn of(raw: &Raw<'_>) -> Tree {
        let mut used = HashMap::new();
        let part = |node: &super::super::raw::RawNode<'_>| {
            let kind = match &node.kind {
                Kind::Scalar { text, .. } => Form::Scalar(text.to_string()),
                Kind::Seq(items) => Form::List(items.clone()),
                Kind::Map(children) => {
                    Form::Map(children.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())
                }
                Kind::Alias { name, target } => {
                    used.entry(*target).or_insert_with(|| ((*name).to_owned(), node.line as usize));
                    Form::Alias((*name).to_owned())
                }
            };
            Part { kind, span: node.span, line: node.line as usize }
        };
        let parts = raw.nodes.iter().map(part).collect();
        Tree { parts, used }
    }

    pub(super) fn part(&self, id: Id) -> &Part {
        &self.parts[id as usize]
    }

    /// Every key that stands twice in its map, in the order of the text.
    pub(super) fn repeated(&self) -> Vec<(FieldPath, Vec<usize>)> {
        let mut found = Vec::new();
        let mut waiting = vec![(0, FieldPath::root())];
        while let Some((id, path)) = waiting.pop() {
            match &self.part(id).kind {
                Form::List(items) => {
                    let items = items.iter().enumerate().rev();
                    waiting.extend(items.map(|(at, item)| (*item, path.index(at))));
                }
                Form::Map(entries) => {
                    let mut lines: HashMap<&str, Vec<usize>> = HashMap::with_capacity(entries.len());
                    for (key, _) in entries {
                        if let Form::Scalar(word) = &self.part(*key).kind {
                            lines.entry(word).or_default().push(self.part(*key).line);
                        }
                    }
                    let twice = lines.into_iter().filter(|(key, lines)| lines.len() > 1 && *key != MERGE);
                    found.extend(twice.map(|(key, lines)| (path.key(key), lines)));
                    for (key, value) in entries.iter().rev() {
                        if let Form::Scalar(word) = &self.part(*key).kind {
                            waiting.push((*value, path.key(word)));
                        }
                    }
                }
                Form::Scalar(_) | Form::Alias(_) => {}
            }
        }
        found.sort_by_key(|(_, lines)| lines.get(1).copied());
        found
    }

    /// Where the path leads, as far as it does.
    ///
    /// # Errors
    /// It leads through an alias or a merge, to a key that stands twice, or into what an alias uses.
    pub(super) fn find<'p>(&self, steps: &'p [Step]) -> Result<Place<'p>, Refusal> {
        let mut place = Place { node: 0, key: None, parent: None, reached: &[], missing: steps };
        while let Some((step, rest)) = place.missing.split_first() {
            self.refuse_used(place.node)?;
            let (node, key) = match &self.part(place.node).kind {
                Form::Map(entries) => match self.entry(entries, step, &steps[..=place.reached.len()])? {
                    Some((key, value)) => (value, Some(key)),
                    None => break,
                },
                Form::List(items) => match self.item(items, step) {
                    Some(item) => (item, None),
                    None => break,
                },
                Form::Alias(name) => {
                    let line = self.part(place.node).line;
                    return Err(Refusal::Alias { name: name.clone(), line });
                }
                Form::Scalar(_) => break,
            };
            let reached = &steps[..=place.reached.len()];
            place = Place { node, key, parent: Some(place.node), reached, missing: rest };
        }
        Ok(place)
    }

    /// The entry of a map that a step means.
    fn entry(&self, entries: &[(Id, Id)], step: &Step, way: &[Step]) -> Result<Option<(Id, Id)>, Refusal> {
        let word = step.as_key();
        let is = |key: Id, word: &str| matches!(&self.part(key).kind, Form::Scalar(text) if text == word);
        let mut found = entries.iter().filter(|(key, _)| is(*key, &word)).copied();
        let (first, second) = (found.next(), found.next());
        if let (Some(first), Some(second)) = (first, second) {
            let lines = vec![self.part(first.0).line, self.part(second.0).line];
            return Err(Refusal::Twice { path: FieldPath::new(way.to_vec()), lines });
        }
        Ok(first)
    }

    /// The item of a list that a step means.
    fn item(&self, items: &[Id], step: &Step) -> Option<Id> {
        match step {
            Step::Index(index) => items.get(*index).copied(),
            Step::Key(name) | Step::Item(name) => {
                items.iter().copied().find(|item| self.name(*item) == Some(name))
            }
        }
    }

    /// The `name` of a map, if it has one.
    fn name(&self, id: Id) -> Option<&str> {
        let Form::Map(entries) = &self.part(id).kind else { return None };
        let text = |id: Id| match &self.part(id).kind {
            Form::Scalar(text) => Some(text.as_str()),
            _ => None,
        };
        entries.iter().find(|(key, _)| text(*key) == Some("name")).and_then(|(_, value)| text(*value))
    }

    /// The line of a merge in the map, if it has one.
    pub(super) fn merge(&self, id: Id) -> Option<usize> {
        let Form::Map(entries) = &self.part(id).kind else { return None };
        let is = |key: Id| matches!(&self.part(key).kind, Form::Scalar(text) if text == MERGE);
        entries.iter().find(|(key, _)| is(*key)).map(|(key, _)| self.part(*key).line)
    }

    /// Refuses what an alias uses.
    fn refuse_used(&self, id: Id) -> Result<(), Refusal> {
        match self.used.get(&id) {
            Some((name, line)) => Err(Refusal::Anchor { name: name.clone(), used: *line }),
            None => Ok(()),
        }
    }

    /// Refuses a node that an alias outside of it uses, or of which it uses a part.
    pub(super) fn refuse_shared(&self, id: Id) -> Result<(), Refusal> {
        if self.used.is_empty() {
            return Ok(());
        }
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            self.refuse_used(id)?;
            match &self.part(id).kind {
                Form::List(items) => waiting.extend(items),
                Form::Map(entries) => waiting.extend(entries.iter().flat_map(|(key, value)| [*key, *value])),
                Form::Scalar(_) | Form::Alias(_) => {}
            }
        }
        Ok(())
    }
}

/// The key whose value is merged.
const MERGE: &str = "<<";
