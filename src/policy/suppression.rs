//! Findings that somebody allows, with a reason: by a comment in a template or in rendered YAML, by an annotation, or in
//! the configuration. One that allows nothing is itself reported.
//!
//! ```text
//! {{/* plimsoll: allow host-network because the exporter reads the node's interfaces */}}    everything of this file
//! hostNetwork: true  # plimsoll: allow host-network because …                      this line, or the one below
//! annotations: { allow.plimsoll/host-network: "because …" }                             this object
//! ```

use jiff::civil::Date;
use memchr::memmem;

use crate::diagnostic::{Diagnostic, FileLine, Layer, Location, RenderedPosition, Severity};
use crate::path::FieldPath;
use crate::source::SourceFile;
use crate::yaml::Node;
use crate::{budget, outside};

use super::allowance::Allowance;
use super::profile::{Profile, Today};
use super::rule::Rule;
use super::subject::{Object, Subject};
use super::values::ValuesSubject;

/// The prefix of annotations that allow: `allow.plimsoll/host-network: reason`.
const ANNOTATION: &str = "allow.plimsoll/";
/// What a comment that allows starts with.
const COMMENT: &str = "plimsoll: allow ";

/// What an allowance covers.
#[derive(Debug)]
enum Scope {
    /// All that comes from this file of the chart.
    File(String),
    /// A line of the rendered text, and the next.
    Line(usize),
    /// A line of a values file, and the next.
    ValuesLine(String, usize),
    /// The object: kind, name.
    Object(String),
    /// What the configuration says.
    Configured(Allowance),
}

#[derive(Debug)]
struct Entry {
    rule: String,
    reason: String,
    scope: Scope,
    /// The last day on which it holds.
    until: Option<Date>,
    place: Location,
    used: bool,
    /// Whether it counts.
    is_believed: bool,
}

/// Units of work for asking an allowance whether it covers a finding.
const COVER: u64 = 12;

/// What is said of a finding that a chart allows itself, where that counts for nothing.
const DOUBTED: &str = "the chart allows this itself, which counts for nothing in a chart from elsewhere: `trust: all` in your configuration believes it";

/// Findings, and those of them that are allowed.
pub(super) struct Sifted {
    pub found: Vec<Diagnostic>,
    pub allowed: Vec<Diagnostic>,
}

