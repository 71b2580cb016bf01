//! [`Errors`]: what validation finds, in the words of the server.
//!
//! Source: k8s.io/apimachinery `pkg/util/validation/field`.

use std::fmt;
use std::sync::Arc;

use crate::go::strconv::quote;

use super::known::Known;
use super::print::{go_syntax, internal_json, json_of, versioned_json};
use super::tree::Tree;

/// A step on the way to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A field of a struct.
    Field(String),
    /// An item of a list.
    Index(usize),
    /// An entry of a map.
    Key(String),
}

/// The way to a field, as the server goes it; it is made longer without being copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(Option<Arc<Link>>);

#[derive(Debug, PartialEq, Eq)]
struct Link {
    above: Path,
    step: Step,
}

impl Path {
    /// The way to a field of the object.
    pub fn new(name: &str) -> Path {
        Path::default().child(name)
    }

    fn then(&self, step: Step) -> Path {
        Path(Some(Arc::new(Link { above: self.clone(), step })))
    }

    /// A field below.
    pub fn child(&self, name: &str) -> Path {
        self.then(Step::Field(name.to_owned()))
    }

    /// An item below.
    pub fn index(&self, index: usize) -> Path {
        self.then(Step::Index(index))
    }

    /// An entry of a map below.
    pub fn key(&self, key: &str) -> Path {
        self.then(Step::Key(key.to_owned()))
    }

    /// Whether it is the way to the object itself.
    pub fn is_root(&self) -> bool {
        self.0.is_none()
    }

    /// The steps from the object down.
    pub fn steps(&self) -> Vec<&Step> {
        let mut steps = Vec::new();
        let mut at = self;
        while let Some(link) = &at.0 {
            steps.push(&link.step);
            at = &link.above;
        }
        steps.reverse();
        steps
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Go prints a way that has no steps so.
        if self.is_root() {
            return f.write_str("<nil>");
        }
        for (at, step) in self.steps().into_iter().enumerate() {
            match step {
                Step::Field(name) if at == 0 => f.write_str(name)?,
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => write!(f, "[{key}]")?,
            }
        }
        Ok(())
    }
}

/// A bad value, as an error shows it.
pub enum Bad<'a> {
    /// In these words.
    Raw(String),
    /// A value of the Go type of that name, with the folder of its package.
    Typed(&'a Tree, &'static str),
}

impl<'a> From<&'a str> for Bad<'a> {
    fn from(text: &'a str) -> Bad<'a> {
        Bad::Raw(quote(text))
    }
}

impl<'a> From<&'a String> for Bad<'a> {
    fn from(text: &'a String) -> Bad<'a> {
        Bad::Raw(quote(text))
    }
}

impl From<i64> for Bad<'_> {
    fn from(number: i64) -> Self {
        Bad::Raw(number.to_string())
    }
}

impl From<bool> for Bad<'_> {
    fn from(flag: bool) -> Self {
        Bad::Raw(flag.to_string())
    }
}

impl<'a> From<&'a Tree> for Bad<'a> {
    fn from(tree: &'a Tree) -> Bad<'a> {
        match tree {
            Tree::Str(text) => text.into(),
            _ => Bad::Raw(json_of(tree)),
        }
    }
}

/// The first minor that says `1 byte`.
const COUNTS_ONE: u32 = 34;
/// The first minor that shows values as JSON.
const SHOWS_JSON: u32 = 34;

impl Bad<'_> {
    fn show(self, known: &Known) -> String {
        match self {
            Bad::Raw(text) => text,
            Bad::Typed(tree, name) if known.minor < SHOWS_JSON => go_syntax(known, tree, name),
            Bad::Typed(tree, name) if name.starts_with("meta/v1.") => versioned_json(known, tree, name),
            Bad::Typed(tree, name) => internal_json(known, tree, name),
        }
    }
}

