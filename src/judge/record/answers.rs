//! What API servers answer.

use serde_json::Value as Json;

use super::form::{Record, record};
use crate::apiserver::{Answer, Answers, Change, Fault, FieldError, Path, Step, Warning};

record!(Answers { minor, answers });
record!(Answer { code, message, causes, changes, warnings, faults, is_defined });
record!(FieldError { reason, path, message });
record!(Change { error, path, from, to });
record!(Warning { path, text, of_kind });
record!(Fault { path, message, is_strict });

/// A list of its steps: a field is a text, an index a number, the key of a map a text in a list.
impl Record for Path {
    fn put(&self) -> Option<Json> {
        let step = |step: &Step| match step {
            Step::Field(name) => Json::from(name.as_str()),
            Step::Key(key) => Json::Array(vec![Json::from(key.as_str())]),
            Step::Index(index) => Json::from(*index),
        };
        (!self.is_root()).then(|| Json::Array(self.steps().into_iter().map(step).collect()))
    }

    fn take(json: Option<Json>) -> Option<Path> {
        let Some(json) = json else { return Some(Path::default()) };
        let Json::Array(steps) = json else { return None };
        steps.into_iter().try_fold(Path::default(), |path, step| {
            Some(match step {
                Json::String(name) => path.child(&name),
                Json::Array(key) => path.key(key.first()?.as_str()?),
                index => path.index(usize::take(Some(index))?),
            })
        })
    }
}
