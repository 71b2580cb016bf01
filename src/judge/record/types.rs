//! The report of a chart and its findings.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::form::{Record, fields, opened, record};
use super::words::known;
use crate::diagnostic::{
    Diagnostic, Edit, FileLine, Fix, IncludeSite, Location, ObjectId, Origin, RenderedPosition, Target,
};
use crate::judge::report::{Answer, ChartReport, Reads, Run, Verdict};
use crate::judge::view::{Line, Page, Shown, View};
use crate::path::{FieldPath, Step};
use crate::render::{BranchCoverage, Coverage, DefineCoverage, FileCoverage, KeyCoverage};

record!(ChartReport {
    path,
    root,
    name,
    version,
    objects,
    verdicts,
    diagnostics,
    failed,
    answer,
    api_answers,
    allowed,
    in_baseline,
    configurations,
    view,
    runs,
    coverage,
    reads
});
record!(Run { name, values_set, kube_version, objects, failed });
record!(Verdict { profile, mode, valid, reason, withheld });
record!(Answer { valid, errors, policy });
record!(View { documents, values });
record!(Page { object, source, is_hook, lines });
record!(Line { number, text, source, values });
record!(Shown { origin, reaches, is_secret });
record!(Location { object, target, field, is_presence, source, source_excerpt, is_given, rendered, excerpt });
record!(ObjectId { api_version, kind, name, namespace });
record!(Target { document, path });
record!(FileLine { file, line, column });
record!(RenderedPosition { line, column });
record!(Origin { includes, values, conditions });
record!(IncludeSite { template, file, line });
record!(Fix { applicability, edits });
record!(Coverage { sets, files, values });
record!(FileCoverage { file, lines, branches, defines });
record!(BranchCoverage { word, condition, line, column, asked, entered, passed });
record!(DefineCoverage { name, line, executed });
record!(KeyCoverage { path, line, read });

/// A report that is written down is that of all runs, and nobody asks any more.
impl Record for Reads {
    fn put(&self) -> Option<Json> {
        None
    }

    fn take(json: Option<Json>) -> Option<Reads> {
        json.is_none().then(Reads::default)
    }
}

/// The words of branches.
const WORDS: [&str; 3] = ["if", "with", "range"];

impl Record for &'static str {
    fn put(&self) -> Option<Json> {
        Some(Json::from(*self))
    }

    fn take(json: Option<Json>) -> Option<&'static str> {
        let json = json?;
        WORDS.into_iter().find(|word| json == *word)
    }
}

/// Lines with their counts, one number after the other.
impl Record for BTreeMap<usize, usize> {
    fn put(&self) -> Option<Json> {
        let numbers =
            || self.iter().flat_map(|(line, count)| [Json::from(*line), Json::from(*count)]).collect();
        (!self.is_empty()).then(|| Json::Array(numbers()))
    }

    fn take(json: Option<Json>) -> Option<BTreeMap<usize, usize>> {
        let numbers: Vec<usize> = Record::take(json)?;
        let pairs = numbers.chunks(2).map(|pair| Some((pair[0], *pair.get(1)?)));
        pairs.collect()
    }
}

impl Record for Diagnostic {
    fn put(&self) -> Option<Json> {
        let Diagnostic {
            code,
            name,
            severity,
            message,
            profile,
            location,
            value,
            origin,
            related,
            suggestions,
            help,
            fix,
            sources,
            runs,
        } = self;
        fields([
            ("code", Some(Json::from(*code))),
            ("name", Some(Json::from(*name))),
            ("severity", severity.put()),
            ("message", message.put()),
            ("profile", profile.put()),
            ("location", location.put()),
            ("value", value.put()),
            ("origin", origin.put()),
            ("related", related.put()),
            ("suggestions", suggestions.put()),
            ("help", help.put()),
            ("fix", fix.put()),
            ("sources", sources.put()),
            ("runs", runs.put()),
        ])
    }

    fn take(json: Option<Json>) -> Option<Diagnostic> {
        let mut map = opened(json)?;
        let mut field = |name: &str| map.remove(name);
        let (code, name) = known(field("code")?.as_str()?, field("name")?.as_str()?)?;
        let diagnostic = Diagnostic {
            code,
            name,
            severity: Record::take(field("severity"))?,
            message: Record::take(field("message"))?,
            profile: Record::take(field("profile"))?,
            location: Record::take(field("location"))?,
            value: Record::take(field("value"))?,
            origin: Record::take(field("origin"))?,
            related: Record::take(field("related"))?,
            suggestions: Record::take(field("suggestions"))?,
            help: Record::take(field("help"))?,
            fix: Record::take(field("fix"))?,
            sources: Record::take(field("sources"))?,
            runs: Record::take(field("runs"))?,
        };
        map.is_empty().then_some(diagnostic)
    }
}

/// A list of its steps: a key is a text, an index a number, the name of an item a text in a list.
impl Record for FieldPath {
    fn put(&self) -> Option<Json> {
        let step = |step: &Step| match step {
            Step::Key(key) => Json::from(key.as_str()),
            Step::Item(item) => Json::Array(vec![Json::from(item.as_str())]),
            Step::Index(index) => Json::from(*index),
        };
        let steps = self.steps();
        (!steps.is_empty()).then(|| Json::Array(steps.iter().map(step).collect()))
    }

    fn take(json: Option<Json>) -> Option<FieldPath> {
        let Some(json) = json else { return Some(FieldPath::root()) };
        let Json::Array(steps) = json else { return None };
        let step = |json: Json| match json {
            Json::String(key) => Some(Step::Key(key)),
            Json::Array(item) => Some(Step::Item(item.first()?.as_str()?.to_owned())),
            index => Some(Step::Index(usize::take(Some(index))?)),
        };
        Some(FieldPath::new(steps.into_iter().map(step).collect::<Option<Vec<_>>>()?))
    }
}

impl Record for Edit {
    fn put(&self) -> Option<Json> {
        match self {
            Edit::Set { path, value } => {
                fields([("op", Some("set".into())), ("path", path.put()), ("value", value.put())])
            }
            Edit::Remove { path } => fields([("op", Some("remove".into())), ("path", path.put())]),
            Edit::Drop => fields([("op", Some("drop".into()))]),
            Edit::Expand => fields([("op", Some("expand".into()))]),
        }
    }

    fn take(json: Option<Json>) -> Option<Edit> {
        let mut map = opened(json)?;
        let op = map.remove("op")?;
        let mut path = || FieldPath::take(map.remove("path"));
        let edit = match op.as_str()? {
            "set" => Edit::Set { path: path()?, value: Record::take(map.remove("value"))? },
            "remove" => Edit::Remove { path: path()? },
            "drop" => Edit::Drop,
            "expand" => Edit::Expand,
            _ => return None,
        };
        map.is_empty().then_some(edit)
    }
}
