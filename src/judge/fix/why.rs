//! [`Why`]: why a fix is not made in a chart.

use std::fmt;

use crate::path::FieldPath;
use crate::yaml::edit::Refusal;

/// Why a fix is not made.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// No line of a template and no value says the field, and nothing else.
    NoPlace,
    /// The fix takes the whole object away, or apart.
    Whole,
    /// It is written in a chart of `charts/` that comes from elsewhere.
    Dependency {
        /// Its folder or archive.
        file: String,
        /// Its repository.
        repository: String,
    },
    /// It is written in an archive.
    Archive,
    /// Only a template says it, and an overlay has values alone.
    Template,
    /// The value is set by something that is no file.
    Layer(String),
    /// An overlay would replace the whole list.
    List(FieldPath),
    /// Another line of the template writes the same key under a condition.
    Elsewhere {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The key.
        key: String,
    },
    /// The layout of a values file does not allow it.
    Layout(Refusal),
    /// With it the chart does not render.
    Render {
        /// The set of values.
        set: String,
        /// What is wrong then.
        message: String,
    },
    /// Something would be other than the fix says, there or elsewhere.
    Other {
        /// The set of values.
        set: String,
        /// What.
        what: String,
    },
    /// Two fixes change the same text; the other was made.
    Taken,
    /// Too many others were tried in vain.
    Untried,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::NoPlace => {
                f.write_str("no line of a template and no value says it alone; change it there by hand")
            }
            Why::Whole => f.write_str(
                "the whole object would go; take it out of its template, or switch it off by a value",
            ),
            Why::Dependency { file, repository } => {
                write!(f, "{file} comes from {repository}, where it must be mended")
            }
            Why::Archive => {
                f.write_str("it lies in an archive; unpack it, or let --overlay write what values can mend")
            }
            Why::Template => f.write_str("no value says it, only a template; mend it without --overlay"),
            Why::Layer(layer) => write!(f, "{layer} sets the value; change it there"),
            Why::List(path) => write!(f, "an overlay would replace the whole list `{path}`"),
            Why::Elsewhere { file, line, key } => {
                write!(f, "{file}:{line} writes `{key}` too, under a condition; bring the two together")
            }
            Why::Layout(refusal) => refusal.fmt(f),
            Why::Render { set, message } => {
                write!(f, "then the chart would not render with {set}: {message}")
            }
            Why::Other { set, what } => write!(f, "with {set} {what} would not be what the fix says"),
            Why::Untried => f.write_str(
                "too many fixes before it do not do what they say; run it again with `--select` and its code",
            ),
            Why::Taken => f.write_str("another fix changes the same text"),
        }
    }
}
