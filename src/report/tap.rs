//! The Test Anything Protocol, version 14: a test for each chart, failed where something is an error.

use std::io::{self, Write};

use crate::diagnostic::{Diagnostic, Severity};
use crate::judge::{ChartReport, Counts, Tally};

use super::concise::configurations;
use super::look::{clean, flat};
use super::place::{Place, place_of, subject_of};
use super::stream::Stream;

/// Writes a test point for each chart, with its findings as YAML below it, and how many there were at the end.
#[derive(Default)]
pub(super) struct Tap {
    points: usize,
}

const VERSION: &str = "TAP version 14";

impl Stream for Tap {
    fn chart(&mut self, chart: &ChartReport, out: &mut dyn Write) -> io::Result<()> {
        if self.points == 0 {
            writeln!(out, "{VERSION}")?;
        }
        self.points += 1;
        let bad = chart.failed || chart.diagnostics.iter().any(|d| d.severity == Severity::Error);
        let word = if bad { "not ok" } else { "ok" };
        // A line break would start a test point of its own, and `#` a directive.
        let title = flat(&chart.path).replace('\\', "\\\\").replace('#', "\\#");
        if let Some(read) = configurations(chart) {
            writeln!(out, "# configuration: {read}")?;
        }
        writeln!(out, "{word} {} - {title} ({})", self.points, Counts::of(&chart.diagnostics))?;
        if chart.diagnostics.is_empty() {
            return Ok(());
        }
        writeln!(out, "  ---")?;
        chart.diagnostics.iter().try_for_each(|diagnostic| item(chart, diagnostic, out))?;
        writeln!(out, "  ...")
    }

    fn end(&mut self, _: &Tally, out: &mut dyn Write) -> io::Result<()> {
        if self.points == 0 {
            writeln!(out, "{VERSION}")?;
        }
        writeln!(out, "1..{}", self.points)
    }
}

fn item(chart: &ChartReport, diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  - code: {}", diagnostic.code)?;
    writeln!(out, "    name: {}", diagnostic.name)?;
    writeln!(out, "    severity: {}", diagnostic.severity)?;
    writeln!(out, "    message: {}", quoted(&diagnostic.message))?;
    let subject = subject_of(diagnostic);
    if !subject.is_empty() {
        writeln!(out, "    at: {}", quoted(&subject))?;
    }
    let Place { file, line, column } = place_of(chart, diagnostic);
    writeln!(out, "    file: {}", quoted(&file))?;
    for (key, number) in [("line", line), ("column", column)] {
        if let Some(number) = number {
            writeln!(out, "    {key}: {number}")?;
        }
    }
    diagnostic.help.iter().try_for_each(|help| writeln!(out, "    help: {}", quoted(help)))
}

/// In double quotes, as JSON, and so that YAML takes it: it wants more characters escaped than JSON does.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(clean(text)).to_string();
    let is_printable = |c: char| {
        !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    json.chars().fold(String::new(), |text, c| match is_printable(c) {
        true => text + c.encode_utf8(&mut [0; 4]),
        false => text + &format!("\\u{:04x}", u32::from(c)),
    })
}
