//! Fields of a YAML node by their [`FieldPath`]: [`FieldPath::find`] and [`FieldPath::lookup`].

use std::collections::HashMap;

use crate::budget;
use crate::path::{FieldPath, Step};
use crate::source::Span;

use super::{Data, Node};

/// What [`FieldPath::find`] found: the field, or the nearest thing around the place where it would be.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The field, or its nearest ancestor that exists.
    pub node: &'a Node,
    /// The key that holds `node`, if a map does.
    pub key: Option<Span>,
    /// How many steps of the path lead to `node`.
    pub depth: usize,
    /// Whether `node` is the field itself.
    pub exact: bool,
}

/// How many items of a list and entries of a map are looked at in a unit of work. Over the budget nothing is found any more.
const LOOKED_AT: u64 = 2;
const KEYS_LOOKED_AT: u64 = 4;

fn name_of(node: &Node) -> Option<&str> {
    node.get("name").and_then(Node::as_str)
}

/// Whether a name can stand for an item: one that is a number would be read as an index.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.parse::<usize>().is_err()
}

impl FieldPath {
    /// The path of an item of `list`: by its name where that is unique in the list and no number, else by its index.
    pub fn item(&self, list: &[Node], index: usize) -> FieldPath {
        if budget::spend(list.len() as u64 / LOOKED_AT).is_err() {
            return self.index(index);
        }
        let own = list.get(index).and_then(name_of);
        match own {
            Some(own)
                if is_name(own) && list.iter().filter(|node| name_of(node) == Some(own)).nth(1).is_none() =>
            {
                self.then(Step::Item(own.to_owned()))
            }
            _ => self.index(index),
        }
    }

    /// The paths of all items of `list`, each as [`FieldPath::item`] gives it.
    pub fn items(&self, list: &[Node]) -> Vec<FieldPath> {
        let mut count: HashMap<&str, usize> = HashMap::new();
        list.iter().filter_map(name_of).for_each(|name| *count.entry(name).or_default() += 1);
        let path = |(index, node): (usize, &Node)| match name_of(node) {
            Some(own) if is_name(own) && count.get(own) == Some(&1) => self.then(Step::Item(own.to_owned())),
            _ => self.index(index),
        };
        list.iter().enumerate().map(path).collect()
    }

    /// The field in the object, if it is there.
    pub fn lookup<'a>(&self, object: &'a Node) -> Option<&'a Node> {
        let found = self.find(object);
        found.exact.then_some(found.node)
    }

    /// The field in the object, or the nearest ancestor that exists where it is missing.
    pub fn find<'a>(&self, object: &'a Node) -> Found<'a> {
        let mut found = Found { node: object, key: None, depth: 0, exact: self.is_root() };
        for (at, step) in self.steps().iter().enumerate() {
            let Some((node, key)) = step.of(found.node) else { break };
            found = Found { node, key, depth: at + 1, exact: at + 1 == self.steps().len() };
        }
        found
    }
}

impl Step {
    /// The child of `node` that the step names, with the span of its key where `node` is a map.
    fn of<'a>(&self, node: &'a Node) -> Option<(&'a Node, Option<Span>)> {
        match (self, &node.data) {
            (Step::Key(key) | Step::Item(key), Data::Map(entries)) => {
                budget::spend(entries.len() as u64 / KEYS_LOOKED_AT).ok()?;
                node.entry(key).map(|entry| (&entry.value, Some(entry.key_span)))
            }
            (Step::Key(name) | Step::Item(name), Data::Seq(items)) => {
                budget::spend(items.len() as u64 / LOOKED_AT).ok()?;
                let named = items.iter().find(|item| item.get("name").and_then(Node::as_str) == Some(name));
                let item = named.or_else(|| items.get(name.parse::<usize>().ok()?))?;
                Some((item, None))
            }
            (Step::Index(index), Data::Seq(items)) => items.get(*index).map(|item| (item, None)),
            (Step::Index(index), Data::Map(_)) => Step::Key(index.to_string()).of(node),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Entry;

    fn node(data: Data) -> Node {
        Node { span: Span::default(), data }
    }

    fn map(entries: &[(&str, Node)]) -> Node {
        let entry = |(key, value): &(&str, Node)| Entry {
            key: (*key).to_owned(),
            key_span: Span::default(),
            value: value.clone(),
        };
        node(Data::Map(entries.iter().map(entry).collect()))
    }

    fn text(text: &str) -> Node {
        node(Data::String(text.to_owned()))
    }

    #[test]
    fn finds_fields_and_the_nearest_ancestor() {
        let containers = node(Data::Seq(vec![
            map(&[("name", text("main")), ("image", text("a"))]),
            map(&[("name", text("twin"))]),
            map(&[("name", text("twin"))]),
        ]));
        let object = map(&[("spec", map(&[("containers", containers.clone())]))]);
        let path: FieldPath = "spec.containers[main].image".parse().unwrap();
        assert_eq!(path.lookup(&object), Some(&text("a")));
        let missing: FieldPath = "spec.containers[main].securityContext.privileged".parse().unwrap();
        let found = missing.find(&object);
        assert!(!found.exact);
        assert_eq!(found.depth, 3);
        let list = FieldPath::root().keys(&["spec", "containers"]);
        assert_eq!(list.item(containers.items(), 0).to_string(), "spec.containers[main]");
        assert_eq!(list.item(containers.items(), 2).to_string(), "spec.containers[2]");
        let one_by_one: Vec<FieldPath> = (0..3).map(|at| list.item(containers.items(), at)).collect();
        assert_eq!(list.items(containers.items()), one_by_one);
    }
}
