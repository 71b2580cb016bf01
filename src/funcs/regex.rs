//! Sprig's functions on regular expressions. Those without `must` panic on a bad pattern, which Go's templates turn into
//! an error, but for `regexMatch`, which says no.

use std::rc::Rc;

use crate::func;
use crate::go::regexp::{self, Regexp};
use crate::go::strconv;
use crate::template::func::{Failure, Func};
use crate::value::{Elem, List, Str};

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!(
        "mustRegexFind",
        "mustRegexFind PATTERN TEXT: the first match (sprig: regex.go mustRegexFind)",
        must_find(str, str)
    ),
    func!(
        "mustRegexFindAll",
        "mustRegexFindAll PATTERN TEXT COUNT: matches (sprig: regex.go mustRegexFindAll)",
        must_find_all(str, str, int)
    ),
    func!(
        "mustRegexMatch",
        "mustRegexMatch PATTERN TEXT: whether it matches (sprig: regex.go mustRegexMatch)",
        must_is_match(str, str)
    ),
    func!(
        "mustRegexReplaceAll",
        "mustRegexReplaceAll PATTERN TEXT TEMPLATE (sprig: regex.go mustRegexReplaceAll)",
        must_replace_all(str, str, str) => Edits Lines
    ),
    func!(
        "mustRegexReplaceAllLiteral",
        "mustRegexReplaceAllLiteral PATTERN TEXT WITH (sprig: regex.go mustRegexReplaceAllLiteral)",
        must_replace_all_literal(str, str, str) => Edits Lines
    ),
    func!(
        "mustRegexSplit",
        "mustRegexSplit PATTERN TEXT COUNT: the parts between (sprig: regex.go mustRegexSplit)",
        must_split(str, str, int)
    ),
    func!(
        "regexFind",
        "regexFind PATTERN TEXT: the first match or nothing (sprig: regex.go regexFind)",
        find(str, str)
    ),
    func!(
        "regexFindAll",
        "regexFindAll PATTERN TEXT COUNT: at most so many matches (sprig: regex.go regexFindAll)",
        find_all(str, str, int)
    ),
    func!(
        "regexMatch",
        "regexMatch PATTERN TEXT: whether it matches (sprig: regex.go regexMatch)",
        is_match(str, str)
    ),
    func!(
        "regexQuoteMeta",
        "regexQuoteMeta TEXT: a pattern for the text (sprig: regex.go regexQuoteMeta)",
        quote_meta(str)
    ),
    func!(
        "regexReplaceAll",
        "regexReplaceAll PATTERN TEXT TEMPLATE: with $1 expanded (sprig: regex.go regexReplaceAll)",
        replace_all(str, str, str) => Edits Lines
    ),
    func!(
        "regexReplaceAllLiteral",
        "regexReplaceAllLiteral PATTERN TEXT WITH (sprig: regex.go regexReplaceAllLiteral)",
        replace_all_literal(str, str, str) => Edits Lines
    ),
    func!(
        "regexSplit",
        "regexSplit PATTERN TEXT COUNT: the parts between matches (sprig: regex.go regexSplit)",
        split(str, str, int)
    ),
];

/// Go: `regexp.Compile`.
fn compile(pattern: &Str) -> Result<Rc<Regexp>, regexp::Error> {
    regexp::compile(pattern.as_bytes())
}

/// Go: `regexp.MustCompile`; the error is the text of its panic.
fn must_compile(pattern: &Str) -> Result<Rc<Regexp>, Failure> {
    compile(pattern).map_err(|error| {
        let regexp::Error::Syntax(error) = error else { return Failure::from(error) };
        let quoted = match strconv::can_backquote(pattern) {
            true => format!("`{pattern}`"),
            false => strconv::quote(pattern),
        };
        Failure::Text(format!("regexp: Compile({quoted}): {error}"))
    })
}

/// For how many matches Go's `FindAll` makes room at first. Go: regexp.go `startSize`.
const START_SIZE: usize = 10;

/// A `[]string` that began with room for so many, nil where there is none.
fn strings(texts: Option<(Vec<&[u8]>, usize)>) -> List {
    match texts {
        Some((texts, capacity)) => List::strings(texts).grown_from(capacity),
        None => List::nil(Elem::String),
    }
}

fn all_found(regexp: &Regexp, text: &Str, count: i64) -> List {
    strings(regexp.find_all(text.as_bytes(), count).map(|texts| (texts, START_SIZE)))
}

/// A pattern that is none matches nothing, but what is too much for us is an error.
fn is_match(pattern: &Str, text: &Str) -> Result<bool, Failure> {
    match compile(pattern) {
        Ok(regexp) => Ok(regexp.is_match(text.as_bytes())),
        Err(regexp::Error::Syntax(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn must_is_match(pattern: &Str, text: &Str) -> Result<bool, Failure> {
    Ok(compile(pattern)?.is_match(text.as_bytes()))
}

fn find(pattern: &Str, text: &Str) -> Result<Str, Failure> {
    Ok(must_compile(pattern)?.find(text.as_bytes()).into())
}

fn must_find(pattern: &Str, text: &Str) -> Result<Str, Failure> {
    Ok(compile(pattern)?.find(text.as_bytes()).into())
}

fn find_all(pattern: &Str, text: &Str, count: i64) -> Result<List, Failure> {
    Ok(all_found(&*must_compile(pattern)?, text, count))
}

fn must_find_all(pattern: &Str, text: &Str, count: i64) -> Result<List, Failure> {
    Ok(all_found(&*compile(pattern)?, text, count))
}

fn replace_all(pattern: &Str, text: &Str, template: &Str) -> Result<Str, Failure> {
    Ok(must_compile(pattern)?.replace_all(text.as_bytes(), template.as_bytes()).into())
}

fn must_replace_all(pattern: &Str, text: &Str, template: &Str) -> Result<Str, Failure> {
    Ok(compile(pattern)?.replace_all(text.as_bytes(), template.as_bytes()).into())
}

fn replace_all_literal(pattern: &Str, text: &Str, literal: &Str) -> Result<Str, Failure> {
    Ok(must_compile(pattern)?.replace_all_literal(text.as_bytes(), literal.as_bytes()).into())
}

fn must_replace_all_literal(pattern: &Str, text: &Str, literal: &Str) -> Result<Str, Failure> {
    Ok(compile(pattern)?.replace_all_literal(text.as_bytes(), literal.as_bytes()).into())
}

fn split(pattern: &Str, text: &Str, count: i64) -> Result<List, Failure> {
    Ok(strings(must_compile(pattern)?.split(text.as_bytes(), count)))
}

fn must_split(pattern: &Str, text: &Str, count: i64) -> Result<List, Failure> {
    Ok(strings(compile(pattern)?.split(text.as_bytes(), count)))
}

fn quote_meta(text: &Str) -> Str {
    regexp::quote_meta(text.as_bytes()).into()
}
