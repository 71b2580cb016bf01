//! The schemas that schemas are held against, compiled when they are first wanted. Go: jsonschema draft.go `init` and
//! `dialect.getSchema`.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Options;
use super::address::Place;
use super::compile::Compiler;
use super::compiled::{Arena, Id, Schema};
use super::document::Json;
use super::draft::{Dialect, Draft};
use super::error::Error;
use super::loader::Loader;
use super::root::{Root, Roots};
use super::validate::{self, Validation};

/// The metaschemas.
pub struct Metaschemas {
    arena: Rc<Arena>,
    compiler: RefCell<Compiler>,
    known: RefCell<FxHashMap<String, Id>>,
}

impl Metaschemas {
    /// Those of this thread: they are the same for every chart.
    pub fn shared() -> Rc<Metaschemas> {
        thread_local! {
            static SHARED: Rc<Metaschemas> = Rc::new(Metaschemas::new());
        }
        SHARED.with(Rc::clone)
    }

    /// None yet.
    fn new() -> Metaschemas {
        let arena = Rc::default();
        let compiler = RefCell::new(Metaschemas::compiler(&arena));
        Metaschemas { arena, compiler, known: RefCell::default() }
    }

    fn compiler(arena: &Rc<Arena>) -> Compiler {
        Compiler::new(arena.clone(), Roots::new(Loader::new(Options::default(), None)), None)
    }

    fn published(&self, url: &str) -> Result<Id, Error> {
        if let Some(known) = self.known.borrow().get(url) {
            return Ok(*known);
        }
        let mut compiler = self.compiler.borrow_mut();
        // What a run over its budget left half done is begun anew.
        let id = compiler.compile(url).inspect_err(|_| *compiler = Metaschemas::compiler(&self.arena))?;
        self.known.borrow_mut().insert(url.to_owned(), id);
        Ok(id)
    }

    /// The metaschema of a dialect; one with vocabularies of its own is made anew each time. Go: `dialect.getSchema`.
    pub fn of(&self, dialect: &Dialect) -> Result<Id, Error> {
        let Some(vocabularies) = &dialect.vocabularies else { return self.published(dialect.draft.url()) };
        let id = self.arena.reserve();
        let mut schema = Schema::empty("urn:mem:metaschema".into(), dialect.draft, id);
        for vocabulary in vocabularies {
            schema.all_of.push(self.published(&dialect.draft.vocabulary_url(vocabulary))?);
        }
        if dialect.draft >= Draft::Draft2020 {
            "meta".clone_into(&mut schema.dynamic_anchor);
            schema.dynamic_anchors.insert("meta".to_owned(), id);
        }
        self.arena.set(id, schema);
        Ok(id)
    }

    /// Holds a schema of a document against the metaschema. Go: `roots.validate`.
    pub fn validate(&self, schema: &Json, root: &Root, place: &Place) -> Result<(), Error> {
        let metaschema = self.of(&root.resource(&place.pointer).dialect)?;
        let validation = Validation::of_schema(&self.arena, self, &root.resources);
        validate::validate(&validation, metaschema, Some(metaschema), schema).map_err(|failure| match failure
        {
            validate::Failure::Invalid(fault) => {
                Error::NotValid { url: place.to_string(), report: super::report::report(&fault) }
            }
            validate::Failure::Stopped(why) => Error::Plain(why),
        })
    }
}
