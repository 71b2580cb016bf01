//! One page of HTML with everything in it: verdicts, findings beside what was rendered, the release with the origin of each
//! line, values with their layers. It needs no network and no JavaScript to be read; with JavaScript findings can be
//! filtered.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::diagnostic::{Diagnostic, Layer, Severity};
use crate::judge::view::{Line, Page, Shown, View};
use crate::judge::{ChartReport, Counts, Tally};
use crate::render::{Coverage, Share};

use super::blocks::{Block, blocks};
use super::concise::{configurations, hidden, total};
use super::coverage::{missed, shares};
use super::look::{clean, cut};
use super::place::{Place, place_of, subject_of};
use super::stream::Stream;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");
/// How many lines around the one that is pointed at are shown beside a finding.
const AROUND: usize = 3;

/// Writes the page: charts as they come, and what is to be said of all at the end.
#[derive(Default)]
pub(super) struct Html {
    charts: usize,
}

impl Html {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.charts > 0 {
            return Ok(());
        }
        writeln!(
            out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
             <title>Plimsoll</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header><h1>Plimsoll</h1>\
             <form id=\"filters\" hidden><label><input type=\"checkbox\" name=\"error\" checked> errors</label>\
             <label><input type=\"checkbox\" name=\"warning\" checked> warnings</label>\
             <label><input type=\"checkbox\" name=\"advice\" checked> advice</label>\
             <input type=\"search\" name=\"text\" placeholder=\"rule, object, file\" aria-label=\"Filter findings\">\
             </form></header>\n<main>"
        )
    }
}

impl Stream for Html {
    fn chart(&mut self, chart: &ChartReport, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        self.charts += 1;
        let id = format!("c{}", self.charts);
        writeln!(out, "<section class=\"chart\" id=\"{id}\">")?;
        head(chart, out)?;
        findings(chart, &id, out)?;
        if let Some(reached) = &chart.coverage {
            covered(reached, out)?;
        }
        if let Some(view) = &chart.view {
            objects(chart, view, &id, out)?;
            release(view, &id, out)?;
            values(view, out)?;
        }
        writeln!(out, "</section>")
    }

    fn end(&mut self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        writeln!(
            out,
            "</main>\n<footer>{}. Made by plimsoll {}.</footer>\n<script>\n{SCRIPT}</script>\n</body>\n</html>",
            text(&total(tally)),
            env!("CARGO_PKG_VERSION")
        )
    }
}

fn head(chart: &ChartReport, out: &mut dyn Write) -> io::Result<()> {
    let name = format!("{} {}", chart.name, chart.version);
    writeln!(out, "<h2>{} <small>{}</small></h2>", text(&chart.path), text(name.trim()))?;
    if chart.failed {
        writeln!(out, "<p class=\"verdict bad\">could not be judged</p>")?;
    }
    for verdict in &chart.verdicts {
        let (class, word) = match (verdict.withheld, verdict.valid) {
            (true, _) => ("open", "no verdict"),
            (false, true) => ("good", "valid"),
            (false, false) => ("bad", "not valid"),
        };
        writeln!(
            out,
            "<p class=\"verdict {class}\"><b>{word}</b> {} ({}): {}</p>",
            text(&verdict.profile),
            verdict.mode,
            text(&verdict.reason)
        )?;
    }
    let counts = Counts::of(&chart.diagnostics);
    let hidden = hidden(chart.in_baseline, chart.allowed);
    writeln!(out, "<p>{} objects, {counts}{hidden}</p>", chart.objects)?;
    if let Some(read) = configurations(chart) {
        writeln!(out, "<p>Configuration: {}</p>", text(&read))?;
    }
    if chart.runs.is_empty() {
        return Ok(());
    }
    writeln!(out, "<details><summary>Judged in {} runs</summary><ul>", chart.runs.len())?;
    for run in &chart.runs {
        let state =
            if run.failed { "could not be judged".to_owned() } else { format!("{} objects", run.objects) };
        writeln!(out, "<li>{}: {state}</li>", text(&run.name))?;
    }
    writeln!(out, "</ul></details>")
}

