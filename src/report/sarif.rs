//! SARIF 2.1.0 for code scanning: the rules that were broken, and a result for each finding.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value as Json, json};

use crate::diagnostic::{Diagnostic, Layer, Severity};

use super::{Place, in_chart, place_of, subject_of};
use crate::judge::{ChartReport, Report};

/// Writes the log.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let rules: BTreeMap<&str, &str> = report.diagnostics().map(|d| (d.code, d.name)).collect();
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(at, code)| (*code, at)).collect();
    let rules: Vec<Json> = rules.iter().map(|(code, name)| json!({"id": code, "name": name})).collect();
    let result = |chart, diagnostic: &Diagnostic| result(chart, diagnostic, index[diagnostic.code]);
    let results: Vec<Json> = report
        .charts
        .iter()
        .flat_map(|chart| chart.diagnostics.iter().map(move |d| result(chart, d)))
        .collect();
    let driver = json!({
        "name": "plimsoll",
        "version": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": rules,
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver},
            "invocations": [{"executionSuccessful": !report.failed()}],
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn result(chart: &ChartReport, diagnostic: &Diagnostic, rule: usize) -> Json {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    };
    let subject = subject_of(diagnostic);
    let text = match &diagnostic.help {
        Some(help) => format!("{}. {help}.", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let Place { file, line, column } = place_of(chart, diagnostic);
    let region = line.map(|line| match column {
        Some(column) => json!({"startLine": line, "startColumn": column}),
        None => json!({"startLine": line}),
    });
    let mut physical = json!({"artifactLocation": {"uri": uri(&file)}});
    if let Some(region) = region {
        physical["region"] = region;
    }
    let mut location = json!({"physicalLocation": physical});
    if !subject.is_empty() {
        location["logicalLocations"] = json!([{"fullyQualifiedName": subject}]);
    }
    let mut result = json!({
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": level,
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
    let place = |id: usize, file: &str, line: usize, text: String| {
        json!({
            "id": id,
            "physicalLocation": {"artifactLocation": {"uri": uri(file)}, "region": {"startLine": line}},
            "message": {"text": text},
        })
    };
    let calls = diagnostic
        .origin
        .includes
        .iter()
        .map(|site| (in_chart(chart, &site.file), site.line, format!("includes {}", site.template)));
    let values = diagnostic.origin.values.iter().filter_map(|value| {
        let file = match value.layer.as_ref()? {
            Layer::Chart(file) => in_chart(chart, file),
            Layer::File(file) | Layer::Request(file) => file.clone(),
            Layer::Expression { .. } => return None,
        };
        Some((file, value.line?, format!("sets {}", value.template_key())))
    });
    calls.chain(values).enumerate().map(|(at, (file, line, text))| place(at + 1, &file, line, text)).collect()
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
