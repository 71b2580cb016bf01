//! [`Error`]: why a template did not parse or execute, kept as data. Its `Display` is Helm's exact text.
//!
//! An error is a chain of [`Frame`]s, the outermost first: each `include` and `tpl` on the way adds one. Helm makes its
//! text by cutting up Go's one-line text; we print the same from the frames, and never read a message back.

use std::fmt;

use crate::go::{raw, strconv};
use crate::value::Str;

/// A template error: its frames from the place where the rendering stands to the innermost cause. One word, since every
/// step of an execution may give it back.
#[derive(Clone, Debug)]
pub struct Error(Box<Chain>);

#[derive(Clone, Debug)]
struct Chain {
    kind: ErrorKind,
    /// Innermost first, because that is the order in which they become known.
    frames: Vec<Frame>,
}

/// What went wrong at the innermost place, for whoever wants to help. No text is made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text is no template.
    Syntax,
    /// An `if`, `with`, `range`, `define` or `block` has no `end`.
    MissingEnd,
    /// There is no function of that name.
    UndefinedFunction(String),
    /// There is no variable of that name, which begins with `$`.
    UndefinedVariable(String),
    /// There is no template of that name for `include` or `template`.
    UndefinedTemplate(String),
    /// A field or element was asked of a nil: `.Values.a.b` where there is no `a`.
    Nil {
        /// The field; `None` where a function was given the nil.
        field: Option<String>,
    },
    /// A field was asked of what has none of that name: of a text, a number, one of Helm's structs.
    NoField {
        /// The field.
        field: String,
        /// The type of what it was asked of, in Go's words; the text often says `interface {}` for it.
        of: String,
    },
    /// A map has no such key, which is an error in strict mode.
    MissingKey(String),
    /// `range` over what has no elements.
    NotIterable {
        /// Its type, in Go's words.
        found: String,
    },
    /// A function was given too many or too few arguments.
    ArgumentCount {
        /// The function.
        function: String,
    },
    /// A function was given an argument of a type that it does not take.
    ArgumentType {
        /// The type that it takes, in Go's words.
        wanted: String,
        /// What it was given: a type in Go's words, or a literal.
        found: String,
    },
    /// Arguments behind what is no function.
    NotFunction,
    /// Two values that cannot be compared.
    Incomparable {
        /// The type of the one, in Go's words.
        left: String,
        /// The type of the other.
        right: String,
    },
    /// An index past the end of a list or text.
    OutOfRange,
    /// The chart's own words in `required`, because a value is not there.
    Required,
    /// The chart's own words in `fail`.
    Fail,
    /// Templates call each other too often, or parentheses go too deep.
    TooDeep,
    /// An execution took too many steps or wrote too much.
    TooMuch,
    /// What any other function said.
    Function(String),
    /// What the engine says of a template otherwise.
    Other,
}

/// A place in a template text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file that was parsed (`chart/templates/a.yaml`), or `gotpl` for the text of a `tpl`.
    pub file: Str,
    /// The line, from 1.
    pub line: usize,
    /// The byte in the line, from 0 as Go counts; parse errors have none.
    pub column: Option<usize>,
}

/// One step of the way to a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// An action of a template failed. Go: `template.ExecError`.
    Exec {
        /// Where.
        place: Place,
        /// The template that was executing: a file or a `define`.
        executing: Str,
        /// The node as Go prints it: `.Values.a.b`.
        node: String,
        /// What went wrong; where a further frame follows, it is the cause (`error calling include`).
        message: String,
    },
    /// A text did not parse.
    Parse {
        /// Where.
        place: Place,
        /// What went wrong.
        message: String,
    },
    /// `include` was given a name that no template has. The text is whole.
    NoTemplate(String),
    /// What a function said, or `tpl` around what went wrong inside.
    Text(String),
    /// What the chart itself said, with `fail` or `required`.
    Fail(String),
}

impl Error {
    /// An error with one frame.
    pub fn new(kind: ErrorKind, frame: Frame) -> Error {
        Error(Box::new(Chain { kind, frames: vec![frame] }))
    }

