//! Custom resources: what the server answers to an object by the schema of its definition.
//!
//! Read [`Definitions`], then [`answer`]: the way of an object.
//!
//! Go: k8s.io/apiextensions-apiserver `pkg/apiserver/customresource_handler.go`, `pkg/registry/customresource`.

mod defaults;
mod embedded;
mod format;
mod lists;
mod number;
mod outcome;
mod rules;
mod shape;
mod validate;
mod voice;
mod was;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::yaml::{Data, Node};

use super::answer::{Answer, once, place};
use super::decode::{self, Fault};
use super::error::{Errors, FieldError, Path};
use super::known::Known;
use super::meta;
use super::text;
use super::tree::Tree;
use super::warnings::Warning;

pub(super) use defaults::judge as judge_defaults;
pub(super) use format::is_known as is_known_format;

/// The custom resource definitions that an object is judged by.
#[derive(Debug, Default)]
pub struct Definitions<'a> {
    by_kind: HashMap<String, Vec<Definition<'a>>>,
}

/// A version of a definition.
#[derive(Debug)]
struct Definition<'a> {
    whole: &'a Node,
    version: &'a Node,
    schema: OnceCell<Tree>,
    /// Its rules by minor; nothing where there are none.
    rules: RefCell<HashMap<u32, Option<Rc<rules::Rules>>>>,
}

impl<'a> Definitions<'a> {
    /// Those among the objects that are definitions; of two versions of a kind the first counts.
    pub fn of(objects: impl IntoIterator<Item = &'a Node>) -> Definitions<'a> {
        let mut found = Definitions::default();
        for object in objects {
            let word = |route: &[&str]| object.at(route).and_then(Node::as_str).unwrap_or_default();
            if word(&["apiVersion"]) != "apiextensions.k8s.io/v1"
                || word(&["kind"]) != "CustomResourceDefinition"
            {
                continue;
            }
            let key = key(word(&["spec", "group"]), word(&["spec", "names", "kind"]));
            let versions = object.at(&["spec", "versions"]).map_or(&[][..], Node::items);
            let versions = versions.iter().map(|version| Definition {
                whole: object,
                version,
                schema: OnceCell::new(),
                rules: RefCell::default(),
            });
            found.by_kind.entry(key).or_default().extend(versions);
        }
        found
    }

    /// Whether some version of the kind is defined.
    fn knows(&self, group: &str, kind: &str) -> bool {
        self.by_kind.contains_key(&key(group, kind))
    }

    fn find(&self, group: &str, version: &str, kind: &str) -> Option<&Definition<'a>> {
        let versions = self.by_kind.get(&key(group, kind))?;
        let named = |it: &&Definition<'_>| it.version.get("name").and_then(Node::as_str) == Some(version);
        versions.iter().find(named).filter(|it| it.is("served"))
    }
}

fn key(group: &str, kind: &str) -> String {
    format!("{kind}.{group}")
}

impl Definition<'_> {
    fn is(&self, field: &str) -> bool {
        self.version.get(field).and_then(Node::as_bool) == Some(true)
    }

    fn word(&self, route: &[&str]) -> &str {
        self.whole.at(route).and_then(Node::as_str).unwrap_or_default()
    }

    fn schema(&self) -> &Tree {
        self.schema
            .get_or_init(|| self.version.at(&["schema", "openAPIV3Schema"]).map_or(Tree::Null, tree_of))
    }

    /// Its rules in CEL, compiled by what a minor knows.
    fn rules(&self, minor: u32) -> Option<Rc<rules::Rules>> {
        let compile = || rules::Rules::of(self.schema(), minor).map(Rc::new);
        self.rules.borrow_mut().entry(minor).or_insert_with(compile).clone()
    }

    /// What the server warns of where the version is deprecated.
    fn warning(&self, api_version: &str, kind: &str) -> Option<Warning> {
        let own = self.version.get("deprecationWarning").and_then(Node::as_str);
        let text = own.map_or_else(|| format!("{api_version} {kind} is deprecated"), str::to_owned);
        self.is("deprecated").then(|| Warning { path: Path::default(), text, of_kind: true })
    }
}

/// What the server answers to an object of a kind that is not its own: nothing where nobody defines it.
pub fn answer(object: &Node, known: &'static Known, definitions: &Definitions<'_>) -> Option<Answer> {
    change(None, object, known, definitions)
}

/// What it answers to an object that takes the place of another, if there is another.
pub fn change(
    old: Option<&Node>,
    object: &Node,
    known: &'static Known,
    definitions: &Definitions<'_>,
) -> Option<Answer> {
    let word = |key: &str| object.get(key).and_then(Node::as_str).unwrap_or_default();
    let (api_version, kind) = (word("apiVersion"), word("kind"));
    let (group, version) = api_version.split_once('/')?;
    if !definitions.knows(group, kind) {
        return None;
    }
    let Some(definition) = definitions.find(group, version, kind) else {
        return Some(Answer { message: "not served".to_owned(), is_defined: true, ..Answer::default() });
    };
    let undecodable =
        |why: &str| format!("{kind} in version {version:?} cannot be handled as a {kind}: {why}");
    let warnings: Vec<Warning> = definition.warning(api_version, kind).into_iter().collect();
    let (tree, strict) = match decoded(object, known, definition) {
        Ok(decoded) => decoded,
        Err(fault) => {
            let message = undecodable(&fault.message);
            return Some(Answer {
                code: 400,
                message,
                warnings,
                faults: vec![fault],
                is_defined: true,
                ..Answer::default()
            });
        }
    };
    let of_same_version = |old: &&Node| old.get("apiVersion").and_then(Node::as_str) == Some(api_version);
    let old = old.filter(of_same_version).and_then(|old| decoded(old, known, definition).ok());
    let causes = judge(&tree, old.as_ref().map(|(old, _)| old), known, definition);
    if !strict.is_empty() {
        let words: Vec<&str> = strict.iter().map(|fault| fault.message.as_str()).collect();
        let message = undecodable(&format!("strict decoding error: {}", words.join(", ")));
        return Some(Answer {
            code: 400,
            message,
            causes,
            warnings,
            faults: strict,
            is_defined: true,
            ..Answer::default()
        });
    }
    if !causes.is_empty() {
        let errors = Errors::with(known, causes);
        let name = object.at(&["metadata", "name"]).and_then(Node::as_str).unwrap_or_default();
        let name = crate::go::strconv::quote(name);
        let message = format!("{kind}.{group} {name} is invalid: {}", errors.aggregate());
        return Some(Answer {
            code: 422,
            message,
            causes: errors.found,
            warnings,
            is_defined: true,
            ..Answer::default()
        });
    }
    Some(Answer { code: 201, warnings, is_defined: true, ..Answer::default() })
}

