//! [`Seen`]: which values were looked at, and how. A plain value is looked at when somebody asks for it; of a map or list it
//! depends on what is done with it, which a function's [`Effect`] says.

use rustc_hash::{FxHashMap, FxHashSet};

use super::paths::{Paths, Shape, Step, address, children};
use super::pieces::PathId;
use crate::budget;
use crate::template::func::{Effect, Looks, Makes};
use crate::template::reads::Reads;
use crate::value::Value;

/// How deep values are followed.
const DEEP: usize = 64;
/// The units of work that an entry takes.
const ENTRY: u64 = 20;

/// What was looked at, by the numbers of [`Paths`].
#[derive(Debug, Default)]
pub struct Seen {
    touched: FxHashSet<PathId>,
    whole: FxHashSet<PathId>,
    listed: FxHashSet<PathId>,
    tested: FxHashSet<PathId>,
}

impl Seen {
    /// Somebody asked for it.
    pub fn touch(&mut self, id: PathId) {
        if id != 0 {
            self.touched.insert(id);
        }
    }

    /// Somebody wanted to know whether it is empty.
    pub fn test(&mut self, id: PathId) {
        if id != 0 {
            self.tested.insert(id);
        }
    }

    /// Somebody wanted to know its keys or items.
    pub fn list(&mut self, id: PathId) {
        if id != 0 {
            self.listed.insert(id);
        }
    }

    /// All of it was looked at.
    pub fn whole(&mut self, id: PathId, value: &Value, paths: &mut Paths) {
        self.whole_of(id, value, paths, DEEP, &mut FxHashSet::default());
    }

    fn whole_of(
        &mut self,
        id: PathId,
        value: &Value,
        paths: &mut Paths,
        depth: usize,
        met: &mut FxHashSet<(PathId, usize)>,
    ) {
        if id == 0 || depth == 0 || budget::spend(ENTRY).is_err() {
            return;
        }
        // What stands in several places of a map is one, and is looked at once.
        if address(value).is_some_and(|address| !met.insert((id, address))) {
            return;
        }
        let is_known = paths.is_way(id);
        if is_known {
            self.whole.insert(id);
        }
        let entries = children(value);
        for (step, value) in &entries {
            // What a template put there came from elsewhere.
            let child = match paths.put_at(id, step) {
                Some(child) => child,
                None if is_known => continue,
                None => paths.child(id, step.clone(), value),
            };
            self.touch(child);
            self.whole_of(child, value, paths, depth - 1, met);
        }
        if entries.is_empty() && !is_known {
            for part in paths.parts(id) {
                self.whole_of(part, &Value::Nil, paths, depth - 1, met);
            }
        }
    }

    /// A function is given these arguments.
    pub fn consume(&mut self, effect: Effect, args: &[Value], origins: &[PathId], paths: &mut Paths) {
        for (at, arg) in args.iter().enumerate() {
            let id = paths.origin(origins.get(at).copied().unwrap_or(0), arg);
            if Shape::of(arg) == Shape::Scalar || id == 0 && !matches!(arg, Value::Map(_) | Value::List(_)) {
                continue;
            }
            match effect {
                Effect::Executes | Effect::Selects(_) | Effect::Looks(Looks::Type) => {}
                Effect::Passes | Effect::Looks(Looks::Truth) => self.test(id),
                Effect::Looks(Looks::Keys) | Effect::Makes(Makes::Values) => self.list(id),
                Effect::Looks(Looks::Key) => self.key(id, arg, args.get(1), paths),
                Effect::Makes(Makes::Pluck) => self.key(id, arg, args.first(), paths),
                Effect::Makes(
                    Makes::Dict
                    | Makes::List
                    | Makes::Some
                    | Makes::Set
                    | Makes::Unset
                    | Makes::Copy
                    | Makes::Merge
                    | Makes::MergeOverwrite
                    | Makes::Append
                    | Makes::Prepend
                    | Makes::Concat,
                ) => {}
                Effect::Makes(_) => self.list(id),
                _ => self.whole(id, arg, paths),
            }
        }
    }

    fn key(&mut self, id: PathId, map: &Value, key: Option<&Value>, paths: &mut Paths) {
        let (Some(map), Some(key)) = (map.as_map(), key.and_then(Value::as_text)) else { return };
        let value = map.get(key).unwrap_or_default();
        let child = paths.child(id, Step::Name(key.clone()), &value);
        self.touch(child);
    }

    /// A function took a value with this origin out of one of these.
    pub fn selected(&mut self, origin: PathId, args: &[Value], origins: &[PathId], paths: &mut Paths) {
        if origin != 0 {
            return self.touch(origin);
        }
        for (at, arg) in args.iter().enumerate() {
            let id = paths.origin(origins.get(at).copied().unwrap_or(0), arg);
            self.whole(id, arg, paths);
        }
    }

    /// All of it as a tree.
    pub fn reads(&self, paths: &Paths) -> Reads {
        let mut looked: FxHashMap<PathId, Reads> = FxHashMap::default();
        let mut note = |ids: &FxHashSet<PathId>, how: fn(&mut Reads)| {
            for id in ids {
                each_way(*id, paths, &mut |id| how(looked.entry(id).or_default()));
            }
        };
        note(&self.touched, |reads| reads.is_touched = true);
        note(&self.whole, |reads| reads.is_whole = true);
        note(&self.listed, |reads| reads.has_keys = true);
        note(&self.tested, |reads| reads.is_tested = true);
        paths.tree(looked)
    }
}

/// What of what stands below `.Values` a number stands for; of a copy, where the original does.
fn each_way(id: PathId, paths: &Paths, found: &mut dyn FnMut(PathId)) {
    if paths.is_way(id) {
        return found(id);
    }
    let (mut left, mut met) = (paths.parts(id), FxHashSet::default());
    while let Some(id) = left.pop().filter(|_| budget::spend(ENTRY).is_ok()) {
        match paths.is_way(id) {
            _ if !met.insert(id) => {}
            true => found(id),
            false => left.extend(paths.parts(id)),
        }
    }
}
