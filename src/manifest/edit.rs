//! Edits of a YAML document that leave every other byte alone: comments, key order and quoting of what is not edited stay.
//!
//! [`apply`] is the way in. Each edit is made in the text and, beside it, in a plain JSON model. Where the text does not read
//! back as the model, as when an anchor's other users would change too, it is tried once more with each alias replaced by
//! what it stands for; where that does not help (merge keys, odd layouts), the document is written anew from the model.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;

use serde_json::{Map, Value};

use super::workload;
use crate::diagnostic::Edit;
use crate::path::{FieldPath, Step};
use crate::yaml::edit::{inline, is_collection};
use crate::yaml::{self, Data, Entry, Node};

pub use crate::yaml::edit::block;

/// Why an edit cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The document is not YAML.
    Yaml(String),
    /// The path leads through something that is neither map nor list, or to a list item that is not there.
    NoPlace(FieldPath),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Yaml(error) => f.write_str(error),
            Error::NoPlace(path) => write!(f, "the object has no place for `{path}`"),
        }
    }
}

impl std::error::Error for Error {}

/// The document with the edits made in order. Their paths are relative to the object at `object`, and are those of the
/// document as it is given: where one edit takes an item out of a list, the indexes of the others still mean the items that
/// they meant. `None` means that the object was dropped and nothing is left of the document; a list that was taken apart is
/// several documents, with lines of `---` between them.
///
/// # Errors
/// See [`Error`].
pub fn apply(text: &str, object: &FieldPath, edits: &[Edit]) -> Result<Option<String>, Error> {
    let given = text;
    let mut text = given.to_owned();
    let mut gone = Vec::new();
    for edit in edits {
        match edit {
            Edit::Drop if object.is_root() => return Ok(None),
            Edit::Drop => text = change(&text, object, None)?,
            Edit::Expand => text = take_apart(&text)?,
            Edit::Set { path, value } => {
                let path = object.join(path);
                let now = shifted(&path, &gone).ok_or(Error::NoPlace(path))?;
                text = change(&text, &now, Some(value))?;
            }
            Edit::Remove { path } => {
                let path = object.join(path);
                // What is in an item that is gone is gone too.
                let Some(now) = shifted(&path, &gone) else { continue };
                text = change(&text, &now, None)?;
                gone.extend(item_at(given, &path));
            }
        }
    }
    Ok(Some(text))
}

/// The list and the index of the item that a path leads to, if it leads to one.
fn item_at(text: &str, path: &FieldPath) -> Option<(FieldPath, usize)> {
    let (list, step) = (path.parent()?, path.steps().last()?);
    let at = match step {
        Step::Index(index) => *index,
        Step::Key(name) | Step::Item(name) => {
            let node = yaml::parse(text).ok()?;
            let named = |item: &Node| item.get("name").and_then(Node::as_str) == Some(name);
            list.lookup(&node)?.items().iter().position(named)?
        }
    };
    Some((list, at))
}

/// The path of a field now that items of lists are gone; `None` where it was in one of them.
fn shifted(path: &FieldPath, gone: &[(FieldPath, usize)]) -> Option<FieldPath> {
    let mut steps = path.steps().to_vec();
    for (list, index) in gone {
        let depth = list.steps().len();
        let (Some(Step::Index(given)), true) =
            (path.steps().get(depth), path.steps().starts_with(list.steps()))
        else {
            continue;
        };
        match given.cmp(index) {
            Ordering::Less => {}
            Ordering::Equal => return None,
            Ordering::Greater => {
                if let Step::Index(now) = &mut steps[depth] {
                    *now -= 1;
                }
            }
        }
    }
    Some(FieldPath::new(steps))
}

/// The items of a list as documents of their own, each in the words of the list where its layout allows.
fn take_apart(text: &str) -> Result<String, Error> {
    let node = yaml::parse(text).map_err(|error| Error::Yaml(error.to_string()))?;
    let lead = leading_comments(text);
    let sources = || lead.lines().filter(|line| line.starts_with("# Source: "));
    let document = |(at, object): (usize, workload::Object<'_>)| {
        let lead =
            if at == 0 { lead.to_owned() } else { sources().map(|line| format!("{line}\n")).collect() };
        format!("{lead}{}\n", item(text, object.node))
    };
    Ok(workload::objects(&node).into_iter().enumerate().map(document).collect::<Vec<_>>().join("---\n"))
}

