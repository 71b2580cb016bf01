//! [`Tracer`]: what the evaluator tells whoever wants to know where the output came from, and [`Trace`], which listens.
//! With `()` as its tracer the evaluator has no trace of tracing left.

mod lines;
mod paths;

use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashMap;

pub use super::ast::Source;
pub use super::set::ROOT;
use crate::diagnostic::{FileLine, IncludeSite};
use crate::path::FieldPath;
use crate::value::{Str, Value};
use lines::{Piece, Site};
use paths::{PathId, Paths, Step};

/// What listens to an execution. Every call to it stands behind `T::ON`, and each method does nothing by default.
#[allow(unused_variables, reason = "the names are the documentation")]
pub trait Tracer {
    /// Whether anybody listens.
    const ON: bool;

    /// An execution begins with this dot.
    fn begin(&mut self, data: &Value) {}

    /// It ended and wrote this.
    fn finish(&mut self, text: &Str) {}

    /// An action begins: what was read before is none of its business.
    fn enter_action(&mut self) {}

    /// A value with this origin was read.
    fn read(&mut self, origin: u32) {}

    /// A field was taken of `receiver`; gives the origin of `value`.
    fn field(&mut self, origin: u32, receiver: &Value, name: &Str, value: &Value) -> u32 {
        0
    }

    /// A `range` reached an element; gives its origin.
    fn element(&mut self, origin: u32, index: &Value, value: &Value) -> u32 {
        0
    }

    /// A variable gets a value with this origin; gives the variable's.
    fn declared(&mut self, origin: u32) -> u32 {
        origin
    }

    /// What is read now decides on what `if` or `with` does next.
    fn enter_branch(&mut self) {}

    /// That is done.
    fn leave_branch(&mut self) {}

    /// Text of the template at `pos` is written at the offset.
    fn write_text(&mut self, offset: usize, source: &Rc<Source>, pos: u32, text: &[u8]) {}

    /// The action at `pos` writes its value at the offset.
    fn write_value(&mut self, offset: usize, source: &Rc<Source>, pos: u32, text: &[u8]) {}

    /// Bytes were taken out of what was written, at this offset in what is left.
    fn removed(&mut self, offset: usize, len: usize) {}

    /// `template` enters the template of that name.
    fn enter_call(&mut self, name: &Str, source: &Rc<Source>, pos: u32) {}

    /// And leaves it.
    fn leave_call(&mut self) {}

    /// `include` or `tpl` begins to write at the offset.
    fn enter_include(&mut self, name: &Str, offset: usize) {}

    /// And took this text out of the output again.
    fn leave_include(&mut self, text: &Str) {}

    /// An argument of a call has this origin.
    fn argument(&mut self, origin: u32) {}

    /// So many arguments were not for a function.
    fn forget_arguments(&mut self, count: usize) {}

    /// A function is called from this place with so many arguments.
    fn enter_function(&mut self, source: &Rc<Source>, pos: u32, count: usize) {}

    /// It answered; gives the origin of the answer.
    fn leave_function(&mut self, name: &str, args: &[Value], answer: &Value) -> u32 {
        0
    }
}

impl Tracer for () {
    const ON: bool = false;
}

/// Remembers which template line wrote which part of the output and which values it read.
///
/// ```text
/// let mut trace = Trace::new();
/// let text = template::execute(&set, "c/templates/a.yaml", &data, &mut host, &mut trace)?;
/// trace.line(12).source, trace.at(12, 9).keys …
/// ```
#[derive(Debug, Default)]
pub struct Trace {
    paths: Paths,
    /// What wrote the output so far.
    pieces: Vec<Piece>,
    calls: Vec<Call>,
    /// The call that is running, or 0.
    call: u32,
    /// What the running action has read.
    reads: Vec<PathId>,
    /// Texts that know where they came from and were made or read by the running action.
    recent: Vec<Known>,
    /// Texts that variables hold, by the numbers that stand for them.
    texts: FxHashMap<u32, Known>,
    /// What to return to when an include or template ends.
    suspended: Vec<Suspended>,
    /// Which functions are being called.
    functions: Vec<Function>,
    /// The origins of the arguments of the functions that are about to be called.
    arguments: Vec<u32>,
    /// What `if` and `with` read, each inside another.
    branches: Vec<Branch>,
    /// The branch that is being walked, or 0.
    branch: u32,
    /// The output at the end.
    text: Str,
    line_starts: Vec<usize>,
}

