//! From documents to schemas: [`Compiler`]. Go: jsonschema compiler.go and objcompiler.go.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::address::{Place, anchor, append, decode, join, split, split_fragment};
use super::compiled::{Additional, Arena, Dependency, DynamicRef, Enum, Id, Schema, Types};
use super::document::{Json, Object};
use super::draft::{Dialect, Draft};
use super::error::Error;
use super::format;
use super::metaschema::Metaschemas;
use super::number::Number;
use super::root::Roots;
use crate::go::regexp::{self, Regexp};
use crate::go::strconv::quote;
use crate::value::Str;

/// Compiles schemas with all that they refer to.
pub struct Compiler {
    arena: Rc<Arena>,
    /// The documents.
    pub roots: Roots,
    /// What schemas are validated with; none for the metaschemas themselves.
    metaschemas: Option<Rc<Metaschemas>>,
    ids: FxHashMap<Place, Id>,
    queue: Vec<(Place, Id)>,
}

impl Compiler {
    /// A compiler of documents into an arena.
    pub fn new(arena: Rc<Arena>, roots: Roots, metaschemas: Option<Rc<Metaschemas>>) -> Compiler {
        Compiler { arena, roots, metaschemas, ids: FxHashMap::default(), queue: Vec::new() }
    }

    /// The schema that is the document of that URL. Go: `Compiler.Compile`.
    pub fn compile(&mut self, url: &str) -> Result<Id, Error> {
        let place = self.resolve_fragment(&url.into(), "")?;
        let id = self.enqueue(place);
        let mut done = 0;
        while done < self.queue.len() {
            let (place, id) = self.queue[done].clone();
            self.ensure_root(&place.url)?;
            if let Some(root) = self.roots.with_subschema(&place)? {
                let document = root.document.clone();
                self.validate(root, place.lookup(&document)?, &place)?;
            }
            let schema = self.schema(&place)?;
            self.arena.set(id, schema);
            done += 1;
        }
        self.queue.clear();
        Ok(id)
    }

    fn enqueue(&mut self, place: Place) -> Id {
        if let Some(known) = self.ids.get(&place) {
            return *known;
        }
        let id = self.arena.reserve();
        self.ids.insert(place.clone(), id);
        self.queue.push((place, id));
        id
    }

    fn ensure_root(&mut self, url: &Rc<str>) -> Result<(), Error> {
        if let Some(root) = self.roots.load(url)? {
            let document = root.document.clone();
            self.validate(root, &document, &Place::new(url, ""))?;
        }
        Ok(())
    }

    /// Holds a schema against its metaschema and keeps its document. Go: `roots.validate`.
    fn validate(&mut self, root: super::root::Root, schema: &Json, place: &Place) -> Result<(), Error> {
        let published = place.pointer.is_empty()
            && ["http://json-schema.org/", "https://json-schema.org/"]
                .iter()
                .any(|it| place.url.starts_with(it));
        if let Some(metaschemas) = self.metaschemas.as_ref().filter(|_| !published) {
            metaschemas.validate(schema, &root, place)?;
        }
        self.roots.keep(root);
        Ok(())
    }

    /// Go: `roots.resolveFragment`.
    fn resolve_fragment(&mut self, url: &Rc<str>, fragment: &str) -> Result<Place, Error> {
        self.ensure_root(url)?;
        match self.roots.get(url) {
            Some(root) => root.resolve_fragment(fragment),
            None => Ok(Place::new(url, fragment)),
        }
    }

