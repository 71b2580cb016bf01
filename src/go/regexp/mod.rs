//! Go's `regexp`: RE2 syntax with Go's error texts, and leftmost-first matching. The syntax is read here, by `parse`, into
//! the intermediate form of regex-syntax; regex-automata searches.
//!
//! Start with [`compile`] and the methods of [`Regexp`]. As in Go, a byte that is not UTF-8 matches like U+FFFD.

mod class;
mod names;
mod parse;
mod replace;

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use regex_automata::meta;
use regex_automata::util::captures::Captures;
use regex_automata::{Anchored, Input};
use rustc_hash::FxHashMap;

/// The memory that one compiled pattern may take. Go has no such limit: its classes are shared tables.
const PROGRAM_LIMIT: usize = 128 << 20;

/// How many compiled patterns a thread keeps.
const CACHE_LIMIT: usize = 256;

/// A compiled pattern.
#[derive(Debug)]
pub struct Regexp {
    program: meta::Regex,
    /// The names of the groups, the whole match first; empty where a group has none.
    names: Vec<String>,
    is_empty_pattern: bool,
}

/// What became of a pattern: its error is Go's text.
pub type Compiled = Result<Rc<Regexp>, String>;

thread_local! {
    static CACHE: RefCell<FxHashMap<Vec<u8>, Compiled>> = RefCell::default();
}

/// Go: `regexp.Compile`, each pattern once a thread; the error is Go's text.
pub fn compile(pattern: &[u8]) -> Compiled {
    CACHE.with_borrow_mut(|cache| {
        if let Some(found) = cache.get(pattern) {
            return found.clone();
        }
        if cache.len() >= CACHE_LIMIT {
            cache.clear();
        }
        let compiled = Regexp::new(pattern).map(Rc::new);
        cache.insert(pattern.to_vec(), compiled.clone());
        compiled
    })
}

/// Go: `regexp.QuoteMeta`.
pub fn quote_meta(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &c in text {
        if b"\\.+*?()|[]{}^$".contains(&c) {
            out.push(b'\\');
        }
        out.push(c);
    }
    out
}

/// The text that is searched: made valid UTF-8, with the way back to the places in the original.
struct Haystack<'a> {
    original: &'a [u8],
    valid: Cow<'a, str>,
    /// For each place in `valid` the one in the original, where the two differ.
    places: Vec<usize>,
}

impl<'a> Haystack<'a> {
    fn new(original: &'a [u8]) -> Haystack<'a> {
        if let Ok(valid) = std::str::from_utf8(original) {
            return Haystack { original, valid: Cow::Borrowed(valid), places: Vec::new() };
        }
        let (mut valid, mut places) = (String::new(), Vec::new());
        let mut at = 0;
        for chunk in original.utf8_chunks() {
            for (c, width) in chunk
                .valid()
                .chars()
                .map(|c| (c, c.len_utf8()))
                .chain(chunk.invalid().iter().map(|_| (char::REPLACEMENT_CHARACTER, 1)))
            {
                places.extend(std::iter::repeat_n(at, c.len_utf8()));
                valid.push(c);
                at += width;
            }
        }
        places.push(at);
        Haystack { original, valid: Cow::Owned(valid), places }
    }

    fn len(&self) -> usize {
        self.valid.len()
    }

    /// The bytes of the original between two places.
    fn slice(&self, range: Range<usize>) -> &'a [u8] {
        match self.places.is_empty() {
            true => &self.original[range],
            false => &self.original[self.places[range.start]..self.places[range.end]],
        }
    }

    /// The place of the character after the one at `place`; beyond the end when there is none.
    fn next(&self, place: usize) -> usize {
        place + self.valid[place..].chars().next().map_or(1, char::len_utf8)
    }
}

impl Regexp {
    fn new(pattern: &[u8]) -> Result<Regexp, String> {
        let parsed = parse::parse(pattern)?;
        let config = meta::Config::new()
            .nfa_size_limit(Some(PROGRAM_LIMIT))
            .which_captures(regex_automata::nfa::thompson::WhichCaptures::All);
        let program = meta::Builder::new().configure(config).build_from_hir(&parsed.hir).map_err(|_| {
            format!("error parsing regexp: expression too large: `{}`", String::from_utf8_lossy(pattern))
        })?;
        Ok(Regexp { program, names: parsed.names, is_empty_pattern: pattern.is_empty() })
    }

