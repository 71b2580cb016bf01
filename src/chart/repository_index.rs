//! [`RepositoryIndex`]: `index.yaml` as Helm decodes it; what of it is offered, and which version is chosen, is the business
//! of `fetch`.

use super::{Error, Metadata, decode};

/// An `index.yaml`. Helm: repo/v1/index.go `IndexFile`.
#[derive(Clone, Debug, Default)]
pub struct RepositoryIndex {
    /// `apiVersion`
    pub api_version: String,
    /// `entries`: the versions of each chart by its name; `None` is an empty item.
    pub entries: Vec<(String, Vec<Option<ChartVersion>>)>,
}

/// A version of a chart in an index. Helm: repo/v1/index.go `ChartVersion`.
#[derive(Clone, Debug, Default)]
pub struct ChartVersion {
    /// What its `Chart.yaml` says.
    pub metadata: Metadata,
    /// `urls`
    pub urls: Vec<String>,
    /// `digest`
    pub digest: String,
}

impl RepositoryIndex {
    /// Reads an index: JSON as encoding/json does, YAML with no key that stands twice or that Helm does not know.
    /// Helm: `jsonOrYamlUnmarshal`.
    pub fn parse(text: &[u8]) -> Result<RepositoryIndex, Error> {
        decode::index(text)
    }
}
