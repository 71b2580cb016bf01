//! Edits of a YAML document that leave every other byte alone: comments, key order and quoting of what is not edited stay.
//!
//! [`apply`] is the way in. Each edit is made in the text and, beside it, in a plain JSON model; where the text does not
//! read back as the model (aliases, odd layouts), the document is written anew from the model instead.

use serde_json::{Map, Value};

use super::workload;
use crate::diagnostic::Edit;
use crate::path::{FieldPath, Step};
use crate::yaml::{self, Data, Entry, Node};

/// An edit that the document has no place for, with the reason as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impossible(pub String);

/// The document with the edits made in order, their paths being relative to the object at `object`. `None` means that
/// the object was dropped and nothing is left of the document; a list that was taken apart is several documents, with lines
/// of `---` between them.
///
/// # Errors
/// The text is not YAML, a path leads through something that is neither map nor list, or to a list item that is not there.
pub fn apply(text: &str, object: &FieldPath, edits: &[Edit]) -> Result<Option<String>, Impossible> {
    let mut text = text.to_owned();
    for edit in edits {
        match edit {
            Edit::Drop if object.is_root() => return Ok(None),
            Edit::Drop => text = change(&text, object, None)?,
            Edit::Expand => text = take_apart(&text)?,
            Edit::Set { path, value } => text = change(&text, &object.join(path), Some(value))?,
            Edit::Remove { path } => text = change(&text, &object.join(path), None)?,
        }
    }
    Ok(Some(text))
}

/// The items of a list as documents of their own, each in the words of the list where its layout allows.
fn take_apart(text: &str) -> Result<String, Impossible> {
    let node = yaml::parse(text).map_err(|error| Impossible(error.to_string()))?;
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
fn change(text: &str, path: &FieldPath, value: Option<&Value>) -> Result<String, Impossible> {
    let parse = |text: &str| yaml::parse(text).map_err(|error| Impossible(error.to_string()));
    let node = parse(text)?;
    let mut model = node.to_json();
    edit_model(&mut model, path.steps(), value).ok_or_else(|| no_place(path))?;
    let edited = match value {
        Some(value) => set(text, &node, path.steps(), value),
        None => remove(text, &node, path.steps()),
    };
    match edited {
        Some(edited) if parse(&edited).is_ok_and(|node| node.to_json() == model) => Ok(edited),
        _ => Ok(format!("{}{}", leading_comments(text), block(&model))),
    }
}

fn no_place(path: &FieldPath) -> Impossible {
    Impossible(format!("the object has no place for `{path}`"))
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
    let end = content_end(text, place.node).max(start);
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

fn is_collection(value: &Value) -> bool {
    match value {
        Value::Object(entries) => !entries.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
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

/// The value as block YAML without the line break at its end.
pub fn block(value: &Value) -> String {
    let plain = yaml::json::from_json(value.to_string().as_bytes()).unwrap_or_default();
    let text = yaml::to_yaml(&plain).unwrap_or_default();
    text.trim_end_matches('\n').to_owned()
}

fn indented(value: &Value, indent: usize) -> String {
    let lines: Vec<String> = block(value)
        .lines()
        .map(|line| if line.is_empty() { String::new() } else { format!("{:indent$}{line}", "") })
        .collect();
    lines.join("\n")
}

/// The value on one line: a scalar as YAML writes it, a collection as JSON.
fn inline(value: &Value) -> String {
    let scalar = (!is_collection(value)).then(|| block(value)).filter(|text| !text.contains('\n'));
    scalar.unwrap_or_else(|| value.to_string())
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
        let text = "# c\nbase: &b {x: 1}\ncopy: *b\n";
        let edited = apply(text, &FieldPath::root(), &[set("copy.x", json!(2))]);
        assert_eq!(edited, Ok(Some("# c\nbase:\n  x: 1\ncopy:\n  x: 2".into())));
    }

    #[test]
    fn says_where_there_is_no_place() {
        let edited = apply(POD, &FieldPath::root(), &[set("spec.hostNetwork.deeper", json!(1))]);
        assert_eq!(edited, Err(Impossible("the object has no place for `spec.hostNetwork.deeper`".into())));
        assert_eq!(apply(POD, &FieldPath::root(), &[Edit::Drop]), Ok(None));
    }
}
