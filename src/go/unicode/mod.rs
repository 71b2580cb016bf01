//! What Go's `unicode` package says of characters. Rust's own methods follow a newer Unicode and map some characters to
//! several (`ß` to `SS`); Go's do neither, and Helm's `upper`, `title` and `snakecase` show it. `tables` is generated.

#[allow(clippy::unreadable_literal, reason = "a generated table")]
mod tables;

/// Whether one of the ranges (first, last, step) in the sorted table holds the character.
fn holds(table: &[i32], c: char) -> bool {
    find::<3>(table, c).is_some()
}

/// What the table of ranges (first, last, step, delta) adds to the character.
fn mapped(table: &[i32], c: char) -> char {
    find::<4>(table, c).and_then(|row| char::from_u32(u32::from(c).wrapping_add_signed(row[3]))).unwrap_or(c)
}

fn find<const WIDTH: usize>(table: &[i32], c: char) -> Option<&[i32; WIDTH]> {
    let (rows, _) = table.as_chunks::<WIDTH>();
    let c = u32::from(c) as i32;
    let row = rows.get(rows.partition_point(|row| row[1] < c))?;
    (c >= row[0] && (c - row[0]) % row[2] == 0).then_some(row)
}

/// Go: `unicode.IsUpper`.
pub fn is_upper(c: char) -> bool {
    holds(tables::UPPER, c)
}

/// Go: `unicode.IsLower`.
pub fn is_lower(c: char) -> bool {
    holds(tables::LOWER, c)
}

/// Go: `unicode.IsTitle`.
pub fn is_title(c: char) -> bool {
    matches!(c, 'ǅ' | 'ǈ' | 'ǋ' | 'ǲ' | 'ᾈ'..='ᾏ' | 'ᾘ'..='ᾟ' | 'ᾨ'..='ᾯ' | 'ᾼ' | 'ῌ' | 'ῼ')
}

/// Go: `unicode.IsLetter`.
pub fn is_letter(c: char) -> bool {
    holds(tables::LETTER, c)
}

/// Go: `unicode.IsDigit`.
pub fn is_digit(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { holds(tables::DIGIT, c) }
}

/// Go: `unicode.IsNumber`.
pub fn is_number(c: char) -> bool {
    holds(tables::NUMBER, c)
}

/// Go: `unicode.IsPunct`.
pub fn is_punct(c: char) -> bool {
    holds(tables::PUNCT, c)
}

/// Go: `unicode.IsSpace`.
pub fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// Go: `strconv.IsPrint` and `unicode.IsPrint`.
pub fn is_print(c: char) -> bool {
    if c.is_ascii() { matches!(c, ' '..='~') } else { holds(tables::PRINT, c) }
}

/// Go: `unicode.ToUpper`.
pub fn to_upper(c: char) -> char {
    mapped(tables::TO_UPPER, c)
}

/// Go: `unicode.ToLower`.
pub fn to_lower(c: char) -> char {
    mapped(tables::TO_LOWER, c)
}

/// Go: `unicode.ToTitle`.
pub fn to_title(c: char) -> char {
    mapped(tables::TO_TITLE, c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_gos() {
        assert!(is_upper('Ā') && !is_upper('ā') && is_lower('ā'));
        assert_eq!(to_upper('ß'), 'ß');
        assert_eq!(to_title('ǆ'), 'ǅ');
        assert_eq!(to_lower('İ'), 'i');
        assert!(is_print('é') && !is_print('\u{ad}') && !is_print('\x7f'));
    }

    #[test]
    fn tables_are_sorted() {
        for table in
            [tables::UPPER, tables::LOWER, tables::LETTER, tables::NUMBER, tables::PRINT, tables::PUNCT]
        {
            let (rows, rest) = table.as_chunks::<3>();
            assert!(rest.is_empty() && rows.windows(2).all(|pair| pair[0][1] < pair[1][1]));
        }
    }
}