/// What the sets of values reach, and what they do not.
fn covered(reached: &Coverage, out: &mut dyn Write) -> io::Result<()> {
    let sets = text(&reached.sets.join(", "));
    writeln!(out, "<h3>Reached</h3>\n<p>{} with {sets}</p>", text(&shares(reached)))?;
    writeln!(out, "<table><tr><th>file</th><th>lines</th><th>branches</th></tr>")?;
    let percent = |share: Share| format!("{} %, {} of {}", share.percent(), share.hit, share.found);
    for file in &reached.files {
        let (lines, branches) = (percent(file.line_share()), percent(file.branch_share()));
        writeln!(
            out,
            "<tr><td><code>{}</code></td><td>{lines}</td><td>{branches}</td></tr>",
            text(&file.file)
        )?;
    }
    writeln!(out, "</table>\n<details><summary>Not reached</summary><ul>")?;
    for line in missed(reached) {
        writeln!(out, "<li>{}</li>", text(&line))?;
    }
    writeln!(out, "</ul></details>")
}

fn findings(chart: &ChartReport, id: &str, out: &mut dyn Write) -> io::Result<()> {
    let blocks = blocks(chart);
    if blocks.is_empty() {
        return writeln!(out, "<h3>Findings</h3>\n<p>None.</p>");
    }
    writeln!(out, "<h3>Findings</h3>")?;
    blocks.iter().try_for_each(|block| finding(chart, block, id, out))
}

fn finding(chart: &ChartReport, block: &Block<'_>, id: &str, out: &mut dyn Write) -> io::Result<()> {
    let lead = block.lead;
    let severity = lead.severity;
    let more = match block.len() - 1 {
        0 => String::new(),
        more => format!(" <span class=\"more\">and {more} more</span>"),
    };
    writeln!(
        out,
        "<details class=\"finding {severity}\"{}><summary><span class=\"badge\">{severity}</span> <code>{} {}</code> \
         {}{more}</summary>",
        if severity == Severity::Error { " open" } else { "" },
        lead.code,
        lead.name,
        text(&lead.message)
    )?;
    let Place { file, line, column } = place_of(chart, lead);
    let number = |number: Option<usize>| number.map_or(String::new(), |number| format!(":{number}"));
    let place = format!("{file}{}{}", number(line), number(column.filter(|_| line.is_some())));
    writeln!(
        out,
        "<p><code>{}</code> {}</p>\n<div class=\"beside\">",
        text(&place),
        text(&subject_of(lead))
    )?;
    if let Some(excerpt) = &lead.location.source_excerpt {
        writeln!(
            out,
            "<figure><figcaption>template</figcaption><pre>{}</pre></figure>",
            text(&cut(excerpt, 400))
        )?;
    }
    rendered(chart, lead, id, out)?;
    writeln!(out, "</div>")?;
    for value in &lead.origin.values {
        let place = value.layer.as_ref().map_or("not set".to_owned(), |layer| layer_line(layer, value.line));
        writeln!(out, "<p>value <code>{}</code> {}</p>", text(&value.path.to_string()), text(&place))?;
    }
    if let Some(help) = &lead.help {
        writeln!(out, "<p class=\"help\">{}</p>", text(help))?;
    }
    let others: Vec<&&Diagnostic> = block.others.iter().chain(&block.inside).collect();
    if !others.is_empty() {
        writeln!(out, "<ul>")?;
        for other in others {
            let subject = subject_of(other);
            writeln!(
                out,
                "<li><code>{}</code> {}: {}</li>",
                other.code,
                text(&subject),
                text(&other.message)
            )?;
        }
        writeln!(out, "</ul>")?;
    }
    if !lead.runs.is_empty() {
        writeln!(out, "<p>only with {}</p>", text(&lead.runs.join(", ")))?;
    }
    writeln!(out, "</details>")
}

/// The rendered lines around the one that is wrong, where the release is at hand and the line is of it.
fn rendered(chart: &ChartReport, finding: &Diagnostic, id: &str, out: &mut dyn Write) -> io::Result<()> {
    let (Some(at), Some(view)) = (finding.location.rendered, &chart.view) else { return Ok(()) };
    let holds = |page: &&Page| page.lines.iter().any(|line| line.number == at.line);
    let Some(page) = view.documents.iter().find(holds) else { return Ok(()) };
    let is_near = |line: &&Line| line.number.abs_diff(at.line) <= AROUND;
    let lines: Vec<&Line> = page.lines.iter().filter(is_near).collect();
    let same = finding.location.excerpt.as_ref().is_some_and(|excerpt| {
        lines.iter().any(|line| line.number == at.line && line.text.as_deref() == Some(excerpt.trim_end()))
    });
    // Of another run the text may be another.
    if !same {
        return Ok(());
    }
    write!(out, "<figure><figcaption>rendered</figcaption><pre>")?;
    for line in lines {
        let shown = text(line.text.as_deref().unwrap_or("(hidden)"));
        if line.number == at.line {
            writeln!(out, "<a href=\"#{id}-{}\"><mark>{shown}</mark></a>", line.number)?;
        } else {
            writeln!(out, "{shown}")?;
        }
    }
    writeln!(out, "</pre></figure>")
}

