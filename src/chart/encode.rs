//! `Chart.yaml` and `Chart.lock` written as Helm writes them: the JSON form of its structs laid out as YAML, empty fields
//! left out.

use crate::value::{List, Map, Value};
use crate::yaml::{self, json};

use sha2::{Digest, Sha256};

use super::{Dependency, Import, Lock, Metadata};

impl Metadata {
    /// The text of `Chart.yaml` as Helm saves it in a package. A v1 chart keeps its dependencies in another file.
    pub fn to_yaml(&self) -> String {
        laid_out(&self.to_json(self.api_version != "v1"))
    }

    /// The JSON form of Helm's struct, as a registry keeps it beside the chart.
    pub fn to_json(&self, with_dependencies: bool) -> Map {
        let map = Map::new();
        for (key, text) in [
            ("name", &self.name),
            ("home", &self.home),
            ("version", &self.version),
            ("description", &self.description),
            ("icon", &self.icon),
            ("apiVersion", &self.api_version),
            ("condition", &self.condition),
            ("tags", &self.tags),
            ("appVersion", &self.app_version),
            ("kubeVersion", &self.kube_version),
            ("type", &self.kind),
        ] {
            insert_text(&map, key, text);
        }
        insert_list(&map, "sources", self.sources.iter().map(|text| Value::from(text.as_str())).collect());
        insert_list(&map, "keywords", self.keywords.iter().map(|text| Value::from(text.as_str())).collect());
        let maintainers = self.maintainers.iter().map(|maintainer| {
            maintainer.as_ref().map_or(Value::Nil, |maintainer| {
                let own = Map::new();
                insert_text(&own, "name", &maintainer.name);
                insert_text(&own, "email", &maintainer.email);
                insert_text(&own, "url", &maintainer.url);
                Value::Map(own)
            })
        });
        insert_list(&map, "maintainers", maintainers.collect());
        if self.deprecated {
            map.insert("deprecated", Value::Bool(true));
        }
        if let Some(annotations) = self.annotations.as_ref().filter(|annotations| !annotations.is_empty()) {
            let pairs = annotations.iter().map(|(key, text)| (key.as_str(), Value::from(text.as_str())));
            map.insert("annotations", Value::Map(pairs.collect()));
        }
        if with_dependencies {
            insert_list(&map, "dependencies", self.dependencies().iter().map(to_json).collect());
        }
        map
    }
}

/// The order of fields in Helm's structs of metadata, maintainers and dependencies, which never contradict each other.
const FIELDS: [&str; 24] = [
    "name",
    "email",
    "url",
    "home",
    "sources",
    "version",
    "repository",
    "description",
    "keywords",
    "maintainers",
    "icon",
    "apiVersion",
    "condition",
    "tags",
    "enabled",
    "import-values",
    "alias",
    "appVersion",
    "deprecated",
    "annotations",
    "kubeVersion",
    "dependencies",
    "type",
    "generated",
];

impl Metadata {
    /// The JSON text of Helm's struct, its fields in their order, as a registry keeps it beside the chart.
    pub fn to_go_json(&self) -> String {
        in_order(&Value::Map(self.to_json(true)))
    }
}

/// The digest by which a lock knows whether it fits the dependencies. Helm: internal/resolver `HashReq`.
pub fn lock_digest(wanted: Option<&[Dependency]>, locked: &[Dependency]) -> String {
    digest(&format!("[{},{}]", wanted.map_or("null".to_owned(), list), list(locked)))
}

/// The digest that Helm 2 wrote into a lock. Helm: internal/resolver `HashV2Req`.
pub fn old_lock_digest(wanted: Option<&[Dependency]>) -> String {
    digest(&format!("{{\"dependencies\":{}}}", wanted.map_or("null".to_owned(), list)))
}

fn list(dependencies: &[Dependency]) -> String {
    let texts: Vec<String> = dependencies.iter().map(|dependency| in_order(&to_json(dependency))).collect();
    format!("[{}]", texts.join(","))
}

fn digest(text: &str) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(text)))
}

/// JSON with the fields of structs in their order. What a user wrote is in the order of its keys.
fn in_order(value: &Value) -> String {
    let plain =
        |value: &Value| json::to_json(value).expect("text, lists and maps of text always have a JSON form");
    match value {
        Value::Map(map) => {
            let mut entries = map.entries();
            entries
                .sort_by_key(|(key, _)| FIELDS.iter().position(|field| field.as_bytes() == key.as_bytes()));
            let fields = entries.iter().map(|(key, value)| {
                let users_own = [b"annotations".as_slice(), b"import-values"].contains(&key.as_bytes());
                let text = if users_own { plain(value) } else { in_order(value) };
                format!("{}:{text}", plain(&Value::Str(key.clone())))
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::List(list) => {
            let items: Vec<String> = list.items().iter().map(in_order).collect();
            format!("[{}]", items.join(","))
        }
        other => plain(other),
    }
}

impl Lock {
    /// The text of `Chart.lock`.
    pub fn to_yaml(&self) -> String {
        let dependencies = self.dependencies.iter().map(to_json).collect();
        laid_out(&Map::from_iter([
            ("dependencies", Value::List(List::any(dependencies))),
            ("digest", Value::from(self.digest.as_str())),
            ("generated", Value::from(self.generated.as_str())),
        ]))
    }
}

/// The JSON form of Helm's `Dependency`, whose name and repository are never left out.
pub(super) fn to_json(dependency: &Dependency) -> Value {
    let map = Map::new();
    map.insert("name", Value::from(dependency.name.as_str()));
    insert_text(&map, "version", &dependency.version);
    map.insert("repository", Value::from(dependency.repository.as_str()));
    insert_text(&map, "condition", &dependency.condition);
    insert_list(&map, "tags", dependency.tags.iter().map(|tag| Value::from(tag.as_str())).collect());
    if dependency.enabled {
        map.insert("enabled", Value::Bool(true));
    }
    insert_list(&map, "import-values", dependency.import_values.iter().map(Import::to_value).collect());
    insert_text(&map, "alias", &dependency.alias);
    Value::Map(map)
}

fn insert_text(map: &Map, key: &str, text: &str) {
    if !text.is_empty() {
        map.insert(key, Value::from(text));
    }
}

fn insert_list(map: &Map, key: &str, items: Vec<Value>) {
    if !items.is_empty() {
        map.insert(key, Value::List(List::any(items)));
    }
}

fn laid_out(map: &Map) -> String {
    yaml::to_yaml(&Value::Map(map.clone())).expect("text, lists and maps of text always have a YAML form")
}
