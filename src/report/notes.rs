//! What is said below the line of a finding: its object, what was rendered, why it reads so, what else the same change mends,
//! what to do.

use crate::diagnostic::{Diagnostic, IncludeSite, Layer, Location, ValueOrigin};
use crate::judge::ChartReport;

use super::blocks::Block;
use super::look::cut;
use super::place::{in_chart, layer_line, subject, subject_of};

/// How many of the findings that one change mends are named.
const NAMED: usize = 6;
/// How much of a rendered line is shown.
const LONGEST: usize = 500;

/// What is said below the line.
pub(super) struct Note {
    pub label: &'static str,
    pub text: String,
}

/// How many values of a finding are told; the other formats tell all.
const VALUES: usize = 3;

/// Object and field, what was rendered, why it reads so, and what to do.
pub(super) fn notes(chart: &ChartReport, block: &Block<'_>, shown: Option<&str>) -> Vec<Note> {
    let diagnostic = block.lead;
    let note = |label, text| Note { label, text };
    let mut notes = Vec::new();
    let about = subject_of(diagnostic);
    if !about.is_empty() {
        let label = if diagnostic.location.object.is_some() { "in" } else { "field" };
        notes.push(note(label, about));
    }
    let beside = beside(chart, block);
    let has_switch = beside.iter().any(|note| note.label == "if");
    notes.extend(rendered(diagnostic, shown).map(|text| note("rendered", text)));
    notes.extend(causes(chart, diagnostic).into_iter().filter(|note| !has_switch || note.label != "if"));
    notes.extend(beside);
    notes.extend(run_note(chart, block));
    notes.extend(diagnostic.help.iter().map(|help| note("help", help.clone())));
    for related in &diagnostic.related {
        notes.push(note("see", see(chart, related)));
    }
    notes
}

/// Another place that matters: what it is, and its line.
fn see(chart: &ChartReport, related: &Location) -> String {
    let place = related.source.as_ref().map(|source| {
        let line = source.line.map_or_else(String::new, |line| format!(":{line}"));
        format!("{}{line}", in_chart(chart, &source.file))
    });
    let what = Some(subject(related)).filter(|what| !what.is_empty());
    what.into_iter().chain(place).collect::<Vec<String>>().join(" at ")
}

/// The rendered line, where another one is shown and does not say the same.
fn rendered(diagnostic: &Diagnostic, shown: Option<&str>) -> Option<String> {
    let text = diagnostic.location.excerpt.as_ref()?.trim();
    let is_shown = shown.is_some_and(|line| line.trim() == text) || text.is_empty();
    let is_rendered = diagnostic.location.source_excerpt.is_none() && shown.is_some();
    if is_shown || is_rendered || is_secret(diagnostic) {
        return None;
    }
    let number = diagnostic.location.rendered.map_or(String::new(), |at| format!("{} | ", at.line));
    Some(format!("{number}{}", cut(text, LONGEST)))
}

/// Why the line reads as it does: the calls that led to it, outermost first, and the values.
fn causes(chart: &ChartReport, diagnostic: &Diagnostic) -> Vec<Note> {
    let origin = &diagnostic.origin;
    let mut notes = Vec::new();
    if !origin.includes.is_empty() {
        let site =
            |site: &IncludeSite| format!("{}:{} ({})", in_chart(chart, &site.file), site.line, site.template);
        let sites = origin.includes.iter().map(site);
        notes.push(Note { label: "from", text: sites.collect::<Vec<_>>().join(", ") });
    }
    for value in origin.values.iter().take(VALUES) {
        let label = if value.layer.is_some() { "set by" } else { "not set" };
        notes.push(Note { label, text: set_by(chart, value) });
    }
    // What is written as it stands is there because somebody asked for it.
    if let ([], Some(condition)) = (origin.values.as_slice(), origin.conditions.last()) {
        notes.push(Note { label: "if", text: set_by(chart, condition) });
    }
    match origin.values.len().saturating_sub(VALUES) {
        0 => {}
        more => notes.push(Note { label: "set by", text: format!("{more} more values") }),
    }
    notes
}

/// The key, where a user sets it if that is elsewhere, and the line that does: `.Values.tag (redis.tag, values.yaml:12)`.
fn set_by(chart: &ChartReport, value: &ValueOrigin) -> String {
    let mut places = Vec::new();
    if value.key != value.path {
        places.push(value.path.to_set_expression());
    }
    let place = |layer: &Layer, line: Option<usize>| layer_line(chart, layer, line);
    places.extend(value.layer.as_ref().map(|layer| place(layer, value.line)));
    places.extend(
        value
            .nearest
            .as_ref()
            .map(|near| format!("{} is in {}", near.path.to_set_expression(), place(&near.layer, near.line))),
    );
    let key = value.template_key();
    if places.is_empty() { key } else { format!("{key} ({})", places.join(", ")) }
}

/// What a block holds beside its first finding.
pub(super) fn beside(chart: &ChartReport, block: &Block<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    let same: Vec<&&Diagnostic> = block.others.iter().filter(|one| one.code == block.lead.code).collect();
    if !same.is_empty() {
        let mut names: Vec<String> = Vec::new();
        for one in &same {
            let name = match &one.location.object {
                Some(object) if one.location.object != block.lead.location.object => object.to_string(),
                _ => subject_of(one),
            };
            let name = if name.is_empty() { one.message.clone() } else { name };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let more = match names.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(", … {more} more"),
        };
        names.truncate(NAMED);
        notes.push(Note { label: "alike", text: format!("{} more: {}{more}", same.len(), names.join(", ")) });
    }
    let mut others: Vec<(&str, &str)> = Vec::new();
    for one in block.others.iter().filter(|one| one.code != block.lead.code) {
        if !others.contains(&(one.code, one.name)) {
            others.push((one.code, one.name));
        }
    }
    if !others.is_empty() {
        let names: Vec<String> = others.iter().map(|(code, name)| format!("{code} {name}")).collect();
        notes.push(Note { label: "here too", text: names.join(", ") });
    }
    if !block.inside.is_empty() {
        let count = block.inside.len();
        let findings = if count == 1 { "1 finding" } else { &format!("{count} findings") };
        notes.push(Note { label: "inside", text: format!("{findings} more, which go with the object") });
    }
    if let Some(switch) = block.switch.filter(|_| !block.others.is_empty()) {
        let text = format!("{}: all {} stand behind it", set_by(chart, switch), block.others.len() + 1);
        notes.push(Note { label: "if", text });
    }
    notes
}

/// The runs that found it, where not all did.
pub(super) fn run_note(chart: &ChartReport, block: &Block<'_>) -> Option<Note> {
    let mut runs: Vec<&str> = Vec::new();
    for one in block.all() {
        // No names are those of all.
        if one.runs.is_empty() {
            return None;
        }
        let new = one.runs.iter().map(String::as_str).filter(|run| !runs.contains(run));
        runs.extend(new.collect::<Vec<_>>());
    }
    (runs.len() < chart.runs.len()).then(|| Note { label: "only with", text: runs.join(", ") })
}

/// Whether what is rendered there is nobody's business: it may come from values that a user keeps to himself.
pub(super) fn is_secret(diagnostic: &Diagnostic) -> bool {
    diagnostic.location.object.as_ref().is_some_and(|object| object.kind == "Secret")
}
