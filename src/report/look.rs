//! How a report looks to people: colours, width, and what is taken out of text that a chart's author wrote before a terminal
//! sees it. Nothing here knows what a finding is.

use std::io::{self, BufWriter, Write};

use annotate_snippets::{Level, Renderer};
use anstyle::{AnsiColor, Style};

use crate::diagnostic::Severity;
use crate::go::raw;
use crate::judge::Counts;

/// Columns where nothing says how many there are.
const WIDTH: usize = 80;
/// Sentences do not get easier to read beyond this.
const WIDEST: usize = 120;
/// Narrower than this, no terminal is taken to be.
const NARROWEST: usize = 40;
/// With less room than this, breaking lines helps nobody.
const LEAST_ROOM: usize = 20;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// What the reader sees the report on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Whether it shows colours. They carry no meaning of their own.
    pub color: bool,
    /// The columns of the terminal; none for files and pipes, where a sentence stays on one line so that `grep` finds it.
    pub width: Option<usize>,
}

impl Look {
    /// The columns to which lines of files are cut.
    pub(super) fn columns(self) -> usize {
        self.width.unwrap_or(WIDTH).clamp(NARROWEST, WIDEST)
    }

    /// Breaks a text into lines for a terminal; `used` columns of each are taken. Where there is no terminal, or too little
    /// room is left, lines stay as they are.
    pub(super) fn fit(self, text: &str, used: usize) -> String {
        let room = self.columns().saturating_sub(used);
        if self.width.is_none() || room < LEAST_ROOM {
            return text.to_owned();
        }
        let lines: Vec<String> = text.lines().map(|line| broken(line, room)).collect();
        lines.join("\n")
    }

    /// The text in bold.
    pub fn bold(self, text: &str) -> String {
        self.with(BOLD, text)
    }

    /// The text in the colour of the severity.
    pub fn severity(self, severity: Severity, text: &str) -> String {
        self.with(style(severity), text)
    }

    /// How many findings there are, those that there are in colour.
    pub(super) fn counts(self, counts: Counts) -> String {
        let text = counts.to_string();
        let parts = text.split(", ").zip([
            (counts.errors, Severity::Error),
            (counts.warnings, Severity::Warning),
            (counts.advice, Severity::Advice),
        ]);
        let shown = |(part, (count, severity)): (&str, (usize, Severity))| match count {
            0 => part.to_owned(),
            _ => self.severity(severity, part),
        };
        parts.map(shown).collect::<Vec<_>>().join(", ")
    }

    /// The text in a colour.
    pub(super) fn colored(self, color: AnsiColor, text: &str) -> String {
        self.with(color.on_default(), text)
    }

    /// The text, standing back.
    pub fn dim(self, text: &str) -> String {
        self.with(DIM, text)
    }

    /// The text as good or bad news.
    pub(super) fn news(self, good: bool, text: &str) -> String {
        self.with(if good { AnsiColor::Green.on_default().bold() } else { style(Severity::Error) }, text)
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// What draws findings.
    pub(super) fn renderer(self) -> Renderer {
        let renderer = Renderer::plain().term_width(self.columns());
        if !self.color {
            return renderer;
        }
        renderer
            .error(style(Severity::Error))
            .warning(style(Severity::Warning))
            .info(style(Severity::Advice))
            .help(BOLD)
            .note(BOLD)
            .emphasis(BOLD)
            .line_num(DIM)
            .context(DIM)
    }
}

/// The level that draws a severity.
pub(super) fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::INFO.with_name(severity.to_string()),
    }
}

fn style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Advice => AnsiColor::Cyan,
    };
    color.on_default().bold()
}

/// Breaks a line between words. A word that is wider than the room stays whole.
fn broken(line: &str, room: usize) -> String {
    let mut text = String::new();
    let mut used = 0;
    for (at, word) in line.split(' ').enumerate() {
        let width = word.chars().count();
        if at > 0 && used > 0 && used + 1 + width > room {
            text.push('\n');
            used = 0;
        } else if at > 0 {
            text.push(' ');
            used += 1;
        }
        text.push_str(word);
        used += width;
    }
    text
}

/// The text without what would play with a terminal: a chart's author chooses names, keys and messages. Line breaks stay.
/// Characters stay as many as they were, so that columns do; but a byte of a name that is in none is shown as `\xff`.
pub(super) fn clean(text: &str) -> String {
    let text = raw::shown(text);
    let shown = |c: char| if is_unsafe(c) { char::REPLACEMENT_CHARACTER } else { c };
    let text = if text.contains(is_unsafe) { text.chars().map(shown).collect() } else { text };
    // These commands of GitHub's runner and Azure's are read wherever they stand.
    text.replace("##[", "#\u{ff03}[").replace("##vso[", "#\u{ff03}vso[")
}

