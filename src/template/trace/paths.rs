//! Which `.Values` path a value was read from. Maps and lists are known by their address, so that they are recognised
//! behind a `dict`; plain values carry the number of their path with them.

use rustc_hash::FxHashMap;

use crate::path::{self, FieldPath};
use crate::value::{Map, Number, Str, Value, print};

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

/// The number of a path; 0 is that of none.
pub type PathId = u32;

/// All paths met.
#[derive(Debug, Default)]
pub struct Paths {
    nodes: Vec<PathNode>,
    known: FxHashMap<(PathId, Step), PathId>,
    by_address: FxHashMap<usize, PathId>,
    /// What keeps the addresses from being used again.
    kept: Vec<Value>,
}

#[derive(Debug, Default)]
struct PathNode {
    parent: PathId,
    step: Option<Step>,
    is_container: bool,
    /// What a variable was made of, for paths that are no path but several.
    parts: Vec<PathId>,
    /// Whether it is a map that the template made, of which only some keys are known.
    is_made: bool,
}

impl Paths {
    /// Makes the value known as `.Values`.
    pub fn set_root(&mut self, values: &Value) {
        let id = self.push(PathNode { parent: 0, step: None, is_container: true, ..PathNode::default() });
        self.remember(values, id);
    }

    /// The path of a map or list that has been met, or 0.
    pub fn of(&self, value: &Value) -> PathId {
        address(value).and_then(|address| self.by_address.get(&address).copied()).unwrap_or(0)
    }

    /// The path of what stands below `parent`; none below none, unless the value is known by its address.
    pub fn child(&mut self, parent: PathId, step: Step, value: &Value) -> PathId {
        if parent == 0 {
            return self.of(value);
        }
        let id = self.step(parent, step, address(value).is_some());
        if id == 0 {
            return self.of(value);
        }
        self.remember(value, id);
        id
    }

    /// The path of a scalar or unknown value below `parent`.
    pub fn step(&mut self, parent: PathId, step: Step, is_container: bool) -> PathId {
        if let Some(id) = self.known.get(&(parent, step.clone())) {
            return *id;
        }
        // What the template put into a map of its own is no path below it.
        if self.node(parent).is_none_or(|node| node.is_made) {
            return 0;
        }
        let node = PathNode { parent, step: Some(step.clone()), is_container, ..PathNode::default() };
        let id = self.push(node);
        self.known.insert((parent, step), id);
        id
    }

    /// Makes the maps and lists in a map or list known, if it is known itself.
    pub fn meet_children(&mut self, container: &Value) {
        let parent = self.of(container);
        if parent == 0 || self.node(parent).is_some_and(|node| node.is_made) {
            return;
        }
        let children: Vec<(Step, Value)> = match container {
            Value::Map(map) => {
                map.entries().into_iter().map(|(key, value)| (Step::Name(key), value)).collect()
            }
            Value::List(list) => {
                list.items().iter().cloned().enumerate().map(|(at, v)| (Step::Index(at), v)).collect()
            }
            _ => return,
        };
        for (step, value) in children {
            if address(&value).is_some_and(|address| !self.by_address.contains_key(&address)) {
                self.child(parent, step, &value);
            }
        }
    }

    /// Remembers where the values of a map came from that the template made; gives the map's number.
    pub fn record(&mut self, map: &Map, known: Vec<(Str, PathId)>) -> PathId {
        let node = PathNode { is_container: true, is_made: true, ..PathNode::default() };
        let id = self.push(node);
        self.remember(&Value::Map(map.clone()), id);
        self.known.extend(known.into_iter().map(|(key, origin)| ((id, Step::Name(key)), origin)));
        id
    }

    /// A map that a function made of known maps: its values are still those of the maps that they came from.
    pub fn derived(&mut self, name: &str, args: &[Value], answer: &Map) -> Option<PathId> {
        let made = Value::Map(answer.clone());
        match name.trim_start_matches("must") {
            "omit" | "pick" | "unset" | "deepCopy" | "DeepCopy" => {
                let path = args.iter().map(|arg| self.of(arg)).find(|path| *path != 0)?;
                self.remember(&made, path);
                Some(path)
            }
            "merge" | "Merge" | "mergeOverwrite" | "MergeOverwrite" => {
                // The first is the one that is changed: by now it has everything.
                let (target, sources) = args.split_first()?;
                let target = self.of(target);
                let mut known = Vec::new();
                for (key, value) in answer.entries() {
                    let from = sources.iter().rev().find(|source| {
                        let own = source.as_map().and_then(|source| source.get(&key));
                        own.is_some_and(|own| print::sprint(&own) == print::sprint(&value))
                    });
                    let parent = from.map_or(target, |source| self.of(source));
                    let path = self.step(parent, Step::Name(key.clone()), address(&value).is_some());
                    known.push((key, path));
                }
                known.retain(|(_, path)| *path != 0);
                Some(self.record(answer, known))
            }
            _ => None,
        }
    }

