//! Whether a place is one that a row is about.

use super::pattern::Hit;
use super::table::Condition;
use crate::yaml::{Data, Node};

/// Whether all that the condition says is so.
pub(super) fn holds(condition: &Condition, hit: &Hit<'_>) -> bool {
    let Condition {
        is,
        key,
        without_key,
        value,
        without_value,
        mentions,
        within,
        stray,
        is_empty,
        unlisted_in,
    } = condition;
    let word = word(hit);
    let said = said(hit.node);
    let some = |regex: &regex_automata::meta::Regex| said.iter().any(|text| regex.is_match(text));
    (is.is_empty() || is.iter().any(|kind| kind == kind_of(hit.node)))
        && key.as_ref().is_none_or(|regex| regex.is_match(&word))
        && without_key.as_ref().is_none_or(|regex| !regex.is_match(&word))
        && value.as_ref().is_none_or(some)
        && without_value.as_ref().is_none_or(|regex| !some(regex))
        && mentions.as_ref().is_none_or(|regex| regex.is_match(&word) || some(regex))
        && within.as_ref().is_none_or(|regex| regex.is_match(&hit.path.to_string()) || some(regex))
        && stray.as_ref().is_none_or(|regex| said.iter().any(|text| !regex.is_match(text)))
        && is_empty.is_none_or(|wanted| is_nothing(hit.node) == wanted)
        && unlisted_in.as_ref().is_none_or(|list| is_unlisted(hit, list))
}

/// The key of a place, or the name of an item.
fn word(hit: &Hit<'_>) -> String {
    let name = hit.node.get("name").and_then(Node::as_str).filter(|_| hit.key.is_none());
    let key = || hit.path.steps().last().map(|step| step.as_key().into_owned());
    name.map(str::to_owned).or_else(key).unwrap_or_default()
}

/// What a scalar says, or each item of a list of them, or the value of an item with a name.
fn said(node: &Node) -> Vec<String> {
    match &node.data {
        Data::Seq(items) => items.iter().filter_map(scalar).collect(),
        Data::Map(_) => {
            node.get("value").filter(|_| node.get("name").is_some()).and_then(scalar).into_iter().collect()
        }
        _ => scalar(node).into_iter().collect(),
    }
}

fn scalar(node: &Node) -> Option<String> {
    match &node.data {
        Data::String(text) => Some(text.clone()),
        Data::Bool(_) | Data::Int(_) | Data::Uint(_) | Data::Float(_) => Some(node.to_json().to_string()),
        Data::Null | Data::Seq(_) | Data::Map(_) => None,
    }
}

fn kind_of(node: &Node) -> &'static str {
    match node.data {
        Data::Null => "null",
        Data::Bool(_) => "boolean",
        Data::Int(_) | Data::Uint(_) | Data::Float(_) => "number",
        Data::String(_) => "string",
        Data::Seq(_) => "list",
        Data::Map(_) => "map",
    }
}

fn is_nothing(node: &Node) -> bool {
    match &node.data {
        Data::Null => true,
        Data::String(text) => text.is_empty(),
        Data::Seq(items) => items.is_empty(),
        Data::Map(entries) => entries.is_empty(),
        _ => false,
    }
}

/// Whether the list beside the place lacks what it says.
fn is_unlisted(hit: &Hit<'_>, list: &str) -> bool {
    let listed = hit.parent.get(list).map(said).unwrap_or_default();
    scalar(hit.node).is_some_and(|word| !listed.contains(&word))
}
