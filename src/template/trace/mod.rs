//! [`Tracer`]: what the evaluator tells whoever wants to know where the output came from, and [`Trace`], which listens.
//! With `()` as its tracer the evaluator has no trace of tracing left.

mod document;
mod edits;
mod glued;
mod lines;
mod merging;
mod odd;
mod paths;
mod pieces;
mod seen;
mod tracer;
mod values;

use std::ops::Range;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

pub use super::ast::Source;
use super::func::{self, Effect, Func, Makes};
use super::reads::Reads;
pub use super::set::ROOT;
use crate::budget;
use crate::diagnostic::{FileLine, IncludeSite};
use crate::path::FieldPath;
use crate::value::{Object, Str, Value};
use edits::Argument;
pub use odd::AbsentFile;
use paths::{Paths, Step};
use pieces::{Known, PathId, Piece, Site};
pub use tracer::Tracer;

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
    /// Where what was read stands among them, as far as it still stands there.
    read_at: FxHashMap<PathId, usize>,
    /// What `include` or `tpl` has just written.
    executed: Option<Known>,
    /// Where functions were called, and in which call first.
    called: FxHashMap<(*const Source, u32), (Rc<Source>, u32)>,
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
    /// Which values were looked at, and how.
    seen: seen::Seen,
    /// The bodies that were executed of `if`, `with` and `range`, and those that were not: file, place, which.
    arms: FxHashSet<(Str, u32, bool)>,
    /// The templates that were executed.
    templates: FxHashSet<Str>,
    /// What the failure is about, once the execution failed.
    failed: Option<Blame>,
    /// What `required` was given that is nothing.
    missing: Vec<Missing>,
    /// What was hardly meant.
    odd: odd::Odd,
    /// The output at the end.
    text: Str,
    line_starts: Vec<usize>,
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
    arguments: Vec<PathId>,
    /// What its maps hold, if it is going to change them.
    before: merging::Before,
}

/// What an `if` or `with` read.
#[derive(Debug)]
struct Branch {
    parent: u32,
    paths: Rc<[PathId]>,
}

/// What a failure is about.
#[derive(Debug, Default)]
struct Blame {
    paths: Vec<PathId>,
    branches: Vec<u32>,
}

/// A value that a template requires and that nobody sets.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// The place of the call; the file is named as it was parsed.
    pub source: FileLine,
    /// The calls on the way to it, outermost first.
    pub includes: Vec<IncludeSite>,
    /// The chart's own words.
    pub message: String,
    /// The value, below `.Values`; what is known of it.
    pub keys: Vec<FieldPath>,
}

#[derive(Debug)]
struct Suspended {
    reads: Vec<PathId>,
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

/// A part of the output, up to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Where it starts, in bytes.
    pub start: usize,
    /// The place in the template; the file is named as it was parsed.
    pub source: FileLine,
    /// The same in bytes.
    pub pos: u32,
    /// Whether the template says this very text; an action printed it otherwise.
    pub is_text: bool,
    /// The calls on the way to it, outermost first.
    pub includes: Vec<IncludeSite>,
}

