//! Go's `unicode` package as far as the template language asks for it: letters, digits, and what is printable.

use std::sync::LazyLock;

use regex_syntax::hir::{Class, HirKind};

/// A set of characters as sorted ranges.
struct Table(Vec<(char, char)>);

impl Table {
    /// The characters of a class in regex syntax; empty if there is no such class.
    fn new(class: &str) -> Table {
        let parsed = regex_syntax::parse(class).map(|hir| hir.into_kind());
        let Ok(HirKind::Class(Class::Unicode(class))) = parsed else { return Table(Vec::new()) };
        Table(class.ranges().iter().map(|range| (range.start(), range.end())).collect())
    }

    fn contains(&self, c: char) -> bool {
        let after = self.0.partition_point(|(start, _)| *start <= c);
        after.checked_sub(1).is_some_and(|at| c <= self.0[at].1)
    }
}

static LETTERS: LazyLock<Table> = LazyLock::new(|| Table::new(r"\p{L}"));
static DIGITS: LazyLock<Table> = LazyLock::new(|| Table::new(r"\p{Nd}"));
static GRAPHS: LazyLock<Table> = LazyLock::new(|| Table::new(r"[\p{L}\p{M}\p{N}\p{P}\p{S}]"));

/// Go: `unicode.IsLetter`.
pub fn is_letter(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { LETTERS.contains(c) }
}

/// Go: `unicode.IsDigit`.
pub fn is_digit(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { DIGITS.contains(c) }
}

/// Go: `unicode.IsPrint` and `strconv.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space.
pub fn is_print(c: char) -> bool {
    if c.is_ascii() { matches!(c, ' '..='~') } else { GRAPHS.contains(c) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_letters_digits_and_the_rest_apart() {
        assert!(is_letter('é') && is_letter('中') && !is_letter('²') && !is_letter('\u{345}'));
        assert!(is_digit('٣') && !is_digit('½'));
        assert!(
            is_print('é') && is_print(' ') && !is_print('\u{a0}') && !is_print('\u{ad}') && !is_print('\n')
        );
    }
}
