//! Go's `log/slog` as Helm's command line sets it up: lines of `key=value` without the time.

use super::strconv;

/// A log line: `level=WARN msg="this chart is deprecated" chart=x`.
pub fn line(level: &str, message: &str, attributes: &[(&str, &str)]) -> String {
    let mut line = format!("level={level} msg={}", value(message));
    for (key, text) in attributes {
        line.push_str(&format!(" {}={}", value(key), value(text)));
    }
    line
}

/// Go: log/slog/text_handler.go `needsQuoting`.
fn value(text: &str) -> String {
    let plain = |c: char| match c {
        ' ' | '"' | '=' | '\u{fffd}' => false,
        _ if c.is_ascii() => c > ' ',
        _ => !c.is_whitespace() && super::unicode::is_print(c),
    };
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { strconv::quote(text) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn quotes_where_it_must() {
        let line = super::line("WARN", "two words", &[("a", "b"), ("c", ""), ("d", "e=f"), ("g", "ä\\")]);
        assert_eq!(line, "level=WARN msg=\"two words\" a=b c=\"\" d=\"e=f\" g=ä\\");
    }
}
