//! GitLab's code quality report: an array of findings with fingerprints that stay when lines move.

use std::io::{self, Write};

use serde_json::json;

use crate::diagnostic::Severity;
use crate::judge::Report;

use super::fingerprint::Fingerprints;
use super::place::{Place, artifact_of, message_of};

/// Writes the array.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut fingerprints = Fingerprints::default();
    let mut findings = Vec::new();
    for chart in &report.charts {
        for diagnostic in &chart.diagnostics {
            let Place { file, line, .. } = artifact_of(chart, diagnostic);
            findings.push(json!({
                "description": message_of(diagnostic),
                "check_name": format!("{} {}", diagnostic.code, diagnostic.name),
                "fingerprint": fingerprints.next(diagnostic, &file),
                "severity": severity(diagnostic.severity),
                "location": {"path": file, "lines": {"begin": line.unwrap_or(1)}},
            }));
        }
    }
    serde_json::to_writer_pretty(&mut *out, &findings)?;
    writeln!(out)
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Advice => "info",
    }
}
