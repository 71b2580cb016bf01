//! Go's `text/template` with Helm's options: a [`Set`] of parsed templates, [`execute`], and the [`Error`] whose text is
//! Helm's. It knows no function of its own but Go's built-in ones; the others are handed in.
//!
//! Read it beside Go: `lex`, `parse` and `ast` are parse/lex.go, parse.go and node.go; `exec` is exec.go, `builtins` is
//! funcs.go. A deep template needs a deep stack: see [`crate::stack::with_stack`].

mod ast;
mod builtins;
pub mod calls;
pub mod cover;
mod effect;
pub mod error;
mod exec;
pub mod func;
mod functions;
pub mod host;
pub mod hurdles;
mod lex;
pub mod names;
mod number;
pub mod odd;
mod parse;
mod parsed;
pub mod reach;
pub mod reads;
mod set;
pub mod trace;

pub use error::{Error, ErrorKind};
pub use functions::Functions;
pub use parsed::Parsed;
pub use set::{Options, Set};
pub use trace::{Trace, Tracer};

use crate::value::{Str, Value};
use host::Host;

/// Executes the template of that name with `data` as its dot and gives what it wrote, `<no value>` removed as Helm does.
/// The tracer is `&mut ()`, or a [`Trace`] to learn where each line came from.
pub fn execute<T: Tracer>(
    set: &Set,
    name: &str,
    data: &Value,
    host: &mut dyn Host,
    tracer: &mut T,
) -> Result<Str, Error> {
    exec::execute(set, name, data, host, tracer)
}

/// The names of Go's built-in functions.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    builtins::FUNCS.iter().map(|(func, _)| func.name)
}
