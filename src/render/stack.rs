//! A thread with a stack that is deep enough for templates that include themselves as far as Helm lets them.

pub use crate::stack::with_stack as run;
