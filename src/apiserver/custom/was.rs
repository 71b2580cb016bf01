//! [`Was`]: a part of an object with what it was before, as the server finds it by the schema. What is wrong with a part that does
//! not change is let be.
//!
//! Go: k8s.io/apiserver `pkg/cel/common/equality.go`, `maplist.go`

use std::collections::HashMap;

use crate::apiserver::print::json_of;
use crate::apiserver::tree::Tree;
use crate::budget;

/// A part of an object, what it was, and its schema.
#[derive(Clone, Copy)]
pub(super) struct Was<'a> {
    old: &'a Tree,
    new: &'a Tree,
    schema: &'a Tree,
}

impl<'a> Was<'a> {
    /// An object with what it was.
    pub fn new(old: &'a Tree, new: &'a Tree, schema: &'a Tree) -> Was<'a> {
        Was { old, new, schema }
    }

    /// The entry at the key, if it was there and the schema says anything of it.
    ///
    /// Go: `CorrelatedObject.Key`
    pub fn key(&self, key: &str) -> Option<Was<'a>> {
        let (old, new) = (entry(self.old, key)?, entry(self.new, key)?);
        let property = self.schema.get("properties").get(key);
        let schema = if property.is_null() { self.schema.get("additionalProperties") } else { property };
        matches!(schema, Tree::Map(_)).then_some(Was { old, new, schema })
    }

    /// The items of a list, each with what was there with the same keys. Of lists that have no keys nobody knows what an item
    /// was.
    ///
    /// Go: `CorrelatedObject.Index`
    pub fn items(&self) -> Vec<Option<Was<'a>>> {
        let items = self.new.items();
        let schema = self.schema.get("items");
        if !self.has_keys() || schema.is_null() {
            return vec![None; items.len()];
        }
        let mut before: HashMap<String, &'a Tree> = HashMap::new();
        for old in self.old.items() {
            if let Some(key) = self.key_of(old) {
                before.entry(key).or_insert(old);
            }
        }
        let was = |new: &'a Tree| Some(Was { old: before.get(&self.key_of(new)?)?, new, schema });
        items.iter().map(was).collect()
    }

    /// Whether it is as it was.
    ///
    /// Go: `CorrelatedObject.CachedDeepEqual`
    pub fn is_same(&self) -> bool {
        if budget::check().is_err() {
            return false;
        }
        let is_same = |part: Option<Was<'_>>| part.is_some_and(|part| part.is_same());
        match (self.old, self.new) {
            (Tree::List(old), Tree::List(new)) => {
                old.len() == new.len()
                    && match self.schema.str("x-kubernetes-list-type") {
                        "map" => self.items().into_iter().all(is_same),
                        _ => json_of(self.old) == json_of(self.new),
                    }
            }
            (Tree::Map(old), Tree::Map(new)) => {
                old.len() == new.len() && new.iter().all(|(key, _)| is_same(self.key(key)))
            }
            (old, new) => old == new,
        }
    }

    fn has_keys(&self) -> bool {
        self.schema.str("x-kubernetes-list-type") == "map"
            && !self.schema.list("x-kubernetes-list-map-keys").is_empty()
    }

    /// What an item goes by; nothing where a key is missing or no plain value.
    fn key_of(&self, item: &Tree) -> Option<String> {
        let keys = self.schema.list("x-kubernetes-list-map-keys").iter();
        let value = |key: &Tree| {
            let value = entry(item, key.text())?;
            let is_plain = !matches!(value, Tree::Null | Tree::List(_) | Tree::Map(_));
            is_plain.then(|| json_of(value))
        };
        let values: Option<Vec<String>> = keys.map(value).collect();
        Some(values?.join("\0"))
    }
}

/// An entry that is there, `null` or not.
fn entry<'a>(map: &'a Tree, key: &str) -> Option<&'a Tree> {
    map.entries().iter().rev().find(|(own, _)| own == key).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apiserver::decode::raw;
    use crate::yaml;

    fn tree(text: &str) -> Tree {
        raw(&yaml::parse(text).unwrap())
    }

    #[test]
    fn only_what_the_schema_knows_is_as_it_was() {
        let schema = tree(
            "properties: {a: {type: integer}, list: {items: {}}, \
             keyed: {x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {properties: {k: {}, v: {}}}}}",
        );
        for (old, new, is_same) in [
            ("{a: 1}", "{a: 1}", true),
            ("{a: 1}", "{a: 2}", false),
            ("{a: 1}", "{a: 1, list: []}", false),
            ("{b: 1}", "{b: 1}", false),
            ("{list: [{x: 1}]}", "{list: [{x: 1}]}", true),
            ("{list: [1, 2]}", "{list: [2, 1]}", false),
            ("{keyed: [{k: 1}, {k: 2}]}", "{keyed: [{k: 2}, {k: 1}]}", true),
            ("{keyed: [{k: 1, v: 1}]}", "{keyed: [{k: 1, v: 2}]}", false),
            ("{keyed: [{v: 1}]}", "{keyed: [{v: 1}]}", false),
        ] {
            let (old, new) = (tree(old), tree(new));
            assert_eq!(Was::new(&old, &new, &schema).is_same(), is_same, "{old:?} {new:?}");
        }
    }
}