    /// What went wrong at the innermost place.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The frames, outermost first.
    pub fn frames(&self) -> impl DoubleEndedIterator<Item = &Frame> {
        self.0.frames.iter().rev()
    }

    /// The place that the innermost frame with a place names: where to look first.
    pub fn place(&self) -> Option<&Place> {
        self.0.frames.iter().find_map(Frame::place)
    }

    /// Go's one line for the whole chain.
    pub fn go_text(&self) -> String {
        let parts: Vec<String> = self.frames().map(Frame::go_text).collect();
        parts.join(": ")
    }

    /// The error seen from outside: one more frame around it.
    pub(super) fn within(mut self, frame: Frame) -> Error {
        self.0.frames.push(frame);
        self
    }
}

impl Frame {
    fn place(&self) -> Option<&Place> {
        match self {
            Frame::Exec { place, .. } | Frame::Parse { place, .. } => Some(place),
            Frame::NoTemplate(_) | Frame::Text(_) | Frame::Fail(_) => None,
        }
    }

    fn go_text(&self) -> String {
        match self {
            Frame::Exec { place, executing, node, message } => {
                format!("template: {place}: executing {} at <{node}>: {message}", strconv::quote(executing))
            }
            Frame::Parse { place, message } => format!("template: {place}: {message}"),
            Frame::NoTemplate(text) | Frame::Text(text) | Frame::Fail(text) => text.clone(),
        }
    }

    /// The lines that Helm makes of this frame, or `None` where it gives up and shows Go's line instead.
    /// Helm: engine.go `parseTemplateExecErrorString`, `TraceableError.String`.
    fn helm_text(&self, has_cause: bool) -> Option<String> {
        match self {
            Frame::Exec { place, executing, node, message } => {
                let executing = strconv::quote(executing);
                let colon = if has_cause { ":" } else { "" };
                let place_and_message = format!("{node}>: {message}{colon}");
                // Helm ends the place at the first `>: `, and knows no escapes in the name.
                let (node, message) = place_and_message.split_once(">: ")?;
                let message = message.split_once(" template:").map_or(message, |(before, _)| before);
                if executing[1..].find('"') != Some(executing.len() - 2) {
                    let head = format!("{place}: executing {executing} at <{node}>");
                    return Some(format!("{head}\n  {message}\n"));
                }
                Some(format!("{place}\n  executing {executing} at <{node}>:\n    {message}\n"))
            }
            Frame::Parse { place, message } => Some(format!("{place}\n  {message}\n")),
            Frame::NoTemplate(text) => Some(format!("{text}\n")),
            Frame::Text(_) | Frame::Fail(_) => None,
        }
    }
}

impl Place {
    /// The place as Helm finds it in Go's line, which it cuts at each `: `, be it one in the name of the file.
    /// Helm: engine.go `cleanupParseError`, `reformatExecErrorMsg`.
    fn as_helm_reads(&self) -> String {
        let mut text = self.to_string();
        if let Some(end) = text.find(": ") {
            text.truncate(end);
        }
        text
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", raw::text(self.file.as_bytes()), self.line)?;
        self.column.map_or(Ok(()), |column| write!(f, ":{column}"))
    }
}

impl fmt::Display for Error {
    /// Helm: engine.go `cleanupParseError` and `reformatExecErrorMsg`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frames = &self.0.frames;
        let outermost = frames.last();
        if let Some(Frame::Parse { place, message }) = outermost {
            let end = message.rsplit(": ").next().unwrap_or(message);
            return write!(f, "parse error at ({}): {end}", place.as_helm_reads());
        }
        if let (Some(Frame::Fail(said)), Some(place)) = (frames.first(), outermost.and_then(Frame::place)) {
            return write!(f, "execution error at ({}): {said}", place.as_helm_reads());
        }
        let mut lines = String::new();
        let mut previous = None;
        for (depth, frame) in self.frames().enumerate() {
            let Some(text) = frame.helm_text(depth + 1 < frames.len()) else {
                return f.write_str(&self.go_text());
            };
            if previous != Some(frame) {
                lines.push_str(&text);
            }
            previous = Some(frame);
        }
        f.write_str(lines.trim())
    }
}

impl std::error::Error for Error {}
