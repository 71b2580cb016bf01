//! The order in which go-yaml writes the keys of a map: letters by their code, numbers in keys by their size.

use std::sync::OnceLock;

use regex_syntax::hir::{Class, Hir, HirKind};

use super::replaced::replaced;
use crate::value::Str;

/// Sorts as yaml.v2 does, or as yaml.v3 does, which sees letters after a digit another way. Go: sorter.go.
///
/// The order is no total one for some odd keys, so the sort must bear that: it is a merge sort of our own.
pub(super) fn sort<T: Copy>(entries: &mut Vec<(&Str, T)>, third: bool) {
    let less = |a: &Str, b: &Str| less(&replaced(a), &replaced(b), third);
    let sorted = entries.windows(2).all(|pair| !less(pair[1].0, pair[0].0));
    if !sorted {
        merge_sort(entries, &less);
    }
}

fn merge_sort<T: Copy>(entries: &mut Vec<(&Str, T)>, less: &impl Fn(&Str, &Str) -> bool) {
    if entries.len() < 2 {
        return;
    }
    let mut right = entries.split_off(entries.len() / 2);
    merge_sort(entries, less);
    merge_sort(&mut right, less);
    let left = std::mem::take(entries);
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = if less(b.0, a.0) { right.next() } else { left.next() };
        entries.extend(next);
    }
    entries.extend(left);
    entries.extend(right);
}

/// Go: sorter.go `keyList.Less` of two strings.
fn less(a: &str, b: &str, third: bool) -> bool {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let same = (0..=same).rev().find(|at| a.is_char_boundary(*at) && b.is_char_boundary(*at)).unwrap_or(0);
    let (Some(x), Some(y)) = (a[same..].chars().next(), b[same..].chars().next()) else {
        return a.len() < b.len();
    };
    let (x_letter, y_letter) = (is_letter(x), is_letter(y));
    if x_letter && y_letter {
        return x < y;
    }
    let before = &a[..same];
    if x_letter || y_letter {
        let after_digit = third && before.chars().next_back().is_some_and(is_digit);
        return if after_digit { x_letter } else { y_letter };
    }
    // Digits that both keys share before this place make the zeros after them count.
    let shared =
        (x == '0' || y == '0') && before.chars().rev().take_while(|c| is_digit(*c)).any(|c| c != '0');
    let (x_number, x_digits) = number(&a[same..], i64::from(shared));
    let (y_number, y_digits) = number(&b[same..], i64::from(shared));
    if x_number != y_number {
        return x_number < y_number;
    }
    if x_digits != y_digits {
        return x_digits < y_digits;
    }
    x < y
}

/// The number that the text begins with, after what stands before it, and how many digits it has.
fn number(text: &str, before: i64) -> (i64, usize) {
    let mut number = before;
    let mut digits = 0;
    for c in text.chars().take_while(|c| is_digit(*c)) {
        number = number.wrapping_mul(10).wrapping_add(i64::from(c as u32) - i64::from(b'0'));
        digits += 1;
    }
    (number, digits)
}

fn is_letter(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { in_class(c, r"\pL", &LETTERS) }
}

fn is_digit(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { in_class(c, r"\p{Nd}", &DIGITS) }
}

type Ranges = OnceLock<Vec<(char, char)>>;
static LETTERS: Ranges = OnceLock::new();
static DIGITS: Ranges = OnceLock::new();

/// Whether the character is in a class of Unicode's.
fn in_class(c: char, class: &str, ranges: &Ranges) -> bool {
    let ranges = ranges.get_or_init(|| match regex_syntax::parse(class).map(Hir::into_kind) {
        Ok(HirKind::Class(Class::Unicode(class))) => class.iter().map(|r| (r.start(), r.end())).collect(),
        _ => Vec::new(),
    });
    let after = ranges.partition_point(|(start, _)| *start <= c);
    after > 0 && c <= ranges[after - 1].1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_by_size_and_letters_last() {
        let mut keys: Vec<Str> =
            ["a10", "a2", "b", "A", "a", "_", "1", "é", "a-b", "aé", "-"].map(Str::from).to_vec();
        keys.sort();
        let mut entries: Vec<(&Str, ())> = keys.iter().map(|key| (key, ())).collect();
        sort(&mut entries, false);
        let sorted: Vec<_> = entries.iter().map(|(key, ())| key.to_string()).collect();
        assert_eq!(sorted, ["-", "_", "1", "A", "a", "a-b", "a2", "a10", "aé", "b", "é"]);
    }
}
