//! Rules about the text of templates.

use std::ops::Range;

use crate::policy::Rule;

mod cluster_lookup;
mod release_identity;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[&cluster_lookup::RULE, &release_identity::RULE];

/// The actions of a template, from `{{` to `}}`; comments are left out.
fn actions(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("{{").map(|at| from + at) {
        let end = text[start..].find("}}").map_or(text.len(), |at| start + at + 2);
        let inner = text[start + 2..].trim_start_matches('-').trim_start();
        if !inner.starts_with("/*") {
            found.push(start..end);
        }
        from = end.max(start + 2);
    }
    found
}

/// Where an action calls the function; its name in a string, or as a part of another name, is no call.
fn calls(text: &str, action: &Range<usize>, function: &str) -> Vec<usize> {
    let part = &text[action.clone()];
    let outside_strings = |at: usize| part[..at].matches(['"', '`']).count().is_multiple_of(2);
    let apart =
        |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '-'));
    let is_call = |at: &usize| {
        let before = part[..*at].chars().next_back().filter(|c| *c != '-');
        let after = part[at + function.len()..].chars().next();
        apart(before) && apart(after) && outside_strings(*at)
    };
    part.match_indices(function).map(|(at, _)| at).filter(is_call).map(|at| action.start + at).collect()
}