/// The object with what its schema does not know taken out and its defaults put in, and what a strict server says of it.
///
/// Go: `schemaCoercingDecoder.Decode`, `unstructuredSchemaCoercer.apply`
fn decoded(object: &Node, known: &Known, definition: &Definition<'_>) -> Result<(Tree, Vec<Fault>), Fault> {
    let schema = definition.schema();
    let mut tree = tree_of(object);
    let mut strict = Vec::new();
    duplicates(object, &Path::default(), &mut strict);
    if object.get("metadata").is_some() {
        let metadata = decode::metadata(known, tree.get("metadata"), &Path::new("metadata"), &mut strict)?;
        tree.set("metadata", metadata);
    }
    let keeps = definition.whole.at(&["spec", "preserveUnknownFields"]).and_then(Node::as_bool);
    if keeps != Some(true) {
        strict.extend(shape::prune(&mut tree, schema));
        shape::prune_nulls(&mut tree, schema);
    }
    embedded::coerce(&mut tree, schema, &Path::default(), known, &mut strict)?;
    shape::default(&mut tree, schema);
    place(&mut tree, definition.word(&["spec", "scope"]) != "Cluster");
    Ok((tree, strict))
}

/// Go: `customResourceStrategy.Validate`, `ValidateUpdate`
fn judge(
    tree: &Tree,
    old: Option<&Tree>,
    known: &'static Known,
    definition: &Definition<'_>,
) -> Vec<FieldError> {
    let schema = definition.schema();
    let mut errors = Errors::new(known);
    let is_namespaced = definition.word(&["spec", "scope"]) != "Cluster";
    meta::object_meta(tree, is_namespaced, text::dns_subdomain, &mut errors);
    validate::resource(tree, schema, old, &mut errors);
    replicas(tree, definition, &mut errors);
    embedded::judge(tree, schema, &Path::default(), &mut errors);
    let mut before = Errors::new(known);
    if let Some(old) = old {
        lists::judge(old, schema, &Path::default(), &mut before);
    }
    if before.is_empty() {
        lists::judge(tree, schema, &Path::default(), &mut errors);
    }
    if let Some(rules) = definition.rules(known.minor) {
        rules::judge(&rules, schema, tree, old, &mut errors);
    }
    once(&mut errors.found);
    errors.found
}

/// What the subresource for scaling reads.
///
/// Go: `ValidateScaleSpec`
fn replicas(tree: &Tree, definition: &Definition<'_>, errors: &mut Errors) {
    let scale = definition.version.at(&["subresources", "scale", "specReplicasPath"]);
    let Some(written) = scale.and_then(Node::as_str) else { return };
    let route: Vec<&str> = written.trim_start_matches('.').split('.').collect();
    if let Some(replicas) = tree.at(&route).as_int() {
        let path = Path::new(written);
        if replicas < 0 {
            errors.invalid(&path, replicas, "should be a non-negative integer");
        } else if replicas > i64::from(i32::MAX) {
            errors.invalid(&path, replicas, &format!("should be less than or equal to {}", i32::MAX));
        }
    }
}

/// Keys that stand twice.
fn duplicates(node: &Node, path: &Path, strict: &mut Vec<Fault>) {
    match &node.data {
        Data::Map(entries) => {
            let mut seen: HashMap<&str, usize> = HashMap::new();
            for entry in entries {
                let path = path.child(&entry.key);
                let count = seen.entry(&entry.key).or_default();
                *count += 1;
                if *count == 2 {
                    let message = format!("duplicate field {}", crate::go::strconv::quote(path.to_string()));
                    strict.push(Fault { path: path.clone(), message, is_strict: true });
                }
                duplicates(&entry.value, &path, strict);
            }
        }
        Data::Seq(items) => {
            for (at, item) in items.iter().enumerate() {
                duplicates(item, &path.index(at), strict);
            }
        }
        _ => {}
    }
}

/// The node as the server reads its JSON: a number without a fraction is an integer.
fn tree_of(node: &Node) -> Tree {
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    match &node.data {
        Data::Float(x) if x.fract() == 0.0 && x.abs() < WHOLE => Tree::Int(*x as i64),
        Data::Seq(items) => Tree::List(items.iter().map(tree_of).collect()),
        Data::Map(entries) => {
            let mut tree = Tree::empty();
            for entry in entries {
                tree.push(&entry.key, tree_of(&entry.value));
            }
            tree
        }
        _ => decode::raw(node),
    }
}
