//! Enums without data, by their words; and what a finding is called, which must be something that the program knows.

use std::sync::LazyLock;

use serde_json::Value as Json;

use super::form::Record;
use crate::apiserver::Reason;
use crate::diagnostic::{Applicability, Severity};
use crate::judge::codes::CODES;
use crate::judge::report::Root;
use crate::policy::Mode;
use crate::rules;

/// Writes and reads the variants as these words.
macro_rules! words {
    ($($type:ident { $($variant:ident = $word:literal),* $(,)? })*) => {$(
        impl Record for $type {
            fn put(&self) -> Option<Json> {
                Some(Json::from(match self { $($type::$variant => $word),* }))
            }

            fn take(json: Option<Json>) -> Option<$type> {
                match json?.as_str()? {
                    $($word => Some($type::$variant),)*
                    _ => None,
                }
            }
        }
    )*};
}

words! {
    Severity { Advice = "advice", Warning = "warning", Error = "error" }
    Applicability { DisplayOnly = "display-only", Unsafe = "unsafe", Safe = "safe" }
    Mode { Documented = "documented", Service = "service", Strict = "strict" }
    Root { Archive = "archive", Folder = "folder", Manifests = "manifests", Values = "values" }
    Reason {
        NotFound = "not-found", Required = "required", Duplicate = "duplicate", Invalid = "invalid",
        TypeInvalid = "type-invalid", NotSupported = "not-supported", Forbidden = "forbidden", TooLong = "too-long", TooMany = "too-many", Internal = "internal",
    }
}

/// The code and name that the program has for these words.
pub(super) fn known(code: &str, name: &str) -> Option<(&'static str, &'static str)> {
    static KNOWN: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
        let rules = rules::all().into_iter().map(|rule| (rule.code, rule.name));
        let others = CODES.iter().map(|notice| (notice.code, notice.name));
        let mut known: Vec<_> = rules.chain(others).collect();
        known.sort_unstable();
        known
    });
    let at = KNOWN.binary_search_by(|known| known.cmp(&(code, name))).ok()?;
    Some(KNOWN[at])
}
