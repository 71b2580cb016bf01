//! What is wrong with an expression, and how it is shown: the place, the line, and a mark below it.
//!
//! Go: cel-go `common/error.go`, `common/errors.go`.

/// What is wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// How many characters stand before it; nothing where it is of no place.
    pub at: Option<usize>,
    /// What it is.
    pub message: String,
}

/// How many are told.
const MOST: usize = 100;
/// The longest line that is shown.
const LONGEST: usize = 16_384;

/// Everything that is wrong with an expression, in the order of its places.
pub fn shown(text: &str, mut issues: Vec<Issue>) -> String {
    let total = issues.len();
    issues.truncate(MOST);
    issues.sort_by_key(|issue| issue.at.map_or(0, |at| at + 1));
    let mut told: Vec<String> = issues.iter().map(|issue| one(text, issue)).collect();
    if total > MOST {
        told.push(format!("{} more errors were truncated", total - MOST));
    }
    told.join("\n")
}

fn one(text: &str, issue: &Issue) -> String {
    // What is empty has no first character.
    if text.is_empty() {
        return format!("ERROR: <input>:1:0: {}", issue.message);
    }
    let Some(at) = issue.at else { return format!("ERROR: <input>:-1:0: {}", issue.message) };
    let before: String = text.chars().take(at).collect();
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
    let mut told = format!("ERROR: <input>:{}:{}: {}", line + 1, column + 1, issue.message);
    let snippet = text.split('\n').nth(line).unwrap_or_default();
    if snippet.len() <= LONGEST {
        let snippet = snippet.replace('\t', " ");
        let mut below = String::new();
        let mut chars = snippet.chars();
        for _ in 0..column {
            match chars.next() {
                Some(c) => below.push(if c.is_ascii() { '.' } else { '\u{ff0e}' }),
                None => break,
            }
        }
        below.push(if chars.next().is_none_or(|c| c.is_ascii()) { '^' } else { '\u{ff3e}' });
        told.push_str(&format!("\n | {snippet}\n | {below}"));
    }
    told
}
