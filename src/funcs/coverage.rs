//! Counts the recorded cases that call each function: what is not recorded is not known to be right.

use std::collections::BTreeMap;
use std::path::Path;

use testkit::cases::{self, Case};

use super::table;
use crate::template::Parsed;
use crate::template::calls::calls;
use crate::template::func::Func;
use crate::value::Type;

/// So many cases a function has at least.
const WANTED: usize = 8;

/// How many cases call a function, and how many of them record its own error.
#[derive(Clone, Copy, Default)]
struct Count {
    cases: usize,
    errors: usize,
}

#[test]
fn every_function_has_its_cases_and_an_error_among_them() {
    let counts = counts();
    let mut lacking = Vec::new();
    for func in table().iter() {
        let Count { cases, errors } = counts.get(func.name).copied().unwrap_or_default();
        let wants_error = !takes_anything(func);
        if cases < WANTED || wants_error && errors == 0 {
            let cases_lacking = WANTED.saturating_sub(cases);
            let error = if wants_error && errors == 0 { "and an error" } else { "" };
            lacking.push(format!("{:28} {cases:3} cases, lacks {cases_lacking} {error}", func.name));
        }
    }
    lacking.sort();
    assert!(lacking.is_empty(), "functions that lack cases in testdata/funcs:\n{}", lacking.join("\n"));
}

/// Whether no number and no type of arguments is wrong.
fn takes_anything(func: &Func) -> bool {
    func.variadic && matches!(func.params, [Type::Any | Type::Reflect])
}

fn counts() -> BTreeMap<&'static str, Count> {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let files = cases::read_all(&testdata).expect("the cases are sound");
    let wanted = |title: &str| title.starts_with("funcs::") || title.starts_with("template::");
    let mut counts = BTreeMap::<_, Count>::new();
    for case in files.iter().filter(|file| wanted(&file.title)).flat_map(|file| &file.cases) {
        let error = case.get("error");
        if error.is_none() && !case.has("want") {
            continue;
        }
        let names = names(case);
        for name in &names {
            let count = counts.entry(*name).or_default();
            count.cases += 1;
            count.errors +=
                usize::from(error.as_ref().is_some_and(|error| blames(error, name, names.len() == 1)));
        }
    }
    counts
}

/// The functions that the templates of a case call; none where one does not parse, for then nothing is called.
fn names(case: &Case) -> Vec<&'static str> {
    let texts: Result<Vec<_>, _> = case
        .templates()
        .map(|(_, text)| calls(text.as_bytes(), &Parsed::default(), table(), &|_| true))
        .collect();
    let mut names: Vec<_> =
        texts.unwrap_or_default().into_iter().flatten().map(|call| call.function).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether the error is that function's: Helm names it, or the case calls no other.
fn blames(error: &str, name: &str, alone: bool) -> bool {
    let says = |text: &str| error.contains(&format!("{text} {name}:"));
    alone || says("error calling") || says("wrong number of args for")
}
