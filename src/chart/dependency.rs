//! [`Dependency`]: an entry of `dependencies` in `Chart.yaml`, `requirements.yaml` or a lock.

use crate::value::{Elem, List, Map, Value};

use super::text::{sanitize, strings};

/// A chart upon which another depends. Helm: `chart.Dependency`.
#[derive(Clone, Debug, Default)]
pub struct Dependency {
    /// The name of the chart; once its alias has been applied, the alias.
    pub name: String,
    /// The range of versions.
    pub version: String,
    /// The repository.
    pub repository: String,
    /// Paths of values, with commas, that switch it on or off.
    pub condition: String,
    /// Groups that switch it on or off.
    pub tags: Vec<String>,
    /// Whether it holds.
    pub enabled: bool,
    /// What the parent takes over from its values.
    pub import_values: Vec<Import>,
    /// Another name for it.
    pub alias: String,
}

/// An entry of `import-values`.
#[derive(Clone, Debug)]
pub enum Import {
    /// As it was read: a string or a map, or something that Helm passes over.
    Read(Value),
    /// Once it has been applied.
    Applied {
        /// The table of the dependency.
        child: String,
        /// The table of the parent.
        parent: String,
    },
}

impl Dependency {
    /// The name that it has below the parent: its alias if it has one.
    pub fn key(&self) -> &str {
        if self.alias.is_empty() { &self.name } else { &self.alias }
    }

    /// Whether it comes from a repository that lies elsewhere.
    pub fn is_from_elsewhere(&self) -> bool {
        !self.repository.is_empty() && !self.repository.starts_with("file://")
    }

    /// As templates see it in `.Chart.Dependencies`. Helm: `structToMap`.
    pub fn to_map(&self) -> Map {
        let imports = self.import_values.iter().map(Import::to_value).collect();
        [
            ("Name", Value::from(self.name.as_str())),
            ("Version", Value::from(self.version.as_str())),
            ("Repository", Value::from(self.repository.as_str())),
            ("Condition", Value::from(self.condition.as_str())),
            ("Tags", strings(&self.tags)),
            ("Enabled", Value::Bool(self.enabled)),
            ("ImportValues", Value::List(List::any(imports))),
            ("Alias", Value::from(self.alias.as_str())),
        ]
        .into_iter()
        .collect()
    }

    /// Normalises spaces and says what is wrong. Helm: `Dependency.Validate`.
    pub(super) fn validate(&mut self) -> Result<(), String> {
        for text in [&mut self.name, &mut self.version, &mut self.repository, &mut self.condition] {
            *text = sanitize(text);
        }
        self.tags.iter_mut().for_each(|tag| *tag = sanitize(tag));
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if self.alias.bytes().all(fits) {
            return Ok(());
        }
        Err(format!(
            "dependency {} has disallowed characters in the alias",
            crate::go::strconv::quote(&self.name)
        ))
    }
}

impl Import {
    pub(super) fn to_value(&self) -> Value {
        match self {
            Import::Read(value) => value.clone(),
            Import::Applied { child, parent } => {
                let cells = [("child", child), ("parent", parent)];
                let cells = cells.into_iter().map(|(key, text)| (key.into(), Value::from(text.as_str())));
                Value::Map(Map::of(Elem::String, cells.collect()))
            }
        }
    }
}

/// `Chart.lock`. Helm: `chart.Lock`.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// When it was written, as it stands there.
    pub generated: String,
    /// The digest of the dependencies.
    pub digest: String,
    /// The dependencies with their one version.
    pub dependencies: Vec<Dependency>,
}
