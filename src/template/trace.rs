//! [`Tracer`]: what the evaluator tells whoever wants to know where the output came from, and [`Trace`], which listens.
//! With `()` as its tracer the evaluator has no trace of tracing left.

use crate::diagnostic::{FileLine, IncludeSite};

/// What listens to an execution. Every call to it stands behind `T::ON`.
pub trait Tracer {
    /// Whether anybody listens.
    const ON: bool;
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
