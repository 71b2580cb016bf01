//! [`Metadata`]: what `Chart.yaml` says, checked as Helm checks it.

use std::fmt;

use crate::go::semver::Version;
use crate::go::{path, strconv};
use crate::value::{Elem, List, Map, Value};

use super::Dependency;
use super::text::{sanitize, strings};

/// `Chart.yaml`. Helm: `chart.Metadata` (v2).
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// `name`
    pub name: String,
    /// `home`
    pub home: String,
    /// `sources`
    pub sources: Vec<String>,
    /// `version`
    pub version: String,
    /// `description`
    pub description: String,
    /// `keywords`
    pub keywords: Vec<String>,
    /// `maintainers`; `None` is an empty item.
    pub maintainers: Vec<Option<Maintainer>>,
    /// `icon`
    pub icon: String,
    /// `apiVersion`; `v1` where there is none.
    pub api_version: String,
    /// `condition`
    pub condition: String,
    /// `tags`
    pub tags: String,
    /// `appVersion`
    pub app_version: String,
    /// `deprecated`
    pub deprecated: bool,
    /// `annotations`; `None` where there are none.
    pub annotations: Option<Vec<(String, String)>>,
    /// `kubeVersion`
    pub kube_version: String,
    /// `dependencies`, null items left out; `None` where there is no such list.
    pub dependencies: Option<Vec<Dependency>>,
    /// How many dependencies stand before the first null item, which makes the chart invalid.
    pub null_dependency: Option<usize>,
    /// `type`
    pub kind: String,
}

/// A maintainer of a chart. Helm: `chart.Maintainer`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maintainer {
    /// `name`
    pub name: String,
    /// `email`
    pub email: String,
    /// `url`
    pub url: String,
}

impl Metadata {
    /// The dependencies, none where there is no list.
    pub fn dependencies(&self) -> &[Dependency] {
        self.dependencies.as_deref().unwrap_or_default()
    }

    /// As templates see it in `.Chart`, without `IsRoot`. Helm: `MetadataAsMap`.
    pub fn to_map(&self) -> Map {
        let text = |text: &str| Value::from(text);
        let dependencies = self.dependencies().iter().map(|it| Value::Map(it.to_map())).collect();
        let maintainers = self.maintainers.iter().flatten().map(|it| Value::Map(it.to_map())).collect();
        let annotations = match &self.annotations {
            None => Map::nil(Elem::String),
            Some(pairs) => {
                let cells =
                    pairs.iter().map(|(key, value)| (key.as_str().into(), Value::from(value.as_str())));
                Map::of(Elem::String, cells.collect())
            }
        };
        [
            ("APIVersion", text(&self.api_version)),
            ("Annotations", Value::Map(annotations)),
            ("AppVersion", text(&self.app_version)),
            ("Condition", text(&self.condition)),
            ("Dependencies", Value::List(List::any(dependencies))),
            ("Deprecated", Value::Bool(self.deprecated)),
            ("Description", text(&self.description)),
            ("Home", text(&self.home)),
            ("Icon", text(&self.icon)),
            ("Keywords", strings(&self.keywords)),
            ("KubeVersion", text(&self.kube_version)),
            ("Maintainers", Value::List(List::any(maintainers))),
            ("Name", text(&self.name)),
            ("Sources", strings(&self.sources)),
            ("Tags", text(&self.tags)),
            ("Type", text(&self.kind)),
            ("Version", text(&self.version)),
        ]
        .into_iter()
        .collect()
    }

    /// Normalises spaces, drops what cannot be printed, and says what is wrong, as Helm does at the end of loading.
    /// The error is Helm's text without `validation: `. Helm: `Metadata.Validate`.
    pub fn validate(&mut self) -> Result<(), InvalidMetadata> {
        self.sanitize();
        self.check_identity()?;
        for maintainer in &mut self.maintainers {
            let missing = || "maintainers must not contain empty or null nodes".to_owned();
            let maintainer = maintainer.as_mut().ok_or_else(missing)?;
            for text in [&mut maintainer.name, &mut maintainer.email, &mut maintainer.url] {
                *text = sanitize(text);
            }
        }
        let mut seen = std::collections::HashSet::new();
        let null = self.null_dependency.unwrap_or(usize::MAX);
        for (at, dependency) in self.dependencies.iter_mut().flatten().enumerate() {
            if at == null {
                break;
            }
            dependency.validate()?;
            if !seen.insert(dependency.key().to_owned()) {
                return Err(InvalidMetadata::DuplicateDependency(dependency.key().to_owned()));
            }
        }
        if self.null_dependency.is_some() {
            return Err(InvalidMetadata::Other(
                "dependencies must not contain empty or null nodes".to_owned(),
            ));
        }
        Ok(())
    }

    fn sanitize(&mut self) {
        let single = [
            &mut self.name,
            &mut self.description,
            &mut self.home,
            &mut self.icon,
            &mut self.condition,
            &mut self.tags,
            &mut self.app_version,
            &mut self.kube_version,
        ];
        for text in single.into_iter().chain(&mut self.sources).chain(&mut self.keywords) {
            *text = sanitize(text);
        }
    }

    fn check_identity(&self) -> Result<(), String> {
        if self.api_version.is_empty() {
            return Err("chart.metadata.apiVersion is required".to_owned());
        }
        if self.name.is_empty() {
            return Err("chart.metadata.name is required".to_owned());
        }
        if self.name == "." || self.name == ".." {
            return Err(format!("chart.metadata.name {} is not allowed", strconv::quote(&self.name)));
        }
        if self.name != path::base(&self.name) {
            return Err(format!("chart.metadata.name {} is invalid", strconv::quote(&self.name)));
        }
        if self.version.is_empty() {
            return Err("chart.metadata.version is required".to_owned());
        }
        if Version::parse(&self.version).is_err() {
            return Err(format!("chart.metadata.version {} is invalid", strconv::quote(&self.version)));
        }
        if !["", "application", "library"].contains(&self.kind.as_str()) {
            return Err("chart.metadata.type must be application or library".to_owned());
        }
        Ok(())
    }
}

/// What is wrong with a chart's metadata. The texts are Helm's without `validation: `.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidMetadata {
    /// Two dependencies have this name or alias.
    DuplicateDependency(String),
    /// Anything else.
    Other(String),
}

impl fmt::Display for InvalidMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidMetadata::DuplicateDependency(name) => {
                write!(f, "more than one dependency with name or alias {}", strconv::quote(name))
            }
            InvalidMetadata::Other(text) => f.write_str(text),
        }
    }
}

impl From<String> for InvalidMetadata {
    fn from(text: String) -> InvalidMetadata {
        InvalidMetadata::Other(text)
    }
}

impl Maintainer {
    fn to_map(&self) -> Map {
        let cells = [("Name", &self.name), ("Email", &self.email), ("URL", &self.url)];
        cells.into_iter().map(|(key, text)| (key, Value::from(text.as_str()))).collect()
    }
}