    /// Go: `Compiler.compileValue`.
    fn schema(&mut self, place: &Place) -> Result<Schema, Error> {
        let Some(root) = self.roots.get(&place.url) else {
            return Err(Error::PointerNotFound(place.to_string()));
        };
        let document = root.document.clone();
        let resource = root.resource(&place.pointer).clone();
        let value = place.lookup(&document)?;
        let own = Place::new(&place.url, resource.pointer.clone());
        let is_resource = *place == own;
        let resource_id = self.enqueue(own);
        let draft = resource.dialect.draft;
        let mut schema = Schema::empty(place.to_string().into(), draft, resource_id);
        if draft >= Draft::Draft2020 && is_resource {
            for (name, pointer) in &resource.anchors {
                if resource.dynamic_anchors.contains(name) {
                    let id = self.enqueue(Place::new(&place.url, pointer.clone()));
                    schema.dynamic_anchors.insert(name.clone(), id);
                }
            }
        }
        match value {
            Json::Bool(b) => schema.bool = Some(*b),
            Json::Object(object) if object.len() == 0 => schema.bool = Some(true),
            Json::Object(object) => {
                let (dialect, base) = (&resource.dialect, &resource.id);
                Keywords { compiler: self, object, place, base, dialect }.compile(&mut schema)?;
            }
            _ => {}
        }
        Ok(schema)
    }
}

/// The keywords of one schema. Go: `objCompiler`.
struct Keywords<'a> {
    compiler: &'a mut Compiler,
    object: &'a Object,
    place: &'a Place,
    /// The id of the resource.
    base: &'a Rc<str>,
    dialect: &'a Dialect,
}