/// An item of a list as it is written, moved to the left; written anew where it does not read the same there.
fn item(text: &str, node: &Node) -> String {
    let start = node.span.start as usize;
    let indent = column(text, start);
    let written = text.get(start..content_end(text, node)).unwrap_or_default();
    let moved = |line: &str| {
        let spaces = line.bytes().take(indent).take_while(|byte| *byte == b' ').count();
        line[spaces..].to_owned()
    };
    let text = written.lines().map(moved).collect::<Vec<_>>().join("\n");
    let model = node.to_json();
    let same = yaml::parse(format!("{text}\n")).is_ok_and(|node| node.to_json() == model);
    if same && !text.starts_with('{') { text } else { block(&model) }
}

/// One edit: a value sets the field, none removes it.
fn change(text: &str, path: &FieldPath, value: Option<&Value>) -> Result<String, Error> {
    let node = yaml::parse(text).map_err(|error| Error::Yaml(error.to_string()))?;
    let before = node.to_json();
    let mut model = before.clone();
    edit_model(&mut model, path.steps(), value).ok_or_else(|| Error::NoPlace(path.clone()))?;
    let reads = |text: &str, model: &Value| yaml::parse(text).is_ok_and(|node| node.to_json() == *model);
    let edit = |text: &str, node: &Node| {
        let edited = match value {
            Some(value) => set(text, node, path.steps(), value),
            None => remove(text, node, path.steps()),
        };
        edited.filter(|edited| reads(edited, &model))
    };
    let without_aliases = || {
        let text = without_aliases(text, &node).filter(|text| reads(text, &before))?;
        edit(&text, &yaml::parse(&text).ok()?)
    };
    let edited = edit(text, &node).or_else(without_aliases);
    Ok(edited.unwrap_or_else(|| format!("{}{}", leading_comments(text), block(&model))))
}

/// The text with what each alias stands for in its place; `None` where there is no alias that is the value of a key.
fn without_aliases(text: &str, node: &Node) -> Option<String> {
    let mut found = Vec::new();
    aliases(text, node, &mut found);
    found.sort_by_key(|(range, _)| range.start);
    let replaced = found.iter().rev().fold(text.to_owned(), |text, (range, node)| {
        format!("{}{}{}", &text[..range.start], inline(&node.to_json()), &text[range.end..])
    });
    (!found.is_empty()).then_some(replaced)
}

/// Each alias that is the value of a key, with where it stands and what it stands for.
fn aliases<'a>(text: &str, node: &'a Node, found: &mut Vec<(Range<usize>, &'a Node)>) {
    node.items().iter().for_each(|item| aliases(text, item, found));
    for entry in node.entries() {
        match alias(text, entry) {
            Some(range) => found.push((range, &entry.value)),
            None => aliases(text, &entry.value, found),
        }
    }
}

/// Where the alias stands that is written for the value of an entry, if one is.
fn alias(text: &str, entry: &Entry) -> Option<Range<usize>> {
    let colon = after_colon(text, entry);
    let rest = text.get(colon..)?;
    let start = colon + rest.find(|c: char| c != ' ')?;
    let written = &text[start..];
    let end = written.find([' ', '\n', '\r', '\t', ',', ']', '}']).unwrap_or(written.len());
    written.starts_with('*').then_some(start..start + end)
}

/// The edit in the model; `None` where there is no place for it. Removing what is not there is no error.
fn edit_model(model: &mut Value, steps: &[Step], value: Option<&Value>) -> Option<()> {
    let Some((step, rest)) = steps.split_first() else {
        *model = value?.clone();
        return Some(());
    };
    if model.is_null() && value.is_some() {
        *model = Value::Object(Map::new());
    }
    match model {
        Value::Object(entries) => {
            let key = step.as_key().into_owned();
            if rest.is_empty() && value.is_none() {
                entries.remove(&key);
                return Some(());
            }
            if value.is_none() && !entries.contains_key(&key) {
                return Some(());
            }
            edit_model(entries.entry(key).or_insert(Value::Null), rest, value)
        }
        Value::Array(items) => {
            let at = match step {
                Step::Index(index) => (*index < items.len()).then_some(*index),
                Step::Item(name) | Step::Key(name) => {
                    items.iter().position(|item| item.get("name").and_then(Value::as_str) == Some(name))
                }
            };
            if rest.is_empty() && value.is_none() {
                items.remove(at?);
                return Some(());
            }
            edit_model(items.get_mut(at?)?, rest, value)
        }
        _ => None,
    }
}

