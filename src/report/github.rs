//! Commands of GitHub's workflows: each finding becomes an annotation of its file.

use std::io::{self, Write};

use crate::diagnostic::Severity;
use crate::judge::{ChartReport, Tally};

use super::concise::configurations;
use super::look::clean;
use super::place::{Place, artifact_of, message_of};
use super::stream::Stream;

/// Writes a command for each finding.
pub(super) struct Github;

impl Stream for Github {
    fn chart(&mut self, chart: &ChartReport, out: &mut dyn Write) -> io::Result<()> {
        for diagnostic in &chart.diagnostics {
            let command = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Advice => "notice",
            };
            let Place { file, line, column } = artifact_of(chart, diagnostic);
            let line = line.map_or(String::new(), |line| format!(",line={line}"));
            let column = column.map_or(String::new(), |column| format!(",col={column}"));
            let title = format!("{} {}", diagnostic.code, diagnostic.name);
            let help = diagnostic.help.as_ref().map_or(String::new(), |help| format!("\nhelp: {help}"));
            let message = format!("{}{help}", message_of(diagnostic));
            let (file, title) = (property(&file), property(&title));
            writeln!(out, "::{command} file={file}{line}{column},title={title}::{}", data(&message))?;
        }
        if let Some(read) = configurations(chart) {
            let file = property(&chart.path);
            writeln!(out, "::notice file={file},title=configuration::{}", data(&read))?;
        }
        Ok(())
    }

    fn end(&mut self, _: &Tally, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// Escapes the message of a command: a line break would end it.
fn data(text: &str) -> String {
    clean(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
