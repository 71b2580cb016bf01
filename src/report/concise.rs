//! One line a finding: place, severity, code, object, sentence. For grep, and for editors that jump to a place.

use std::io::{self, Write};

use crate::judge::{ChartReport, Tally};

use super::look::flat;
use super::place::{Place, message_of, place_of};
use super::statistics;
use super::stream::{Detail, Stream, Style};

/// Writes a line for each finding, and one for all.
pub(super) struct Concise(pub Style);

impl Stream for Concise {
    fn chart(&mut self, chart: &ChartReport, out: &mut dyn Write) -> io::Result<()> {
        let look = self.0.look;
        for diagnostic in &chart.diagnostics {
            let Place { file, line, column } = place_of(chart, diagnostic);
            let number = |number: Option<usize>| number.map_or(String::new(), |number| format!(":{number}"));
            let place =
                format!("{}{}{}", flat(&file), number(line), number(column.filter(|_| line.is_some())));
            let severity = look.severity(diagnostic.severity, &diagnostic.severity.to_string());
            let rule = format!("{} {}", diagnostic.code, diagnostic.name);
            let runs = match &diagnostic.runs[..] {
                [] => String::new(),
                runs => format!(" (with {})", runs.join(", ")),
            };
            let message = flat(&message_of(diagnostic));
            writeln!(out, "{place}: {severity}[{rule}] {message}{}", flat(&runs))?;
        }
        if let Some(read) = configurations(chart) {
            writeln!(out, "{}: configuration: {read}", flat(&chart.path))?;
        }
        Ok(())
    }

    fn end(&mut self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        if self.0.statistics {
            statistics::write(tally, out)?;
        }
        if self.0.detail == Detail::Quiet {
            return Ok(());
        }
        writeln!(out, "{}", total(tally))
    }
}

/// `3 charts: 1 error, 0 warnings, 2 advice; 1 could not be judged`
pub(super) fn total(tally: &Tally) -> String {
    let charts = if tally.charts == 1 { "chart" } else { "charts" };
    let failed = match tally.failed {
        0 => String::new(),
        count => format!("; {count} could not be judged"),
    };
    format!("{} {charts}: {}{}{failed}", tally.charts, tally.counts, hidden(tally.in_baseline, tally.allowed))
}

/// Which configurations were read, if any.
pub(super) fn configurations(chart: &ChartReport) -> Option<String> {
    (!chart.configurations.is_empty()).then(|| flat(&chart.configurations.join(", ")))
}

/// What is not told: `, 29 in the baseline, 2 allowed`
pub(super) fn hidden(in_baseline: usize, allowed: usize) -> String {
    let part = |count: usize, what: &str| match count {
        0 => String::new(),
        count => format!(", {count} {what}"),
    };
    format!("{}{}", part(in_baseline, "in the baseline"), part(allowed, "allowed"))
}
