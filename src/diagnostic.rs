//! [`Diagnostic`]: the one shape of everything that Plimsoll tells its user, be it a chart that does not load, a template
//! that fails or a rule that is broken: what, how bad, where, why it came about, what to do.

use std::fmt;

use clap::ValueEnum;
use serde::Serialize;

use crate::path::FieldPath;
use crate::word;

/// How bad a finding is, from least to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know; never fails a run by default.
    Advice,
    /// Will probably hurt.
    Warning,
    /// The platform refuses it, or it does not work.
    Error,
}

word::written!(Severity, "severity");

/// The Kubernetes object that a finding is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectId {
    /// `apps/v1`; empty where the document has none.
    pub api_version: String,
    /// `Deployment`; empty where the document has none.
    pub kind: String,
    /// `metadata.name`; empty where there is none.
    pub name: String,
    /// `metadata.namespace`, if it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.kind.is_empty() { "(no kind)" } else { &self.kind };
        let name = if self.name.is_empty() { "(no name)" } else { &self.name };
        write!(f, "{kind}/{name}")
    }
}

/// A place in a file, relative to the chart as it lies on disk, or as the user gave it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct FileLine {
    /// The path, with `/`.
    pub file: String,
    /// The line, from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column, from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
}

/// A place in the rendered text of a release, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct RenderedPosition {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Where a finding is, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// The object.
    pub object: Option<ObjectId>,
    /// Where the object stands in the release, where it is known.
    pub target: Option<Target>,
    /// The field in the object.
    pub field: Option<FieldPath>,
    /// Whether the finding is that the field is there at all, whatever it says.
    pub is_presence: bool,
    /// The line of template, values or metadata that wrote it.
    pub source: Option<FileLine>,
    /// What stands in that line, without its line break.
    pub source_excerpt: Option<String>,
    /// Whether the user named that file: then it lies where he says, and not below the chart.
    pub is_given: bool,
    /// The place in the rendered manifests.
    pub rendered: Option<RenderedPosition>,
    /// What stands in the line of that place, without its line break.
    pub excerpt: Option<String>,
}

/// Why a place reads as it does: the calls and values that led there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// The `include`s on the way, outermost first.
    pub includes: Vec<IncludeSite>,
    /// The values that were read.
    pub values: Vec<ValueOrigin>,
    /// The values that an `if` or `with` around it read, which decided that it is there at all, outermost first.
    pub conditions: Vec<ValueOrigin>,
}

/// A call of `include`, `template` or `tpl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IncludeSite {
    /// The name that was called.
    pub template: String,
    /// The file that calls it.
    pub file: String,
    /// The line of the call.
    pub line: usize,
}

/// Where values are set: one text or expression of those that Helm lays over each other. Its `Display` is how people know
/// it: `values.yaml`, `charts/redis/values.yaml`, `-f prod.yaml`, `--set a.b=1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The `values.yaml` of the chart or of a dependency, by its path below the chart as it lies on disk.
    Chart(String),
    /// A file that was given with `-f`, as the user named it.
    File(String),
    /// The configuration of a function's request, by the file that was given with `--request`.
    Request(String),
    /// An expression of the `--set` family.
    Expression {
        /// The flag: `--set`, `--set-json` and so on.
        flag: &'static str,
        /// What follows it.
        text: String,
    },
}

impl Layer {
    /// The file that the layer is, if it is one. That of a chart lies below the chart, others where the user says.
    pub fn file(&self) -> Option<&str> {
        match self {
            Layer::Chart(file) | Layer::File(file) | Layer::Request(file) => Some(file),
            Layer::Expression { .. } => None,
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Layer::Chart(file) => f.write_str(file),
            Layer::File(file) => write!(f, "-f {file}"),
            Layer::Request(file) => write!(f, "--request {file}"),
            Layer::Expression { flag, text } => write!(f, "{flag} {text}"),
        }
    }
}

