//! For people: each finding with the line that is wrong, its object and field, why it reads so and what to do, drawn as rustc
//! draws its own. Made for a log without colour and a reader who has never seen the rule; why `annotate-snippets` draws it
//! says [a decision](../../../docs/decisions/0008-excerpts.md).

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Snippet};

use crate::diagnostic::{Diagnostic, Layer, ValueOrigin};
use crate::judge::{ChartReport, Counts, Report, Root};

use super::look::{Look, clean, cut, flat, level, safe};
use super::place::{Place, place_of, subject, subject_of};

/// Writes the report.
pub(super) fn write(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    for (at, chart) in report.charts.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        for diagnostic in &chart.diagnostics {
            writeln!(out, "{}\n", finding(chart, diagnostic, look))?;
        }
        summary(chart, look, out)?;
    }
    if report.charts.len() > 1 {
        writeln!(out)?;
        total(report, out)?;
    }
    Ok(())
}

fn finding(chart: &ChartReport, diagnostic: &Diagnostic, look: Look) -> String {
    let Diagnostic { code, name, severity, message, .. } = diagnostic;
    let id = format!("{code} {name}");
    // The name of the severity, brackets, colon, blank.
    let head = severity.to_string().len() + id.len() + 4;
    let title = level(*severity).primary_title(look.fit(&safe(message.trim_end()), head)).id(id);
    let line = line_of(chart, diagnostic);
    let gutter = line.as_ref().map_or(1, |line| line.number.to_string().len()) + 3;
    let notes = notes(diagnostic, line.as_ref());
    let note = |Note { label, text }: Note| {
        let text = look.fit(&safe(text.trim_end()), gutter + label.len() + 2);
        let level = if label == "help" { Level::HELP } else { Level::NOTE.with_name(label) };
        Element::from(level.message(text))
    };
    let place = match line {
        Some(line) => Some(Element::from(line.draw())),
        None => origin(chart, diagnostic).map(Element::from),
    };
    let elements: Vec<Element<'_>> = place.into_iter().chain(notes.into_iter().map(note)).collect();
    look.renderer().render(&[Group::with_title(title).elements(elements)])
}

/// A line of a file, and what in it is pointed at.
struct Line {
    file: String,
    number: usize,
    text: String,
    pointed: Range<usize>,
}

/// How far behind the place that is pointed at a line may go on. No terminal shows more, and drawing takes time.
const TAIL: usize = 500;

impl Line {
    fn new(file: &str, number: usize, column: Option<usize>, text: &str) -> Line {
        let mut text = clean(text).replace('\n', " ");
        let pointed = pointed(&text, column);
        let end = (pointed.end..text.len()).filter(|at| text.is_char_boundary(*at)).nth(TAIL);
        text.truncate(end.unwrap_or(text.len()));
        Line { file: flat(file), number, text, pointed }
    }

    fn draw(self) -> Snippet<'static, annotate_snippets::Annotation<'static>> {
        let mark = AnnotationKind::Primary.span(self.pointed);
        Snippet::source(self.text).line_start(self.number).path(self.file).annotation(mark)
    }
}

/// The line of the chart that a finding leads to; without one, that of the rendered text.
fn line_of(chart: &ChartReport, diagnostic: &Diagnostic) -> Option<Line> {
    let location = &diagnostic.location;
    if let (Some(source), Some(text)) = (&location.source, &location.source_excerpt) {
        // Where a file ends too early, the line has nothing to show.
        if text.trim().is_empty() {
            return None;
        }
        let Place { file, .. } = place_of(chart, diagnostic);
        return Some(Line::new(&file, source.line?, source.column, text));
    }
    let (rendered, text) = (location.rendered?, location.excerpt.as_ref()?);
    let file = match (&location.source, chart.root) {
        (_, Root::Manifests) => chart.path.clone(),
        (Some(source), _) => format!("rendered {}", source.file),
        (None, _) => "rendered manifests".to_owned(),
    };
    (!is_secret(diagnostic)).then(|| Line::new(&file, rendered.line, Some(rendered.column), text))
}

/// The file alone, where nothing of it can be shown.
fn origin(chart: &ChartReport, diagnostic: &Diagnostic) -> Option<Origin<'static>> {
    diagnostic.location.source.as_ref()?;
    let Place { file, line, column } = place_of(chart, diagnostic);
    let mut origin = Origin::path(flat(&file));
    if let Some(line) = line {
        origin = origin.line(line);
    }
    if let (Some(_), Some(column)) = (line, column) {
        origin = origin.char_column(column);
    }
    Some(origin)
}

/// What to point at in a line: the key, the word or the action at the column; all that is written where none is known.
fn pointed(line: &str, column: Option<usize>) -> Range<usize> {
    let blank = line.len() - line.trim_start().len();
    let start = column.map(|column| line.char_indices().nth(column.saturating_sub(1)));
    let start = start.map_or(blank, |found| found.map_or(line.len(), |(at, _)| at));
    let rest = &line[start..];
    let end_of_key = || {
        let next = |at: usize| rest[at..].chars().nth(1);
        let ends =
            |at: usize, c: char| c.is_whitespace() || c == ':' && next(at).is_none_or(char::is_whitespace);
        rest.char_indices().find(|(at, c)| ends(*at, *c)).map_or(rest.len(), |(at, _)| at)
    };
    let width = match column {
        None => rest.trim_end().len(),
        Some(_) if rest.starts_with("{{") => rest.find("}}").map_or(rest.trim_end().len(), |at| at + 2),
        Some(_) => end_of_key(),
    };
    start..start + width
}

