//! Sets of characters: those that a pattern writes out, and those of Unicode 15, which Go has.

use std::sync::OnceLock;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind};

use super::names::{ALIASES, CATEGORIES, SCRIPTS, canonical};

/// The largest character.
pub const MAX: u32 = 0x0010_FFFF;

/// The characters from `low` to `high`. Surrogates, which no text holds, are left out.
pub fn range(low: u32, high: u32) -> ClassUnicode {
    let low = if (0xD800..0xE000).contains(&low) { 0xE000 } else { low };
    let high = if (0xD800..0xE000).contains(&high) { 0xD7FF } else { high };
    match (char::from_u32(low), char::from_u32(high)) {
        (Some(low), Some(high)) if low <= high => ClassUnicode::new([ClassUnicodeRange::new(low, high)]),
        _ => ClassUnicode::empty(),
    }
}

/// The ASCII characters of a list of ranges.
fn ascii(ranges: &[(u8, u8)]) -> ClassUnicode {
    ClassUnicode::new(ranges.iter().map(|(low, high)| ClassUnicodeRange::new(*low as char, *high as char)))
}

/// With `fold`, the set and the characters that differ from its own in nothing but case.
pub fn fold(mut class: ClassUnicode, fold: bool) -> ClassUnicode {
    if fold {
        let mut folded = class.clone();
        folded.case_fold_simple();
        // Without the pairs that Unicode gained after the version that Go has.
        class.union(&of_version(folded));
    }
    class
}

/// `\d`, `\S` and so on. Go: perl_groups.go.
pub fn perl(letter: u8) -> Option<ClassUnicode> {
    Some(match letter {
        b'd' | b'D' => ascii(&[(b'0', b'9')]),
        b's' | b'S' => ascii(&[(b'\t', b'\n'), (0x0C, b'\r'), (b' ', b' ')]),
        b'w' | b'W' => ascii(&[(b'0', b'9'), (b'A', b'Z'), (b'_', b'_'), (b'a', b'z')]),
        _ => return None,
    })
}

/// `[:alpha:]` and so on, by the word. Go: perl_groups.go.
pub fn posix(name: &[u8]) -> Option<ClassUnicode> {
    Some(match name {
        b"alnum" => ascii(&[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')]),
        b"alpha" => ascii(&[(b'A', b'Z'), (b'a', b'z')]),
        b"ascii" => ascii(&[(0, 0x7F)]),
        b"blank" => ascii(&[(b'\t', b'\t'), (b' ', b' ')]),
        b"cntrl" => ascii(&[(0, 0x1F), (0x7F, 0x7F)]),
        b"digit" => ascii(&[(b'0', b'9')]),
        b"graph" => ascii(&[(b'!', b'~')]),
        b"lower" => ascii(&[(b'a', b'z')]),
        b"print" => ascii(&[(b' ', b'~')]),
        b"punct" => ascii(&[(b'!', b'/'), (b':', b'@'), (b'[', b'`'), (b'{', b'~')]),
        b"space" => ascii(&[(b'\t', b'\r'), (b' ', b' ')]),
        b"upper" => ascii(&[(b'A', b'Z')]),
        b"word" => ascii(&[(b'0', b'9'), (b'A', b'Z'), (b'_', b'_'), (b'a', b'z')]),
        b"xdigit" => ascii(&[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')]),
        _ => return None,
    })
}

/// `\p{name}`. Go: syntax/parse.go `unicodeTable`.
pub fn unicode(name: &str) -> Option<ClassUnicode> {
    let name = canonical(name);
    match name.as_str() {
        "Any" => return Some(range(0, MAX)),
        "Ascii" => return Some(range(0, 0x7F)),
        "Assigned" => return Some(negate(category("Cn"))),
        "Lc" => return Some(category("LC")),
        _ => {}
    }
    if CATEGORIES.contains(&name.as_str()) {
        return Some(category(&name));
    }
    if SCRIPTS.contains(&name.as_str()) {
        return Some(of_version(property("sc", &name)));
    }
    ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, actual)| category(actual))
}

fn category(name: &str) -> ClassUnicode {
    match name {
        "Cs" => ClassUnicode::empty(),
        // What was not assigned yet.
        "C" | "Cn" => {
            let mut class = property("gc", name);
            class.union(&negate(unicode15().clone()));
            class
        }
        _ => of_version(property("gc", name)),
    }
}

/// The characters outside the set.
pub fn negate(mut class: ClassUnicode) -> ClassUnicode {
    class.negate();
    class
}

/// Only the characters that Unicode 15.0 had.
fn of_version(mut class: ClassUnicode) -> ClassUnicode {
    class.intersect(unicode15());
    class
}

fn unicode15() -> &'static ClassUnicode {
    static ASSIGNED: OnceLock<ClassUnicode> = OnceLock::new();
    ASSIGNED.get_or_init(|| property("age", "15.0"))
}

/// The set of a property as regex-syntax has it.
fn property(property: &str, value: &str) -> ClassUnicode {
    let pattern = format!(r"\p{{{property}={value}}}");
    match regex_syntax::Parser::new().parse(&pattern).map(Hir::into_kind) {
        Ok(HirKind::Class(Class::Unicode(class))) => class,
        // A set of one character comes as a literal.
        Ok(HirKind::Literal(literal)) => {
            let text = String::from_utf8_lossy(&literal.0);
            ClassUnicode::new(text.chars().map(|c| ClassUnicodeRange::new(c, c)))
        }
        _ => ClassUnicode::empty(),
    }
}

/// Go: `unicode.IsLetter` or `unicode.IsDigit`.
pub fn is_letter_or_digit(c: char) -> bool {
    static CLASS: OnceLock<ClassUnicode> = OnceLock::new();
    let class = CLASS.get_or_init(|| {
        let mut class = category("L");
        class.union(&category("Nd"));
        class
    });
    let ranges = class.ranges();
    let after = ranges.partition_point(|range| range.start() <= c);
    after > 0 && c <= ranges[after - 1].end()
}
