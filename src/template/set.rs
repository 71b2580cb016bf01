//! [`Set`]: templates that know each other by name, parsed in Helm's order, and [`Names`], what a text that is being
//! executed sees of them.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::ast::Tree;
use super::error::Error;
use super::functions::Functions;
use super::parse;
use super::parsed::Parsed;
use crate::value::Str;

/// How a set parses and executes.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Helm's strict mode: a key that a map does not have is an error (`missingkey=error`), not its zero value.
    pub strict: bool,
    /// Helm's lint mode, in which `required` and `fail` do not fail.
    pub lint: bool,
    /// Go's own way with `<no value>`, which Helm takes out of what it renders.
    pub keep_no_value: bool,
    /// The files that are known from other renderings.
    pub parsed: Parsed,
}

/// Templates that know each other by name. Of two with one name the later wins, unless it holds nothing but space.
pub struct Set {
    pub(super) options: Options,
    funcs: &'static Functions,
    templates: FxHashMap<Str, Rc<Tree>>,
    /// What the texts given to `tpl` parsed to.
    texts: RefCell<FxHashMap<Str, Rc<[Rc<Tree>]>>>,
}

/// Go's name of the template that Helm makes its set from; `tpl` gives it to every text.
pub const ROOT: &str = "gotpl";

/// Room for the templates of a usual chart.
const USUAL: usize = 28;

impl Set {
    /// An empty set whose templates may call these functions.
    pub fn new(funcs: &'static Functions, options: Options) -> Set {
        let templates = FxHashMap::with_capacity_and_hasher(USUAL, FxBuildHasher);
        Set { options, funcs, templates, texts: RefCell::default() }
    }

    /// Parses a text and adds it under its name, and each `define` in it under its own.
    pub fn parse(&mut self, name: &str, text: impl AsRef<[u8]>) -> Result<(), Error> {
        self.parse_file(name, text.as_ref().into())
    }

    /// As [`Set::parse`], of a text that is kept anyway.
    pub fn parse_file(&mut self, name: &str, text: Rc<[u8]>) -> Result<(), Error> {
        for tree in &*self.options.parsed.file(&Str::of_name(name), text, self.funcs)? {
            // Go: `associate`.
            if !(tree.root.is_empty() && self.templates.contains_key(&tree.name)) {
                self.templates.insert(tree.name.clone(), Rc::clone(tree));
            }
        }
        Ok(())
    }

    /// Whether there is a template of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.templates.contains_key(name.as_bytes())
    }

    /// Parses a text for `tpl`, once.
    pub(super) fn parse_text(&self, text: &Str) -> Result<Rc<[Rc<Tree>]>, Error> {
        if let Some(trees) = self.texts.borrow().get(text) {
            return Ok(Rc::clone(trees));
        }
        let trees: Rc<[Rc<Tree>]> = parse::parse(&Str::from(ROOT), text.as_bytes(), self.funcs)?.into();
        self.texts.borrow_mut().insert(text.clone(), Rc::clone(&trees));
        Ok(trees)
    }
}

/// The templates that an executing text sees: those of the set and, inside `tpl`, those that its text defines. Helm
/// clones the set for each `tpl`; we lay its templates over it.
#[derive(Clone, Copy)]
pub struct Names<'s> {
    pub(super) set: &'s Set,
    below: Option<&'s Names<'s>>,
    defined: &'s [Rc<Tree>],
}

impl<'s> Names<'s> {
    /// The templates of the set.
    pub fn new(set: &'s Set) -> Names<'s> {
        Names { set, below: None, defined: &[] }
    }

    /// With the templates of a `tpl` text on top.
    pub fn with(&'s self, defined: &'s [Rc<Tree>]) -> Names<'s> {
        Names { set: self.set, below: Some(self), defined }
    }

    /// The template of that name.
    pub fn lookup(&self, name: &Str) -> Option<&'s Tree> {
        let Some(below) = self.below else { return self.set.templates.get(name).map(Rc::as_ref) };
        let here = self.defined.iter().find(|tree| tree.name == *name).map(Rc::as_ref);
        match here {
            // What is empty defines nothing anew, but Go takes the text itself as it is.
            Some(tree) if tree.root.is_empty() && tree.name != ROOT => below.lookup(name).or(here),
            Some(tree) => Some(tree),
            None => below.lookup(name),
        }
    }
}