    /// The path of what a function took out of a known map or list: `index .Values.ports 0 "port"`.
    pub fn selected(&mut self, name: &str, args: &[Value]) -> Option<PathId> {
        let (container, keys) = match (name, args) {
            ("index" | "get", [container, keys @ ..]) => (container, keys.to_vec()),
            ("first", [list]) => (list, vec![Value::Int(0)]),
            ("last", [list]) => (list, vec![Value::Int(list.as_list()?.len() as i64 - 1)]),
            ("dig", [keys @ .., _, map]) => (map, keys.to_vec()),
            _ => return None,
        };
        let mut path = self.of(container);
        let mut value = container.clone();
        if path == 0 {
            return None;
        }
        for key in keys {
            let step = match (&key, key.number()) {
                (Value::Str(key), _) => Step::Name(key.clone()),
                (_, Some(Number::Signed(at))) => Step::Index(usize::try_from(at).ok()?),
                _ => return None,
            };
            value = match (&step, &value) {
                (Step::Name(name), Value::Map(map)) => map.get(name)?,
                (Step::Index(at), Value::List(list)) => list.items().get(*at)?.clone(),
                _ => return None,
            };
            path = self.child(path, step, &value);
        }
        (path != 0).then_some(path)
    }

    /// One number for several paths.
    pub fn union(&mut self, parts: Vec<PathId>) -> PathId {
        match parts.as_slice() {
            [] => 0,
            [only] => *only,
            _ => self.push(PathNode { parent: 0, step: None, parts, ..PathNode::default() }),
        }
    }

    /// A number that is no path, for a variable that holds something else.
    pub fn stand_in(&mut self) -> PathId {
        self.push(PathNode {
            parent: 0,
            step: None,
            is_container: true,
            parts: vec![0],
            ..PathNode::default()
        })
    }

    /// The paths behind the numbers, each once; maps and lists only if there is nothing plainer.
    pub fn keys(&self, ids: &[PathId]) -> Vec<FieldPath> {
        let mut flat = Vec::new();
        for id in ids {
            self.flatten(*id, &mut flat);
        }
        let plain = |id: &PathId| self.node(*id).is_some_and(|node| !node.is_container);
        if flat.iter().any(plain) {
            flat.retain(plain);
        }
        flat.into_iter().map(|id| self.key(id)).filter(|key| !key.is_root()).collect()
    }

    fn flatten(&self, id: PathId, flat: &mut Vec<PathId>) {
        match self.node(id) {
            Some(node) if !node.parts.is_empty() => node.parts.iter().for_each(|id| self.flatten(*id, flat)),
            Some(_) if !flat.contains(&id) => flat.push(id),
            _ => {}
        }
    }

    fn key(&self, mut id: PathId) -> FieldPath {
        let mut steps = Vec::new();
        while let Some(node) = self.node(id) {
            steps.extend(node.step.as_ref().map(path::Step::from));
            id = node.parent;
        }
        FieldPath::new(steps.into_iter().rev())
    }

    fn node(&self, id: PathId) -> Option<&PathNode> {
        self.nodes.get((id as usize).checked_sub(1)?)
    }

    fn push(&mut self, node: PathNode) -> PathId {
        self.nodes.push(node);
        self.nodes.len() as PathId
    }

    fn remember(&mut self, value: &Value, id: PathId) {
        let Some(address) = address(value) else { return };
        if self.by_address.insert(address, id).is_none() {
            self.kept.push(value.clone());
        }
    }
}

/// What tells a map or list from every other.
fn address(value: &Value) -> Option<usize> {
    let address = match value {
        Value::Map(map) => map.address(),
        Value::List(list) => list.address(),
        Value::Object(object) => return address(&object.underlying()?),
        _ => 0,
    };
    (address != 0).then_some(address)
}
