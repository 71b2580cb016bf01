//! [`Source`]: a Rust file with what it says (`text`) and the same with comments, strings and tests blanked out (`code`), so
//! that rules can look for words without a parser.

use std::path::Path;

use walkdir::WalkDir;

/// A Rust file.
pub struct Source {
    /// Its path from the root, with slashes.
    pub path: String,
    /// The text as it is.
    pub text: String,
    /// The text of the same length in which comments and literals are spaces.
    pub code: String,
    /// As `code`, without items behind `#[cfg(test)]` and files called `tests.rs`.
    pub product: String,
}

/// A function: its name and the lines that it takes.
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of `fn`, from 1.
    pub line: usize,
    /// How many lines it takes, first to last.
    pub lines: usize,
}

/// Every Rust file of the package and of xtask, by path.
pub fn read_all(root: &Path) -> Result<Vec<Source>, String> {
    let mut sources = Vec::new();
    for folder in ["src", "tests", "benches", "xtask/src"] {
        for entry in WalkDir::new(root.join(folder)).sort_by_file_name().into_iter().flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(entry.path())
                    .map_err(|error| format!("{}: {error}", entry.path().display()))?;
                let path = entry.path().strip_prefix(root).expect("it was found below the root");
                sources.push(Source::new(path.to_string_lossy().replace('\\', "/"), text));
            }
        }
    }
    Ok(sources)
}

impl Source {
    /// Looks at a text.
    pub fn new(path: String, text: String) -> Source {
        let code = blank_literals(&text);
        let is_test = path.ends_with("/tests.rs");
        let product = if is_test { blank(&code) } else { blank_tests(&code) };
        Source { path, text, code, product }
    }

    /// The line of a byte offset, from 1.
    pub fn line_at(&self, offset: usize) -> usize {
        self.text.as_bytes()[..offset].iter().filter(|&&byte| byte == b'\n').count() + 1
    }

    /// The functions that have a body, in order.
    pub fn functions(&self) -> Vec<Function> {
        let mut found = Vec::new();
        for (start, _) in self.code.match_indices("fn ") {
            let before = self.code[..start].chars().next_back();
            let name: String = self.code[start + 3..].chars().take_while(|c| is_word(*c)).collect();
            if before.is_some_and(is_word) || name.is_empty() {
                continue;
            }
            let rest = &self.code[start..];
            let Some(open) = rest.find(['{', ';']).filter(|&at| rest.as_bytes()[at] == b'{') else {
                continue;
            };
            let end = start + open + block_length(&rest[open..]);
            let line = self.line_at(start);
            found.push(Function { name, line, lines: self.line_at(end.saturating_sub(1)) - line + 1 });
        }
        found
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of the block that `code` begins with, braces included.
fn block_length(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return at + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// Blanks each item behind `#[cfg(test)]`.
fn blank_tests(code: &str) -> String {
    let mut product = code.to_owned();
    while let Some(start) = product.find("#[cfg(test)]") {
        let rest = &product[start..];
        let length = match rest.find(['{', ';']) {
            Some(open) if rest.as_bytes()[open] == b'{' => open + block_length(&rest[open..]),
            Some(end) => end + 1,
            None => rest.len(),
        };
        product.replace_range(start..start + length, &blank(&product[start..start + length]));
    }
    product
}

fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

/// Blanks comments, strings and characters; every other byte stays where it is.
fn blank_literals(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = literal_length(rest, code.chars().next_back());
        if length > 0 {
            code.push_str(&blank(&rest[..length]));
            rest = &rest[length..];
        } else {
            let width = first.len_utf8();
            code.push_str(if first.is_ascii() { &rest[..1] } else { &"    "[..width] });
            rest = &rest[width..];
        }
    }
    code
}

/// How long the comment or literal is that `rest` begins with; 0 if it begins with neither.
fn literal_length(rest: &str, before: Option<char>) -> usize {
    let word_before = before.is_some_and(is_word);
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return rest.find("*/").map_or(rest.len(), |end| end + 2);
    }
    let raw = rest.strip_prefix("br").or(rest.strip_prefix('r')).filter(|_| !word_before);
    if let Some(raw) = raw {
        let hashes = raw.bytes().take_while(|&byte| byte == b'#').count();
        if raw[hashes..].starts_with('"') {
            let opening = rest.len() - raw.len() + hashes + 1;
            let closing = format!("\"{}", "#".repeat(hashes));
            return rest[opening..].find(&closing).map_or(rest.len(), |at| opening + at + closing.len());
        }
    }
    if rest.starts_with('"') {
        return quoted_length(rest, b'"');
    }
    if let Some(inside) = rest.strip_prefix('\'') {
        let mut characters = inside.chars();
        let (first, second) = (characters.next(), characters.next());
        // A lifetime has no closing quote right after its first letter.
        return if first == Some('\\') || second == Some('\'') { quoted_length(rest, b'\'') } else { 0 };
    }
    0
}

fn quoted_length(rest: &str, quote: u8) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            _ if byte == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_comments_and_tests_are_blank() {
        let text = "fn a<'a>() { \"}\"; '{'; r#\"\"}\"#; // }\n}\n#[cfg(test)]\nmod tests { fn b() {} }\nfn c() {}\n";
        let source = Source::new("src/a.rs".to_owned(), text.to_owned());
        let names: Vec<_> = source.functions().into_iter().map(|f| (f.name, f.lines)).collect();
        assert_eq!(names, [("a".to_owned(), 2), ("b".to_owned(), 1), ("c".to_owned(), 1)]);
        assert!(!source.product.contains("fn b") && source.product.contains("fn c"));
        assert_eq!(source.code.len(), text.len());
    }
}
