//! A document of schemas: which of them are resources with an id of their own, and what their anchors are.
//! Go: jsonschema root.go and roots.go.

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::address::{Place, Target, anchor, join, split_fragment};
use super::document::Json;
use super::draft::{Dialect, Draft, LATEST};
use super::error::Error;
use super::loader::Loader;

/// The resources of a document by their pointers.
pub type Resources = BTreeMap<Rc<str>, Resource>;

/// A document.
pub struct Root {
    /// Where it is.
    pub url: Rc<str>,
    /// What it says.
    pub document: Rc<Json>,
    /// The schemas in it that have an id, and itself.
    pub resources: Resources,
    /// Where the resource of an id is.
    ids: FxHashMap<Rc<str>, Rc<str>>,
    processed: FxHashSet<Rc<str>>,
    /// How many bytes their pointers take.
    weight: usize,
}

/// How many bytes the pointers of a document may take: those of schemas that nest deep are long, each of them.
const MAX_WEIGHT: usize = 64 << 20;

/// A schema with an id of its own.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Where it is in its document.
    pub pointer: Rc<str>,
    /// The id.
    pub id: Rc<str>,
    /// What its keywords mean.
    pub dialect: Dialect,
    /// What its anchors name.
    pub anchors: BTreeMap<String, Rc<str>>,
    /// Those of them that are dynamic.
    pub dynamic_anchors: Vec<String>,
}

impl Root {
    /// The resource that a schema belongs to. Go: `root.resource`.
    pub fn resource(&self, pointer: &str) -> &Resource {
        let mut pointer = pointer;
        loop {
            if let Some(found) = self.resources.get(pointer) {
                return found;
            }
            pointer = pointer.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }

    /// Go: `root.resolveFragmentIn`.
    fn resolve_in(&self, fragment: &str, resource: &Resource) -> Result<Place, Error> {
        let Some(name) = anchor(fragment) else {
            return Ok(Place::new(&self.url, format!("{}{fragment}", resource.pointer)));
        };
        let pointer = resource.anchors.get(name).ok_or_else(|| {
            let target = Target { url: resource.id.clone(), fragment: fragment.to_owned() };
            Error::AnchorNotFound { url: self.url.to_string(), reference: target.to_string() }
        })?;
        Ok(Place::new(&self.url, pointer.clone()))
    }

    /// The resource with that id.
    fn of_id(&self, id: &str) -> Option<&Resource> {
        self.resources.get(self.ids.get(id)?)
    }

    fn add(&mut self, resource: Resource) {
        self.ids.entry(resource.id.clone()).or_insert_with(|| resource.pointer.clone());
        self.resources.insert(resource.pointer.clone(), resource);
    }

    /// What a fragment of the document names. Go: `root.resolveFragment`.
    pub fn resolve_fragment(&self, fragment: &str) -> Result<Place, Error> {
        self.resolve_in(fragment, self.resource(""))
    }

    /// What a reference points to in this document; `None` if it is outside. Go: `root.resolve`.
    pub fn resolve(&self, target: &Target) -> Result<Option<Place>, Error> {
        let resource = match target.url == self.url {
            true => Some(self.resource("")),
            false => self.of_id(&target.url),
        };
        resource.map(|resource| self.resolve_in(&target.fragment, resource)).transpose()
    }

    /// Notes the anchors of a schema. Go: `root.collectAnchors`.
    fn collect_anchors(&mut self, schema: &Json, pointer: &Rc<str>, resource: &str) -> Result<(), Error> {
        let Some(object) = schema.as_object() else { return Ok(()) };
        let Some(draft) = self.resources.get(resource).map(|it| it.dialect.draft) else { return Ok(()) };
        if draft < Draft::Draft2019 {
            if object.contains("$ref") {
                return Ok(());
            }
            let Some(id) = object.string(draft.id_keyword()) else { return Ok(()) };
            let (_, fragment) = split_fragment(id)
                .map_err(|_| Error::ParseAnchor(Place::new(&self.url, pointer.clone()).to_string()))?;
            return match anchor(&fragment) {
                Some(name) => self.add_anchor(name, pointer, resource),
                None => Ok(()),
            };
        }
        if let Some(name) = object.string("$anchor") {
            self.add_anchor(name, pointer, resource)?;
        }
        if draft >= Draft::Draft2020
            && let Some(name) = object.string("$dynamicAnchor")
        {
            self.add_anchor(name, pointer, resource)?;
            if let Some(resource) = self.resources.get_mut(resource) {
                resource.dynamic_anchors.push(name.to_owned());
            }
        }
        Ok(())
    }

    fn add_anchor(&mut self, name: &str, pointer: &Rc<str>, resource: &str) -> Result<(), Error> {
        let url = self.url.to_string();
        let Some(resource) = self.resources.get_mut(resource) else { return Ok(()) };
        match resource.anchors.get(name) {
            Some(first) if first != pointer => Err(Error::DuplicateAnchor {
                anchor: name.to_owned(),
                url,
                first: first.to_string(),
                second: pointer.to_string(),
            }),
            _ => {
                resource.anchors.insert(name.to_owned(), pointer.clone());
                Ok(())
            }
        }
    }
}

/// All documents. Go: `roots`.
pub struct Roots {
    /// Where they come from.
    pub loader: Loader,
    roots: FxHashMap<Rc<str>, Root>,
}

impl Roots {
    /// No document yet.
    pub fn new(loader: Loader) -> Roots {
        Roots { loader, roots: FxHashMap::default() }
    }

