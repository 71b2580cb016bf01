//! `JUnit` XML: a suite for each chart, a failed test for each error, a passed one where there is none.

use std::io::{self, Write};

use crate::diagnostic::{Diagnostic, Severity};
use crate::judge::{ChartReport, Tally};

use super::concise::configurations;
use super::look::clean;
use super::place::{Place, place_of, subject_of};
use super::stream::Stream;

/// Writes the suites.
#[derive(Default)]
pub(super) struct Junit {
    has_begun: bool,
}

impl Junit {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.has_begun, true) {
            return Ok(());
        }
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"plimsoll\">")
    }
}

impl Stream for Junit {
    fn chart(&mut self, chart: &ChartReport, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        suite(chart, out)
    }

    fn end(&mut self, _: &Tally, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        writeln!(out, "</testsuites>")
    }
}

fn suite(chart: &ChartReport, out: &mut dyn Write) -> io::Result<()> {
    let failures = chart.diagnostics.iter().filter(|d| fails(chart, d)).count();
    let errors = if chart.failed { failures } else { 0 };
    let tests = chart.diagnostics.len().max(1);
    let name = escape(&chart.path);
    let failures = if chart.failed { 0 } else { failures };
    writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">"
    )?;
    if let Some(read) = configurations(chart) {
        let property = format!("<property name=\"configuration\" value=\"{}\"/>", escape(&read));
        writeln!(out, "    <properties>{property}</properties>")?;
    }
    if chart.diagnostics.is_empty() {
        writeln!(out, "    <testcase classname=\"{name}\" name=\"check\"/>")?;
    }
    for diagnostic in &chart.diagnostics {
        case(chart, diagnostic, out)?;
    }
    writeln!(out, "  </testsuite>")
}

fn case(chart: &ChartReport, diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let class = escape(&chart.path);
    let title =
        escape(format!("{} {} {}", diagnostic.code, diagnostic.name, subject_of(diagnostic)).trim_end());
    let place = place_of(chart, diagnostic);
    let line = place.line.map_or(String::new(), |line| format!(" line=\"{line}\""));
    let file = escape(&place.file);
    writeln!(out, "    <testcase classname=\"{class}\" name=\"{title}\" file=\"{file}\"{line}>")?;
    let message = escape(&diagnostic.message);
    let text = escape(&text(diagnostic, &place));
    if fails(chart, diagnostic) {
        let element = if chart.failed { "error" } else { "failure" };
        let kind = diagnostic.severity;
        writeln!(out, "      <{element} type=\"{kind}\" message=\"{message}\">{text}</{element}>")?;
    } else {
        writeln!(out, "      <system-out>{}: {message}&#10;{text}</system-out>", diagnostic.severity)?;
    }
    writeln!(out, "    </testcase>")
}

/// Place and help, a line each: many viewers show nothing of the attributes.
fn text(diagnostic: &Diagnostic, place: &Place) -> String {
    let line = place.line.map_or(String::new(), |line| format!(":{line}"));
    let column = place.column.filter(|_| place.line.is_some());
    let column = column.map_or(String::new(), |column| format!(":{column}"));
    let help = diagnostic.help.as_ref().map_or(String::new(), |help| format!("\nhelp: {help}"));
    format!("--> {}{line}{column}{help}", place.file)
}

fn fails(chart: &ChartReport, diagnostic: &Diagnostic) -> bool {
    chart.failed || diagnostic.severity == Severity::Error
}

/// Escapes text for XML; characters that XML 1.0 cannot hold, and other control characters, are replaced.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            c => escaped.push(c),
        }
    }
    escaped
}
