//! [`Error`]: why a text is not YAML, in the words of sigs.k8s.io/yaml.

use std::borrow::Cow;
use std::fmt;

use crate::budget::Over;

/// An error of reading YAML. Its `Display` is the text of `sigs.k8s.io/yaml.Unmarshal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    prefix: &'static str,
    message: String,
    line: Option<usize>,
}

/// What `sigs.k8s.io/yaml.Unmarshal` puts before an error of go-yaml.
const CONVERTING: &str = "error converting YAML to JSON: ";

/// What it puts before an error of encoding/json.
const DECODING: &str = "error unmarshaling JSON: while decoding JSON: ";

impl Error {
    /// An error of go-yaml or of the way to JSON.
    pub(super) fn new(message: impl Into<String>, line: Option<usize>) -> Error {
        Error { prefix: CONVERTING, message: message.into(), line }
    }

    /// An error of encoding/json, its text beginning with `json: `.
    pub(super) fn decoding(message: impl Into<String>, line: Option<usize>) -> Error {
        Error { prefix: DECODING, message: message.into(), line }
    }

    /// The text without what sigs.k8s.io/yaml puts before it: `yaml: line 2: …`, as `YAMLToJSON` and go-yaml say it.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The line, from 1, where the text names one.
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix)?;
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// What stopped the reader, the scanner, the parser or the decoder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// In go-yaml's words.
    pub message: Cow<'static, str>,
    /// The line as go-yaml names it, which for the parser is one too few; 0 where it names none.
    pub line: usize,
}

impl From<Over> for Problem {
    fn from(over: Over) -> Problem {
        Problem { message: over.to_string().into(), line: 0 }
    }
}

impl From<Problem> for Error {
    /// Go: yaml.v2 decode.go `parser.fail`.
    fn from(problem: Problem) -> Error {
        match problem.line {
            0 => Error::new(format!("yaml: {}", problem.message), None),
            line => Error::new(format!("yaml: line {line}: {}", problem.message), Some(line)),
        }
    }
}
