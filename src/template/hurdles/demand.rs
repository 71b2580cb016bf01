//! [`Demand`]: something that is to be set for a condition to hold.

use serde_json::Value as Json;

use crate::path::FieldPath;
use crate::value::{List, Number, Value, print};

/// Something that is to be set.
#[derive(Clone, Debug, PartialEq)]
pub enum Demand {
    /// A value.
    Value {
        /// Its path below `.Values`.
        path: FieldPath,
        /// What it is to be.
        to: To,
    },
    /// The cluster has to serve this.
    Api(String),
    /// The cluster has to have this version.
    Kube(String),
    /// The release has to be called so.
    Release(String),
    /// The chart has to have this file.
    File(String),
}

/// What a value is to be.
#[derive(Clone, Debug, PartialEq)]
pub enum To {
    /// True, or a list or map that is not empty.
    True {
        /// The fields that are read of it or of its items.
        fields: Vec<String>,
        /// Whether somebody goes through its items.
        is_list: bool,
    },
    /// Nothing, or false.
    False,
    /// There at all.
    Set,
    /// This.
    Is(Json),
    /// This, or something like it.
    Such(Json),
    /// Not there at all.
    Unset,
    /// Something else than this.
    Not(Json),
    /// A list with this item.
    Has(Json),
    /// More than this.
    Above(i64),
    /// Less than this.
    Below(i64),
}

impl To {
    /// Whether a value is so.
    pub(super) fn is_met(&self, value: Option<&Value>) -> bool {
        let number = || {
            Some(match value?.number()? {
                Number::Signed(number) => number as f64,
                Number::Unsigned(number) => number as f64,
                Number::Float(number) => number,
            })
        };
        let text = |value: &Value| print::sprint(value).to_string();
        match self {
            To::True { .. } => value.is_some_and(Value::truth),
            To::False => !value.is_some_and(Value::truth),
            To::Set => value.is_some(),
            To::Unset => value.is_none(),
            To::Is(is) | To::Such(is) => value.is_some_and(|value| text(value) == in_words(is)),
            To::Not(not) => value.is_none_or(|value| text(value) != in_words(not)),
            To::Has(item) => {
                let items = value.and_then(Value::as_list).map(List::items);
                items.is_some_and(|items| items.iter().any(|own| text(own) == in_words(item)))
            }
            To::Above(bound) => number().is_some_and(|number| number > *bound as f64),
            To::Below(bound) => number().is_some_and(|number| number < *bound as f64),
        }
    }
}

/// What Go prints of a literal.
pub(super) fn in_words(literal: &Json) -> String {
    literal.as_str().map_or_else(|| literal.to_string(), str::to_owned)
}

/// Whether a literal is true to a template.
pub(super) fn is_true(literal: &Json) -> bool {
    match literal {
        Json::Null => false,
        Json::Bool(truth) => *truth,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(fields) => !fields.is_empty(),
    }
}
