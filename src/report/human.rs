//! For people: each finding with the line that is wrong, its object and field, why it reads so and what to do, drawn as rustc
//! draws its own. Made for a log without colour and a reader who has never seen the rule; why `annotate-snippets` draws it
//! says [a decision](../../../docs/decisions/0008-excerpts.md).

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Snippet};

use crate::diagnostic::{Applicability, Diagnostic};
use crate::judge::{ChartReport, Counts, Root, Tally};

use super::blocks::{Block, blocks, singles};
use super::brief;
use super::concise::{configurations, hidden, total};
use super::coverage;
use super::look::{Look, clean, flat, level, safe};
use super::notes::{Note, is_secret, notes};
use super::place::{Place, place_of};
use super::statistics;
use super::stream::{Detail, Stream, Style};

/// How many lines a chart takes where that can be helped: what does not fit is told in short.
const LINES: usize = 60;
/// The lines around the blocks: the heading, the verdict and the hints.
const AROUND: usize = 5;
/// How many findings are told in detail whatever room there is: those to begin with.
const FIRST: usize = 3;

/// Writes the report.
pub(super) struct Human {
    style: Style,
    told: usize,
}

impl Human {
    pub(super) fn new(style: Style) -> Human {
        Human { style, told: 0 }
    }
}

impl Stream for Human {
    fn chart(&mut self, chart: &ChartReport, out: &mut dyn Write) -> io::Result<()> {
        let look = self.style.look;
        if self.style.detail == Detail::Quiet {
            if chart.failed || !chart.diagnostics.is_empty() {
                writeln!(out, "{}", heading(chart, look))?;
            }
            return Ok(());
        }
        if self.told > 0 {
            writeln!(out)?;
        }
        self.told += 1;
        writeln!(out, "{}", heading(chart, look))?;
        let blocks = match self.style.detail {
            Detail::Full => singles(chart),
            _ => blocks(chart),
        };
        for text in drawn(chart, &blocks, self.style) {
            writeln!(out, "\n{text}")?;
        }
        let verdicts = chart.verdicts.iter().map(|verdict| verdict_line(verdict, look));
        let read =
            configurations(chart).map(|text| look.fit(&format!("{} {text}", look.dim("configuration:")), 0));
        let below: Vec<String> = verdicts.chain(read).chain(hints(chart, &blocks, look)).collect();
        if !blocks.is_empty() && !below.is_empty() {
            writeln!(out)?;
        }
        below.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        chart.coverage.as_ref().map_or(Ok(()), |reached| coverage::write_human(reached, out))
    }

    fn end(&mut self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        if self.style.statistics {
            if self.told > 0 {
                writeln!(out)?;
            }
            statistics::write(tally, out)?;
        }
        if tally.charts > 1 {
            if self.told > 0 && !self.style.statistics {
                writeln!(out)?;
            }
            writeln!(out, "{}", self.style.look.bold(&total(tally)))?;
        }
        Ok(())
    }
}

/// The chart and what was found: `charts/web (web 1.0.0): 2 objects, 1 error, 0 warnings, 0 advice`.
fn heading(chart: &ChartReport, look: Look) -> String {
    let path = look.bold(&flat(&chart.path));
    let name = format!("{} {}", chart.name, chart.version);
    let name = match name.trim() {
        "" => String::new(),
        name => format!(" ({})", flat(name)),
    };
    let runs = match chart.runs.len() {
        0 => String::new(),
        runs => format!(" in {runs} runs"),
    };
    let unjudged: Vec<&str> =
        chart.runs.iter().filter(|run| run.failed).map(|run| run.name.as_str()).collect();
    let counts = Counts::of(&chart.diagnostics);
    if chart.failed {
        let text = look.news(false, "could not be judged");
        return match &unjudged[..] {
            names if !names.is_empty() && names.len() < chart.runs.len() => {
                let names = flat(&names.join(", "));
                format!("{path}{name}: {text} with {names}; {counts}{runs}")
            }
            _ => format!("{path}{name}: {text}"),
        };
    }
    let hidden = hidden(chart.in_baseline, chart.allowed);
    let objects = match (chart.objects, &chart.answer) {
        // Nothing was rendered, where only values are judged.
        (0, None) => String::new(),
        (1, _) => "1 object, ".to_owned(),
        (count, _) => format!("{count} objects, "),
    };
    format!("{path}{name}: {objects}{}{hidden}{runs}", look.counts(counts))
}