impl Keywords<'_> {
    fn compile(&mut self, schema: &mut Schema) -> Result<(), Error> {
        if schema.draft < Draft::Draft2019
            && let Some(id) = self.object.string(schema.draft.id_keyword())
        {
            decode(split(id).1).map_err(|_| Error::ParseAnchor(schema.location.to_string()))?;
        }
        schema.reference = self.reference("$ref")?;
        // Beside a reference the keywords of draft 4 meant nothing; those that came later are compiled all the same.
        if schema.draft >= Draft::Draft2019 || schema.reference.is_none() {
            self.draft4(schema)?;
        }
        if schema.draft >= Draft::Draft6 {
            self.draft6(schema);
        }
        if schema.draft >= Draft::Draft7 && self.dialect.has("applicator") {
            self.conditions(schema);
        }
        if schema.draft >= Draft::Draft2019 {
            self.draft2019(schema)?;
        }
        if schema.draft >= Draft::Draft2020 {
            self.draft2020(schema)?;
        }
        Ok(())
    }

    /// Go: `objCompiler.assertFormat`.
    fn asserts_format(&self) -> bool {
        match self.dialect.draft {
            _ if self.compiler.metaschemas.is_none() => true,
            Draft::Draft2019 => self.dialect.has("format"),
            Draft::Draft2020 => self.dialect.has("format-assertion"),
            _ => true,
        }
    }

    fn draft4(&mut self, schema: &mut Schema) -> Result<(), Error> {
        if self.dialect.has("applicator") {
            self.applicators(schema)?;
        }
        if self.dialect.has("validation") {
            self.validations(schema)?;
        }
        if self.asserts_format() {
            schema.format = self.object.string("format").and_then(format::named);
        }
        Ok(())
    }

    fn applicators(&mut self, schema: &mut Schema) -> Result<(), Error> {
        schema.all_of = self.schemas("allOf");
        schema.any_of = self.schemas("anyOf");
        schema.one_of = self.schemas("oneOf");
        schema.not = self.subschema("not");
        if schema.draft < Draft::Draft2020 {
            match self.object.get("items") {
                Some(Json::Array(_)) => {
                    schema.prefix_items = self.schemas("items");
                    schema.additional_items = self.additional("additionalItems");
                }
                _ => schema.items = self.subschema("items"),
            }
        }
        schema.properties = self.map("properties").into_iter().collect();
        for (pattern, id) in self.map("patternProperties") {
            let pattern = self.regex("patternProperties", &pattern)?;
            schema.pattern_properties.push((pattern, id));
        }
        schema.additional_properties = self.additional("additionalProperties");
        if let Some(Json::Object(object)) = self.object.get("dependencies") {
            for (name, value) in object.iter() {
                let dependency = match value {
                    Json::Array(items) => Dependency::Properties(strings(items)),
                    _ => Dependency::Schema(self.below("dependencies", &name.to_str())),
                };
                schema.dependencies.push((name.clone(), dependency));
            }
        }
        Ok(())
    }

    fn validations(&mut self, schema: &mut Schema) -> Result<(), Error> {
        schema.types = match self.object.get("type") {
            Some(Json::String(name)) => Types::named(&name.to_str()),
            Some(Json::Array(items)) => strings(items)
                .iter()
                .fold(Types::default(), |types, name| types.with(Types::named(&name.to_str()))),
            _ => Types::default(),
        };
        if let Some(Json::Array(values)) = self.object.get("enum") {
            let types = values.iter().fold(Types::default(), |types, value| types.with(Types::of(value)));
            schema.enumeration = Some(Rc::new(Enum { values: values.clone(), types }));
        }
        schema.multiple_of = self.number("multipleOf");
        (schema.maximum, schema.exclusive_maximum) = self.limits("maximum", "exclusiveMaximum");
        (schema.minimum, schema.exclusive_minimum) = self.limits("minimum", "exclusiveMinimum");
        schema.min_length = self.count("minLength");
        schema.max_length = self.count("maxLength");
        if let Some(pattern) = self.object.string("pattern") {
            let pattern = Str::from(pattern);
            schema.pattern = Some((self.regex("pattern", &pattern)?, pattern));
        }
        schema.min_items = self.count("minItems");
        schema.max_items = self.count("maxItems");
        schema.unique_items = self.flag("uniqueItems");
        schema.min_properties = self.count("minProperties");
        schema.max_properties = self.count("maxProperties");
        if let Some(Json::Array(items)) = self.object.get("required") {
            schema.required = strings(items);
        }
        Ok(())
    }

    /// A limit and the one that is excluded, which draft 4 says by a flag.
    fn limits(&self, limit: &str, exclusive: &str) -> (Option<Number>, Option<Number>) {
        match self.flag(exclusive) {
            true => (None, self.number(limit)),
            false => (self.number(limit), self.number(exclusive)),
        }
    }

    fn draft6(&mut self, schema: &mut Schema) {
        if self.dialect.has("applicator") {
            schema.contains = self.subschema("contains");
            schema.property_names = self.subschema("propertyNames");
        }
        if self.dialect.has("validation") {
            schema.constant = self.object.get("const").cloned().map(Rc::new);
        }
    }

    fn conditions(&mut self, schema: &mut Schema) {
        schema.condition = self.subschema("if");
        if schema.condition.is_none() {
            return;
        }
        let known = self.bool("if");
        if known != Some(false) {
            schema.then = self.subschema("then");
        }
        if known != Some(true) {
            schema.otherwise = self.subschema("else");
        }
    }

    fn draft2019(&mut self, schema: &mut Schema) -> Result<(), Error> {
        schema.recursive_ref = self.reference("$recursiveRef")?;
        schema.recursive_anchor = self.flag("$recursiveAnchor");
        if self.dialect.has("validation") {
            if schema.contains.is_some() {
                schema.min_contains = self.count("minContains");
                schema.max_contains = self.count("maxContains");
            }
            if let Some(Json::Object(object)) = self.object.get("dependentRequired") {
                for (name, value) in object.iter() {
                    if let Json::Array(items) = value {
                        schema.dependent_required.push((name.clone(), strings(items)));
                    }
                }
            }
        }
        if self.dialect.has("applicator") {
            schema.dependent_schemas = self.map("dependentSchemas");
        }
        let vocabulary = if schema.draft == Draft::Draft2019 { "applicator" } else { "unevaluated" };
        if self.dialect.has(vocabulary) {
            schema.unevaluated_items = self.subschema("unevaluatedItems");
            schema.unevaluated_properties = self.subschema("unevaluatedProperties");
        }
        Ok(())
    }

    fn draft2020(&mut self, schema: &mut Schema) -> Result<(), Error> {
        if let Some(target) = self.reference("$dynamicRef")? {
            let (_, fragment) = split_fragment(self.object.string("$dynamicRef").unwrap_or_default())?;
            let anchor = anchor(&fragment).unwrap_or_default().to_owned();
            schema.dynamic_ref = Some(DynamicRef { target, anchor });
        }
        self.object.string("$dynamicAnchor").unwrap_or_default().clone_into(&mut schema.dynamic_anchor);
        if self.dialect.has("applicator") {
            schema.prefix_items = self.schemas("prefixItems");
            schema.items = self.subschema("items");
        }
        Ok(())
    }

    /// What a reference names. Go: `objCompiler.enqueueRef`.
    fn reference(&mut self, keyword: &str) -> Result<Option<Id>, Error> {
        let Some(reference) = self.object.string(keyword) else { return Ok(None) };
        let target = join(self.base, reference)?;
        let local = match self.compiler.roots.get(&self.place.url) {
            Some(root) => root.resolve(&target)?,
            None => None,
        };
        let place = if let Some(place) = local {
            place
        } else {
            self.compiler.roots.loader.wanted_by =
                format!("\"{keyword}\": {} at {}", quote(reference), quote(&*self.place.pointer));
            self.compiler.resolve_fragment(&target.url, &target.fragment)?
        };
        Ok(Some(self.compiler.enqueue(place)))
    }

    fn enqueue(&mut self, pointer: String) -> Id {
        self.compiler.enqueue(Place::new(&self.place.url, pointer))
    }

    fn below(&mut self, keyword: &str, token: &str) -> Id {
        self.enqueue(append(&append(&self.place.pointer, keyword), token))
    }

    fn subschema(&mut self, keyword: &str) -> Option<Id> {
        self.object.contains(keyword).then(|| self.enqueue(append(&self.place.pointer, keyword)))
    }

    fn schemas(&mut self, keyword: &str) -> Vec<Id> {
        match self.object.get(keyword) {
            Some(Json::Array(items)) => {
                (0..items.len()).map(|at| self.below(keyword, &at.to_string())).collect()
            }
            _ => Vec::new(),
        }
    }

    fn map(&mut self, keyword: &str) -> Vec<(Str, Id)> {
        match self.object.get(keyword) {
            Some(Json::Object(object)) => {
                object.iter().map(|(name, _)| (name.clone(), self.below(keyword, &name.to_str()))).collect()
            }
            _ => Vec::new(),
        }
    }

    fn additional(&mut self, keyword: &str) -> Option<Additional> {
        match self.bool(keyword) {
            Some(allowed) => Some(Additional::Allowed(allowed)),
            None => self.subschema(keyword).map(Additional::Schema),
        }
    }

    fn regex(&self, keyword: &str, pattern: &Str) -> Result<Rc<Regexp>, Error> {
        regexp::compile(pattern.as_bytes()).map_err(|why| Error::InvalidRegex {
            regex: pattern.to_string(),
            url: Place::new(&self.place.url, append(&self.place.pointer, keyword)).to_string(),
            why: why.to_string(),
        })
    }

    fn bool(&self, keyword: &str) -> Option<bool> {
        match self.object.get(keyword) {
            Some(Json::Bool(b)) => Some(*b),
            _ => None,
        }
    }

    fn flag(&self, keyword: &str) -> bool {
        self.bool(keyword) == Some(true)
    }

    fn number(&self, keyword: &str) -> Option<Number> {
        match self.object.get(keyword) {
            Some(Json::Number(number)) if !number.is_unreadable() => Some(number.clone()),
            _ => None,
        }
    }

    fn count(&self, keyword: &str) -> Option<i64> {
        self.number(keyword)?.to_count()
    }
}

/// The strings among the items. Go: `toStrings`.
fn strings(items: &[Json]) -> Vec<Str> {
    let text = |item: &Json| match item {
        Json::String(text) => Some(text.clone()),
        _ => None,
    };
    items.iter().filter_map(text).collect()
}
