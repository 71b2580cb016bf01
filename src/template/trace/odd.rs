//! [`Odd`]: what an execution did with values that was hardly meant: each with its place, told by the rules about templates.

use std::hash::Hash;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::paths::Paths;
use super::pieces::PathId;
use crate::diagnostic::FileLine;
use crate::template::ast::Source;
use crate::value::{Object, Value};

/// What was seen.
#[derive(Debug, Default)]
pub struct Odd {
    /// What `default` was given that is set and that it takes for nothing, with the place of the call.
    pub overruled: Once<PathId, (PathId, FileLine)>,
    /// Texts that say `false` and decided something.
    pub texts: Once<PathId, PathId>,
    /// What was printed and is nothing, with the place of the action.
    pub nothing: Once<PathId, (PathId, FileLine)>,
    /// The items that a `range` went through.
    pub items: FxHashSet<PathId>,
    /// Files that a chart was asked for and that it does not have, by name, place and call.
    pub files: Once<(String, *const Source, u32, u32), AbsentFile>,
}

/// What was met, in that order, each once.
#[derive(Debug)]
pub struct Once<K, T> {
    met: FxHashSet<K>,
    list: Vec<T>,
}

impl<K, T> Default for Once<K, T> {
    fn default() -> Once<K, T> {
        Once { met: FxHashSet::default(), list: Vec::new() }
    }
}

impl<K: Eq + Hash, T> Once<K, T> {
    /// Adds what nobody has added under that key.
    pub fn add(&mut self, key: K, make: impl FnOnce() -> T) {
        if self.met.insert(key) {
            self.list.push(make());
        }
    }

    /// All of it.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.list.iter()
    }
}

/// A file that a chart does not have.
#[derive(Clone, Debug, PartialEq)]
pub struct AbsentFile {
    /// Its name.
    pub name: String,
    /// The place that asks for it; the file is named as it was parsed.
    pub place: FileLine,
    /// The same in bytes.
    pub pos: u32,
    /// The call in which it does, or 0.
    pub call: u32,
}

/// The functions that make an empty text of nothing, which is printed. What makes `null` of it may be read again.
const PRINTING: [&str; 2] = ["quote", "squote"];

/// The methods of `.Files` that take the name of one, and the type that has them.
const FILES: &str = "engine.files";
const BY_NAME: [&str; 3] = ["Get", "GetBytes", "Lines"];

/// The method that takes a pattern; one that stands for a single name is a name.
const BY_PATTERN: &str = "Glob";
const WILD: [u8; 6] = *b"*?[{\\!";

impl Odd {
    /// `default` is given these: remembered if the value is `false` or 0 and something else comes of it.
    pub fn defaulted(
        &mut self,
        source: &Source,
        pos: u32,
        args: &[Value],
        origins: &[PathId],
        paths: &Paths,
    ) {
        let [other, value] = args else { return };
        let is_set =
            !matches!(value, Value::Nil | Value::Str(_) | Value::Map(_) | Value::List(_) | Value::Object(_));
        let id = origins.get(1).copied().unwrap_or(0);
        if !is_set || value.truth() || !other.truth() || paths.way(id).is_none() {
            return;
        }
        self.overruled.add(id, || (id, place(source, pos)));
    }

    /// A function is given these: remembered if it prints one of them that is nothing.
    pub fn given(&mut self, function: &str, source: &Source, pos: u32, args: &[Value], origins: &[PathId]) {
        if !PRINTING.contains(&function) {
            return;
        }
        for (value, id) in args.iter().zip(origins) {
            if matches!(value, Value::Nil) {
                self.printed(*id, source, pos);
            }
        }
    }

    /// An action prints nothing.
    pub fn printed(&mut self, id: PathId, source: &Source, pos: u32) {
        if id != 0 {
            self.nothing.add(id, || (id, place(source, pos)));
        }
    }

    /// An object was asked for something: remembered if it is a file that the chart does not have.
    pub fn asked(
        &mut self,
        object: &dyn Object,
        method: &str,
        args: &[Value],
        (source, pos): (&Rc<Source>, u32),
        call: u32,
    ) {
        if object.type_name() != FILES || !BY_NAME.contains(&method) && method != BY_PATTERN {
            return;
        }
        let Some(name) = args.first().and_then(Value::as_text) else { return };
        // Where files may be put that a pattern fits, there need not be one.
        if method == BY_PATTERN && name.as_bytes().iter().any(|byte| WILD.contains(byte)) {
            return;
        }
        let files = object.underlying();
        if files.as_ref().and_then(Value::as_map).is_some_and(|files| files.get(name).is_some()) {
            return;
        }
        let key = (name.to_string(), Rc::as_ptr(source), pos, call);
        self.files.add(key, || AbsentFile { name: name.to_string(), place: place(source, pos), pos, call });
    }
}

fn place(source: &Source, pos: u32) -> FileLine {
    let place = source.place(pos);
    let column = place.column.map(|column| column + 1);
    FileLine { file: place.file.to_string(), line: Some(place.line), column }
}