/// The same without what would play with a log: GitHub's runner and Azure's read a line that starts with `::`, blanks before
/// it or not, as a command, and `##[` and `##vso[` anywhere.
pub fn safe(text: &str) -> String {
    let is_command = |line: &str| line.trim_start().starts_with("::");
    let line = |line: &str| if is_command(line) { format!("\\{line}") } else { line.to_owned() };
    clean(text).split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Writes JSON, in which characters that play with a terminal, or with whoever reads it, are escaped. They stand only inside
/// its texts.
pub(super) fn escaped(
    out: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    // What makes JSON writes a word at a time.
    let mut escaping = BufWriter::new(Escaping { out, begun: Vec::new() });
    write(&mut escaping)?;
    let Escaping { out, begun } = escaping.into_inner()?;
    out.write_all(&begun)
}

/// How many bytes are looked at at once: without a way out of the loop it is made of vector instructions.
const CHUNK: usize = 64;

/// Whether nothing in a text may have to be escaped.
fn is_usual(text: &[u8]) -> bool {
    text.iter().fold(true, |all, byte| all & matches!(byte, b' '..=b'~' | b'\n' | b'\t'))
}

struct Escaping<'a> {
    out: &'a mut dyn Write,
    /// The start of a character of which the rest has not come.
    begun: Vec<u8>,
}

impl Write for Escaping<'_> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        if self.begun.is_empty() && text.chunks(CHUNK).all(is_usual) {
            self.out.write_all(text)?;
            return Ok(text.len());
        }
        let whole = [self.begun.as_slice(), text].concat();
        let end = whole.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
        let valid = std::str::from_utf8(&whole[..end]).unwrap_or_default();
        let mut rest = valid;
        while let Some(at) = rest.find(|c| is_unsafe(c) || raw::byte(c).is_some()) {
            self.out.write_all(&rest.as_bytes()[..at])?;
            let Some(c) = rest[at..].chars().next() else { break };
            // A byte of a name that is in no character stays the character that stands for it: the report can be read again.
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(self.out, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        self.out.write_all(rest.as_bytes())?;
        whole[end..].clone_into(&mut self.begun);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What has to stay on its line, clean.
pub(super) fn flat(text: &str) -> String {
    clean(text).replace(['\n', '\t'], " ")
}

/// Control characters of every kind, and those that turn the direction of writing or are not seen at all.
fn is_unsafe(c: char) -> bool {
    let is_control = c.is_control() && c != '\n' && c != '\t';
    is_control
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}')
}

/// The line, cut to so many columns with a mark where something is left out.
pub(super) fn cut(line: &str, room: usize) -> String {
    let line = flat(line);
    if line.chars().count() <= room {
        return line;
    }
    line.chars().take(room.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_between_words_on_terminals_only() {
        let text = "word ".repeat(30);
        let terminal = Look { color: false, width: Some(60) };
        let fitted = terminal.fit(text.trim(), 10);
        assert!(fitted.lines().all(|line| line.len() <= 50), "{fitted}");
        assert_eq!(fitted.replace('\n', " "), text.trim());
        assert_eq!(Look::default().fit(text.trim(), 10), text.trim());
        assert_eq!(terminal.fit("", 2), "");
        assert_eq!(terminal.fit("a\n b", 2), "a\n b");
        assert_eq!(cut("abcdef", 4), "abc…");
    }

    #[test]
    fn json_is_escaped_however_it_comes() {
        let text = "{\"a\": \"\u{202e}ü\u{85}\"}";
        let mut out = Vec::new();
        escaped(&mut out, |out| text.as_bytes().chunks(1).try_for_each(|byte| out.write_all(byte))).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "{\"a\": \"\\u202eü\\u0085\"}");
    }

    #[test]
    fn nothing_reaches_the_terminal_that_plays_with_it() {
        assert_eq!(clean("\u{1b}[31m\u{7}\u{9b}1m\u{202e}\u{200b}a\tb\nc"), "�[31m��1m��a\tb\nc");
        assert_eq!(safe("a\n  ::error file=x::y\n"), "a\n\\  ::error file=x::y\n");
        assert_eq!(safe("a ##[error]x ##vso[task]"), "a #\u{ff03}[error]x #\u{ff03}vso[task]");
    }
}
