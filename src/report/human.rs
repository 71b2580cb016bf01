//! For people: each finding with the line that is wrong, its object and field, and what to do. Made for 80 columns, a log
//! without colour and a reader who has never seen the rule.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::diagnostic::{Diagnostic, Layer, Severity, ValueOrigin};

use crate::judge::{ChartReport, Counts, Report};

/// The width to which sentences are broken and lines of manifests are cut.
const WIDTH: usize = 80;

/// Writes the report.
pub(super) fn write(report: &Report, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint { color };
    for (at, chart) in report.charts.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        for diagnostic in &chart.diagnostics {
            finding(diagnostic, &paint, out)?;
            writeln!(out)?;
        }
        summary(chart, &paint, out)?;
    }
    if report.charts.len() > 1 {
        writeln!(out)?;
        total(report, out)?;
    }
    Ok(())
}

/// The styles, or none.
pub(super) struct Paint {
    pub color: bool,
}

impl Paint {
    fn with(&self, style: Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn severity(&self, severity: Severity) -> String {
        let color = match severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Advice => AnsiColor::Cyan,
        };
        self.with(Style::new().bold().fg_color(Some(color.into())), severity.name())
    }

    pub fn bold(&self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    pub fn dim(&self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }
}

fn finding(diagnostic: &Diagnostic, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    let name = format!("{}[{} {}]:", diagnostic.severity, diagnostic.code, diagnostic.name);
    let head = format!(
        "{}[{} {}]:",
        paint.severity(diagnostic.severity),
        diagnostic.code,
        paint.bold(diagnostic.name)
    );
    let mut lines = wrap(&diagnostic.message, name.chars().count() + 1, 2);
    let first = lines.remove(0);
    writeln!(out, "{head}{}{first}", if first.is_empty() { "" } else { " " })?;
    for line in lines {
        writeln!(out, "  {line}")?;
    }
    place(diagnostic, paint, out)?;
    causes(diagnostic, paint, out)?;
    if let Some(help) = &diagnostic.help {
        labelled("help:", help, paint, out)?;
    }
    for related in &diagnostic.related {
        let object = related.object.as_ref().map(ToString::to_string).unwrap_or_default();
        labelled("see:", &object, paint, out)?;
    }
    Ok(())
}

/// Where it is: file and object, then the line itself with its number.
fn place(diagnostic: &Diagnostic, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    let location = &diagnostic.location;
    let file = location.source.as_ref().map(|source| match source.line {
        Some(line) => format!("{}:{line}", source.file),
        None => source.file.clone(),
    });
    let object = location.object.as_ref().map(ToString::to_string);
    let places: Vec<String> = file.into_iter().chain(object).collect();
    if !places.is_empty() {
        writeln!(out, "  {} {}", paint.dim("-->"), places.join(", "))?;
    }
    if let Some(field) = location.field.as_ref().filter(|_| location.object.is_some()) {
        writeln!(out, "  {} {field}", paint.dim("  >"))?;
    }
    let (Some(excerpt), Some((number, column))) = (&location.excerpt, numbered(diagnostic)) else {
        return Ok(());
    };
    let number = number.to_string();
    let bar = paint.dim("|");
    let what = if location.rendered.is_some() { "rendered " } else { "" };
    let label = format!("{what}{number}");
    let room = WIDTH.saturating_sub(label.len() + 6);
    writeln!(out, "  {} {bar} {}", paint.dim(&label), cut(excerpt, room))?;
    let width = pointed_width(excerpt, column);
    if column > 0 && column + width <= room + 1 {
        let blank = " ".repeat(label.len());
        let marks = paint.severity_marks(diagnostic.severity, width);
        writeln!(out, "  {blank} {bar} {}{marks}", " ".repeat(column - 1))?;
    }
    Ok(())
}

/// How many values of a finding are told; the other formats tell all.
const VALUES: usize = 3;

/// Why the line reads as it does: the calls that led to it, outermost first, and the values.
fn causes(diagnostic: &Diagnostic, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    let origin = &diagnostic.origin;
    if !origin.includes.is_empty() {
        let sites =
            origin.includes.iter().map(|site| format!("{}:{} ({})", site.file, site.line, site.template));
        labelled("from:", &sites.collect::<Vec<_>>().join(", "), paint, out)?;
    }
    for value in origin.values.iter().take(VALUES) {
        let label = if value.layer.is_some() { "set by:" } else { "not set:" };
        labelled(label, &set_by(value), paint, out)?;
    }
    // What is written as it stands is there because somebody asked for it.
    if let ([], Some(condition)) = (origin.values.as_slice(), origin.conditions.last()) {
        labelled("if:", &set_by(condition), paint, out)?;
    }
    match origin.values.len().saturating_sub(VALUES) {
        0 => Ok(()),
        more => labelled("set by:", &format!("{more} more values"), paint, out),
    }
}

/// The key, where a user sets it if that is elsewhere, and the line that does: `.Values.tag (redis.tag, values.yaml:12)`.
fn set_by(value: &ValueOrigin) -> String {
    let mut places = Vec::new();
    if value.key != value.path {
        places.push(value.path.to_set_expression());
    }
    let place = |layer: &Layer, line: Option<usize>| match line {
        Some(line) => format!("{layer}:{line}"),
        None => layer.to_string(),
    };
    places.extend(value.layer.as_ref().map(|layer| place(layer, value.line)));
    places.extend(
        value
            .nearest
            .as_ref()
            .map(|near| format!("{} is in {}", near.path.to_set_expression(), place(&near.layer, near.line))),
    );
    let key = value.template_key();
    if places.is_empty() { key } else { format!("{key} ({})", places.join(", ")) }
}

impl Paint {
    fn severity_marks(&self, severity: Severity, width: usize) -> String {
        let color = if severity == Severity::Error { AnsiColor::Red } else { AnsiColor::Yellow };
        self.with(Style::new().fg_color(Some(color.into())), &"^".repeat(width))
    }
}

/// Line and column of the excerpt: in the rendered text, else in the file.
fn numbered(diagnostic: &Diagnostic) -> Option<(usize, usize)> {
    let location = &diagnostic.location;
    let rendered = location.rendered.map(|at| (at.line, at.column));
    rendered.or_else(|| {
        let source = location.source.as_ref()?;
        Some((source.line?, source.column.unwrap_or(0)))
    })
}

/// How much to point at: the word at the column, which is a key or a value.
fn pointed_width(line: &str, column: usize) -> usize {
    let rest = line.chars().skip(column.saturating_sub(1));
    rest.take_while(|c| !c.is_whitespace() && *c != ':').count().max(1)
}

fn labelled(label: &str, text: &str, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    let indent = label.len() + 3;
    for (at, line) in wrap(text, indent, indent).into_iter().enumerate() {
        if at == 0 {
            writeln!(out, "  {} {line}", paint.bold(label))?;
        } else {
            writeln!(out, "{}{line}", " ".repeat(indent))?;
        }
    }
    Ok(())
}

fn summary(chart: &ChartReport, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    let title = if chart.name.is_empty() {
        chart.path.clone()
    } else {
        format!("{} {}", chart.name, chart.version).trim_end().to_owned()
    };
    if chart.failed {
        return writeln!(out, "{}: could not be judged", paint.bold(&title));
    }
    let objects = if chart.objects == 1 { "object" } else { "objects" };
    let counts = Counts::of(&chart.diagnostics);
    writeln!(out, "{}: {} {objects}, {counts}", paint.bold(&title), chart.objects)?;
    for verdict in &chart.verdicts {
        let word = if verdict.valid { "valid" } else { "not valid" };
        let head = format!("{} ({}): {word};", verdict.profile, verdict.mode);
        for (at, line) in wrap(&verdict.reason, head.len() + 1, 2).into_iter().enumerate() {
            if at == 0 { writeln!(out, "{head} {line}")? } else { writeln!(out, "  {line}")? }
        }
    }
    Ok(())
}

fn total(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let failed = report.charts.iter().filter(|chart| chart.failed).count();
    let counts = Counts::of(report.diagnostics().filter(|_| true));
    write!(out, "{} charts: {counts}", report.charts.len())?;
    match failed {
        0 => writeln!(out),
        count => writeln!(out, "; {count} could not be judged"),
    }
}

/// Breaks a text into lines; the first has `first` columns less than the width, the others `other` less. A text with line
/// breaks of its own keeps them.
pub(super) fn wrap(text: &str, first: usize, other: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for (at, paragraph) in text.trim_end().lines().enumerate() {
        let mut line = String::new();
        let mut room = WIDTH.saturating_sub(if at == 0 { first } else { other });
        for word in paragraph.split(' ') {
            let width = word.chars().count();
            let used = line.chars().count();
            if used > 0 && used + 1 + width > room
                || used == 0 && lines.is_empty() && width > room && first > other
            {
                lines.push(std::mem::take(&mut line));
                room = WIDTH.saturating_sub(other);
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// The line, cut to the room with a mark where something is left out; control characters would play with the terminal.
pub(super) fn cut(line: &str, room: usize) -> String {
    let clean: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if clean.chars().count() <= room {
        return clean;
    }
    clean.chars().take(room.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_between_words() {
        let text = "word ".repeat(30);
        let lines = wrap(text.trim(), 30, 4);
        assert!(lines[0].len() <= 50 && lines[1].len() <= 76);
        assert_eq!(lines.join(" "), text.trim());
        assert_eq!(wrap("", 2, 2), [""]);
        assert_eq!(cut("abcdef", 4), "abc…");
    }
}