/// Takes the allowed findings out, and adds a finding for each allowance without a reason, or that allows nothing.
/// Of a rule that is `asleep`, because nobody selected it, nothing is said.
pub(super) fn apply(
    found: Vec<Diagnostic>,
    subject: &Subject,
    objects: &[Object<'_>],
    profile: &Profile,
    rules: &[&'static Rule],
    asleep: impl Fn(&str) -> bool,
) -> Sifted {
    let mut unread = unread_comments(subject);
    let mut entries = collect(subject, objects, profile);
    if entries.is_empty() {
        unread.splice(0..0, found);
        return Sifted { found: unread, allowed: Vec::new() };
    }
    let ended = |entry: &Entry| {
        entry.until.is_some_and(|until| {
            // Which day it is, is asked of the world.
            outside::touch();
            profile.today.is_some_and(|Today(today)| until < today())
        })
    };
    let (mut kept, mut allowed) = (Vec::with_capacity(found.len()), Vec::new());
    for mut diagnostic in found {
        let _ = budget::spend(COVER * entries.len() as u64);
        let covering = entries.iter_mut().filter(|entry| entry.covers(&diagnostic, rules));
        // Each that covers it counts as used: which of two comments is superfluous nobody can say.
        let (holds, is_doubted) = covering.fold((false, false), |(holds, is_doubted), entry| {
            entry.used = true;
            (holds || entry.is_believed && !ended(entry), is_doubted || !entry.is_believed)
        });
        if is_doubted && !holds {
            let help = diagnostic.help.map_or(String::new(), |help| format!("{help}; "));
            diagnostic.help = Some(format!("{help}{DOUBTED}"));
        }
        if holds { allowed.push(diagnostic) } else { kept.push(diagnostic) }
    }
    // Of what does not count nothing is said.
    entries.retain(|entry| entry.is_believed);
    kept.extend(entries.iter().filter(|entry| !entry.used && !asleep(&entry.rule)).map(Entry::unused));
    kept.extend(entries.iter().filter(|entry| entry.used && entry.reason.is_empty()).map(Entry::unreasoned));
    kept.extend(entries.iter().filter(|entry| entry.used && ended(entry)).map(Entry::expired));
    kept.append(&mut unread);
    Sifted { found: kept, allowed }
}

impl Entry {
    fn covers(&self, diagnostic: &Diagnostic, rules: &[&'static Rule]) -> bool {
        let named = |rule: &&&'static Rule| rule.code == diagnostic.code && rule.is(&self.rule);
        if !rules.iter().any(|rule| named(&rule)) {
            return false;
        }
        let object = diagnostic.location.object.as_ref().map(ToString::to_string);
        match &self.scope {
            Scope::File(file) => {
                diagnostic.location.source.as_ref().is_some_and(|source| &source.file == file)
            }
            Scope::Line(line) => {
                diagnostic.location.rendered.is_some_and(|at| at.line == *line || at.line == line + 1)
            }
            Scope::ValuesLine(file, line) => diagnostic.location.source.as_ref().is_some_and(|source| {
                &source.file == file && source.line.is_some_and(|at| at == *line || at == line + 1)
            }),
            Scope::Object(name) => object.as_ref() == Some(name),
            Scope::Configured(allowance) => {
                (allowance.object.is_none() || allowance.object == object)
                    && (allowance.field.is_none() || allowance.field == diagnostic.location.field)
            }
        }
    }

    fn unused(&self) -> Diagnostic {
        let message = format!("allows {}, and there is nothing to allow", self.rule);
        let mut diagnostic = Diagnostic::new("SUP001", "unused-allowance", Severity::Warning, message);
        diagnostic.location = self.place.clone();
        diagnostic.help = Some("remove it, or name the rule as `plimsoll rules` does".to_owned());
        diagnostic
    }

    fn unreasoned(&self) -> Diagnostic {
        let message = format!("allows {} and does not say why", self.rule);
        let mut diagnostic =
            Diagnostic::new("SUP002", "allowance-without-reason", Severity::Warning, message);
        diagnostic.location = self.place.clone();
        diagnostic.help = Some(format!("write `{COMMENT}{} because …`", self.rule));
        diagnostic
    }

    fn expired(&self) -> Diagnostic {
        let day = self.until.map_or(String::new(), |day| day.to_string());
        let message = format!("allowed {} until {day}, which is over", self.rule);
        let mut diagnostic = Diagnostic::new("SUP004", "expired-allowance", Severity::Warning, message);
        diagnostic.location = self.place.clone();
        diagnostic.help = Some("mend what it allowed, or give it another day".to_owned());
        diagnostic
    }
}

fn collect(subject: &Subject, objects: &[Object<'_>], profile: &Profile) -> Vec<Entry> {
    let mut entries = Vec::new();
    for file in subject.chart.iter().flat_map(|chart| &chart.templates) {
        for (number, line) in commented(file).filter(|(_, line)| line.contains("/*")) {
            let place = FileLine { file: file.name().to_owned(), line: Some(number), column: None };
            let source_excerpt = Some(line.to_owned());
            let place = Location { source: Some(place), source_excerpt, ..Location::default() };
            entries.extend(said(line, || Scope::File(file.name().to_owned()), &place));
        }
    }
    for (number, line) in commented(&subject.text) {
        let rendered = Some(RenderedPosition { line: number, column: 1 });
        let place = Location { rendered, excerpt: Some(line.to_owned()), ..Location::default() };
        entries.extend(said(line, || Scope::Line(number), &place));
    }
    for (layer, file) in subject.values.iter().flat_map(ValuesSubject::files) {
        for (number, line) in commented(file) {
            let place = FileLine { file: file.name().to_owned(), line: Some(number), column: None };
            let place = Location {
                source: Some(place),
                source_excerpt: Some(line.to_owned()),
                is_given: !matches!(layer, Layer::Chart(_)),
                ..Location::default()
            };
            entries.extend(said(line, || Scope::ValuesLine(file.name().to_owned(), number), &place));
        }
    }
    for object in objects {
        annotations(object, &mut entries);
    }
    for entry in entries.iter_mut().filter(|_| profile.doubts_chart) {
        // What stands in a values file that somebody names is his own word.
        entry.is_believed = matches!(entry.scope, Scope::ValuesLine(..)) && entry.place.is_given;
    }
    entries.extend(profile.allowances.iter().map(|allowance| Entry {
        rule: allowance.rule.clone(),
        reason: allowance.reason.clone(),
        scope: Scope::Configured(allowance.clone()),
        until: allowance.until,
        place: Location { source: Some(allowance.place.clone()), is_given: true, ..Location::default() },
        used: false,
        is_believed: true,
    }));
    entries
}

/// The lines with a comment that allows, and their numbers.
fn commented(file: &SourceFile) -> impl Iterator<Item = (usize, &str)> {
    memmem::find_iter(file.text().as_bytes(), COMMENT).map(|offset| {
        let number = file.line_of(offset);
        (number, file.line(number))
    })
}

/// The allowances that a line with a comment makes: `plimsoll: allow NAME, NAME because REASON`, with `until DAY` at its end
/// where it ends.
fn said(line: &str, scope: impl Fn() -> Scope, place: &Location) -> Vec<Entry> {
    let said = line.split_once(COMMENT).map_or("", |(_, said)| said);
    let said = said.split("*/").next().unwrap_or(said);
    let (said, until) = match said.rsplit_once(" until ") {
        Some((before, day)) if day.trim().parse::<Date>().is_ok() => (before, day.trim().parse().ok()),
        _ => (said, None),
    };
    let (names, reason) = said.split_once(" because").or_else(|| said.split_once(':')).unwrap_or((said, ""));
    let names = names.split(',').filter_map(|name| name.split_whitespace().next());
    let names = names.map(|name| name.trim_end_matches(':'));
    let entry = |name: &str| Entry {
        rule: name.to_owned(),
        reason: reason.trim().to_owned(),
        scope: scope(),
        until,
        place: place.clone(),
        used: false,
        is_believed: true,
    };
    names.map(entry).collect()
}

/// Words that other programs have for it, and that a comment for this one does not say.
const OTHER_WORDS: [&str; 9] =
    ["ignore", "disable", "skip", "suppress", "exclude", "noqa", "nolint", "off", "allow"];

/// Comments that were meant to allow something and allow nothing, because they are written otherwise.
fn unread_comments(subject: &Subject) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in subject.chart.iter().flat_map(|chart| &chart.templates) {
        for offset in memmem::find_iter(file.text().as_bytes(), "plimsoll:") {
            let number = file.line_of(offset);
            let Some(words) = unread(file.text(), offset) else { continue };
            let message = format!("`{words}` says nothing to Plimsoll");
            let mut diagnostic = Diagnostic::new("SUP005", "unread-comment", Severity::Warning, message);
            let column = file.position(offset).column;
            diagnostic.location = Location {
                source: Some(FileLine {
                    file: file.name().to_owned(),
                    line: Some(number),
                    column: Some(column),
                }),
                source_excerpt: Some(file.line(number).to_owned()),
                ..Location::default()
            };
            diagnostic.help = Some(format!("write `{COMMENT}RULE because REASON`"));
            found.push(diagnostic);
        }
    }
    found
}

/// What the comment at the offset says, if it was meant to allow and does not.
fn unread(text: &str, offset: usize) -> Option<String> {
    let before = text[..offset].trim_end_matches([' ', '\t']);
    let is_comment = before.ends_with('#') || before.ends_with("/*");
    let rest = &text[offset..];
    let rest = rest.lines().next()?;
    if !is_comment || rest.starts_with(COMMENT) {
        return None;
    }
    let word = rest["plimsoll:".len()..].split_whitespace().next()?;
    let word = word.trim_end_matches([':', ',']).trim_end_matches("*/");
    OTHER_WORDS.contains(&word.to_lowercase().split('-').next()?).then(|| {
        let gap = if rest["plimsoll:".len()..].starts_with(' ') { " " } else { "" };
        format!("plimsoll:{gap}{word}")
    })
}

/// The allowances in the annotations of an object.
fn annotations(object: &Object<'_>, entries: &mut Vec<Entry>) {
    let annotations = object.node.at(&["metadata", "annotations"]).map_or(&[][..], Node::entries);
    for entry in annotations {
        let Some(rule) = entry.key.strip_prefix(ANNOTATION) else { continue };
        entries.push(Entry {
            rule: rule.to_owned(),
            reason: entry.value.as_str().unwrap_or_default().trim().to_owned(),
            scope: Scope::Object(object.id.to_string()),
            until: None,
            place: Location {
                object: Some(object.id.clone()),
                field: Some(FieldPath::root().keys(&["metadata", "annotations", &entry.key])),
                ..Location::default()
            },
            used: false,
            is_believed: true,
        });
    }
}