    /// The document of that URL, if it is there.
    pub fn get(&self, url: &str) -> Option<&Root> {
        self.roots.get(url)
    }

    /// Loads a document, unless it is there. Go: `roots.orLoad`, without the validation.
    pub fn load(&mut self, url: &Rc<str>) -> Result<Option<Root>, Error> {
        if self.roots.contains_key(url) {
            return Ok(None);
        }
        let document = self.loader.load(url)?;
        let mut root = Root {
            url: url.clone(),
            document: document.clone(),
            resources: Resources::new(),
            ids: FxHashMap::default(),
            processed: FxHashSet::default(),
            weight: 0,
        };
        self.collect(&mut root, &document, url, &"".into(), &Dialect::plain(LATEST))?;
        Ok(Some(root))
    }

    /// Keeps a document.
    pub fn keep(&mut self, root: Root) {
        self.roots.insert(root.url.clone(), root);
    }

    /// The document of a schema that no keyword led to, with what is below the schema added; `None` if it is known.
    /// Go: `roots.ensureSubschema`, without the validation, and `addSubschema`.
    pub fn with_subschema(&mut self, place: &Place) -> Result<Option<Root>, Error> {
        if self.roots.get(&place.url).is_none_or(|root| root.processed.contains(&place.pointer)) {
            return Ok(None);
        }
        let Some(mut root) = self.roots.remove(&place.url) else { return Ok(None) };
        let document = root.document.clone();
        let schema = place.lookup(&document)?;
        let base = root.resource(&place.pointer).clone();
        self.collect(&mut root, schema, &base.id, &place.pointer, &base.dialect)?;
        if !root.resources.contains_key(&place.pointer) {
            let resource = root.resource(&place.pointer).pointer.clone();
            root.collect_anchors(schema, &place.pointer, &resource)?;
        }
        Ok(Some(root))
    }

    /// Notes the resources and anchors of a schema and of all below it. Go: `roots.collectResources`.
    fn collect(
        &mut self,
        root: &mut Root,
        schema: &Json,
        base: &Rc<str>,
        pointer: &Rc<str>,
        fallback: &Dialect,
    ) -> Result<(), Error> {
        if root.processed.contains(pointer) {
            return Ok(());
        }
        root.weight += pointer.len();
        if root.weight > MAX_WEIGHT {
            return Err(Error::Plain("gave up on a schema that is too large and nests too deep".to_owned()));
        }
        let resource = |id: Rc<str>, dialect: Dialect| Resource {
            pointer: pointer.clone(),
            id,
            dialect,
            anchors: BTreeMap::new(),
            dynamic_anchors: Vec::new(),
        };
        let Some(object) = schema.as_object() else {
            if pointer.is_empty() {
                root.add(resource(base.clone(), fallback.clone()));
            }
            root.processed.insert(pointer.clone());
            return Ok(());
        };
        let place = Place::new(&root.url, pointer.clone());
        let mut draft = self.loader.draft(&place, schema, fallback.draft)?;
        let mut has_schema = object.string("$schema").is_some();
        let mut id = draft.id(object);
        if id.is_none() && !pointer.is_empty() {
            // `$schema` means nothing here.
            (draft, has_schema) = (fallback.draft, false);
            id = draft.id(object);
        }
        let mut base = base.clone();
        if let Some(id) = id {
            base = join(&base, id).map_err(|_| Error::ParseId(place.to_string()))?.url;
        }
        if id.is_some() || pointer.is_empty() {
            match root.of_id(&base) {
                Some(known) if known.pointer != *pointer => {
                    return Err(Error::DuplicateId {
                        id: base.to_string(),
                        url: root.url.to_string(),
                        first: pointer.to_string(),
                        second: known.pointer.to_string(),
                    });
                }
                Some(_) => {}
                None => {
                    let dialect = match has_schema {
                        true => Dialect { draft, vocabularies: self.loader.vocabularies(schema, draft)? },
                        false => fallback.clone(),
                    };
                    root.add(resource(base.clone(), dialect));
                }
            }
        }
        let owner = root.of_id(&base);
        let owner = owner.map(|it| (it.pointer.clone(), it.dialect.clone()));
        let (owner, dialect) = owner.ok_or_else(|| Error::Plain("baseres is nil".to_owned()))?;
        root.collect_anchors(schema, pointer, &owner)?;
        for (pointer, subschema) in draft.subschemas(object, pointer) {
            self.collect(root, subschema, &base, &pointer.into(), &dialect)?;
        }
        root.processed.insert(pointer.clone());
        Ok(())
    }
}