/// Sets a field in the text. `None` where the layout is beyond this function.
fn set(text: &str, root: &Node, steps: &[Step], value: &Value) -> Option<String> {
    let place = Place::find(root, steps);
    if place.missing.is_empty() {
        return Some(replace(text, &place, value));
    }
    // What is missing below the nearest ancestor becomes part of the value.
    let (first, below) = place.missing.split_first()?;
    let value = below.iter().rev().fold(value.clone(), |value, step| {
        Value::Object(Map::from_iter([(step.as_key().into_owned(), value)]))
    });
    let key = first.as_key().into_owned();
    match &place.node.data {
        Data::Map(entries) if !entries.is_empty() => insert_entry(text, place.node, entries, &key, &value),
        Data::Map(_) | Data::Null => {
            Some(replace(text, &place, &Value::Object(Map::from_iter([(key, value)]))))
        }
        _ => None,
    }
}

/// Where a path leads in a document.
struct Place<'a> {
    /// The field, or its nearest ancestor that exists.
    node: &'a Node,
    /// The entry of a map that holds `node`, if one does.
    entry: Option<&'a Entry>,
    /// The map or list that holds `node`, if there is one.
    parent: Option<&'a Node>,
    /// The steps that lead on from `node` to the field.
    missing: &'a [Step],
}

impl<'a> Place<'a> {
    fn find(root: &'a Node, steps: &'a [Step]) -> Place<'a> {
        let mut place = Place { node: root, entry: None, parent: None, missing: steps };
        while let Some((step, rest)) = place.missing.split_first() {
            let (node, entry) = match (&place.node.data, step) {
                (Data::Map(_), step) => match place.node.entry(&step.as_key()) {
                    Some(entry) => (&entry.value, Some(entry)),
                    None => break,
                },
                (Data::Seq(items), Step::Index(index)) => match items.get(*index) {
                    Some(item) => (item, None),
                    None => break,
                },
                (Data::Seq(items), Step::Item(name) | Step::Key(name)) => {
                    match items.iter().find(|item| item.get("name").and_then(Node::as_str) == Some(name)) {
                        Some(item) => (item, None),
                        None => break,
                    }
                }
                _ => break,
            };
            place = Place { node, entry, parent: Some(place.node), missing: rest };
        }
        place
    }
}

/// Replaces the value at a place: in one line where it fits there, else as a block one level deeper.
fn replace(text: &str, place: &Place, value: &Value) -> String {
    let start = place.node.span.start as usize;
    let written = place.entry.and_then(|entry| alias(text, entry));
    let end = written.map_or_else(|| content_end(text, place.node).max(start), |alias| alias.end);
    let flow = place.parent.is_some_and(|parent| is_flow(text, parent));
    match place.entry {
        Some(entry) if is_collection(value) && !flow => {
            let indent = column(text, entry.key_span.start as usize) + 2;
            let colon = after_colon(text, entry);
            // The rest of the key's line, a comment perhaps, stays where the old value began further down.
            format!("{}\n{}{}", &text[..colon], indented(value, indent), &text[end.max(colon)..])
        }
        Some(entry) => {
            let colon = after_colon(text, entry);
            format!("{} {}{}", &text[..colon], inline(value), &text[end.max(colon)..])
        }
        None if is_collection(value) && !flow => {
            let indent = column(text, start);
            format!("{}{}{}", &text[..start], indented(value, indent).trim_start(), &text[end..])
        }
        None => format!("{}{}{}", &text[..start], inline(value), &text[end..]),
    }
}

/// Adds an entry at the end of a map that has some.
fn insert_entry(text: &str, map: &Node, entries: &[Entry], key: &str, value: &Value) -> Option<String> {
    let last = entries.last()?;
    let end = content_end(text, &last.value).max(after_colon(text, last));
    if is_flow(text, map) {
        return Some(format!("{}, {}: {}{}", &text[..end], inline(&key.into()), inline(value), &text[end..]));
    }
    let indent = column(text, entries.first()?.key_span.start as usize);
    let entry = indented(&Value::Object(Map::from_iter([(key.to_owned(), value.clone())])), indent);
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    Some(format!("{}\n{entry}{}", &text[..line_end], &text[line_end..]))
}

