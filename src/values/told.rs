//! [`Layers::told`]: a value's origin in the shape in which everything is told.

use super::layers::{Layers, Setting};
use super::mark::to_json;
use crate::diagnostic::{NearestValue, ReplacedList, ShadowedValue, ValueOrigin};
use crate::path::{FieldPath, Step};

impl Layers {
    /// Which layer set the value that a chart reads at the key, and what it hides; where none did, the nearest table.
    pub fn told(&self, chart: &str, key: &FieldPath) -> ValueOrigin {
        let path = key.steps();
        let value = ValueOrigin {
            key: key.clone(),
            path: self.path(chart, path).unwrap_or_default(),
            ..ValueOrigin::default()
        };
        let Some(origin) = self.origin(chart, path) else {
            return ValueOrigin { nearest: self.nearest(chart, path), ..value };
        };
        let Setting { layer, line, column, value: set } = origin.setting;
        let list = |(path, setting): (FieldPath, Setting)| {
            let path = self.path(chart, path.steps()).unwrap_or(path);
            ReplacedList { path, layer: setting.layer, line: setting.line, item: None }
        };
        ValueOrigin {
            value: to_json(&set),
            layer: Some(layer),
            line,
            column,
            shadows: origin.shadows.into_iter().map(shadow).collect(),
            nulls: origin.nulls.into_iter().map(shadow).collect(),
            replaced: origin.replaced.into_iter().map(list).collect(),
            ..value
        }
    }

    /// The nearest table above a path that a layer sets.
    fn nearest(&self, chart: &str, path: &[Step]) -> Option<NearestValue> {
        let above = (1..path.len()).rev();
        above.into_iter().find_map(|len| {
            let origin = self.origin(chart, &path[..len])?;
            let Setting { layer, line, .. } = origin.setting;
            Some(NearestValue { path: self.path(chart, &path[..len])?, layer, line })
        })
    }
}

pub(super) fn shadow(setting: Setting) -> ShadowedValue {
    let Setting { layer, line, value, .. } = setting;
    ShadowedValue { layer, line, value: to_json(&value) }
}