/// A text and its pieces.
#[derive(Clone, Debug)]
struct Known {
    text: Str,
    pieces: Rc<Vec<Piece>>,
}

#[derive(Debug)]
struct Call {
    parent: u32,
    name: Str,
    source: Rc<Source>,
    pos: u32,
}

/// A function that is being called: where, and with what.
#[derive(Debug)]
struct Function {
    source: Rc<Source>,
    pos: u32,
    arguments: Vec<u32>,
}

/// What an `if` or `with` read.
#[derive(Debug)]
struct Branch {
    parent: u32,
    paths: Rc<[PathId]>,
}

#[derive(Debug)]
struct Suspended {
    reads: Vec<PathId>,
    recent: Vec<Known>,
    call: u32,
    /// Where an include's text starts, in bytes and in pieces.
    start: usize,
    first_piece: usize,
}

/// Why a place of the output reads as it does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// The line that wrote the text, innermost; the file is named as it was parsed (`chart/templates/_helpers.tpl`).
    pub source: Option<FileLine>,
    /// The calls on the way to it, outermost first.
    pub includes: Vec<IncludeSite>,
    /// The values that were read for it, each to its leaf, below `.Values`: `service.ports[1].port`.
    pub keys: Vec<FieldPath>,
    /// The values that decided that it is written at all, outermost first.
    pub conditions: Vec<FieldPath>,
}

impl Trace {
    /// Nothing remembered yet.
    pub fn new() -> Trace {
        Trace::default()
    }

    /// The origin of a line of the output, from 1: of its first text, with all that was read for the line.
    pub fn line(&self, line: usize) -> Origin {
        let Some(range) = self.line_range(line) else { return Origin::default() };
        let text = &self.text.as_bytes()[range.clone()];
        let indent = text.len() - text.trim_ascii_start().len();
        let first = if indent == text.len() { range.start } else { range.start + indent };
        let mut origin = self.origin_at(first);
        let pieces = lines::cut(&self.pieces, range.clone(), range.start);
        let paths: Vec<PathId> = pieces.iter().flat_map(|piece| piece.site.paths.iter().copied()).collect();
        origin.keys = self.paths.keys(&paths);
        origin
    }

    /// The origin of one place of the output, line and byte from 1. Where nothing was read for the very place, `keys` are
    /// those of its line.
    pub fn at(&self, line: usize, column: usize) -> Origin {
        let Some(range) = self.line_range(line) else { return Origin::default() };
        let offset = (range.start + column.saturating_sub(1)).min(range.end.max(range.start));
        let mut origin = self.origin_at(offset);
        if origin.keys.is_empty() {
            origin.keys = self.line(line).keys;
        }
        origin
    }

    /// The origin of a range of bytes of the output: of its first text, with all that was read for the range.
    pub fn range(&self, range: Range<usize>) -> Origin {
        let mut origin = self.origin_at(range.start);
        let pieces = lines::cut(&self.pieces, range.clone(), range.start);
        let paths: Vec<PathId> = pieces.iter().flat_map(|piece| piece.site.paths.iter().copied()).collect();
        if !paths.is_empty() {
            origin.keys = self.paths.keys(&paths);
        }
        origin
    }

    fn line_range(&self, line: usize) -> Option<Range<usize>> {
        let start = *self.line_starts.get(line.checked_sub(1)?)?;
        let end = self.line_starts.get(line).map_or(self.text.len(), |next| next - 1);
        Some(start..end)
    }

