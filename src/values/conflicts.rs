//! [`Layers::conflicts`]: layers of values that do not do together what was meant: a table where another layer has no table,
//! a list that loses what another layer's list says, a null that takes nothing away, a global that another hides.

use super::clash::{Clash, Met};
use super::layers::{Layers, Setting};
use super::mark::to_json;
use super::told::shadow;
use crate::diagnostic::ValueOrigin;
use crate::path::FieldPath;

/// Two layers that do not do together what was meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// How.
    pub clash: Clash,
    /// The value that is told, where a user of the top chart sets it, with what it meets as its one shadow.
    pub value: ValueOrigin,
    /// What stands in its line.
    pub excerpt: Option<String>,
}

impl Layers {
    /// The layers of the user and of charts that do not do together what was meant.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let mut met = self.met.clone();
        if let Some((user, own)) = &self.inputs {
            own.under(user, &FieldPath::root(), &mut met);
        }
        let mut found: Vec<Conflict> = Vec::new();
        for Met { path, clash, upper, lower } in met {
            let settings = (self.setting(&upper), self.setting(&lower));
            let (Some(upper), Some(lower)) = settings else { continue };
            found.push(self.conflict(clash, &path, upper, lower));
        }
        for (path, null, value) in self.kept_nulls() {
            found.push(self.conflict(Clash::Null, &path, null, value));
        }
        found.sort_by(|one, other| one.value.path.cmp(&other.value.path));
        found.dedup();
        found
    }

    fn conflict(&self, clash: Clash, path: &FieldPath, upper: Setting, lower: Setting) -> Conflict {
        let file = self.files().find(|(layer, _)| **layer == upper.layer).map(|(_, file)| file);
        let excerpt = upper.line.zip(file).map(|(line, file)| file.line(line).to_owned());
        let Setting { layer, line, column, value } = upper;
        let value = ValueOrigin {
            key: path.clone(),
            path: path.clone(),
            value: to_json(&value),
            layer: Some(layer),
            line,
            column,
            shadows: vec![shadow(lower)],
            ..ValueOrigin::default()
        };
        Conflict { clash, value, excerpt }
    }
}
