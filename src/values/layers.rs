//! [`Layers`]: where a value came from. Nothing is recorded while values are merged; a path is looked up in every layer
//! when somebody asks.

use super::User;
use crate::chart::Chart;
use crate::value::Value;

/// Every layer of a release: the user's and each chart's.
#[derive(Clone, Debug)]
pub struct Layers {}

/// Where the value at a path came from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Where a user of the top chart sets it: `redis.image.tag`.
    pub path: String,
    /// The layer that set it.
    pub setting: Setting,
    /// The layers that it hides, nearest first.
    pub shadows: Vec<Setting>,
}

/// What one layer says of a path.
#[derive(Clone, Debug)]
pub struct Setting {
    /// `values.yaml`, `charts/redis/values.yaml`, `-f prod.yaml`, `--set a=1`.
    pub layer: String,
    /// The file of the layer, if it is one.
    pub file: Option<String>,
    /// The line in it.
    pub line: Option<usize>,
    /// The column in it.
    pub column: Option<usize>,
    /// The value there.
    pub value: Value,
}

/// A step of a path into values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of a map.
    Key(String),
    /// An index of a list.
    Index(usize),
}

impl Layers {
    /// The layers of a processed chart (see [`super::process_dependencies`]) under the user's values.
    pub fn new(chart: &Chart, user: &User) -> Layers {
        let _ = (chart, user);
        Layers {}
    }

    /// Where the value at the path came from, as the chart with that full path (`top/charts/redis`) sees its `.Values`.
    pub fn origin(&self, chart: &str, path: &[Step]) -> Option<Origin> {
        let _ = (chart, path);
        None
    }
}
