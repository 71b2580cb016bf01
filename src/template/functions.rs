//! [`Functions`]: those that a template may call, by name.

use rustc_hash::FxHashMap;

use super::ast::Special;
use super::builtins;
use super::func::Func;

/// Functions by name.
pub struct Functions(FxHashMap<&'static [u8], (&'static Func, Special)>);

impl Functions {
    /// These and Go's built-in ones; of two with one name the former.
    pub fn new(funcs: impl IntoIterator<Item = &'static Func>) -> Functions {
        let built_in = builtins::FUNCS.iter().map(|(func, special)| (func, *special));
        let given = funcs.into_iter().map(|func| (func, Special::None));
        Functions(built_in.chain(given).map(|entry| (entry.0.name.as_bytes(), entry)).collect())
    }

    /// Every function, in no order.
    #[cfg(test)]
    pub fn iter(&self) -> impl Iterator<Item = &'static Func> {
        self.0.values().map(|(func, _)| *func)
    }

    /// The function of that name, and what the evaluator itself has to do with it.
    pub(super) fn get(&self, name: &[u8]) -> Option<(&'static Func, Special)> {
        self.0.get(name).copied()
    }
}
