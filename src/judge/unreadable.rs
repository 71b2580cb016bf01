//! Documents that are no YAML: which line of which template broke them, and what to do. Finding the line in the text is the
//! work of [`super::broken`]; here it is led back to the template.

use rustc_hash::{FxHashMap, FxHashSet};

use super::broken::{self, Fault, Kind, Writer};
use super::documents;
use super::origin::apply;
use super::secret;
use crate::diagnostic::{Diagnostic, FileLine, RenderedPosition};
use crate::manifest::ParseError;
use crate::render::Origins;
use crate::template::trace::Part;

/// How far above a text a trim marker is looked for.
const MARKERS: usize = 20;

/// A finding for each line that keeps the document from being YAML; one at the line that the reader names where none is
/// found.
pub(super) fn explain(why: Diagnostic, error: &ParseError, origins: &Origins) -> Vec<Diagnostic> {
    let document = Document::new(error, origins);
    let faults = broken::faults(&error.document, &document.writers());
    if faults.is_empty() {
        let mut why = why;
        if let Some(line) = error.line.and_then(|line| line.checked_sub(1)) {
            document.lead(&mut why, line, 0);
        }
        return vec![why];
    }
    faults.iter().map(|fault| document.told(why.clone(), fault)).collect()
}

/// The same of rendered text or another file of which nobody knows who wrote it.
pub(super) fn in_file(why: Diagnostic, error: &documents::Error) -> Vec<Diagnostic> {
    in_document(why, &error.document, error.above)
}

/// The same of the first fault of a file of values or of a chart's own, which stops all that is asked of the chart.
pub(super) fn in_text(why: Diagnostic, text: &[u8]) -> Diagnostic {
    let text = String::from_utf8_lossy(text);
    let mut told = in_document(why, &text, 0);
    told.swap_remove(0)
}

/// One finding at least; `above` lines stand before the document.
fn in_document(why: Diagnostic, document: &str, above: usize) -> Vec<Diagnostic> {
    let faults = broken::faults(document, &[]);
    if faults.is_empty() {
        return vec![why];
    }
    let told = |fault: &Fault| {
        let mut why = why.clone();
        let text = document.lines().nth(fault.line).unwrap_or_default();
        let before = text.get(..fault.column).map_or(fault.column, |before| before.chars().count());
        if let Some(source) = &mut why.location.source {
            (source.line, source.column) = (Some(above + fault.line + 1), Some(before + 1));
        }
        why.location.source_excerpt = (!secret::is_telling(text)).then(|| text.to_owned());
        why.help = Some(fault.kind.help());
        why
    };
    faults.iter().map(told).collect()
}

struct Document<'a> {
    error: &'a ParseError,
    origins: &'a Origins,
    /// Where each line begins in the document.
    starts: Vec<usize>,
    /// Who wrote each line, from its first byte that is no space.
    parts: Vec<Vec<Part>>,
}

