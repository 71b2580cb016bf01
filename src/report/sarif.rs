//! SARIF 2.1.0 for code scanning: the rules that were broken with all that is to be said about them, and a result for each
//! finding.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value as Json, json};

use crate::diagnostic::{Diagnostic, Layer, Severity};
use crate::judge::{ChartReport, Report};
use crate::policy::{Mode, Rule};
use crate::rules;

use super::fingerprint::Fingerprints;
use super::place::{Place, artifact, artifact_of, subject_of};

/// Where the pages of the rules are.
const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/rules");

/// Writes the log.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let codes: BTreeMap<&str, &str> = report.diagnostics().map(|d| (d.code, d.name)).collect();
    let index: BTreeMap<&str, usize> = codes.keys().enumerate().map(|(at, code)| (*code, at)).collect();
    let descriptors: Vec<Json> = codes.iter().map(|(code, name)| descriptor(code, name)).collect();
    let mut fingerprints = Fingerprints::default();
    let mut results = Vec::new();
    for chart in &report.charts {
        for diagnostic in &chart.diagnostics {
            let mut result = result(chart, diagnostic, index[diagnostic.code]);
            let file = artifact_of(chart, diagnostic).file;
            // The one name that GitHub reads.
            let fingerprint = fingerprints.next(diagnostic, &file);
            result["partialFingerprints"] = json!({"primaryLocationLineHash": fingerprint});
            results.push(result);
        }
    }
    let driver = json!({
        "name": "plimsoll",
        "version": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": descriptors,
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver},
            "invocations": [{"executionSuccessful": !report.failed()}],
            // Columns count characters.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
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
    let location = |(at, (place, text)): (usize, (Place, String))| json!({"id": at + 1, "physicalLocation": physical(&place), "message": {"text": text}});
    calls.chain(values).enumerate().map(location).collect()
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
    path.bytes().fold(String::new(), |text, byte| {
        if plain(byte) {
            text + char::from(byte).encode_utf8(&mut [0; 4])
        } else {
            text + &format!("%{byte:02X}")
        }
    })
}
