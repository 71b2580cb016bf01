//! SARIF 2.1.0 for code scanning: the rules that were broken with all that is to be said about them, and a result for each
//! finding.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::{Value as Json, json};

use crate::diagnostic::{Applicability, Diagnostic, Edit, Layer, Severity};
use crate::go::raw;
use crate::judge::fix::{Replacement, replacements};
use crate::judge::{ChartReport, Tally};
use crate::policy::{Mode, Rule};
use crate::rules;

use super::fingerprint::Fingerprints;
use super::place::{Place, artifact, artifact_of, subject, subject_of};
use super::stream::{Stream, Style};

/// Where the pages of the rules are.
const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/rules");

/// The most results that GitHub takes of a run.
const MOST: usize = 25_000;

/// Writes the log: results as they come, then the rules that they name.
#[derive(Default)]
pub(super) struct Sarif {
    read: Option<fn(&str) -> Option<String>>,
    fingerprints: Fingerprints,
    /// Code and name of each rule, by its index.
    rules: Vec<(&'static str, &'static str)>,
    results: usize,
    left_out: usize,
    configurations: BTreeSet<String>,
    has_begun: bool,
}

impl Sarif {
    pub(super) fn new(style: Style) -> Sarif {
        Sarif { read: style.read, ..Sarif::default() }
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.has_begun, true) {
            return Ok(());
        }
        // Columns count characters.
        write!(
            out,
            "{{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n  \"version\": \"2.1.0\",\n  \
             \"runs\": [\n    {{\n      \"columnKind\": \"unicodeCodePoints\",\n      \"results\": ["
        )
    }

    fn index(&mut self, diagnostic: &Diagnostic) -> usize {
        self.rules.iter().position(|(code, _)| *code == diagnostic.code).unwrap_or_else(|| {
            self.rules.push((diagnostic.code, diagnostic.name));
            self.rules.len() - 1
        })
    }
}

impl Stream for Sarif {
    fn chart(&mut self, chart: &ChartReport, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        self.configurations.extend(chart.configurations.iter().cloned());
        for diagnostic in &chart.diagnostics {
            if self.results == MOST {
                self.left_out += 1;
                continue;
            }
            let mut result = result(chart, diagnostic, self.index(diagnostic));
            let file = artifact_of(chart, diagnostic).file;
            // The one name that GitHub reads.
            let fingerprint = self.fingerprints.next(diagnostic, &file);
            result["partialFingerprints"] = json!({"primaryLocationLineHash": fingerprint});
            if let Some(fix) = self.read.and_then(|read| fix(chart, diagnostic, read)) {
                result["fixes"] = json!([fix]);
            }
            let comma = if self.results > 0 { "," } else { "" };
            self.results += 1;
            write!(out, "{comma}\n        {}", indented(&result, 8))?;
        }
        Ok(())
    }

    fn end(&mut self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        let descriptors: Vec<Json> = self.rules.iter().map(|(code, name)| descriptor(code, name)).collect();
        let tool = json!({"driver": {
            "name": "plimsoll",
            "version": env!("CARGO_PKG_VERSION"),
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
            "rules": descriptors,
        }});
        let mut invocation = json!({"executionSuccessful": tally.failed == 0});
        if !self.configurations.is_empty() {
            invocation["properties"] = json!({"configurations": self.configurations});
        }
        if self.left_out > 0 {
            let text = format!("{} more results are left out: code scanning takes {MOST}", self.left_out);
            invocation["toolExecutionNotifications"] =
                json!([{"level": "warning", "message": {"text": text}}]);
        }
        let end = if self.results > 0 { "\n      ]" } else { "]" };
        writeln!(
            out,
            "{end},\n      \"tool\": {},\n      \"invocations\": [\n        {}\n      ]\n    }}\n  ]\n}}",
            indented(&tool, 6),
            indented(&invocation, 8)
        )
    }
}

/// As JSON whose lines but the first are moved in.
fn indented(value: &Json, by: usize) -> String {
    format!("{value:#}").replace('\n', &format!("\n{}", " ".repeat(by)))
}

/// What there is to say about a code. Those of charts that cannot be judged are no rules.
fn descriptor(code: &str, name: &str) -> Json {
    match rules::find(code) {
        Some(rule) => of_rule(rule),
        None => json!({"id": code, "name": name, "shortDescription": {"text": name.replace('-', " ")}}),
    }
}

