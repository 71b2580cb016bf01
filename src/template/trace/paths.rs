//! What values came from: which `.Values` path each was read from, or what it was made of. Maps and lists are known by
//! their address, so that they are recognised behind a `dict`; plain values carry the number of theirs with them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::pieces::{Known, PathId, each_once};
use crate::budget;
use crate::path::{self, FieldPath};
use crate::template::reads::{self, Reads};
use crate::value::{Str, Value};

/// One step of a path below `.Values`, in the words of the engine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A key of a map.
    Name(Str),
    /// The item of a list at that index, from 0.
    Index(usize),
}

impl From<&Step> for path::Step {
    fn from(step: &Step) -> path::Step {
        match step {
            Step::Name(name) => path::Step::Key(name.to_string()),
            Step::Index(index) => path::Step::Index(*index),
        }
    }
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A map or list.
    Container,
    /// What has nothing below it.
    Scalar,
    /// Nothing, below which a template may look for more.
    Nothing,
}

impl Shape {
    /// That of a value.
    pub fn of(value: &Value) -> Shape {
        match value {
            Value::Nil => Shape::Nothing,
            Value::Map(_) | Value::List(_) | Value::Object(_) if address(value).is_some() => Shape::Container,
            Value::Map(_) | Value::List(_) => Shape::Nothing,
            _ => Shape::Scalar,
        }
    }
}

/// All that was met.
#[derive(Debug, Default)]
pub struct Paths {
    nodes: Vec<Node>,
    known: FxHashMap<(PathId, Step), PathId>,
    by_address: FxHashMap<usize, PathId>,
    texts: FxHashMap<PathId, Known>,
    /// What keeps the addresses from being used again.
    kept: Vec<Value>,
}

#[derive(Debug)]
enum Node {
    /// `.Values`
    Root,
    /// What stands at a step below another.
    Path { parent: PathId, step: Step, shape: Shape },
    /// What was made of others, and what is below it too.
    MadeOf(Vec<PathId>),
    /// A map or list that a template made. What is not known of it stands in `base`, if that is not 0.
    Made { base: PathId, is_copy: bool },
}

impl Paths {
    /// Makes the value known as `.Values`.
    pub fn set_root(&mut self, values: &Value) {
        let id = self.push(Node::Root);
        self.remember(values, id);
    }

    /// What a map or list that has been met came from, or 0.
    pub fn of(&self, value: &Value) -> PathId {
        address(value).and_then(|address| self.by_address.get(&address).copied()).unwrap_or(0)
    }

    /// The same, unless it is known better.
    pub fn origin(&self, origin: PathId, value: &Value) -> PathId {
        if origin == 0 { self.of(value) } else { origin }
    }

    /// What stands below `parent`; nothing below nothing, unless the value is known by its address.
    pub fn child(&mut self, parent: PathId, step: Step, value: &Value) -> PathId {
        let mut id = if parent == 0 { 0 } else { self.step(parent, step.clone(), Shape::of(value)) };
        if id == 0 {
            return self.of(value);
        }
        if let (Some(Node::Made { is_copy: true, .. }), Shape::Container) =
            (self.node(parent), Shape::of(value))
        {
            // A copy's maps and lists are its own: what is changed in them is not changed in the original.
            if !self.known.contains_key(&(parent, step.clone())) {
                id = self.push(Node::Made { base: id, is_copy: true });
                self.known.insert((parent, step), id);
            }
        }
        self.remember(value, id);
        id
    }

    /// What stands at a step below `parent`, whatever its value.
    pub fn step(&mut self, parent: PathId, step: Step, shape: Shape) -> PathId {
        if let Some(id) = self.known.get(&(parent, step.clone())) {
            return *id;
        }
        match self.node(parent) {
            None => 0,
            Some(Node::MadeOf(_) | Node::Path { shape: Shape::Scalar, .. }) => parent,
            Some(Node::Made { base: 0, .. }) => 0,
            Some(Node::Made { base, .. }) => {
                let base = *base;
                self.step(base, step, shape)
            }
            Some(Node::Root | Node::Path { .. }) => {
                let id = self.push(Node::Path { parent, step: step.clone(), shape });
                self.known.insert((parent, step), id);
                id
            }
        }
    }

    /// What is known to stand at a step of a map or list, by whatever was put there.
    pub fn put_at(&self, id: PathId, step: &Step) -> Option<PathId> {
        self.known.get(&(id, step.clone())).copied()
    }

    /// The parts of what was made of others, or the map that a made one has the rest from.
    pub fn parts(&self, id: PathId) -> Vec<PathId> {
        match self.node(id) {
            Some(Node::MadeOf(parts)) => parts.clone(),
            Some(Node::Made { base, .. }) if *base != 0 => vec![*base],
            _ => Vec::new(),
        }
    }

    /// The way below `.Values`, of what stands there.
    pub fn way(&self, id: PathId) -> Option<FieldPath> {
        self.is_way(id).then(|| self.key(id))
    }

    /// Whether it is something that stands below `.Values`.
    pub fn is_way(&self, id: PathId) -> bool {
        matches!(self.node(id), Some(Node::Root | Node::Path { .. }))
    }

    /// Whether something stands below one of these.
    pub fn is_below(&self, mut id: PathId, some: &FxHashSet<PathId>) -> bool {
        while let Some(Node::Path { parent, .. }) = self.node(id) {
            if some.contains(parent) {
                return true;
            }
            id = *parent;
        }
        false
    }

