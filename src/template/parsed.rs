//! [`Parsed`]: files that were parsed, by their names. While a chart is judged it is rendered for each of its sets of values, and
//! whoever looks at what its templates could read parses them once more; the text of a file stays the same all the time.

use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::ast::Tree;
use super::error::Error;
use super::functions::Functions;
use super::parse;
use crate::value::Str;

/// Files that were parsed. A clone knows the same files; all of them must be parsed with the same functions.
#[derive(Clone, Default)]
pub struct Parsed(Rc<RefCell<FxHashMap<Str, Trees>>>);

/// The template of a file and those that it defines.
type Trees = Rc<[Rc<Tree>]>;

impl Parsed {
    /// The templates of a file: as they are known, if it had this text before.
    ///
    /// # Errors
    /// The text is no template.
    pub(super) fn file(
        &self,
        name: &Str,
        text: impl Into<Rc<[u8]>> + Deref<Target = [u8]>,
        funcs: &Functions,
    ) -> Result<Trees, Error> {
        if let Some(trees) = self.0.borrow().get(name).filter(|trees| is_of(trees, &text)) {
            return Ok(Rc::clone(trees));
        }
        let trees: Trees = parse::parse(name, text, funcs)?.into();
        self.0.borrow_mut().insert(name.clone(), Rc::clone(&trees));
        Ok(trees)
    }

    /// The templates of a text, whatever the file is called that has it.
    ///
    /// # Errors
    /// The text is no template.
    pub(super) fn text(&self, text: &[u8], funcs: &Functions) -> Result<Trees, Error> {
        if let Some(trees) = self.0.borrow().values().find(|trees| is_of(trees, text)) {
            return Ok(Rc::clone(trees));
        }
        Ok(parse::parse(&Str::from("text"), text, funcs)?.into())
    }
}

fn is_of(trees: &Trees, text: &[u8]) -> bool {
    trees.first().is_some_and(|tree| *tree.source.text == *text)
}

impl fmt::Debug for Parsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parsed({} files)", self.0.borrow().len())
    }
}
