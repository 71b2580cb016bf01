//! `docs/nvcf.md`: every row of the catalogue of the profile `nvcf`, with the rules that judge it or the reason why none does.

use std::fmt::Write as _;

use plimsoll::internals::policy::{Mode, Profile, Rule, Verdict};
use plimsoll::internals::rules;

/// The page.
///
/// # Errors
/// A row that names what is no rule.
pub fn page() -> Result<String, String> {
    let profile = Profile::built_in("nvcf").ok_or("the profile nvcf comes with Plimsoll")?;
    let mut text = String::from(HEAD);
    for row in profile.catalogue() {
        match &row.verdict {
            Verdict::Unjudged(reason) => {
                let _ = writeln!(text, "| {} | none | {reason} |", row.name);
            }
            Verdict::Judged(names) => {
                for name in names {
                    let rule = rules::find(name).ok_or(format!("{}: `{name}` is no rule", row.name))?;
                    row_of(&row.name, rule, &mut text);
                }
            }
        }
    }
    Ok(text)
}

fn row_of(name: &str, rule: &Rule, text: &mut String) {
    let page = rule.page_name();
    let levels = Mode::ALL.map(|mode| rule.level_in_words(mode)).join(", ");
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
