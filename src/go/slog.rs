//! Go's `log/slog` as Helm's command line sets it up: a [`Line`] is kept as data and shown as `key=value` without the time.

use std::fmt;

use super::{raw, strconv};

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It only helps to find mistakes.
    Debug,
    /// It is good to know.
    Info,
    /// Something is odd.
    Warn,
    /// Something went wrong.
    Error,
}

/// A line of the log: `level=WARN msg="this chart is deprecated" chart=x`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// How much it matters.
    pub level: Level,
    /// What it says.
    pub message: String,
    /// What it says it of: names and values.
    pub attributes: Vec<(String, String)>,
}

impl Line {
    /// A line of that level.
    pub fn new(level: Level, message: impl Into<String>, attributes: &[(&str, &str)]) -> Line {
        let owned = |(key, text): &(&str, &str)| ((*key).to_owned(), (*text).to_owned());
        Line { level, message: message.into(), attributes: attributes.iter().map(owned).collect() }
    }

    /// A line that only helps to find mistakes.
    pub fn debug(message: impl Into<String>, attributes: &[(&str, &str)]) -> Line {
        Line::new(Level::Debug, message, attributes)
    }

    /// A line that is good to know.
    pub fn info(message: impl Into<String>, attributes: &[(&str, &str)]) -> Line {
        Line::new(Level::Info, message, attributes)
    }

    /// A line about something odd.
    pub fn warn(message: impl Into<String>, attributes: &[(&str, &str)]) -> Line {
        Line::new(Level::Warn, message, attributes)
    }

    /// A line about something that went wrong.
    pub fn error(message: impl Into<String>, attributes: &[(&str, &str)]) -> Line {
        Line::new(Level::Error, message, attributes)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Debug => "DEBUG",
            Level::Info => "INFO",
            Level::Warn => "WARN",
            Level::Error => "ERROR",
        };
        write!(f, "level={level} msg={}", value(&self.message))?;
        for (key, text) in &self.attributes {
            write!(f, " {}={}", value(key), value(text))?;
        }
        Ok(())
    }
}

/// Go: log/slog/text_handler.go `needsQuoting`.
fn value(text: &str) -> String {
    let plain = |c: char| match c {
        ' ' | '"' | '=' | '\u{fffd}' => false,
        _ if c.is_ascii() => c > ' ',
        _ => !c.is_whitespace() && super::unicode::is_print(c),
    };
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        strconv::quote(raw::bytes(text))
    }
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn quotes_where_it_must() {
        let line = Line::warn("two words", &[("a", "b"), ("c", ""), ("d", "e=f"), ("g", "ä\\")]);
        assert_eq!(line.to_string(), "level=WARN msg=\"two words\" a=b c=\"\" d=\"e=f\" g=ä\\");
    }
}
