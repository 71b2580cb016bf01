//! Mends rendered documents: applies the fixes of findings round by round, until there is none left to apply.
//!
//! In a round, fixes go by object in the order of the text, then by the code of the rule, then from the last place to the
//! first. Of two that touch the same field the first wins, and the next round sees the result. A fix after which its finding
//! is still there is taken back. Read [`mend`] first; how the text is edited is in [`edit`].

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, ObjectId};
use crate::manifest::{HelmVersion, edit, split, workload};
use crate::path::FieldPath;
use crate::path::Step;
use crate::source::SourceFile;
use crate::yaml::{self, Node};

use super::brief::brief;
use super::driver::check;
use super::level::Mode;
use super::profile::Profile;
use super::rule::Rule;
use super::subject::{Document, Role, Subject};

/// More rounds than fixes need that follow from each other; those that chase each other end here.
const ROUNDS: usize = 16;

/// What mending made of a release.
#[derive(Debug)]
pub struct Mended {
    /// The release, mended.
    pub subject: Subject,
    /// What was changed, a line each: `POD101 host-network: Pod/web spec.hostNetwork set to false (was true)`.
    pub changes: Vec<String>,
    /// Fixes that were not applied.
    pub refused: Vec<Refusal>,
    /// How many findings are left whose fixes are less safe than was asked for.
    pub withheld: usize,
}

/// A fix that was not applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Whose: `POD101 host-network: Pod/web spec.hostNetwork`
    pub fix: String,
    /// Why, as a sentence without a full stop.
    pub why: String,
}

/// Mends what the profile's rules find, with fixes that are at least so safe.
pub fn mend(
    mut subject: Subject,
    rules: &[&'static Rule],
    profile: &Profile,
    mode: Mode,
    least: Applicability,
) -> Mended {
    let mut refused: BTreeMap<Key, String> = BTreeMap::new();
    let mut changes = Vec::new();
    let look = |subject: &Subject| {
        let mut found = check(subject, rules, profile, mode);
        // Values are mended in their files.
        found.retain(|diagnostic| diagnostic.origin.values.is_empty());
        found
    };
    let mut found = look(&subject);
    for _ in 0..ROUNDS {
        let round = Round::new(&subject, &found, least, &refused);
        refused.extend(round.impossible);
        if round.applied.is_empty() {
            break;
        }
        let (text, documents) = assemble(round.drafts, tail(&subject));
        let before = (std::mem::replace(&mut subject.text, text), std::mem::take(&mut subject.documents));
        subject.documents = documents;
        let found_after = look(&subject);
        let left = found_after.iter().filter(|diagnostic| diagnostic.fix.is_some()).map(key);
        let stubborn: Vec<Key> = left.filter(|key| round.applied.contains(key)).collect();
        if stubborn.is_empty() {
            changes.extend(round.changes);
            found = found_after;
        } else {
            (subject.text, subject.documents) = before;
            let why = "after it the rule finds the same again";
            refused.extend(stubborn.into_iter().map(|key| (key, why.to_owned())));
        }
    }
    for diagnostic in &found {
        if diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability >= least) {
            let why = || format!("{ROUNDS} rounds of fixes did not come to an end");
            refused.entry(key(diagnostic)).or_insert_with(why);
        }
    }
    let is_withheld = |diagnostic: &&Diagnostic| {
        let fix = diagnostic.fix.as_ref().map(|fix| fix.applicability);
        fix.is_some_and(|fix| fix < least && fix > Applicability::DisplayOnly)
    };
    let withheld = found.iter().filter(is_withheld).count();
    let refused = refused.into_iter().map(|(key, why)| Refusal { fix: key.to_string(), why }).collect();
    Mended { subject, changes, refused, withheld }
}

/// What makes a finding the same after a round: its rule, object, field and words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    code: &'static str,
    name: &'static str,
    object: Option<ObjectId>,
    field: Option<FieldPath>,
    message: String,
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}:", self.code, self.name)?;
        match (&self.object, &self.field) {
            (Some(object), Some(field)) => write!(f, " {object} {field}"),
            (Some(object), None) => write!(f, " {object}"),
            (None, _) => write!(f, " {}", self.message),
        }
    }
}

fn key(diagnostic: &Diagnostic) -> Key {
    Key {
        code: diagnostic.code,
        name: diagnostic.name,
        object: diagnostic.location.object.clone(),
        field: diagnostic.location.field.clone(),
        message: diagnostic.message.clone(),
    }
}

