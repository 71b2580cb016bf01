//! GitLab's code quality report: an array of findings with fingerprints that stay when lines move.

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::diagnostic::Severity;

use super::{Place, place_of, subject_of};
use crate::judge::Report;

/// Writes the array.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut findings = Vec::new();
    for chart in &report.charts {
        for diagnostic in &chart.diagnostics {
            let Place { file, line, .. } = place_of(chart, diagnostic);
            let subject = subject_of(diagnostic);
            let key = format!("{}\n{file}\n{subject}", diagnostic.code);
            // Findings that differ in nothing but their line are told apart by their number.
            let number = seen.entry(key.clone()).or_default();
            *number += 1;
            let fingerprint = hex::encode(Sha256::digest(format!("{key}\n{number}")));
            let subject = if subject.is_empty() { subject } else { format!("{subject}: ") };
            findings.push(json!({
                "description": format!("{subject}{}", diagnostic.message),
                "check_name": format!("{} {}", diagnostic.code, diagnostic.name),
                "fingerprint": fingerprint,
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