/// Whether what is rendered there is nobody's business: it may come from values that a user keeps to himself.
fn is_secret(diagnostic: &Diagnostic) -> bool {
    diagnostic.location.object.as_ref().is_some_and(|object| object.kind == "Secret")
}

/// What is said below the line.
struct Note {
    label: &'static str,
    text: String,
}

/// How many values of a finding are told; the other formats tell all.
const VALUES: usize = 3;

/// Object and field, what was rendered, why it reads so, and what to do.
fn notes(diagnostic: &Diagnostic, line: Option<&Line>) -> Vec<Note> {
    let note = |label, text| Note { label, text };
    let mut notes = Vec::new();
    let about = subject_of(diagnostic);
    if !about.is_empty() {
        let label = if diagnostic.location.object.is_some() { "in" } else { "field" };
        notes.push(note(label, about));
    }
    notes.extend(rendered(diagnostic, line).map(|text| note("rendered", text)));
    notes.extend(causes(diagnostic));
    notes.extend(diagnostic.help.iter().map(|help| note("help", help.clone())));
    for related in &diagnostic.related {
        notes.push(note("see", subject(related)));
    }
    notes
}

/// The rendered line, where another one is shown and does not say the same.
fn rendered(diagnostic: &Diagnostic, line: Option<&Line>) -> Option<String> {
    let text = diagnostic.location.excerpt.as_ref()?.trim();
    let is_shown = line.is_some_and(|line| line.text.trim() == text) || text.is_empty();
    let is_rendered = diagnostic.location.source_excerpt.is_none() && line.is_some();
    if is_shown || is_rendered || is_secret(diagnostic) {
        return None;
    }
    let number = diagnostic.location.rendered.map_or(String::new(), |at| format!("{} | ", at.line));
    Some(format!("{number}{}", cut(text, TAIL)))
}

/// Why the line reads as it does: the calls that led to it, outermost first, and the values.
fn causes(diagnostic: &Diagnostic) -> Vec<Note> {
    let origin = &diagnostic.origin;
    let mut notes = Vec::new();
    if !origin.includes.is_empty() {
        let sites =
            origin.includes.iter().map(|site| format!("{}:{} ({})", site.file, site.line, site.template));
        notes.push(Note { label: "from", text: sites.collect::<Vec<_>>().join(", ") });
    }
    for value in origin.values.iter().take(VALUES) {
        let label = if value.layer.is_some() { "set by" } else { "not set" };
        notes.push(Note { label, text: set_by(value) });
    }
    // What is written as it stands is there because somebody asked for it.
    if let ([], Some(condition)) = (origin.values.as_slice(), origin.conditions.last()) {
        notes.push(Note { label: "if", text: set_by(condition) });
    }
    match origin.values.len().saturating_sub(VALUES) {
        0 => {}
        more => notes.push(Note { label: "set by", text: format!("{more} more values") }),
    }
    notes
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

fn summary(chart: &ChartReport, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let title = if chart.name.is_empty() {
        chart.path.clone()
    } else {
        format!("{} {}", chart.name, chart.version).trim_end().to_owned()
    };
    let title = look.bold(&flat(&title));
    if chart.failed {
        return writeln!(out, "{title}: could not be judged");
    }
    let objects = if chart.objects == 1 { "object" } else { "objects" };
    let counts = Counts::of(&chart.diagnostics);
    if chart.objects == 0 && chart.answer.is_none() {
        writeln!(out, "{title}: {counts}")?;
    } else {
        writeln!(out, "{title}: {} {objects}, {counts}", chart.objects)?;
    }
    for verdict in &chart.verdicts {
        let word = look.news(verdict.valid, if verdict.valid { "valid" } else { "not valid" });
        let head = format!("{} ({})", flat(&verdict.profile), verdict.mode);
        let reason = look.fit(&verdict.reason, head.len() + 4).replace('\n', "\n  ");
        writeln!(out, "{head}: {word}; {reason}")?;
    }
    Ok(())
}

fn total(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let failed = report.charts.iter().filter(|chart| chart.failed).count();
    write!(out, "{} charts: {}", report.charts.len(), Counts::of(report.diagnostics()))?;
    match failed {
        0 => writeln!(out),
        count => writeln!(out, "; {count} could not be judged"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_at_keys_words_and_actions() {
        let pointed = |line: &'static str, column| &line[pointed(line, column)];
        assert_eq!(pointed("  image: a:b", Some(3)), "image");
        assert_eq!(pointed("  image: a:b", Some(10)), "a:b");
        assert_eq!(pointed("  {{ .Values.a }}: x", Some(3)), "{{ .Values.a }}");
        assert_eq!(pointed("  {{ .Values.a", Some(3)), "{{ .Values.a");
        assert_eq!(pointed("  - ü: 日本 ", Some(5)), "ü");
        assert_eq!(pointed("  - a ", None), "- a");
        assert_eq!(pointed("a", Some(9)), "");
        assert_eq!(pointed("", None), "");
    }
}