fn verdict_line(verdict: &crate::judge::Verdict, look: Look) -> String {
    let word = match (verdict.withheld, verdict.valid) {
        (true, _) => "no verdict",
        (false, true) => "valid",
        (false, false) => "not valid",
    };
    let head = format!("{} ({})", flat(&verdict.profile), verdict.mode);
    let reason = look.fit(&safe(&verdict.reason), head.len() + word.len() + 4).replace('\n', "\n  ");
    let word = if verdict.withheld { look.bold(word) } else { look.news(verdict.valid, word) };
    format!("{head}: {word}; {reason}")
}

/// What `patch` and `fix` mend, and that there is more to see.
fn hints(chart: &ChartReport, blocks: &[Block<'_>], look: Look) -> Vec<String> {
    let count = |is_rendered: bool, wanted: Applicability| {
        let of_kind = chart.diagnostics.iter().filter(|one| one.location.target.is_some() == is_rendered);
        of_kind.filter_map(|one| one.fix.as_ref()).filter(|fix| fix.applicability == wanted).count()
    };
    let fixes = |wanted| count(true, wanted);
    let total = chart.diagnostics.len();
    let of = if total == 1 { "1 finding".to_owned() } else { format!("{total} findings") };
    let mended = match (fixes(Applicability::Safe), fixes(Applicability::Unsafe)) {
        (0, 0) => None,
        (0, risky) => Some(format!("`plimsoll patch --unsafe` mends {risky} of {of} in what is rendered")),
        (safe, 0) => Some(format!("`plimsoll patch` mends {safe} of {of} in what is rendered")),
        (safe, risky) => Some(format!(
            "`plimsoll patch` mends {safe} of {of} in what is rendered, {risky} more with --unsafe"
        )),
    };
    let in_chart = match chart.root {
        Root::Folder => "; `plimsoll fix` mends the chart where the line is sure",
        Root::Archive | Root::Manifests | Root::Values => "",
    };
    let mended = mended.map(|text| text + in_chart);
    let in_values = Some(count(false, Applicability::Safe)).filter(|count| *count > 0);
    let in_values =
        in_values.map(|count| format!("`plimsoll fix` mends {count} of {of} in the values files"));
    let folded =
        (blocks.len() < total).then(|| format!("{of} in {} blocks; --full shows each of them", blocks.len()));
    let hint = |hint: String| format!("{} {hint}", look.dim("hint:"));
    [folded, mended, in_values].into_iter().flatten().map(hint).collect()
}

/// Each block in detail as far as the chart's lines go, the others in short; where even that is too much, those of one rule
/// together.
fn drawn(chart: &ChartReport, blocks: &[Block<'_>], style: Style) -> Vec<String> {
    let look = style.look;
    let detailed: Vec<String> = blocks.iter().map(|block| detailed(chart, block, look)).collect();
    if style.detail == Detail::Full {
        return detailed;
    }
    let short: Vec<String> = blocks.iter().map(|block| brief::short(chart, block, look)).collect();
    let lines = |text: &str| text.lines().count() + 1;
    let all = |texts: &[String]| texts.iter().map(|text| lines(text)).sum::<usize>();
    let (first, least) = (all(&detailed[..blocks.len().min(FIRST)]), AROUND + all(&short));
    if blocks.len() > FIRST && AROUND + first + all(&short[FIRST..]) > LINES {
        let room = LINES.saturating_sub(AROUND + first);
        let mut told = detailed;
        told.truncate(FIRST);
        told.extend(brief::by_rule(chart, &blocks[FIRST..], look, room));
        return told;
    }
    let mut room = LINES.saturating_sub(least);
    detailed
        .into_iter()
        .zip(short)
        .enumerate()
        .map(|(at, (detailed, short))| {
            let more = lines(&detailed).saturating_sub(lines(&short));
            if at >= FIRST && more > room {
                // What is told in short goes on being told in short.
                room = 0;
                return short;
            }
            room = room.saturating_sub(more);
            detailed
        })
        .collect()
}

fn detailed(chart: &ChartReport, block: &Block<'_>, look: Look) -> String {
    let diagnostic = block.lead;
    let Diagnostic { code, name, severity, message, .. } = diagnostic;
    let id = format!("{code} {name}");
    // The name of the severity, brackets, colon, blank.
    let head = severity.to_string().len() + id.len() + 4;
    let title = level(*severity).primary_title(look.fit(&safe(message.trim_end()), head)).id(id);
    let line = line_of(chart, diagnostic);
    let gutter = line.as_ref().map_or(1, |line| line.number.to_string().len()) + 3;
    let notes = notes(chart, block, line.as_ref().map(|line| line.text.as_str()));
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