/// A document while it is mended, with the text between it and the one before.
struct Draft {
    lead: String,
    /// Nothing once the object was dropped.
    text: Option<String>,
    node: Rc<Node>,
    /// As it was when the round began.
    before: Rc<Node>,
    origin: Origin,
    /// What earlier fixes of this round touched.
    touched: Vec<Touch>,
    is_apart: bool,
}

/// Where a document comes from; mending does not change it.
#[derive(Clone)]
struct Origin {
    source: String,
    template: String,
    offset: usize,
    role: Role,
}

impl Origin {
    fn document(self, node: Rc<Node>, start: usize, end: usize) -> Document {
        let Origin { source, template, offset, role } = self;
        Document { source, template, offset, node, start, end, role }
    }
}

/// A field that an edit touches.
struct Touch {
    path: FieldPath,
    removes: bool,
}

impl Touch {
    /// Whether an edit of the path must wait for what this one leaves.
    fn hinders(&self, path: &FieldPath) -> bool {
        let (own, other) = (self.path.steps(), path.steps());
        if own.starts_with(other) || other.starts_with(own) {
            return true;
        }
        // The items behind one that was removed have moved.
        let Some((Step::Index(removed), list)) = own.split_last().filter(|_| self.removes) else {
            return false;
        };
        other.starts_with(list) && matches!(other.get(list.len()), Some(Step::Index(at)) if at > removed)
    }
}

/// One round: which fixes were applied, and what came of it.
struct Round {
    drafts: Vec<Draft>,
    applied: BTreeSet<Key>,
    impossible: Vec<(Key, String)>,
    changes: Vec<String>,
}

impl Round {
    fn new(
        subject: &Subject,
        found: &[Diagnostic],
        least: Applicability,
        refused: &BTreeMap<Key, String>,
    ) -> Round {
        let mut fixes: Vec<(&Diagnostic, &Fix)> = found
            .iter()
            .filter_map(|diagnostic| Some((diagnostic, diagnostic.fix.as_ref()?)))
            .filter(|(diagnostic, fix)| fix.applicability >= least && !refused.contains_key(&key(diagnostic)))
            .collect();
        fixes.sort_by_key(|(diagnostic, _)| {
            let location = &diagnostic.location;
            (&location.target, diagnostic.code, Reverse(location.rendered))
        });
        let mut round = Round {
            drafts: drafts(subject),
            applied: BTreeSet::new(),
            impossible: Vec::new(),
            changes: Vec::new(),
        };
        for (diagnostic, fix) in fixes {
            round.apply(diagnostic, fix);
        }
        round
    }

    /// Applies a fix, unless an earlier one of the round is in its way.
    fn apply(&mut self, diagnostic: &Diagnostic, fix: &Fix) {
        let Some(target) = &diagnostic.location.target else { return };
        let Some(draft) = self.drafts.get_mut(target.document) else { return };
        let Some(text) = &draft.text else { return };
        let object = &target.path;
        let touches: Vec<Touch> = fix.edits.iter().map(|edit| touch(&draft.before, object, edit)).collect();
        if touches.iter().any(|touch| draft.touched.iter().any(|earlier| earlier.hinders(&touch.path))) {
            return;
        }
        let edited = match edit::apply(text, object, &fix.edits) {
            Ok(edited) => edited,
            // Perhaps an earlier fix left no place for it, and the next round has one.
            Err(_) if !draft.touched.is_empty() => return,
            Err(error) => return self.impossible.push((key(diagnostic), error.to_string())),
        };
        let said = fix.edits.iter().filter_map(|edit| describe(draft, object, edit));
        let head = format!("{} {}:", diagnostic.code, diagnostic.name);
        self.changes.extend(said.map(|said| format!("{head} {said}")));
        self.applied.insert(key(diagnostic));
        draft.is_apart |= fix.edits.contains(&Edit::Expand);
        if let Some(node) = edited.as_ref().and_then(|text| yaml::parse(text).ok()) {
            draft.node = Rc::new(node);
        }
        draft.text = edited;
        draft.touched.extend(touches);
    }
}

fn touch(document: &Node, object: &FieldPath, edit: &Edit) -> Touch {
    let at = |path: &FieldPath| by_index(document, &object.join(path));
    match edit {
        Edit::Set { path, .. } => Touch { path: at(path), removes: false },
        Edit::Remove { path } => Touch { path: at(path), removes: true },
        Edit::Drop | Edit::Expand => Touch { path: object.clone(), removes: true },
    }
}

