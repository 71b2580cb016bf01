//! Where values come from.

use serde_json::Value as Json;

use super::form::{Record, fields, opened, record};
use crate::diagnostic::{Layer, NearestValue, ReplacedList, ShadowedValue, ValueOrigin};
use crate::values::read::Language;

record!(ValueOrigin { key, path, value, layer, line, column, shadows, nulls, replaced, nearest });
record!(ShadowedValue { layer, line, value });
record!(ReplacedList { path, layer, line, item });
record!(NearestValue { path, layer, line });

impl Record for Layer {
    fn put(&self) -> Option<Json> {
        match self {
            Layer::Chart(file) => fields([("chart", Some(file.as_str().into()))]),
            Layer::File(file) => fields([("file", Some(file.as_str().into()))]),
            Layer::Request(file) => fields([("request", Some(file.as_str().into()))]),
            Layer::Expression { flag, text } => {
                fields([("flag", Some((*flag).into())), ("text", Some(text.as_str().into()))])
            }
        }
    }

    fn take(json: Option<Json>) -> Option<Layer> {
        let mut map = opened(json)?;
        let mut text = |name: &str| match map.remove(name) {
            Some(Json::String(text)) => Some(text),
            _ => None,
        };
        let layer = if let Some(flag) = text("flag") {
            let flag = Language::ALL.into_iter().map(Language::flag).find(|known| *known == flag)?;
            Layer::Expression { flag, text: text("text")? }
        } else {
            let file = text("file").map(Layer::File).or_else(|| text("request").map(Layer::Request));
            file.or_else(|| text("chart").map(Layer::Chart))?
        };
        map.is_empty().then_some(layer)
    }
}