    fn origin_at(&self, offset: usize) -> Origin {
        let Some(piece) = lines::piece_at(&self.pieces, offset) else { return Origin::default() };
        let site = &piece.site;
        let inside = if site.is_text { (offset - piece.start) as u32 } else { 0 };
        let place = site.source.place(site.pos + inside);
        let column = place.column.map(|column| column + 1);
        let source = FileLine { file: place.file.to_string(), line: Some(place.line), column };
        Origin {
            source: Some(source),
            includes: self.includes(site.call),
            keys: self.paths.keys(&site.paths),
            conditions: self.conditions(site.branch),
        }
    }

    /// What the branches read around a place.
    fn conditions(&self, mut branch: u32) -> Vec<FieldPath> {
        let mut conditions = Vec::new();
        while let Some(found) = (branch as usize).checked_sub(1).and_then(|at| self.branches.get(at)) {
            branch = found.parent;
            for key in self.paths.keys(&found.paths).into_iter().rev() {
                if !conditions.contains(&key) {
                    conditions.push(key);
                }
            }
        }
        conditions.reverse();
        conditions
    }

    /// The calls around a call, outermost first, and itself. One inside the text of a `tpl` stands where the `tpl` does,
    /// which is no step of its own.
    fn includes(&self, mut call: u32) -> Vec<IncludeSite> {
        let mut includes = Vec::new();
        while let Some(found) = self.call_of(call) {
            call = found.parent;
            if found.name == ROOT {
                continue;
            }
            let mut site = found;
            while let (true, Some(outer)) = (site.source.name == ROOT, self.call_of(site.parent)) {
                site = outer;
            }
            includes.push(IncludeSite {
                template: found.name.to_string(),
                file: site.source.name.to_string(),
                line: site.source.line(site.pos),
            });
        }
        includes.reverse();
        includes
    }

    fn call_of(&self, call: u32) -> Option<&Call> {
        self.calls.get((call as usize).checked_sub(1)?)
    }

    fn site(&self, source: &Rc<Source>, pos: u32, is_text: bool, paths: &[PathId]) -> Site {
        let source = Rc::clone(source);
        Site { source, pos, is_text, call: self.call, branch: self.branch, paths: Rc::from(paths) }
    }

    fn suspend(&mut self, name: &Str, source: &Rc<Source>, pos: u32, start: usize) {
        self.calls.push(Call { parent: self.call, name: name.clone(), source: Rc::clone(source), pos });
        self.suspended.push(Suspended {
            reads: std::mem::take(&mut self.reads),
            recent: std::mem::take(&mut self.recent),
            call: self.call,
            start,
            first_piece: self.pieces.len(),
        });
        self.call = self.calls.len() as u32;
    }

    fn resume(&mut self) -> Option<Suspended> {
        let mut suspended = self.suspended.pop()?;
        self.reads = std::mem::take(&mut suspended.reads);
        self.recent = std::mem::take(&mut suspended.recent);
        self.call = suspended.call;
        Some(suspended)
    }

    fn known(&self, text: &Str) -> Option<&Known> {
        self.recent.iter().rev().find(|known| known.text == *text)
    }

    /// Pieces of a `tpl` text that the text itself brought along: whoever wrote the text wrote them, line by line.
    fn follow_tpl(&self, pieces: Vec<Piece>, name: &Str, len: usize) -> Vec<Piece> {
        let Some(call) = self.functions.last().filter(|_| *name == ROOT) else { return pieces };
        let ends: Vec<usize> = pieces.iter().skip(1).map(|piece| piece.start).chain([len]).collect();
        let mut followed = Vec::with_capacity(pieces.len());
        for (piece, end) in pieces.into_iter().zip(ends) {
            if piece.site.source.name != ROOT {
                followed.push(piece);
                continue;
            }
            let text = &piece.site.source.text;
            let written = self.recent.iter().rev().find(|known| known.text.as_bytes() == *text);
            let Some(written) = written else {
                let mut paths = piece.site.paths.to_vec();
                paths.extend(&self.reads);
                let site =
                    Site { branch: piece.site.branch, ..self.site(&call.source, call.pos, false, &paths) };
                followed.push(Piece { start: piece.start, site });
                continue;
            };
            let from = piece.site.pos as usize;
            let to = if piece.site.is_text { from + end.saturating_sub(piece.start) } else { from + 1 };
            for mut part in lines::cut(&written.pieces, from..to, piece.start) {
                let paths = piece.site.paths.iter().chain(part.site.paths.iter());
                part.site.paths = paths.copied().collect();
                followed.push(part);
            }
        }
        followed
    }
}

