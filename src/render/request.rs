//! What is to be rendered, besides chart and values.

use super::capabilities::Capabilities;
use super::release::Release;
use crate::manifest::HelmVersion;
use crate::{schema, template};

/// What is to be rendered, besides chart and values.
#[derive(Clone, Debug)]
pub struct Request {
    /// The release.
    pub release: Release,
    /// The cluster.
    pub capabilities: Capabilities,
    /// Whose way of splitting and ordering documents holds.
    pub helm: HelmVersion,
    /// How values are checked against schemas; `None` for not at all.
    pub schema: Option<schema::Options>,
    /// How templates execute.
    pub engine: template::Options,
}

impl Request {
    /// A first installation into the cluster that Helm assumes offline.
    pub fn new(release: Release) -> Request {
        Request {
            release,
            capabilities: Capabilities::default(),
            helm: HelmVersion::default(),
            schema: Some(schema::Options::default()),
            engine: template::Options::default(),
        }
    }
}
