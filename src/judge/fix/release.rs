//! [`Release`]: what a chart renders to with a set of values, as far as mending compares it: the documents in their order,
//! each as data, and the notes.

use serde_json::Value;

use crate::chart::Chart;
use crate::diagnostic::{Edit, ObjectId};
use crate::judge::documents::Documents;
use crate::judge::inputs::Inputs;
use crate::judge::{Failed, rendered};
use crate::manifest::{HelmVersion, edit, workload};
use crate::path::FieldPath;
use crate::policy::Document;
use crate::values::User;
use crate::yaml::{self, Node};

/// What was rendered.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    documents: Vec<Rendered>,
    notes: String,
}

/// Edits of an object: in which document, where in it, what.
pub type Edits<'a> = (usize, &'a FieldPath, &'a [Edit]);

/// A document.
#[derive(Clone, Debug, PartialEq)]
struct Rendered {
    template: String,
    text: String,
    says: Value,
}

impl Rendered {
    fn new(document: &Document, text: &str) -> Rendered {
        Rendered { template: document.template.clone(), text: text.to_owned(), says: document.node.to_json() }
    }

    fn id(&self) -> ObjectId {
        yaml::parse(&self.text).map(|node| workload::object_id(&node)).unwrap_or_default()
    }
}

impl Release {
    /// What the chart renders to with these values.
    ///
    /// # Errors
    /// Why it does not.
    pub fn new(chart: &Chart, inputs: &Inputs, user: &User) -> Result<Release, String> {
        let why = |failed: Failed| failed.why.message;
        let rendered = rendered(chart, inputs, user, HelmVersion::Helm3, false).map_err(why)?;
        if let Some(error) = rendered.failures.first() {
            return Err(error.to_string());
        }
        let (sorted, unreadable) = rendered.executed.sort_each(HelmVersion::Helm4);
        if let Some(error) = unreadable.first() {
            return Err(error.to_string());
        }
        let documents = Documents::of_release(&rendered.executed, &sorted, str::to_owned);
        let documents = documents.map_err(|error| error.cause.to_string())?;
        let subject = documents.subject(None, None, "", Vec::new());
        let documents = subject.documents.iter();
        Ok(Release {
            documents: documents
                .map(|document| Rendered::new(document, document.text(&subject.text)))
                .collect(),
            notes: rendered.executed.notes.to_string(),
        })
    }

    /// The release with edits of objects.
    ///
    /// # Errors
    /// An edit has no place.
    pub fn edited(&self, edits: &[Edits<'_>]) -> Result<Release, String> {
        let mut edited = self.clone();
        let mut left: Vec<Edits<'_>> = edits.to_vec();
        while let Some((number, object, _)) = left.first().copied() {
            let (own, others): (Vec<Edits<'_>>, Vec<_>) =
                left.into_iter().partition(|(at, path, _)| *at == number && *path == object);
            let all: Vec<Edit> = own.iter().flat_map(|(.., edits)| edits.iter().cloned()).collect();
            left = others;
            let Some(document) = edited.documents.get_mut(number) else { continue };
            let text = edit::apply(&document.text, object, &all).map_err(|error| error.to_string())?;
            document.text = text.unwrap_or_default();
            document.says = yaml::parse(&document.text).unwrap_or_else(|_| Node::null()).to_json();
        }
        Ok(edited)
    }

    /// The first thing in which another release differs.
    pub fn difference(&self, other: &Release) -> Option<String> {
        if self.documents.len() != other.documents.len() {
            return Some(format!(
                "which objects there are ({} instead of {})",
                other.documents.len(),
                self.documents.len()
            ));
        }
        for (own, others) in self.documents.iter().zip(&other.documents) {
            if own.template != others.template {
                return Some(format!("the order of {} and {}", own.template, others.template));
            }
            if let Some(path) = differs(&own.says, &others.says, &FieldPath::root()) {
                return Some(if path.is_root() {
                    own.id().to_string()
                } else {
                    format!("{} {path}", own.id())
                });
            }
        }
        (self.notes != other.notes).then(|| "the notes".to_owned())
    }
}

/// The first place in which two values differ.
fn differs(one: &Value, other: &Value, path: &FieldPath) -> Option<FieldPath> {
    match (one, other) {
        _ if one == other => None,
        (Value::Object(one), Value::Object(other)) => {
            let keys = one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)));
            keys.into_iter().find_map(|key| match (one.get(key), other.get(key)) {
                (Some(one), Some(other)) => differs(one, other, &path.key(key)),
                _ => Some(path.key(key)),
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let items = one.iter().zip(other).enumerate();
            items.into_iter().find_map(|(at, (one, other))| differs(one, other, &path.index(at)))
        }
        _ => Some(path.clone()),
    }
}