impl Tracer for Trace {
    const ON: bool = true;

    fn begin(&mut self, data: &Value) {
        if let Some(values) = data.as_map().and_then(|data| data.get("Values")) {
            self.paths.set_root(&values);
        }
    }

    fn finish(&mut self, text: &Str) {
        let ends = text.as_bytes().iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        self.line_starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        self.text = text.clone();
    }

    fn enter_action(&mut self) {
        self.reads.clear();
        self.recent.clear();
    }

    fn read(&mut self, origin: u32) {
        if let Some(known) = self.texts.get(&origin) {
            self.recent.push(known.clone());
        } else if origin != 0 && !self.reads.contains(&origin) {
            self.reads.push(origin);
        }
    }

    fn field(&mut self, origin: u32, receiver: &Value, name: &Str, value: &Value) -> u32 {
        let parent = if origin == 0 { self.paths.of(receiver) } else { origin };
        self.paths.child(parent, Step::Name(name.clone()), value)
    }

    fn element(&mut self, origin: u32, index: &Value, value: &Value) -> u32 {
        let step = match index {
            Value::Str(key) => Step::Name(key.clone()),
            Value::Int(at) => Step::Index(*at as usize),
            _ => return 0,
        };
        self.paths.child(origin, step, value)
    }

    fn declared(&mut self, origin: u32) -> u32 {
        if origin == 0 { self.paths.union(self.reads.clone()) } else { origin }
    }

    fn write_text(&mut self, offset: usize, source: &Rc<Source>, pos: u32, _text: &[u8]) {
        let site = self.site(source, pos, true, &[]);
        self.pieces.push(Piece { start: offset, site });
    }

    fn write_value(&mut self, offset: usize, source: &Rc<Source>, pos: u32, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        let known = self.recent.iter().rev().find(|known| known.text.as_bytes() == text);
        if let Some(known) = known {
            let moved = known.pieces.iter().map(|piece| {
                let mut piece = piece.clone();
                piece.start += offset;
                piece
            });
            self.pieces.extend(moved);
        } else {
            let site = self.site(source, pos, false, &self.reads);
            self.pieces.push(Piece { start: offset, site });
        }
    }

    fn removed(&mut self, offset: usize, len: usize) {
        let (start, first) = self.suspended.last().map_or((0, 0), |frame| (frame.start, frame.first_piece));
        let from = start + offset;
        for piece in self.pieces.iter_mut().skip(first).filter(|piece| piece.start > from) {
            piece.start -= len.min(piece.start - from);
        }
    }

    fn enter_call(&mut self, name: &Str, source: &Rc<Source>, pos: u32) {
        self.suspend(name, source, pos, 0);
        // It writes into the same output: what is removed there is not its own.
        if let Some(frame) = self.suspended.last_mut() {
            frame.first_piece = 0;
        }
    }

    fn leave_call(&mut self) {
        self.resume();
    }

    fn enter_include(&mut self, name: &Str, offset: usize) {
        if let Some(call) = self.functions.last() {
            let (source, pos) = (Rc::clone(&call.source), call.pos);
            self.suspend(name, &source, pos, offset);
        }
    }

    fn leave_include(&mut self, text: &Str) {
        let name = self.call_of(self.call).map(|call| call.name.clone()).unwrap_or_default();
        let Some(frame) = self.resume() else { return };
        let mut pieces = self.pieces.split_off(frame.first_piece.min(self.pieces.len()));
        for piece in &mut pieces {
            piece.start = piece.start.saturating_sub(frame.start);
        }
        let pieces = self.follow_tpl(pieces, &name, text.len());
        self.recent.push(Known { text: text.clone(), pieces: Rc::new(pieces) });
    }