/// The path with indexes for the names of list items, so that two paths to one field are the same.
fn by_index(document: &Node, path: &FieldPath) -> FieldPath {
    let mut node = Some(document);
    let mut found = FieldPath::root();
    for step in path.steps() {
        let items = node.map_or(&[][..], Node::items);
        let named = match step {
            Step::Item(name) | Step::Key(name) => {
                items.iter().position(|item| item.get("name").and_then(Node::as_str) == Some(name))
            }
            Step::Index(_) => None,
        };
        let step = named.map_or_else(|| step.clone(), Step::Index);
        node = node.and_then(|node| FieldPath::root().then(step.clone()).lookup(node));
        found = found.then(match step {
            Step::Item(key) => Step::Key(key),
            step => step,
        });
    }
    found
}

/// What an edit changes, in words; nothing where the field is so already.
fn describe(draft: &Draft, object: &FieldPath, edit: &Edit) -> Option<String> {
    let node = object.lookup(&draft.node)?;
    let id = workload::object_id(node);
    let old = |path: &FieldPath| path.lookup(node).map(Node::to_json);
    // What a Secret holds is nobody's business.
    let was =
        |old: &Value| if id.kind == "Secret" { String::new() } else { format!(" (was {})", brief(old)) };
    Some(match edit {
        Edit::Set { path, .. } if path.is_root() => format!("{id} written anew as block YAML"),
        Edit::Set { path, value } => match old(path) {
            Some(old) if old == *value => return None,
            Some(old) => format!("{id} {path} set to {}{}", brief(value), was(&old)),
            None => format!("{id} {path} set to {}", brief(value)),
        },
        Edit::Remove { path } => format!("{id} {path} removed{}", was(&old(path)?)),
        Edit::Drop => {
            let source = draft.origin.source.as_str();
            let of = if source.is_empty() { String::new() } else { format!(" of {source}") };
            // What has no name is known by what it says.
            let was = if id.name.is_empty() { was(&node.to_json()) } else { String::new() };
            format!("{id}{of} dropped{was}")
        }
        Edit::Expand => {
            let names: Vec<String> =
                workload::objects(node).iter().map(|object| object.id.to_string()).collect();
            format!("{id} taken apart into {}", names.join(", "))
        }
    })
}

fn drafts(subject: &Subject) -> Vec<Draft> {
    let mut end = 0;
    let draft = |document: &Document| {
        let lead = subject.text.text().get(end..document.start).unwrap_or_default().to_owned();
        end = document.end;
        Draft {
            lead,
            text: Some(document.text(&subject.text).to_owned()),
            node: document.node.clone(),
            before: document.node.clone(),
            origin: Origin {
                source: document.source.clone(),
                template: document.template.clone(),
                offset: document.offset,
                role: document.role,
            },
            touched: Vec::new(),
            is_apart: false,
        }
    };
    subject.documents.iter().map(draft).collect()
}

/// The text behind the last document.
fn tail(subject: &Subject) -> &str {
    let end = subject.documents.last().map_or(0, |document| document.end);
    subject.text.text().get(end..).unwrap_or_default()
}

/// The text of the drafts, and where the documents are in it.
fn assemble(drafts: Vec<Draft>, tail: &str) -> (SourceFile, Vec<Document>) {
    let mut whole = String::new();
    let mut documents = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let Some(text) = draft.text else { continue };
        let lead = if whole.is_empty() { draft.lead.trim_start_matches('\n') } else { &draft.lead };
        whole.push_str(lead);
        if !draft.is_apart {
            let start = whole.len();
            whole.push_str(&text);
            documents.push(draft.origin.document(draft.node, start, whole.len()));
            continue;
        }
        let separator = lead.find("---").map_or("---\n", |at| &lead[at..]);
        for (at, range) in split::split(&text, HelmVersion::Helm4).into_iter().enumerate() {
            if at > 0 {
                whole.push_str(separator);
            }
            let text = &text[range];
            let (start, node) = (whole.len(), yaml::parse(text).unwrap_or_else(|_| Node::null()));
            whole.push_str(text);
            documents.push(draft.origin.clone().document(Rc::new(node), start, whole.len()));
        }
    }
    if !documents.is_empty() {
        whole.push_str(tail);
    }
    (SourceFile::new("rendered manifests", whole), documents)
}
