//! [`Error`]: why a template did not parse or execute, kept as data. Its `Display` is Helm's exact text.
//!
//! An error is a chain of [`Frame`]s, the outermost first: each `include` and `tpl` on the way adds one. Helm makes its
//! text by cutting up Go's one-line text; we print the same from the frames, and never read a message back.

use std::fmt;

use crate::go::strconv;
use crate::value::Str;

/// A template error: its frames from the place where the rendering stands to the innermost cause.
#[derive(Clone, Debug)]
pub struct Error {
    /// Innermost first, because that is the order in which they become known.
    frames: Vec<Frame>,
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
    pub fn new(frame: Frame) -> Error {
        Error { frames: vec![frame] }
    }

    /// The frames, outermost first.
    pub fn frames(&self) -> impl DoubleEndedIterator<Item = &Frame> {
        self.frames.iter().rev()
    }

    /// The place that the innermost frame with a place names: where to look first.
    pub fn place(&self) -> Option<&Place> {
        self.frames.iter().find_map(Frame::place)
    }

    /// Go's one line for the whole chain.
    pub fn go_text(&self) -> String {
        let parts: Vec<String> = self.frames().map(Frame::go_text).collect();
        parts.join(": ")
    }

    /// The error seen from outside: one more frame around it.
    pub(super) fn within(mut self, frame: Frame) -> Error {
        self.frames.push(frame);
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

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        self.column.map_or(Ok(()), |column| write!(f, ":{column}"))
    }
}

impl fmt::Display for Error {
    /// Helm: engine.go `cleanupParseError` and `reformatExecErrorMsg`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outermost = self.frames.last();
        if let Some(Frame::Parse { place, message }) = outermost {
            let end = message.rsplit(": ").next().unwrap_or(message);
            return write!(f, "parse error at ({place}): {end}");
        }
        if let (Some(Frame::Fail(said)), Some(place)) =
            (self.frames.first(), outermost.and_then(Frame::place))
        {
            return write!(f, "execution error at ({place}): {said}");
        }
        let mut lines = String::new();
        let mut previous = None;
        for (depth, frame) in self.frames().enumerate() {
            let Some(text) = frame.helm_text(depth + 1 < self.frames.len()) else {
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