impl<'a> Document<'a> {
    fn new(error: &'a ParseError, origins: &'a Origins) -> Document<'a> {
        let text = error.document.as_bytes();
        let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let starts: Vec<usize> = std::iter::once(0).chain(ends).collect();
        let mut document = Document { error, origins, starts, parts: Vec::new() };
        document.parts = (0..document.starts.len())
            .map(|line| origins.parts(&error.source, document.range(line)))
            .collect();
        document
    }

    /// Where a line stands in what the template wrote, without its line break.
    fn range(&self, line: usize) -> std::ops::Range<usize> {
        let start = self.starts.get(line).copied().unwrap_or(self.error.document.len());
        let end = self.starts.get(line + 1).map_or(self.error.document.len(), |next| next - 1);
        self.error.start + start..self.error.start + end.max(start)
    }

    fn line(&self, line: usize) -> &str {
        let range = self.range(line);
        let start = self.error.start;
        self.error.document.get(range.start - start..range.end - start).unwrap_or_default()
    }

    fn writers(&self) -> Vec<Writer> {
        let mut numbers: FxHashMap<(String, u32, String), usize> = FxHashMap::default();
        let mut number = |file: &str, pos: u32, call: &str| {
            let next = numbers.len();
            *numbers.entry((file.to_owned(), pos, call.to_owned())).or_insert(next)
        };
        let mut writers = Vec::with_capacity(self.parts.len());
        for (line, parts) in self.parts.iter().enumerate() {
            let start = self.range(line).start;
            let (mut writer, mut known) = (Writer::default(), FxHashSet::default());
            let mut last: Option<(String, Option<usize>)> = None;
            for part in parts {
                let at = part.start.saturating_sub(start);
                let mut actions = Vec::new();
                match part.is_text {
                    // A line of a template that stands there again and again is that of a loop.
                    true if at == 0 => {
                        let line = part.source.line.unwrap_or_default() as u32;
                        actions.push(number(&part.source.file, line, "line"));
                    }
                    true => {}
                    false => actions.push(number(&part.source.file, part.pos, "")),
                }
                for site in part.includes.iter().rev() {
                    actions.push(number(&site.file, site.line as u32, &site.template));
                }
                for action in actions {
                    if known.insert(action) {
                        writer.actions.push((action, at));
                    }
                }
                let here = (part.source.file.clone(), part.source.line);
                if at > 0 && last.as_ref().is_some_and(|last| *last != here) {
                    writer.joints.push(at);
                }
                last = Some(here);
            }
            writers.push(writer);
        }
        writers
    }

    fn told(&self, mut why: Diagnostic, fault: &Fault) -> Diagnostic {
        self.lead(&mut why, fault.line, fault.column);
        why.help = Some(fault.kind.help());
        let outer = self.parts.get(fault.line).and_then(|parts| self.printing(parts, fault));
        if let (Kind::Block(from, to), Some(outer)) = (&fault.kind, &outer) {
            let line = self.origins.line(&outer.file, outer.line.unwrap_or_default()).unwrap_or_default();
            if let Some((function, number)) = indented_by(&line) {
                let meant = (number + to).saturating_sub(*from);
                why.help = Some(format!("{}: write `{function} {meant}`", fault.kind.help()));
            }
        }
        if fault.kind == Kind::Eaten
            && let Some(marker) = why.location.source.as_ref().and_then(|behind| self.marker(behind, fault))
        {
            why.location.source_excerpt = self.origins.line(&marker.file, marker.line.unwrap_or_default());
            why.location.source = Some(FileLine { file: self.origins.on_disk(&marker.file), ..marker });
        }
        if let Some(outer) = outer {
            why.location.source_excerpt = self.origins.line(&outer.file, outer.line.unwrap_or_default());
            why.location.source = Some(FileLine { file: self.origins.on_disk(&outer.file), ..outer });
        }
        why
    }

    /// The action of the template that indents what is wrong, as Helm names its file.
    fn printing(&self, parts: &[Part], fault: &Fault) -> Option<FileLine> {
        if !matches!(fault.kind, Kind::Block(..) | Kind::FirstLine) {
            return None;
        }
        let content = self.range(fault.line).start + fault.column;
        let part = parts.iter().rev().find(|part| part.start <= content).or(parts.first())?;
        match part.includes.first() {
            Some(site) => Some(FileLine { file: site.file.clone(), line: Some(site.line), column: None }),
            None => Some(part.source.clone()),
        }
    }

    /// The trim marker that took the line break before a text away, as Helm names its file.
    fn marker(&self, behind: &FileLine, fault: &Fault) -> Option<FileLine> {
        let content = self.range(fault.line).start + fault.column;
        let part = self.parts.get(fault.line)?.iter().find(|part| part.start >= content)?;
        let first = behind.line?;
        let marked = (first.saturating_sub(MARKERS)..=first).rev().find_map(|number| {
            let line = self.origins.line(&part.source.file, number)?;
            let before =
                if number == first { behind.column.map_or(0, |column| column - 1) } else { line.len() };
            let column = line.get(..before)?.rfind("-}}")?;
            Some((number, column + 1))
        });
        let (line, column) = marked?;
        Some(FileLine { file: part.source.file.clone(), line: Some(line), column: Some(column) })
    }

    /// Says who wrote the place, and what was rendered there.
    fn lead(&self, why: &mut Diagnostic, line: usize, column: usize) {
        let range = self.range(line);
        let text = self.line(line);
        let indent = text.len() - text.trim_start_matches(' ').len();
        let start = range.start + indent.max(column.min(text.len().saturating_sub(1)));
        let mut cause = self.origins.range(&self.error.source, start..range.end.max(start + 1));
        let whole = self
            .origins
            .range(&self.error.source, range.start + indent..range.end.max(range.start + indent + 1));
        if cause.source.is_none() {
            cause.source.clone_from(&whole.source);
        }
        if cause.origin.values.is_empty() {
            cause.origin.values = whole.origin.values;
        }
        apply(why, cause);
        let characters = |bytes: usize| text.get(..bytes).map_or(bytes, |before| before.chars().count());
        why.location.rendered =
            Some(RenderedPosition { line: line + 1, column: characters(column.max(indent.min(column))) + 1 });
        why.location.excerpt = Some(text.to_owned());
    }
}

/// The function that indents and the number that it is given, in a line of a template.
fn indented_by(line: &str) -> Option<(&'static str, usize)> {
    for function in ["nindent", "indent"] {
        if let Some((_, behind)) = line.split_once(&format!("{function} ")) {
            let digits: String = behind.trim_start().chars().take_while(char::is_ascii_digit).collect();
            return Some((function, digits.parse().ok()?));
        }
    }
    None
}