/// Removes a field from the text. `None` where the layout is beyond this function.
fn remove(text: &str, root: &Node, steps: &[Step]) -> Option<String> {
    let place = Place::find(root, steps);
    if !place.missing.is_empty() {
        return Some(text.to_owned());
    }
    let parent = place.parent?;
    let start = place.entry.map_or(place.node.span.start, |entry| entry.key_span.start) as usize;
    let ends = |node: &Node| content_end(text, node);
    let siblings: Vec<(usize, usize)> = match &parent.data {
        Data::Map(entries) => entries
            .iter()
            .map(|entry| (entry.key_span.start as usize, ends(&entry.value).max(after_colon(text, entry))))
            .collect(),
        Data::Seq(items) => items.iter().map(|item| (item.span.start as usize, ends(item))).collect(),
        _ => return None,
    };
    let at = siblings.iter().position(|(sibling, _)| *sibling == start)?;
    if siblings.len() == 1 {
        let empty = if matches!(parent.data, Data::Map(_)) { "{}" } else { "[]" };
        let parent_steps = &steps[..steps.len() - 1];
        return if parent_steps.is_empty() { None } else { set_raw(text, root, parent_steps, empty) };
    }
    let (_, end) = siblings[at];
    if is_flow(text, parent) {
        let (from, to) = match siblings.get(at + 1) {
            Some((next, _)) => (start, *next),
            None => (siblings[at - 1].1, end),
        };
        return Some(format!("{}{}", &text[..from], &text[to..]));
    }
    let line = line_start(text, start);
    let lead = text[line..start].trim();
    if lead.is_empty() || (lead == "-" && matches!(parent.data, Data::Seq(_))) {
        let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        return Some(format!("{}{}", &text[..line], &text[line_end..]));
    }
    // The first entry of a list item shares its line with the dash: the next entry moves up.
    let (next, _) = siblings.get(at + 1)?;
    Some(format!("{}{}", &text[..start], &text[*next..]))
}

/// Replaces the collection at the path by an empty one.
fn set_raw(text: &str, root: &Node, steps: &[Step], empty: &str) -> Option<String> {
    let place = Place::find(root, steps);
    let end = content_end(text, place.node);
    let from = match place.entry {
        Some(entry) => after_colon(text, entry),
        None => place.node.span.start as usize,
    };
    let space = if place.entry.is_some() { " " } else { "" };
    place.missing.is_empty().then(|| format!("{}{space}{empty}{}", &text[..from], &text[end.max(from)..]))
}

/// The end of what the node itself wrote: without the white space and comments that a parser counts to it.
fn content_end(text: &str, node: &Node) -> usize {
    let span = node.span.range();
    let last = match &node.data {
        Data::Map(entries) if !is_flow(text, node) => {
            entries.iter().map(|entry| content_end(text, &entry.value).max(after_colon(text, entry))).max()
        }
        Data::Seq(items) if !is_flow(text, node) => items.iter().map(|item| content_end(text, item)).max(),
        _ => None,
    };
    last.unwrap_or_else(|| {
        let written = text.get(span.clone()).unwrap_or_default();
        span.start + written.trim_end_matches([' ', '\n', '\r', '\t']).len()
    })
}

/// Just after the colon of an entry.
fn after_colon(text: &str, entry: &Entry) -> usize {
    let end = entry.key_span.end as usize;
    text.get(end..).and_then(|rest| rest.find(':')).map_or(end, |at| end + at + 1)
}

