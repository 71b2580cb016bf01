//! `cargo xtask record [NAME]`: writes what ours says now into the cases whose answers are recorded from ours, those of
//! `testdata/{cli,faults,patch,rules,why}`; look at the difference before you commit it. Helm's answers are recorded by
//! `cargo xtask oracle`, and nothing here changes them.

use std::process::Command;

use testkit::record::VARIABLE;

use crate::{Outcome, root};

/// The tests that record, by their folders in `testdata`.
const TESTS: [(&str, &str); 6] = [
    ("rules", "rules"),
    ("migrate", "migrate"),
    ("patch", "patch"),
    ("why", "why"),
    ("faults", "faults"),
    ("cli", "documents"),
];

/// Runs the task for one of the folders, or all.
pub fn run(words: &[&str]) -> Outcome {
    let chosen = |folder: &str| words.first().is_none_or(|word| word.split("::").next() == Some(folder));
    let tests: Vec<&str> =
        TESTS.into_iter().filter(|(folder, _)| chosen(folder)).map(|(_, test)| test).collect();
    if tests.is_empty() || words.len() > 1 {
        let known = TESTS.map(|(folder, _)| folder).join(", ");
        return Err(format!("record: nothing of that name is recorded from ours; there are {known}"));
    }
    let status = Command::new(env!("CARGO"))
        .arg("test")
        .args(tests.iter().flat_map(|test| ["--test", test]))
        .current_dir(root())
        .env(VARIABLE, "1")
        .env("TRYCMD", "overwrite")
        .status()
        .map_err(|error| format!("cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err("what was recorded does not hold".to_owned()) }
}