impl Serialize for Layer {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A value that a template read, and the layer of values that set it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueOrigin {
    /// As the template reads it, below `.Values`.
    pub key: FieldPath,
    /// Where a user of the top chart sets it.
    pub path: FieldPath,
    /// The value.
    pub value: serde_json::Value,
    /// The layer that sets it, if one does.
    pub layer: Option<Layer>,
    /// The line in the layer's file.
    pub line: Option<usize>,
    /// The column in that file.
    pub column: Option<usize>,
    /// What this layer hides, nearest first.
    pub shadows: Vec<ShadowedValue>,
    /// Nulls that would take it away, and do not.
    pub nulls: Vec<ShadowedValue>,
    /// Lists of other layers in whose place the list around it stands: a list is replaced whole, never merged.
    pub replaced: Vec<ReplacedList>,
    /// Where no layer sets it: the nearest table above it that one sets.
    pub nearest: Option<NearestValue>,
}

impl ValueOrigin {
    /// How a template reads it: `.Values.image.tag`, `.Values[a.b]`.
    pub fn template_key(&self) -> String {
        let key = self.key.to_string();
        let dot = if key.is_empty() || key.starts_with('[') { "" } else { "." };
        format!(".Values{dot}{key}")
    }
}

/// The table in which a value would stand that nobody sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearestValue {
    /// Where a user of the top chart sets it: `redis.image`.
    pub path: FieldPath,
    /// The layer.
    pub layer: Layer,
    /// The line in the layer's file.
    pub line: Option<usize>,
}

/// A list in whose place another layer put a list of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplacedList {
    /// Where a user of the top chart sets it.
    pub path: FieldPath,
    /// The layer that it is of.
    pub layer: Layer,
    /// The line in the layer's file.
    pub line: Option<usize>,
    /// Where it holds an item that was asked for, the line of that item.
    pub item: Option<usize>,
}

/// A value that a later layer replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct ShadowedValue {
    /// The layer.
    pub layer: Layer,
    /// The line in the layer's file.
    pub line: Option<usize>,
    /// The value there.
    pub value: serde_json::Value,
}

/// How far a fix may be trusted, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    /// Shown, never applied.
    DisplayOnly,
    /// Applied on request: behaviour may change.
    Unsafe,
    /// Applied freely: the platform does the same, or nothing changes.
    Safe,
}

impl Applicability {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Applicability::DisplayOnly => "display-only",
            Applicability::Unsafe => "unsafe",
            Applicability::Safe => "safe",
        }
    }
}

/// A mend: edits of the object that the finding is about, applied together or not at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// How far it may be trusted.
    pub applicability: Applicability,
    /// The edits, in order.
    pub edits: Vec<Edit>,
}

/// Where an object stands in the rendered text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// Its document, counted from 0.
    pub document: usize,
    /// Its path in the document: the root, or `items[2]` in a list.
    pub path: FieldPath,
}

/// One change of an object. Paths are those of `Location::field`.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Sets the field, creating the maps on the way.
    Set {
        /// The field.
        path: FieldPath,
        /// Its new value.
        value: serde_json::Value,
    },
    /// Removes the field or list item.
    Remove {
        /// The field.
        path: FieldPath,
    },
    /// Removes the whole object from the release.
    Drop,
    /// Puts each item of a list into a document of its own, in place of the list.
    Expand,
}

/// A finding or an error. Build it with [`Diagnostic::new`] and set what is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// `POD103`; load and template errors have codes too.
    pub code: &'static str,
    /// `host-network`.
    pub name: &'static str,
    /// How bad.
    pub severity: Severity,
    /// What was found and what was wanted, in one sentence without a full stop.
    pub message: String,
    /// The profile that asked, where one did.
    pub profile: Option<String>,
    /// Where.
    pub location: Location,
    /// The value found, where it is a plain one.
    pub value: Option<serde_json::Value>,
    /// Why the place reads as it does.
    pub origin: Origin,
    /// Other places that matter.
    pub related: Vec<Location>,
    /// Where something is that was likely meant: keys of values as a user of the top chart sets them.
    pub suggestions: Vec<FieldPath>,
    /// What to do, in the imperative.
    pub help: Option<String>,
    /// The mend, where there is one.
    pub fix: Option<Fix>,
    /// Who says so: pages, services, standards.
    pub sources: Vec<String>,
    /// The runs of the chart in which it was found: sets of values, versions of Kubernetes. None where all found it.
    pub runs: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic with nothing but its code, name, severity and message.
    pub fn new(
        code: &'static str,
        name: &'static str,
        severity: Severity,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            code,
            name,
            severity,
            message: message.into(),
            profile: None,
            location: Location::default(),
            value: None,
            origin: Origin::default(),
            related: Vec::new(),
            suggestions: Vec::new(),
            help: None,
            fix: None,
            sources: Vec::new(),
            runs: Vec::new(),
        }
    }
}
