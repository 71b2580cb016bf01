//! The way to a field as a rule names it: `.spec.x`, `['a.b']`.
//!
//! Go: k8s.io/apiextensions-apiserver `pkg/apiserver/schema/cel/validation.go`, `ValidFieldPath`.

use super::error::Path;
use super::tree::Tree;

/// The way, if the schema knows every step of it.
pub fn read(written: &str, mut schema: &Tree) -> Option<Path> {
    let tokens = tokens(written);
    let mut path = Path::default();
    let mut at = 0;
    while at < tokens.len() {
        let name = match tokens[at] {
            "." => {
                at += 2;
                (*tokens.get(at - 1)?).to_owned()
            }
            "[" => {
                let quoted = *tokens.get(at + 1)?;
                let inner = quoted.strip_prefix('\'')?.strip_suffix('\'').filter(|_| quoted.len() >= 2)?;
                if *tokens.get(at + 2)? != "]" {
                    return None;
                }
                at += 3;
                unescape(inner)?
            }
            _ => return None,
        };
        if matches!(schema.get("properties"), Tree::Map(_)) {
            let known = schema.map("properties").iter().find(|(own, _)| *own == name);
            path = path.child(&name);
            schema = &known?.1;
        } else if matches!(schema.get("additionalProperties"), Tree::Map(_)) {
            path = path.key(&name);
            schema = schema.get("additionalProperties");
        } else {
            return None;
        }
    }
    Some(path)
}

fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = if rest.starts_with('\'') {
            let mut before = b' ';
            let mut end = rest.len();
            for (at, byte) in rest.bytes().enumerate() {
                if at > 0 && byte == b'\'' && before != b'\\' {
                    end = at + 1;
                    break;
                }
                before = byte;
            }
            end
        } else {
            match rest.find(['.', '[', ']']) {
                Some(0) => 1,
                Some(at) => at,
                None => rest.len(),
            }
        };
        found.push(&rest[..end]);
        rest = &rest[end..];
    }
    found
}

/// Go: `unescapeSingleQuote`
fn unescape(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            None => out.push('\\'),
            Some('a') => out.push('\u{7}'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('v') => out.push('\u{b}'),
            Some(c @ ('\'' | '\\')) => out.push(c),
            Some(_) => return None,
        }
    }
    Some(out)
}
