//! [`Fixtures`]: objects that `lookup` finds instead of asking a cluster.

use crate::manifest::workload;
use crate::value::{List, Map, Value};
use crate::yaml::{self, Data, Node};

/// The objects of a made-up cluster. Without any, `lookup` answers as Helm does offline.
#[derive(Clone, Debug, Default)]
pub struct Fixtures {
    objects: Vec<Node>,
}

impl Fixtures {
    /// Reads manifests, `List`s too. The error is the text of what is wrong with the YAML.
    pub fn read(text: &str) -> Result<Fixtures, String> {
        let documents = yaml::parse_all(text).map_err(|error| error.to_string())?;
        let objects = documents.iter().flat_map(workload::objects).map(|object| object.node.clone());
        Ok(Fixtures { objects: objects.collect() })
    }

    /// The object of that name, or the list of all of the kind where `name` is empty; an empty map if there is none.
    /// An empty namespace is any. Helm: engine/lookup_func.go `newLookupFunction`.
    pub fn lookup(&self, api_version: &str, kind: &str, namespace: &str, name: &str) -> Value {
        let matching = self.objects.iter().filter(|node| {
            let id = workload::object_id(node);
            id.api_version == api_version
                && id.kind == kind
                && (namespace.is_empty() || id.namespace.is_none_or(|own| own == namespace))
                && (name.is_empty() || id.name == name)
        });
        let mut found: Vec<Value> = matching.map(to_value).collect();
        if !name.is_empty() {
            return if found.is_empty() { Value::Map(Map::new()) } else { found.swap_remove(0) };
        }
        if self.objects.is_empty() {
            return Value::Map(Map::new());
        }
        let list = [
            ("apiVersion", Value::from(api_version)),
            ("kind", Value::from(format!("{kind}List"))),
            ("metadata", Value::Map([("resourceVersion", Value::from("1"))].into_iter().collect())),
            ("items", Value::List(List::any(found))),
        ];
        Value::Map(list.into_iter().collect())
    }
}

/// As the Kubernetes client decodes an object: whole numbers are `int64`.
fn to_value(node: &Node) -> Value {
    match &node.data {
        Data::Int(n) => Value::Int64(*n),
        Data::Seq(items) => Value::List(List::any(items.iter().map(to_value).collect())),
        Data::Map(entries) => {
            let cells = entries.iter().map(|entry| (entry.key.as_str(), to_value(&entry.value)));
            Value::Map(cells.collect())
        }
        _ => node.to_value(),
    }
}
