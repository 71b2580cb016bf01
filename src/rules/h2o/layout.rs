//! Where things stand in the values of H2O MLOps: runtime images and their versions, runtimes, volumes, settings. Rules of
//! this folder ask here, so that no rule knows a path that another knows too.

use crate::go::semver::Version;
use crate::path::FieldPath;
use crate::policy::Values;
use crate::yaml::{Data, Node};

/// Something that has a name or a place in a list.
pub(super) struct Item<'a> {
    /// Its key; empty for an item of a list.
    pub(super) key: &'a str,
    /// Where it is.
    pub(super) path: FieldPath,
    /// What it is.
    pub(super) node: &'a Node,
}

impl<'a> Item<'a> {
    /// A field that says something.
    pub(super) fn get(&self, field: &str) -> Option<&'a Node> {
        self.node.get(field).filter(|node| !node.is_null())
    }

    /// A field that is a text with something in it.
    pub(super) fn text(&self, field: &str) -> Option<&'a str> {
        self.get(field).and_then(Node::as_str).filter(|text| !text.trim().is_empty())
    }

    /// Whether the state is that; none is ACTIVE.
    pub(super) fn is_active(&self) -> bool {
        self.get("state").is_none_or(|state| state.as_str() == Some("ACTIVE"))
    }
}

/// `global`
pub(super) fn global(field: &str) -> FieldPath {
    FieldPath::root().keys(&["global", field])
}

/// Where runtime images are.
pub(super) fn images_path() -> FieldPath {
    FieldPath::root().keys(&["config", "deployer", "composition", "runtimeImages"])
}

/// Where runtimes are.
pub(super) fn runtimes_path() -> FieldPath {
    FieldPath::root().keys(&["config", "deployer", "composition", "runtimes"])
}

/// Where the defaults of all runtimes are.
pub(super) fn defaults_path() -> FieldPath {
    FieldPath::root().keys(&["config", "deployer", "config", "runtime"])
}

/// The runtime images.
pub(super) fn images(values: &Values) -> Vec<Item<'_>> {
    entries(&values.node, &images_path())
}

/// The runtimes.
pub(super) fn runtimes(values: &Values) -> Vec<Item<'_>> {
    entries(&values.node, &runtimes_path())
}

/// The defaults of all runtimes, where there are some.
pub(super) fn defaults(values: &Values) -> Option<Item<'_>> {
    let path = defaults_path();
    let node = path.lookup(&values.node).filter(|node| !node.is_null())?;
    Some(Item { key: "", path, node })
}

/// The versions of a runtime image.
pub(super) fn versions<'a>(image: &Item<'a>) -> Vec<Item<'a>> {
    items(image.node.get("versions"), &image.path.key("versions"))
}

/// The registries beside the global one.
pub(super) fn registries(values: &Values) -> Vec<Item<'_>> {
    let path = defaults_path().key("registries");
    items(path.lookup(&values.node), &path)
}

/// The volumes of every runtime, and those that runtimes have by default.
pub(super) fn volumes(values: &Values) -> Vec<Item<'_>> {
    let mut found = default_volumes(values);
    for runtime in runtimes(values) {
        found.extend(own_volumes(&runtime));
    }
    found
}

/// The volumes that runtimes have by default.
pub(super) fn default_volumes(values: &Values) -> Vec<Item<'_>> {
    entries(&values.node, &global("runtimes").key("defaultVolumes"))
}

/// The volumes of a runtime.
pub(super) fn own_volumes<'a>(runtime: &Item<'a>) -> Vec<Item<'a>> {
    let path = runtime.path.key("volumes");
    let entries = runtime.node.get("volumes").map_or(&[][..], Node::entries);
    entries
        .iter()
        .map(|entry| Item { key: &entry.key, path: path.key(&entry.key), node: &entry.value })
        .collect()
}

/// The entries of the map at a path.
fn entries<'a>(root: &'a Node, path: &FieldPath) -> Vec<Item<'a>> {
    let entries = path.lookup(root).map_or(&[][..], Node::entries);
    let item = |key: &'a str, node| Item { key, path: path.key(key), node };
    // Null takes a key away.
    let entries = entries.iter().filter(|entry| !entry.value.is_null());
    entries.map(|entry| item(&entry.key, &entry.value)).collect()
}

/// The items of a list.
pub(super) fn items<'a>(list: Option<&'a Node>, path: &FieldPath) -> Vec<Item<'a>> {
    let items = list.map_or(&[][..], Node::items).iter().enumerate();
    items.map(|(at, node)| Item { key: "", path: path.index(at), node }).collect()
}

/// A semantic version, with a `v` or without.
pub(super) fn semantic(text: &str) -> Option<Version> {
    Version::parse_strict(text.strip_prefix('v').unwrap_or(text)).ok()
}

/// The version of a version of an image: the explicit one, or that of its tag.
pub(super) fn version_of(version: &Item<'_>) -> Option<Version> {
    let tag = || version.node.at(&["image", "tag"]).and_then(Node::as_str);
    semantic(version.text("version").or_else(tag)?)
}

/// The words for a value in a message: a plain one as JSON, else what it is.
pub(super) fn words(node: &Node) -> String {
    match &node.data {
        Data::Seq(_) | Data::Map(_) => node.kind_name().to_owned(),
        _ => node.to_json().to_string(),
    }
}