/// Among so few numbers one is looked for one by one.
const FEW: usize = 32;

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
        let pieces = pieces::cut(&self.pieces, range.clone(), range.start);
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
        let paths: Vec<PathId> =
            self.pieces_of(&range).iter().flat_map(|piece| piece.site.paths.iter().copied()).collect();
        if !paths.is_empty() {
            origin.keys = self.paths.keys(&paths);
        }
        origin
    }

    /// The values that a failing execution is about, and those that decided that it came to the place, outermost first.
    pub fn blamed(&self) -> (Vec<FieldPath>, Vec<FieldPath>) {
        let Some(Blame { paths, branches }) = &self.failed else {
            return (self.paths.keys(&self.reads), self.conditions(self.branch));
        };
        let mut conditions = Vec::new();
        for key in branches.iter().flat_map(|branch| self.conditions(*branch)) {
            if !conditions.contains(&key) {
                conditions.push(key);
            }
        }
        let keys = self.paths.keys(paths);
        (if keys.is_empty() { self.paths.keys(&self.reads) } else { keys }, conditions)
    }

    /// What was looked at below `.Values`.
    pub fn reads(&self) -> Reads {
        self.seen.reads(&self.paths)
    }

    /// Whether the `if`, `with` or `range` at that place of a file ever executed its body, or, if that is not asked for,
    /// ever did not.
    pub fn arms(&self) -> &FxHashSet<(Str, u32, bool)> {
        &self.arms
    }

    /// The names of the templates that were executed.
    pub fn templates(&self) -> &FxHashSet<Str> {
        &self.templates
    }

    /// The values that `required` asked for and that nobody sets, in the order in which it did.
    pub fn missing(&self) -> &[Missing] {
        &self.missing
    }

    /// Values in whose place `default` put another, since they are `false` or 0.
    pub fn overruled(&self) -> Vec<(FieldPath, Option<FileLine>)> {
        let found = self.odd.overruled.iter();
        found.filter_map(|(id, place)| Some((self.paths.way(*id)?, Some(place.clone())))).collect()
    }

    /// Values that were printed and are nothing, with the place. What items of a list have, whoever lists them decides.
    pub fn printed_nothing(&self) -> Vec<(FieldPath, Option<FileLine>)> {
        let found = self.odd.nothing.iter().filter(|(id, _)| !self.paths.is_below(*id, &self.odd.items));
        found.filter_map(|(id, place)| Some((self.paths.way(*id)?, Some(place.clone())))).collect()
    }

    /// Files that the chart was asked for and does not have, each with the calls on the way, outermost first.
    pub fn absent_files(&self) -> impl Iterator<Item = (&AbsentFile, Vec<IncludeSite>)> {
        self.odd.files.iter().map(|file| (file, self.includes(file.call)))
    }

    /// Texts that a trim marker glued to the line before them: what was glued, whether it is lost in a comment, the part.
    pub fn glued(&self) -> Vec<(String, bool, Part)> {
        let call_line = |call: u32, source: *const Source| {
            let mut call = self.call_of(call);
            while let Some(found) = call.filter(|found| Rc::as_ptr(&found.source) != source) {
                call = self.call_of(found.parent);
            }
            call.map(|found| found.source.line(found.pos))
        };
        let found = glued::glued(self.text.as_bytes(), &self.pieces, call_line);
        let told = found.into_iter().filter_map(|found| {
            let start = self.pieces.get(found.piece)?.start;
            let part = self.parts(start..start + 1).into_iter().next()?;
            Some((found.text, found.is_comment, part))
        });
        told.collect()
    }

    /// Texts that say `false`, decided as true, and are printed nowhere.
    pub fn texts_as_conditions(&self) -> Vec<FieldPath> {
        let printed: FxHashSet<&PathId> =
            self.pieces.iter().flat_map(|piece| piece.site.paths.iter()).collect();
        self.odd
            .texts
            .iter()
            .filter(|id| !printed.contains(id))
            .filter_map(|id| self.paths.way(*id))
            .collect()
    }

    /// Who wrote each part of a range of bytes of the output, in its order.
    pub fn parts(&self, range: Range<usize>) -> Vec<Part> {
        let pieces = pieces::cut(&self.pieces, range.clone(), range.start);
        let part = |piece: Piece| {
            let Piece { start, site } = piece;
            let place = site.source.place(site.pos);
            let column = place.column.map(|column| column + 1);
            let source = FileLine { file: place.file.to_string(), line: Some(place.line), column };
            Part { start, source, is_text: site.is_text, pos: site.pos, includes: self.includes(site.call) }
        };
        pieces.into_iter().map(part).collect()
    }

    /// Each place where a function was called: the file as it was parsed, the offset in it, and the calls that first led
    /// there, outermost first. Of those alone that somebody `wants`.
    pub fn called(
        &self,
        wants: impl Fn(&Str, usize) -> bool,
    ) -> impl Iterator<Item = (&Str, usize, Vec<IncludeSite>)> {
        let places =
            self.called.iter().filter(move |((_, pos), (source, _))| wants(&source.name, *pos as usize));
        places.map(|((_, pos), (source, call))| (&source.name, *pos as usize, self.includes(*call)))
    }

    /// The pieces of a range. What is empty at its ends belongs to it if it stands in the same line of the template.
    fn pieces_of(&self, range: &Range<usize>) -> Vec<Piece> {
        let mut inside = pieces::cut(&self.pieces, range.clone(), range.start);
        let _ = budget::spend(CUT * inside.len() as u64);
        let is_empty =
            |piece: &Piece, next: Option<&Piece>| next.is_some_and(|next| next.start == piece.start);
        let first = (0..inside.len()).find(|at| !is_empty(&inside[*at], inside.get(at + 1))).unwrap_or(0);
        if let Some(line) = inside.get(first).map(|piece| piece.site.line(0)) {
            let mut at = 0;
            inside.retain(|piece| {
                at += 1;
                at > first || piece.site.line(0) == line
            });
        }
        let Some(last) = inside.last() else { return inside };
        let line = last.site.line(range.end.saturating_sub(last.start + 1));
        // A key with nothing behind it ends before the place where its value would stand.
        let rest = self.text.as_bytes().get(range.end..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b':' | b' ')).count();
        let is_last = rest.get(blank).is_none_or(|byte| *byte == b'\n');
        let end = if is_last { range.end + blank } else { range.end };
        let place = |end: usize| self.pieces.partition_point(|piece| piece.start < end);
        let mut behind = &self.pieces[place(end)..place(end + 1)];
        if end < self.text.len() {
            // The last of them holds what comes next.
            behind = behind.split_last().map_or(behind, |(_, empty)| empty);
        }
        inside.extend(behind.iter().filter(|piece| piece.site.line(0) == line).cloned());
        inside
    }

    fn line_range(&self, line: usize) -> Option<Range<usize>> {
        let start = *self.line_starts.get(line.checked_sub(1)?)?;
        let end = self.line_starts.get(line).map_or(self.text.len(), |next| next - 1);
        Some(start..end)
    }

    fn origin_at(&self, offset: usize) -> Origin {
        let Some(piece) = pieces::piece_at(&self.pieces, offset) else { return Origin::default() };
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
            call: self.call,
            start,
            first_piece: self.pieces.len(),
        });
        self.call = self.calls.len() as u32;
    }

    fn resume(&mut self) -> Option<Suspended> {
        let mut suspended = self.suspended.pop()?;
        self.reads = std::mem::take(&mut suspended.reads);
        self.call = suspended.call;
        Some(suspended)
    }

    /// Pieces of a `tpl` text that the text itself brought along: whoever wrote the text wrote them, line by line.
    fn follow_tpl(&self, pieces: Vec<Piece>, name: &Str, len: usize) -> Vec<Piece> {
        let Some(call) = self.functions.last().filter(|_| *name == ROOT) else { return pieces };
        let written = call.arguments.first().and_then(|text| self.paths.text(*text));
        let ends: Vec<usize> = pieces.iter().skip(1).map(|piece| piece.start).chain([len]).collect();
        let mut followed = Vec::with_capacity(pieces.len());
        for (piece, end) in pieces.into_iter().zip(ends) {
            if piece.site.source.name != ROOT {
                followed.push(piece);
                continue;
            }
            let Some(written) = written.filter(|known| known.text.as_bytes() == &*piece.site.source.text)
            else {
                let mut paths = piece.site.paths.to_vec();
                paths.extend(&self.reads);
                let site =
                    Site { branch: piece.site.branch, ..self.site(&call.source, call.pos, false, &paths) };
                followed.push(Piece { start: piece.start, site });
                continue;
            };
            let from = piece.site.pos as usize;
            let to = if piece.site.is_text { from + end.saturating_sub(piece.start) } else { from + 1 };
            for mut part in pieces::cut(&written.pieces, from..to, piece.start) {
                let paths = piece.site.paths.iter().chain(part.site.paths.iter());
                part.site.paths = paths.copied().collect();
                part.site.is_text &= piece.site.is_text;
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
    }

    fn read(&mut self, origin: u32) {
        if origin == 0 || self.read_at.get(&origin).is_some_and(|at| self.reads.get(*at) == Some(&origin)) {
            return;
        }
        if self.reads.len() > FEW || !self.reads.contains(&origin) {
            self.read_at.insert(origin, self.reads.len());
            self.reads.push(origin);
        }
    }

    fn reads(&self) -> usize {
        self.reads.len()
    }

    fn narrow(&mut self, reads: usize, origin: u32) {
        if origin != 0 {
            self.reads.truncate(reads);
            self.read(origin);
        }
    }

    fn field(&mut self, origin: u32, receiver: &Value, name: &Str, value: &Value) -> u32 {
        let parent = self.paths.origin(origin, receiver);
        let child = self.paths.child(parent, Step::Name(name.clone()), value);
        self.seen.touch(child);
        child
    }

    fn element(&mut self, origin: u32, index: &Value, value: &Value) -> u32 {
        let step = match index {
            Value::Str(key) => Step::Name(key.clone()),
            Value::Int(at) => Step::Index(*at as usize),
            _ => return 0,
        };
        let child = self.paths.child(origin, step, value);
        self.seen.touch(child);
        self.odd.items.insert(child);
        child
    }

    fn tested(&mut self, origin: u32, value: &Value) {
        let id = self.paths.origin(origin, value);
        let says_false = value.as_text().is_some_and(|text| text.as_bytes() == b"false");
        if says_false {
            self.odd.texts.add(id, || id);
        }
        self.seen.test(id);
    }

    fn listed(&mut self, origin: u32, value: &Value) -> u32 {
        let id = self.paths.origin(origin, value);
        self.seen.list(id);
        id
    }

    fn seen_whole(&mut self, origin: u32, value: &Value) {
        let id = self.paths.origin(origin, value);
        self.seen.whole(id, value, &mut self.paths);
    }

    fn enter_arm(&mut self, source: &Rc<Source>, pos: u32, is_body: bool) {
        self.arms.insert((source.name.clone(), pos, is_body));
    }

    fn enter_template(&mut self, name: &Str) {
        if !self.templates.contains(name) {
            self.templates.insert(name.clone());
        }
    }

    fn declared(&mut self, origin: u32) -> u32 {
        if origin == 0 { self.paths.made_of(self.reads.iter().copied()) } else { origin }
    }

    fn write_text(&mut self, offset: usize, source: &Rc<Source>, pos: u32, _text: &[u8]) {
        let site = self.site(source, pos, true, &[]);
        self.pieces.push(Piece { start: offset, site });
    }

    fn write_value(&mut self, offset: usize, source: &Rc<Source>, pos: u32, text: &[u8], origin: u32) {
        if let Some(known) = self.paths.text(origin).filter(|known| known.text.as_bytes() == text) {
            let moved = known
                .pieces
                .iter()
                .map(|piece| Piece { start: piece.start + offset, site: piece.site.clone() });
            self.pieces.extend(moved);
        } else if !text.is_empty() || !self.reads.is_empty() {
            if text == NO_VALUE {
                self.odd.printed(origin, source, pos);
            }
            // What is empty is a value too: it is why nothing stands there.
            let site = self.site(source, pos, false, &self.reads);
            self.pieces.push(Piece { start: offset, site });
        }
    }

    fn removed(&mut self, offsets: &[usize], len: usize) {
        let (start, first) = self.suspended.last().map_or((0, 0), |frame| (frame.start, frame.first_piece));
        for piece in self.pieces.iter_mut().skip(first) {
            let Some(at) = piece.start.checked_sub(start) else { continue };
            // Of the last of those before it a part may lie behind it.
            if let Some(last) = offsets.partition_point(|offset| *offset < at).checked_sub(1) {
                piece.start -= last * len + len.min(at - offsets[last]);
            }
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

    fn enter_include(&mut self, name: &Str, offset: usize) -> u32 {
        let Some(call) = self.functions.last() else { return 0 };
        let (source, pos) = (Rc::clone(&call.source), call.pos);
        let dot = call.arguments.get(1).copied().unwrap_or(0);
        self.suspend(name, &source, pos, offset);
        dot
    }

    fn leave_include(&mut self, text: &Str) {
        let name = self.call_of(self.call).map(|call| call.name.clone()).unwrap_or_default();
        let Some(frame) = self.resume() else { return };
        let mut pieces = self.pieces.split_off(frame.first_piece.min(self.pieces.len()));
        for piece in &mut pieces {
            piece.start = piece.start.saturating_sub(frame.start);
        }
        let pieces = self.follow_tpl(pieces, &name, text.len());
        self.executed = Some(Known { text: text.clone(), pieces: Rc::new(pieces) });
    }

    fn enter_branch(&mut self) {
        self.branches.push(Branch { parent: self.branch, paths: self.reads.as_slice().into() });
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

    fn enter_function(&mut self, func: &Func, source: &Rc<Source>, pos: u32, args: &[Value]) {
        let arguments = self.arguments.split_off(self.arguments.len().saturating_sub(args.len()));
        self.seen.consume(func.effect, args, &arguments, &mut self.paths);
        let mut before = merging::Before::default();
        if let Effect::Makes(Makes::Merge | Makes::MergeOverwrite) = func.effect {
            for arg in args {
                merging::remember(arg, &mut before);
            }
        }
        let place = (Rc::as_ptr(source), pos);
        self.called.entry(place).or_insert_with(|| (Rc::clone(source), self.call));
        match func.name {
            REQUIRED => self.required(source, pos, args, &arguments),
            DEFAULT => self.odd.defaulted(source, pos, args, &arguments, &self.paths),
            name => self.odd.given(name, source, pos, args, &arguments),
        }
        self.functions.push(Function { source: Rc::clone(source), pos, arguments, before });
    }

    fn asked(&mut self, object: &dyn Object, method: &str, args: &[Value], source: &Rc<Source>, pos: u32) {
        self.odd.asked(object, method, args, (source, pos), self.call);
    }

    fn failed_field(&mut self, origin: u32, receiver: &Value) {
        let id = self.paths.origin(origin, receiver);
        self.blame([id]);
    }

    fn failed_function(&mut self, func: &Func, args: &[Value]) {
        let Some(function) = self.functions.last() else { return };
        let mut paths = Vec::new();
        let mut branches = vec![self.branch];
        for (at, arg) in args.iter().enumerate() {
            let origin = self.paths.origin(function.arguments.get(at).copied().unwrap_or(0), arg);
            if let Some(known) = self.paths.text(origin) {
                branches.extend(known.pieces.iter().map(|piece| piece.site.branch));
            }
            paths.push(origin);
        }
        let arguments = function.arguments.clone();
        if let Effect::Selects(which) = func.effect {
            let call = values::Call { args, origins: &arguments, before: &merging::Before::default() };
            paths = vec![values::selected(which, &call, &mut self.paths)];
        }
        branches.dedup();
        self.blame(paths);
        if let Some(blame) = &mut self.failed {
            blame.branches = branches;
        }
    }

    fn leave_function(&mut self, func: &Func, args: &[Value], answer: &Value) -> u32 {
        let Some(function) = self.functions.pop() else { return 0 };
        let origin = self.origin_of_answer(func.effect, &function, args, answer);
        if matches!(func.effect, Effect::Selects(_)) {
            self.seen.selected(origin, args, &function.arguments, &mut self.paths);
        }
        self.read(origin);
        origin
    }
}

/// Units of work for a piece of a range that is asked for.
const CUT: u64 = 3;

/// The function that asks for a value which must be there.
const REQUIRED: &str = "required";
/// The function that gives another value for what is nothing.
const DEFAULT: &str = "default";
/// What Go prints of nothing.
const NO_VALUE: &[u8] = b"<no value>";

impl Trace {
    /// Remembers what the failure is about, unless it is known.
    fn blame(&mut self, paths: impl IntoIterator<Item = PathId>) {
        if self.failed.is_none() {
            let paths = paths.into_iter().filter(|path| *path != 0).collect();
            self.failed = Some(Blame { paths, branches: vec![self.branch] });
        }
    }

    /// Remembers what `required` asks for, if it is nothing.
    fn required(&mut self, source: &Rc<Source>, pos: u32, args: &[Value], origins: &[PathId]) {
        let [message, value] = args else { return };
        let is_missing = matches!(value, Value::Nil) || value.as_text().is_some_and(Str::is_empty);
        let Some(message) = message.as_text().filter(|_| is_missing) else { return };
        let place = source.place(pos);
        let column = place.column.map(|column| column + 1);
        let path = origins.get(1).copied().unwrap_or(0);
        let path = self.paths.origin(path, value);
        let missing = Missing {
            source: FileLine { file: place.file.to_string(), line: Some(place.line), column },
            includes: self.includes(self.call),
            message: message.to_string(),
            keys: self.paths.keys(if path == 0 { &self.reads } else { std::slice::from_ref(&path) }),
        };
        if !self.missing.contains(&missing) {
            self.missing.push(missing);
        }
    }

    /// What a function's answer came from.
    fn origin_of_answer(
        &mut self,
        effect: Effect,
        function: &Function,
        args: &[Value],
        answer: &Value,
    ) -> PathId {
        let call = values::Call { args, origins: &function.arguments, before: &function.before };
        match effect {
            Effect::Executes => self.executed.take().map_or(0, |known| self.paths.add_text(known)),
            Effect::Passes => values::passed(&call, answer, &mut self.paths),
            Effect::Selects(which) => values::selected(which, &call, &mut self.paths),
            Effect::Makes(which) => values::made(which, &call, answer, &mut self.paths),
            Effect::Decodes => match self.known_argument(function, args, 0) {
                Some(text) => document::read(&text, answer, &mut self.paths),
                None => self.something_new(function, args, answer),
            },
            Effect::New | Effect::Looks(_) | Effect::Encodes | Effect::Edits(_) => match answer {
                Value::Str(text) => self.origin_of_text(effect, function, args, text),
                _ => self.something_new(function, args, answer),
            },
        }
    }

    /// The argument, if it is a text whose pieces are known.
    fn known_argument(&self, function: &Function, args: &[Value], at: usize) -> Option<Known> {
        let text = args.get(at)?.as_text()?;
        let known = self.paths.text(*function.arguments.get(at)?)?;
        (known.text == *text).then(|| known.clone())
    }

    /// Of what is nothing but made of the arguments, which those were.
    fn something_new(&mut self, function: &Function, args: &[Value], answer: &Value) -> PathId {
        for arg in args {
            self.paths.meet_children(arg);
        }
        let known = self.paths.of(answer);
        if known != 0 {
            return known;
        }
        let origins =
            args.iter().zip(&function.arguments).map(|(arg, origin)| self.paths.origin(*origin, arg));
        let origins: Vec<PathId> = origins.collect();
        let id = self.paths.made_of(origins);
        if id != 0 {
            self.paths.remember(answer, id);
        }
        id
    }

    /// What a text came from that a function made.
    fn origin_of_text(&mut self, effect: Effect, function: &Function, args: &[Value], text: &Str) -> PathId {
        let call_site = self.site(&function.source, function.pos, false, &[]);
        let old: Vec<Known> =
            (0..args.len()).filter_map(|at| self.known_argument(function, args, at)).collect();
        let pieces = match effect {
            Effect::Encodes if old.is_empty() => {
                let origins = args.iter().zip(&function.arguments);
                let mut origins = origins.map(|(arg, origin)| self.paths.origin(*origin, arg));
                let path = origins.find(|path| *path != 0);
                path.and_then(|path| document::written(text.as_bytes(), path, &mut self.paths, &call_site))
            }
            Effect::Edits(edit) => {
                let arguments = self.arguments_of(function, args);
                let is_known = arguments.iter().any(|argument| argument.known.is_some());
                is_known.then(|| self.edited(edit, &arguments, &old, text, &call_site))
            }
            _ if old.is_empty() => None,
            _ => Some(self.carried(&old, text, &call_site)),
        };
        match pieces {
            Some(pieces) => self.paths.add_text(Known { text: text.clone(), pieces: Rc::new(pieces) }),
            None => self.something_new(function, args, &Value::Str(text.clone())),
        }
    }

    /// The arguments of a call, the items of a list in its place.
    fn arguments_of(&mut self, function: &Function, args: &[Value]) -> Vec<Argument> {
        let mut all = Vec::new();
        for (at, value) in args.iter().enumerate() {
            let origin = self.paths.origin(function.arguments.get(at).copied().unwrap_or(0), value);
            match value {
                Value::List(_) => {
                    let items = values::items(value, origin, &mut self.paths);
                    let items =
                        items.into_iter().map(|(value, origin)| self.argument_of(function, value, origin));
                    all.extend(items);
                }
                value => all.push(self.argument_of(function, value.clone(), origin)),
            }
        }
        all
    }

    fn argument_of(&self, function: &Function, value: Value, origin: PathId) -> Argument {
        let known = self.paths.text(origin).filter(|known| value.as_text() == Some(&known.text)).cloned();
        let site = match origin {
            0 => self.around(&self.site(&function.source, function.pos, false, &[])),
            _ => self.site(&function.source, function.pos, false, &[origin]),
        };
        Argument { value, known, site }
    }

    /// The place of a call, with what was read there but texts.
    fn around(&self, call: &Site) -> Site {
        let plain = self.reads.iter().filter(|id| self.paths.text(**id).is_none());
        Site { paths: plain.copied().collect(), ..call.clone() }
    }

    fn edited(
        &self,
        edit: func::Edits,
        arguments: &[Argument],
        old: &[Known],
        text: &Str,
        call_site: &Site,
    ) -> Vec<Piece> {
        let edited = edits::edited(edit, arguments, text, &self.around(call_site));
        edited.unwrap_or_else(|| {
            let of_items: Vec<Known> =
                arguments.iter().filter_map(|argument| argument.known.clone()).collect();
            self.carried(if old.is_empty() { &of_items } else { old }, text, call_site)
        })
    }

    /// The pieces of an answer that holds lines of these texts, or else is made of them.
    fn carried(&self, old: &[Known], text: &Str, call_site: &Site) -> Vec<Piece> {
        let around = self.around(call_site);
        let texts: Vec<&Known> = old.iter().collect();
        lines::carry(text.as_bytes(), &texts, call_site, &around).unwrap_or_else(|| {
            // Not a line of it is left: all that can be said is what it was made of.
            let of_old = old.iter().flat_map(Known::paths);
            let paths: Vec<PathId> = around.paths.iter().copied().chain(of_old).collect();
            vec![Piece { start: 0, site: Site { paths: paths.into(), ..call_site.clone() } }]
        })
    }
}
