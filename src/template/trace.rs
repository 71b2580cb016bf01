//! [`Tracer`]: what the evaluator tells whoever wants to know where the output came from, and [`Trace`], which listens.
//! With `()` as its tracer the evaluator has no trace of tracing left.

use std::rc::Rc;

pub use super::ast::Source;
use crate::diagnostic::{FileLine, IncludeSite};
use crate::value::{Str, Value};

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

    /// An argument was pushed at this place of the stack.
    fn argument(&mut self, at: usize, origin: u32) {}

    /// A function is called; gives what `leave_function` wants back.
    fn enter_function(&mut self, name: &'static str, args: &[Value], source: (&Rc<Source>, u32)) -> usize {
        0
    }

    /// It answered; gives the origin of the answer.
    fn leave_function(&mut self, before: usize, args: &[Value], answer: &Value) -> u32 {
        0
    }
}

impl Tracer for () {
    const ON: bool = false;
}

/// Remembers which template line wrote which part of the output and which values it read.
#[derive(Debug, Default)]
pub struct Trace {
    lines: Vec<LineOrigin>,
}

/// Why a line of the output reads as it does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineOrigin {
    /// The line that wrote the text, innermost; the file is named as it was parsed (`chart/templates/_helpers.tpl`).
    pub source: Option<FileLine>,
    /// The calls on the way to it, outermost first.
    pub includes: Vec<IncludeSite>,
    /// The values that were read to write the line, each to its leaf: `.Values.service.ports[1].port`.
    pub keys: Vec<String>,
}

impl Trace {
    /// Nothing remembered yet.
    pub fn new() -> Trace {
        Trace::default()
    }

    /// The origin of a line of the output, from 1.
    pub fn line(&self, line: usize) -> Option<&LineOrigin> {
        self.lines.get(line.checked_sub(1)?)
    }
}

impl Tracer for Trace {
    const ON: bool = true;
}
