//! [`Voice`]: the words for what is wrong with a value.
//!
//! Go: k8s.io/kube-openapi `pkg/validation/errors/schema.go`, and `kubeOpenAPIResultToFieldErrors` of
//! k8s.io/apiextensions-apiserver.

use crate::apiserver::error::{Bad, Errors, Path, Reason};
use crate::apiserver::known::Known;
use crate::apiserver::print::json_of;
use crate::apiserver::tree::Tree;
use crate::go::strconv::quote;

use super::outcome::Found;

/// Words about the field at a path.
pub(super) struct Voice<'a> {
    pub known: &'static Known,
    pub path: &'a Path,
}

impl Voice<'_> {
    /// The way to the field as the validator names it.
    pub fn name(&self) -> String {
        if self.path.is_root() { String::new() } else { self.path.to_string() }
    }

    fn found(&self, text: String, tell: impl FnOnce(&mut Errors)) -> Found {
        let mut errors = Errors::new(self.known);
        tell(&mut errors);
        Found { text, error: errors.found.remove(0) }
    }

    fn in_body(&self, rest: &str) -> String {
        format!("{} in body {rest}", self.name())
    }

    /// The value is refused for what follows `spec.x in body`.
    pub fn invalid<'b>(&self, value: impl Into<Bad<'b>>, rest: &str) -> Found {
        let text = self.in_body(rest);
        let words = text.clone();
        self.found(text, |errors| errors.invalid(self.path, value, &words))
    }

    /// The value is of a wrong type, or none of a format.
    pub fn wrong_type(&self, wanted: &str, value: &str) -> Found {
        let text = self.in_body(&format!("must be of type {wanted}: {}", quote(value)));
        let words = text.clone();
        let mut found = self.found(text, |errors| errors.invalid(self.path, value, &words));
        found.error.reason = Reason::TypeInvalid;
        found
    }

    /// A field that is not there.
    pub fn required(&self, field: &str) -> Found {
        let path = self.path.child(field);
        self.found(format!("{path} in body is required"), |errors| errors.required(&path, ""))
    }

    /// A text that is too long.
    pub fn too_long(&self, most: i64) -> Found {
        let text = self.in_body(&format!("should be at most {most} chars long"));
        self.found(text, |errors| errors.longer_than(self.path, most))
    }

    /// Too many items or entries.
    pub fn too_many(&self, what: &str, count: usize, most: i64) -> Found {
        let text = self.in_body(&format!("should have at most {most} {what}"));
        self.found(text, |errors| errors.more_than(self.path, count, most))
    }

    /// A value that is none of a list.
    pub fn not_supported(&self, value: &Tree, known: &[Tree]) -> Found {
        let words: Vec<String> = known
            .iter()
            .map(|word| match word {
                Tree::Str(text) => text.clone(),
                other => json_of(other),
            })
            .collect();
        let text = self.in_body(&format!("should be one of {words:?}"));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.found(text, |errors| errors.not_supported(self.path, value, &words))
    }

    /// What is said of alternatives, and told of no field.
    pub fn whole(&self, rest: &str) -> Found {
        let text = format!("{} {rest}", quote(self.name()));
        self.nowhere(text)
    }

    /// What is told of no field.
    pub fn nowhere(&self, text: String) -> Found {
        let words = text.clone();
        self.found(text, |errors| errors.invalid(&Path::default(), "", &words))
    }
}
