//! `JUnit` XML: a suite for each chart, a failed test for each error, a passed one where there is none.

use std::io::{self, Write};

use crate::diagnostic::{Diagnostic, Severity};

use super::subject_of;
use crate::judge::{ChartReport, Report};

/// Writes the suites.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"plimsoll\">")?;
    for chart in &report.charts {
        suite(chart, out)?;
    }
    writeln!(out, "</testsuites>")
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
    let message = escape(&diagnostic.message);
    writeln!(out, "    <testcase classname=\"{class}\" name=\"{title}\">")?;
    let text = diagnostic.help.as_ref().map_or(String::new(), |help| escape(&format!("help: {help}")));
    if fails(chart, diagnostic) {
        let element = if chart.failed { "error" } else { "failure" };
        let kind = diagnostic.severity;
        writeln!(out, "      <{element} type=\"{kind}\" message=\"{message}\">{text}</{element}>")?;
    } else {
        writeln!(out, "      <system-out>{}: {message} {text}</system-out>", diagnostic.severity)?;
    }
    writeln!(out, "    </testcase>")
}

fn fails(chart: &ChartReport, diagnostic: &Diagnostic) -> bool {
    chart.failed || diagnostic.severity == Severity::Error
}

/// Escapes text for XML; characters that XML cannot hold are replaced.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            c if c.is_control() && c != '\t' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
