//! Markdown for the summary of a job: a line for each chart, the findings below it, folded where there are many.

use std::io::{self, Write};

use crate::diagnostic::Severity;
use crate::judge::{ChartReport, Counts, Tally};

use super::blocks::{Block, blocks};
use super::concise::{configurations, total};
use super::look::flat;
use super::place::{Place, place_of, subject_of};
use super::stream::Stream;

/// Where the pages of the rules are.
const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/rules");

/// Writes a section for each chart.
#[derive(Default)]
pub(super) struct Markdown {
    has_begun: bool,
}

impl Stream for Markdown {
    fn chart(&mut self, chart: &ChartReport, out: &mut dyn Write) -> io::Result<()> {
        if !std::mem::replace(&mut self.has_begun, true) {
            writeln!(out, "## Plimsoll")?;
        }
        let mark = if chart.failed || Counts::of(&chart.diagnostics).errors > 0 { "❌" } else { "✅" };
        let counts = Counts::of(&chart.diagnostics);
        writeln!(out, "\n### {mark} {} {}", escape(&chart.path), escape(&chart.version))?;
        if chart.failed {
            writeln!(out, "\nCould not be judged.")?;
        }
        for verdict in &chart.verdicts {
            let word = match (verdict.withheld, verdict.valid) {
                (true, _) => "no verdict",
                (false, true) => "valid",
                (false, false) => "not valid",
            };
            let (profile, reason) = (escape(&verdict.profile), escape(&verdict.reason));
            writeln!(out, "\n**{profile} ({}): {word}**; {reason}", verdict.mode)?;
        }
        if let Some(read) = configurations(chart) {
            writeln!(out, "\nConfiguration: {}", escape(&read))?;
        }
        if counts.total() == 0 {
            return Ok(());
        }
        writeln!(
            out,
            "\n<details><summary>{counts}</summary>\n\n| | rule | where | what |\n|---|---|---|---|"
        )?;
        for block in blocks(chart) {
            row(chart, &block, out)?;
        }
        writeln!(out, "\n</details>")
    }

    fn end(&mut self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        if !self.has_begun {
            writeln!(out, "## Plimsoll")?;
        }
        writeln!(out, "\n{}", total(tally))
    }
}

fn row(chart: &ChartReport, block: &Block<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lead = block.lead;
    let mark = match lead.severity {
        Severity::Error => "🔴",
        Severity::Warning => "🟡",
        Severity::Advice => "🔵",
    };
    let rule = match crate::rules::find(lead.code) {
        Some(rule) => format!("[{} {}]({PAGES}/{}.md)", rule.code, rule.name, rule.page_name()),
        None => format!("{} {}", lead.code, lead.name),
    };
    let Place { file, line, .. } = place_of(chart, lead);
    let line = line.map_or(String::new(), |line| format!(":{line}"));
    let more = match block.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let help = lead.help.as_ref().map_or(String::new(), |help| format!("<br>{}", escape(help)));
    let subject = match subject_of(lead) {
        subject if subject.is_empty() => String::new(),
        subject => format!("<br>{}", escape(&subject)),
    };
    let (message, file) = (escape(&lead.message), escape(&file));
    writeln!(out, "| {mark} | {rule} | {file}{line}{subject} | {message}{more}{help} |")
}

/// Text that means nothing to Markdown, on one line.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in flat(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '|' | '*' | '_' | '[' | ']' | '`' | '\\' | '#' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '@' => escaped.push_str("&#64;"),
            c => escaped.push(c),
        }
    }
    escaped
}