fn of_rule(rule: &Rule) -> Json {
    let docs = rule.explained();
    let severity = rule.level(Mode::default()).severity();
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary()},
        "fullDescription": {"text": docs.why},
        "help": {"text": docs.fix, "markdown": rule.page()},
        "helpUri": format!("{PAGES}/{}.md", rule.page_name()),
        "defaultConfiguration": {"enabled": severity.is_some(), "level": severity.map_or("none", level)},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

fn result(chart: &ChartReport, diagnostic: &Diagnostic, rule: usize) -> Json {
    let text = match &diagnostic.help {
        Some(help) => format!("{}. {help}.", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let mut location = json!({"physicalLocation": physical(&artifact_of(chart, diagnostic))});
    let subject = subject_of(diagnostic);
    if !subject.is_empty() {
        location["logicalLocations"] = json!([{"fullyQualifiedName": subject}]);
    }
    let mut result = json!({
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": level(diagnostic.severity),
        "message": {"text": text},
        "locations": [location],
    });
    if !diagnostic.runs.is_empty() {
        result["properties"] = json!({"runs": diagnostic.runs});
    }
    let related = related(chart, diagnostic);
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    result
}

/// The lines that led to the one that is wrong: calls, outermost first, and values.
fn related(chart: &ChartReport, diagnostic: &Diagnostic) -> Vec<Json> {
    let calls = diagnostic.origin.includes.iter().map(|site| {
        let text = format!("includes {}", site.template);
        (artifact(chart, &site.file, Some(site.line), None), text)
    });
    let values = diagnostic.origin.values.iter().filter_map(|value| {
        let line = Some(value.line?);
        let place = match value.layer.as_ref()? {
            Layer::Chart(file) => artifact(chart, file, line, value.column),
            Layer::File(file) | Layer::Request(file) => {
                Place { file: file.clone(), line, column: value.column }
            }
            Layer::Expression { .. } => return None,
        };
        Some((place, format!("sets {}", value.template_key())))
    });
    let others = diagnostic.related.iter().filter_map(|location| {
        let source = location.source.as_ref()?;
        Some((
            artifact(chart, &source.file, source.line, source.column),
            format!("see {}", subject(location)),
        ))
    });
    let location = |(at, (place, text)): (usize, (Place, String))| json!({"id": at + 1, "physicalLocation": physical(&place), "message": {"text": text}});
    calls.chain(values).chain(others).enumerate().map(location).collect()
}

/// What the fix of a finding writes into which file, and why it may not do what somebody wants.
fn fix(chart: &ChartReport, diagnostic: &Diagnostic, read: fn(&str) -> Option<String>) -> Option<Json> {
    let fix = diagnostic.fix.as_ref()?;
    let changes: Vec<Json> = replacements(chart, diagnostic, read).iter().map(change).collect();
    if changes.is_empty() {
        return None;
    }
    let edits = fix.edits.iter().map(|edit| match edit {
        Edit::Set { path, value } => format!("set {path} to {value}"),
        Edit::Remove { path } => format!("remove {path}"),
        Edit::Drop => "remove the object".to_owned(),
        Edit::Expand => "take the list apart".to_owned(),
    });
    let mut text = edits.collect::<Vec<_>>().join(", ");
    if fix.applicability == Applicability::Unsafe {
        text.push_str("; it may change how a program behaves");
    }
    Some(json!({"description": {"text": text}, "artifactChanges": changes}))
}

fn change(replacement: &Replacement) -> Json {
    let Replacement { file, lines, open_end, text } = replacement;
    let (end, column) = match open_end {
        Some(characters) => (lines.end - 1, characters + 1),
        None => (lines.end, 1),
    };
    json!({
        "artifactLocation": {"uri": uri(file)},
        "replacements": [{
            "deletedRegion": {"startLine": lines.start, "startColumn": 1, "endLine": end, "endColumn": column},
            "insertedContent": {"text": text},
        }],
    })
}

fn physical(place: &Place) -> Json {
    let mut physical = json!({"artifactLocation": {"uri": uri(&place.file)}});
    if let Some(line) = place.line {
        physical["region"] = json!({"startLine": line});
        if let Some(column) = place.column {
            physical["region"]["startColumn"] = column.into();
        }
    }
    physical
}

/// The path as a relative reference: what cannot stand in one is written as `%XX`.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:@".contains(&byte);
    raw::bytes(path).iter().fold(String::new(), |text, &byte| {
        if plain(byte) {
            text + char::from(byte).encode_utf8(&mut [0; 4])
        } else {
            text + &format!("%{byte:02X}")
        }
    })
}