    /// The leftmost match at or after the place.
    fn find_at(&self, text: &Haystack<'_>, place: usize) -> Option<Range<usize>> {
        let input = Input::new(text.valid.as_ref()).range(place..).anchored(Anchored::No);
        self.program.search(&input).map(|found| found.range())
    }

    /// Go: `Regexp.MatchString`.
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.program.is_match(Haystack::new(text).valid.as_ref())
    }

    /// Go: `Regexp.FindString`; the empty text where nothing matches.
    pub fn find<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        let text = Haystack::new(text);
        self.find_at(&text, 0).map_or(b"", |found| text.slice(found))
    }

    /// Go: regexp.go `allMatches`: at most `count` matches, all if negative. An empty match right after another match
    /// does not count.
    fn matches(&self, text: &Haystack<'_>, count: i64) -> Vec<Range<usize>> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let mut found = Vec::new();
        let (mut place, mut previous_end) = (0, None);
        while found.len() < count && place <= text.len() {
            let Some(next) = self.find_at(text, place) else { break };
            let mut accept = true;
            if next.end == place {
                accept = previous_end != Some(next.start);
                place = text.next(place);
            } else {
                place = next.end;
            }
            previous_end = Some(next.end);
            if accept {
                found.push(next);
            }
        }
        found
    }

    /// Go: `Regexp.FindAllString`; `None` for the nil slice, which it gives where nothing matches.
    pub fn find_all<'a>(&self, text: &'a [u8], count: i64) -> Option<Vec<&'a [u8]>> {
        let text = Haystack::new(text);
        let found = self.matches(&text, count);
        (!found.is_empty()).then(|| found.into_iter().map(|range| text.slice(range)).collect())
    }

    /// The parts, and for how many Go makes room; `None` for the nil slice. Go: `Regexp.Split`.
    pub fn split<'a>(&self, text: &'a [u8], count: i64) -> Option<(Vec<&'a [u8]>, usize)> {
        if count == 0 {
            return None;
        }
        if !self.is_empty_pattern && text.is_empty() {
            return Some((vec![text], 1));
        }
        let text = Haystack::new(text);
        let mut parts = Vec::new();
        let (mut begin, mut end) = (0, 0);
        let matches = self.matches(&text, count);
        let room = matches.len();
        for found in matches {
            if count > 0 && parts.len() as i64 == count - 1 {
                break;
            }
            end = found.start;
            if found.end != 0 {
                parts.push(text.slice(begin..end));
            }
            begin = found.end;
        }
        if end != text.len() {
            parts.push(text.slice(begin..text.len()));
        }
        Some((parts, room))
    }

    /// Go: `Regexp.ReplaceAllString`: the template's `$1`, `${1}`, `$name` and `$$` are expanded.
    pub fn replace_all(&self, text: &[u8], template: &[u8]) -> Vec<u8> {
        self.replace(text, |out, haystack, groups| {
            replace::expand(out, template, &self.names, |group| {
                groups.get_group(group).map(|span| haystack.slice(span.range()))
            });
        })
    }

    /// Go: `Regexp.ReplaceAllLiteralString`.
    pub fn replace_all_literal(&self, text: &[u8], literal: &[u8]) -> Vec<u8> {
        self.replace(text, |out, _, _| out.extend_from_slice(literal))
    }

    /// Go: regexp.go `replaceAll`. An empty match right after another match is not replaced.
    fn replace(
        &self,
        text: &[u8],
        mut append: impl FnMut(&mut Vec<u8>, &Haystack<'_>, &Captures),
    ) -> Vec<u8> {
        let text = Haystack::new(text);
        let mut groups = self.program.create_captures();
        let mut out = Vec::with_capacity(text.original.len());
        let (mut last_end, mut place) = (0, 0);
        while place <= text.len() {
            let input = Input::new(text.valid.as_ref()).range(place..);
            self.program.search_captures(&input, &mut groups);
            let Some(found) = groups.get_match() else { break };
            out.extend_from_slice(text.slice(last_end..found.start()));
            if found.end() > last_end || found.start() == 0 {
                append(&mut out, &text, &groups);
            }
            last_end = found.end();
            place = text.next(place).max(found.end());
        }
        out.extend_from_slice(text.slice(last_end..text.len()));
        out
    }
}
