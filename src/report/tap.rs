//! The Test Anything Protocol, version 14: a test for each chart, failed where something is an error.

use std::io::{self, Write};

use crate::diagnostic::Severity;

use super::subject_of;
use crate::judge::{Counts, Report};

/// Writes a test point for each chart, with its findings as YAML below it.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "TAP version 14")?;
    writeln!(out, "1..{}", report.charts.len())?;
    for (at, chart) in report.charts.iter().enumerate() {
        let bad = chart.failed || chart.diagnostics.iter().any(|d| d.severity == Severity::Error);
        let word = if bad { "not ok" } else { "ok" };
        let title = chart.path.replace('\\', "\\\\").replace('#', "\\#");
        writeln!(out, "{word} {} - {title} ({})", at + 1, Counts::of(&chart.diagnostics))?;
        if chart.diagnostics.is_empty() {
            continue;
        }
        writeln!(out, "  ---")?;
        for diagnostic in &chart.diagnostics {
            let quoted = |text: &str| serde_json::Value::from(text).to_string();
            writeln!(out, "  - code: {}", diagnostic.code)?;
            writeln!(out, "    name: {}", diagnostic.name)?;
            writeln!(out, "    severity: {}", diagnostic.severity)?;
            writeln!(out, "    message: {}", quoted(&diagnostic.message))?;
            let subject = subject_of(diagnostic);
            if !subject.is_empty() {
                writeln!(out, "    at: {}", quoted(&subject))?;
            }
        }
        writeln!(out, "  ...")?;
    }
    Ok(())
}
