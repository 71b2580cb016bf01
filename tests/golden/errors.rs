//! The family `errors`: every format of an error that stands in a Go source is the text of some recorded case of `funcs` or
//! `template`, or a reason says why no chart meets it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use testkit::cases::{self, Case};

/// Checks the formats of a source against what was recorded.
pub fn run(case: &Case) -> Result<(), String> {
    let formats = case.get("formats").or_else(|| case.get("want"));
    let formats = formats.ok_or("nothing recorded: run `cargo xtask oracle`")?;
    let formats: BTreeSet<&str> = formats.lines().collect();
    let unreachable = case.get("unreachable").unwrap_or_default();
    let reasons = reasons(&unreachable)?;
    let mut wrong = Vec::new();
    for format in &formats {
        match (meets(format, &formats), reasons.get(format)) {
            (None, None) => wrong.push(format!("no case meets it: {format}")),
            (Some(met), Some(reason)) => wrong.push(format!("{met} meets it: {format}\n  yet: {reason}")),
            _ => {}
        }
    }
    let gone = reasons.keys().filter(|format| !formats.contains(*format));
    wrong.extend(gone.map(|format| format!("not in the source: {format}")));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// Formats that no chart meets, each followed by an indented line with the reason.
fn reasons(text: &str) -> Result<BTreeMap<&str, &str>, String> {
    let mut reasons = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(format) = lines.next() {
        let reason = lines.next().and_then(|line| line.strip_prefix("  "));
        reasons.insert(format, reason.ok_or(format!("no reason: {format}"))?);
    }
    Ok(reasons)
}

/// The case whose error has that format, and no other one of the source that says more.
fn meets(format: &str, formats: &BTreeSet<&str>) -> Option<&'static str> {
    let wanted = parts(format);
    let length = |parts: &[String]| parts.iter().map(String::len).sum::<usize>();
    let others = formats.iter().map(|other| parts(other));
    let others: Vec<_> = others.filter(|other| length(other) > length(&wanted)).collect();
    let found = recorded().iter().find(|(_, error)| {
        starts(error, &wanted)
            .any(|at| !others.iter().any(|other| starts(error, other).any(|start| start == at)))
    });
    found.map(|(name, _)| name.as_str())
}

/// Each recorded error, with the name of its case.
fn recorded() -> &'static [(String, String)] {
    static RECORDED: OnceLock<Vec<(String, String)>> = OnceLock::new();
    RECORDED.get_or_init(|| {
        let testdata = testkit::testdata();
        let files = cases::read_all(&testdata).unwrap_or_default();
        let engine = |title: &str| title.starts_with("funcs::") || title.starts_with("template::");
        let files = files.into_iter().filter(|file| engine(&file.title));
        let cases = files.flat_map(|file| file.cases.into_iter().map(move |case| (file.title.clone(), case)));
        cases
            .filter_map(|(title, case)| Some((format!("{title}::{}", case.name), case.get("error")?)))
            .collect()
    })
}

/// The format without its verbs.
fn parts(format: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            parts.last_mut().expect("there is one").push(c);
            continue;
        }
        if chars.next_if(|flag| "+#".contains(*flag)).is_some() || chars.peek().is_some() {
            chars.next();
        }
        parts.push(String::new());
    }
    parts
}

/// Where the parts stand in the text one after the other, the first of them where a message begins and the last where
/// one ends.
fn starts<'a>(text: &'a str, parts: &'a [String]) -> impl Iterator<Item = usize> + 'a {
    let (first, rest) = parts.split_first().expect("there is one");
    let begins = text.match_indices(first.as_str()).map(|(at, _)| at).filter(|at| begins_here(&text[..*at]));
    begins.filter(move |at| {
        let mut after = &text[at + first.len()..];
        for part in rest {
            match after.find(part.as_str()) {
                Some(at) => after = &after[at + part.len()..],
                None => return false,
            }
        }
        rest.last().is_some_and(String::is_empty) || after.is_empty() || after.starts_with([':', '\n'])
    })
}

fn begins_here(before: &str) -> bool {
    before.is_empty() || before.ends_with(": ") || before.trim_end_matches(' ').ends_with('\n')
}