fn objects(chart: &ChartReport, view: &View, id: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut kinds: BTreeMap<&str, Vec<&Page>> = BTreeMap::new();
    for page in &view.documents {
        kinds.entry(&page.object.kind).or_default().push(page);
    }
    writeln!(
        out,
        "<details><summary>Objects by kind</summary><table><tr><th>kind</th><th>objects</th></tr>"
    )?;
    for (kind, pages) in kinds {
        let link = |page: &&Page| {
            let found =
                chart.diagnostics.iter().filter(|one| one.location.object.as_ref() == Some(&page.object));
            let count = match found.count() {
                0 => String::new(),
                count => format!(" ({count})"),
            };
            let first = page.lines.first().map_or(0, |line| line.number);
            format!("<a href=\"#{id}-{first}\">{}</a>{count}", text(&page.object.name))
        };
        let kind = if kind.is_empty() { "(no kind)" } else { kind };
        let links: Vec<String> = pages.iter().map(link).collect();
        writeln!(out, "<tr><td>{} ({})</td><td>{}</td></tr>", text(kind), pages.len(), links.join(", "))?;
    }
    writeln!(out, "</table></details>")
}

fn release(view: &View, id: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<h3>Release</h3>")?;
    for page in &view.documents {
        let hook = if page.is_hook { " (hook)" } else { "" };
        writeln!(
            out,
            "<details class=\"document\"><summary>{}{hook} <small>{}</small></summary><table class=\"text\">",
            text(&page.object.to_string()),
            text(&page.source)
        )?;
        for line in &page.lines {
            let source = line.source.as_ref().map_or(String::new(), |(file, line)| format!("{file}:{line}"));
            let shown = line.text.as_deref().map_or("<i>(hidden)</i>".to_owned(), text);
            let values = match &line.values[..] {
                [] => String::new(),
                values => format!(" title=\"{}\"", text(&values.join(", "))),
            };
            writeln!(
                out,
                "<tr id=\"{id}-{}\"><td>{}</td><td{values}>{shown}</td><td>{}</td></tr>",
                line.number,
                line.number,
                text(&source)
            )?;
        }
        writeln!(out, "</table></details>")?;
    }
    Ok(())
}

fn values(view: &View, out: &mut dyn Write) -> io::Result<()> {
    if view.values.is_empty() {
        return Ok(());
    }
    let idle = view.values.iter().filter(|value| !value.reaches).count();
    writeln!(
        out,
        "<h3>Values</h3>\n<details><summary>{} values, {idle} of which no line of this release shows</summary>\
         <table class=\"values\"><tr><th>value</th><th>is</th><th>set by</th><th>hides</th></tr>",
        view.values.len()
    )?;
    for Shown { origin, reaches, is_secret } in &view.values {
        let class = if *reaches { "" } else { " class=\"idle\"" };
        let shown = |value: &serde_json::Value| match is_secret {
            true => "(hidden)".to_owned(),
            false => text(&cut(&value.to_string(), 120)),
        };
        let hides: Vec<String> = origin
            .shadows
            .iter()
            .map(|shadow| {
                format!("{} {}", shown(&shadow.value), text(&layer_line(&shadow.layer, shadow.line)))
            })
            .collect();
        let set_by = origin.layer.as_ref().map_or(String::new(), |layer| layer_line(layer, origin.line));
        writeln!(
            out,
            "<tr{class}><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
            text(&origin.path.to_string()),
            shown(&origin.value),
            text(&set_by),
            hides.join("<br>")
        )?;
    }
    writeln!(out, "</table></details>")
}

fn layer_line(layer: &Layer, line: Option<usize>) -> String {
    line.map_or_else(|| layer.to_string(), |line| format!("{layer}:{line}"))
}

/// Text that means nothing to HTML, nor to who reads the lines of a page for commands, as runners of CI do.
fn text(raw: &str) -> String {
    let mut escaped = String::with_capacity(raw.len());
    for c in clean(raw).chars() {
        match c {
            ':' if escaped.ends_with(':') => escaped.push_str("&#58;"),
            '#' if escaped.ends_with('#') => escaped.push_str("&#35;"),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}
