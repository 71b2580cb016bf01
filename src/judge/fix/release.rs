//! [`Release`]: what a chart renders to with a set of values, as far as mending compares it: the documents in their order,
//! each as data, and the notes.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::chart::Chart;
use crate::diagnostic::{Edit, ObjectId};
use crate::judge::inputs::Inputs;
use crate::judge::{Failed, rendered};
use crate::manifest::{HelmVersion, edit, split, workload};
use crate::path::FieldPath;
use crate::values::User;
use crate::yaml::{self, Node};

/// What was rendered.
#[derive(Clone, Debug)]
pub struct Release {
    documents: Vec<Rendered>,
    notes: String,
}

/// Edits of an object: in which document, where in it, what.
pub type Edits<'a> = (usize, &'a FieldPath, &'a [Edit]);

/// A document.
#[derive(Clone, Debug)]
struct Rendered {
    template: String,
    text: String,
    /// What it says, once somebody asks; most documents stay as they are to the byte.
    says: OnceCell<Value>,
}

impl Rendered {
    fn new(template: &str, text: &str) -> Rendered {
        Rendered { template: template.to_owned(), text: text.to_owned(), says: OnceCell::new() }
    }

    fn says(&self) -> &Value {
        self.says.get_or_init(|| yaml::parse(&self.text).unwrap_or_else(|_| Node::null()).to_json())
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
        // In the order of `Documents`, by whose numbers edits name them.
        let mut documents = Vec::new();
        for crd in &rendered.executed.crds {
            let content = crd.text.to_str();
            let ranges = split::split(content.as_ref(), HelmVersion::Helm4);
            documents.extend(ranges.into_iter().map(|range| Rendered::new(&crd.source, &content[range])));
        }
        let hooks = sorted.hooks.iter().map(|hook| &hook.manifest);
        let manifests = sorted.manifests.iter().chain(hooks);
        documents.extend(manifests.map(|it| Rendered::new(&it.source, &it.text.to_str())));
        Ok(Release { documents, notes: rendered.executed.notes.to_string() })
    }

    /// The release with edits of objects.
    ///
    /// # Errors
    /// An edit has no place.
    pub fn edited(&self, edits: &[Edits<'_>]) -> Result<Release, String> {
        let mut edited = self.clone();
        let mut of_objects: BTreeMap<(usize, &FieldPath), Vec<Edit>> = BTreeMap::new();
        for (number, object, edits) in edits {
            of_objects.entry((*number, *object)).or_default().extend_from_slice(edits);
        }
        for ((number, object), all) in of_objects {
            let Some(document) = edited.documents.get_mut(number) else { continue };
            let text = edit::apply(&document.text, object, &all).map_err(|error| error.to_string())?;
            *document = Rendered::new(&document.template, &text.unwrap_or_default());
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
            if own.text == others.text {
                continue;
            }
            if let Some(path) = differs(own.says(), others.says(), &FieldPath::root()) {
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