    fn enter_branch(&mut self) {
        let mut paths = self.reads.clone();
        let of_texts = self.recent.iter().flat_map(|known| known.pieces.iter());
        paths.extend(of_texts.flat_map(|piece| piece.site.paths.iter()));
        self.branches.push(Branch { parent: self.branch, paths: paths.into() });
        self.branch = self.branches.len() as u32;
    }

    fn leave_branch(&mut self) {
        let branch = (self.branch as usize).checked_sub(1).and_then(|at| self.branches.get(at));
        self.branch = branch.map_or(0, |branch| branch.parent);
    }

    fn argument(&mut self, origin: u32) {
        self.arguments.push(origin);
    }

    fn forget_arguments(&mut self, count: usize) {
        self.arguments.truncate(self.arguments.len().saturating_sub(count));
    }

    fn enter_function(&mut self, source: &Rc<Source>, pos: u32, count: usize) {
        let arguments = self.arguments.split_off(self.arguments.len().saturating_sub(count));
        self.functions.push(Function { source: Rc::clone(source), pos, arguments });
    }

    fn leave_function(&mut self, name: &str, args: &[Value], answer: &Value) -> u32 {
        let Some(call) = self.functions.pop() else { return 0 };
        if let Some(path) = self.paths.selected(name, args) {
            self.read(path);
            return path;
        }
        let Value::Str(text) = answer else { return self.made(name, &call.arguments, args, answer) };
        if self.known(text).is_none() {
            let site = self.site(&call.source, call.pos, false, &[]);
            let Some(pieces) = self.pieces_of_answer(text, args, &site) else { return 0 };
            self.recent.push(Known { text: text.clone(), pieces: Rc::new(pieces) });
        }
        let Some(known) = self.known(text).cloned() else { return 0 };
        let id = self.paths.stand_in();
        self.texts.insert(id, known);
        id
    }
}

impl Trace {
    /// The origin of a function's answer that is no text. A `dict` remembers where its plain values came from.
    fn made(&mut self, name: &str, origins: &[u32], args: &[Value], answer: &Value) -> u32 {
        for arg in args {
            self.paths.meet_children(arg);
        }
        if let ("dict", Value::Map(map)) = (name, answer) {
            let origin = |at: usize| origins.get(at + 1).copied().unwrap_or_default();
            let keys = args.iter().enumerate().step_by(2);
            let known = keys
                .filter_map(|(at, key)| Some((key.as_text()?.clone(), origin(at))))
                .filter(|it| it.1 != 0);
            return self.paths.record(map, known.collect());
        }
        if let Some(path) = answer.as_map().and_then(|map| self.paths.derived(name, args, map)) {
            return path;
        }
        self.paths.of(answer)
    }

    /// What is known of a function's answer from what is known of its arguments.
    fn pieces_of_answer(&mut self, text: &Str, args: &[Value], site: &Site) -> Option<Vec<Piece>> {
        let texts = args.iter().filter_map(Value::as_text).filter_map(|text| self.known(text));
        let old: Vec<(&[u8], &[Piece])> =
            texts.map(|known| (known.text.as_bytes(), known.pieces.as_slice())).collect();
        if old.is_empty() {
            let path = args.iter().map(|arg| self.paths.of(arg)).find(|path| *path != 0)?;
            return lines::of_yaml(text.as_bytes(), path, &mut self.paths, site);
        }
        let with = Site { paths: self.reads.as_slice().into(), ..site.clone() };
        let carried = lines::carry(text.as_bytes(), &old, site, &with);
        // Not a line of it is left: all that can be said is what it was made of.
        carried.or_else(|| {
            let of_old =
                old.iter().flat_map(|(_, pieces)| pieces.iter()).flat_map(|piece| piece.site.paths.iter());
            let paths: Vec<PathId> = self.reads.iter().chain(of_old).copied().collect();
            Some(vec![Piece { start: 0, site: Site { paths: paths.into(), ..site.clone() } }])
        })
    }
}