/// Why a value is refused; the variants are the server's reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// `FieldValueNotFound`
    NotFound,
    /// `FieldValueRequired`
    Required,
    /// `FieldValueDuplicate`
    Duplicate,
    /// `FieldValueInvalid`
    Invalid,
    /// `FieldValueTypeInvalid`
    TypeInvalid,
    /// `FieldValueNotSupported`
    NotSupported,
    /// `FieldValueForbidden`
    Forbidden,
    /// `FieldValueTooLong`
    TooLong,
    /// `FieldValueTooMany`
    TooMany,
    /// `InternalError`
    Internal,
}

impl Reason {
    /// The server's word.
    pub fn word(self) -> &'static str {
        match self {
            Reason::NotFound => "FieldValueNotFound",
            Reason::Required => "FieldValueRequired",
            Reason::Duplicate => "FieldValueDuplicate",
            Reason::Invalid => "FieldValueInvalid",
            Reason::TypeInvalid => "FieldValueTypeInvalid",
            Reason::NotSupported => "FieldValueNotSupported",
            Reason::Forbidden => "FieldValueForbidden",
            Reason::TooLong => "FieldValueTooLong",
            Reason::TooMany => "FieldValueTooMany",
            Reason::Internal => "InternalError",
        }
    }
}

/// A thing that is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Why.
    pub reason: Reason,
    /// The field.
    pub path: Path,
    /// The message without the field.
    pub message: String,
}

/// Everything that is wrong, in the order in which it was found, and the minor that finds it.
#[derive(Clone, Debug)]
pub struct Errors {
    /// What the minor knows.
    pub known: &'static Known,
    /// What is wrong.
    pub found: Vec<FieldError>,
    /// What the markers of the types say, which is told behind all else.
    declared: Vec<FieldError>,
}

/// The first minor in which markers of the types take the place of code.
const DECLARES: u32 = 37;

impl Errors {
    /// Nothing yet.
    pub fn new(known: &'static Known) -> Errors {
        Errors::with(known, Vec::new())
    }

    /// These.
    pub fn with(known: &'static Known, found: Vec<FieldError>) -> Errors {
        Errors { known, found, declared: Vec::new() }
    }

    /// Tells what newer minors read from the markers of their types, and so tell last.
    ///
    /// Go: `MarkCoveredByDeclarative`
    pub fn declared(&mut self, tell: impl FnOnce(&mut Errors)) {
        let start = self.found.len();
        tell(self);
        if self.since(DECLARES) {
            self.declared.extend(self.found.split_off(start));
        }
    }

    /// Puts everything in the order in which it is told.
    pub fn settle(&mut self) {
        self.found.append(&mut self.declared);
    }

    /// The minor.
    pub fn minor(&self) -> u32 {
        self.known.minor
    }

    /// Whether the minor is this one or a newer one.
    pub fn since(&self, minor: u32) -> bool {
        self.known.minor >= minor
    }

    fn push(&mut self, reason: Reason, path: &Path, message: String) {
        self.found.push(FieldError { reason, path: path.clone(), message });
    }