fn is_flow(text: &str, node: &Node) -> bool {
    matches!(node.data, Data::Map(_) | Data::Seq(_))
        && text.get(node.span.range()).is_some_and(|written| written.starts_with(['{', '[']))
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// How many columns stand before the offset on its line; a dash counts like the space that it takes.
fn column(text: &str, offset: usize) -> usize {
    text[line_start(text, offset)..offset].chars().count()
}

/// The comments and markers before the first line of content.
fn leading_comments(text: &str) -> &str {
    let is_lead = |line: &&str| line.trim().is_empty() || line.starts_with('#') || line.starts_with("---");
    let length = text.split_inclusive('\n').take_while(is_lead).map(str::len).sum();
    &text[..length]
}

fn indented(value: &Value, indent: usize) -> String {
    let lines: Vec<String> = block(value)
        .lines()
        .map(|line| if line.is_empty() { String::new() } else { format!("{:indent$}{line}", "") })
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const POD: &str = "\
# Source: a
spec:
  # keep me
  hostNetwork: true # why
  containers:
  - name: main
    image: \"a:1\"
    ports:
    - hostPort: 80
      containerPort: 80
    securityContext: {}
  - {name: side, image: b}
  nodeSelector:
    disk: ssd
";

    fn edit(edits: &[Edit]) -> String {
        apply(POD, &FieldPath::root(), edits).expect("the edit has a place").expect("the object stays")
    }

    fn set(path: &str, value: Value) -> Edit {
        Edit::Set { path: path.parse().expect("a field path"), value }
    }

    fn remove(path: &str) -> Edit {
        Edit::Remove { path: path.parse().expect("a field path") }
    }

    /// The lines that differ, as a diff without context.
    fn changed(edits: &[Edit]) -> String {
        let after = edit(edits);
        let diff = similar::TextDiff::from_lines(POD, &after);
        diff.iter_all_changes()
            .filter(|change| change.tag() != similar::ChangeTag::Equal)
            .map(|change| format!("{}{}", change.tag(), change.value()))
            .collect()
    }

    #[test]
    fn sets_scalars_in_place() {
        let want = "-  hostNetwork: true # why\n+  hostNetwork: false # why\n";
        assert_eq!(changed(&[set("spec.hostNetwork", json!(false))]), want);
        let want = "-    image: \"a:1\"\n+    image: b:2\n";
        assert_eq!(changed(&[set("spec.containers[main].image", json!("b:2"))]), want);
        let want = "-  - {name: side, image: b}\n+  - {name: side, image: c}\n";
        assert_eq!(changed(&[set("spec.containers[side].image", json!("c"))]), want);
    }

    #[test]
    fn creates_what_is_missing() {
        let want = "-    securityContext: {}\n+    securityContext:\n+      capabilities:\n+        drop:\n+        - ALL\n";
        assert_eq!(
            changed(&[set("spec.containers[main].securityContext.capabilities.drop", json!(["ALL"]))]),
            want
        );
        let want = "+  securityContext:\n+    runAsNonRoot: true\n";
        assert_eq!(changed(&[set("spec.securityContext.runAsNonRoot", json!(true))]), want);
        let want = "-  - {name: side, image: b}\n+  - {name: side, image: b, securityContext: {\"privileged\":false}}\n";
        assert_eq!(changed(&[set("spec.containers[side].securityContext.privileged", json!(false))]), want);
    }

    #[test]
    fn removes_whole_entries() {
        assert_eq!(changed(&[remove("spec.hostNetwork")]), "-  hostNetwork: true # why\n");
        assert_eq!(changed(&[remove("spec.nodeSelector")]), "-  nodeSelector:\n-    disk: ssd\n");
        let want = "-    - hostPort: 80\n-      containerPort: 80\n+    - containerPort: 80\n";
        assert_eq!(changed(&[remove("spec.containers[main].ports[0].hostPort")]), want);
        assert_eq!(changed(&[remove("spec.containers[1]")]), "-  - {name: side, image: b}\n");
        let want = "-  nodeSelector:\n-    disk: ssd\n+  nodeSelector: {}\n";
        assert_eq!(changed(&[remove("spec.nodeSelector.disk")]), want);
        assert_eq!(changed(&[remove("spec.containers[main].tty")]), "");
    }

    #[test]
    fn writes_the_document_anew_where_the_text_cannot_be_edited() {
        assert_eq!(
            changed_in("# c\nbase: &b {x: 1}\ncopy: {<<: *b}\n", &[set("copy.x", json!(2))]),
            "# c\nbase:\n  x: 1\ncopy:\n  x: 2"
        );
    }

    /// The text after the edits.
    fn changed_in(text: &str, edits: &[Edit]) -> String {
        apply(text, &FieldPath::root(), edits).expect("the edit has a place").expect("the object stays")
    }

    #[test]
    fn leaves_the_other_users_of_an_anchor_alone() {
        let text = "base: &b {x: 1}\ncopy: *b # mine\nother: *b\n";
        let want = "base: &b {x: 1}\ncopy: none # mine\nother: *b\n";
        assert_eq!(changed_in(text, &[set("copy", json!("none"))]), want);
        let want = "base: &b {x: 1}\ncopy: {\"x\": 2} # mine\nother: {\"x\":1}\n";
        assert_eq!(changed_in(text, &[set("copy.x", json!(2))]), want);
        let want = "base: &b {x: 2}\ncopy: {\"x\":1} # mine\nother: {\"x\":1}\n";
        assert_eq!(changed_in(text, &[set("base.x", json!(2))]), want);
        assert_eq!(changed_in(text, &[remove("copy")]), "base: &b {x: 1}\nother: *b\n");
        let want = "copy: {\"x\":1} # mine\nother: {\"x\":1}\n";
        assert_eq!(changed_in(text, &[remove("base")]), want);
    }

    #[test]
    fn means_the_items_that_were_given() {
        let text = "list: # of letters\n- a\n- b # second\n- c\n- d\n";
        let all = |indexes: &[usize]| {
            let edits: Vec<Edit> = indexes.iter().map(|index| remove(&format!("list[{index}]"))).collect();
            changed_in(text, &edits)
        };
        assert_eq!(all(&[0, 1]), "list: # of letters\n- c\n- d\n");
        assert_eq!(all(&[1, 0, 3]), "list: # of letters\n- c\n");
        assert_eq!(all(&[0, 1, 2, 3]), "list: []\n");
        assert_eq!(all(&[2, 2]), "list: # of letters\n- a\n- b # second\n- d\n");
        let edits = [remove("list[0]"), set("list[2]", json!("C"))];
        assert_eq!(changed_in(text, &edits), "list: # of letters\n- b # second\n- C\n- d\n");
        let edits = [remove("list[0]"), set("list[0]", json!("x"))];
        let error = apply(text, &FieldPath::root(), &edits).expect_err("the item is gone");
        assert_eq!(error.to_string(), "the object has no place for `list[0]`");
        let edits = [remove("spec.containers[main]"), set("spec.containers[1].image", json!("z"))];
        assert!(edit(&edits).contains("- {name: side, image: z}"));
    }

    #[test]
    fn takes_keys_of_any_characters() {
        let keys = ["a.b/c", "x[0]", "quote\"s", "", "colon: here", "# hash", "null", "1", "*star", "ümlaut"];
        for key in keys {
            let path = FieldPath::root().key("metadata").key(key);
            let text = "metadata:\n  plain: 1 # stays\n";
            let added = changed_in(text, &[Edit::Set { path: path.clone(), value: json!("new") }]);
            let node = yaml::parse(&added).expect("it is YAML");
            assert_eq!(node.to_json(), json!({"metadata": {"plain": 1, key: "new"}}));
            assert!(added.contains("plain: 1 # stays"), "{added}");
            let again = changed_in(&added, &[Edit::Set { path: path.clone(), value: json!(2) }]);
            assert_eq!(again, added.replace(": new", ": 2"));
            assert_eq!(changed_in(&again, &[Edit::Remove { path }]).trim_end(), text.trim_end());
        }
    }

    #[test]
    fn writes_numbers_as_they_are() {
        let numbers =
            [json!(20_260_311), json!(9_007_199_254_740_993_i64), json!(u64::MAX), json!(-1), json!(1.5)];
        for number in numbers {
            assert_eq!(changed_in("a: 0\n", &[set("a", number.clone())]), format!("a: {number}\n"));
            let list = changed_in("a: 0\n", &[set("a", json!([number.clone()]))]);
            assert_eq!(list, format!("a:\n  - {number}\n"));
        }
    }

    #[test]
    fn says_where_there_is_no_place() {
        let edited = apply(POD, &FieldPath::root(), &[set("spec.hostNetwork.deeper", json!(1))]);
        let error = edited.expect_err("a boolean has no fields");
        assert_eq!(error.to_string(), "the object has no place for `spec.hostNetwork.deeper`");
        assert_eq!(apply(POD, &FieldPath::root(), &[Edit::Drop]), Ok(None));
    }
}
