//! GitLab's code quality report: an array of findings with fingerprints that stay when lines move.

use std::io::{self, Write};

use serde_json::json;

use crate::diagnostic::Severity;
use crate::judge::{ChartReport, Tally};

use super::fingerprint::Fingerprints;
use super::place::{Place, artifact_of, message_of};
use super::stream::Stream;

/// Writes the array.
#[derive(Default)]
pub(super) struct Gitlab {
    fingerprints: Fingerprints,
    has_begun: bool,
}

impl Stream for Gitlab {
    fn chart(&mut self, chart: &ChartReport, out: &mut dyn Write) -> io::Result<()> {
        for diagnostic in &chart.diagnostics {
            let Place { file, line, .. } = artifact_of(chart, diagnostic);
            let finding = json!({
                "description": message_of(diagnostic),
                "check_name": format!("{} {}", diagnostic.code, diagnostic.name),
                "fingerprint": self.fingerprints.next(diagnostic, &file),
                "severity": severity(diagnostic.severity),
                "location": {"path": file, "lines": {"begin": line.unwrap_or(1)}},
            });
            let head = if std::mem::replace(&mut self.has_begun, true) { "," } else { "[" };
            write!(out, "{head}\n  {}", format!("{finding:#}").replace('\n', "\n  "))?;
        }
        Ok(())
    }

    fn end(&mut self, _: &Tally, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", if self.has_begun { "\n]" } else { "[]" })
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Advice => "info",
    }
}
