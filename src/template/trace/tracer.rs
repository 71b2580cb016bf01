//! [`Tracer`]: what the evaluator tells whoever wants to know where the output came from. With `()` as its tracer it has no
//! trace of tracing left.

use std::rc::Rc;

use crate::template::ast::Source;
use crate::template::func::Func;
use crate::value::{Object, Str, Value};

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

    /// How much was read so far.
    fn reads(&self) -> usize {
        0
    }

    /// Of all that was read since then only the value with this origin counts.
    fn narrow(&mut self, reads: usize, origin: u32) {}

    /// A field was taken of `receiver`; gives the origin of `value`.
    fn field(&mut self, origin: u32, receiver: &Value, name: &Str, value: &Value) -> u32 {
        0
    }

    /// A `range` reached an element; gives its origin.
    fn element(&mut self, origin: u32, index: &Value, value: &Value) -> u32 {
        0
    }

    /// It was looked at whether a value is empty.
    fn tested(&mut self, origin: u32, value: &Value) {}

    /// It was looked at which keys or items a value has, and gives its origin, as far as that is known now.
    fn listed(&mut self, origin: u32, value: &Value) -> u32 {
        0
    }

    /// All of a value was looked at.
    fn seen_whole(&mut self, origin: u32, value: &Value) {}

    /// The `if`, `with` or `range` at `pos` goes into its body, or else not.
    fn enter_arm(&mut self, source: &Rc<Source>, pos: u32, is_body: bool) {}

    /// The template of that name begins.
    fn enter_template(&mut self, name: &Str) {}

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

    /// The action at `pos` writes its value, which has this origin, at the offset.
    fn write_value(&mut self, offset: usize, source: &Rc<Source>, pos: u32, text: &[u8], origin: u32) {}

    /// So many bytes were taken out of what was written, at each of these offsets, which ascend.
    fn removed(&mut self, offsets: &[usize], len: usize) {}

    /// `template` enters the template of that name.
    fn enter_call(&mut self, name: &Str, source: &Rc<Source>, pos: u32) {}

    /// And leaves it.
    fn leave_call(&mut self) {}

    /// `include` or `tpl` begins to write at the offset. Gives the origin of what becomes the dot.
    fn enter_include(&mut self, name: &Str, offset: usize) -> u32 {
        0
    }

    /// And took this text out of the output again.
    fn leave_include(&mut self, text: &Str) {}

    /// An argument of a call has this origin.
    fn argument(&mut self, origin: u32) {}

    /// So many arguments were not for a function.
    fn forget_arguments(&mut self, count: usize) {}

    /// A function is called from this place with these arguments.
    fn enter_function(&mut self, func: &Func, source: &Rc<Source>, pos: u32, args: &[Value]) {}

    /// A method of an object was called from this place with these arguments.
    fn asked(&mut self, object: &dyn Object, method: &str, args: &[Value], source: &Rc<Source>, pos: u32) {}

    /// A field was asked of a value that has none of that name, and the execution fails.
    fn failed_field(&mut self, origin: u32, receiver: &Value) {}

    /// A function failed, and with it the execution.
    fn failed_function(&mut self, func: &Func, args: &[Value]) {}

    /// It answered; gives the origin of the answer.
    fn leave_function(&mut self, func: &Func, args: &[Value], answer: &Value) -> u32 {
        0
    }
}

impl Tracer for () {
    const ON: bool = false;
}
