//! `docs/nvcf.md`: every row of the catalogue of NVCF's rules, with the rules that judge it or the reason why none does. The
//! former say so themselves, the latter are here; a row that is in neither place is an error.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use plimsoll::policy::{Mode, Rule};
use plimsoll::rules;

use crate::generate::page_name;

/// The numbers that the catalogue uses.
const ROWS: [RangeInclusive<u32>; 8] =
    [1..=12, 20..=40, 50..=66, 70..=89, 100..=105, 110..=116, 120..=123, 130..=145];

/// What no rule judges, and why.
const UNJUDGED: [(u32, &str); 10] = [
    (
        6,
        "A chart that does not render has no objects to judge. `check` ends with `TPL001`, `TPL002`, `VAL001` or `VAL002`, the file and the line, and exit code 2.",
    ),
    (10, "`NOTES.txt` is not part of the release. It is neither counted nor judged."),
    (
        12,
        "The version of Kubernetes comes with `--kube-version`, which is refused where it is no version; `CHT002` says that the chart wants another.",
    ),
    (
        31,
        "Which container answers requests is not written anywhere. The page's words ask for no container of a certain name, and no service looks for one.",
    ),
    (40, "Credentials are kept with the account. Offline, nobody knows which registries it has."),
    (105, "How much an asset cache can hold depends on the disk of the node."),
    (123, "Whether an image can be pulled is known by its registry only, and depends on credentials."),
    (
        142,
        "Which objects may fail is a matter of how they run. An instance fails with any of them, unless `StatusByWorkerReadiness` is set (see OBJ109).",
    ),
    (
        143,
        "Where a program connects to is seldom in its manifests, and the network policies depend on the installation.",
    ),
    (
        145,
        "Whether a program streams is not in its manifests. The page says that partial responses are not supported.",
    ),
];

/// The page.
///
/// # Errors
/// A row that no rule judges and that has no reason, or a reason for one that a rule judges.
pub fn page() -> Result<String, String> {
    let rules = rules::all();
    let mut text = String::from(HEAD);
    for row in ROWS.into_iter().flatten() {
        let name = format!("NVCF{row:03}");
        let judging: Vec<&Rule> =
            rules.iter().copied().filter(|rule| rule.catalogue.contains(&name.as_str())).collect();
        let reason = UNJUDGED.iter().find(|(number, _)| *number == row).map(|(_, reason)| *reason);
        match (judging.is_empty(), reason) {
            (true, None) => return Err(format!("{name}: no rule judges it, and no reason is given")),
            (false, Some(_)) => return Err(format!("{name}: a reason is given, but a rule judges it")),
            (true, Some(reason)) => {
                let _ = writeln!(text, "| {name} | none | {reason} |");
            }
            (false, None) => judging.iter().for_each(|rule| row_of(&name, rule, &mut text)),
        }
    }
    Ok(text)
}

fn row_of(name: &str, rule: &Rule, text: &mut String) {
    let page = page_name(rule);
    let levels = Mode::ALL.map(|mode| rule.level(mode).name()).join(", ");
    let _ = writeln!(text, "| {name} | [{} `{}`](rules/{page}.md) | {levels} |", rule.code, rule.name);
}

const HEAD: &str = "\
# NVIDIA Cloud Functions: what is judged, and what is not

The rules of the profile `nvcf` come from NVIDIA's page about Helm charts, from its service that validates releases, from the
agent that installs them, from the control plane that takes requests, and from Kubernetes. This table has every row of the
catalogue that was made of them. The severities are those of the modes `documented`, `service` and `strict`.

Rules about requests (`REQ`) are silent without `--request`; so are those about tasks without the request of a task.

| row | rule | severities, or why there is none |
|---|---|---|
";
