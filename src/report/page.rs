//! Markdown and diffs as a terminal shows them: lines are broken between words, headings, code and changed lines stand out.
//! Without colour the text stays as it is, without a terminal the lines do.

use anstyle::AnsiColor;

use super::look::Look;
use crate::diagnostic::Severity;

/// A page of Markdown.
pub fn markdown(text: &str, look: Look) -> String {
    let mut shown = String::with_capacity(text.len() * 2);
    let mut in_code = false;
    for line in text.lines() {
        let is_fence = line.starts_with("```");
        in_code ^= is_fence;
        let line = match line.trim_start_matches('#') {
            _ if is_fence && look.color => continue,
            _ if in_code && look.color => format!("    {}", look.colored(AnsiColor::Cyan, line)),
            _ if in_code || is_fence => line.to_owned(),
            title if look.color && title.len() < line.len() && title.starts_with(' ') => {
                look.bold(title.trim_start())
            }
            _ if look.color => code(&fitted(line, look), look),
            _ => fitted(line, look),
        };
        shown.push_str(&line);
        shown.push('\n');
    }
    shown
}

/// A paragraph, or an item of a list below whose first word the rest stands.
fn fitted(line: &str, look: Look) -> String {
    match line.strip_prefix("- ") {
        Some(item) => format!("- {}", look.fit(item, 2).replace('\n', "\n  ")),
        None => look.fit(line, 0),
    }
}

/// The words between backticks in colour.
fn code(line: &str, look: Look) -> String {
    let mut shown = String::new();
    for (at, part) in line.split('`').enumerate() {
        shown.push_str(&if at % 2 == 1 { look.colored(AnsiColor::Cyan, part) } else { part.to_owned() });
    }
    // An odd one out is no pair.
    if line.matches('`').count() % 2 == 1 { line.to_owned() } else { shown }
}

/// Settings as YAML with the place of each in a comment, which stands back; severities have their colours.
pub fn settings(text: &str, look: Look) -> String {
    if !look.color {
        return text.to_owned();
    }
    let severities = [Severity::Error, Severity::Warning, Severity::Advice];
    let line = |line: &str| {
        let (setting, place) = match line.find("  # ") {
            Some(at) => line.split_at(at),
            None if line.starts_with('#') => ("", line),
            None => (line, ""),
        };
        let mut setting = setting.to_owned();
        if setting.contains("{documented: ") {
            for severity in severities {
                let shown = format!(": {}", look.severity(severity, &severity.to_string()));
                setting = setting.replace(&format!(": {severity}"), &shown);
            }
        }
        let place = if place.is_empty() { String::new() } else { look.dim(place) };
        setting + &place + "\n"
    };
    text.lines().map(line).collect()
}

/// A unified diff.
pub fn diff(text: &str, look: Look) -> String {
    if !look.color {
        return text.to_owned();
    }
    let line = |line: &str| match line.as_bytes() {
        [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => look.bold(line),
        [b'+', ..] => look.colored(AnsiColor::Green, line),
        [b'-', ..] => look.colored(AnsiColor::Red, line),
        [b'@', ..] => look.colored(AnsiColor::Cyan, line),
        _ => line.to_owned(),
    };
    text.lines().map(|it| line(it) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_adds_nothing_but_colour() {
        let color = Look { color: true, width: None };
        let plain = |text: &str| anstream::adapter::strip_str(text).to_string();
        let page = "# A `b`\n\ntext `code` here\n```yaml\na: 1\n```\n";
        assert_eq!(markdown(page, Look::default()), page);
        assert_eq!(plain(&markdown(page, color)), "A `b`\n\ntext code here\n    a: 1\n");
        let narrow = Look { color: true, width: Some(40) };
        let long = format!("- {}\n", "word `code x` ".repeat(9).trim());
        let shown = plain(&markdown(&long, narrow));
        assert!(
            shown.lines().count() > 2 && shown.lines().skip(1).all(|line| line.starts_with("  ")),
            "{shown}"
        );
        assert_eq!(shown.split_whitespace().collect::<Vec<_>>().join(" "), long.replace('`', "").trim());
        let changed = "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n z\n";
        assert_eq!(plain(&diff(changed, color)), changed);
        assert_ne!(diff(changed, color), changed);
        let shown =
            "# here\nmode: strict  # --mode\nseverity:\n  a: {documented: error, strict: off}  # A1, x:3\n";
        assert_eq!(settings(shown, Look::default()), shown);
        assert_eq!(plain(&settings(shown, color)), shown);
        assert_ne!(settings(shown, color), shown);
    }
}