    /// What is looked at of what stands below `.Values`, as one tree.
    pub fn tree(&self, mut looked: FxHashMap<PathId, Reads>) -> Reads {
        let mut depths = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            depths.push(match node {
                Node::Path { parent, .. } => {
                    depths.get(*parent as usize - 1).map_or(0, |depth: &usize| depth + 1)
                }
                _ => 0,
            });
        }
        let mut tree = Reads::default();
        // Whatever is below something was met later.
        for (at, node) in self.nodes.iter().enumerate().rev() {
            let Some(reads) = looked.remove(&(at as PathId + 1)) else { continue };
            match node {
                Node::Path { parent, step, .. } if depths[at] <= reads::DEEP => {
                    looked.entry(*parent).or_default().put(path::Step::from(step), reads);
                }
                Node::Path { parent, .. } => looked.entry(*parent).or_default().absorb(reads),
                _ => tree.absorb(reads),
            }
        }
        tree
    }

    /// Makes the maps and lists in a map or list known, if it is known itself.
    pub fn meet_children(&mut self, container: &Value) {
        let parent = self.of(container);
        if !matches!(self.node(parent), Some(Node::Root | Node::Path { .. })) {
            return;
        }
        for (step, value) in children(container) {
            if address(&value).is_some_and(|address| !self.by_address.contains_key(&address)) {
                self.child(parent, step, &value);
            }
        }
    }

    /// Remembers where the values of a map or list came from that a template made; gives its number.
    pub fn record(&mut self, container: &Value, known: Vec<(Step, PathId)>) -> PathId {
        self.record_over(container, 0, false, known)
    }

    /// The same of one that has what is not known of it from another, or is a copy of it.
    pub fn record_over(
        &mut self,
        container: &Value,
        base: PathId,
        is_copy: bool,
        known: Vec<(Step, PathId)>,
    ) -> PathId {
        let id = self.push(Node::Made { base, is_copy });
        self.remember(container, id);
        self.known.extend(known.into_iter().map(|(step, origin)| ((id, step), origin)));
        id
    }

    /// Says where a value of a map came from that a template put there; of nothing known where that is 0.
    pub fn put(&mut self, map: PathId, step: Step, origin: PathId) {
        self.known.insert((map, step), origin);
    }

    /// The number of what was made of others.
    pub fn made_of(&mut self, parts: impl IntoIterator<Item = PathId>) -> PathId {
        let some = each_once(parts.into_iter().filter(|part| *part != 0));
        match some.as_slice() {
            [] => 0,
            [only] if matches!(self.node(*only), Some(Node::MadeOf(_))) => *only,
            _ => self.push(Node::MadeOf(some)),
        }
    }

    /// The number of a text whose pieces are known.
    pub fn add_text(&mut self, text: Known) -> PathId {
        let id = self.push(Node::MadeOf(text.paths()));
        self.texts.insert(id, text);
        id
    }

    /// The text with that number, if it is one.
    pub fn text(&self, id: PathId) -> Option<&Known> {
        self.texts.get(&id)
    }

    /// The paths behind the numbers, each once; maps and lists only if there is nothing plainer.
    pub fn keys(&self, ids: &[PathId]) -> Vec<FieldPath> {
        let mut flat = self.flat(ids);
        let plain = |id: &PathId| matches!(self.node(*id), Some(Node::Path { shape, .. }) if *shape != Shape::Container);
        if flat.iter().any(plain) {
            flat.retain(plain);
        }
        flat.into_iter().map(|id| self.key(id)).filter(|key| !key.is_root()).collect()
    }

    /// The numbers of all paths that these were made of, in their order. They may be made of others as often as a loop runs.
    fn flat(&self, ids: &[PathId]) -> Vec<PathId> {
        let (mut flat, mut met) = (Vec::new(), FxHashSet::default());
        let mut left: Vec<PathId> = ids.iter().rev().copied().collect();
        while let Some(id) = left.pop().filter(|_| budget::check().is_ok()) {
            // What was met once leads nowhere else the second time.
            if !met.insert(id) {
                continue;
            }
            match self.node(id) {
                Some(Node::MadeOf(parts)) => left.extend(parts.iter().rev()),
                Some(Node::Made { base, .. }) => left.push(*base),
                Some(Node::Path { .. }) => flat.push(id),
                _ => {}
            }
        }
        flat
    }

    fn key(&self, mut id: PathId) -> FieldPath {
        let mut steps = Vec::new();
        while let Some(Node::Path { parent, step, .. }) = self.node(id) {
            steps.push(path::Step::from(step));
            id = *parent;
        }
        FieldPath::new(steps.into_iter().rev())
    }

    fn node(&self, id: PathId) -> Option<&Node> {
        self.nodes.get((id as usize).checked_sub(1)?)
    }

    fn push(&mut self, node: Node) -> PathId {
        self.nodes.push(node);
        self.nodes.len() as PathId
    }

    /// Makes a map or list known under that number.
    pub fn remember(&mut self, value: &Value, id: PathId) {
        let Some(address) = address(value) else { return };
        if self.by_address.insert(address, id).is_none() {
            self.kept.push(value.clone());
        }
    }
}

/// What stands in a map or list.
pub fn children(container: &Value) -> Vec<(Step, Value)> {
    match container {
        Value::Map(map) => map.entries().into_iter().map(|(key, value)| (Step::Name(key), value)).collect(),
        Value::List(list) => {
            list.items().iter().enumerate().map(|(at, value)| (Step::Index(at), value.clone())).collect()
        }
        _ => Vec::new(),
    }
}

/// What tells a map or list from every other.
pub fn address(value: &Value) -> Option<usize> {
    let address = match value {
        Value::Map(map) => map.address(),
        Value::List(list) => list.address(),
        Value::Object(object) => return address(&object.underlying()?),
        _ => 0,
    };
    (address != 0).then_some(address)
}