    /// Go: `field.Invalid`
    pub fn invalid<'a>(&mut self, path: &Path, bad: impl Into<Bad<'a>>, detail: &str) {
        self.push(
            Reason::Invalid,
            path,
            with_detail(format!("Invalid value: {}", bad.into().show(self.known)), detail),
        );
    }

    /// Go: `field.Invalid` with `OmitValueType`
    pub fn invalid_omitted(&mut self, path: &Path, detail: &str) {
        self.push(Reason::Invalid, path, with_detail("Invalid value".to_owned(), detail));
    }

    /// One `field.Invalid` for each text.
    pub fn invalid_each(&mut self, path: &Path, bad: &str, details: impl IntoIterator<Item = String>) {
        for detail in details {
            self.invalid(path, bad, &detail);
        }
    }

    /// Go: `field.Required`
    pub fn required(&mut self, path: &Path, detail: &str) {
        self.push(Reason::Required, path, with_detail("Required value".to_owned(), detail));
    }

    /// Go: `field.InternalError`
    pub fn internal(&mut self, path: &Path, detail: &str) {
        self.push(Reason::Internal, path, with_detail("Internal error".to_owned(), detail));
    }

    /// Go: `field.Duplicate` with `OmitValueType`
    pub fn duplicate_omitted(&mut self, path: &Path) {
        self.push(Reason::Duplicate, path, "Duplicate value".to_owned());
    }

    /// Go: `field.Forbidden`
    pub fn forbidden(&mut self, path: &Path, detail: &str) {
        self.push(Reason::Forbidden, path, with_detail("Forbidden".to_owned(), detail));
    }

    /// Go: `field.Duplicate`
    pub fn duplicate<'a>(&mut self, path: &Path, bad: impl Into<Bad<'a>>) {
        self.push(Reason::Duplicate, path, format!("Duplicate value: {}", bad.into().show(self.known)));
    }

    /// Go: `field.Duplicate` with a detail
    pub fn duplicate_with<'a>(&mut self, path: &Path, bad: impl Into<Bad<'a>>, detail: &str) {
        let shown = format!("Duplicate value: {}", bad.into().show(self.known));
        self.push(Reason::Duplicate, path, with_detail(shown, detail));
    }

    /// Go: `field.NotFound`
    pub fn not_found<'a>(&mut self, path: &Path, bad: impl Into<Bad<'a>>, detail: &str) {
        self.push(
            Reason::NotFound,
            path,
            with_detail(format!("Not found: {}", bad.into().show(self.known)), detail),
        );
    }

    /// Go: `field.NotSupported`
    pub fn not_supported<'a>(&mut self, path: &Path, bad: impl Into<Bad<'a>>, supported: &[&str]) {
        let words: Vec<String> = supported.iter().map(quote).collect();
        let detail =
            if words.is_empty() { String::new() } else { format!("supported values: {}", words.join(", ")) };
        self.push(
            Reason::NotSupported,
            path,
            with_detail(format!("Unsupported value: {}", bad.into().show(self.known)), &detail),
        );
    }

    /// Go: `field.TooLong`
    pub fn too_long(&mut self, path: &Path, most: usize) {
        self.longer_than(path, i64::try_from(most).unwrap_or(i64::MAX));
    }

    /// The same, of a number that may be negative.
    pub fn longer_than(&mut self, path: &Path, most: i64) {
        let words = match most {
            i64::MIN..=-1 => "value is too long".to_owned(),
            1 if self.since(COUNTS_ONE) => "may not be more than 1 byte".to_owned(),
            _ => format!("may not be more than {most} bytes"),
        };
        self.push(Reason::TooLong, path, format!("Too long: {words}"));
    }

    /// Go: `field.TooLongCharacters`
    pub fn too_many_characters(&mut self, path: &Path, most: usize) {
        self.push(Reason::TooLong, path, format!("Too long: may not be more than {most} characters"));
    }

    /// Go: `field.TooMany`
    pub fn too_many(&mut self, path: &Path, count: usize, most: usize) {
        self.more_than(path, count, i64::try_from(most).unwrap_or(i64::MAX));
    }

    /// The same, of a number that may be negative.
    pub fn more_than(&mut self, path: &Path, count: usize, most: i64) {
        let detail = match most {
            i64::MIN..=-1 => "has too many items".to_owned(),
            _ => format!("must have at most {most} {}", if most == 1 { "item" } else { "items" }),
        };
        self.push(Reason::TooMany, path, with_detail(format!("Too many: {count}"), &detail));
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty() && self.declared.is_empty()
    }

    /// How many things are wrong.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Go: `ErrorList.ToAggregate().Error()`: each message once, in brackets where there are several.
    pub fn aggregate(&self) -> String {
        let mut texts: Vec<String> = Vec::new();
        for error in &self.found {
            let text = format!("{}: {}", error.path, error.message);
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        match &texts[..] {
            [only] => only.clone(),
            several => format!("[{}]", several.join(", ")),
        }
    }
}

/// Go: `FieldImmutableErrorMsg`
pub const IMMUTABLE: &str = "field is immutable";

fn with_detail(mut message: String, detail: &str) -> String {
    if !detail.is_empty() {
        message.push_str(": ");
        message.push_str(detail);
    }
    message
}
